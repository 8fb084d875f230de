//! How good predictions are: every metric declared once in [`METRICS`], computed as scikit-learn computes it, each with a
//! bootstrap interval.
//!
//! What it may touch: a [`Target`] and a [`Prediction`] of the same rows. A metric that is not defined for them (one
//! class only, a zero among the actual values for the percentage error) is absent, never NaN.
//! Next: [`curves`] draws what a single number hides.

mod bootstrap;
mod classification;
pub mod curves;
mod ranking;
mod regression;

use crate::{Prediction, Target, Task};
use classification::ClassificationJudge;
use regression::RegressionJudge;
use serde::Serialize;

/// One metric.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct MetricSpec {
    /// Stable name in APIs and reports.
    pub name: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// The task it judges.
    pub task: Task,
    /// Whether more is better.
    pub higher_is_better: bool,
    /// What it says, in one or two plain sentences.
    pub doc: &'static str,
}

/// A metric of one set of predictions, with its 95 % bootstrap interval where one could be computed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Score {
    /// The metric's name.
    pub name: &'static str,
    /// The value on all rows.
    pub value: f64,
    /// The interval.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
}

/// Where a metric would lie on other rows of the same kind, 95 times of 100.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// Lower end; never above the value.
    pub low: f64,
    /// Upper end; never below the value.
    pub high: f64,
}

const fn of_classes(
    name: &'static str,
    title: &'static str,
    higher_is_better: bool,
    doc: &'static str,
) -> MetricSpec {
    MetricSpec {
        name,
        title,
        task: Task::Classification,
        higher_is_better,
        doc,
    }
}

const fn of_numbers(
    name: &'static str,
    title: &'static str,
    higher_is_better: bool,
    doc: &'static str,
) -> MetricSpec {
    MetricSpec {
        name,
        title,
        task: Task::Regression,
        higher_is_better,
        doc,
    }
}

/// Every metric, in the order reports show them. The judges fill their results in this order.
pub static METRICS: &[MetricSpec] = &[
    of_classes(
        "accuracy",
        "Accuracy",
        true,
        "Share of rows whose predicted class is the actual one.",
    ),
    of_classes(
        "balanced_accuracy",
        "Balanced accuracy",
        true,
        "Share found of each class, averaged over the classes, so that rare classes count as much as common ones.",
    ),
    of_classes(
        "precision_macro",
        "Precision (macro)",
        true,
        "Of the rows predicted as a class, the share that really is; averaged over the classes.",
    ),
    of_classes(
        "recall_macro",
        "Recall (macro)",
        true,
        "Of the rows of a class, the share that was found; averaged over the classes.",
    ),
    of_classes(
        "f1_macro",
        "F1 (macro)",
        true,
        "Harmonic mean of precision and recall; averaged over the classes.",
    ),
    of_classes(
        "precision_weighted",
        "Precision (weighted)",
        true,
        "Precision averaged over the classes, each weighted by its number of rows.",
    ),
    of_classes(
        "recall_weighted",
        "Recall (weighted)",
        true,
        "Recall averaged over the classes, each weighted by its number of rows; the same number as accuracy.",
    ),
    of_classes(
        "f1_weighted",
        "F1 (weighted)",
        true,
        "F1 averaged over the classes, each weighted by its number of rows.",
    ),
    of_classes(
        "mcc",
        "Matthews correlation",
        true,
        "Correlation between predicted and actual class: 1 is perfect, 0 is no better than chance.",
    ),
    of_classes(
        "log_loss",
        "Log loss",
        false,
        "How surprised the predicted probabilities are by the actual classes; punishes confident mistakes. 0 is perfect.",
    ),
    of_classes(
        "brier",
        "Brier score",
        false,
        "Mean squared distance between the predicted probabilities and what happened. 0 is perfect.",
    ),
    of_classes(
        "roc_auc",
        "ROC AUC",
        true,
        "Chance that a row of a class gets a higher probability for it than a row of another class: 1 is perfect, \
         0.5 is guessing. With more than two classes, each against the rest, averaged.",
    ),
    of_classes(
        "roc_auc_micro",
        "ROC AUC (micro)",
        true,
        "ROC AUC over all pairs of row and class taken together; common classes count more. Only for more than two classes.",
    ),
    of_classes(
        "pr_auc",
        "Average precision",
        true,
        "Area under the precision-recall curve; telling when the class of interest is rare. With more than two classes, \
         each against the rest, averaged.",
    ),
    of_numbers(
        "r2",
        "R²",
        true,
        "Share of the variation that the predictions explain: 1 is perfect, 0 is as good as always predicting the mean.",
    ),
    of_numbers(
        "rmse",
        "RMSE",
        false,
        "Typical error in the target's own unit; large errors count more.",
    ),
    of_numbers(
        "mae",
        "Mean absolute error",
        false,
        "Average distance between prediction and actual value, in the target's own unit.",
    ),
    of_numbers(
        "median_absolute_error",
        "Median absolute error",
        false,
        "Half of the predictions are closer than this, in the target's own unit.",
    ),
    of_numbers(
        "mape",
        "Mean absolute percentage error",
        false,
        "Average error as a share of the actual value (0.1 is 10 %). Absent when an actual value is 0.",
    ),
    of_numbers(
        "mse",
        "Mean squared error",
        false,
        "Average squared error; RMSE is its square root.",
    ),
];

/// The metrics of a task, in report order.
pub fn metrics_of(task: Task) -> impl Iterator<Item = &'static MetricSpec> {
    METRICS.iter().filter(move |spec| spec.task == task)
}

/// The metric of this name.
pub fn metric(name: &str) -> Option<&'static MetricSpec> {
    METRICS.iter().find(|spec| spec.name == name)
}

/// The metric by which models for this target are compared: ROC AUC for two classes, accuracy for more, R² for numbers.
pub fn headline(target: &Target) -> &'static MetricSpec {
    let name = match target {
        Target::Classes { classes: 2, .. } => "roc_auc",
        Target::Classes { .. } => "accuracy",
        Target::Values(_) => "r2",
    };
    metric(name).unwrap_or(&METRICS[0])
}

/// Every metric that is defined, in report order. Empty when there are no rows, or rows or tasks do not match.
pub fn evaluate(target: &Target, prediction: &Prediction) -> Vec<(&'static str, f64)> {
    match Judge::new(target, prediction, true) {
        Some(judge) => judge.named(judge.evaluate(|_| 1)).collect(),
        None => Vec::new(),
    }
}

/// One metric; `None` when it is not defined, not known, or of the other task.
pub fn score(name: &str, target: &Target, prediction: &Prediction) -> Option<f64> {
    // Sorting for the ranking metrics costs more than everything else.
    let ranks = matches!(name, "roc_auc" | "roc_auc_micro" | "pr_auc");
    let judge = Judge::new(target, prediction, ranks)?;
    judge
        .named(judge.evaluate(|_| 1))
        .find(|(candidate, _)| *candidate == name)
        .map(|(_, value)| value)
}

/// Every defined metric with its 95 % percentile bootstrap interval.
///
/// Rows are resampled with replacement; the number of resamples is 1000 up to 4,000 rows of two classes and shrinks
/// with rows × classes down to 100 (see [`resamples`]). Deterministic for a seed, whatever the threads. An interval is
/// widened to hold the value itself, and absent when the metric is undefined in more than half of the resamples.
pub fn assess(target: &Target, prediction: &Prediction, seed: u64) -> Vec<Score> {
    let Some(judge) = Judge::new(target, prediction, true) else {
        return Vec::new();
    };
    let rows = target.len();
    let values = judge.evaluate(|_| 1);
    let intervals = bootstrap::intervals(&judge, rows, resamples(target), seed, &values);
    judge
        .specs()
        .zip(values)
        .zip(intervals)
        .filter(|((_, value), _)| value.is_finite())
        .map(|((spec, value), interval)| Score {
            name: spec.name,
            value,
            interval,
        })
        .collect()
}

/// How many resamples [`assess`] draws: as many as fit in 1.25·10⁷ visits of a row, at least 100, at most 1000. One
/// resample visits each row three times for two classes or a number, and 2 + 2 × classes times for more.
pub fn resamples(target: &Target) -> usize {
    let visits = match target {
        Target::Classes { classes, .. } if *classes > 2 => 2 + 2 * classes,
        _ => 3,
    };
    let visits = target.len().saturating_mul(visits).max(1);
    (12_500_000 / visits).clamp(100, 1000)
}

/// Predictions with everything precomputed that does not depend on how often a row counts.
pub(crate) enum Judge {
    Classification(ClassificationJudge),
    Regression(RegressionJudge),
}

impl Judge {
    fn new(target: &Target, prediction: &Prediction, ranks: bool) -> Option<Self> {
        if target.is_empty() || target.len() != prediction.rows() {
            return None;
        }
        match (target, prediction) {
            (
                Target::Classes { indices, .. },
                Prediction::Classes {
                    probabilities,
                    classes,
                },
            ) => ClassificationJudge::new(indices, probabilities, *classes, ranks)
                .map(Self::Classification),
            (Target::Values(actual), Prediction::Values(predicted)) => {
                Some(Self::Regression(RegressionJudge::new(actual, predicted)))
            }
            _ => None,
        }
    }

    fn specs(&self) -> impl Iterator<Item = &'static MetricSpec> + use<> {
        metrics_of(match self {
            Self::Classification(_) => Task::Classification,
            Self::Regression(_) => Task::Regression,
        })
    }

    /// All metrics in the order of [`specs`](Self::specs), each row counted as often as `count` says; undefined is NaN.
    #[inline(always)]
    pub(crate) fn evaluate(&self, count: impl Fn(usize) -> u32) -> Vec<f64> {
        match self {
            Self::Classification(judge) => judge.evaluate(count).to_vec(),
            Self::Regression(judge) => judge.evaluate(count).to_vec(),
        }
    }

    fn named(&self, values: Vec<f64>) -> impl Iterator<Item = (&'static str, f64)> + use<> {
        self.specs()
            .map(|spec| spec.name)
            .zip(values)
            .filter(|(_, value)| value.is_finite())
    }
}
