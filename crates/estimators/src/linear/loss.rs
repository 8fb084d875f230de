//! The logistic loss of two classes and of many, with its gradient: numbers of a block of rows in, slopes out.

use super::design::{Design, Rows};
use super::tiles::BLOCK;
use crate::kernels::natural::{exp_negative, ln, ln_1p_share};
use crate::kernels::simd::wide;

/// Rows worked on at once.
const LANES: usize = 16;
/// The least curvature of a row, so that rows that are certain keep a trace.
const LEAST_CURVATURE: f32 = 1e-12;

/// Σ weight · loss over the rows, as a function of coefficients.
pub(crate) struct LogLoss<'a> {
    pub(crate) design: &'a Design<'a, f32>,
    pub(crate) classes: &'a [u32],
    pub(crate) weights: Option<&'a [f64]>,
    /// 1 for two classes, else one a class.
    pub(crate) outputs: usize,
}

impl LogLoss<'_> {
    /// Value and gradient at some coefficients (`outputs` sets).
    pub(crate) fn evaluate(&self, coefficients: &[f64]) -> (f64, Vec<f64>) {
        self.design.sweep(coefficients, |rows| {
            let classes = &self.classes[rows.first..rows.first + rows.count];
            let weights = self.weights.map(|weights| &weights[rows.first..]);
            if self.outputs == 1 {
                two_classes(rows.numbers, classes, weights)
            } else {
                many_classes(rows.numbers, classes, weights)
            }
        })
    }

    /// The curvature of two classes at some coefficients, `(width + 1)²`.
    pub(crate) fn hessian(&self, coefficients: &[f64]) -> Vec<f64> {
        self.design
            .weighted_gram(coefficients, |rows: Rows<'_, f32>| {
                let weights = self.weights.map(|weights| &weights[rows.first..]);
                curvatures(&mut rows.numbers[..rows.count], weights);
            })
    }

    /// Σ weight.
    pub(crate) fn total_weight(&self) -> f64 {
        self.weights
            .map_or(self.design.rows as f64, |weights| weights.iter().sum())
    }
}

/// The classes and weights of up to [`LANES`] rows from `first`; rows beyond the last have weight 0.
#[inline(always)]
fn lanes(classes: &[u32], weights: Option<&[f64]>, first: usize) -> ([i32; LANES], [f32; LANES]) {
    let (mut own, mut factors) = ([0; LANES], [0.0; LANES]);
    if let (Some(classes), None) = (classes[first..].first_chunk::<LANES>(), weights) {
        for lane in 0..LANES {
            own[lane] = classes[lane] as i32;
        }
        return (own, [1.0; LANES]);
    }
    for lane in 0..LANES.min(classes.len() - first) {
        own[lane] = classes[first + lane] as i32;
        factors[lane] = weights.map_or(1.0, |weights| weights[first + lane] as f32);
    }
    (own, factors)
}

/// Turns log-odds into slopes; returns the loss.
fn two_classes(numbers: &mut [f32], classes: &[u32], weights: Option<&[f64]>) -> f64 {
    wide(
        #[inline(always)]
        || {
            let mut losses = [0.0_f32; LANES];
            let chunks = numbers.as_chunks_mut::<LANES>().0;
            for (index, own) in chunks[..classes.len().div_ceil(LANES)]
                .iter_mut()
                .enumerate()
            {
                let (actual, factors) = lanes(classes, weights, index * LANES);
                for lane in 0..LANES {
                    let number = own[lane];
                    let raised = exp_negative(-number.abs());
                    let actual = actual[lane] as f32;
                    let above = if number >= 0.0 { 1.0 } else { raised };
                    losses[lane] +=
                        factors[lane] * (number.max(0.0) - actual * number + ln_1p_share(raised));
                    own[lane] = factors[lane] * (above / (1.0 + raised) - actual);
                }
            }
            losses.iter().map(|&loss| f64::from(loss)).sum()
        },
    )
}

/// Turns log-odds into weight · p · (1 − p).
fn curvatures(numbers: &mut [f32], weights: Option<&[f64]>) {
    wide(
        #[inline(always)]
        || {
            for number in numbers.iter_mut() {
                let raised = exp_negative(-number.abs());
                let curvature = raised / ((1.0 + raised) * (1.0 + raised));
                *number = curvature.max(LEAST_CURVATURE);
            }
            if let Some(weights) = weights {
                for (number, weight) in numbers.iter_mut().zip(weights) {
                    *number *= *weight as f32;
                }
            }
        },
    );
}

/// Turns numbers, [`BLOCK`] for each class, into slopes; returns the loss.
fn many_classes(numbers: &mut [f32], classes: &[u32], weights: Option<&[f64]>) -> f64 {
    wide(
        #[inline(always)]
        || {
            let mut losses = [0.0_f32; LANES];
            for first in (0..classes.len()).step_by(LANES) {
                let (actual, factors) = lanes(classes, weights, first);
                let (mut largest, mut chosen) = ([f32::NEG_INFINITY; LANES], [0.0_f32; LANES]);
                for (class, own) in (0_i32..).zip(numbers.chunks_exact(BLOCK)) {
                    if let Some(own) = own[first..].first_chunk::<LANES>() {
                        for lane in 0..LANES {
                            largest[lane] = largest[lane].max(own[lane]);
                            chosen[lane] = if actual[lane] == class {
                                own[lane]
                            } else {
                                chosen[lane]
                            };
                        }
                    }
                }
                let mut sums = [0.0_f32; LANES];
                for own in numbers.chunks_exact_mut(BLOCK) {
                    if let Some(own) = own[first..].first_chunk_mut::<LANES>() {
                        for lane in 0..LANES {
                            own[lane] = exp_negative(own[lane] - largest[lane]);
                            sums[lane] += own[lane];
                        }
                    }
                }
                let mut shares = [0.0_f32; LANES];
                for lane in 0..LANES {
                    losses[lane] +=
                        factors[lane] * (ln(sums[lane]) + (largest[lane] - chosen[lane]));
                    shares[lane] = factors[lane] / sums[lane];
                }
                for (class, own) in (0_i32..).zip(numbers.chunks_exact_mut(BLOCK)) {
                    if let Some(own) = own[first..].first_chunk_mut::<LANES>() {
                        for lane in 0..LANES {
                            let hit = if actual[lane] == class {
                                factors[lane]
                            } else {
                                0.0
                            };
                            own[lane] = own[lane] * shares[lane] - hit;
                        }
                    }
                }
            }
            losses.iter().map(|&loss| f64::from(loss)).sum()
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linear::fitted::{sigmoid, softmax};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn slopes_and_losses_equal_the_naive_ones(
            rows in prop::collection::vec((prop::collection::vec(-30_f32..30.0, 5), 0_u32..5, 0.0_f64..3.0), 1..BLOCK), weighted in any::<bool>(),
        ) {
            let weights: Vec<f64> = rows.iter().map(|row| row.2).collect();
            let weights = weighted.then_some(weights.as_slice());
            let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);

            let classes: Vec<u32> = rows.iter().map(|row| row.1 % 2).collect();
            let mut numbers = vec![0.0; BLOCK];
            rows.iter().zip(&mut numbers).for_each(|(row, number)| *number = row.0[0]);
            let mut curvature = numbers.clone();
            let loss = two_classes(&mut numbers, &classes, weights);
            curvatures(&mut curvature[..rows.len()], weights);
            let mut expected = 0.0;
            for (row, (own, &class)) in rows.iter().zip(&classes).enumerate() {
                let number = f64::from(own.0[0]);
                let share = sigmoid(number);
                expected += weight(row) * (number.max(0.0) + (-number.abs()).exp().ln_1p() - f64::from(class) * number);
                prop_assert!((f64::from(numbers[row]) - weight(row) * (share - f64::from(class))).abs() < 2e-6);
                prop_assert!((f64::from(curvature[row]) - weight(row) * share * (1.0 - share)).abs() < 2e-6);
            }
            prop_assert!((loss - expected).abs() <= 1e-5 * (1.0 + expected));

            let classes: Vec<u32> = rows.iter().map(|row| row.1).collect();
            let mut numbers = vec![0.0; 5 * BLOCK];
            for (row, own) in rows.iter().enumerate() {
                (0..5).for_each(|class| numbers[class * BLOCK + row] = own.0[class]);
            }
            let loss = many_classes(&mut numbers, &classes, weights);
            let mut expected = 0.0;
            for (row, own) in rows.iter().enumerate() {
                let mut shares: Vec<f64> = own.0.iter().map(|&number| f64::from(number)).collect();
                let actual = shares[own.1 as usize];
                expected += weight(row) * (softmax(&mut shares) - actual);
                for class in 0..5 {
                    let slope = weight(row) * (shares[class] - f64::from(u8::from(class == own.1 as usize)));
                    prop_assert!((f64::from(numbers[class * BLOCK + row]) - slope).abs() < 2e-6);
                }
            }
            prop_assert!((loss - expected).abs() <= 1e-5 * (1.0 + expected));
        }
    }
}
