//! Where contenders are judged: which training rows each learns from, and on which it is asked. All are judged on the same
//! rows, however few they learn from, so that any two can be compared row by row. Few rows can be divided again and again.

use crate::error::TrainError;
use crate::learning::beginning;
use crate::spec::Effort;
use crate::train::Prepared;
use trainyard_estimators::Target;
use trainyard_estimators::split::{Division, TrainAndTest, nested_order};

/// Up to so many rows there are five folds, or three.
const FIVE_FOLDS: usize = 5_000;
const THREE_FOLDS: usize = 20_000;
/// Share held back of larger tables, and most rows that are judged on.
const HELD_BACK: f64 = 0.2;
const MOST_JUDGED: usize = 30_000;

/// The rows that judge.
pub(super) struct Ground {
    splits: Vec<TrainAndTest>,
    /// The judged rows (positions in the training part), split after split, and division after division where there are
    /// others.
    pub(super) judged: Vec<usize>,
    /// What there is to be said about them.
    pub(super) target: Target,
    /// How many of them the first division judges.
    pub(super) first: usize,
    seed: u64,
}

/// A round: the same judged rows, and a share of the rows to learn from.
pub(super) struct Rung {
    /// From 1.
    pub(super) number: u32,
    pub(super) splits: Vec<TrainAndTest>,
}

impl Ground {
    pub(super) fn new(prepared: &Prepared<'_>) -> Result<Self, TrainError> {
        let rows = prepared.train.rows();
        let folds = match prepared.spec.effort {
            Effort::Quick if rows > FIVE_FOLDS => 1,
            Effort::Quick => 3,
            _ if rows <= FIVE_FOLDS => 5,
            _ if rows <= THREE_FOLDS => 3,
            _ => 1,
        };
        let seed = prepared.spec.seed;
        let mut splits = if folds > 1 {
            prepared.folds(folds)?
        } else {
            let (division, target) = (&prepared.division, &prepared.train_target);
            let split = division.holdout(target, HELD_BACK, seed)?;
            prepared.spec.split.learnable(vec![split], target)?
        };
        for (_, judged) in &mut splits {
            let share = MOST_JUDGED as f64 / judged.len() as f64;
            *judged = some(judged, &prepared.train_target, share, seed);
        }
        let judged = all_judged(&splits);
        Ok(Self {
            splits,
            target: prepared.train_target.take(&judged),
            first: judged.len(),
            judged,
            seed,
        })
    }

    /// Whether the rows can be divided in other ways: not those that follow each other in time, and where a part was held
    /// back, it is large enough to judge.
    pub(super) fn has_others(&self, prepared: &Prepared<'_>) -> bool {
        self.splits.len() > 1 && !matches!(prepared.division, Division::Times(_))
    }

    /// Another division into as many folds: the same rows are judged, after others were learned from.
    pub(super) fn other(&self, number: u32, prepared: &Prepared<'_>) -> Result<Rung, TrainError> {
        let target = &prepared.train_target;
        let seed = self.seed ^ u64::from(number).wrapping_mul(0xd6e8_feb8_6659_fd93);
        let folds = prepared.division.folds(target, self.splits.len(), seed)?;
        Ok(Rung {
            number,
            splits: prepared.spec.split.learnable(folds, target)?,
        })
    }

    /// Takes a division's rows in, behind the others.
    pub(super) fn extend(&mut self, rung: &Rung, prepared: &Prepared<'_>) {
        self.judged.extend(all_judged(&rung.splits));
        self.target = prepared.train_target.take(&self.judged);
    }

    /// A round in which a share of the rows is learned from, class by class.
    pub(super) fn rung(&self, number: u32, share: f64, prepared: &Prepared<'_>) -> Rung {
        let splits = self.splits.iter().map(|(learned, judged)| {
            let learned = some(learned, &prepared.train_target, share, self.seed);
            (learned, judged.clone())
        });
        Rung {
            number,
            splits: splits.collect(),
        }
    }

    /// Rows learned from and judged on in each split.
    pub(super) fn sizes(&self, share: f64) -> impl Iterator<Item = (usize, usize)> {
        let sizes = self.splits.iter();
        sizes.map(move |(learned, judged)| {
            let learned = (learned.len() as f64 * share).ceil() as usize;
            (learned, judged.len())
        })
    }

    /// Fewest rows that any split learns from.
    pub(super) fn fewest(&self) -> usize {
        let sizes = self.splits.iter().map(|(learned, _)| learned.len());
        sizes.min().unwrap_or(0)
    }
}

impl Rung {
    /// Most rows that were learned from at once.
    pub(super) fn rows(&self) -> usize {
        let sizes = self.splits.iter().map(|(learned, _)| learned.len());
        sizes.max().unwrap_or(0)
    }
}

fn all_judged(splits: &[TrainAndTest]) -> Vec<usize> {
    let judged = splits.iter().flat_map(|(_, judged)| judged);
    judged.copied().collect()
}

/// A share of some rows, in their order; a smaller share is part of a larger one.
fn some(rows: &[usize], target: &Target, share: f64, seed: u64) -> Vec<usize> {
    beginning(target, &nested_order(target, rows, seed, 0), share)
}
