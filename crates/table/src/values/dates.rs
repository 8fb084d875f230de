//! Days and moments as people and programs write them, as seconds since 1970 UTC. Times without an offset count as UTC.
//!
//! Understood: `2024-02-29`, `2024/2/29`, `2024.02.29`, `2024-02`, `29/02/2024`, `2/29/2024`, `29.02.24`, `29-Feb-2024`,
//! `29 February 2024`, `Feb 29, 2024`, each with ` ` or `T` and `13:30`, `13:30:05`, `13:30:05.25`, `1:30 PM`, and an
//! offset (`Z`, `+02:00`, `+0200`). Two-digit years are 1970 to 2069. Whether `03/04/2024` is in March or April is
//! decided over a whole column ([`Order`]).

const SECONDS_A_DAY: f64 = 86_400.0;

/// Seconds since 1970 UTC of a date written alone; of two numbers before a year the first is the month, unless it cannot be.
#[must_use]
pub fn seconds_of_date(text: &str) -> Option<f64> {
    let date = parse(super::trim(text.as_bytes()))?;
    date.seconds(date.order().unwrap_or(Order::MonthFirst))
}

/// The first and the last moment of what a date names, in seconds since 1970 UTC: a month, a day, a second, or less.
pub(crate) fn span(text: &str) -> Option<(f64, f64)> {
    let date = parse(super::trim(text.as_bytes()))?;
    let from = seconds_of_date(text)?;
    let next = match (text.contains(':'), date.shape) {
        (true, _) if from.fract() != 0.0 => return Some((from, from)),
        (true, _) => from + 1.0,
        (false, Shape::YearMonth) => {
            let (year, month) = match date.first {
                12 => (date.year + 1, 1),
                month => (date.year, month + 1),
            };
            // No month follows the last one that there is.
            days_since_1970(year, month, 1)
                .map_or(f64::INFINITY, |days| days as f64 * SECONDS_A_DAY)
        }
        (false, _) => from + SECONDS_A_DAY,
    };
    Some((from, next.next_down()))
}

/// How the parts of a date stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Year, month, day.
    YearFirst,
    /// Year and month.
    YearMonth,
    /// Two numbers, then the year; the sign between them.
    YearLast(u8),
    /// The month is a word.
    NamedMonth,
}

/// Which of two numbers before a year is the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// 31/12/2024
    DayFirst,
    /// 12/31/2024
    MonthFirst,
}

/// A date whose order of day and month may still be open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct RawDate {
    /// How it was written.
    pub(crate) shape: Shape,
    year: i64,
    /// The month, or the first of two numbers before a year.
    first: i64,
    /// The day, or the second.
    second: i64,
    /// Time of day less the offset.
    seconds: f64,
}

impl RawDate {
    /// Seconds since 1970 UTC; `None` when there is no such day.
    pub(crate) fn seconds(&self, order: Order) -> Option<f64> {
        let (month, day) = match (self.shape, order) {
            (Shape::YearLast(_), Order::DayFirst) => (self.second, self.first),
            _ => (self.first, self.second),
        };
        let days = days_since_1970(self.year, month, day)?;
        Some(days as f64 * SECONDS_A_DAY + self.seconds)
    }

    /// Whether the two numbers before the year can be told apart, and how.
    pub(crate) fn order(&self) -> Option<Order> {
        match self.shape {
            Shape::YearLast(_) if self.first > 12 => Some(Order::DayFirst),
            Shape::YearLast(_) if self.second > 12 => Some(Order::MonthFirst),
            _ => None,
        }
    }
}

/// Days from 1970-01-01 in the Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms").
pub(crate) fn days_since_1970(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let longest = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=longest).contains(&day) || !(1..=9999).contains(&year) {
        return None;
    }
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

/// `2024-02-29` and what follows, at full speed; other dates go through [`parse`].
#[inline]
pub(crate) fn parse_year_first(text: &[u8]) -> Option<f64> {
    if let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, rest @ ..] = text
        && let Some(year) = four(*y1, *y2, *y3, *y4)
        && let (Some(month), Some(day)) = (two(*m1, *m2), two(*d1, *d2))
    {
        let time = match rest {
            [] => Some(0.0),
            [b' ' | b'T', h1, h2, b':', n1, n2, b':', s1, s2] => {
                clock(two(*h1, *h2)?, two(*n1, *n2)?, two(*s1, *s2)? as f64)
            }
            _ => None,
        };
        if let Some(time) = time {
            return Some(days_since_1970(year, month, day)? as f64 * SECONDS_A_DAY + time);
        }
    }
    let date = parse(text)?;
    (date.shape == Shape::YearFirst).then(|| date.seconds(Order::MonthFirst))?
}

#[inline]
fn two(tens: u8, ones: u8) -> Option<i64> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| i64::from(tens) * 10 + i64::from(ones))
}

#[inline]
fn four(a: u8, b: u8, c: u8, d: u8) -> Option<i64> {
    Some(two(a, b)? * 100 + two(c, d)?)
}

fn clock(hour: i64, minute: i64, second: f64) -> Option<f64> {
    (hour < 24 && minute < 60 && second < 61.0).then(|| (hour * 3600 + minute * 60) as f64 + second)
}

/// Any of the forms above; the text is trimmed.
pub(crate) fn parse(text: &[u8]) -> Option<RawDate> {
    if text.len() < 6 || text.len() > 48 || !text.iter().any(u8::is_ascii_digit) {
        return None;
    }
    let mut scanner = Scanner { rest: text };
    let mut date = if scanner.rest[0].is_ascii_digit() {
        starting_with_number(&mut scanner)?
    } else {
        starting_with_month(&mut scanner)?
    };
    date.seconds = scanner.time()?;
    let possible = match date.shape {
        Shape::YearLast(_) => date
            .seconds(Order::DayFirst)
            .or_else(|| date.seconds(Order::MonthFirst)),
        _ => date.seconds(Order::MonthFirst),
    };
    possible.map(|_| date)
}

fn starting_with_number(scanner: &mut Scanner<'_>) -> Option<RawDate> {
    let (first, first_length) = scanner.number()?;
    if let Some(month) = scanner.after_separators(Scanner::month) {
        let (year, _) = scanner.after_separators(Scanner::year)?;
        return (first_length <= 2).then_some(RawDate {
            shape: Shape::NamedMonth,
            year,
            first: month,
            second: first,
            seconds: 0.0,
        });
    }
    let sign = scanner.one_of(b"-/.")?;
    let (second, second_length) = scanner.number()?;
    if second_length > 2 {
        return None;
    }
    if first_length == 4 && (scanner.rest.is_empty() || !scanner.next_is(sign)) {
        let month_only = scanner.rest.is_empty() && sign != b'.' && second_length == 2;
        return month_only.then_some(RawDate {
            shape: Shape::YearMonth,
            year: first,
            first: second,
            second: 1,
            seconds: 0.0,
        });
    }
    scanner.one_of(&[sign])?;
    let (third, third_length) = scanner.number()?;
    match (first_length, third_length) {
        (4, 1 | 2) => Some(RawDate {
            shape: Shape::YearFirst,
            year: first,
            first: second,
            second: third,
            seconds: 0.0,
        }),
        (1 | 2, 4) => Some(RawDate {
            shape: Shape::YearLast(sign),
            year: third,
            first,
            second,
            seconds: 0.0,
        }),
        // Two-digit years look like version numbers unless the other parts have two digits as well.
        (1 | 2, 2) if sign == b'/' || (first_length == 2 && second_length == 2) => Some(RawDate {
            shape: Shape::YearLast(sign),
            year: full_year(third),
            first,
            second,
            seconds: 0.0,
        }),
        _ => None,
    }
}

fn starting_with_month(scanner: &mut Scanner<'_>) -> Option<RawDate> {
    let month = scanner.month()?;
    let (day, length) = scanner.after_separators(Scanner::number)?;
    let (year, _) = scanner.after_separators(Scanner::year)?;
    (length <= 2).then_some(RawDate {
        shape: Shape::NamedMonth,
        year,
        first: month,
        second: day,
        seconds: 0.0,
    })
}

fn full_year(two_digits: i64) -> i64 {
    two_digits + if two_digits < 70 { 2000 } else { 1900 }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

struct Scanner<'a> {
    rest: &'a [u8],
}

impl Scanner<'_> {
    fn next_is(&self, byte: u8) -> bool {
        self.rest.first() == Some(&byte)
    }

    fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        bytes.contains(first).then(|| {
            self.rest = rest;
            *first
        })
    }

    /// Up to nine digits and how many they were.
    fn number(&mut self) -> Option<(i64, usize)> {
        let length = self
            .rest
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if length == 0 || length > 9 {
            return None;
        }
        let (digits, rest) = self.rest.split_at(length);
        self.rest = rest;
        Some((
            digits
                .iter()
                .fold(0, |value, digit| value * 10 + i64::from(digit - b'0')),
            length,
        ))
    }

    fn year(&mut self) -> Option<(i64, usize)> {
        match self.number()? {
            (year, 4) => Some((year, 4)),
            (year, 2) => Some((full_year(year), 2)),
            _ => None,
        }
    }

    /// A month's name or its first three letters.
    fn month(&mut self) -> Option<i64> {
        let length = self
            .rest
            .iter()
            .take_while(|byte| byte.is_ascii_alphabetic())
            .count();
        let (word, rest) = self.rest.split_at(length);
        let word = std::str::from_utf8(word).ok()?.to_ascii_lowercase();
        let found = MONTHS.iter().position(|month| {
            word == *month || (word.len() >= 3 && word.len() <= 4 && month.starts_with(&word))
        })?;
        self.rest = rest;
        Some(found as i64 + 1)
    }

    /// What follows spaces, dots, commas, dashes or slashes; nothing is taken when it does not match.
    fn after_separators<T>(&mut self, what: impl Fn(&mut Self) -> Option<T>) -> Option<T> {
        let before = self.rest;
        while self.one_of(b" ,.-/").is_some() {}
        let taken = before.len() - self.rest.len();
        let found = if (1..=2).contains(&taken) {
            what(self)
        } else {
            None
        };
        if found.is_none() {
            self.rest = before;
        }
        found
    }

    /// A time of day with its offset taken off, or the end.
    fn time(&mut self) -> Option<f64> {
        if self.rest.is_empty() {
            return Some(0.0);
        }
        self.one_of(b" T")?;
        let (mut hour, _) = self.number()?;
        self.one_of(b":")?;
        let (minute, 2) = self.number()? else {
            return None;
        };
        let mut second = 0.0;
        if self.one_of(b":").is_some() {
            let (whole, 2) = self.number()? else {
                return None;
            };
            second = whole as f64;
            if self.one_of(b".").is_some() {
                let (part, length) = self.number()?;
                second += part as f64 / 10_f64.powi(length as i32);
            }
        }
        while self.one_of(b" ").is_some() {}
        let half = match self.rest {
            [letter @ (b'a' | b'A' | b'p' | b'P'), b'm' | b'M', rest @ ..] => {
                self.rest = rest;
                Some(letter.eq_ignore_ascii_case(&b'p'))
            }
            _ => None,
        };
        if let Some(afternoon) = half {
            if !(1..=12).contains(&hour) {
                return None;
            }
            hour = hour % 12 + if afternoon { 12 } else { 0 };
        }
        let time = clock(hour, minute, second)?;
        Some(time - self.offset()?)
    }

    fn offset(&mut self) -> Option<f64> {
        match self.rest {
            [] | [b'Z' | b'z'] | b"UTC" | b"GMT" => Some(0.0),
            [sign @ (b'+' | b'-'), h1, h2, m1, m2]
            | [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
                offset_seconds(*sign, two(*h1, *h2)?, two(*m1, *m2)?)
            }
            [sign @ (b'+' | b'-'), h1, h2] => offset_seconds(*sign, two(*h1, *h2)?, 0),
            _ => None,
        }
    }
}

fn offset_seconds(sign: u8, hours: i64, minutes: i64) -> Option<f64> {
    let seconds = (hours * 3600 + minutes * 60) as f64;
    (hours <= 18 && minutes < 60).then_some(if sign == b'-' { -seconds } else { seconds })
}

/// A moment in ISO 8601, without the time when it is midnight and in seconds when they are whole.
pub(crate) fn format(seconds: f64) -> String {
    let days = (seconds / SECONDS_A_DAY).floor();
    let (year, month, day) = civil(days.clamp(-3.0e6, 3.0e6) as i64);
    let within = (seconds - days * SECONDS_A_DAY).clamp(0.0, SECONDS_A_DAY);
    // Microseconds: as fine as a double keeps a moment of our time.
    let micros = (within * 1e6).round() as i64;
    let (whole, micros) = (micros / 1_000_000, micros % 1_000_000);
    let date = format!("{year:04}-{month:02}-{day:02}");
    if whole == 0 && micros == 0 {
        return date;
    }
    let time = format!(
        "{:02}:{:02}:{:02}",
        whole / 3600,
        whole / 60 % 60,
        whole % 60
    );
    if micros == 0 {
        return format!("{date}T{time}");
    }
    format!(
        "{date}T{time}.{}",
        format!("{micros:06}").trim_end_matches('0')
    )
}

/// Year, month and day of a number of days since 1970; the inverse of [`days_since_1970`].
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn iso(text: &str, order: Order) -> Option<String> {
        parse(text.as_bytes())?.seconds(order).map(format)
    }

    #[test]
    fn common_forms_are_the_same_day() {
        for text in [
            "2024-02-29",
            "2024/2/29",
            "2024.02.29",
            "29/02/2024",
            "29.02.24",
            "29-Feb-2024",
            "29 February 2024",
            "Feb 29, 2024",
            "29-feb-24",
            "February 29 2024",
        ] {
            assert_eq!(
                iso(text, Order::DayFirst).as_deref(),
                Some("2024-02-29"),
                "{text}"
            );
        }
        assert_eq!(
            iso("2/29/2024", Order::MonthFirst).as_deref(),
            Some("2024-02-29")
        );
        assert_eq!(
            iso("2012-05", Order::DayFirst).as_deref(),
            Some("2012-05-01")
        );
    }

    #[test]
    fn times_and_offsets() {
        for text in [
            "2024-02-29T13:30:05Z",
            "2024-02-29 13:30:05",
            "2024-02-29 1:30:05 PM",
            "2024-02-29T15:30:05+02:00",
            "2024-02-29T08:30:05-0500",
        ] {
            assert_eq!(
                iso(text, Order::DayFirst).as_deref(),
                Some("2024-02-29T13:30:05"),
                "{text}"
            );
            assert_eq!(
                parse_year_first(text.as_bytes()).map(format).as_deref(),
                Some("2024-02-29T13:30:05"),
                "{text}"
            );
        }
        assert_eq!(
            iso("2024-02-29 13:30:05.25", Order::DayFirst).as_deref(),
            Some("2024-02-29T13:30:05.25")
        );
        assert_eq!(
            iso("31.12.1969 23:59", Order::DayFirst).as_deref(),
            Some("1969-12-31T23:59:00")
        );
    }

    #[test]
    fn no_dates() {
        for text in [
            "2024-02-30",
            "2023-02-29",
            "13/13/2024",
            "1.2.3",
            "2024-13-01",
            "hello",
            "12:30",
            "2024-02-29T25:00",
            "12-34-5678",
            "May",
            "march 5",
            "2024-1-",
            "192.168.1.20",
            "2024-02-29 12",
            "555-1234",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn every_day_comes_back() {
        for days in -700_000..2_900_000 {
            let (year, month, day) = civil(days);
            assert_eq!(
                days_since_1970(year, month, day),
                Some(days).filter(|_| year >= 1)
            );
        }
    }
}
