//! Tuning: tries settings of one algorithm, judges each by cross-validation, and says which did best.
//!
//! The order is: [`space`] holds what may be tried, [`derive`](mod@derive) and [`given`](mod@given) make it, [`sampler`]
//! proposes from it, `trials` fits and judges, [`pruning`] gives up early; `tuning` does it inside a training. Trials follow one another, so the same seed
//! gives the same trials whatever the number of threads; each fit uses all of them. The rows given are training rows: what
//! tests the final model must not be among them. The best setting is fitted on all of them by whoever asked.

pub mod derive;
pub(crate) mod draws;
pub mod given;
pub mod pruning;
pub mod sampler;
pub mod space;
mod tpe;
mod trials;
mod tuning;

use crate::error::{FieldProblem, TrainError};
use crate::progress::{Account, Stage, TrainContext};
use crate::spec::{AUTO, TrainSpec};
use crate::train::Prepared;
use crate::validation::check_folds;
use sampler::MOST_GRID_POINTS;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use space::{Setting, Space};
use trainyard_estimators::algorithm::algorithm;
use trainyard_estimators::{AlgorithmSpec, Task};
use trainyard_table::Table;
pub(crate) use trials::Proposals;
use trials::search_prepared;
pub(crate) use tuning::tune;

/// Most settings that one search tries.
pub const MOST_TRIALS: usize = 10_000;

/// Who proposes settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Every combination, once.
    Grid,
    /// By chance.
    Random,
    /// By what did well so far (tree-structured Parzen estimator).
    #[default]
    Bayesian,
}

/// What a search is asked to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchSpec {
    /// Who proposes.
    #[serde(default)]
    pub method: Method,
    /// Settings to try; a grid tries all it has.
    #[serde(default = "default_trials")]
    pub trials: usize,
    /// Folds that judge each setting.
    #[serde(default = "default_folds")]
    pub folds: usize,
    /// Parameters and what they may be; the usual ones when absent.
    #[serde(default)]
    pub space: Option<Map<String, Value>>,
    /// Whether settings that fall behind after the first folds are given up.
    #[serde(default = "default_pruning")]
    pub pruning: bool,
    /// Seconds after which no more is tried. A number of trials gives the same result every time; seconds do not.
    #[serde(default)]
    pub seconds: Option<f64>,
}

fn default_trials() -> usize {
    40
}

fn default_folds() -> usize {
    3
}

fn default_pruning() -> bool {
    true
}

impl Default for SearchSpec {
    fn default() -> Self {
        Self {
            method: Method::default(),
            trials: default_trials(),
            folds: default_folds(),
            space: None,
            pruning: default_pruning(),
            seconds: None,
        }
    }
}

/// One setting and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// What was tried, without the parameters that the spec fixes; empty for the defaults.
    pub params: Setting,
    /// Mean of the main metric over the folds that were judged.
    pub score: Option<f64>,
    /// Standard deviation over the folds (divided by folds − 1); absent for a single one.
    pub std: Option<f64>,
    /// The main metric fold by fold.
    pub values: Vec<f64>,
    /// Whether it was given up before the last fold; its score is of the first folds only, and it cannot win.
    pub pruned: bool,
    /// Why it could not be fitted or judged.
    pub error: Option<String>,
    /// Seconds spent on it.
    pub seconds: f64,
}

impl Trial {
    /// Whether every fold was judged.
    pub fn finished(&self) -> bool {
        self.score.is_some() && !self.pruned && self.error.is_none()
    }
}

/// Why no more was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stopped {
    /// As many settings were tried as asked for.
    AllTrials,
    /// There is no other setting in the space.
    Exhausted,
    /// The time or work budget was used up.
    OutOfBudget,
    /// Whoever asked had seen enough.
    Enough,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SearchResult {
    /// The metric of every score.
    pub metric: String,
    /// Whether more is better.
    pub higher_is_better: bool,
    /// The baseline's score on the same folds.
    pub baseline: f64,
    /// Every setting, in the order tried.
    pub trials: Vec<Trial>,
    /// Position of the best finished trial; `None` when none could be finished.
    pub best: Option<usize>,
    /// Why no more was tried.
    pub stopped: Stopped,
}

impl SearchResult {
    /// The best trial.
    pub fn best_trial(&self) -> Option<&Trial> {
        self.trials.get(self.best?)
    }

    /// The parameters to fit on all training rows: those of the best trial beside those the spec fixes.
    pub fn best_params(&self, spec: &TrainSpec) -> Option<Setting> {
        let mut params = spec.params.clone();
        params.extend(self.best_trial()?.params.clone());
        Some(params)
    }
}

/// Searches on all rows of the table that have a target. The spec gives algorithm, metric, split, seed and the parameters
/// that stay fixed; its `test_size` and `folds` are not looked at.
///
/// # Errors
/// [`TrainError::Spec`] for a wrong space or spec, each problem naming its parameter; [`TrainError::Data`] for what the rows
/// do not allow; [`TrainError::Interrupted`] when cancelled, or out of budget before anything was tried.
pub fn search(
    table: &Table,
    spec: &TrainSpec,
    search: &SearchSpec,
    context: &TrainContext<'_>,
) -> Result<SearchResult, TrainError> {
    let problems = search.problems(spec, None);
    if !problems.is_empty() {
        return Err(TrainError::Spec(problems));
    }
    let account = Account::new(context);
    account.stage(Stage::Preparing, "dividing rows into folds");
    let prepared = Prepared::with_test_share(spec, table, 0.0)?;
    let goal = prepared.goal()?;
    let result = search_prepared(&prepared, &goal, search, &account, context)?;
    account.change(|progress| {
        progress.stage = Stage::Done;
        progress.message = None;
    });
    Ok(result)
}

impl SearchSpec {
    /// Everything that is wrong with the request itself, and with its space where the task is known.
    pub(crate) fn problems(&self, spec: &TrainSpec, task: Option<Task>) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        if let Err(problem) = check_folds(self.folds, "/search/folds") {
            problems.push(problem);
        }
        if !(1..=MOST_TRIALS).contains(&self.trials) {
            problems.push(FieldProblem::new(
                "/search/trials",
                format!(
                    "{} is not allowed; try 1 to {MOST_TRIALS} settings",
                    self.trials
                ),
            ));
        }
        if self
            .seconds
            .is_some_and(|seconds| !(seconds > 0.0 && seconds.is_finite()))
        {
            problems.push(FieldProblem::new(
                "/search/seconds",
                "give a number of seconds above 0, or leave it out",
            ));
        }
        if spec.algorithm == AUTO {
            problems.push(FieldProblem::new(
                "/algorithm",
                "auto picks an algorithm by itself; name the one whose parameters to search",
            ));
        } else if let (Some(found), Some(task)) = (algorithm(&spec.algorithm), task)
            && let Err(wrong) = self.space(found.spec(), task, &spec.params)
        {
            problems.extend(wrong);
        }
        problems
    }

    /// Settings that this search tries at most: the points of a grid, else as many as it says.
    pub(crate) fn most_trials(
        &self,
        declared: &AlgorithmSpec,
        task: Task,
        fixed: &Setting,
    ) -> usize {
        match self.space(declared, task, fixed) {
            Ok((_, points)) if self.method == Method::Grid => points.len(),
            _ => self.trials,
        }
    }

    /// What may be tried, and the points of it where the method is a grid.
    pub(crate) fn space(
        &self,
        declared: &AlgorithmSpec,
        task: Task,
        fixed: &Setting,
    ) -> Result<(Space, Vec<Setting>), Vec<FieldProblem>> {
        let problem = |detail| vec![FieldProblem::new("/search/space", detail)];
        let space = match &self.space {
            Some(space) => given::given(declared, task, fixed, space)?,
            None => derive::derive(declared, task, fixed),
        };
        if space.dimensions.is_empty() {
            return Err(problem(format!(
                "{} has no parameter left to search; train it as it is",
                declared.title
            )));
        }
        if self.method != Method::Grid {
            return Ok((space, Vec::new()));
        }
        let points = sampler::grid(&space).map_err(|points| {
            problem(format!(
                "the grid has {points} points, more than the {MOST_GRID_POINTS} allowed; name fewer parameters or values, \
                 or search at random"
            ))
        })?;
        Ok((space, points))
    }
}
