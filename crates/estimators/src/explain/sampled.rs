//! Shapley values of any model by asking it (Štrumbelj & Kononenko 2014): a background row turns into the explained row
//! column by column, in random order; each column is credited with what its turn changes. Every order is walked backwards
//! too (antithetic), which takes away what a column owes to standing early or late.
//!
//! What it may touch: a model and rows. Background rows and orders are drawn once for all rows, so that rows compare;
//! whatever the orders, the changes of a walk add up to the whole difference.

use super::{Explanation, Method, Scale};
use crate::importance::sample;
use crate::predictor::Predictor;
use crate::split::shuffle::{derive, shuffle};
use crate::{FeatureValues, Features, FitContext, FitError, Prediction};
use rayon::prelude::*;

/// Mixtures that the model is asked about for each row, about.
const QUESTIONS: usize = 2048;
/// Orders (each with its reverse) at least and at most.
const FEWEST_ORDERS: usize = 8;
const MOST_ORDERS: usize = 128;
/// Cells of mixtures that stand in memory at once, for each thread.
const CELLS: usize = 1 << 20;

/// Stands for the explained row where background rows are numbered.
const EXPLAINED: usize = usize::MAX;

/// The contributions of groups of features to every row's probabilities or number; columns are not named.
pub(super) fn sample_contributions(
    model: &dyn Predictor,
    features: &Features,
    background: &Features,
    groups: &[&[usize]],
    context: &FitContext<'_>,
) -> Result<Explanation, FitError> {
    if background.rows() == 0 {
        return Err(FitError::Data(
            "there are no other rows to compare with, and this model is explained by comparing; give some rows of the \
             training data as background"
                .to_owned(),
        ));
    }
    let orders = orders(groups.len(), background.rows(), context.seed);
    let most = orders.len();
    let chosen = sample(background.rows(), most, derive(context.seed, 0));
    let background = chosen.map_or_else(|| background.clone(), |rows| background.take(&rows));
    let (scale, outputs, starts) = answers(model.predict_features(&background));
    let mut base = vec![0.0; outputs];
    for start in starts.chunks_exact(outputs) {
        let shares = base.iter_mut().zip(start);
        shares.for_each(|(base, value)| *base += value / background.rows() as f64);
    }
    let walks = Walks {
        model,
        features,
        background: &background,
        groups,
        orders: &orders,
        starts: &starts,
        outputs,
    };
    let values = (0..features.rows())
        .into_par_iter()
        .map(|row| walks.explain(row, context))
        .collect::<Result<Vec<_>, _>>()?
        .concat();
    Ok(Explanation {
        columns: Vec::new(),
        outputs,
        base,
        values,
        scale,
        method: Method::Sampled,
    })
}

/// The place of each group in each order. As many orders a background row as another, so that the base is their mean.
fn orders(groups: usize, background: usize, seed: u64) -> Vec<Vec<usize>> {
    let steps = 2 * groups.saturating_sub(1).max(1);
    let count = (QUESTIONS / steps).clamp(FEWEST_ORDERS, MOST_ORDERS);
    let rows = background.min(count);
    (0..count / rows * rows)
        .map(|order| {
            let mut places: Vec<usize> = (0..groups).collect();
            shuffle(&mut places, derive(seed, 1 + order as u64), 3);
            places
        })
        .collect()
}

/// The numbers of an answer, how many a row, and what they are.
pub(super) fn answers(prediction: Prediction) -> (Scale, usize, Vec<f64>) {
    match prediction {
        Prediction::Classes {
            probabilities,
            classes,
        } => (Scale::Probability, classes.max(1), probabilities),
        Prediction::Values(values) => (Scale::Number, 1, values),
    }
}

struct Walks<'a> {
    model: &'a dyn Predictor,
    features: &'a Features,
    background: &'a Features,
    groups: &'a [&'a [usize]],
    orders: &'a [Vec<usize>],
    /// What the model answers to the background rows.
    starts: &'a [f64],
    outputs: usize,
}

impl Walks<'_> {
    /// `outputs × groups` values of one row.
    fn explain(&self, row: usize, context: &FitContext<'_>) -> Result<Vec<f64>, FitError> {
        let (groups, outputs) = (self.groups.len(), self.outputs);
        let (_, _, end) = answers(self.model.predict_features(&self.features.take(&[row])));
        let mut sums = vec![0.0; outputs * groups];
        // A walk is asked about after each turn but the last; as many walks at once as there is room for.
        let turns = groups.saturating_sub(1);
        let walks = 2 * self.orders.len();
        let cells = turns * self.features.columns().len();
        let together = (CELLS / cells.max(1)).clamp(1, walks);
        for first in (0..walks).step_by(together) {
            context.check()?;
            let some: Vec<usize> = (first..walks.min(first + together)).collect();
            let (_, _, middles) = answers(
                self.model
                    .predict_features(&self.mixtures(row, &some, turns)),
            );
            for (index, &walk) in some.iter().enumerate() {
                let start = self.background_of(walk) * outputs;
                let mut before = &self.starts[start..start + outputs];
                let middles = &middles[index * turns * outputs..][..turns * outputs];
                let after = middles.chunks_exact(outputs).chain([end.as_slice()]);
                let groups_in_turn = self.in_turn(walk);
                for (group, after) in groups_in_turn.into_iter().zip(after) {
                    for output in 0..outputs {
                        sums[output * groups + group] += after[output] - before[output];
                    }
                    before = after;
                }
            }
        }
        let share = 1.0 / walks as f64;
        sums.iter_mut().for_each(|sum| *sum *= share);
        Ok(sums)
    }

    fn background_of(&self, walk: usize) -> usize {
        walk / 2 % self.background.rows()
    }

    /// The turn of a group in a walk; every second walk goes backwards.
    fn turn(&self, walk: usize, group: usize) -> usize {
        let place = self.orders[walk / 2][group];
        if walk.is_multiple_of(2) {
            place
        } else {
            self.groups.len() - 1 - place
        }
    }

    /// The groups in the order of their turns.
    fn in_turn(&self, walk: usize) -> Vec<usize> {
        let mut groups = vec![0; self.groups.len()];
        for group in 0..self.groups.len() {
            groups[self.turn(walk, group)] = group;
        }
        groups
    }

    /// The rows on the way of some walks, `walks × turns`.
    fn mixtures(&self, row: usize, walks: &[usize], turns: usize) -> Features {
        let rows = walks.len() * turns;
        let mut mixed = self.features.take(&vec![row; rows]);
        for (group, features) in self.groups.iter().enumerate() {
            let picks: Vec<usize> = walks
                .iter()
                .flat_map(|&walk| {
                    let turn = self.turn(walk, group);
                    let background = self.background_of(walk);
                    (0..turns).map(move |done| if turn <= done { EXPLAINED } else { background })
                })
                .collect();
            for &feature in *features {
                let (Some(own), Some(other)) = (
                    self.features.columns().get(feature),
                    self.background.columns().get(feature),
                ) else {
                    continue;
                };
                mixed.replace(feature, pick(&own.values, row, &other.values, &picks));
            }
        }
        mixed
    }
}

/// Values of the explained row or of background rows.
fn pick(
    own: &FeatureValues,
    row: usize,
    background: &FeatureValues,
    picks: &[usize],
) -> FeatureValues {
    fn of<T: Copy>(own: T, background: &[T], picks: &[usize]) -> Vec<T> {
        let values = picks
            .iter()
            .map(|&pick| background.get(pick).copied().unwrap_or(own));
        values.collect()
    }
    match (own, background) {
        (FeatureValues::Numeric(own), FeatureValues::Numeric(background)) => {
            FeatureValues::Numeric(of(own[row], background, picks))
        }
        (
            FeatureValues::Categorical { codes: own, levels },
            FeatureValues::Categorical {
                codes: background, ..
            },
        ) => FeatureValues::Categorical {
            codes: of(own[row], background, picks),
            levels: *levels,
        },
        // One preparation makes columns of one kind.
        _ => own.take(&vec![row; picks.len()]),
    }
}
