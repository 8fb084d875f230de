//! The search itself: propose, fit on every fold, judge, remember.

use super::pruning::falls_behind;
use super::sampler::{self, Observation};
use super::space::{Place, Setting, Space};
use super::{Method, SearchResult, SearchSpec, Stopped, Trial};
use crate::contender::BASELINE;
use crate::error::TrainError;
use crate::goal::Goal;
use crate::progress::{Account, Stage, TrainContext};
use crate::train::Prepared;
use crate::validation::{PreparedFolds, spread_of};
use serde_json::Map;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use trainyard_estimators::{Algorithm, Interruption};

/// Draws of a setting that was not tried yet, before a small space is looked through.
const REDRAWS: usize = 200;
/// How many of them are left to the estimator, which is drawn to what it knows; the others are even.
const ESTIMATED_REDRAWS: usize = 20;

/// Searches on the training part of a table that is already split.
///
/// # Errors
/// As [`search`](super::search()).
pub(crate) fn search_prepared(
    prepared: &Prepared<'_>,
    goal: &Goal,
    search: &SearchSpec,
    account: &Account<'_>,
    context: &TrainContext<'_>,
) -> Result<SearchResult, TrainError> {
    let spec = prepared.spec;
    let (algorithm, _) = prepared.params(&spec.algorithm, &spec.params)?;
    let mut proposals = Proposals::new(prepared, algorithm, search)?;
    let begun = (context.clock)();
    let late = || {
        search
            .seconds
            .is_some_and(|seconds| (context.clock)() - begun >= seconds)
    };
    // What is found so far is enough once there is something: the first setting that can be judged.
    let found = AtomicBool::new(false);
    let enough = || found.load(Ordering::Relaxed) && (context.enough)();
    let interruption = || {
        (context.interruption)()
            .or_else(|| (late() || enough()).then_some(Interruption::OutOfBudget))
    };
    let limited = TrainContext {
        interruption: &interruption,
        ..*context
    };
    let planned = proposals.planned(search);
    account.change(|progress| {
        progress.stage = Stage::Training;
        progress.of = planned as u32 + 1;
        progress.message = Some("scoring the baseline".to_owned());
    });
    let folds = PreparedFolds::new(prepared, algorithm, search.folds, context)?;
    let baseline = baseline(prepared, goal, &folds, context)?;
    let mut judging = Judging {
        prepared,
        goal,
        folds: &folds,
        baseline: &baseline,
        pruning: search.pruning,
        earlier: Vec::new(),
    };
    let mut result = SearchResult {
        metric: goal.name().to_owned(),
        higher_is_better: goal.higher_is_better(),
        baseline: mean(baseline.iter().flatten()),
        trials: Vec::new(),
        best: None,
        stopped: Stopped::AllTrials,
    };
    while result.trials.len() < planned {
        let Some(proposal) = proposals.next(spec.seed) else {
            result.stopped = Stopped::Exhausted;
            break;
        };
        let mut params = spec.params.clone();
        params.extend(proposal.setting.clone());
        let trial = match judging.judge(proposal.setting, &params, &limited) {
            Err(TrainError::Interrupted(Interruption::OutOfBudget))
                if !result.trials.is_empty() =>
            {
                result.stopped = if enough() {
                    Stopped::Enough
                } else {
                    Stopped::OutOfBudget
                };
                break;
            }
            judged => judged?,
        };
        (context.trial)(result.trials.len(), &trial);
        found.fetch_or(trial.finished(), Ordering::Relaxed);
        proposals.learn(proposal.places, judging.loss(&trial));
        result.note(trial, goal);
        account.change(|progress| {
            progress.done = result.trials.len() as u32;
            progress.message = Some(result.so_far(planned));
        });
    }
    let all_of_the_space = search.method != Method::Grid && planned < search.trials;
    if result.stopped == Stopped::AllTrials && all_of_the_space {
        result.stopped = Stopped::Exhausted;
    }
    Ok(result)
}

impl SearchResult {
    fn note(&mut self, trial: Trial, goal: &Goal) {
        let best = self.best_trial().and_then(|best| best.score);
        if let Some(score) = trial.score.filter(|_| trial.finished())
            && best.is_none_or(|best| goal.better(score, best))
        {
            self.best = Some(self.trials.len());
        }
        self.trials.push(trial);
    }

    fn so_far(&self, planned: usize) -> String {
        let tried = format!("tried {} of {planned} settings", self.trials.len());
        match self.best_trial().and_then(|best| best.score) {
            Some(score) => format!("{tried}; best {} so far {score:.4}", self.metric),
            None => tried,
        }
    }
}

/// What is tried next.
pub(crate) struct Proposals {
    method: Method,
    space: Space,
    /// The settings of a grid, the next one last.
    grid: Vec<Setting>,
    /// Whether the defaults are tried first: they are part of no given space, and of every derived one.
    defaults_first: bool,
    observed: Vec<Observation>,
    /// Settings as JSON text, so that none is tried twice.
    seen: BTreeSet<String>,
    drawn: u64,
}

pub(crate) struct Proposal {
    pub(crate) setting: Setting,
    /// `None` where it has no place in the space.
    pub(crate) places: Option<Vec<Place>>,
}

impl Proposals {
    pub(crate) fn new(
        prepared: &Prepared<'_>,
        algorithm: &dyn Algorithm,
        search: &SearchSpec,
    ) -> Result<Self, TrainError> {
        let (space, mut grid) = search
            .space(algorithm.spec(), prepared.task, &prepared.spec.params)
            .map_err(TrainError::Spec)?;
        grid.reverse();
        Ok(Self {
            method: search.method,
            defaults_first: search.space.is_none() && search.method != Method::Grid,
            space,
            grid,
            observed: Vec::new(),
            seen: BTreeSet::new(),
            drawn: 0,
        })
    }

    /// How many settings will be tried at most.
    fn planned(&self, search: &SearchSpec) -> usize {
        if self.method == Method::Grid {
            return self.grid.len();
        }
        let all = self
            .space
            .count()
            .and_then(|count| usize::try_from(count).ok());
        let all = all.map(|all| all.saturating_add(usize::from(self.defaults_first)));
        all.map_or(search.trials, |all| all.min(search.trials))
    }

    pub(crate) fn next(&mut self, seed: u64) -> Option<Proposal> {
        if self.method == Method::Grid {
            let setting = self.grid.pop()?;
            return Some(Proposal {
                setting,
                places: None,
            });
        }
        if std::mem::take(&mut self.defaults_first) {
            return Some(Proposal {
                setting: Setting::new(),
                places: None,
            });
        }
        for draw in 0..REDRAWS {
            let trial = self.drawn;
            self.drawn += 1;
            let places = if self.method == Method::Bayesian && draw < ESTIMATED_REDRAWS {
                sampler::parzen(&self.space, &self.observed, seed, trial)
            } else {
                sampler::random(&self.space, seed, trial)
            };
            let setting = self.space.setting(&places);
            if self.seen.insert(text(&setting)) {
                return Some(Proposal {
                    setting,
                    places: Some(places),
                });
            }
        }
        // Almost everything was tried: look the rest up.
        let rest = sampler::grid(&self.space.exhaustive()?).ok()?;
        let setting = rest
            .into_iter()
            .find(|setting| !self.seen.contains(&text(setting)))?;
        self.seen.insert(text(&setting));
        Some(Proposal {
            setting,
            places: None,
        })
    }

    /// Learns from a setting that somebody else tried, where it lies in the space: every parameter of the space has a value.
    pub(crate) fn learn_from(&mut self, setting: &Setting, loss: f64) {
        let places = self.space.places(setting);
        if let Some(places) = &places {
            self.seen.insert(text(&self.space.setting(places)));
        }
        self.learn(places, loss);
    }

    pub(crate) fn learn(&mut self, places: Option<Vec<Place>>, loss: f64) {
        if let Some(places) = places {
            self.observed.push(Observation { places, loss });
        }
    }
}

fn text(setting: &Setting) -> String {
    serde_json::to_string(setting).unwrap_or_default()
}

fn mean<'a>(values: impl Iterator<Item = &'a f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    sum / count
}

/// The baseline's value on each fold, `None` where the metric is not defined (one class only): such a fold counts for
/// nobody.
fn baseline(
    prepared: &Prepared<'_>,
    goal: &Goal,
    folds: &PreparedFolds<'_, '_>,
    context: &TrainContext<'_>,
) -> Result<Vec<Option<f64>>, TrainError> {
    let mut values = Vec::with_capacity(folds.rows().len());
    for (train, test) in folds.rows() {
        let fitting = context.fitting(prepared.spec.seed, &|_| {});
        let pipeline = prepared.fit(BASELINE, &Map::new(), train, &fitting)?;
        let target = prepared.train_target.take(test);
        values.push(goal.value(&target, &prepared.predict(&pipeline, test)));
    }
    if values.iter().all(Option::is_none) {
        return Err(TrainError::Data(format!(
            "{} is not defined on any fold; choose another metric or fewer folds",
            goal.name()
        )));
    }
    Ok(values)
}

/// Fits and judges one setting after another.
struct Judging<'a, 'b> {
    prepared: &'a Prepared<'b>,
    goal: &'a Goal,
    folds: &'a PreparedFolds<'a, 'b>,
    baseline: &'a [Option<f64>],
    pruning: bool,
    /// Losses by fold of earlier trials.
    earlier: Vec<Vec<f64>>,
}

impl Judging<'_, '_> {
    fn judge(
        &mut self,
        setting: Setting,
        params: &Setting,
        context: &TrainContext<'_>,
    ) -> Result<Trial, TrainError> {
        let begun = (context.clock)();
        let mut trial = Trial {
            params: setting,
            score: None,
            std: None,
            values: Vec::new(),
            pruned: false,
            error: None,
            seconds: 0.0,
        };
        let counted = self.baseline.iter().filter(|value| value.is_some()).count();
        let judged = self.baseline.iter().enumerate();
        for (fold, _) in judged.filter(|(_, baseline)| baseline.is_some()) {
            match self.value(fold, params, context) {
                Ok(value) => trial.values.push(value),
                Err(TrainError::Interrupted(reason)) => {
                    return Err(TrainError::Interrupted(reason));
                }
                Err(error) => {
                    trial.error = Some(error.detail());
                    break;
                }
            }
            let losses = self.losses(&trial);
            if self.pruning && losses.len() < counted && falls_behind(&losses, &self.earlier) {
                trial.pruned = true;
                break;
            }
        }
        if trial.error.is_none() {
            self.earlier.push(self.losses(&trial));
            let (mean, std) = spread_of(&trial.values);
            trial.score = Some(mean);
            trial.std = std;
        }
        trial.seconds = (context.clock)() - begun;
        Ok(trial)
    }

    fn value(
        &self,
        fold: usize,
        params: &Setting,
        context: &TrainContext<'_>,
    ) -> Result<f64, TrainError> {
        let fitting = context.fitting(self.prepared.spec.seed, &|_| {});
        let prediction = self.folds.fit_and_predict(fold, params, &fitting)?;
        let (_, test) = &self.folds.rows()[fold];
        let target = self.prepared.train_target.take(test);
        let value = self.goal.value(&target, &prediction);
        value.filter(|value| value.is_finite()).ok_or_else(|| {
            TrainError::Data(format!(
                "{} is not defined for what it predicts",
                self.goal.name()
            ))
        })
    }

    fn losses(&self, trial: &Trial) -> Vec<f64> {
        let values = trial.values.iter();
        values.map(|&value| self.goal.loss(value)).collect()
    }

    /// What a sampler learns from: what could not be fitted is the worst there is.
    fn loss(&self, trial: &Trial) -> f64 {
        match trial.error {
            Some(_) => f64::INFINITY,
            None => mean(self.losses(trial).iter()),
        }
    }
}
