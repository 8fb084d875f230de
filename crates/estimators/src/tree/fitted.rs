//! Fitted trees: bins, nodes, and the average of their answers.

use super::binning::{Binned, Binner};
use super::growing::{Grower, Growth};
use super::nodes::{Forest, Tree};
use super::options::{self, Impurity};
use super::statistic::{
    ClassStatistic, Draws, Entry, PackedMean, Statistic, WideMean, fits_packed,
};
use crate::kernels::random::Random;
use crate::linear::weights::class_weights;
use crate::{
    Features, FitContext, FitError, Fitted, Params, Prediction, State, StateError, Target,
    TrainingData,
};
use rayon::prelude::*;

/// Bytes of rows that are answered together, tree by tree, so that each tree is read once for many rows.
const BLOCK_BYTES: usize = 1 << 17;
/// Classes at most.
const MOST_CLASSES: usize = 1024;

/// One tree or many.
pub(crate) struct FittedTrees {
    pub(crate) binner: Binner,
    pub(crate) forest: Forest,
    /// 0 for numbers.
    pub(crate) classes: usize,
    /// Added to numbers; trees see the target without its mean, so that sums stay small.
    pub(crate) centre: f64,
    pub(crate) oob_score: Option<f64>,
}

/// What all trees of a fit share.
pub(crate) struct Ground<'a> {
    pub(crate) binner: &'a Binner,
    pub(crate) binned: &'a Binned,
    impurity: Impurity,
    pub(crate) growth: Growth,
    weights: Option<&'a [f64]>,
    class_weights: Option<Vec<f64>>,
    aim: Aim<'a>,
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
        centre: f64,
        growth: Growth,
    ) -> Result<Self, FitError> {
        let aim = match data.target {
            Target::Classes { classes, .. } if *classes > MOST_CLASSES => {
                return Err(FitError::Data(format!(
                    "{classes} classes are too many for trees; at most {MOST_CLASSES} can be told apart"
                )));
            }
            Target::Classes { indices, classes } => Aim::Classes(indices, *classes),
            Target::Values(values) => {
                let centred: Vec<f64> = values.iter().map(|value| value - centre).collect();
                let packed = data.weights.is_none() && fits_packed(&centred);
                Aim::Values(centred, packed)
            }
        };
        Ok(Self {
            binner,
            binned,
            impurity: options::impurity(params, data.target)?,
            growth,
            weights: data.weights,
            class_weights: class_weights(params, data.target, data.weights),
            aim,
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
                let sample = WideMean::new(target, self.weights, draws);
                self.grower::<2, _>(sample, random).grow(context)
            }
            Aim::Classes(indices, classes) => match classes.next_power_of_two() {
                0..=2 => self.grow_classes::<2>(indices, *classes, draws, random, context),
                4 => self.grow_classes::<4>(indices, *classes, draws, random, context),
                8 => self.grow_classes::<8>(indices, *classes, draws, random, context),
                16 => self.grow_classes::<16>(indices, *classes, draws, random, context),
                32 => self.grow_classes::<32>(indices, *classes, draws, random, context),
                64..=128 => self.grow_classes::<128>(indices, *classes, draws, random, context),
                _ => self.grow_classes::<MOST_CLASSES>(indices, *classes, draws, random, context),
            },
        }
    }

    fn grow_classes<const N: usize>(
        &self,
        indices: &[u32],
        classes: usize,
        draws: Draws<'_>,
        random: Random,
        context: &FitContext<'_>,
    ) -> Result<Tree, FitError> {
        let sample = ClassStatistic::<N>::new(
            (indices, classes),
            self.impurity,
            self.class_weights.as_deref(),
            self.weights,
            draws,
        );
        self.grower(sample, random).grow(context)
    }

    fn grower<const N: usize, S: Statistic<N>>(
        &self,
        sample: (S, Vec<Entry<S::Word>>),
        random: Random,
    ) -> Grower<'_, N, S> {
        Grower::new(self.binner, self.binned, sample, self.growth, random)
    }
}

/// The mean that trees do not see (0 for classes).
pub(crate) fn centre(target: &Target) -> f64 {
    match target {
        Target::Values(values) if !values.is_empty() => {
            values.iter().sum::<f64>() / values.len() as f64
        }
        _ => 0.0,
    }
}

/// Whether there is anything to learn from.
pub(crate) fn check(features: &Features, target: &Target) -> Result<usize, FitError> {
    if target.is_empty() || features.columns().is_empty() {
        return Err(FitError::Data(
            "there are no rows or no columns to learn from".to_owned(),
        ));
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
            centre: state.f64s("centre")?.first().copied().unwrap_or(0.0),
            oob_score: state.meta("oob_score")?,
        };
        if fitted.binner.width() != fitted.forest.features()
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
        let block = (BLOCK_BYTES / self.binner.width().max(1)).clamp(64, 8192);
        let block = block.min(features.rows().div_ceil(64)).max(64);
        sums.par_chunks_mut(block * width)
            .enumerate()
            .for_each_init(Vec::new, |bins, (index, sums)| {
                self.binner
                    .bin_rows(features, index * block, sums.len() / width, bins);
                self.forest.add_answers(bins, sums);
            });
        let trees = self.forest.trees() as f64;
        if self.classes > 0 {
            sums.iter_mut().for_each(|sum| *sum /= trees);
            Prediction::Classes {
                probabilities: sums,
                classes: self.classes,
            }
        } else {
            sums.iter_mut()
                .for_each(|sum| *sum = *sum / trees + self.centre);
            Prediction::Values(sums)
        }
    }

    fn save(&self) -> State {
        State::default()
            .nest("bins", self.binner.save())
            .nest("trees", self.forest.save())
            .with_meta("classes", self.classes)
            .with_meta("oob_score", self.oob_score)
            .with("centre", crate::Array::F64(vec![self.centre]))
    }
}
