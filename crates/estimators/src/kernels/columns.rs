//! Products of tiles that keep each column's rows side by side: sums of columns, and dot products of columns.
//!
//! A tile is a slice in which column `c` begins at `c · stride`; its rows are a multiple of [`LANES`], so that every
//! vector is whole. Rows that are no data are zeros in one of the factors. Sums within a tile are in the tile's own
//! type; tiles are added up in `f64` by the caller.

use super::product::{Element, Layout, multiply};
use super::simd::arch;
use pulp::{Simd, WithSimd};

/// Rows of a tile come in multiples of this: the widest vector of the smallest number.
pub(crate) const LANES: usize = 16;
/// Columns on either side from which panels and a blocked product are quicker than dot products out of a near cache.
const MANY: usize = 128;

/// A number type that tiles are kept in, with its vectors.
pub(crate) trait Real: Element + Default + Send + Sync {
    /// As many numbers as a vector holds.
    type Vector<S: Simd>: Copy;
    fn from_f64(value: f64) -> Self;
    fn to_f64(self) -> f64;
    fn times(self, other: Self) -> Self;
    fn vectors<S: Simd>(values: &[Self]) -> &[Self::Vector<S>];
    fn vectors_mut<S: Simd>(values: &mut [Self]) -> &mut [Self::Vector<S>];
    fn splat<S: Simd>(simd: S, value: Self) -> Self::Vector<S>;
    /// left · right + sum, fused where the machine does.
    fn fused<S: Simd>(
        simd: S,
        left: Self::Vector<S>,
        right: Self::Vector<S>,
        sum: Self::Vector<S>,
    ) -> Self::Vector<S>;
    fn total<S: Simd>(simd: S, values: Self::Vector<S>) -> Self;
}

impl Real for f32 {
    type Vector<S: Simd> = S::f32s;
    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        value as f32
    }
    #[inline(always)]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
    #[inline(always)]
    fn times(self, other: Self) -> Self {
        self * other
    }
    #[inline(always)]
    fn vectors<S: Simd>(values: &[Self]) -> &[S::f32s] {
        S::as_simd_f32s(values).0
    }
    #[inline(always)]
    fn vectors_mut<S: Simd>(values: &mut [Self]) -> &mut [S::f32s] {
        S::as_mut_simd_f32s(values).0
    }
    #[inline(always)]
    fn splat<S: Simd>(simd: S, value: Self) -> S::f32s {
        simd.splat_f32s(value)
    }
    #[inline(always)]
    fn fused<S: Simd>(simd: S, left: S::f32s, right: S::f32s, sum: S::f32s) -> S::f32s {
        simd.mul_add_e_f32s(left, right, sum)
    }
    #[inline(always)]
    fn total<S: Simd>(simd: S, values: S::f32s) -> Self {
        simd.reduce_sum_f32s(values)
    }
}

impl Real for f64 {
    type Vector<S: Simd> = S::f64s;
    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        value
    }
    #[inline(always)]
    fn to_f64(self) -> f64 {
        self
    }
    #[inline(always)]
    fn times(self, other: Self) -> Self {
        self * other
    }
    #[inline(always)]
    fn vectors<S: Simd>(values: &[Self]) -> &[S::f64s] {
        S::as_simd_f64s(values).0
    }
    #[inline(always)]
    fn vectors_mut<S: Simd>(values: &mut [Self]) -> &mut [S::f64s] {
        S::as_mut_simd_f64s(values).0
    }
    #[inline(always)]
    fn splat<S: Simd>(simd: S, value: Self) -> S::f64s {
        simd.splat_f64s(value)
    }
    #[inline(always)]
    fn fused<S: Simd>(simd: S, left: S::f64s, right: S::f64s, sum: S::f64s) -> S::f64s {
        simd.mul_add_e_f64s(left, right, sum)
    }
    #[inline(always)]
    fn total<S: Simd>(simd: S, values: S::f64s) -> Self {
        simd.reduce_sum_f64s(values)
    }
}

/// Columns side by side.
#[derive(Clone, Copy)]
pub(crate) struct Columns<'a, T> {
    pub(crate) values: &'a [T],
    pub(crate) count: usize,
    /// From one column's begin to the next one's.
    pub(crate) stride: usize,
    /// Rows that count, a multiple of [`LANES`].
    pub(crate) rows: usize,
}

impl<'a, T: Real> Columns<'a, T> {
    #[inline(always)]
    fn column(&self, index: usize) -> &'a [T] {
        &self.values[index * self.stride..index * self.stride + self.rows]
    }

    fn layout(&self) -> Layout {
        Layout {
            rows: self.rows,
            columns: self.count,
            row: 1,
            column: self.stride,
        }
    }

    fn from(&self, first: usize, count: usize) -> Self {
        Self {
            values: &self.values[first * self.stride..],
            count,
            ..*self
        }
    }
}

/// `sums[l · right.count + r] += left column l · right column r`; with `half`, only where r ≤ l is meant (some of the
/// others are added to as well).
pub(crate) fn dots<T: Real>(
    left: Columns<'_, T>,
    right: Columns<'_, T>,
    half: bool,
    sums: &mut [f64],
) {
    if left.count < MANY / 4 || right.count < MANY {
        let width = right.count;
        return arch().dispatch(Dots {
            left,
            right,
            half,
            width,
            sums,
        });
    }
    let mut product = vec![T::ZERO; MANY * MANY];
    for first in (0..left.count).step_by(MANY) {
        let rows = MANY.min(left.count - first);
        for second in (0..right.count).step_by(MANY) {
            if half && second >= first + rows {
                break;
            }
            let columns = MANY.min(right.count - second);
            let (a, b) = (left.from(first, rows), right.from(second, columns));
            let shape = Layout::row_major(rows, columns);
            multiply(
                (&mut product, shape),
                false,
                (a.values, a.layout().transposed()),
                (b.values, b.layout()),
                T::ONE,
            );
            for (row, own) in product[..rows * columns].chunks_exact(columns).enumerate() {
                let target = &mut sums[(first + row) * right.count + second..][..columns];
                target
                    .iter_mut()
                    .zip(own)
                    .for_each(|(sum, value)| *sum += value.to_f64());
            }
        }
    }
}

struct Dots<'a, T> {
    left: Columns<'a, T>,
    right: Columns<'a, T>,
    half: bool,
    width: usize,
    sums: &'a mut [f64],
}

impl<T: Real> WithSimd for Dots<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        if self.right.count == 1 {
            self.run::<S, 8, 1>(simd);
        } else if self.right.count == 2 {
            self.run::<S, 4, 2>(simd);
        } else {
            self.run::<S, 4, 3>(simd);
        }
    }
}

impl<T: Real> Dots<'_, T> {
    /// Groups of `A` left and `B` right columns: as many sums as stay in registers. The last column fills up a group.
    #[inline(always)]
    fn run<S: Simd, const A: usize, const B: usize>(self, simd: S) {
        for first in (0..self.left.count).step_by(A) {
            let lefts = group::<T, S, A>(self.left, first);
            let end = if self.half {
                (first + A).min(self.right.count)
            } else {
                self.right.count
            };
            for second in (0..end).step_by(B) {
                let rights = group::<T, S, B>(self.right, second);
                let found = dot_group::<T, S, A, B>(simd, lefts, rights);
                for (row, own) in found.iter().enumerate().take(self.left.count - first) {
                    let target = &mut self.sums[(first + row) * self.width..][..self.width];
                    for (sum, value) in target[second..].iter_mut().zip(own) {
                        *sum += value.to_f64();
                    }
                }
            }
        }
    }
}

/// `N` columns from `first`; the last fills up.
#[inline(always)]
fn group<'a, T: Real, S: Simd, const N: usize>(
    columns: Columns<'a, T>,
    first: usize,
) -> [&'a [T::Vector<S>]; N] {
    let mut own: [&[T::Vector<S>]; N] = [&[]; N];
    for (index, own) in own.iter_mut().enumerate() {
        *own = T::vectors::<S>(columns.column((first + index).min(columns.count - 1)));
    }
    own
}

// Closures in `map` would not always be compiled for the wide vectors: plain loops are.
#[inline(always)]
fn dot_group<T: Real, S: Simd, const A: usize, const B: usize>(
    simd: S,
    mut lefts: [&[T::Vector<S>]; A],
    mut rights: [&[T::Vector<S>]; B],
) -> [[T; B]; A] {
    let length = lefts[0].len();
    for column in &mut lefts {
        *column = &column[..length];
    }
    for column in &mut rights {
        *column = &column[..length];
    }
    let zero = T::splat(simd, T::ZERO);
    let mut sums = [[zero; B]; A];
    for row in 0..length {
        let mut own = [zero; B];
        for b in 0..B {
            own[b] = rights[b][row];
        }
        for a in 0..A {
            let value = lefts[a][row];
            for b in 0..B {
                sums[a][b] = T::fused(simd, value, own[b], sums[a][b]);
            }
        }
    }
    let mut totals = [[T::ZERO; B]; A];
    for a in 0..A {
        for b in 0..B {
            totals[a][b] = T::total(simd, sums[a][b]);
        }
    }
    totals
}

/// `out[o · stride + row] = Σ columns · weights`, `weights` holding `outputs` numbers for each column.
pub(crate) fn combine<T: Real>(
    columns: Columns<'_, T>,
    weights: &[T],
    outputs: usize,
    out: &mut [T],
) {
    if outputs >= MANY / 4 && columns.count >= MANY / 4 {
        let shape = Layout {
            columns: outputs,
            ..columns.layout()
        };
        let weights = (weights, Layout::row_major(columns.count, outputs));
        let left = (columns.values, columns.layout());
        return multiply((out, shape), false, left, weights, T::ONE);
    }
    arch().dispatch(Combine {
        columns,
        weights,
        outputs,
        out,
    });
}

struct Combine<'a, T> {
    columns: Columns<'a, T>,
    weights: &'a [T],
    outputs: usize,
    out: &'a mut [T],
}

impl<T: Real> WithSimd for Combine<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let length = T::vectors::<S>(&self.columns.values[..self.columns.rows]).len();
        let mut first = 0;
        while first < self.outputs {
            let rest = self.outputs - first;
            let done = if rest >= 4 {
                self.group::<S, 4>(simd, first, length);
                4
            } else if rest >= 2 {
                self.group::<S, 2>(simd, first, length);
                2
            } else {
                self.group::<S, 1>(simd, first, length);
                1
            };
            first += done;
        }
    }
}

impl<T: Real> Combine<'_, T> {
    /// `O` outputs of all rows, so many rows at once that the sums stay in registers; the last rows overlap those before.
    #[inline(always)]
    fn group<S: Simd, const O: usize>(&mut self, simd: S, first: usize, length: usize) {
        if O == 1 && length >= 8 {
            self.rows::<S, O, 8>(simd, first, length);
        } else if O == 2 && length >= 5 {
            self.rows::<S, O, 5>(simd, first, length);
        } else if length >= 3 {
            self.rows::<S, O, 3>(simd, first, length);
        } else {
            self.rows::<S, O, 1>(simd, first, length);
        }
    }

    #[inline(always)]
    fn rows<S: Simd, const O: usize, const V: usize>(
        &mut self,
        simd: S,
        first: usize,
        length: usize,
    ) {
        let stride = self.columns.stride;
        for start in (0..length).step_by(V) {
            let start = start.min(length - V);
            let mut sums = [[T::splat(simd, T::ZERO); V]; O];
            for column in 0..self.columns.count {
                let own = T::vectors::<S>(&self.columns.values[column * stride..]);
                let own = &own[start..start + V];
                let weights = &self.weights[column * self.outputs + first..][..O];
                for (output, sums) in sums.iter_mut().enumerate() {
                    let weight = T::splat(simd, weights[output]);
                    for (sum, value) in sums.iter_mut().zip(own) {
                        *sum = T::fused(simd, weight, *value, *sum);
                    }
                }
            }
            for (output, sums) in sums.iter().enumerate() {
                let target = &mut self.out[(first + output) * stride..];
                T::vectors_mut::<S>(target)[start..start + V].copy_from_slice(sums);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::random::Random;
    use proptest::prelude::*;

    fn draw(random: &mut Random, count: usize) -> Vec<f64> {
        (0..count)
            .map(|_| random.below(2001) as f64 / 1000.0 - 1.0)
            .collect()
    }

    fn check<T: Real>(
        counts: (usize, usize),
        rows: usize,
        seed: u64,
        near: f64,
    ) -> Result<(), TestCaseError> {
        let mut random = Random::new(seed, 0);
        let stride = rows + LANES * random.below(3);
        let mut columns = |count: usize| -> Vec<T> {
            draw(&mut random, count * stride)
                .into_iter()
                .map(T::from_f64)
                .collect()
        };
        let (a, b, weights) = (columns(counts.0), columns(counts.1), columns(counts.0));
        let of = |values, count| Columns {
            values,
            count,
            stride,
            rows,
        };
        let (left, right) = (of(&a, counts.0), of(&b, counts.1));
        let (mut all, mut half) = (
            vec![1.0; counts.0 * counts.1],
            vec![0.0; counts.0 * counts.0],
        );
        dots(left, right, false, &mut all);
        dots(left, left, true, &mut half);
        let naive = |x: &[T], y: &[T]| -> f64 {
            x.iter().zip(y).map(|(x, y)| x.to_f64() * y.to_f64()).sum()
        };
        for l in 0..counts.0 {
            for r in 0..counts.1 {
                let expected = 1.0 + naive(left.column(l), right.column(r));
                prop_assert!((all[l * counts.1 + r] - expected).abs() < near);
            }
            for r in 0..=l {
                let expected = naive(left.column(l), left.column(r));
                prop_assert!((half[l * counts.0 + r] - expected).abs() < near);
            }
        }
        let mut out = vec![T::ZERO; counts.1 * stride];
        combine(left, &weights[..], 1, &mut out[..stride]);
        let outputs = counts.1.min(weights.len() / counts.0);
        combine(left, &weights, outputs, &mut out);
        for output in 0..outputs {
            for row in 0..rows {
                let expected: f64 = (0..counts.0)
                    .map(|c| weights[c * outputs + output].to_f64() * left.column(c)[row].to_f64())
                    .sum();
                prop_assert!((out[output * stride + row].to_f64() - expected).abs() < near);
            }
        }
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn dots_and_sums_equal_the_naive_ones(left in 1_usize..30, right in 1_usize..40, lanes in 1_usize..14, seed in any::<u64>()) {
            check::<f32>((left, right), lanes * LANES, seed, 1e-3)?;
            check::<f64>((left, right), lanes * LANES, seed, 1e-10)?;
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(6))]
        #[test]
        fn panels_equal_the_naive_ones(left in 120_usize..300, right in 100_usize..290, seed in any::<u64>()) {
            check::<f64>((left, right), 2 * LANES, seed, 1e-10)?;
        }
    }
}
