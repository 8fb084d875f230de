//! The plain sentences of a preparation.

/// "1,309".
pub(super) fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// "1 value", "3 values".
pub(super) fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// A number as people write it: four significant digits unless it is whole.
pub(super) fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return format!("{}", value + 0.0);
    }
    let digits = (3 - value.abs().log10().floor() as i32).max(0) as usize;
    if digits > 12 || value.abs() >= 1e15 {
        return format!("{value:.3e}");
    }
    let text = format!("{value:.digits$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// The first ten, comma-separated, and how many more.
pub(super) fn listed<T: AsRef<str>>(items: impl Iterator<Item = T>) -> String {
    const SHOWN: usize = 10;
    let mut items = items.peekable();
    let shown = items
        .by_ref()
        .take(SHOWN)
        .map(|item| item.as_ref().to_owned())
        .collect::<Vec<_>>()
        .join(", ");
    match items.count() {
        0 => shown,
        more => format!("{shown} and {} more", count(more)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(number(28.0), "28");
        assert_eq!(number(14.454_200_1), "14.45");
        assert_eq!(number(0.000_123_456), "0.0001235");
        assert_eq!(number(-0.5), "-0.5");
        assert_eq!(number(123_456.7), "123457");
        assert_eq!(number(1.5e-20), "1.500e-20");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(12), "12");
        assert_eq!(listed(["a", "b"].iter()), "a, b");
    }
}
