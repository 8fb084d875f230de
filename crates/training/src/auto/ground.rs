//! Where contenders are judged: which training rows each learns from, and on which it is asked. All are judged on the same
//! rows, however few they learn from, so that any two can be compared row by row.

use crate::error::TrainError;
use crate::spec::Effort;
use crate::train::Prepared;
use trainyard_estimators::Target;
use trainyard_estimators::split::{Split, TrainAndTest, holdout};

/// Up to so many rows there are five folds, or three.
const FIVE_FOLDS: usize = 5_000;
const THREE_FOLDS: usize = 20_000;
/// Share held back of larger tables, and most rows that are judged on.
const HELD_BACK: f64 = 0.2;
const MOST_JUDGED: usize = 30_000;

/// The rows that judge.
pub(super) struct Ground {
    splits: Vec<TrainAndTest>,
    /// What there is to be said about the judged rows, split after split.
    pub(super) target: Target,
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
            *judged = some(judged, &prepared.train_target, share, seed)?;
        }
        let judged: Vec<usize> = splits
            .iter()
            .flat_map(|(_, judged)| judged)
            .copied()
            .collect();
        Ok(Self {
            splits,
            target: prepared.train_target.take(&judged),
            seed,
        })
    }

    /// A round in which a share of the rows is learned from, class by class.
    pub(super) fn rung(
        &self,
        number: u32,
        share: f64,
        prepared: &Prepared<'_>,
    ) -> Result<Rung, TrainError> {
        let splits = self.splits.iter().map(|(learned, judged)| {
            let learned = some(learned, &prepared.train_target, share, self.seed)?;
            Ok((learned, judged.clone()))
        });
        Ok(Rung {
            number,
            splits: splits.collect::<Result<_, TrainError>>()?,
        })
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

/// A share of some rows, in their order.
fn some(rows: &[usize], target: &Target, share: f64, seed: u64) -> Result<Vec<usize>, TrainError> {
    if share >= 1.0 || rows.len() < 4 {
        return Ok(rows.to_vec());
    }
    // What is "held out" here is simply left aside.
    let aside = (1.0 - share).min(1.0 - 2.0 / rows.len() as f64);
    let (kept, _) = holdout(Split::Stratified, &target.take(rows), aside, seed ^ 0x9e37)?;
    Ok(kept.into_iter().map(|place| rows[place]).collect())
}
