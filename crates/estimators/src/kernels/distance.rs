//! Distances between two rows of floats, added up in `f64` in one fixed order: the same bits on every machine.

use super::simd::wide;

/// Partial sums kept side by side.
const LANES: usize = 8;

#[inline(always)]
fn sum(left: &[f32], right: &[f32], term: impl Fn(f64, f64) -> f64) -> f64 {
    let mut sums = [0.0_f64; LANES];
    let (lefts, rights) = (left.chunks_exact(LANES), right.chunks_exact(LANES));
    let rest = lefts.remainder().iter().zip(rights.remainder());
    for (left, right) in lefts.zip(rights) {
        for ((sum, &left), &right) in sums.iter_mut().zip(left).zip(right) {
            *sum += term(f64::from(left), f64::from(right));
        }
    }
    let mut last = 0.0;
    for (&left, &right) in rest {
        last += term(f64::from(left), f64::from(right));
    }
    sums.into_iter().fold(last, |total, sum| total + sum)
}

/// Sum of squared differences.
pub(crate) fn squared(left: &[f32], right: &[f32]) -> f64 {
    wide(
        #[inline(always)]
        || sum(left, right, |left, right| (left - right) * (left - right)),
    )
}

/// Sum of absolute differences.
pub(crate) fn absolute(left: &[f32], right: &[f32]) -> f64 {
    wide(
        #[inline(always)]
        || sum(left, right, |left, right| (left - right).abs()),
    )
}

/// Sum of products.
pub(crate) fn dot(left: &[f32], right: &[f32]) -> f64 {
    wide(
        #[inline(always)]
        || sum(left, right, |left, right| left * right),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn equal_the_naive_sums(pairs in prop::collection::vec((-100.0_f32..100.0, -100.0_f32..100.0), 0..70)) {
            let (left, right): (Vec<f32>, Vec<f32>) = pairs.iter().copied().unzip();
            let naive = |term: fn(f64, f64) -> f64| pairs.iter().map(|&(left, right)| term(f64::from(left), f64::from(right))).sum::<f64>();
            let close = |found: f64, expected: f64| (found - expected).abs() <= 1e-9 * (1.0 + expected.abs());
            prop_assert!(close(squared(&left, &right), naive(|left, right| (left - right).powi(2))));
            prop_assert!(close(absolute(&left, &right), naive(|left, right| (left - right).abs())));
            prop_assert!((dot(&left, &right) - naive(|left, right| left * right)).abs() < 1e-6);
        }
    }
}
