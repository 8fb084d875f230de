//! e to many powers at once, in single precision: a short polynomial that compilers turn into vectors.

/// Below this the result is 0: smaller numbers would be subnormal.
const LOWEST: f32 = -87.0;
const HIGHEST: f32 = 88.0;
/// 1.5 · 2²³: adding it rounds to a whole number that then stands in the lowest bits.
const ROUNDER: f32 = 12_582_912.0;
/// ln 2 in two parts, the first with few digits so that its multiples are exact.
const LN_2: (f32, f32) = (0.693_359_4, -2.121_944_4e-4);

/// eˣ within 3 units in the last place; 0 below −87 (where the true value is under 2·10⁻³⁸) and e⁸⁸ above 88.
///
/// x = n·ln 2 + r with |r| ≤ ½ ln 2; eʳ by its series (the last factors fitted to the interval), 2ⁿ by its bits.
#[inline(always)]
pub(crate) fn exponential(x: f32) -> f32 {
    let bounded = if x > LOWEST { x } else { LOWEST };
    let bounded = if bounded < HIGHEST { bounded } else { HIGHEST };
    let shifted = bounded * std::f32::consts::LOG2_E + ROUNDER;
    let whole = shifted - ROUNDER;
    let rest = (bounded - whole * LN_2.0) - whole * LN_2.1;
    let series = 1.987_569_1e-4;
    let series = series * rest + 1.398_2e-3;
    let series = series * rest + 8.333_452e-3;
    let series = series * rest + 4.166_579_6e-2;
    let series = series * rest + 1.666_666_5e-1;
    let series = series * rest + 0.5;
    let raised = series * (rest * rest) + rest + 1.0;
    let scale = f32::from_bits(shifted.to_bits().wrapping_add(127) << 23);
    if x > LOWEST { raised * scale } else { 0.0 }
}

/// tanh x, within 4·10⁻⁷.
#[inline(always)]
pub(crate) fn hyperbolic_tangent(x: f32) -> f32 {
    1.0 - 2.0 / (1.0 + exponential(2.0 * x))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::simd::wide;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn is_the_exponential(x in -86.9_f32..87.9) {
            let truth = f64::from(x).exp();
            let relative = (f64::from(exponential(x)) - truth).abs() / truth;
            prop_assert!(relative < 2e-7, "e^{x}: off by {relative}");
        }

        #[test]
        fn is_the_hyperbolic_tangent(x in -100.0_f32..100.0) {
            prop_assert!((f64::from(hyperbolic_tangent(x)) - f64::from(x).tanh()).abs() < 4e-7);
        }

        #[test]
        fn is_the_same_in_vectors(values in prop::collection::vec(-100.0_f32..10.0, 1..70)) {
            let naive: Vec<f64> = values.iter().map(|&value| f64::from(value).exp()).collect();
            let mut raised = values;
            wide(#[inline(always)] || raised.iter_mut().for_each(|value| *value = exponential(*value)));
            for (own, truth) in raised.iter().zip(naive) {
                prop_assert!((f64::from(*own) - truth).abs() <= 2e-7 * truth + 2e-38);
            }
        }
    }

    #[test]
    fn ends_are_finite() {
        assert_eq!(exponential(f32::NEG_INFINITY), 0.0);
        assert_eq!(exponential(-1000.0), 0.0);
        assert!(exponential(f32::INFINITY).is_finite());
        assert_eq!(exponential(0.0), 1.0);
        assert_eq!(hyperbolic_tangent(-1000.0), -1.0);
        assert_eq!(hyperbolic_tangent(1000.0), 1.0);
    }
}
