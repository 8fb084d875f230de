//! Rows by class, several classes to a word.

use super::impurity::shares;
use super::{Draws, Entry, Row, Slot, Statistic, drawn, drawn_count};
use crate::tree::options::Impurity;
use crate::tree::small::{SmallClasses, SmallNode};

/// Bits of a lane that say how far a count is moved in its word; the bits above say in which word.
const SHIFT_BITS: u32 = 6;
const SHIFT_MASK: u16 = (1 << SHIFT_BITS) - 1;

/// Rows without weights of their own, counted by class in `N` words.
#[derive(Clone, Debug)]
pub(crate) struct ClassCounts<const N: usize> {
    impurity: Impurity,
    /// The largest count.
    mask: i64,
    /// Where each class is counted.
    lanes: Vec<u16>,
    /// What a row of each class weighs.
    factors: Vec<f64>,
}

/// Words that counts take, for this many classes and rows (with repetition, when they are `draws`).
pub(crate) fn words(classes: usize, rows: usize, draws: Draws<'_>) -> usize {
    classes.div_ceil(classes_of_a_word(drawn_count(rows, draws)))
}

fn bits(rows: u64) -> u32 {
    (u64::BITS - rows.leading_zeros()).max(1)
}

fn classes_of_a_word(rows: u64) -> usize {
    // A word is never negative.
    (63 / bits(rows)).max(1) as usize
}

impl<const N: usize> ClassCounts<N> {
    /// The statistic and the rows to grow from. `class_weights`: the factor of each class.
    pub(crate) fn new(
        (indices, classes): (&[u32], usize),
        impurity: Impurity,
        class_weights: Option<&[f64]>,
        draws: Draws<'_>,
    ) -> (Self, Vec<Entry<u16, u16>>) {
        let rows = drawn_count(indices.len(), draws);
        let (bits, together) = (bits(rows), classes_of_a_word(rows));
        let lane = |class: usize| {
            let (word, place) = (class / together, class % together);
            ((word as u16) << SHIFT_BITS) | (place as u16 * bits as u16)
        };
        let lanes: Vec<u16> = (0..classes).map(lane).collect();
        let entries = drawn(indices.len(), draws, None).map(|(row, count)| Entry {
            row,
            lane: lanes[indices[row as usize] as usize],
            word: count as u16,
        });
        let entries = entries.collect();
        let factors = class_weights.map_or_else(|| vec![1.0; classes], <[f64]>::to_vec);
        (
            Self {
                impurity,
                mask: (1 << bits) - 1,
                lanes,
                factors,
            },
            entries,
        )
    }

    #[inline(always)]
    fn count_at(&self, slot: &Slot<N>, lane: u16) -> i64 {
        slot[word(lane) & (N - 1)] >> (lane & SHIFT_MASK) & self.mask
    }

    #[inline(always)]
    fn weights(&self, slot: &Slot<N>) -> impl Iterator<Item = f64> + Clone {
        let lanes = self.lanes.iter().zip(&self.factors);
        lanes.map(|(&lane, factor)| self.count_at(slot, lane) as f64 * factor)
    }
}

#[inline(always)]
fn word(lane: u16) -> usize {
    (lane >> SHIFT_BITS) as usize
}

impl<const N: usize> Statistic<N> for ClassCounts<N> {
    type Entry = Entry<u16, u16>;
    type Judge = SmallClasses;

    fn lanes(&self) -> usize {
        self.lanes.len()
    }

    #[inline(always)]
    fn lane(&self, slot: &Slot<N>, lane: usize) -> f64 {
        self.count_at(slot, self.lanes[lane]) as f64 * self.factors[lane]
    }

    #[inline(always)]
    fn spread(&self, slots: &[Slot<N>], lane: usize, more: f64, out: &mut [f64]) {
        // In registers, so that vectors of slots are taken apart at once.
        let (lane, mask, factor) = (self.lanes[lane], self.mask, self.factors[lane]);
        let (word, shift) = (word(lane) & (N - 1), lane & SHIFT_MASK);
        for (out, slot) in out.iter_mut().zip(slots) {
            *out = f64::from((slot[word] >> shift & mask) as u32) * factor + more;
        }
    }

    #[inline(always)]
    fn scores(&self, left: &[Row], totals: &[f64], scores: &mut [f64]) {
        self.impurity.scores(left, totals, scores);
    }

    #[inline(always)]
    fn add(slot: &mut Slot<N>, entry: &Entry<u16, u16>) {
        // N is a power of two: the mask takes the bounds check away.
        slot[word(entry.lane) & (N - 1)] += i64::from(entry.word) << (entry.lane & SHIFT_MASK);
    }

    #[inline(always)]
    fn count(&self, slot: &Slot<N>) -> i64 {
        let lanes = self.lanes.iter();
        lanes.map(|&lane| self.count_at(slot, lane)).sum()
    }

    #[inline(always)]
    fn weight(&self, slot: &Slot<N>) -> f64 {
        self.weights(slot).sum()
    }

    #[inline(always)]
    fn score(&self, slot: &Slot<N>) -> f64 {
        self.impurity.score(self.weights(slot))
    }

    fn is_pure(&self, _: &[Entry<u16, u16>], slot: &Slot<N>) -> bool {
        let lanes = self.lanes.iter();
        lanes
            .filter(|&&lane| self.count_at(slot, lane) != 0)
            .count()
            < 2
    }

    fn answer(&self, _: &[Entry<u16, u16>], slot: &Slot<N>, out: &mut Vec<f64>) {
        shares(self.weights(slot), out);
    }

    #[inline(always)]
    fn order(&self, slot: &Slot<N>) -> Option<f64> {
        (self.lanes.len() == 2)
            .then(|| self.lane(slot, 1) / self.weight(slot).max(f64::MIN_POSITIVE))
    }

    #[inline(always)]
    fn small(
        &self,
        entries: &[Entry<u16, u16>],
        _: &Slot<N>,
        node: &mut SmallNode<SmallClasses>,
    ) -> bool {
        // Lanes rise with the class; nothing to guess here for the processor.
        let below = |lane: u16| self.lanes.iter().map(move |&own| u32::from(own < lane));
        let class = |entry: &Entry<u16, u16>| below(entry.lane).sum();
        let count = |entry: &Entry<u16, u16>| entry.word;
        self.impurity == Impurity::Gini && node.fill(entries, class, count, &self.factors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_class_is_counted_by_itself(
            rows in prop::collection::vec((0_u32..11, 1_u16..600), 1..300),
            parts in prop::collection::vec(any::<bool>(), 300),
        ) {
            let indices: Vec<u32> = rows.iter().map(|row| row.0).collect();
            let draws: Vec<u16> = rows.iter().map(|row| row.1).collect();
            let (counts, entries) = ClassCounts::<8>::new((&indices, 11), Impurity::Gini, None, Some(&draws));
            prop_assert!(words(11, indices.len(), Some(&draws)) <= 8);
            let (mut whole, mut part) = ([0; 8], [0; 8]);
            let mut expected = [0_i64; 11];
            for (entry, &inside) in entries.iter().zip(&parts) {
                ClassCounts::add(&mut whole, entry);
                if inside {
                    ClassCounts::add(&mut part, entry);
                } else {
                    expected[indices[entry.row as usize] as usize] += i64::from(draws[entry.row as usize]);
                }
            }
            let rest = super::super::minus(&whole, &part);
            for (class, &expected) in expected.iter().enumerate() {
                prop_assert_eq!(counts.lane(&rest, class), expected as f64);
            }
            prop_assert_eq!(counts.count(&rest), expected.iter().sum::<i64>());
        }
    }
}
