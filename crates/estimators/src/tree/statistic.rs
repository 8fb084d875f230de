//! What a node counts, and how good a division of it is.
//!
//! A slot is the sum over some rows, in whole numbers: sums do not depend on the order of rows, and a part is exactly the
//! whole minus the other part. `score` is the part of the weighted impurity that a division can change, with its sign
//! turned: gain = score(left) + score(right) − score(parent) = weight × impurity decrease.

mod classes;
mod counts;
mod impurity;
mod means;

pub(crate) use classes::ClassWeights;
pub(crate) use counts::{ClassCounts, words};
pub(crate) use means::{PackedMean, WideMean, fits_packed};

use super::small::{Judge, SmallNode};

/// Divisions of one column by threshold at most.
pub(crate) const CANDIDATES: usize = 256;
/// A number for each division.
pub(crate) type Row = [f64; CANDIDATES];

/// Sums over rows.
pub(crate) type Slot<const N: usize> = [i64; N];

/// A row of a node: where its bins are, and what it adds. Rows are moved about often: the fewer bytes the better.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<L, W> {
    /// Row of the binned columns.
    pub(crate) row: u32,
    /// Of classes: where it adds to. Of numbers: the row of the target.
    pub(crate) lane: L,
    /// What it adds.
    pub(crate) word: W,
}

/// Something that stands in a row of the binned columns.
pub(crate) trait Placed: Copy + Send + Sync {
    /// The row.
    fn row(&self) -> u32;

    /// Puts it into another row.
    fn put(&mut self, row: u32);
}

impl<L: Copy + Send + Sync, W: Copy + Send + Sync> Placed for Entry<L, W> {
    #[inline(always)]
    fn row(&self) -> u32 {
        self.row
    }

    #[inline(always)]
    fn put(&mut self, row: u32) {
        self.row = row;
    }
}

/// What is counted and how it is judged; `N` sums a slot.
pub(crate) trait Statistic<const N: usize>: Clone + Sync {
    /// A row of a node.
    type Entry: Placed;

    /// How divisions of small nodes are judged.
    type Judge: Judge;

    /// Counts a row.
    fn add(slot: &mut Slot<N>, entry: &Self::Entry);

    /// Rows, as often as they were drawn.
    fn count(&self, slot: &Slot<N>) -> i64;

    /// Sum of weights.
    fn weight(&self, slot: &Slot<N>) -> f64;

    /// Numbers that a slot becomes when many are judged at once.
    fn lanes(&self) -> usize;

    /// One of these numbers: a class's weight, or (0) weight and (1) sum.
    fn lane(&self, slot: &Slot<N>, lane: usize) -> f64;

    /// This number of many slots, with something more each.
    #[inline(always)]
    fn spread(&self, slots: &[Slot<N>], lane: usize, more: f64, out: &mut [f64]) {
        for (out, slot) in out.iter_mut().zip(slots) {
            *out = self.lane(slot, lane) + more;
        }
    }

    /// Scores of many divisions, `score(left) + score(right)`: `left` has a row of [`CANDIDATES`] numbers for each lane.
    fn scores(&self, left: &[Row], totals: &[f64], scores: &mut [f64]);

    /// Higher is purer; additive over the parts of a division.
    fn score(&self, slot: &Slot<N>) -> f64;

    /// Whether all rows of a node answer the same.
    fn is_pure(&self, entries: &[Self::Entry], slot: &Slot<N>) -> bool;

    /// What a node of these rows answers, as one number or one share a class.
    fn answer(&self, entries: &[Self::Entry], slot: &Slot<N>, out: &mut Vec<f64>);

    /// A number by which categories are put in order (mean, share of the second class), where there is one.
    fn order(&self, slot: &Slot<N>) -> Option<f64>;

    /// The rows of a small node as vectors; `false` when it must be counted.
    fn small(
        &self,
        entries: &[Self::Entry],
        slot: &Slot<N>,
        node: &mut SmallNode<Self::Judge>,
    ) -> bool;
}

/// The sum of two slots.
#[inline(always)]
pub(crate) fn plus<const N: usize>(left: &Slot<N>, right: &Slot<N>) -> Slot<N> {
    std::array::from_fn(|index| left[index] + right[index])
}

/// What is left of a slot without another.
#[inline(always)]
pub(crate) fn minus<const N: usize>(left: &Slot<N>, right: &Slot<N>) -> Slot<N> {
    std::array::from_fn(|index| left[index] - right[index])
}

/// How a word holds a count in its low bits and a sum above it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packing {
    /// Bits of the count; 0: the word is the count, and the sum too.
    shift: u32,
    mask: i64,
}

impl Packing {
    /// Words are counts of rows.
    pub(crate) const COUNTS: Self = Self { shift: 0, mask: -1 };

    /// Room for counts up to `most`.
    pub(crate) fn of(most: u64) -> Self {
        let shift = 64 - most.leading_zeros();
        Self {
            shift,
            mask: (1 << shift) - 1,
        }
    }

    /// The unit in which sums of at most `total` fit above the count, with bits to spare; a power of two, so that nothing
    /// is rounded twice.
    pub(crate) fn unit(self, total: f64) -> f64 {
        if total > 0.0 && total.is_finite() {
            total.log2().ceil().exp2() / (1_u64 << (61 - self.shift)) as f64
        } else {
            1.0
        }
    }

    /// A row's word.
    pub(crate) fn pack(self, sum: i64, count: i64) -> i64 {
        (sum << self.shift) + count
    }

    #[inline(always)]
    pub(crate) fn count(self, word: i64) -> i64 {
        word & self.mask
    }

    #[inline(always)]
    pub(crate) fn sum(self, word: i64) -> i64 {
        word >> self.shift
    }
}

/// How often each row was drawn; `None`: once.
pub(crate) type Draws<'a> = Option<&'a [u16]>;

/// The rows that were drawn and weigh something, rising, each with how often.
fn drawn<'a>(
    rows: usize,
    draws: Draws<'a>,
    weights: Option<&'a [f64]>,
) -> impl Iterator<Item = (u32, i64)> {
    (0..rows as u32).filter_map(move |row| {
        let count = draws.map_or(1, |counts| counts[row as usize]);
        let weighs = weights.is_none_or(|weights| weights[row as usize] > 0.0);
        (count > 0 && weighs).then_some((row, i64::from(count)))
    })
}

/// How many rows were drawn.
fn drawn_count(rows: usize, draws: Draws<'_>) -> u64 {
    draws.map_or(rows as u64, |counts| {
        counts.iter().map(|&count| u64::from(count)).sum()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn packed_sums_come_apart_again(rows in prop::collection::vec((-1000_i64..1000, 1_i64..5), 1..200)) {
            let packing = Packing::of(1000);
            let word: i64 = rows.iter().map(|(sum, count)| packing.pack(*sum, *count)).sum();
            prop_assert_eq!(packing.sum(word), rows.iter().map(|row| row.0).sum::<i64>());
            prop_assert_eq!(packing.count(word), rows.iter().map(|row| row.1).sum::<i64>());
        }
    }
}
