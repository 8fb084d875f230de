//! What a model wants to be asked: one field a column, with what was seen while it learned.
//!
//! The form of the web app, the schema contract and "use from code" all derive from this.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use trainyard_table::{Column, Kind, Table, Values, sort_numbers};

/// Most category values that a signature lists (the most frequent ones; a model knows them all).
const LISTED_VALUES: usize = 500;

/// One column a model is asked with. Dates are seconds since 1970 UTC.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignatureField {
    /// Column name.
    pub name: String,
    /// Column kind.
    pub kind: Kind,
    /// Smallest and largest value seen (numbers and dates).
    pub range: Option<[f64; 2]>,
    /// Fifth percentile (numbers and dates).
    pub p5: Option<f64>,
    /// Ninety-fifth percentile (numbers and dates).
    pub p95: Option<f64>,
    /// The median or the most frequent value; what a form starts with.
    pub typical: Value,
    /// The values seen, most frequent first (categories), or both spellings (yes/no columns).
    pub values: Option<Vec<String>>,
    /// Whether a row without it is refused; every preparation can fill gaps, so it is only noted.
    pub required: bool,
}

impl SignatureField {
    /// Describes one training column.
    pub fn of(column: &Column) -> Self {
        let mut field = Self {
            name: column.name().to_owned(),
            kind: column.kind(),
            range: None,
            p5: None,
            p95: None,
            typical: Value::Null,
            values: None,
            required: false,
        };
        match column.values() {
            Values::Numbers(numbers) => {
                let finite = numbers.iter().flatten().filter(|value| value.is_finite());
                let seen = sort_numbers(finite.collect());
                match column.labels() {
                    Some(labels) => field.describe_labels(&seen, labels),
                    None => field.describe_numbers(&seen),
                }
            }
            Values::Strings(_) => field.describe_strings(column),
        }
        field
    }

    fn describe_labels(&mut self, seen: &[f64], labels: &[String; 2]) {
        let ones = seen.iter().filter(|value| **value != 0.0).count();
        self.values = Some(labels.to_vec());
        if !seen.is_empty() {
            self.typical = Value::from(labels[usize::from(ones * 2 > seen.len())].clone());
        }
    }

    fn describe_numbers(&mut self, seen: &[f64]) {
        let (Some(&first), Some(&last)) = (seen.first(), seen.last()) else {
            return;
        };
        let at = |share: f64| seen[((seen.len() - 1) as f64 * share).round() as usize];
        self.range = Some([first, last]);
        self.p5 = Some(at(0.05));
        self.p95 = Some(at(0.95));
        self.typical = Value::from(at(0.5));
    }

    fn describe_strings(&mut self, column: &Column) {
        let values = value_counts(column);
        self.typical = values
            .first()
            .map_or(Value::Null, |(value, _)| Value::from(value.clone()));
        if matches!(self.kind, Kind::Category) {
            self.values = Some(
                values
                    .into_iter()
                    .take(LISTED_VALUES)
                    .map(|(value, _)| value)
                    .collect(),
            );
        }
    }
}

/// Distinct strings with their counts, most frequent first, ties in text order.
fn value_counts(column: &Column) -> Vec<(String, usize)> {
    let Values::Strings(strings) = column.values() else {
        return Vec::new();
    };
    let Some(dictionary) = trainyard_table::as_strings(strings.values()) else {
        return Vec::new();
    };
    let words: Vec<Option<&str>> = dictionary.iter().collect();
    let mut counts = vec![0_usize; words.len()];
    for key in strings.keys().iter().flatten() {
        if let Some(count) = counts.get_mut(key as usize) {
            *count += 1;
        }
    }
    let seen = words.iter().zip(counts).filter(|(_, count)| *count > 0);
    let mut values: Vec<_> = seen
        .filter_map(|(word, count)| Some(((*word)?.to_owned(), count)))
        .collect();
    values.sort_unstable_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
    values
}

/// Describes every named column of a training table, in that order.
pub fn signature(table: &Table, columns: &[String]) -> Vec<SignatureField> {
    columns
        .par_iter()
        .filter_map(|name| table.column(name))
        .map(SignatureField::of)
        .collect()
}

/// Pixels of one picture have one range: that one of them was always black says nothing about the next picture.
pub(crate) fn as_pixels(fields: &mut [SignatureField]) {
    let ranges = || fields.iter().filter_map(|field| field.range);
    let low = ranges().map(|range| range[0]).fold(f64::INFINITY, f64::min);
    let high = ranges()
        .map(|range| range[1])
        .fold(f64::NEG_INFINITY, f64::max);
    if low <= high {
        for field in fields {
            field.range = Some([low, high]);
        }
    }
}
