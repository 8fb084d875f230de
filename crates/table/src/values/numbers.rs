//! Numbers as people and programs write them, exactly: what would change on the way into an `f64` is no number here.
//!
//! Whole numbers beyond 2⁵³ and numbers with leading zeros (postal codes, article numbers) are refused, so that columns
//! of them stay text. Fractions are rounded to the nearest `f64`, as everywhere.

use crate::Decimal;

/// Signs that group thousands, and what stands before the fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Grammar {
    /// Before the fraction: `.` or `,`.
    pub(crate) decimal: u8,
    /// Between groups of three digits.
    pub(crate) group: Group,
}

/// What may stand between groups of three digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    /// Nothing.
    None,
    /// One ASCII sign.
    Sign(u8),
    /// A space: plain, no-break (U+00A0) or narrow no-break (U+202F).
    Space,
}

impl Grammar {
    /// `1234.5`
    pub(crate) const POINT: Self = Self {
        decimal: b'.',
        group: Group::None,
    };
    /// `1.234,5`
    pub(crate) const COMMA: Self = Self {
        decimal: b',',
        group: Group::Sign(b'.'),
    };
    /// `1,234.5`
    pub(crate) const POINT_GROUPED: Self = Self {
        decimal: b'.',
        group: Group::Sign(b','),
    };
    /// `1 234.5`, `1'234.5` and the same with a decimal comma.
    pub(crate) const OTHERS: [Self; 4] = [
        Self {
            decimal: b'.',
            group: Group::Space,
        },
        Self {
            decimal: b'.',
            group: Group::Sign(b'\''),
        },
        Self {
            decimal: b',',
            group: Group::Space,
        },
        Self {
            decimal: b',',
            group: Group::Sign(b'\''),
        },
    ];

    /// The plain grammar of a file.
    pub(crate) fn of(decimal: Decimal) -> Self {
        match decimal {
            Decimal::Point => Self::POINT,
            Decimal::Comma => Self::COMMA,
        }
    }

    /// A trimmed text as a number.
    #[inline]
    pub(crate) fn parse(self, text: &[u8]) -> Option<f64> {
        if self == Self::POINT {
            parse_point(text)
        } else {
            parse_grouped(text, self)
        }
    }
}

/// Whole numbers up to here are exact.
const EXACT: u64 = 1 << 53;

const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// `-12.5e3`. A mantissa below 2⁵³ over a power of ten up to 10²² is one correctly rounded division (Clinger 1990); the
/// rest goes to the slower exact parser. Infinite when written as `inf` or too large.
#[inline]
pub(crate) fn parse_point(text: &[u8]) -> Option<f64> {
    let (negative, plus, digits) = match text {
        [b'-', rest @ ..] => (true, false, rest),
        [b'+', rest @ ..] => (false, true, rest),
        _ => (false, false, text),
    };
    let mut mantissa = 0_u64;
    let mut whole = 0;
    while let Some(digit) = digit_at(digits, whole) {
        mantissa = mantissa.wrapping_mul(10).wrapping_add(digit);
        whole += 1;
    }
    if whole > 1 && digits[0] == b'0' {
        return None;
    }
    if whole == digits.len() {
        // A plus sign and many digits is a telephone number.
        let exact = whole > 0
            && (whole <= 15 || (whole <= 16 && mantissa <= EXACT))
            && !(plus && whole > 7);
        return exact.then(|| signed(mantissa as f64, negative));
    }
    let mut end = whole;
    let mut fraction = 0;
    if digits[whole] == b'.' {
        end += 1;
        while let Some(digit) = digit_at(digits, end) {
            mantissa = mantissa.wrapping_mul(10).wrapping_add(digit);
            end += 1;
        }
        fraction = end - whole - 1;
    }
    if whole + fraction == 0 {
        return infinite(digits, negative);
    }
    if end == digits.len() && whole + fraction <= 19 && mantissa <= EXACT && fraction <= 22 {
        return Some(signed(mantissa as f64 / POWERS[fraction], negative));
    }
    if end < digits.len() && !is_exponent(&digits[end..]) {
        return None;
    }
    let value: f64 = fast_float2::parse(digits).ok()?;
    Some(signed(value, negative))
}

#[inline]
fn digit_at(text: &[u8], index: usize) -> Option<u64> {
    let digit = text.get(index)?.wrapping_sub(b'0');
    (digit < 10).then_some(u64::from(digit))
}

#[inline]
fn signed(value: f64, negative: bool) -> f64 {
    // No negative zero: it would be a value of its own in counts and hashes.
    if negative && value != 0.0 {
        -value
    } else {
        value
    }
}

fn is_exponent(text: &[u8]) -> bool {
    let digits = match text {
        [b'e' | b'E', b'+' | b'-', rest @ ..] | [b'e' | b'E', rest @ ..] => rest,
        _ => return false,
    };
    !digits.is_empty() && digits.len() <= 6 && digits.iter().all(u8::is_ascii_digit)
}

fn infinite(digits: &[u8], negative: bool) -> Option<f64> {
    let named = digits.eq_ignore_ascii_case(b"inf") || digits.eq_ignore_ascii_case(b"infinity");
    named.then(|| signed(f64::INFINITY, negative))
}

/// Groups must be of three digits after a first of one to three; the rest is as in [`parse_point`].
fn parse_grouped(text: &[u8], grammar: Grammar) -> Option<f64> {
    let mut plain = [0_u8; 64];
    let mut length = 0;
    let mut put = |byte: u8| {
        *plain.get_mut(length)? = byte;
        length += 1;
        Some(())
    };
    let mut rest = text;
    if let [sign @ (b'-' | b'+'), after @ ..] = rest {
        put(*sign)?;
        rest = after;
    }
    let mut run = 0;
    let mut groups = 0;
    while let Some((&byte, after)) = rest.split_first() {
        if byte.is_ascii_digit() {
            run += 1;
            put(byte)?;
            rest = after;
        } else if let Some(after) = after_group_sign(rest, grammar.group) {
            let fits = if groups == 0 {
                (1..=3).contains(&run)
            } else {
                run == 3
            };
            if !fits {
                return None;
            }
            groups += 1;
            run = 0;
            rest = after;
        } else {
            break;
        }
    }
    if groups > 0 && run != 3 {
        return None;
    }
    match rest {
        [] => {}
        [sign, after @ ..] if *sign == grammar.decimal => {
            put(b'.')?;
            for &byte in after {
                put(byte)?;
            }
            if after.contains(&b'.') {
                return None;
            }
        }
        [b'e' | b'E' | b'i' | b'I', ..] => {
            for &byte in rest {
                put(byte)?;
            }
        }
        _ => return None,
    }
    parse_point(plain.get(..length)?)
}

fn after_group_sign(text: &[u8], group: Group) -> Option<&[u8]> {
    match (group, text) {
        (Group::Sign(sign), [first, rest @ ..]) if *first == sign => Some(rest),
        (
            Group::Space,
            [b' ', rest @ ..] | [0xc2, 0xa0, rest @ ..] | [0xe2, 0x80, 0xaf, rest @ ..],
        ) => Some(rest),
        _ => None,
    }
}

/// What a cell says about the decimal sign of its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DecimalHint {
    /// `3.14`
    Point,
    /// `3,14`
    Comma,
    /// `1,234`: a fraction of three digits or a thousand.
    CommaOrGroup,
    /// Nothing.
    None,
}

/// Looks for a fraction or for groups.
pub(crate) fn decimal_hint(text: &[u8]) -> DecimalHint {
    let digits = match text {
        [b'-' | b'+', rest @ ..] => rest,
        _ => text,
    };
    let Some(at) = memchr::memchr2(b'.', b',', digits) else {
        return DecimalHint::None;
    };
    let (whole, fraction) = (&digits[..at], &digits[at + 1..]);
    let plain = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    if !plain(whole) || !plain(fraction) {
        // 1.234,56 and 1,234.56: the last sign is the decimal one.
        return match (
            Grammar::COMMA.parse(text),
            Grammar::POINT_GROUPED.parse(text),
        ) {
            (Some(_), None) => DecimalHint::Comma,
            (None, Some(_)) => DecimalHint::Point,
            _ => DecimalHint::None,
        };
    }
    let like_group = fraction.len() == 3 && whole.len() <= 3 && whole[0] != b'0';
    match (digits[at], like_group) {
        (b'.', false) => DecimalHint::Point,
        (b',', false) => DecimalHint::Comma,
        (b',', true) => DecimalHint::CommaOrGroup,
        _ => DecimalHint::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_to_the_last_bit() {
        for text in [
            "0",
            "-1",
            "12.5",
            "0.1",
            "1e5",
            "1E-7",
            ".5",
            "5.",
            "9007199254740992",
            "0.30000000000000004",
            "123456789012345678.25",
            "-0.0078125",
            "1e400",
        ] {
            let want: f64 = text.parse().unwrap_or(f64::NAN);
            assert_eq!(parse_point(text.as_bytes()), Some(want), "{text}");
        }
    }

    #[test]
    fn what_would_be_damaged_is_no_number() {
        for text in [
            "",
            "-",
            ".",
            "01234",
            "-007",
            "9007199254740993",
            "+4915112345678",
            "1-2",
            "1e",
            "0x10",
            "1 2",
            "12,5",
            "e5",
            "1.2.3",
            "nan",
        ] {
            assert_eq!(parse_point(text.as_bytes()), None, "{text}");
        }
        assert_eq!(parse_point(b"-inf"), Some(f64::NEG_INFINITY));
    }

    #[test]
    fn groups_and_commas() {
        assert_eq!(Grammar::COMMA.parse(b"1.234.567,5"), Some(1_234_567.5));
        assert_eq!(Grammar::COMMA.parse(b"-3,25"), Some(-3.25));
        assert_eq!(Grammar::COMMA.parse(b"12.5"), None);
        assert_eq!(Grammar::COMMA.parse(b"1.23,4"), None);
        assert_eq!(Grammar::POINT_GROUPED.parse(b"12,345"), Some(12_345.0));
        assert_eq!(Grammar::POINT_GROUPED.parse(b"1,2345"), None);
        assert_eq!(
            Grammar::OTHERS[0].parse("1\u{a0}234 567.5".as_bytes()),
            Some(1_234_567.5)
        );
    }

    #[test]
    fn hints_know_a_thousand_from_a_fraction() {
        assert_eq!(decimal_hint(b"3,14"), DecimalHint::Comma);
        assert_eq!(decimal_hint(b"0,123"), DecimalHint::Comma);
        assert_eq!(decimal_hint(b"1,234"), DecimalHint::CommaOrGroup);
        assert_eq!(decimal_hint(b"1.234,5"), DecimalHint::Comma);
        assert_eq!(decimal_hint(b"1,234.5"), DecimalHint::Point);
        assert_eq!(decimal_hint(b"12"), DecimalHint::None);
    }
}
