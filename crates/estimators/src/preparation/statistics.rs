//! Target statistics: a value of a category stands for what the target is where it occurs. For categories with more
//! values than can be told apart one by one.
//!
//! Each mean is drawn towards the overall one as if a number of rows with the overall mean stood beside the value's own:
//! as many as the variance within values exceeds the variance between them (empirical Bayes; Micci-Barreca, 2001). A
//! training row gets the mean of rows in other folds, as it would if it were new: its own answer is not in its features.

use super::Supervision;
use crate::split::shuffle::derive;
use crate::split::{Division, Split, TrainAndTest, k_fold};
use crate::{StateError, Target};
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// Folds by which training rows are kept from their own answers.
const FOLDS: usize = 5;
/// Of more classes, the most frequent ones get a statistic each.
pub(super) const MOST_CLASSES: usize = 16;
/// Fewest rows of the overall mean that stand beside those of a value: one row alone is never believed.
const FEWEST_PRIOR_ROWS: f64 = 1.0;
/// The seed's stream of the folds.
const FOLD_STREAM: u64 = 0x7a72_6765;
/// The code of a missing cell that is no group of its own.
pub(super) const MISSING: u32 = u32::MAX;
/// The code of a value that is not among those told apart.
pub(super) const OTHER: u32 = u32::MAX - 1;
/// Marks a row that no output speaks of.
const NO_OUTPUT: u32 = u32::MAX;

/// Means of the target by value, as new rows see them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Statistics {
    /// The values that have means of their own, sorted.
    pub(super) levels: Vec<String>,
    /// Whether missing cells have means, the last.
    pub(super) missing_level: bool,
    /// One set of outputs a level.
    #[serde(skip)]
    pub(super) means: Vec<f64>,
}

/// What statistics are made of, read from the target once for all columns that need it.
pub(super) struct Lesson<'a> {
    supervision: Supervision<'a>,
    rows: OnceLock<Rows>,
}

struct Rows {
    /// The output each row counts for.
    output: Vec<u32>,
    /// What it counts: 1 for a class; a number around the mean, in units of the largest.
    value: Vec<f64>,
    /// On average 1 among rows that count.
    weight: Vec<f64>,
    fold: Vec<u8>,
    /// The classes that have an output, rising; empty for numbers.
    classes: Vec<usize>,
    outputs: usize,
    /// The overall mean of each output, in units.
    prior: Vec<f64>,
    centre: f64,
    unit: f64,
}

/// What one column teaches.
pub(super) struct Taught {
    /// For new rows: outputs of each group.
    pub(super) means: Vec<f64>,
    /// For the training rows: one entry a row for each output.
    pub(super) training: Vec<Vec<f64>>,
    /// The overall mean of each output.
    pub(super) prior: Vec<f64>,
    /// How many rows of the overall mean stand beside those of a group; infinite where groups differ by chance alone.
    pub(super) beside: f64,
}

impl Statistics {
    /// Whether there is a mean for each of `outputs` and each level, and none else.
    pub(super) fn in_range(&self, outputs: usize) -> bool {
        self.groups() > 0
            && outputs <= MOST_CLASSES
            && self.groups().checked_mul(outputs) == Some(self.means.len())
            && self.means.iter().all(|mean| mean.is_finite())
    }

    /// Levels and, where they have means, missing cells.
    pub(super) fn groups(&self) -> usize {
        self.levels.len() + usize::from(self.missing_level)
    }

    /// Takes its means off the front of what a file holds.
    pub(super) fn take_means<'a>(
        &mut self,
        outputs: usize,
        stored: &'a [f64],
    ) -> Result<&'a [f64], StateError> {
        let (own, others) = self
            .groups()
            .checked_mul(outputs)
            .and_then(|count| stored.split_at_checked(count))
            .ok_or_else(|| StateError("target statistics are missing".to_owned()))?;
        self.means = own.to_vec();
        Ok(others)
    }
}

impl<'a> Lesson<'a> {
    pub(super) fn new(supervision: Supervision<'a>) -> Self {
        Self {
            supervision,
            rows: OnceLock::new(),
        }
    }

    fn rows(&self) -> &Rows {
        self.rows.get_or_init(|| Rows::new(&self.supervision))
    }

    /// What the outputs are called, after the column's name.
    pub(super) fn outputs(&self) -> Vec<String> {
        match (self.rows().classes.as_slice(), self.supervision.target) {
            ([], _) => vec!["target mean".to_owned()],
            ([_], _) => vec!["target share".to_owned()],
            (several, _) => several
                .iter()
                .map(|class| format!("target share of class {}", class + 1))
                .collect(),
        }
    }

    /// Whether some classes have no output.
    pub(super) fn leaves_classes_out(&self) -> bool {
        matches!(self.supervision.target, Target::Classes { classes, .. } if *classes > MOST_CLASSES)
    }

    /// What groups of rows teach; a code is a group, [`MISSING`] or [`OTHER`].
    pub(super) fn teach(&self, codes: &[u32], groups: usize) -> Taught {
        let rows = self.rows();
        let sums = Sums::new(rows, codes, groups);
        let beside = sums.shrinkage(rows);
        let outputs = rows.outputs;
        let restored = |value: f64| rows.centre + rows.unit * value;
        let shrunk = |sum: f64, weight: f64, prior: f64| {
            restored(if beside.is_finite() {
                (sum + beside * prior) / (weight + beside)
            } else {
                prior
            })
        };
        let mut means = Vec::with_capacity(groups * outputs);
        let mut elsewhere = Vec::with_capacity(groups * FOLDS * outputs);
        for group in 0..groups {
            for fold in (0..FOLDS).map(Some).chain([None]) {
                let target = if fold.is_none() {
                    &mut means
                } else {
                    &mut elsewhere
                };
                for (output, &prior) in rows.prior.iter().enumerate() {
                    let (sum, weight) = sums.without(group, fold, output);
                    target.push(shrunk(sum, weight, prior));
                }
            }
        }
        let training = (0..outputs).map(|output| {
            let of_row = |(&code, &fold): (&u32, &u8)| match code {
                MISSING => f64::NAN,
                OTHER => restored(rows.prior[output]),
                group => elsewhere[(group as usize * FOLDS + fold as usize) * outputs + output],
            };
            codes.iter().zip(&rows.fold).map(of_row).collect()
        });
        Taught {
            training: training.collect(),
            means,
            prior: rows.prior.iter().map(|&prior| restored(prior)).collect(),
            beside,
        }
    }
}

impl Rows {
    fn new(supervision: &Supervision<'_>) -> Self {
        let target = supervision.target;
        let count = target.len();
        let mut weight = supervision
            .weights
            .map_or_else(|| vec![1.0; count], <[f64]>::to_vec);
        // By the largest first: the sum of huge weights may not be finite.
        let largest = weight.iter().fold(0.0, |most: f64, &own| most.max(own));
        if largest > 0.0 {
            weight.iter_mut().for_each(|own| *own /= largest);
            let counting = weight.iter().filter(|&&own| own > 0.0).count();
            let mean = weight.iter().sum::<f64>() / counting as f64;
            weight.iter_mut().for_each(|own| *own /= mean);
        }
        let mut made = Self {
            output: vec![0; count],
            value: vec![1.0; count],
            fold: fold_of_rows(supervision),
            classes: Vec::new(),
            outputs: 1,
            prior: Vec::new(),
            centre: 0.0,
            unit: 1.0,
            weight,
        };
        match target {
            Target::Values(values) => made.read_numbers(values),
            Target::Classes { indices, classes } => made.read_classes(indices, *classes),
        }
        let all = made.weight.iter().sum::<f64>();
        made.prior = vec![0.0; made.outputs];
        if all > 0.0 {
            for ((&output, value), weight) in made.output.iter().zip(&made.value).zip(&made.weight)
            {
                if let Some(prior) = made.prior.get_mut(output as usize) {
                    *prior += weight * value / all;
                }
            }
        }
        made
    }

    fn read_numbers(&mut self, values: &[f64]) {
        let unit = values
            .iter()
            .fold(0.0, |most: f64, value| most.max(value.abs()));
        self.unit = if unit.is_normal() { unit } else { 1.0 };
        let all = self.weight.iter().sum::<f64>();
        let pairs = values.iter().zip(&self.weight);
        let mean = pairs
            .map(|(value, weight)| weight * (value / self.unit))
            .sum::<f64>()
            / all;
        let mean = if mean.is_finite() { mean } else { 0.0 };
        self.centre = mean * self.unit;
        self.value = values
            .iter()
            .map(|value| value / self.unit - mean)
            .collect();
    }

    fn read_classes(&mut self, indices: &[u32], classes: usize) {
        self.classes = if classes == 2 {
            vec![1]
        } else {
            let mut rows = vec![0.0; classes];
            for (&class, weight) in indices.iter().zip(&self.weight) {
                if let Some(rows) = rows.get_mut(class as usize) {
                    *rows += weight;
                }
            }
            let mut order = (0..classes).collect::<Vec<_>>();
            order.sort_by(|&a, &b| rows[b].total_cmp(&rows[a]).then(a.cmp(&b)));
            order.truncate(MOST_CLASSES);
            order.sort_unstable();
            order
        };
        self.outputs = self.classes.len();
        let mut output_of = vec![NO_OUTPUT; classes];
        for (output, &class) in self.classes.iter().enumerate() {
            output_of[class] = output as u32;
        }
        let of_class = |&class: &u32| output_of.get(class as usize).copied().unwrap_or(NO_OUTPUT);
        self.output = indices.iter().map(of_class).collect();
    }
}

/// The fold of each row: groups stay together, classes are spread evenly. Where rows or groups are too few for folds, a
/// row has none to learn from but the overall mean.
fn fold_of_rows(supervision: &Supervision<'_>) -> Vec<u8> {
    let count = supervision.target.len();
    let seed = derive(supervision.seed, FOLD_STREAM);
    let folds: Vec<TrainAndTest> = match supervision.division {
        grouped @ Division::Groups(_) => grouped.folds(supervision.target, FOLDS, seed),
        Division::Stratified | Division::Legacy | Division::Times(_) => {
            k_fold(Split::Stratified, supervision.target, FOLDS, seed)
        }
    }
    .unwrap_or_default();
    let mut fold_of = vec![0_u8; count];
    for (fold, (_, rows)) in folds.iter().enumerate() {
        for &row in rows {
            fold_of[row] = fold as u8;
        }
    }
    fold_of
}

/// Weights, and weighted sums by output, of each group in each fold.
struct Sums {
    outputs: usize,
    weights: Vec<f64>,
    sums: Vec<f64>,
    /// Of all rows that are in a group.
    squares: f64,
}

impl Sums {
    fn new(rows: &Rows, codes: &[u32], groups: usize) -> Self {
        let outputs = rows.outputs;
        let mut made = Self {
            outputs,
            weights: vec![0.0; groups * FOLDS],
            sums: vec![0.0; groups * FOLDS * outputs],
            squares: 0.0,
        };
        for (row, &code) in codes.iter().enumerate() {
            let place = code as usize * FOLDS + rows.fold[row] as usize;
            let Some(weight) = made.weights.get_mut(place) else {
                continue;
            };
            let (own, value) = (rows.weight[row], rows.value[row]);
            *weight += own;
            if rows.output[row] != NO_OUTPUT {
                made.sums[place * outputs + rows.output[row] as usize] += own * value;
                made.squares += own * value * value;
            }
        }
        made
    }

    /// The sum of an output and the weight of a group, outside of a fold. Added up anew each time: taking the fold off
    /// the whole would leave a trace of it in the last digits.
    fn without(&self, group: usize, fold: Option<usize>, output: usize) -> (f64, f64) {
        let others = (0..FOLDS).filter(|&other| Some(other) != fold);
        others.fold((0.0, 0.0), |(sum, weight), other| {
            let place = group * FOLDS + other;
            (
                sum + self.sums[place * self.outputs + output],
                weight + self.weights[place],
            )
        })
    }

    /// How many rows of the overall mean are to stand beside those of a group: variance within groups over variance between them,
    /// by the moments of a one-way analysis of variance. Infinite when groups do not differ by more than chance.
    fn shrinkage(&self, rows: &Rows) -> f64 {
        let (mut count, mut weight, mut weight_squares) = (0.0, 0.0, 0.0);
        let (mut between, mut totals) = (0.0, vec![0.0; rows.outputs]);
        for group in 0..self.weights.len() / FOLDS {
            let (_, own) = self.without(group, None, 0);
            if own <= 0.0 {
                continue;
            }
            count += 1.0;
            weight += own;
            weight_squares += own * own;
            for (output, total) in totals.iter_mut().enumerate() {
                let (sum, _) = self.without(group, None, output);
                *total += sum;
                between += sum * sum / own;
            }
        }
        let free = weight - count;
        if count < 2.0 || free < 1.0 {
            return f64::INFINITY;
        }
        let within = (self.squares - between).max(0.0) / free;
        let overall = totals
            .iter()
            .map(|total| total * total / weight)
            .sum::<f64>();
        let spread =
            (between - overall - (count - 1.0) * within) / (weight - weight_squares / weight);
        let rows = within / spread;
        if spread > 0.0 && rows.is_finite() {
            rows.max(FEWEST_PRIOR_ROWS)
        } else {
            f64::INFINITY
        }
    }
}
