//! Slope and curvature of every row in one whole number, and their sums by bin: one addition a row and column, the same
//! sum in any order, and a leaf's sums are its parent's less its sibling's.

use crate::kernels::prefetch::prefetch_one;
use crate::kernels::simd::wide;
use crate::tree::grouped::{GROUP, GroupedRows, LINE, Sheet};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bins of a column, the missing one included.
pub(crate) const BINS: usize = 256;
/// Sums of one column.
pub(crate) type Column = [i64; BINS];
/// Rows that are copied at once, to be added group by group.
const BLOCK: usize = 256;
/// Rows that memory is asked for ahead of their turn.
const AHEAD: usize = 48;
/// Rows that a thread takes at a time.
const PIECE: usize = 8 * BLOCK;
/// Rows of a leaf from which threads share rows instead of columns.
const MANY: usize = 4096;
/// Rows of a leaf below which one thread does it all.
const FEW: usize = 512;
/// Bits of the curvature where rows have different ones.
const SHARED_BITS: u32 = 32;
/// Bits of whole numbers that floats hold, with a sign and one to spare.
const WHOLE_BITS: u32 = 50;
/// Units of a row's curvature from which rounding hardly matters.
const FINE: f64 = 128.0;

/// How a word holds a slope above a curvature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Packing {
    shift: u32,
    slope_unit: f64,
    slopes_a_unit: f64,
    curvature_unit: f64,
    curvatures_a_unit: f64,
    /// Units of a row's curvature from which rounding hardly matters.
    fine: f64,
}

impl Packing {
    /// For rows whose absolute slopes and curvatures add up to these; `equal` curvatures are counted.
    pub(crate) fn new(rows: usize, slopes: f64, curvatures: f64, equal: bool) -> Self {
        let unit = |total: f64, bits: u32| {
            if total > 0.0 && total.is_finite() {
                // A power of two, so that the scale of weights decides nothing.
                total.log2().ceil().exp2() / (1_u64 << bits) as f64
            } else {
                1.0
            }
        };
        let count = 64 - (rows as u64).leading_zeros();
        let mean = curvatures / rows as f64;
        let (shift, slope_unit, curvature_unit, fine) = if equal {
            let bits = (61 - count).min(WHOLE_BITS);
            (
                count,
                unit(slopes, bits),
                if mean > 0.0 { mean } else { 1.0 },
                0.0,
            )
        } else {
            // A bit to spare on both sides: every row rounds by half a unit.
            let (high, low) = (62 - SHARED_BITS, SHARED_BITS - 1);
            (SHARED_BITS, unit(slopes, high), unit(curvatures, low), FINE)
        };
        Self {
            shift,
            slope_unit,
            slopes_a_unit: slope_unit.recip(),
            curvature_unit,
            curvatures_a_unit: curvature_unit.recip(),
            fine,
        }
    }

    /// Whether so many rows' curvatures add up to enough units that rounding each of them hardly matters.
    pub(crate) fn is_fine(self, curvature: f64, rows: usize) -> bool {
        curvature >= self.curvature_unit * rows as f64 * self.fine
    }

    /// A row's word.
    #[inline(always)]
    pub(crate) fn pack(self, slope: f32, curvature: f32) -> i64 {
        let slope = f64::from(slope) * self.slopes_a_unit;
        let curvature = f64::from(curvature) * self.curvatures_a_unit;
        (nearest(slope) << self.shift).wrapping_add(nearest(curvature))
    }

    #[inline(always)]
    pub(crate) fn slope(self, word: i64) -> f64 {
        number(word >> self.shift) * self.slope_unit
    }

    #[inline(always)]
    pub(crate) fn curvature(self, word: i64) -> f64 {
        number(word & ((1 << self.shift) - 1)) * self.curvature_unit
    }
}

/// 1.5 · 2⁵²: a float of this size holds whole numbers up to 2⁵¹, of either sign, in its lowest bits.
const HOLDER: f64 = 6_755_399_441_055_744.0;

/// The nearest whole number below 2⁵¹; unlike conversions, in vectors on processors of any age.
#[inline(always)]
fn nearest(value: f64) -> i64 {
    ((value + HOLDER).to_bits() as i64).wrapping_sub(HOLDER.to_bits() as i64)
}

/// A whole number below 2⁵¹ as a float, likewise.
#[inline(always)]
fn number(value: i64) -> f64 {
    f64::from_bits(value.wrapping_add(HOLDER.to_bits() as i64) as u64) - HOLDER
}

/// Sums of all columns in one leaf.
pub(crate) struct Histogram(Vec<Column>);

impl Histogram {
    /// Room for this many columns.
    pub(crate) fn new(columns: usize) -> Self {
        Self(vec![[0; BINS]; columns])
    }

    /// Sums up the words of some rows (`words` has one a row of the table). Many rows are dealt to threads, each with a
    /// histogram from `pool`, so that a line is read once: what comes back is then still to be added, best where the
    /// columns are gone through anyhow. Few rows are looked at by all, each adding its columns.
    #[must_use]
    pub(crate) fn fill(
        &mut self,
        grouped: &GroupedRows,
        rows: &[u32],
        words: &[i64],
        pool: &mut Vec<Self>,
    ) -> Vec<Self> {
        let threads = rayon::current_num_threads();
        let copies = threads.div_ceil(grouped.sheets().len());
        if rows.len() < MANY || copies == 1 {
            let shares = if rows.len() < FEW { 1 } else { threads };
            self.fill_by_columns(grouped, rows, words, shares);
            return Vec::new();
        }
        let columns = self.0.len();
        let mut others: Vec<Self> = (1..copies)
            .map(|_| pool.pop().unwrap_or_else(|| Self::new(columns)))
            .collect();
        // Threads take pieces as they come to it: nobody waits for one that came late.
        let taken: Vec<AtomicUsize> = grouped.sheets().iter().map(|_| 0.into()).collect();
        let parts: Vec<_> = std::iter::once(&mut *self)
            .chain(&mut others)
            .flat_map(|own| own.by_sheet(grouped).zip(&taken))
            .collect();
        let parts = parts.into_par_iter().with_max_len(1);
        parts.for_each(|((sheet, sums), taken)| {
            sums.iter_mut().for_each(|column| column.fill(0));
            loop {
                let start = taken.fetch_add(PIECE, Ordering::Relaxed);
                let Some(rest) = rows.get(start..).filter(|rest| !rest.is_empty()) else {
                    break;
                };
                let rows = &rest[..rest.len().min(PIECE)];
                add_groups(sheet, 0..sheet.widths.len(), sums, rows, words);
            }
        });
        others
    }

    /// Sums up some rows, up to so many threads adding columns of their own.
    fn fill_by_columns(
        &mut self,
        grouped: &GroupedRows,
        rows: &[u32],
        words: &[i64],
        shares: usize,
    ) {
        let mut parts = Vec::with_capacity(grouped.sheets().len() * shares.min(LINE));
        for (sheet, mut rest) in self.by_sheet(grouped) {
            let share = sheet.widths.len().div_ceil(shares);
            for first in (0..sheet.widths.len()).step_by(share) {
                let groups = first..(first + share).min(sheet.widths.len());
                let columns = sheet.widths[groups.clone()].iter().sum();
                let (own, after) = rest.split_at_mut(columns);
                parts.push((sheet, groups, own));
                rest = after;
            }
        }
        parts.into_par_iter().for_each(|(sheet, groups, sums)| {
            sums.iter_mut().for_each(|column| column.fill(0));
            add_groups(sheet, groups, sums, rows, words);
        });
    }

    /// Each sheet's columns.
    fn by_sheet<'a>(
        &'a mut self,
        grouped: &'a GroupedRows,
    ) -> impl Iterator<Item = (&'a Sheet, &'a mut [Column])> {
        let mut rest = self.0.as_mut_slice();
        grouped.sheets().iter().map(move |sheet| {
            let columns = sheet.widths.iter().sum();
            (sheet, rest.split_off_mut(..columns).unwrap_or_default())
        })
    }

    /// All columns' sums.
    pub(crate) fn columns_mut(&mut self) -> &mut [Column] {
        &mut self.0
    }

    /// One column's sums.
    pub(crate) fn column(&self, index: usize) -> &Column {
        &self.0[index]
    }
}

/// Adds what other histograms have summed up of a column.
pub(crate) fn complete(own: &mut Column, index: usize, others: &[Histogram]) {
    others
        .iter()
        .for_each(|other| add_column(own, other.column(index)));
}

/// Adds one column's sums to another's.
fn add_column(own: &mut Column, other: &Column) {
    wide(
        #[inline(always)]
        || {
            let each = own.iter_mut().zip(other);
            each.for_each(|(own, other)| *own = own.wrapping_add(*other));
        },
    );
}

/// Takes a part of a column's sums away.
pub(crate) fn subtract(own: &mut Column, part: &Column) {
    wide(
        #[inline(always)]
        || {
            let each = own.iter_mut().zip(part);
            each.for_each(|(own, part)| *own = own.wrapping_sub(*part));
        },
    );
}

/// Dispatches on the number of groups, so that the copying of a row is unrolled.
fn add_groups(
    sheet: &Sheet,
    groups: Range<usize>,
    sums: &mut [Column],
    rows: &[u32],
    words: &[i64],
) {
    match groups.len() {
        1 => add_some::<1>(sheet, groups.start, sums, rows, words),
        2 => add_some::<2>(sheet, groups.start, sums, rows, words),
        3 => add_some::<3>(sheet, groups.start, sums, rows, words),
        _ => add_some::<LINE>(sheet, groups.start, sums, rows, words),
    }
}

/// Adds `G` groups' bins, a block of rows after the other: their lines are read once, all waiting for memory together.
fn add_some<const G: usize>(
    sheet: &Sheet,
    first: usize,
    sums: &mut [Column],
    rows: &[u32],
    words: &[i64],
) {
    let mut own_words = [0; BLOCK];
    let mut own_bins = [[[0_u8; GROUP]; BLOCK]; G];
    for (count, block) in rows.chunks(BLOCK).enumerate() {
        let ahead = rows.get(count * BLOCK + AHEAD..).unwrap_or_default();
        for (index, &row) in block.iter().enumerate() {
            if let Some(&next) = ahead.get(index) {
                sheet.prefetch(next, first);
                prefetch_one(&words[next as usize]);
            }
            own_words[index] = words[row as usize];
            for (group, bins) in own_bins.iter_mut().enumerate() {
                bins[index] = *sheet.bins(row, first + group);
            }
        }
        let mut rest = &mut *sums;
        for (group, bins) in own_bins.iter().enumerate() {
            let (columns, after) = rest.split_at_mut(sheet.widths[first + group]);
            add_group(columns, &bins[..block.len()], &own_words[..block.len()]);
            rest = after;
        }
    }
}

/// Dispatches on the width, so that the loop over columns is unrolled.
fn add_group(sums: &mut [Column], bins: &[[u8; GROUP]], words: &[i64]) {
    macro_rules! by_width {
        ($($width:literal)*) => {
            match sums.len() {
                $($width => add::<$width>(sums, bins, words),)*
                _ => {}
            }
        };
    }
    by_width!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16);
}

fn add<const W: usize>(sums: &mut [Column], bins: &[[u8; GROUP]], words: &[i64]) {
    let Some(sums) = sums.first_chunk_mut::<W>() else {
        return;
    };
    for (row, &word) in bins.iter().zip(words) {
        for (column, &bin) in sums.iter_mut().zip(row) {
            let sum = &mut column[bin as usize];
            *sum = sum.wrapping_add(word);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::binning::Binned;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sums_are_those_of_a_plain_loop(
            width in 1_usize..40,
            rows in prop::collection::vec((any::<u64>(), -5.0_f32..5.0, 0.01_f32..0.25), 1..80),
        ) {
            let columns: Vec<Vec<u8>> = (0..width)
                .map(|column| rows.iter().map(|row| row.0.rotate_left(column as u32 * 7) as u8).collect())
                .collect();
            let binned = Binned { rows: rows.len(), columns };
            let slopes: f64 = rows.iter().map(|row| f64::from(row.1).abs()).sum();
            let curvatures: f64 = rows.iter().map(|row| f64::from(row.2)).sum();
            let packing = Packing::new(rows.len(), slopes, curvatures, false);
            let chosen: Vec<u32> = (0..rows.len() as u32).filter(|row| row % 3 != 1).collect();
            let words: Vec<i64> = rows.iter().map(|row| packing.pack(row.1, row.2)).collect();
            let mut histogram = Histogram::new(width);
            let others = histogram.fill(
                &GroupedRows::new(&binned),
                &chosen,
                &words,
                &mut Vec::new(),
            );
            let columns = histogram.columns_mut().iter_mut().enumerate();
            columns.for_each(|(index, own)| complete(own, index, &others));
            for (index, column) in binned.columns.iter().enumerate() {
                for bin in 0..BINS {
                    let own = || chosen.iter().map(|&row| row as usize).filter(|&row| column[row] as usize == bin);
                    let (slope, curvature): (f64, f64) = (own().map(|row| f64::from(rows[row].1)).sum(), own().map(|row| f64::from(rows[row].2)).sum());
                    let word = histogram.column(index)[bin];
                    prop_assert!((packing.slope(word) - slope).abs() <= 1e-6 * slopes + 1e-12);
                    prop_assert!((packing.curvature(word) - curvature).abs() <= 1e-6 * curvatures + 1e-12);
                }
            }
        }
    }
}
