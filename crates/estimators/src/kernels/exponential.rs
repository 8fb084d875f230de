//! Powers of two and of e, many at once, in single precision: short polynomials that compilers turn into vectors.

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

/// eˣ to about 1e-7 relative, for vectors: the argument is split into a power of two and a rest of at most ln 2 / 2,
/// whose series ends at the sixth power; as exact far from 0, where [`power_of_two`] of a rounded multiple would not be.
/// Arguments beyond ±87 count as ±87; NaN stays NaN.
#[inline(always)]
pub(crate) fn exp(value: f32) -> f32 {
    let value = if value > 87.0 { 87.0 } else { value };
    let value = if value < -87.0 { -87.0 } else { value };
    let power = value * std::f32::consts::LOG2_E + ROUNDER;
    let whole = power - ROUNDER;
    // ln 2 in two parts, the first exact in few bits.
    let rest = value - whole * 0.693_359_4 + whole * 2.121_944_4e-4;
    let series = 1.0
        + rest
            * (1.0
                + rest
                    * (0.5
                        + rest
                            * (1.0 / 6.0
                                + rest * (1.0 / 24.0 + rest * (1.0 / 120.0 + rest / 720.0)))));
    let exponent = (power.to_bits().wrapping_sub(ROUNDER.to_bits())).wrapping_add(127) << 23;
    series * f32::from_bits(exponent)
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

        #[test]
        fn the_exponential_is_exact_to_a_few_bits(value in -86_f32..86.0) {
            prop_assert!((f64::from(exp(value)) / f64::from(value).exp() - 1.0).abs() < 5e-7);
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

    #[test]
    fn the_exponential_has_ends() {
        assert!(exp(f32::NEG_INFINITY) < 1e-37);
        assert!(exp(f32::INFINITY) > 1e37 && exp(f32::INFINITY).is_finite());
        assert!(exp(f32::NAN).is_nan());
        assert!((exp(0.0) - 1.0).abs() < 1e-7);
    }
}
