//! Products, transposes and activations of the small dense blocks of a neural network, where a general product spends
//! more time on packing than on adding.
//!
//! A product is made of tiles of up to six rows and sixteen columns whose sums stay in registers. Every column is
//! computed by the same operations wherever it stands, so that a row of data gets the same answer in any company.

#![expect(
    unsafe_code,
    reason = "tiles are read and written through pointers; shapes are checked here once"
)]

use super::product::Layout;
use super::simd::{arch, wide};
use pulp::{Simd, WithSimd};

/// Columns of a tile; widths that vectors run along are multiples of it.
pub(crate) const TILE: usize = 16;

/// What the sums begin with.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Start<'a> {
    /// Nothing.
    Zero,
    /// What the target holds.
    Target,
    /// One number for each row.
    Rows(&'a [f32]),
}

struct Product<'a> {
    target: &'a mut [f32],
    stride: usize,
    start: Start<'a>,
    left: &'a [f32],
    shape: Layout,
    right: &'a [f32],
    right_stride: usize,
    columns: usize,
}

/// `target = start + left · right`; `target` and `right` are row-major with their strides, `columns` (a multiple of
/// [`TILE`]) wide.
pub(crate) fn multiply(
    (target, stride): (&mut [f32], usize),
    start: Start<'_>,
    (left, shape): (&[f32], Layout),
    (right, right_stride): (&[f32], usize),
    columns: usize,
) {
    let inside = |rows: usize, stride: usize, length: usize| {
        rows == 0 || (columns <= stride && (rows - 1) * stride + columns <= length)
    };
    assert!(
        columns.is_multiple_of(TILE)
            && inside(shape.rows, stride, target.len())
            && inside(shape.columns, right_stride, right.len())
            && shape.fits(left.len())
            && !matches!(start, Start::Rows(rows) if rows.len() < shape.rows),
        "a matrix lies outside of its slice"
    );
    arch().dispatch(Product {
        target,
        stride,
        start,
        left,
        shape,
        right,
        right_stride,
        columns,
    });
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        match S::F32_LANES {
            16 => self.run::<S, 1>(simd),
            8 => self.run::<S, 2>(simd),
            4 => self.run::<S, 4>(simd),
            _ => self.run::<S, 16>(simd),
        }
    }
}

impl Product<'_> {
    /// `V` vectors make a tile's width.
    #[inline(always)]
    fn run<S: Simd, const V: usize>(mut self, simd: S) {
        assert!(V * S::F32_LANES == TILE, "vectors do not fill a tile");
        let mut row = 0;
        while row < self.shape.rows {
            let height = (self.shape.rows - row).min(6);
            for column in (0..self.columns).step_by(TILE) {
                // SAFETY: `row + height` is at most the rows and `column + TILE` at most the columns, and `multiply`
                // has checked that all of these lie within their slices.
                unsafe {
                    match height {
                        6 => self.tile::<S, 6, V>(simd, row, column),
                        5 => self.tile::<S, 5, V>(simd, row, column),
                        4 => self.tile::<S, 4, V>(simd, row, column),
                        3 => self.tile::<S, 3, V>(simd, row, column),
                        2 => self.tile::<S, 2, V>(simd, row, column),
                        _ => self.tile::<S, 1, V>(simd, row, column),
                    }
                }
            }
            row += height;
        }
    }

    /// # Safety
    /// `row + R` rows and `column + TILE` columns must exist, and `V · lanes` must be [`TILE`].
    #[inline(always)]
    unsafe fn tile<S: Simd, const R: usize, const V: usize>(
        &mut self,
        simd: S,
        row: usize,
        column: usize,
    ) {
        let lanes = S::F32_LANES;
        let mut sums = [[simd.splat_f32s(0.0); V]; R];
        // SAFETY: the caller promises that the tile lies within target, left and right; vectors are read and written
        // unaligned, and any bits are a float.
        unsafe {
            let target = self.target.as_mut_ptr().add(row * self.stride + column);
            match self.start {
                Start::Zero => {}
                Start::Target => {
                    for (r, sums) in sums.iter_mut().enumerate() {
                        for (v, sum) in sums.iter_mut().enumerate() {
                            *sum = target
                                .add(r * self.stride + v * lanes)
                                .cast::<S::f32s>()
                                .read_unaligned();
                        }
                    }
                }
                Start::Rows(values) => {
                    for (r, sums) in sums.iter_mut().enumerate() {
                        *sums = [simd.splat_f32s(*values.get_unchecked(row + r)); V];
                    }
                }
            }
            let (height, step) = (self.shape.row, self.shape.column);
            let mut left = self.left.as_ptr().add(row * height);
            let mut right = self.right.as_ptr().add(column);
            for _ in 0..self.shape.columns {
                let mut vectors = [simd.splat_f32s(0.0); V];
                for (v, vector) in vectors.iter_mut().enumerate() {
                    *vector = right.add(v * lanes).cast::<S::f32s>().read_unaligned();
                }
                for (r, sums) in sums.iter_mut().enumerate() {
                    let factor = simd.splat_f32s(*left.add(r * height));
                    for (sum, vector) in sums.iter_mut().zip(vectors) {
                        *sum = simd.mul_add_e_f32s(factor, vector, *sum);
                    }
                }
                left = left.wrapping_add(step);
                right = right.wrapping_add(self.right_stride);
            }
            for (r, sums) in sums.iter().enumerate() {
                for (v, sum) in sums.iter().enumerate() {
                    target
                        .add(r * self.stride + v * lanes)
                        .cast::<S::f32s>()
                        .write_unaligned(*sum);
                }
            }
        }
    }
}

/// Writes the transpose of `rows × columns` (both multiples of 8, row-major without gaps) into `target`.
pub(crate) fn transpose(source: &[f32], rows: usize, columns: usize, target: &mut [f32]) {
    assert!(
        rows.is_multiple_of(8)
            && columns.is_multiple_of(8)
            && source.len() >= rows * columns
            && target.len() >= rows * columns,
        "a matrix lies outside of its slice"
    );
    transpose_into((source, columns), (rows, columns), (target, rows));
}

/// Writes the transpose of `rows × columns`, row-major, into `target`; both have their strides.
pub(crate) fn transpose_into(
    (source, source_stride): (&[f32], usize),
    (rows, columns): (usize, usize),
    (target, target_stride): (&mut [f32], usize),
) {
    wide(
        #[inline(always)]
        || {
            let (high, broad) = (rows / 8 * 8, columns / 8 * 8);
            for column in (0..broad).step_by(8) {
                for row in (0..high).step_by(8) {
                    transpose_eight(
                        &source[row * source_stride + column..],
                        source_stride,
                        &mut target[column * target_stride + row..],
                        target_stride,
                    );
                }
            }
            for row in 0..rows {
                let first = if row < high { broad } else { 0 };
                for column in first..columns {
                    target[column * target_stride + row] = source[row * source_stride + column];
                }
            }
        },
    );
}

/// Eight by eight in three rounds of pairs, which compile to shuffles.
#[inline(always)]
fn transpose_eight(source: &[f32], source_stride: usize, target: &mut [f32], target_stride: usize) {
    type Eight = [f32; 8];
    let mut rows: [Eight; 8] = [[0.0; 8]; 8];
    for (row, values) in rows.iter_mut().enumerate() {
        values.copy_from_slice(&source[row * source_stride..row * source_stride + 8]);
    }
    #[inline(always)]
    fn low(a: Eight, b: Eight) -> Eight {
        [a[0], b[0], a[1], b[1], a[4], b[4], a[5], b[5]]
    }
    #[inline(always)]
    fn high(a: Eight, b: Eight) -> Eight {
        [a[2], b[2], a[3], b[3], a[6], b[6], a[7], b[7]]
    }
    #[inline(always)]
    fn first(a: Eight, b: Eight) -> Eight {
        [a[0], a[1], b[0], b[1], a[4], a[5], b[4], b[5]]
    }
    #[inline(always)]
    fn second(a: Eight, b: Eight) -> Eight {
        [a[2], a[3], b[2], b[3], a[6], a[7], b[6], b[7]]
    }
    #[inline(always)]
    fn near(a: Eight, b: Eight) -> Eight {
        [a[0], a[1], a[2], a[3], b[0], b[1], b[2], b[3]]
    }
    #[inline(always)]
    fn far(a: Eight, b: Eight) -> Eight {
        [a[4], a[5], a[6], a[7], b[4], b[5], b[6], b[7]]
    }
    let pairs = [
        low(rows[0], rows[1]),
        high(rows[0], rows[1]),
        low(rows[2], rows[3]),
        high(rows[2], rows[3]),
        low(rows[4], rows[5]),
        high(rows[4], rows[5]),
        low(rows[6], rows[7]),
        high(rows[6], rows[7]),
    ];
    let fours = [
        first(pairs[0], pairs[2]),
        second(pairs[0], pairs[2]),
        first(pairs[1], pairs[3]),
        second(pairs[1], pairs[3]),
        first(pairs[4], pairs[6]),
        second(pairs[4], pairs[6]),
        first(pairs[5], pairs[7]),
        second(pairs[5], pairs[7]),
    ];
    for index in 0..4 {
        target[index * target_stride..index * target_stride + 8]
            .copy_from_slice(&near(fours[index], fours[index + 4]));
        target[(index + 4) * target_stride..(index + 4) * target_stride + 8]
            .copy_from_slice(&far(fours[index], fours[index + 4]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::random::Random;
    use proptest::prelude::*;

    fn draws(random: &mut Random, count: usize) -> Vec<f32> {
        (0..count)
            .map(|_| random.below(2001) as f32 / 1000.0 - 1.0)
            .collect()
    }

    proptest! {
        #[test]
        fn equals_the_naive_product(m in 0_usize..20, n in 1_usize..4, k in 0_usize..40, turned in any::<bool>(), start in 0..3, seed in any::<u64>()) {
            let (n, random) = (n * TILE, &mut Random::new(seed, 0));
            let (left, right, before, rows) = (draws(random, m * k), draws(random, k * n), draws(random, m * n), draws(random, m));
            let shape = if turned { Layout::row_major(k, m).transposed() } else { Layout::row_major(m, k) };
            let how = match start { 0 => Start::Zero, 1 => Start::Target, _ => Start::Rows(&rows) };
            let mut target = before.clone();
            multiply((&mut target, n), how, (&left, shape), (&right, n), n);
            for r in 0..m {
                for c in 0..n {
                    let begun = match start { 0 => 0.0, 1 => before[r * n + c], _ => rows[r] };
                    let sum: f32 = (0..k).map(|i| left[r * shape.row + i * shape.column] * right[i * n + c]).sum();
                    prop_assert!((target[r * n + c] - begun - sum).abs() < 1e-4);
                }
            }
        }

        #[test]
        fn a_transpose_swaps_rows_and_columns(m in 1_usize..6, n in 1_usize..6, seed in any::<u64>()) {
            let (m, n) = (8 * m, 8 * n);
            let source = draws(&mut Random::new(seed, 0), m * n);
            let mut target = vec![0.0; m * n];
            transpose(&source, m, n, &mut target);
            for r in 0..m {
                for c in 0..n {
                    prop_assert_eq!(target[c * m + r], source[r * n + c]);
                }
            }
        }

        #[test]
        fn a_transpose_fits_between_other_numbers(m in 0_usize..30, n in 0_usize..30, gap in 0_usize..4, seed in any::<u64>()) {
            let source = draws(&mut Random::new(seed, 0), m * (n + gap));
            let mut target = vec![7.0; n * (m + gap)];
            transpose_into((&source, n + gap), (m, n), (&mut target, m + gap));
            for c in 0..n {
                for (r, &value) in target[c * (m + gap)..][..m + gap].iter().enumerate() {
                    prop_assert_eq!(value, if r < m { source[r * (n + gap) + c] } else { 7.0 });
                }
            }
        }
    }
}
