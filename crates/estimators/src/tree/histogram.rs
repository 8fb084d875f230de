//! Sums by bin: of one column while a node is looked at, or of all columns of a large node, whose larger part then is the
//! whole minus the smaller part.

use super::statistic::{Placed, Slot, Statistic, minus};
use crate::kernels::simd::wide;
use rayon::prelude::*;

/// Bins of a column, the missing one included.
pub(crate) const BINS: usize = 256;

/// What it costs to forget a bin by itself, beside forgetting them all.
const SINGLY: usize = 8;

/// Bins that hold rows.
pub(crate) type Occupied = [u64; 4];

/// Sums of one column; kept zeroed between uses.
pub(crate) struct Histogram<const N: usize> {
    slots: Vec<Slot<N>>,
    occupied: Occupied,
}

impl<const N: usize> Histogram<N> {
    pub(crate) fn new() -> Self {
        Self {
            slots: vec![[0; N]; BINS],
            occupied: [0; 4],
        }
    }

    /// Sums up rows of a node.
    pub(crate) fn fill<S: Statistic<N>>(&mut self, column: &[u8], entries: &[S::Entry]) {
        let Some(slots) = self.slots.first_chunk_mut::<BINS>() else {
            return;
        };
        let mut found = [0; 4];
        wide(
            #[inline(always)]
            || {
                if entries.len() >= BINS {
                    add::<N, S>(slots, column, entries);
                    found = occupied(slots);
                } else {
                    for entry in entries {
                        let bin = column[entry.row() as usize];
                        S::add(&mut slots[bin as usize], entry);
                        found[bin as usize >> 6] |= 1 << (bin & 63);
                    }
                }
            },
        );
        self.occupied = found;
    }

    /// What was summed up.
    pub(crate) fn view(&self) -> View<'_, N> {
        View {
            slots: &self.slots,
            occupied: self.occupied,
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        if count(self.occupied) as usize * SINGLY > BINS {
            self.slots.fill([0; N]);
        } else {
            for bin in bins(self.occupied) {
                self.slots[bin as usize] = [0; N];
            }
        }
        self.occupied = [0; 4];
    }
}

/// Sums of one column, to be read.
#[derive(Clone, Copy)]
pub(crate) struct View<'a, const N: usize> {
    pub(crate) slots: &'a [Slot<N>],
    pub(crate) occupied: Occupied,
}

impl<const N: usize> View<'_, N> {
    /// Whether all rows are in one bin.
    pub(crate) fn is_constant(&self) -> bool {
        count(self.occupied) < 2
    }
}

/// Sums of all columns of a node.
pub(crate) struct NodeHistograms<const N: usize>(Vec<Slot<N>>);

impl<const N: usize> NodeHistograms<N> {
    /// Bytes for this many columns.
    pub(crate) fn bytes(columns: usize) -> usize {
        columns * BINS * size_of::<Slot<N>>()
    }

    /// Sums up rows of a node; `reuse` gives its memory.
    pub(crate) fn of<'c, S: Statistic<N>>(
        columns: usize,
        column: impl Fn(usize) -> &'c [u8] + Sync,
        entries: &[S::Entry],
        parallel: bool,
        reuse: Option<Self>,
    ) -> Self {
        let mut slots = reuse.map_or_else(Vec::new, |old| old.0);
        slots.clear();
        slots.resize(columns * BINS, [0; N]);
        let fill = |(index, slots): (usize, &mut [Slot<N>; BINS])| {
            add::<N, S>(slots, column(index), entries);
        };
        let by_column = slots.as_chunks_mut::<BINS>().0;
        if parallel {
            by_column.par_iter_mut().enumerate().for_each(fill);
        } else {
            by_column.iter_mut().enumerate().for_each(fill);
        }
        Self(slots)
    }

    /// Takes a part away.
    pub(crate) fn subtract(&mut self, part: &Self) {
        self.0
            .iter_mut()
            .zip(&part.0)
            .for_each(|(own, part)| *own = minus(own, part));
    }

    /// One column.
    pub(crate) fn view(&self, column: usize) -> View<'_, N> {
        let slots = &self.0[column * BINS..(column + 1) * BINS];
        View {
            slots,
            occupied: slots.first_chunk().map_or([0; 4], occupied),
        }
    }
}

#[inline(always)]
fn add<const N: usize, S: Statistic<N>>(
    slots: &mut [Slot<N>; BINS],
    column: &[u8],
    entries: &[S::Entry],
) {
    for entry in entries {
        S::add(&mut slots[column[entry.row() as usize] as usize], entry);
    }
}

#[inline(always)]
fn occupied<const N: usize>(slots: &[Slot<N>; BINS]) -> Occupied {
    let mut occupied = [0; 4];
    for (word, slots) in occupied.iter_mut().zip(slots.as_chunks::<64>().0) {
        for (bit, slot) in slots.iter().enumerate() {
            *word |= u64::from(slot.iter().any(|&lane| lane != 0)) << bit;
        }
    }
    occupied
}

fn count(occupied: Occupied) -> u32 {
    occupied.iter().map(|word| word.count_ones()).sum()
}

/// The set bits of a set of bins, rising.
#[inline(always)]
pub(crate) fn bins(occupied: Occupied) -> impl Iterator<Item = u8> {
    occupied
        .into_iter()
        .enumerate()
        .flat_map(|(index, mut word)| {
            std::iter::from_fn(move || {
                (word != 0).then(|| {
                    let bit = word.trailing_zeros();
                    word &= word - 1;
                    (index as u32 * 64 + bit) as u8
                })
            })
        })
}
