//! Fitted trees: bins, nodes, and the average of their answers.

use super::binning::{Binned, Binner};
use super::growing::{Grower, Growth, Sample};
use super::nodes::{Forest, Tree};
use super::statistic::{ClassStatistic, Impurity, MeanStatistic};
use crate::kernels::random::Random;
use crate::{Features, FitContext, FitError, Fitted, Prediction, State, StateError, Target};
use rayon::prelude::*;

/// Rows that are answered together, so that a tree stays in the cache.
const BLOCK: usize = 256;

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
    pub(crate) target: &'a Target,
    pub(crate) centre: f64,
    pub(crate) impurity: Impurity,
    pub(crate) growth: Growth,
}

impl Ground<'_> {
    /// Grows one tree from some rows (rising) with their weights (empty: 1 each).
    pub(crate) fn grow(
        &self,
        rows: Vec<u32>,
        weights: Vec<f32>,
        random: Random,
        context: &FitContext<'_>,
    ) -> Result<Tree, FitError> {
        match self.target {
            Target::Values(values) => {
                let values = rows
                    .iter()
                    .map(|&row| values[row as usize] - self.centre)
                    .collect();
                let sample = Sample {
                    rows,
                    values,
                    weights,
                };
                Grower::<2, _>::new(
                    self.binner,
                    self.binned,
                    MeanStatistic,
                    self.growth,
                    random,
                    sample,
                )
                .grow(context)
            }
            Target::Classes { indices, classes } => {
                let values: Vec<u16> = rows
                    .iter()
                    .map(|&row| indices[row as usize] as u16)
                    .collect();
                let sample = Sample {
                    rows,
                    values,
                    weights,
                };
                match classes.next_power_of_two() {
                    0..=2 => self.grow_classes::<2>(sample, random, *classes, context),
                    4 => self.grow_classes::<4>(sample, random, *classes, context),
                    8 => self.grow_classes::<8>(sample, random, *classes, context),
                    16 => self.grow_classes::<16>(sample, random, *classes, context),
                    32 => self.grow_classes::<32>(sample, random, *classes, context),
                    64..=128 => self.grow_classes::<128>(sample, random, *classes, context),
                    256..=1024 => self.grow_classes::<1024>(sample, random, *classes, context),
                    _ => Err(FitError::Data(format!(
                        "{classes} classes are too many for trees; at most 1024 can be told apart"
                    ))),
                }
            }
        }
    }

    fn grow_classes<const N: usize>(
        &self,
        sample: Sample<u16>,
        random: Random,
        classes: usize,
        context: &FitContext<'_>,
    ) -> Result<Tree, FitError> {
        let statistic = ClassStatistic::<N> {
            classes,
            impurity: self.impurity,
        };
        Grower::new(
            self.binner,
            self.binned,
            statistic,
            self.growth,
            random,
            sample,
        )
        .grow(context)
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
        sums.par_chunks_mut(BLOCK * width)
            .enumerate()
            .for_each_init(Vec::new, |bins, (block, sums)| {
                self.binner
                    .bin_rows(features, block * BLOCK, sums.len() / width, bins);
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
