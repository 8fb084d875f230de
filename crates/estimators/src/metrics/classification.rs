//! The metrics of classes, from the confusion matrix, per-row losses and rankings. Definitions and edge cases are those
//! of scikit-learn 1.9 (`zero_division` 0 counts as 0), except that classes without rows are left out of one-vs-rest
//! averages instead of making them undefined.

use super::ranking::{MAX_ROWS, Ranking, Scored};
use crate::prediction::argmax;
use rayon::prelude::*;

/// Above this many probabilities the ranking metrics would take minutes to sort and are absent.
const MAX_RANKED: usize = 50_000_000;

/// Number of metrics, in the order of [`METRICS`](super::METRICS).
const METRICS: usize = 14;

pub(crate) struct ClassificationJudge {
    classes: usize,
    /// `actual × classes + predicted`, one a row.
    cells: Vec<u32>,
    log_loss: Vec<f64>,
    brier: Vec<f64>,
    /// The second class of two, or each class against the rest.
    one_vs_rest: Vec<Ranking>,
    /// All pairs of row and class.
    micro: Option<Ranking>,
}

impl ClassificationJudge {
    /// `None` when shapes do not match or an actual class is out of range.
    pub(crate) fn new(
        actual: &[u32],
        probabilities: &[f64],
        classes: usize,
        ranks: bool,
    ) -> Option<Self> {
        let fits = classes > 0
            && classes <= u16::MAX as usize
            && probabilities.len() == actual.len() * classes
            && actual.iter().all(|&class| (class as usize) < classes);
        if !fits {
            return None;
        }
        let of_row = || {
            actual
                .par_iter()
                .zip(probabilities.par_chunks_exact(classes))
        };
        let cells = of_row()
            .map(|(&actual, row)| actual * classes as u32 + argmax(row))
            .collect();
        let log_loss = of_row()
            .map(|(&actual, row)| -clipped(row[actual as usize]).ln())
            .collect();
        let brier = of_row()
            .map(|(&actual, row)| brier(actual as usize, row))
            .collect();
        let ranks = ranks && actual.len() < MAX_ROWS && probabilities.len() <= MAX_RANKED;
        let positives = match (ranks, classes) {
            (false, _) | (_, 1) => Vec::new(),
            (true, 2) => vec![1],
            (true, _) => (0..classes).collect(),
        };
        let scored = |class: usize| {
            actual.iter().enumerate().map(move |(row, &actual)| Scored {
                row,
                score: probabilities[row * classes + class],
                positive: actual as usize == class,
            })
        };
        let one_vs_rest = positives
            .into_par_iter()
            .map(|class| Ranking::new(scored(class)))
            .collect();
        let micro = (ranks && classes > 2).then(|| Ranking::new((0..classes).flat_map(scored)));
        Some(Self {
            classes,
            cells,
            log_loss,
            brier,
            one_vs_rest,
            micro,
        })
    }

    /// All metrics, each row counted as often as `count` says; undefined is NaN.
    pub(crate) fn evaluate(&self, count: impl Fn(usize) -> u32) -> [f64; METRICS] {
        let mut matrix = vec![0_u64; self.classes * self.classes];
        let (mut rows, mut log_loss, mut brier) = (0_u64, 0.0, 0.0);
        for (row, &cell) in self.cells.iter().enumerate() {
            let times = count(row);
            matrix[cell as usize] += u64::from(times);
            rows += u64::from(times);
            log_loss += f64::from(times) * self.log_loss[row];
            brier += f64::from(times) * self.brier[row];
        }
        let rows = rows as f64;
        let averages = Averages::of(&matrix, self.classes);
        let areas = self
            .one_vs_rest
            .iter()
            .map(|ranking| ranking.areas(&count))
            .collect::<Vec<_>>();
        let micro = self
            .micro
            .as_ref()
            .and_then(|ranking| ranking.areas(&count).roc);
        [
            averages.accuracy,
            averages.balanced_accuracy,
            averages.macro_[0],
            averages.macro_[1],
            averages.macro_[2],
            averages.weighted[0],
            averages.weighted[1],
            averages.weighted[2],
            matthews(&matrix, self.classes),
            log_loss / rows,
            brier / rows,
            mean(areas.iter().filter_map(|areas| areas.roc)),
            micro.unwrap_or(f64::NAN),
            mean(areas.iter().filter_map(|areas| areas.average_precision)),
        ]
    }
}

/// Probabilities of 0 would cost infinitely much: cut at the machine epsilon, as scikit-learn does.
fn clipped(probability: f64) -> f64 {
    probability.clamp(f64::EPSILON, 1.0 - f64::EPSILON)
}

/// Brier (1950) over all classes; halved for two, where it is the usual mean squared error of one probability.
fn brier(actual: usize, row: &[f64]) -> f64 {
    if let [_, positive] = row {
        return (positive - if actual == 1 { 1.0 } else { 0.0 }).powi(2);
    }
    row.iter()
        .enumerate()
        .map(|(class, probability)| (probability - if class == actual { 1.0 } else { 0.0 }).powi(2))
        .sum()
}

/// Precision, recall and F1 of one class; 0 where a division by zero would be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ClassScores {
    pub(crate) precision: f64,
    pub(crate) recall: f64,
    pub(crate) f1: f64,
    pub(crate) support: u64,
    /// How often it was predicted.
    pub(crate) predicted: u64,
}

/// The scores of each class of a `classes × classes` matrix (rows: actual).
pub(crate) fn class_scores(matrix: &[u64], classes: usize) -> Vec<ClassScores> {
    let mut predicted = vec![0; classes];
    for row in matrix.chunks_exact(classes) {
        for (total, count) in predicted.iter_mut().zip(row) {
            *total += count;
        }
    }
    matrix
        .chunks_exact(classes)
        .enumerate()
        .map(|(class, row)| {
            let right = row[class];
            let support = row.iter().sum::<u64>();
            ClassScores {
                precision: ratio(right, predicted[class]),
                recall: ratio(right, support),
                f1: ratio(2 * right, predicted[class] + support),
                support,
                predicted: predicted[class],
            }
        })
        .collect()
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

struct Averages {
    accuracy: f64,
    balanced_accuracy: f64,
    /// Precision, recall, F1.
    macro_: [f64; 3],
    weighted: [f64; 3],
}

impl Averages {
    fn of(matrix: &[u64], classes: usize) -> Self {
        let scores = class_scores(matrix, classes);
        let rows = matrix.iter().sum::<u64>();
        let right = (0..classes)
            .map(|class| matrix[class * classes + class])
            .sum();
        // Macro averages run over classes that occur among the actual or the predicted ones.
        let present = || {
            scores
                .iter()
                .filter(|score| score.support + score.predicted > 0)
        };
        let weighted = |pick: fn(&ClassScores) -> f64| {
            scores
                .iter()
                .map(|score| pick(score) * score.support as f64)
                .sum::<f64>()
                / rows as f64
        };
        let picks: [fn(&ClassScores) -> f64; 3] = [
            |score| score.precision,
            |score| score.recall,
            |score| score.f1,
        ];
        Self {
            accuracy: ratio(right, rows),
            balanced_accuracy: mean(
                scores
                    .iter()
                    .filter(|score| score.support > 0)
                    .map(|score| score.recall),
            ),
            macro_: picks.map(|pick| mean(present().map(pick))),
            weighted: picks.map(weighted),
        }
    }
}

/// Matthews' correlation for any number of classes (Gorodkin 2004); 0 when actual or predicted classes do not vary.
fn matthews(matrix: &[u64], classes: usize) -> f64 {
    let scores = class_scores(matrix, classes);
    let rows = matrix.iter().sum::<u64>() as f64;
    let right = (0..classes)
        .map(|class| matrix[class * classes + class])
        .sum::<u64>() as f64;
    let sum = |pick: fn(&ClassScores) -> f64| scores.iter().map(pick).sum::<f64>();
    let both = sum(|score| score.support as f64 * score.predicted as f64);
    let predicted = sum(|score| (score.predicted as f64).powi(2));
    let actual = sum(|score| (score.support as f64).powi(2));
    let spread = (rows * rows - predicted) * (rows * rows - actual);
    if spread <= 0.0 {
        return 0.0;
    }
    (right * rows - both) / spread.sqrt()
}

/// NaN for nothing.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
    sum / f64::from(count)
}
