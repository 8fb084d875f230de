//! eˣ and ln x in `f32`, as short polynomials without branches, so that loops over them become vectors inside
//! [`super::simd::wide`].

/// log₂ e.
const LOG2_E: f32 = std::f32::consts::LOG2_E;
/// ln 2 in two parts; the first has few digits, so that small multiples of it are exact.
const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = -2.121_944_4e-4;
/// 1.5 · 2²³: adding it rounds to a whole number, which then stands in the low bits.
const ROUNDER: f32 = 12_582_912.0;

/// eˣ for x ≤ 0 to a relative error below 3·10⁻⁷; 0 below −87, where `f32` would leave its normal range. NaN stays NaN.
#[inline(always)]
pub(crate) fn exp_negative(number: f32) -> f32 {
    let shifted = number * LOG2_E + ROUNDER;
    let whole = shifted - ROUNDER;
    let rest = (number - whole * LN_2_HIGH) - whole * LN_2_LOW;
    // Taylor's series on |rest| ≤ ½ ln 2.
    let series = 1.0 / 5040.0;
    let series = series * rest + 1.0 / 720.0;
    let series = series * rest + 1.0 / 120.0;
    let series = series * rest + 1.0 / 24.0;
    let series = series * rest + 1.0 / 6.0;
    let series = series * rest + 0.5;
    let series = series * rest + 1.0;
    let series = series * rest + 1.0;
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(127 << 23) & 0x7fff_ffff);
    if number < -87.0 { 0.0 } else { series * power }
}

/// ln(1 + x) for 0 ≤ x ≤ 1 to a relative error below 3·10⁻⁷.
#[inline(always)]
pub(crate) fn ln_1p_share(number: f32) -> f32 {
    two_artanh(number / (2.0 + number))
}

/// ln x for a normal x ≥ 1 to an error below 3·10⁻⁷ of max(1, ln x).
#[inline(always)]
pub(crate) fn ln(number: f32) -> f32 {
    // x = 2ᵏ · m with m in [¾, 1½).
    let bits = number.to_bits().wrapping_sub(0x3f40_0000);
    let exponent = (bits as i32) >> 23;
    let mantissa = f32::from_bits((bits & 0x007f_ffff).wrapping_add(0x3f40_0000));
    exponent as f32 * std::f32::consts::LN_2 + two_artanh((mantissa - 1.0) / (mantissa + 1.0))
}

/// 2·artanh s for |s| ≤ ⅓, by its series.
#[inline(always)]
fn two_artanh(share: f32) -> f32 {
    let square = share * share;
    let series = 2.0 / 15.0;
    let series = series * square + 2.0 / 13.0;
    let series = series * square + 2.0 / 11.0;
    let series = series * square + 2.0 / 9.0;
    let series = series * square + 2.0 / 7.0;
    let series = series * square + 2.0 / 5.0;
    let series = series * square + 2.0 / 3.0;
    let series = series * square + 2.0;
    series * share
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn close_to_the_library(number in -87.0_f32..0.0, large in 1.0_f32..1e30, share in 0.0_f32..1.0) {
            let exact = f64::from(number).exp();
            prop_assert!((f64::from(exp_negative(number)) - exact).abs() <= 3e-7 * exact);
            let exact = f64::from(large).ln();
            prop_assert!((f64::from(ln(large)) - exact).abs() <= 3e-7 * exact.max(1.0));
            let exact = f64::from(share).ln_1p();
            prop_assert!((f64::from(ln_1p_share(share)) - exact).abs() <= 3e-7 * exact);
        }
    }

    #[test]
    fn ends_of_the_range() {
        assert_eq!(exp_negative(0.0), 1.0);
        assert_eq!(exp_negative(-1e30), 0.0);
        assert_eq!(exp_negative(f32::NEG_INFINITY), 0.0);
        assert!(exp_negative(f32::NAN).is_nan());
        assert_eq!(ln(1.0), 0.0);
        assert_eq!(ln_1p_share(0.0), 0.0);
    }
}
