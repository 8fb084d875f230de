//! Calendar parts of seconds since 1970 (UTC), by the civil calendar arithmetic of Hinnant
//! (<https://howardhinnant.github.io/date_algorithms.html>).

use serde::{Deserialize, Serialize};

/// A part of a date, as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum DatePart {
    /// The year.
    Year,
    /// 1 to 12.
    Month,
    /// 1 to 31.
    Day,
    /// 1 (Monday) to 7.
    Weekday,
    /// 1 to 366.
    DayOfYear,
    /// 0 to 23.
    Hour,
    /// Days since 1970, with the time of day as a fraction.
    ElapsedDays,
}

/// All parts, in the order of features.
pub(super) const PARTS: [DatePart; 7] = [
    DatePart::Year,
    DatePart::Month,
    DatePart::Day,
    DatePart::Weekday,
    DatePart::DayOfYear,
    DatePart::Hour,
    DatePart::ElapsedDays,
];

const SECONDS_A_DAY: f64 = 86_400.0;

impl DatePart {
    /// Its name in features and in words.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day of month",
            Self::Weekday => "weekday",
            Self::DayOfYear => "day of year",
            Self::Hour => "hour",
            Self::ElapsedDays => "elapsed days",
        }
    }

    /// The part of a moment; NaN for NaN. Moments beyond a hundred million years are cut there.
    pub(super) fn of(self, seconds: f64) -> f64 {
        if seconds.is_nan() {
            return f64::NAN;
        }
        let days = (seconds / SECONDS_A_DAY).floor().clamp(-4e10, 4e10);
        match self {
            Self::ElapsedDays => return seconds / SECONDS_A_DAY,
            Self::Hour => {
                return ((seconds - days * SECONDS_A_DAY) / 3600.0)
                    .floor()
                    .clamp(0.0, 23.0);
            }
            Self::Weekday => return (days as i64 + 3).rem_euclid(7) as f64 + 1.0,
            Self::Year | Self::Month | Self::Day | Self::DayOfYear => {}
        }
        let date = civil(days as i64);
        match self {
            Self::Year => date.year as f64,
            Self::Month => date.month as f64,
            Self::Day => date.day as f64,
            _ => date.day_of_year as f64,
        }
    }
}

/// Days since 1970 as a date, with the time of day where they are not whole; far away as days.
pub(crate) fn day(days: f64) -> String {
    if days.abs() > 3e6 {
        return format!("{days} days after 1970-01-01");
    }
    let whole = days.floor();
    let date = civil(whole as i64);
    let minutes = ((days - whole) * 1440.0).floor() as i64;
    let spelled = format!("{:04}-{:02}-{:02}", date.year, date.month, date.day);
    match minutes {
        0 => spelled,
        minutes => format!("{spelled} {:02}:{:02}", minutes / 60, minutes % 60),
    }
}

struct Civil {
    year: i64,
    month: i64,
    day: i64,
    day_of_year: i64,
}

/// Years are counted from 1 March, so that the leap day is the last of its year.
fn civil(days: i64) -> Civil {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let from_march = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * from_march + 2) / 153;
    let day = from_march - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let day_of_year = if month <= 2 {
        from_march - 305
    } else {
        from_march + 60 + i64::from(leap)
    };
    Civil {
        year,
        month,
        day,
        day_of_year,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(seconds: f64) -> Vec<f64> {
        PARTS.iter().map(|part| part.of(seconds)).collect()
    }

    #[test]
    fn known_moments_fall_apart_rightly() {
        // 1970-01-01 was a Thursday.
        assert_eq!(parts(0.0), [1970.0, 1.0, 1.0, 4.0, 1.0, 0.0, 0.0]);
        // 2024-02-29 13:30, Thursday.
        assert_eq!(
            parts(1_709_213_400.0),
            [2024.0, 2.0, 29.0, 4.0, 60.0, 13.0, 19782.5625]
        );
        // 2023-12-31, Sunday; 1969-12-31 23:00, Wednesday; 2000-12-31, Sunday of a leap year.
        assert_eq!(
            parts(1_703_980_800.0)[..5],
            [2023.0, 12.0, 31.0, 7.0, 365.0]
        );
        assert_eq!(parts(-3600.0)[..6], [1969.0, 12.0, 31.0, 3.0, 365.0, 23.0]);
        assert_eq!(parts(978_220_800.0)[..5], [2000.0, 12.0, 31.0, 7.0, 366.0]);
    }

    #[test]
    fn days_follow_one_another() {
        let mut before = civil(-200_000);
        for days in -199_999..200_000 {
            let date = civil(days);
            let next_day = date.day == before.day + 1 && date.month == before.month;
            let next_month = date.day == 1 && (date.month == before.month % 12 + 1);
            assert!(next_day || next_month, "{days}");
            let new_year = date.month == 1 && date.day == 1;
            assert_eq!(date.year, before.year + i64::from(new_year));
            assert_eq!(
                date.day_of_year,
                if new_year { 1 } else { before.day_of_year + 1 }
            );
            before = date;
        }
    }

    #[test]
    fn absurd_moments_do_not_panic() {
        for seconds in [f64::MAX, f64::MIN, f64::NAN, 1e300] {
            parts(seconds);
        }
    }
}
