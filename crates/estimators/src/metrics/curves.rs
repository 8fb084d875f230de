//! What a single number hides: confusion, curves over thresholds, calibration, residuals. Each is a small value that
//! serialises as reports show it; no curve has more than [`MAX_POINTS`] points, and nothing in it is NaN or infinite.

use super::classification::class_scores;
use super::ranking::{Ranking, Scored};
use crate::prediction::argmax;
use serde::{Deserialize, Serialize};

/// Curves are thinned to this many points; both ends stay.
pub const MAX_POINTS: usize = 200;

/// One-against-the-rest curves are drawn for at most this many classes, the most frequent ones.
pub const MAX_CURVES: usize = 30;

/// How often each class was taken for which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfusionMatrix {
    /// Class labels, in order.
    pub classes: Vec<String>,
    /// `counts[actual][predicted]`.
    pub counts: Vec<Vec<u64>>,
}

/// Precision, recall and F1 of one class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassReport {
    /// The class label.
    pub class: String,
    /// Of the rows predicted as this class, the share that is; 0 when none was.
    pub precision: f64,
    /// Of the rows of this class, the share that was found; 0 when there is none.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
    /// Rows of this class.
    pub support: u64,
}

/// True positive rate against false positive rate, threshold falling.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RocCurve {
    /// The class that counts as positive.
    pub class: String,
    /// Area under the curve (before thinning).
    pub auc: f64,
    /// False positive rate, from 0 to 1.
    pub fpr: Vec<f64>,
    /// True positive rate, from 0 to 1.
    pub tpr: Vec<f64>,
    /// Rows with at least this probability are positive. The first is 1 above the largest probability: no row is.
    pub thresholds: Vec<f64>,
}

/// Precision against recall, threshold falling.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PrecisionRecallCurve {
    /// The class that counts as positive.
    pub class: String,
    /// Average precision (before thinning).
    pub ap: f64,
    /// Recall, from 0 to 1.
    pub recall: Vec<f64>,
    /// Precision; 1 at the first point, where no row is positive.
    pub precision: Vec<f64>,
    /// As in [`RocCurve`].
    pub thresholds: Vec<f64>,
}

/// Whether predicted probabilities are what happens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// The class.
    pub class: String,
    /// Ten bins of equal width; empty ones are left out.
    pub bins: Vec<CalibrationBin>,
}

/// Rows of similar predicted probability.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalibrationBin {
    /// Mean predicted probability.
    pub predicted: f64,
    /// Share of rows that are of the class.
    pub observed: f64,
    /// Rows.
    pub count: u64,
}

/// What the positive class of two costs and gains at each threshold from 0 to 1 in steps of 0.01.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThresholdSweep {
    /// Rows with at least this probability are positive.
    pub thresholds: Vec<f64>,
    /// Precision; 0 when no row is positive.
    pub precision: Vec<f64>,
    /// Recall.
    pub recall: Vec<f64>,
    /// F1.
    pub f1: Vec<f64>,
    /// Accuracy.
    pub accuracy: Vec<f64>,
}

/// How far numbers were off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Residuals {
    /// At most 1000 rows, evenly spread over the table.
    pub sample: Vec<ResidualPoint>,
    /// Of actual − predicted, all rows.
    pub histogram: Histogram,
}

/// One row of a prediction of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResidualPoint {
    /// The actual value.
    pub actual: f64,
    /// The predicted value.
    pub predicted: f64,
}

/// Counts between edges; one more edge than counts. A bin holds its lower edge; the last also its upper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// Rising edges.
    pub edges: Vec<f64>,
    /// Rows in each bin.
    pub counts: Vec<u64>,
}

/// Actual classes with the predicted probabilities (rows × classes, row-major) and the labels of the classes: what every
/// curve of a classification is drawn from. Shapes are checked once, here.
#[derive(Clone, Copy, Debug)]
pub struct Classified<'a> {
    actual: &'a [u32],
    probabilities: &'a [f64],
    labels: &'a [String],
    /// The class that curves speak of when there are two.
    positive: usize,
}

impl<'a> Classified<'a> {
    /// `None` when the shapes do not match or an actual class has no label.
    pub fn new(actual: &'a [u32], probabilities: &'a [f64], labels: &'a [String]) -> Option<Self> {
        let classes = labels.len();
        let fits = classes > 0
            && !actual.is_empty()
            && probabilities.len() == actual.len() * classes
            && actual.iter().all(|&class| (class as usize) < classes);
        fits.then_some(Self {
            actual,
            probabilities,
            labels,
            positive: 1,
        })
    }

    /// The same rows with another class as the positive one of two (it is the second unless said; without effect for
    /// more classes).
    #[must_use]
    pub fn with_positive(mut self, class: usize) -> Self {
        self.positive = class.min(1);
        self
    }

    /// How often each class was taken for which.
    pub fn confusion_matrix(&self) -> ConfusionMatrix {
        ConfusionMatrix {
            classes: self.labels.to_vec(),
            counts: self
                .matrix()
                .chunks_exact(self.labels.len())
                .map(<[u64]>::to_vec)
                .collect(),
        }
    }

    /// Precision, recall and F1 of each class.
    pub fn per_class(&self) -> Vec<ClassReport> {
        class_scores(&self.matrix(), self.labels.len())
            .into_iter()
            .zip(self.labels)
            .map(|(scores, class)| ClassReport {
                class: class.clone(),
                precision: scores.precision,
                recall: scores.recall,
                f1: scores.f1,
                support: scores.support,
            })
            .collect()
    }

    /// One curve for the positive class of two, or one for each class against the rest; classes without rows, or with all
    /// rows, have none.
    pub fn roc(&self) -> Vec<RocCurve> {
        self.curve_classes()
            .into_iter()
            .filter_map(|class| {
                let walk = Walk::new(self, class);
                let auc = walk.ranking.areas(|_| 1).roc?;
                let points = walk.steps.iter().map(|step| {
                    [
                        step.false_alarms as f64 / walk.negatives as f64,
                        step.found as f64 / walk.positives as f64,
                        step.threshold,
                    ]
                });
                let [fpr, tpr, thresholds] = thinned(points.collect());
                Some(RocCurve {
                    class: self.labels[class].clone(),
                    auc,
                    fpr,
                    tpr,
                    thresholds,
                })
            })
            .collect()
    }

    /// One curve for each class that [`roc`](Self::roc) has one for.
    pub fn precision_recall(&self) -> Vec<PrecisionRecallCurve> {
        self.curve_classes()
            .into_iter()
            .filter_map(|class| {
                let walk = Walk::new(self, class);
                let ap = walk.ranking.areas(|_| 1).average_precision?;
                let points = walk.steps.iter().map(|step| {
                    let called = step.found + step.false_alarms;
                    [
                        step.found as f64 / walk.positives as f64,
                        if called == 0 {
                            1.0
                        } else {
                            step.found as f64 / called as f64
                        },
                        step.threshold,
                    ]
                });
                let [recall, precision, thresholds] = thinned(points.collect());
                Some(PrecisionRecallCurve {
                    class: self.labels[class].clone(),
                    ap,
                    recall,
                    precision,
                    thresholds,
                })
            })
            .collect()
    }

    /// One for the positive class of two, or one for each class.
    pub fn calibration(&self) -> Vec<Calibration> {
        const BINS: usize = 10;
        self.curve_classes()
            .into_iter()
            .map(|class| {
                let mut bins = [(0.0, 0_u64, 0_u64); BINS];
                for (row, &actual) in self.actual.iter().enumerate() {
                    let probability = self.probability(row, class);
                    let (sum, hits, count) =
                        &mut bins[((probability * BINS as f64) as usize).min(BINS - 1)];
                    *sum += probability;
                    *hits += u64::from(actual as usize == class);
                    *count += 1;
                }
                let bins = bins.into_iter().filter(|(_, _, count)| *count > 0).map(
                    |(sum, hits, count)| CalibrationBin {
                        predicted: sum / count as f64,
                        observed: hits as f64 / count as f64,
                        count,
                    },
                );
                Calibration {
                    class: self.labels[class].clone(),
                    bins: bins.collect(),
                }
            })
            .collect()
    }

    /// For two classes only.
    pub fn threshold_sweep(&self) -> Option<ThresholdSweep> {
        const STEPS: usize = 100;
        if self.labels.len() != 2 {
            return None;
        }
        let thresholds = (0..=STEPS)
            .map(|step| step as f64 / STEPS as f64)
            .collect::<Vec<_>>();
        // Rows by how many thresholds they reach, then summed from the top: [negative, positive].
        let mut reached = vec![[0_u64; 2]; STEPS + 2];
        for (row, &actual) in self.actual.iter().enumerate() {
            let probability = self.probability(row, self.positive);
            let count = thresholds.partition_point(|&threshold| threshold <= probability);
            reached[count][usize::from(actual as usize == self.positive)] += 1;
        }
        let mut called = reached.clone();
        for step in (0..=STEPS).rev() {
            let [negatives, positives] = called[step + 1];
            called[step][0] += negatives;
            called[step][1] += positives;
        }
        let [negatives, positives] = called[0];
        let ratio = |part: u64, whole: u64| {
            if whole == 0 {
                0.0
            } else {
                part as f64 / whole as f64
            }
        };
        let mut sweep = ThresholdSweep {
            precision: Vec::with_capacity(STEPS + 1),
            recall: Vec::with_capacity(STEPS + 1),
            f1: Vec::with_capacity(STEPS + 1),
            accuracy: Vec::with_capacity(STEPS + 1),
            thresholds,
        };
        // `called[k]` reach at least k thresholds, so exactly those of `called[k + 1]` are positive at threshold k.
        for &[false_alarms, found] in &called[1..] {
            sweep.precision.push(ratio(found, found + false_alarms));
            sweep.recall.push(ratio(found, positives));
            sweep
                .f1
                .push(ratio(2 * found, found + false_alarms + positives));
            sweep.accuracy.push(ratio(
                found + negatives - false_alarms,
                negatives + positives,
            ));
        }
        Some(sweep)
    }

    fn matrix(&self) -> Vec<u64> {
        let classes = self.labels.len();
        let mut matrix = vec![0; classes * classes];
        for (&actual, row) in self
            .actual
            .iter()
            .zip(self.probabilities.chunks_exact(classes))
        {
            matrix[actual as usize * classes + argmax(row) as usize] += 1;
        }
        matrix
    }

    fn probability(&self, row: usize, class: usize) -> f64 {
        self.probabilities[row * self.labels.len() + class]
    }

    fn curve_classes(&self) -> Vec<usize> {
        match self.labels.len() {
            1 => Vec::new(),
            2 => vec![self.positive],
            classes => {
                let mut support = vec![0_u64; classes];
                for &class in self.actual {
                    support[class as usize] += 1;
                }
                let mut order = (0..classes).collect::<Vec<_>>();
                order.sort_by_key(|&class| std::cmp::Reverse(support[class]));
                order.truncate(MAX_CURVES);
                order.sort_unstable();
                order
            }
        }
    }
}

/// What is called positive as the threshold falls below each distinct probability.
struct Walk {
    ranking: Ranking,
    steps: Vec<Step>,
    positives: u64,
    negatives: u64,
}

#[derive(Clone, Copy)]
struct Step {
    threshold: f64,
    found: u64,
    false_alarms: u64,
}

impl Walk {
    fn new(data: &Classified<'_>, class: usize) -> Self {
        let ranking = Ranking::new(data.actual.iter().enumerate().map(|(row, &actual)| Scored {
            row,
            score: data.probability(row, class),
            positive: actual as usize == class,
        }));
        let mut steps = Vec::new();
        let (mut found, mut false_alarms) = (0, 0);
        for entry in ranking.entries() {
            if steps.is_empty() {
                let threshold = data.probability(entry.row, class) + 1.0;
                steps.push(Step {
                    threshold,
                    found,
                    false_alarms,
                });
            }
            if entry.positive {
                found += 1;
            } else {
                false_alarms += 1;
            }
            if entry.last {
                steps.push(Step {
                    threshold: data.probability(entry.row, class),
                    found,
                    false_alarms,
                });
            }
        }
        Self {
            ranking,
            steps,
            positives: found,
            negatives: false_alarms,
        }
    }
}

/// Keeps the first, the last, and points evenly spaced along the curve, so that its shape stays.
fn thinned(points: Vec<[f64; 3]>) -> [Vec<f64>; 3] {
    let length = |from: &[f64; 3], to: &[f64; 3]| (to[0] - from[0]).abs() + (to[1] - from[1]).abs();
    let total = points
        .windows(2)
        .map(|pair| length(&pair[0], &pair[1]))
        .sum::<f64>();
    let spacing = total / (MAX_POINTS - 2) as f64;
    let all = points.len() <= MAX_POINTS;
    let mut kept: [Vec<f64>; 3] = Default::default();
    let (mut walked, mut next) = (0.0, 0.0);
    for (index, point) in points.iter().enumerate() {
        if index > 0 {
            walked += length(&points[index - 1], point);
        }
        let end = index == 0 || index + 1 == points.len();
        if all || end || (walked >= next && kept[0].len() + 1 < MAX_POINTS) {
            for (column, value) in kept.iter_mut().zip(point) {
                column.push(*value);
            }
            while next <= walked && spacing > 0.0 {
                next += spacing;
            }
        }
    }
    kept
}

/// Actual against predicted numbers; `None` when there is no row or an error is not a finite number.
pub fn residuals(actual: &[f64], predicted: &[f64]) -> Option<Residuals> {
    const SAMPLE: usize = 1000;
    const BINS: usize = 30;
    if actual.is_empty() || actual.len() != predicted.len() {
        return None;
    }
    let errors = actual
        .iter()
        .zip(predicted)
        .map(|(actual, predicted)| actual - predicted)
        .collect::<Vec<_>>();
    let step = actual.len().div_ceil(SAMPLE);
    let sample = actual
        .iter()
        .zip(predicted)
        .step_by(step)
        .map(|(&actual, &predicted)| ResidualPoint { actual, predicted });
    Some(Residuals {
        sample: sample.collect(),
        histogram: histogram(&errors, BINS)?,
    })
}

fn histogram(values: &[f64], bins: usize) -> Option<Histogram> {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let width = (high - low) / bins as f64;
    if !width.is_finite() || values.iter().any(|value| value.is_nan()) {
        return None;
    }
    // Differences too small to be told apart make one bin.
    if low + width <= low {
        return Some(Histogram {
            edges: vec![low, high],
            counts: vec![values.len() as u64],
        });
    }
    let mut counts = vec![0; bins];
    for value in values {
        counts[(((value - low) / width) as usize).min(bins - 1)] += 1;
    }
    let mut edges = (0..bins)
        .map(|bin| low + width * bin as f64)
        .collect::<Vec<_>>();
    edges.push(high);
    Some(Histogram { edges, counts })
}
