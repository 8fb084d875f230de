//! Cholesky factorization of symmetric positive definite matrices, in panels with products for the rest.

use super::product::{Layout, multiply};

/// Columns that are factored before the rest is updated at once.
const PANEL: usize = 48;

/// The lower factor L of A = L·Lᵀ, row-major.
pub(crate) struct Cholesky {
    lower: Vec<f64>,
    size: usize,
}

impl Cholesky {
    /// Factors a symmetric matrix (row-major, only the lower half is read); `None` when it is not positive definite.
    pub(crate) fn new(mut matrix: Vec<f64>, size: usize) -> Option<Self> {
        for start in (0..size).step_by(PANEL) {
            let end = (start + PANEL).min(size);
            for column in start..end {
                let pivot = {
                    let row = &matrix[column * size + start..column * size + column];
                    matrix[column * size + column]
                        - row.iter().map(|value| value * value).sum::<f64>()
                };
                if pivot <= 0.0 || !pivot.is_finite() {
                    return None;
                }
                let root = pivot.sqrt();
                matrix[column * size + column] = root;
                for row in column + 1..size {
                    let (upper, lower) = matrix.split_at_mut(row * size);
                    let above = &upper[column * size + start..column * size + column];
                    let here = &lower[start..column];
                    let dot: f64 = above
                        .iter()
                        .zip(here)
                        .map(|(left, right)| left * right)
                        .sum();
                    lower[column] = (lower[column] - dot) / root;
                }
            }
            trailing_update(&mut matrix, size, start, end);
        }
        Some(Self {
            lower: matrix,
            size,
        })
    }

    /// Solves A·x = b in place.
    pub(crate) fn solve(&self, right: &mut [f64]) {
        let size = self.size;
        for row in 0..size {
            let known = &self.lower[row * size..row * size + row];
            let sum: f64 = known
                .iter()
                .zip(&right[..row])
                .map(|(factor, value)| factor * value)
                .sum();
            right[row] = (right[row] - sum) / self.lower[row * size + row];
        }
        for row in (0..size).rev() {
            let value = right[row] / self.lower[row * size + row];
            right[row] = value;
            let factors = &self.lower[row * size..row * size + row];
            for (target, factor) in right[..row].iter_mut().zip(factors) {
                *target -= factor * value;
            }
        }
    }
}

/// A₂₂ −= L₂₁ · L₂₁ᵀ below and right of the panel.
fn trailing_update(matrix: &mut [f64], size: usize, start: usize, end: usize) {
    let rest = size - end;
    if rest == 0 {
        return;
    }
    let width = end - start;
    let mut panel = Vec::with_capacity(rest * width);
    for row in end..size {
        panel.extend_from_slice(&matrix[row * size + start..row * size + end]);
    }
    // Only the lower half is needed: block rows, each up to its own diagonal.
    const BLOCK: usize = 256;
    for first in (0..rest).step_by(BLOCK) {
        let last = (first + BLOCK).min(rest);
        let offset = (end + first) * size + end;
        let shape = Layout {
            rows: last - first,
            columns: last,
            row: size,
            column: 1,
        };
        let left = (
            &panel[first * width..last * width],
            Layout::row_major(last - first, width),
        );
        let right = (
            &panel[..last * width],
            Layout::row_major(last, width).transposed(),
        );
        multiply((&mut matrix[offset..], shape), true, left, right, -1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::random::Random;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn solves_what_it_factored(size in 1_usize..130, seed in any::<u64>()) {
            let mut random = Random::new(seed, 0);
            let basis: Vec<f64> = (0..size * size).map(|_| random.below(2001) as f64 / 1000.0 - 1.0).collect();
            let mut matrix = vec![0.0; size * size];
            for r in 0..size {
                for c in 0..size {
                    matrix[r * size + c] = (0..size).map(|i| basis[r * size + i] * basis[c * size + i]).sum::<f64>() + if r == c { 1.0 } else { 0.0 };
                }
            }
            let truth: Vec<f64> = (0..size).map(|_| random.below(2001) as f64 / 1000.0 - 1.0).collect();
            let mut right: Vec<f64> = (0..size).map(|r| (0..size).map(|c| matrix[r * size + c] * truth[c]).sum()).collect();
            let factored = Cholesky::new(matrix, size);
            prop_assert!(factored.is_some());
            if let Some(factored) = factored {
                factored.solve(&mut right);
            }
            for (found, expected) in right.iter().zip(&truth) {
                prop_assert!((found - expected).abs() < 1e-7);
            }
        }
    }

    #[test]
    fn refuses_what_is_not_positive_definite() {
        assert!(Cholesky::new(vec![1.0, 2.0, 2.0, 1.0], 2).is_none());
        assert!(Cholesky::new(vec![f64::NAN], 1).is_none());
    }
}
