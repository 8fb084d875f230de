//! Fitted trees: bins, nodes, and the average of their answers.

use super::binning::{Binned, Binner};
use super::chance::Spans;
use super::grouped::GroupedRows;
use super::growing::{Grower, Growth, Table};
use super::nodes::{Block, Forest, rows_together};
use super::options::{self, Impurity};
use super::region::Region;
use super::sapling::Tree;
use super::statistic::{
    ClassCounts, ClassWeights, Draws, PackedMean, Statistic, WideMean, fits_packed, words,
};
use crate::diagram::{Answers, TreeSet};
use crate::explain::{self, Contributions, Method, Scale};
use crate::kernels::random::Random;
use crate::linear::weights::{class_weights, normalised};
use crate::{
    Array, Features, FitContext, FitError, Fitted, Params, Prediction, State, StateError, Target,
    TrainingData,
};
use rayon::prelude::*;

/// Classes at most.
const MOST_CLASSES: usize = 1024;

/// One tree or many.
pub(crate) struct FittedTrees {
    pub(crate) binner: Binner,
    pub(crate) forest: Forest,
    /// 0 for numbers.
    pub(crate) classes: usize,
    /// What trees do not see of numbers.
    pub(crate) centre: Centre,
    pub(crate) oob_score: Option<f64>,
}

/// What all trees of a fit share.
pub(crate) struct Ground<'a> {
    pub(crate) binner: &'a Binner,
    pub(crate) binned: &'a Binned,
    /// Where small nodes get regions of their own: what they are copied from.
    grouped: Option<GroupedRows>,
    impurity: Impurity,
    pub(crate) growth: Growth,
    /// With a mean of 1.
    weights: Option<Vec<f64>>,
    class_weights: Option<Vec<f64>>,
    aim: Aim<'a>,
    /// Where thresholds are drawn by chance: from what.
    pub(crate) spans: Option<&'a Spans>,
}

/// What is to be learned, as the trees see it.
enum Aim<'a> {
    Classes(&'a [u32], usize),
    /// Less the mean, so that sums stay small; and whether sums and counts share a word.
    Values(Vec<f64>, bool),
}

impl<'a> Ground<'a> {
    /// Everything but the drawing of rows.
    pub(crate) fn new(
        params: &Params,
        data: &TrainingData<'a>,
        (binner, binned): (&'a Binner, &'a Binned),
        centre: Centre,
        growth: Growth,
    ) -> Result<Self, FitError> {
        let weights = normalised(data.weights)?;
        let aim = match data.target {
            Target::Classes { classes, .. } if *classes > MOST_CLASSES => {
                return Err(FitError::Data(format!(
                    "{classes} classes are too many for trees; at most {MOST_CLASSES} can be told apart"
                )));
            }
            Target::Classes { indices, classes } => Aim::Classes(indices, *classes),
            Target::Values(values) => {
                let centred: Vec<f64> =
                    values.iter().map(|&value| centre.take_off(value)).collect();
                let packed = weights.is_none() && fits_packed(&centred);
                Aim::Values(centred, packed)
            }
        };
        // Best-first growth jumps between subtrees: a region would be copied again and again.
        // Nor has it the bins over several columns.
        let pays = growth.max_leaf_nodes.is_none()
            && !binner.is_fine()
            && Region::pays(binner.width(), growth.max_features);
        Ok(Self {
            binner,
            binned,
            grouped: pays.then(|| GroupedRows::new(binned)),
            impurity: options::impurity(params, data.target)?,
            growth,
            class_weights: class_weights(params, data.target, weights.as_deref()),
            weights,
            aim,
            spans: None,
        })
    }

    /// Grows one tree from rows as often as they were drawn.
    pub(crate) fn grow(
        &self,
        draws: Draws<'_>,
        random: Random,
        context: &FitContext<'_>,
    ) -> Result<Tree, FitError> {
        match &self.aim {
            Aim::Values(target, true) => self
                .grower(PackedMean::new(target, draws), random)
                .grow(context),
            Aim::Values(target, false) => {
                let sample = WideMean::new(target, self.weights.as_deref(), draws);
                self.grower::<2, _>(sample, random).grow(context)
            }
            Aim::Classes(indices, classes) => {
                let own = (*indices, *classes);
                let Some(weights) = self.weights.as_deref() else {
                    return match words(*classes, indices.len(), draws).next_power_of_two() {
                        0..=1 => self.count_classes::<1>(own, draws, random, context),
                        2 => self.count_classes::<2>(own, draws, random, context),
                        4 => self.count_classes::<4>(own, draws, random, context),
                        8..=16 => self.count_classes::<16>(own, draws, random, context),
                        _ => self.count_classes::<MOST_CLASSES>(own, draws, random, context),
                    };
                };
                let own = (own.0, own.1, weights);
                match classes.next_power_of_two() {
                    0..=2 => self.weigh_classes::<2>(own, draws, random, context),
                    4..=8 => self.weigh_classes::<8>(own, draws, random, context),
                    16..=64 => self.weigh_classes::<64>(own, draws, random, context),
                    _ => self.weigh_classes::<MOST_CLASSES>(own, draws, random, context),
                }
            }
        }
    }

    fn count_classes<const N: usize>(
        &self,
        classes: (&[u32], usize),
        draws: Draws<'_>,
        random: Random,
        context: &FitContext<'_>,
    ) -> Result<Tree, FitError> {
        let factors = self.class_weights.as_deref();
        let sample = ClassCounts::<N>::new(classes, self.impurity, factors, draws);
        self.grower(sample, random).grow(context)
    }

    fn weigh_classes<const N: usize>(
        &self,
        (indices, classes, weights): (&[u32], usize, &[f64]),
        draws: Draws<'_>,
        random: Random,
        context: &FitContext<'_>,
    ) -> Result<Tree, FitError> {
        let factors = self.class_weights.as_deref();
        let classes = (indices, classes);
        let sample = ClassWeights::<N>::new(classes, self.impurity, factors, weights, draws);
        self.grower(sample, random).grow(context)
    }

    fn grower<const N: usize, S: Statistic<N>>(
        &self,
        sample: (S, Vec<S::Entry>),
        random: Random,
    ) -> Grower<'_, N, S> {
        Grower::new(
            Table {
                binner: self.binner,
                binned: self.binned,
                grouped: self.grouped.as_ref(),
                spans: self.spans,
            },
            sample,
            self.growth,
            random,
        )
    }
}

/// What is taken off numbers before trees see them, so that sums stay small and do not overflow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Centre {
    pub(crate) mean: f64,
    /// 1, but for numbers near the end of what there is.
    pub(crate) scale: f64,
}

/// Numbers from which sums are scaled.
const HUGE: f64 = 1e100;

impl Centre {
    /// Nothing is taken off.
    pub(crate) const NONE: Self = Self {
        mean: 0.0,
        scale: 1.0,
    };

    /// So that no number is more than 2 away from 0; of classes, nothing.
    pub(crate) fn to_unit(target: &Target) -> Self {
        let own = Self::of(target);
        let Target::Values(values) = target else {
            return own;
        };
        let widest = values.iter().fold(0.0, |most: f64, &value| {
            most.max((value / own.scale - own.mean).abs())
        });
        // A power of two takes nothing off the digits.
        let width = if widest > 0.0 {
            widest.log2().ceil().exp2()
        } else {
            1.0
        };
        Self {
            mean: own.mean / width,
            scale: own.scale * width,
        }
    }

    /// Of a target; of classes, nothing is taken off.
    pub(crate) fn of(target: &Target) -> Self {
        let Target::Values(values) = target else {
            return Self::NONE;
        };
        let count = values.len().max(1) as f64;
        let largest = values
            .iter()
            .fold(0.0, |most: f64, value| most.max(value.abs()));
        let scale = if largest > HUGE { largest } else { 1.0 };
        Self {
            mean: values.iter().map(|value| value / scale).sum::<f64>() / count,
            scale,
        }
    }

    /// The number as trees see it.
    pub(crate) fn take_off(self, value: f64) -> f64 {
        value / self.scale - self.mean
    }

    /// Writes it down.
    pub(crate) fn save(self) -> Array {
        Array::F64(vec![self.mean, self.scale])
    }

    /// Reads what [`save`](Self::save) wrote.
    pub(crate) fn load(state: &State) -> Result<Self, StateError> {
        match *state.f64s("centre")? {
            [mean, scale] if mean.is_finite() && scale.is_finite() && scale > 0.0 => {
                Ok(Self { mean, scale })
            }
            _ => Err(StateError("the mean does not fit".to_owned())),
        }
    }

    /// The number that trees see as this one.
    pub(crate) fn put_back(self, value: f64) -> f64 {
        ((value + self.mean) * self.scale).clamp(f64::MIN, f64::MAX)
    }

    /// Starting points, and the differences that lead from them to answers, in the target's own unit.
    pub(crate) fn put_back_parts(self, starts: &mut [f64], differences: &mut [f64]) {
        starts
            .iter_mut()
            .for_each(|start| *start = self.put_back(*start));
        differences.iter_mut().for_each(|difference| {
            *difference = (*difference * self.scale).clamp(f64::MIN, f64::MAX);
        });
    }
}

/// Whether there is anything to learn from.
pub(crate) fn check(features: &Features, target: &Target) -> Result<usize, FitError> {
    if target.is_empty() || features.columns().is_empty() {
        return Err(FitError::empty());
    }
    if features.columns().len() > usize::from(u16::MAX) {
        return Err(FitError::Data(format!(
            "{} columns are too many for trees; at most {} can be used",
            features.columns().len(),
            u16::MAX
        )));
    }
    Ok(match target {
        Target::Classes { classes, .. } => *classes,
        Target::Values(_) => 0,
    })
}

impl FittedTrees {
    /// Numbers in one answer.
    pub(crate) fn width(classes: usize) -> usize {
        classes.max(1)
    }

    /// Reads what [`Fitted::save`] wrote.
    pub(crate) fn load(state: &State) -> Result<Box<dyn Fitted>, StateError> {
        let fitted = Self {
            binner: Binner::load(&state.part("bins"))?,
            forest: Forest::load(&state.part("trees"))?,
            classes: state.meta("classes")?,
            centre: Centre::load(state)?,
            oob_score: state.meta("oob_score")?,
        };
        if fitted.binner.width() != fitted.forest.columns()
            || fitted.forest.width() != Self::width(fitted.classes)
        {
            return Err(StateError("bins and trees do not fit together".to_owned()));
        }
        Ok(Box::new(fitted))
    }
}

impl Fitted for FittedTrees {
    fn predict(&self, features: &Features) -> Prediction {
        let width = Self::width(self.classes);
        let mut sums = vec![0.0; features.rows() * width];
        let block = rows_together(features.rows(), self.forest.asked_columns());
        let answer = |rows: &mut Block, (index, sums): (usize, &mut [f64])| {
            rows.fill(
                &self.forest,
                &self.binner,
                features,
                index * block,
                sums.len() / width,
            );
            self.forest.add_answers(rows, sums);
        };
        if features.rows() <= block {
            // Waking other threads takes longer than a few rows.
            answer(&mut Block::default(), (0, &mut sums));
        } else {
            sums.par_chunks_mut(block * width)
                .enumerate()
                .for_each_init(Block::default, answer);
        }
        let trees = self.forest.trees() as f64;
        if self.classes > 0 {
            sums.iter_mut().for_each(|sum| *sum /= trees);
            Prediction::Classes {
                probabilities: sums,
                classes: self.classes,
            }
        } else {
            sums.iter_mut()
                .for_each(|sum| *sum = self.centre.put_back(*sum / trees));
            Prediction::Values(sums)
        }
    }

    fn contributions(&self, features: &Features) -> Option<Contributions> {
        let outputs = Self::width(self.classes);
        let mut sums = explain::trees::sums(&self.forest, &self.binner, features, outputs)?;
        let trees = self.forest.trees() as f64;
        let all = sums.base.iter_mut().chain(&mut sums.values);
        all.for_each(|sum| *sum /= trees);
        let scale = if self.classes > 0 {
            Scale::Probability
        } else {
            self.centre.put_back_parts(&mut sums.base, &mut sums.values);
            Scale::Number
        };
        Some(Contributions {
            outputs,
            features: self.binner.features(),
            base: sums.base,
            values: sums.values,
            scale,
            method: Method::Trees,
        })
    }

    fn trees(&self) -> Option<TreeSet<'_>> {
        Some(TreeSet {
            binner: &self.binner,
            forest: &self.forest,
            answers: if self.classes > 0 {
                Answers::Shares
            } else {
                Answers::Values(self.centre)
            },
        })
    }

    fn save(&self) -> State {
        State::default()
            .nest("bins", self.binner.save())
            .nest("trees", self.forest.save())
            .with_meta("classes", self.classes)
            .with_meta("oob_score", self.oob_score)
            .with("centre", self.centre.save())
    }
}
