//! Blocks of rows as the linear models read them: each column's rows side by side, centred and scaled, and a last column
//! of ones. Tiles are either kept, or made anew from the columns whenever they are read, which is quicker for few passes.
//! Here too: the moments by which columns are centred and scaled, and even samples of rows.

use crate::kernels::columns::{Columns, LANES, Real};
use crate::kernels::prefetch::prefetch;
use crate::kernels::simd::wide;
use rayon::prelude::*;
use std::borrow::Cow;

/// Rows of a tile: fifty columns stay in the second cache, and columns do not begin a power of two apart, which would
/// make them compete for the same places there.
pub(crate) const BLOCK: usize = 496;
/// Rows of a sample that lie side by side, so that reading them costs little.
const RUN: usize = 16;
/// Runs that are asked for before they are read.
const AHEAD: usize = 12;
/// Scales below this, and below this share of the mean, are taken for rounding.
const LEAST_SCALE: f64 = 1e-290;
const ROUNDING: f64 = 1e-13;

/// Variances whose squares neither overflowed nor lost digits on the way.
const SAFE_VARIANCES: std::ops::Range<f64> = 1e-280..1e290;

/// Where tiles come from.
pub(crate) enum Tiles<'a, T> {
    /// All tiles, one after the other.
    Kept(Vec<T>),
    /// The columns as they are.
    Read(Vec<&'a [f64]>),
}

/// Fills one tile with rows from `first`. With `GAPS`, what is not finite counts as the mean; without, it spoils the
/// sums, and is seen there.
fn fill<T: Real, S: AsRef<[f64]>, const GAPS: bool>(
    tile: &mut [T],
    sources: &[S],
    moments: &[(f64, f64)],
    first: usize,
    count: usize,
) {
    let mut columns = tile.chunks_exact_mut(BLOCK);
    for ((source, &(mean, scale)), target) in sources.iter().zip(moments).zip(&mut columns) {
        let (own, later) = source.as_ref()[first..].split_at(count);
        prefetch(&later[..later.len().min(BLOCK)]);
        let inverse = 1.0 / scale;
        let (target, padding) = target.split_at_mut(count);
        wide(
            #[inline(always)]
            || {
                for (slot, value) in target.iter_mut().zip(own) {
                    let standard = (value - mean) * inverse;
                    *slot = T::from_f64(if !GAPS || standard.is_finite() {
                        standard
                    } else {
                        0.0
                    });
                }
            },
        );
        padding.fill(T::ZERO);
    }
    if let Some(ones) = columns.next() {
        ones[..count].fill(T::ONE);
        ones[count..].fill(T::ZERO);
    }
}

impl<'a, T: Real> Tiles<'a, T> {
    /// Makes all tiles of `rows` rows.
    pub(crate) fn keep<S: AsRef<[f64]> + Sync>(
        sources: &[S],
        moments: &[(f64, f64)],
        rows: usize,
    ) -> Self {
        let size = BLOCK * (sources.len() + 1);
        let mut tiles = vec![T::ZERO; size * rows.div_ceil(BLOCK)];
        tiles
            .par_chunks_mut(size)
            .enumerate()
            .for_each(|(block, tile)| {
                let first = block * BLOCK;
                let count = BLOCK.min(rows - first);
                fill::<_, _, true>(tile, sources, moments, first, count);
            });
        Self::Kept(tiles)
    }

    /// The tile of a block of `rows` rows.
    pub(crate) fn tile<'b>(
        &'b self,
        block: usize,
        rows: usize,
        moments: &[(f64, f64)],
        buffer: &'b mut Vec<T>,
    ) -> Columns<'b, T> {
        let count = moments.len() + 1;
        let size = BLOCK * count;
        let values = match self {
            Self::Kept(tiles) => &tiles[block * size..(block + 1) * size],
            Self::Read(sources) => {
                buffer.resize(size, T::ZERO);
                fill::<_, _, false>(buffer, sources, moments, block * BLOCK, rows);
                buffer
            }
        };
        Columns {
            values,
            count,
            stride: BLOCK,
            rows: rows.next_multiple_of(LANES),
        }
    }
}

/// Evenly spaced runs of rows.
pub(crate) struct Sample {
    firsts: Vec<usize>,
    length: usize,
}

impl Sample {
    /// About `wanted` of `rows` rows.
    pub(crate) fn new(rows: usize, wanted: usize) -> Self {
        let count = (wanted.min(rows) / RUN).max(1);
        let length = RUN.min(rows);
        let firsts = (0..count).map(|run| (run * rows / count).min(rows - length));
        Self {
            firsts: firsts.collect(),
            length,
        }
    }

    pub(crate) fn rows(&self) -> usize {
        self.firsts.len() * self.length
    }

    /// The sampled ones of one value a row.
    pub(crate) fn of<V: Copy>(&self, values: &[V]) -> Vec<V> {
        let mut own = Vec::with_capacity(self.rows());
        for (index, &first) in self.firsts.iter().enumerate() {
            if let Some(&later) = self.firsts.get(index + AHEAD) {
                prefetch(&values[later..later + self.length]);
            }
            own.extend_from_slice(&values[first..first + self.length]);
        }
        own
    }
}

/// All rows, or the sampled ones.
pub(crate) fn pick<'a, V: Copy>(values: &'a [V], sample: Option<&Sample>) -> Cow<'a, [V]> {
    sample.map_or(Cow::Borrowed(values), |sample| {
        Cow::Owned(sample.of(values))
    })
}

/// Mean (0 unless `centred`) and standard deviation of what is finite. The scale of a column without variation is
/// infinite, which makes zeros of it: rounding must not count as an effect.
pub(crate) fn moments(values: &[f64], centred: bool) -> (f64, f64) {
    let pivot = if centred {
        values.first().copied().unwrap_or(0.0)
    } else {
        0.0
    };
    let count = values.len().max(1) as f64;
    let (sum, squares) = sums_about(values, pivot);
    let (shift, square) = (sum / count, squares / count);
    let (mean, variance) = if !centred {
        (0.0, square)
    } else if square - shift * shift > 1e-4 * square {
        (pivot + shift, square - shift * shift)
    } else {
        // The first value is far off (or all are equal): once more about the mean.
        let mean = pivot + shift;
        let (sum, squares) = sums_about(values, mean);
        (mean + sum / count, squares / count)
    };
    if mean.is_finite() && SAFE_VARIANCES.contains(&variance) {
        scaled(mean, variance.sqrt())
    } else {
        careful_moments(values, centred)
    }
}

fn scaled(mean: f64, scale: f64) -> (f64, f64) {
    if scale > mean.abs() * ROUNDING && scale > LEAST_SCALE {
        (mean, scale)
    } else {
        (mean, f64::INFINITY)
    }
}

/// Σ (x − pivot) and Σ (x − pivot)².
fn sums_about(values: &[f64], pivot: f64) -> (f64, f64) {
    const WIDE: usize = 16;
    wide(
        #[inline(always)]
        || {
            let (mut sums, mut squares) = ([0.0; WIDE], [0.0; WIDE]);
            let (whole, rest) = values.as_chunks::<WIDE>();
            for own in whole {
                for lane in 0..WIDE {
                    let off = own[lane] - pivot;
                    sums[lane] += off;
                    squares[lane] += off * off;
                }
            }
            for (lane, value) in rest.iter().enumerate() {
                let off = value - pivot;
                sums[lane] += off;
                squares[lane] += off * off;
            }
            (sums.iter().sum(), squares.iter().sum())
        },
    )
}

/// The same for columns with gaps, and for numbers whose squares overflow.
fn careful_moments(values: &[f64], centred: bool) -> (f64, f64) {
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let count = finite().count().max(1) as f64;
    let first = finite().next().unwrap_or(0.0);
    if centred && finite().all(|value| value == first) {
        return (first, f64::INFINITY);
    }
    let mean = if centred {
        finite().map(|value| value / count).sum::<f64>()
    } else {
        0.0
    };
    let largest = finite().fold(0.0, |most: f64, value| most.max((value - mean).abs()));
    if largest == 0.0 || !largest.is_finite() {
        return (mean, f64::INFINITY);
    }
    let squares: f64 = finite()
        .map(|value| ((value - mean) / largest).powi(2))
        .sum::<f64>()
        / count;
    scaled(mean, largest * squares.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn quick_moments_equal_the_careful_ones(
            values in prop::collection::vec(-1e3_f64..1e3, 1..100), offset in -1e7_f64..1e7, size in -200_i32..200, centred in any::<bool>(), gap in any::<bool>(),
        ) {
            let mut values: Vec<f64> = values.iter().map(|value| (value + offset) * 10_f64.powi(size)).collect();
            if gap {
                values.push(f64::NAN);
            }
            let (mean, scale) = moments(&values, centred);
            let (careful_mean, careful_scale) = careful_moments(&values, centred);
            let spread = if scale.is_finite() { scale } else { 0.0 };
            prop_assert!((mean - careful_mean).abs() <= 1e-13 * careful_mean.abs() + 1e-9 * spread);
            prop_assert!(scale == careful_scale || (scale - careful_scale).abs() <= 1e-6 * careful_scale, "{scale} {careful_scale}");
        }

        #[test]
        fn tiles_read_and_kept_are_the_same(rows in 1_usize..1200, columns in 0_usize..5) {
            let sources: Vec<Vec<f64>> = (0..columns).map(|column| (0..rows).map(|row| ((row * 7 + column * 13) % 101) as f64).collect()).collect();
            let moments: Vec<(f64, f64)> = sources.iter().map(|values| moments(values, true)).collect();
            let kept = Tiles::<f32>::keep(&sources, &moments, rows);
            let read = Tiles::<f32>::Read(sources.iter().map(Vec::as_slice).collect());
            for block in 0..rows.div_ceil(BLOCK) {
                let count = BLOCK.min(rows - block * BLOCK);
                let (mut first, mut second) = (Vec::new(), Vec::new());
                let kept = kept.tile(block, count, &moments, &mut first);
                let read = read.tile(block, count, &moments, &mut second);
                prop_assert_eq!(kept.values, read.values);
                let ones: f32 = kept.values[columns * BLOCK..].iter().sum();
                prop_assert_eq!(ones, count as f32);
                for (index, source) in sources.iter().enumerate() {
                    let (mean, scale) = moments[index];
                    for row in 0..count {
                        let exact = (source[block * BLOCK + row] - mean) / scale;
                        prop_assert!((f64::from(kept.values[index * BLOCK + row]) - exact).abs() < 1e-5);
                    }
                }
            }
        }

        #[test]
        fn samples_lie_within_and_are_even(rows in 1_usize..5000, wanted in 1_usize..3000) {
            let all: Vec<usize> = (0..rows).collect();
            let sampled = Sample::new(rows, wanted).of(&all);
            prop_assert!(!sampled.is_empty() && sampled.len() <= wanted.max(RUN));
            prop_assert_eq!(sampled.len(), Sample::new(rows, wanted).rows());
            prop_assert!(sampled.is_sorted_by(|left, right| left < right));
        }
    }
}
