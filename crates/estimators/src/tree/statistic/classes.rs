//! Weights by class.

use super::impurity::shares;
use super::{Draws, Entry, Packing, Row, Slot, Statistic, drawn, drawn_count};
use crate::tree::options::Impurity;
use crate::tree::small::{SmallClasses, SmallNode};

/// Sums of weighted rows by class; `N` is the number of classes rounded up to a power of two.
#[derive(Clone, Debug)]
pub(crate) struct ClassWeights<const N: usize> {
    classes: usize,
    impurity: Impurity,
    packing: Packing,
    /// What one unit of a class's sum weighs.
    factors: [f64; N],
}

impl<const N: usize> ClassWeights<N> {
    /// The statistic and the rows to grow from. `class_weights`: the factor of each class; `weights`: of each row.
    pub(crate) fn new(
        (indices, classes): (&[u32], usize),
        impurity: Impurity,
        class_weights: Option<&[f64]>,
        weights: &[f64],
        draws: Draws<'_>,
    ) -> (Self, Vec<Entry<u32, i64>>) {
        let rows = || drawn(indices.len(), draws, Some(weights));
        let packing = Packing::of(drawn_count(indices.len(), draws));
        let total = rows()
            .map(|(row, count)| count as f64 * weights[row as usize])
            .sum();
        let unit = packing.unit(total);
        let mut factors = [0.0; N];
        for (class, factor) in factors.iter_mut().enumerate().take(classes) {
            *factor = class_weights.map_or(1.0, |factors| factors[class]) * unit;
        }
        let entries = rows().map(|(row, count)| {
            let sum = (count as f64 * weights[row as usize] / unit).round() as i64;
            Entry {
                row,
                lane: indices[row as usize],
                word: packing.pack(sum, count),
            }
        });
        let entries = entries.collect();
        (
            Self {
                classes,
                impurity,
                packing,
                factors,
            },
            entries,
        )
    }

    #[inline(always)]
    fn weights(&self, slot: &Slot<N>) -> impl Iterator<Item = f64> + Clone {
        let sums = slot.iter().zip(&self.factors).take(self.classes);
        sums.map(|(&word, factor)| self.packing.sum(word) as f64 * factor)
    }
}

impl<const N: usize> Statistic<N> for ClassWeights<N> {
    type Entry = Entry<u32, i64>;
    type Judge = SmallClasses;

    fn lanes(&self) -> usize {
        self.classes
    }

    #[inline(always)]
    fn lane(&self, slot: &Slot<N>, lane: usize) -> f64 {
        self.packing.sum(slot[lane]) as f64 * self.factors[lane]
    }

    #[inline(always)]
    fn scores(&self, left: &[Row], totals: &[f64], scores: &mut [f64]) {
        self.impurity.scores(left, totals, scores);
    }

    #[inline(always)]
    fn add(slot: &mut Slot<N>, entry: &Entry<u32, i64>) {
        // N is a power of two: the mask takes the bounds check away.
        slot[entry.lane as usize & (N - 1)] += entry.word;
    }

    #[inline(always)]
    fn count(&self, slot: &Slot<N>) -> i64 {
        slot.iter().map(|&word| self.packing.count(word)).sum()
    }

    #[inline(always)]
    fn weight(&self, slot: &Slot<N>) -> f64 {
        self.weights(slot).sum()
    }

    #[inline(always)]
    fn score(&self, slot: &Slot<N>) -> f64 {
        self.impurity.score(self.weights(slot))
    }

    fn is_pure(&self, _: &[Entry<u32, i64>], slot: &Slot<N>) -> bool {
        slot.iter().filter(|&&word| word != 0).count() < 2
    }

    fn answer(&self, _: &[Entry<u32, i64>], slot: &Slot<N>, out: &mut Vec<f64>) {
        shares(self.weights(slot), out);
    }

    #[inline(always)]
    fn order(&self, slot: &Slot<N>) -> Option<f64> {
        (self.classes == 2).then(|| self.lane(slot, 1) / self.weight(slot).max(f64::MIN_POSITIVE))
    }

    #[inline(always)]
    fn small(&self, _: &[Entry<u32, i64>], _: &Slot<N>, _: &mut SmallNode<SmallClasses>) -> bool {
        false
    }
}
