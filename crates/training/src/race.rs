//! Who takes part, and who wins: every contender is judged on rows of the training part that were held back from it.
//!
//! The test rows play no part here, so that the report's scores stay honest whoever wins.

use crate::error::{FieldProblem, TrainError};
use crate::progress::{Account, ContenderProgress, ContenderStatus, Stage, TrainContext};
use crate::spec::{Effort, TrainSpec, task_words};
use crate::train::Prepared;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use trainyard_estimators::algorithm::algorithm;
use trainyard_estimators::metrics::{self, MetricSpec, assess};
use trainyard_estimators::split::{Split, TrainAndTest, holdout};
use trainyard_estimators::{Prediction, Target, Task};

/// The baseline's algorithm name.
pub const BASELINE: &str = "dummy";
/// A race looks at no more rows than this (chosen by the seed, class by class), however large the table.
const RACE_ROWS: usize = 50_000;
/// The winner of a long look may use more.
const THOROUGH_RACE_ROWS: usize = 200_000;

/// One line of the contenders table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contender {
    /// Algorithm name.
    pub algorithm: String,
    /// Name for people.
    pub title: String,
    /// The settings that differ from the defaults.
    pub params: Map<String, Value>,
    /// The metric of `value`.
    pub metric: String,
    /// The score on held-back rows.
    pub value: Option<f64>,
    /// Lower end of its interval.
    pub low: Option<f64>,
    /// Upper end of its interval.
    pub high: Option<f64>,
    /// Seconds spent fitting.
    pub fit_seconds: f64,
    /// Whether it was picked.
    pub chosen: bool,
    /// Whether it is the baseline, which looks at no column.
    pub baseline: bool,
    /// Why it has no score.
    pub error: Option<String>,
}

impl Contender {
    /// A contender that has not run yet.
    pub(crate) fn waiting(name: &str, params: Map<String, Value>, metric: &str) -> Self {
        let title = algorithm(name).map_or(name, |found| found.spec().title);
        Self {
            algorithm: name.to_owned(),
            title: title.to_owned(),
            params,
            metric: metric.to_owned(),
            value: None,
            low: None,
            high: None,
            fit_seconds: 0.0,
            chosen: false,
            baseline: name == BASELINE,
            error: None,
        }
    }

    /// The same as a line of the live table.
    pub(crate) fn progress(&self, status: ContenderStatus) -> ContenderProgress {
        ContenderProgress {
            algorithm: self.algorithm.clone(),
            title: self.title.clone(),
            status,
            metric: self.metric.clone(),
            value: self.value,
            low: self.low,
            high: self.high,
            seconds: (self.fit_seconds > 0.0).then_some(self.fit_seconds),
            chosen: self.chosen,
        }
    }
}

/// What contenders are compared by: a declared metric, or "recall", "precision" and "f1" of the class of interest.
#[derive(Clone, Debug)]
pub(crate) struct Goal {
    metric: &'static MetricSpec,
    /// The class of interest, where the request names one.
    class: Option<(usize, ClassMeasure)>,
    name: String,
}

#[derive(Clone, Copy, Debug)]
enum ClassMeasure {
    Recall,
    Precision,
    F1,
}

impl Goal {
    /// The goal of a request: its metric, else accuracy or RMSE.
    pub(crate) fn of(
        spec: &TrainSpec,
        task: Task,
        positive: Option<usize>,
    ) -> Result<Self, TrainError> {
        let default = match task {
            Task::Classification => "accuracy",
            Task::Regression => "rmse",
        };
        let name = spec.metric.as_deref().unwrap_or(default);
        let (base, measure) = match name {
            "recall" => ("recall_macro", Some(ClassMeasure::Recall)),
            "precision" => ("precision_macro", Some(ClassMeasure::Precision)),
            "f1" => ("f1_macro", Some(ClassMeasure::F1)),
            other => (other, None),
        };
        let Some(metric) = metrics::metric(base).filter(|metric| metric.task == task) else {
            let detail = format!(
                "'{name}' does not measure {}; choose one for this task",
                task_words(task)
            );
            return Err(TrainError::Spec(vec![FieldProblem::new("/metric", detail)]));
        };
        let class = positive.zip(measure);
        let name = if class.is_some() { name } else { metric.name };
        Ok(Self {
            metric,
            class,
            name: name.to_owned(),
        })
    }

    /// The name shown beside values.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The declared metric nearest to the goal (importance is measured by it).
    pub(crate) fn metric(&self) -> &'static MetricSpec {
        self.metric
    }

    /// Whether one value beats another by more than rounding.
    pub(crate) fn better(&self, value: f64, best: f64) -> bool {
        if self.metric.higher_is_better {
            value > best + 1e-12
        } else {
            value < best - 1e-12
        }
    }

    /// Whether more is better.
    pub(crate) fn higher_is_better(&self) -> bool {
        self.metric.higher_is_better
    }

    /// The value alone; `None` where it is not defined.
    pub(crate) fn value(&self, target: &Target, prediction: &Prediction) -> Option<f64> {
        if let Some((class, measure)) = self.class {
            return class_measure(target, prediction, class, measure);
        }
        let values = metrics::evaluate(target, prediction);
        let found = values.iter().find(|(name, _)| *name == self.metric.name);
        found.map(|&(_, value)| value)
    }

    /// Value and interval.
    pub(crate) fn judge(
        &self,
        target: &Target,
        prediction: &Prediction,
        seed: u64,
    ) -> Option<(f64, Option<f64>, Option<f64>)> {
        if let Some((class, measure)) = self.class {
            return Some((
                class_measure(target, prediction, class, measure)?,
                None,
                None,
            ));
        }
        let scores = assess(target, prediction, seed);
        let score = scores.iter().find(|score| score.name == self.metric.name)?;
        Some((
            score.value,
            score.interval.map(|interval| interval.low),
            score.interval.map(|interval| interval.high),
        ))
    }
}

fn class_measure(
    target: &Target,
    prediction: &Prediction,
    class: usize,
    measure: ClassMeasure,
) -> Option<f64> {
    let Target::Classes { indices, .. } = target else {
        return None;
    };
    let labels = prediction.labels()?;
    let (mut both, mut said, mut was) = (0.0, 0.0, 0.0);
    for (&actual, &predicted) in indices.iter().zip(&labels) {
        said += f64::from(u8::from(predicted as usize == class));
        was += f64::from(u8::from(actual as usize == class));
        both += f64::from(u8::from(
            predicted as usize == class && actual as usize == class,
        ));
    }
    let share = |whole: f64| if whole > 0.0 { both / whole } else { 0.0 };
    Some(match measure {
        ClassMeasure::Recall => share(was),
        ClassMeasure::Precision => share(said),
        ClassMeasure::F1 => {
            if said + was > 0.0 {
                2.0 * both / (said + was)
            } else {
                0.0
            }
        }
    })
}

/// The settings that take part, in the order in which ties are won: simple before complicated.
fn field(task: Task, effort: Effort) -> Vec<(&'static str, Value)> {
    let linear = match task {
        Task::Classification => "logistic_regression",
        Task::Regression => "linear_regression",
    };
    let strength = |weak: f64, strong: f64| match task {
        Task::Classification => [json!({ "C": weak }), json!({ "C": strong })],
        Task::Regression => [json!({ "alpha": weak }), json!({ "alpha": strong })],
    };
    let mut field = vec![
        (linear, json!({})),
        (
            "decision_tree",
            json!({ "max_depth": 8, "min_samples_leaf": 5 }),
        ),
        ("random_forest", json!({})),
        ("gradient_boosting", json!({})),
    ];
    if effort >= Effort::Balanced {
        let [weak, strong] = strength(0.05, 10.0);
        field.extend([
            (linear, weak),
            (linear, strong),
            (
                "decision_tree",
                json!({ "max_depth": 4, "min_samples_leaf": 5 }),
            ),
            ("decision_tree", json!({ "min_samples_leaf": 20 })),
            ("random_forest", json!({ "min_samples_leaf": 3 })),
            ("random_forest", json!({ "max_features": 0.5 })),
            (
                "gradient_boosting",
                json!({ "learning_rate": 0.05, "n_estimators": 300, "max_leaf_nodes": 15, "early_stopping": true }),
            ),
            (
                "gradient_boosting",
                json!({ "max_leaf_nodes": 8, "min_samples_leaf": 5, "subsample": 0.8 }),
            ),
        ]);
    }
    if effort >= Effort::Thorough {
        let [weak, strong] = strength(0.005, 100.0);
        field.extend([
            (linear, weak),
            (linear, strong),
            (
                "decision_tree",
                json!({ "max_depth": 12, "min_samples_leaf": 10 }),
            ),
            (
                "decision_tree",
                json!({ "ccp_alpha": 0.001, "min_samples_leaf": 3 }),
            ),
            (
                "random_forest",
                json!({ "n_estimators": 300, "max_features": 0.33 }),
            ),
            (
                "random_forest",
                json!({ "n_estimators": 300, "min_samples_leaf": 2 }),
            ),
            (
                "random_forest",
                json!({ "n_estimators": 300, "min_samples_leaf": 5, "max_features": 0.7 }),
            ),
            (
                "random_forest",
                json!({ "n_estimators": 300, "max_depth": 12 }),
            ),
            (
                "gradient_boosting",
                json!({ "learning_rate": 0.03, "n_estimators": 800, "max_leaf_nodes": 31, "max_features": 0.7, "early_stopping": true, "n_iter_no_change": 30 }),
            ),
            (
                "gradient_boosting",
                json!({ "learning_rate": 0.05, "n_estimators": 300, "max_depth": 3, "l2_regularization": 1.0 }),
            ),
            (
                "gradient_boosting",
                json!({ "learning_rate": 0.1, "n_estimators": 300, "max_leaf_nodes": 63, "min_samples_leaf": 40, "subsample": 0.7, "early_stopping": true }),
            ),
        ]);
    }
    field.sort_by_key(|(name, _)| match *name {
        "decision_tree" => 1,
        "random_forest" => 2,
        "gradient_boosting" => 3,
        _ => 0,
    });
    field
}

/// Runs the race on the training rows; the winner comes first in nobody's list, it is marked.
pub(crate) fn race(
    prepared: &Prepared<'_>,
    goal: &Goal,
    account: &Account<'_>,
    context: &TrainContext<'_>,
) -> Result<Vec<Contender>, TrainError> {
    let spec = prepared.spec;
    let mut contenders: Vec<_> = std::iter::once((BASELINE, json!({})))
        .chain(field(prepared.task, spec.effort))
        .map(|(name, params)| {
            Contender::waiting(
                name,
                params.as_object().cloned().unwrap_or_default(),
                goal.name(),
            )
        })
        .collect();
    let rounds = rounds(prepared)?;
    account.change(|progress| {
        progress.stage = Stage::Training;
        progress.of = (contenders.len() * rounds.len()) as u32 + 3;
        progress.contenders = contenders
            .iter()
            .map(|contender| contender.progress(ContenderStatus::Waiting))
            .collect();
    });
    for (index, contender) in contenders.iter_mut().enumerate() {
        account.change(|progress| progress.contenders[index].status = ContenderStatus::Running);
        let status = match run(contender, &rounds, prepared, goal, account, context) {
            Ok(()) => ContenderStatus::Done,
            Err(TrainError::Interrupted(reason)) => return Err(TrainError::Interrupted(reason)),
            Err(error) => {
                contender.error = Some(error.detail());
                ContenderStatus::Failed
            }
        };
        account.change(|progress| {
            progress.done = ((index + 1) * rounds.len()) as u32;
            progress.contenders[index] = contender.progress(status);
        });
    }
    let winner = winner(&contenders, goal).ok_or_else(|| no_winner(&contenders))?;
    contenders[winner].chosen = true;
    account.change(|progress| progress.contenders[winner].chosen = true);
    Ok(contenders)
}

fn winner(contenders: &[Contender], goal: &Goal) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for (index, contender) in contenders
        .iter()
        .enumerate()
        .filter(|(_, contender)| !contender.baseline)
    {
        if let Some(value) = contender
            .value
            .filter(|&value| best.is_none_or(|(_, best)| goal.better(value, best)))
        {
            best = Some((index, value));
        }
    }
    best.map(|(index, _)| index)
}

fn no_winner(contenders: &[Contender]) -> TrainError {
    let reason = contenders
        .iter()
        .find_map(|contender| contender.error.clone())
        .unwrap_or_else(|| "no contender could be scored".to_owned());
    TrainError::Data(format!(
        "none of the algorithms could learn from these rows: {reason}"
    ))
}

/// Which training rows each contender learns from and is judged on.
fn rounds(prepared: &Prepared<'_>) -> Result<Vec<TrainAndTest>, TrainError> {
    let spec = prepared.spec;
    let most = if spec.effort == Effort::Thorough {
        THOROUGH_RACE_ROWS
    } else {
        RACE_ROWS
    };
    let rows = prepared.train.rows();
    let chosen: Vec<usize> = if rows > most {
        // The rows "held out" here are simply the ones left aside.
        holdout(
            Split::Stratified,
            &prepared.train_target,
            1.0 - most as f64 / rows as f64,
            spec.seed ^ 0x9e37,
        )?
        .0
    } else {
        (0..rows).collect()
    };
    let target = prepared.train_target.take(&chosen);
    let division = prepared.division.take(&chosen);
    let rounds = match spec.effort {
        Effort::Quick => vec![division.holdout(&target, 0.25, spec.seed)?],
        Effort::Balanced => division.folds(&target, 3, spec.seed)?,
        Effort::Thorough => division.folds(&target, 5, spec.seed)?,
    };
    let rounds = spec.split.learnable(rounds, &target)?;
    let original = |rows: Vec<usize>| rows.into_iter().map(|row| chosen[row]).collect();
    Ok(rounds
        .into_iter()
        .map(|(train, test)| (original(train), original(test)))
        .collect())
}

fn run(
    contender: &mut Contender,
    rounds: &[TrainAndTest],
    prepared: &Prepared<'_>,
    goal: &Goal,
    account: &Account<'_>,
    context: &TrainContext<'_>,
) -> Result<(), TrainError> {
    let begun = (context.clock)();
    let mut truth = Vec::new();
    let mut answers: Option<Prediction> = None;
    for (number, (train, test)) in rounds.iter().enumerate() {
        let silent = |_share: f64| {};
        let pipeline = prepared.fit(
            &contender.algorithm,
            &contender.params,
            train,
            &context.fitting(prepared.spec.seed, &silent),
        )?;
        truth.extend_from_slice(test);
        answers = Some(join(answers, prepared.predict(&pipeline, test)));
        if number + 1 < rounds.len() {
            account.change(|progress| progress.done += 1);
        }
    }
    contender.fit_seconds = (context.clock)() - begun;
    let target = prepared.train_target.take(&truth);
    let judged = answers.and_then(|answers| goal.judge(&target, &answers, prepared.spec.seed));
    let (value, low, high) = judged.ok_or_else(|| {
        TrainError::Data(format!(
            "{} is not defined on these rows; choose another metric",
            goal.name()
        ))
    })?;
    (contender.value, contender.low, contender.high) = (Some(value), low, high);
    Ok(())
}

fn join(earlier: Option<Prediction>, later: Prediction) -> Prediction {
    match (earlier, later) {
        (Some(Prediction::Values(mut values)), Prediction::Values(more)) => {
            values.extend(more);
            Prediction::Values(values)
        }
        (
            Some(Prediction::Classes {
                mut probabilities,
                classes,
            }),
            Prediction::Classes {
                probabilities: more,
                ..
            },
        ) => {
            probabilities.extend(more);
            Prediction::Classes {
                probabilities,
                classes,
            }
        }
        (_, later) => later,
    }
}
