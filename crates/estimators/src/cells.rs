//! How table columns are read: as numbers, or as text by dictionary. The only place of this crate that knows how a table
//! keeps its values; [`preparation`](crate::preparation) and [`target`](crate::target) go through it.

use arrow_array::{Array, DictionaryArray, Float64Array, StringArray, types::Int32Type};
use std::borrow::Cow;
use trainyard_table::{Column, Kind, Values};

/// One number a row; NaN where the cell is missing, not finite, or no number.
pub(crate) fn numbers(column: &Column) -> Vec<f64> {
    match column.values() {
        Values::Numbers(values) => finite_or_nan(values),
        Values::Strings(strings) => {
            let parsed = dictionary(strings)
                .into_iter()
                .map(|text| text.and_then(parse).unwrap_or(f64::NAN))
                .collect::<Vec<_>>();
            by_key(
                strings,
                |key| parsed.get(key).copied().unwrap_or(f64::NAN),
                f64::NAN,
            )
        }
    }
}

/// Whether every cell that is there is a finite number.
pub(crate) fn all_numeric(column: &Column) -> bool {
    match column.values() {
        Values::Numbers(_) => true,
        Values::Strings(strings) => {
            let numeric = dictionary(strings)
                .into_iter()
                .map(|text| text.is_some_and(|text| parse(text).is_some()))
                .collect::<Vec<_>>();
            by_key(strings, |key| numeric.get(key) == Some(&true), true)
                .into_iter()
                .all(|is| is)
        }
    }
}

/// The distinct texts of a column and one index into them a row (`None`: missing). Numbers are spelled out.
pub(crate) struct Spelled<'a> {
    /// Distinct texts, in order of their codes; each occurs unless the table came with a wider dictionary.
    pub(crate) texts: Vec<Cow<'a, str>>,
    /// One code a row, `u32::MAX` where missing.
    pub(crate) codes: Vec<u32>,
}

/// Marks a missing cell in [`Spelled::codes`].
pub(crate) const NO_TEXT: u32 = u32::MAX;

/// The column as text.
pub(crate) fn spelled(column: &Column) -> Spelled<'_> {
    match column.values() {
        Values::Strings(strings) => {
            let texts = dictionary(strings);
            let present = |key: usize| matches!(texts.get(key), Some(Some(_)));
            Spelled {
                codes: by_key(
                    strings,
                    |key| if present(key) { key as u32 } else { NO_TEXT },
                    NO_TEXT,
                ),
                texts: texts
                    .iter()
                    .map(|text| Cow::Borrowed(text.unwrap_or_default()))
                    .collect(),
            }
        }
        Values::Numbers(values) => {
            let values = finite_or_nan(values);
            let mut distinct = values
                .iter()
                .copied()
                .filter(|value| !value.is_nan())
                .map(|value| value + 0.0)
                .collect::<Vec<_>>();
            distinct.sort_unstable_by(f64::total_cmp);
            distinct.dedup();
            let codes = values
                .iter()
                .map(|value| {
                    distinct
                        .binary_search_by(|known| known.total_cmp(&(value + 0.0)))
                        .map_or(NO_TEXT, |index| index as u32)
                })
                .collect();
            Spelled {
                texts: distinct
                    .iter()
                    .map(|&value| Cow::Owned(spell(column, value)))
                    .collect(),
                codes,
            }
        }
    }
}

/// A number of a column as people wrote it: booleans by their labels, whole numbers without a point.
pub(crate) fn spell(column: &Column, value: f64) -> String {
    if column.kind() == Kind::Boolean {
        let labels = column
            .labels()
            .map(|[no, yes]| [no.as_str(), yes.as_str()])
            .unwrap_or(["false", "true"]);
        return labels[usize::from(value != 0.0)].to_owned();
    }
    plain(value)
}

/// The shortest spelling that reads back as the same number; no point for whole numbers.
pub(crate) fn plain(value: f64) -> String {
    format!("{}", value + 0.0)
}

/// A finite number written as text.
fn parse(text: &str) -> Option<f64> {
    text.trim()
        .parse::<f64>()
        .ok()
        .filter(|value| value.is_finite())
}

fn finite_or_nan(values: &Float64Array) -> Vec<f64> {
    let finite = |value: f64| if value.is_finite() { value } else { f64::NAN };
    if values.null_count() == 0 {
        return values.values().iter().map(|&value| finite(value)).collect();
    }
    values
        .iter()
        .map(|value| value.map_or(f64::NAN, finite))
        .collect()
}

fn dictionary(strings: &DictionaryArray<Int32Type>) -> Vec<Option<&str>> {
    match strings.values().as_any().downcast_ref::<StringArray>() {
        Some(texts) => texts.iter().collect(),
        None => Vec::new(),
    }
}

fn by_key<T: Copy>(
    strings: &DictionaryArray<Int32Type>,
    of: impl Fn(usize) -> T,
    missing: T,
) -> Vec<T> {
    strings
        .keys()
        .iter()
        .map(|key| match key.and_then(|key| usize::try_from(key).ok()) {
            Some(key) => of(key),
            None => missing,
        })
        .collect()
}
