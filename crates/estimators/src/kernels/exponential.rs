//! Two to many powers at once, in single precision: a short polynomial that compilers turn into vectors.

/// Below this the result is 0: smaller numbers would be subnormal, and slow.
const LOWEST: f32 = -126.0;
const HIGHEST: f32 = 127.0;
/// 1.5 · 2²³: adding it rounds to a whole number that then stands in the lowest bits.
const ROUNDER: f32 = 12_582_912.0;

/// 2ˣ within 2·10⁻⁷ of itself; 0 below −126 and 2¹²⁷ above 127.
///
/// x = n + r with |r| ≤ ½, which is exact; 2ʳ by the polynomial of least relative error (fitted here, 2·10⁻⁹ before
/// rounding), 2ⁿ by its bits.
#[inline(always)]
pub(crate) fn power_of_two(x: f32) -> f32 {
    let bounded = if x > LOWEST { x } else { LOWEST };
    let bounded = if bounded < HIGHEST { bounded } else { HIGHEST };
    let shifted = bounded + ROUNDER;
    let rest = bounded - (shifted - ROUNDER);
    let series = 1.534_577_2e-4;
    let series = series * rest + 1.339_993_1e-3;
    let series = series * rest + 9.618_489e-3;
    let series = series * rest + 5.550_328_6e-2;
    let series = series * rest + 0.240_226_46;
    let series = series * rest + std::f32::consts::LN_2;
    let raised = series * rest + 1.0;
    let scale = f32::from_bits(shifted.to_bits().wrapping_add(127) << 23);
    if x > LOWEST { raised * scale } else { 0.0 }
}

/// tanh x, within 4·10⁻⁷.
#[inline(always)]
pub(crate) fn hyperbolic_tangent(x: f32) -> f32 {
    1.0 - 2.0 / (1.0 + power_of_two((2.0 * std::f32::consts::LOG2_E) * x))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::simd::wide;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn is_the_power(x in -125.9_f32..126.9) {
            let truth = f64::from(x).exp2();
            let relative = (f64::from(power_of_two(x)) - truth).abs() / truth;
            prop_assert!(relative < 2e-7, "2^{x}: off by {relative}");
        }

        #[test]
        fn is_the_exponential_of_a_distance(x in 0.0_f32..100.0) {
            let found = f64::from(power_of_two(-std::f32::consts::LOG2_E * x));
            prop_assert!((found - f64::from(-x).exp()).abs() < 2e-7);
        }

        #[test]
        fn is_the_hyperbolic_tangent(x in -100.0_f32..100.0) {
            prop_assert!((f64::from(hyperbolic_tangent(x)) - f64::from(x).tanh()).abs() < 4e-7);
        }

        #[test]
        fn is_the_same_in_vectors(values in prop::collection::vec(-150.0_f32..10.0, 1..70)) {
            let naive: Vec<f64> = values.iter().map(|&value| f64::from(value).exp2()).collect();
            let mut raised = values;
            wide(#[inline(always)] || raised.iter_mut().for_each(|value| *value = power_of_two(*value)));
            for (own, truth) in raised.iter().zip(naive) {
                prop_assert!((f64::from(*own) - truth).abs() <= 2e-7 * truth + 2e-38);
            }
        }
    }

    #[test]
    fn ends_are_finite() {
        assert_eq!(power_of_two(f32::NEG_INFINITY), 0.0);
        assert_eq!(power_of_two(-1000.0), 0.0);
        assert!(power_of_two(f32::INFINITY).is_finite());
        assert_eq!(power_of_two(0.0), 1.0);
        assert_eq!(hyperbolic_tangent(-1000.0), -1.0);
        assert_eq!(hyperbolic_tangent(1000.0), 1.0);
    }
}
