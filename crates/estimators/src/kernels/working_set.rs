//! The two passes over all samples that a step of sequential minimal optimization (SMO) makes: choosing the second
//! sample of the working set, and moving the gradient while choosing the first sample of the next one.
//!
//! Nothing is gathered and nothing branches per sample: what a sample may do is an offset that is added to its gradient,
//! infinite when the direction is closed. Ties go to the lowest index, so that no width of vectors changes a choice.

use super::simd::wide;
use crate::kernels::columns::Real;
use std::ops::{Add, Mul, Sub};

/// Lanes of the running bests; a multiple of every vector's width.
const LANES: usize = 16;
/// Samples after which the bests are looked at: where the best block was is remembered, and only it is searched again.
const BLOCK: usize = 128;
/// Takes the rounding of a product and of a quotient off what must be passed.
const SLACK: f32 = 1.0 - 1e-6;
/// The least curvature along a step (as in LIBSVM).
pub(crate) const LEAST_CURVATURE: f64 = 1e-12;

/// Number types that a gradient may have.
pub(crate) trait Number:
    Real + PartialOrd + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self>
{
    const INFINITY: Self;
    fn from_f32(value: f32) -> Self;
    fn to_f32(self) -> f32;
}

impl Number for f32 {
    const INFINITY: Self = f32::INFINITY;
    #[inline(always)]
    fn from_f32(value: f32) -> Self {
        value
    }
    #[inline(always)]
    fn to_f32(self) -> f32 {
        self
    }
}

impl Number for f64 {
    const INFINITY: Self = f64::INFINITY;
    #[inline(always)]
    fn from_f32(value: f32) -> Self {
        f64::from(value)
    }
    #[inline(always)]
    fn to_f32(self) -> f32 {
        self as f32
    }
}

/// What the second choice needs to know of the first.
#[derive(Clone, Copy)]
pub(crate) struct First<T> {
    /// Gradient of the first sample, moving up.
    pub(crate) gradient: T,
    /// Its kernel with itself.
    pub(crate) diagonal: f32,
}

/// What [`choose_second`] found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Second<T> {
    /// The sample with the largest decrease; `None` when no sample lies above the first.
    pub(crate) index: Option<usize>,
    /// The largest gradient of all samples that may move down.
    pub(crate) largest: T,
}

/// Second-order choice (Fan, Chen & Lin, 2005): among samples that may move down and lie above the first, the one with
/// the largest (difference)² / curvature. All slices have the same length.
///
/// Divisions take most of the time, and few samples gain more than all before them: the others are told by a product.
pub(crate) fn choose_second<T: Number>(
    first: First<T>,
    gradient: &[T],
    down: &[T],
    row: &[f32],
    diagonal: &[f32],
) -> Second<T> {
    wide(
        #[inline(always)]
        || {
            let mut largest = [T::ZERO - T::INFINITY; LANES];
            let mut best = (0.0_f32, 0_usize);
            let size = gradient.len();
            for start in (0..size).step_by(BLOCK) {
                let end = (start + BLOCK).min(size);
                let (gradient, down) = (&gradient[start..end], &down[start..end]);
                let (row, diagonal) = (&row[start..end], &diagonal[start..end]);
                let mut block = best.0;
                let full = (end - start) / LANES * LANES;
                let chunks = gradient.as_chunks::<LANES>().0.iter();
                let chunks = chunks.zip(down.as_chunks::<LANES>().0);
                let chunks = chunks.zip(row.as_chunks::<LANES>().0);
                for (((own, down), row), diagonal) in chunks.zip(diagonal.as_chunks::<LANES>().0) {
                    let bar = block * SLACK;
                    let mut squares = [0.0_f32; LANES];
                    let mut curvatures = [0.0_f32; LANES];
                    let mut above = false;
                    for lane in 0..LANES {
                        let (level, square, curvature) =
                            gain(first, own[lane], down[lane], row[lane], diagonal[lane]);
                        largest[lane] = if level > largest[lane] {
                            level
                        } else {
                            largest[lane]
                        };
                        squares[lane] = square;
                        curvatures[lane] = curvature;
                        above |= square > bar * curvature;
                    }
                    if above {
                        let gains = squares.iter().zip(&curvatures);
                        block = gains.fold(block, |best, (square, curvature)| {
                            let gain = square / curvature;
                            if gain > best { gain } else { best }
                        });
                    }
                }
                for index in full..end - start {
                    let (level, square, curvature) = gain(
                        first,
                        gradient[index],
                        down[index],
                        row[index],
                        diagonal[index],
                    );
                    if level > largest[0] {
                        largest[0] = level;
                    }
                    if square / curvature > block {
                        block = square / curvature;
                    }
                }
                if block > best.0 {
                    best = (block, start);
                }
            }
            let index = (best.0 > 0.0)
                .then(|| {
                    let end = (best.1 + BLOCK).min(size);
                    (best.1..end).find(|&index| {
                        let (_, square, curvature) = gain(
                            first,
                            gradient[index],
                            down[index],
                            row[index],
                            diagonal[index],
                        );
                        square / curvature == best.0
                    })
                })
                .flatten();
            let largest = largest.iter().fold(T::ZERO - T::INFINITY, |most, &level| {
                if level > most { level } else { most }
            });
            Second { index, largest }
        },
    )
}

/// Where a sample that moves down stands, and what a step with it gains: the square of a difference by a curvature.
#[inline(always)]
fn gain<T: Number>(
    first: First<T>,
    gradient: T,
    down: T,
    kernel: f32,
    diagonal: f32,
) -> (T, f32, f32) {
    let level = gradient + down;
    let difference = (level - first.gradient).to_f32();
    let difference = if difference > 0.0 { difference } else { 0.0 };
    let curvature = first.diagonal + diagonal - 2.0 * kernel;
    let least = LEAST_CURVATURE as f32;
    let curvature = if curvature > least { curvature } else { least };
    (level, difference * difference, curvature)
}

/// Adds `step · (first − second)` to the gradient, and finds the sample that may move up with the least gradient:
/// its index and value (`None` when no sample may). All slices have the same length.
pub(crate) fn move_gradient<T: Number>(
    step: T,
    first: &[f32],
    second: &[f32],
    gradient: &mut [T],
    up: &[T],
) -> (Option<usize>, T) {
    wide(
        #[inline(always)]
        move || {
            let size = gradient.len();
            let mut best = (T::INFINITY, 0_usize);
            for start in (0..size).step_by(BLOCK) {
                let end = (start + BLOCK).min(size);
                let gradient = &mut gradient[start..end];
                let (first, second, up) =
                    (&first[start..end], &second[start..end], &up[start..end]);
                let mut bests = [T::INFINITY; LANES];
                let full = (end - start) / LANES * LANES;
                let chunks = gradient.as_chunks_mut::<LANES>().0.iter_mut();
                let chunks = chunks.zip(first.as_chunks::<LANES>().0);
                let chunks = chunks.zip(second.as_chunks::<LANES>().0);
                for (((own, first), second), up) in chunks.zip(up.as_chunks::<LANES>().0) {
                    // Read and written as one, so that nothing between need fear to be overwritten.
                    let mut moved = *own;
                    for lane in 0..LANES {
                        moved[lane] = moved[lane] + step * T::from_f32(first[lane] - second[lane]);
                        let level = moved[lane] + up[lane];
                        bests[lane] = if level < bests[lane] {
                            level
                        } else {
                            bests[lane]
                        };
                    }
                    *own = moved;
                }
                for index in full..end - start {
                    gradient[index] =
                        gradient[index] + step * T::from_f32(first[index] - second[index]);
                    let level = gradient[index] + up[index];
                    if level < bests[0] {
                        bests[0] = level;
                    }
                }
                let block =
                    bests.iter().fold(
                        T::INFINITY,
                        |least, &level| {
                            if level < least { level } else { least }
                        },
                    );
                if block < best.0 {
                    best = (block, start);
                }
            }
            let index = (best.0 < T::INFINITY)
                .then(|| {
                    let end = (best.1 + BLOCK).min(size);
                    (best.1..end).find(|&index| gradient[index] + up[index] == best.0)
                })
                .flatten();
            (index, best.0)
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Whole numbers and quarters are exact, so that the naive result is the same to the bit.
    fn samples() -> impl Strategy<Value = Vec<(i8, i8, u8, u8)>> {
        prop::collection::vec((-8_i8..8, -8_i8..8, 0_u8..3, 0_u8..5), 1..1500)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn second_is_the_naive_choice(samples in samples(), gradient in -8_i8..8) {
            let levels: Vec<f64> = samples.iter().map(|sample| f64::from(sample.0) / 4.0).collect();
            let down: Vec<f64> = samples.iter().map(|sample| if sample.2 == 0 { f64::NEG_INFINITY } else { 0.0 }).collect();
            let row: Vec<f32> = samples.iter().map(|sample| f32::from(sample.1) / 8.0).collect();
            let diagonal: Vec<f32> = samples.iter().map(|sample| 1.0 + f32::from(sample.3)).collect();
            let first = First { gradient: f64::from(gradient) / 4.0, diagonal: 1.0 };
            let found = choose_second(first, &levels, &down, &row, &diagonal);
            let (mut best, mut index, mut largest) = (0.0_f32, None, f64::NEG_INFINITY);
            for k in 0..samples.len() {
                let level = levels[k] + down[k];
                largest = largest.max(level);
                let difference = level - first.gradient;
                if difference > 0.0 {
                    let gain = (difference * difference) as f32 / (1.0 + diagonal[k] - 2.0 * row[k]).max(1e-12);
                    if gain > best {
                        (best, index) = (gain, Some(k));
                    }
                }
            }
            prop_assert_eq!(found, Second { index, largest });
        }

        #[test]
        fn the_gradient_moves(samples in samples(), step in -8_i8..8) {
            let mut gradient: Vec<f32> = samples.iter().map(|sample| f32::from(sample.0) / 4.0).collect();
            let up: Vec<f32> = samples.iter().map(|sample| if sample.2 == 0 { f32::INFINITY } else { 0.0 }).collect();
            let first: Vec<f32> = samples.iter().map(|sample| f32::from(sample.1)).collect();
            let second: Vec<f32> = samples.iter().map(|sample| f32::from(sample.3)).collect();
            let step = f32::from(step) / 4.0;
            let naive: Vec<f32> = (0..samples.len()).map(|k| gradient[k] + step * (first[k] - second[k])).collect();
            let found = move_gradient(step, &first, &second, &mut gradient, &up);
            prop_assert_eq!(&gradient, &naive);
            let (mut least, mut index) = (f32::INFINITY, None);
            for (k, level) in naive.iter().enumerate() {
                if level + up[k] < least {
                    (least, index) = (level + up[k], Some(k));
                }
            }
            prop_assert_eq!(found, (index, least));
        }
    }
}
