//! Columns whose cells are all numbers: whole, with fractions, days written as numbers, or names of rows.

use crate::dictionary::Dictionary;
use crate::read::builders::Coded;
use crate::values::dates::days_since_1970;
use crate::{Column, Kind, TableError};

/// A run of 0, 1, 2, … shorter than this may be anything.
const SHORTEST_RUN: usize = 20;

/// Decides a column of numbers, NaN where missing.
pub(super) fn column(name: &str, values: Vec<f64>) -> Result<Column, TableError> {
    if !values.iter().all(|value| value.is_nan() || whole(*value)) {
        return Ok(super::numeric(name, Kind::Number, values, None));
    }
    if names_rows(name, &values) {
        return spelled(name, &values);
    }
    if let Some(days) = written_days(name, &values) {
        return Ok(super::numeric(name, Kind::Date, days, None));
    }
    Ok(super::numeric(name, Kind::Integer, values, None))
}

fn whole(value: f64) -> bool {
    value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0
}

/// 0, 1, 2, … or 1, 2, 3, … down the rows; or all different under a name such as `id`.
fn names_rows(name: &str, values: &[f64]) -> bool {
    let begins = matches!(values.first(), Some(first) if *first == 0.0 || *first == 1.0);
    let runs = begins
        && values.len() >= SHORTEST_RUN
        && values.windows(2).all(|pair| pair[1] - pair[0] == 1.0);
    runs || (values.len() >= 5 && super::named_like_identifier(name) && all_different(values))
}

fn all_different(values: &[f64]) -> bool {
    let mut sorted: Vec<f64> = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.iter().all(|value| !value.is_nan()) && sorted.windows(2).all(|pair| pair[0] != pair[1])
}

/// Whole numbers as text.
pub(super) fn spelled(name: &str, values: &[f64]) -> Result<Column, TableError> {
    let mut dictionary = Dictionary::default();
    let mut codes = Vec::with_capacity(values.len());
    for value in values {
        codes.push(if value.is_nan() {
            -1
        } else {
            dictionary.code(format!("{value}").as_bytes())?
        });
    }
    super::coded(name, Kind::Identifier, Coded { codes, dictionary })
}

/// 20240229 and so on, when the name says that it is a date.
fn written_days(name: &str, values: &[f64]) -> Option<Vec<f64>> {
    const WORDS: [&str; 6] = ["date", "day", "datum", "fecha", "dt", "yyyymmdd"];
    if !super::name_words(name)
        .iter()
        .any(|word| WORDS.contains(&word.as_str()))
        || values.iter().all(|value| value.is_nan())
    {
        return None;
    }
    values
        .iter()
        .map(|value| {
            if value.is_nan() {
                Some(f64::NAN)
            } else {
                written_day(*value)
            }
        })
        .collect()
}

/// Seconds of a day written as one number, 1800 to 2199.
pub(super) fn written_day(value: f64) -> Option<f64> {
    if !(18_000_101.0..=21_991_231.0).contains(&value) {
        return None;
    }
    let number = value as i64;
    let days = days_since_1970(number / 10_000, number / 100 % 100, number % 100)?;
    Some(days as f64 * 86_400.0)
}
