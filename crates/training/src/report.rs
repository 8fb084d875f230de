//! What people read about a model: how good, where wrong, why. Plain data, stored with the model and shown as it is.

use crate::auto::Automatic;
use crate::certificate::Certificate;
use crate::contender::Contender;
use crate::search::SearchResult;
use crate::verdict;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use trainyard_estimators::history::FitHistory;
use trainyard_estimators::importance::Importance;
use trainyard_estimators::metrics::curves::{
    Calibration, ClassReport, Classified, ConfusionMatrix, PrecisionRecallCurve, Residuals,
    RocCurve, ThresholdSweep, residuals,
};
use trainyard_estimators::metrics::{Score, assess, evaluate};
use trainyard_estimators::preparation::PreparedColumn;
use trainyard_estimators::{Prediction, Target, Task};

/// A metric on the test rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MetricValue {
    /// The value, unrounded.
    pub value: f64,
    /// Lower end of the 95 % bootstrap interval.
    pub low: Option<f64>,
    /// Upper end of the 95 % bootstrap interval.
    pub high: Option<f64>,
    /// The same metric for the baseline, which looks at no column.
    pub baseline: Option<f64>,
}

/// How many rows went where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowCounts {
    /// Rows learned from.
    pub train: usize,
    /// Rows tested on, never seen while learning.
    pub test: usize,
    /// Rows without a target.
    pub dropped: usize,
}

/// A metric over the folds of a cross-validation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoldMetric {
    /// Mean over the folds.
    pub mean: f64,
    /// Standard deviation over the folds (divided by folds − 1).
    pub std: f64,
    /// One value a fold.
    pub values: Vec<f64>,
}

/// A cross-validation on the training rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Folds {
    /// Number of folds.
    pub count: usize,
    /// By metric name.
    pub metrics: BTreeMap<String, FoldMetric>,
}

/// Something the reader should know before trusting the scores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportWarning {
    /// Stable name.
    pub code: String,
    /// The column it is about, if one.
    pub column: Option<String>,
    /// A plain sentence.
    pub detail: String,
}

/// Where a model comes from: with these, the same bytes can be made again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lineage {
    /// BLAKE3 of the data set as it was uploaded.
    pub data_hash: String,
    /// The seed.
    pub seed: u64,
    /// Version of the program.
    pub version: String,
    /// The instruction set the kernels used; bytes are equal on one kind of processor.
    pub kernel: String,
    /// Seconds the final fit took.
    pub fit_seconds: f64,
}

/// How the importance was judged, and what each column is worth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnImportance {
    /// Column name.
    pub column: String,
    /// How much the main metric gets worse when the column is shuffled, on average.
    pub mean: f64,
    /// Spread over the shuffles.
    pub std: f64,
}

impl From<Importance> for ColumnImportance {
    fn from(importance: Importance) -> Self {
        Self {
            column: importance.column,
            mean: importance.mean,
            std: importance.std,
        }
    }
}

/// One column and what was done with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PreparationLine {
    /// Column name.
    pub column: String,
    /// Its kind.
    pub kind: trainyard_table::Kind,
    /// What was done, in words.
    pub steps: Vec<String>,
    /// Whether the model sees it.
    pub used: bool,
    /// Why not, or what else there is to say.
    pub note: Option<String>,
}

impl From<&PreparedColumn> for PreparationLine {
    fn from(column: &PreparedColumn) -> Self {
        Self {
            column: column.column.clone(),
            kind: column.kind,
            steps: column.steps.clone(),
            used: column.used,
            note: column.note.clone(),
        }
    }
}

/// How the loss of an algorithm that goes in steps fell while it learned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingHistory {
    /// The algorithm's name.
    pub algorithm: String,
    /// Its name for people.
    pub title: String,
    /// Its losses.
    #[serde(flatten)]
    pub history: FitHistory,
}

/// The whole report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Classes or numbers.
    pub task: Task,
    /// The predicted column.
    pub target: String,
    /// The algorithm that was picked or asked for.
    pub algorithm: String,
    /// Its name for people.
    pub algorithm_title: String,
    /// Its parameters, defaults included.
    pub params: Map<String, Value>,
    /// The classes, in the order of every matrix.
    pub classes: Option<Vec<String>>,
    /// The class that two-class curves speak of.
    pub positive_class: Option<String>,
    /// What contenders were compared by.
    pub main_metric: String,
    /// How many rows went where.
    pub rows: RowCounts,
    /// Cross-validation on the training rows, if asked for.
    pub folds: Option<Folds>,
    /// The search for parameters, if one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<SearchResult>,
    /// How the choice went, where it was left to `auto`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatic: Option<Automatic>,
    /// Metrics on the test rows, by name.
    pub metrics: BTreeMap<String, MetricValue>,
    /// Precision, recall and F1 per class.
    pub per_class: Option<Vec<ClassReport>>,
    /// What was taken for what.
    pub confusion_matrix: Option<ConfusionMatrix>,
    /// ROC curves.
    pub roc: Option<Vec<RocCurve>>,
    /// Precision-recall curves.
    pub pr: Option<Vec<PrecisionRecallCurve>>,
    /// Whether "80 % sure" is right 80 times of 100.
    pub calibration: Option<Vec<Calibration>>,
    /// What each cut would give (two classes).
    pub threshold_sweep: Option<ThresholdSweep>,
    /// How far numbers were off.
    pub residuals: Option<Residuals>,
    /// What the model looks at, most important first.
    pub importance: Vec<ColumnImportance>,
    /// How the loss fell while the model learned, of each algorithm in it that goes in steps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub training_history: Vec<TrainingHistory>,
    /// Everybody who took part, baseline first.
    pub contenders: Vec<Contender>,
    /// What was done with each column.
    pub preparation: Vec<PreparationLine>,
    /// What to know before trusting the scores.
    pub warnings: Vec<ReportWarning>,
    /// The first sentence.
    pub verdict: String,
    /// Whether every way to ask it gives the same answers; reports of earlier versions do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Certificate>,
    /// Where it comes from.
    pub lineage: Lineage,
}

impl Report {
    /// Fills in everything that is judged on the test rows.
    pub(crate) fn judge(
        &mut self,
        target: &Target,
        prediction: &Prediction,
        baseline: &Prediction,
        seed: u64,
    ) {
        let beside: BTreeMap<_, _> = evaluate(target, baseline).into_iter().collect();
        let scores = assess(target, prediction, seed);
        self.metrics = scores
            .iter()
            .map(|score| {
                (
                    score.name.to_owned(),
                    metric_value(score, beside.get(score.name).copied()),
                )
            })
            .collect();
        match (target, prediction) {
            (Target::Classes { indices, .. }, Prediction::Classes { probabilities, .. }) => {
                self.draw_classes(indices, probabilities)
            }
            (Target::Values(actual), Prediction::Values(predicted)) => {
                self.residuals = residuals(actual, predicted)
            }
            _ => {}
        }
        self.verdict = verdict::verdict(self.task, &self.target, &self.metrics);
    }

    fn draw_classes(&mut self, actual: &[u32], probabilities: &[f64]) {
        let labels = self.classes.clone().unwrap_or_default();
        let Some(classified) = Classified::new(actual, probabilities, &labels) else {
            return;
        };
        let positive = labels
            .iter()
            .position(|label| Some(label) == self.positive_class.as_ref());
        let classified = classified.with_positive(positive.unwrap_or(1));
        self.per_class = Some(classified.per_class());
        self.confusion_matrix = Some(classified.confusion_matrix());
        self.roc = Some(classified.roc());
        self.pr = Some(classified.precision_recall());
        self.calibration = Some(classified.calibration());
        self.threshold_sweep = classified.threshold_sweep();
    }
}

fn metric_value(score: &Score, baseline: Option<f64>) -> MetricValue {
    MetricValue {
        value: score.value,
        low: score.interval.map(|interval| interval.low),
        high: score.interval.map(|interval| interval.high),
        baseline,
    }
}

/// Mean and spread of each metric that every fold has.
pub(crate) fn fold_metrics(folds: &[Vec<(&'static str, f64)>]) -> Folds {
    let mut values: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for (name, value) in folds.iter().flatten() {
        values.entry((*name).to_owned()).or_default().push(*value);
    }
    values.retain(|_, values| values.len() == folds.len());
    let metrics = values
        .into_iter()
        .map(|(name, values)| (name, spread(values)))
        .collect();
    Folds {
        count: folds.len(),
        metrics,
    }
}

fn spread(values: Vec<f64>) -> FoldMetric {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    FoldMetric {
        mean,
        std: (squares / (count - 1.0).max(1.0)).sqrt(),
        values,
    }
}
