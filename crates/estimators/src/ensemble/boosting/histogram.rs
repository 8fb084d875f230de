//! Slope and curvature of every row in one whole number, and their sums by bin: one addition a row and column, the same
//! sum in any order, and a leaf's sums are its parent's less its sibling's.

use super::rows::{GROUP, Group, GroupedRows};
use rayon::prelude::*;

/// Bins of a column, the missing one included.
pub(crate) const BINS: usize = 256;
/// Sums of one column.
pub(crate) type Column = [i64; BINS];
/// Rows that are fetched at once.
const BATCH: usize = 64;
/// Bits of the curvature where rows have different ones.
const SHARED_BITS: u32 = 32;

/// How a word holds a slope above a curvature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Packing {
    shift: u32,
    slope_unit: f64,
    curvature_unit: f64,
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
        if equal {
            let shift = 64 - (rows as u64).leading_zeros();
            Self {
                shift,
                slope_unit: unit(slopes, 61 - shift),
                curvature_unit: if curvatures > 0.0 {
                    curvatures / rows as f64
                } else {
                    1.0
                },
            }
        } else {
            // A bit to spare on both sides: every row rounds by half a unit.
            Self {
                shift: SHARED_BITS,
                slope_unit: unit(slopes, 62 - SHARED_BITS),
                curvature_unit: unit(curvatures, SHARED_BITS - 1),
            }
        }
    }

    /// A row's word.
    #[inline(always)]
    pub(crate) fn pack(self, slope: f32, curvature: f32) -> i64 {
        let slope = f64::from(slope) / self.slope_unit;
        let curvature = f64::from(curvature) / self.curvature_unit;
        (nearest(slope) << self.shift) + nearest(curvature)
    }

    #[inline(always)]
    pub(crate) fn slope(self, word: i64) -> f64 {
        (word >> self.shift) as f64 * self.slope_unit
    }

    #[inline(always)]
    pub(crate) fn curvature(self, word: i64) -> f64 {
        (word & ((1 << self.shift) - 1)) as f64 * self.curvature_unit
    }
}

/// The nearest whole number; the library's own rounding is a call on processors of any age.
#[inline(always)]
fn nearest(value: f64) -> i64 {
    (value + 0.5_f64.copysign(value)) as i64
}

/// Sums of all columns in one leaf.
pub(crate) struct Histogram(Vec<Column>);

impl Histogram {
    /// Room for this many columns.
    pub(crate) fn new(columns: usize) -> Self {
        Self(vec![[0; BINS]; columns])
    }

    /// Sums up the words of some rows (`words[i]` belongs to `rows[i]`).
    pub(crate) fn fill(&mut self, grouped: &GroupedRows, rows: &[u32], words: &[i64]) {
        let mut parts: Vec<(&Group, &mut [Column])> = Vec::with_capacity(grouped.groups().len());
        let mut rest = self.0.as_mut_slice();
        for group in grouped.groups() {
            let (own, after) = rest.split_at_mut(group.width);
            parts.push((group, own));
            rest = after;
        }
        parts.into_par_iter().for_each(|(group, sums)| {
            sums.iter_mut().for_each(|column| column.fill(0));
            add_group(group, sums, rows, words);
        });
    }

    /// Takes a part away.
    pub(crate) fn subtract(&mut self, part: &Self) {
        self.0.par_iter_mut().zip(&part.0).for_each(|(own, part)| {
            own.iter_mut()
                .zip(part)
                .for_each(|(own, part)| *own -= part);
        });
    }

    /// One column's sums.
    pub(crate) fn column(&self, index: usize) -> &Column {
        &self.0[index]
    }
}

/// Dispatches on the width, so that the loop over columns is unrolled.
fn add_group(group: &Group, sums: &mut [Column], rows: &[u32], words: &[i64]) {
    macro_rules! by_width {
        ($($width:literal)*) => {
            match group.width {
                $($width => add::<$width>(&group.rows, sums, rows, words),)*
                _ => {}
            }
        };
    }
    by_width!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16);
}

fn add<const W: usize>(bins: &[[u8; GROUP]], sums: &mut [Column], rows: &[u32], words: &[i64]) {
    let Some(sums) = sums.first_chunk_mut::<W>() else {
        return;
    };
    // First many rows are fetched, all waiting for memory at once, and then added.
    let mut batch = [[0_u8; GROUP]; BATCH];
    for (rows, words) in rows.chunks(BATCH).zip(words.chunks(BATCH)) {
        for (fetched, &row) in batch.iter_mut().zip(rows) {
            *fetched = bins[row as usize];
        }
        for (row, &word) in batch.iter().zip(words) {
            for (column, &bin) in sums.iter_mut().zip(row) {
                column[bin as usize] += word;
            }
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
            let words: Vec<i64> = chosen.iter().map(|&row| packing.pack(rows[row as usize].1, rows[row as usize].2)).collect();
            let mut histogram = Histogram::new(width);
            histogram.fill(&GroupedRows::new(&binned), &chosen, &words);
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
