//! A column made the kind that a person or a schema asks for. Cells that do not fit become missing, with a note.

use super::Surroundings;
use super::texts::{Distinct, spread, without_gaps};
use crate::read::Note;
use crate::read::builders::{Coded, Raw};
use crate::values::booleans::{boolean, labelled};
use crate::values::dates::{self, Order};
use crate::values::numbers::Grammar;
use crate::{Column, Kind, TableError, Values};

/// Makes a column of the kind.
pub(super) fn column(
    name: &str,
    raw: Raw,
    kind: Kind,
    around: Surroundings,
    notes: &mut Vec<Note>,
) -> Result<Column, TableError> {
    let made = match (kind, raw) {
        (Kind::Integer | Kind::Number, Raw::Numbers { values, .. })
        | (Kind::Integer | Kind::Number | Kind::Date, Raw::Dates(values)) => {
            Ok(super::numeric(name, kind, values, None))
        }
        (Kind::Date, Raw::Numbers { values, .. }) => {
            let seconds = values
                .iter()
                .map(|value| date_of_number(*value).unwrap_or(f64::NAN))
                .collect();
            Ok(noted(name, kind, &values, seconds, None, notes))
        }
        (Kind::Boolean, Raw::Numbers { values, .. } | Raw::Dates(values)) => {
            let truths = values
                .iter()
                .map(|value| {
                    if *value == 0.0 || *value == 1.0 {
                        *value
                    } else {
                        f64::NAN
                    }
                })
                .collect();
            Ok(noted(
                name,
                kind,
                &values,
                truths,
                Some(["0".to_owned(), "1".to_owned()]),
                notes,
            ))
        }
        (Kind::Category | Kind::Text | Kind::Identifier, Raw::Numbers { values, .. }) => {
            Ok(super::numbers::spelled(name, &values)?.with_kind(kind))
        }
        (Kind::Category | Kind::Text | Kind::Identifier, Raw::Dates(values)) => {
            let texts: Vec<Option<String>> = values
                .iter()
                .map(|value| (!value.is_nan()).then(|| dates::format(*value)))
                .collect();
            Ok(Column::strings(
                name,
                kind,
                texts.iter().map(Option::as_deref),
            ))
        }
        (Kind::Category | Kind::Text | Kind::Identifier, Raw::Texts(coded)) => {
            super::coded(name, kind, without_gaps(coded)?)
        }
        (_, Raw::Texts(coded)) => Ok(from_texts(name, &coded, kind, around, notes)),
    }?;
    // What is between two whole numbers is kept, and the kind says so.
    match made.values() {
        Values::Numbers(values)
            if kind == Kind::Integer
                && values.iter().flatten().any(|value| value.fract() != 0.0) =>
        {
            Ok(made.with_kind(Kind::Number))
        }
        _ => Ok(made),
    }
}

/// 20240229, a year, or nothing.
fn date_of_number(value: f64) -> Option<f64> {
    let year = (1000.0..=9999.0).contains(&value) && value.fract() == 0.0;
    if year {
        return dates::days_since_1970(value as i64, 1, 1).map(|days| days as f64 * 86_400.0);
    }
    super::numbers::written_day(value)
}

fn from_texts(
    name: &str,
    coded: &Coded,
    kind: Kind,
    around: Surroundings,
    notes: &mut Vec<Note>,
) -> Column {
    let values = Distinct::of(&coded.dictionary);
    let (by_code, labels): (Vec<f64>, _) = match kind {
        Kind::Boolean => {
            let labels = labels_of(&values);
            let truth = |text: &str| {
                labelled(text, Some(&labels)).map_or(f64::NAN, |truth| f64::from(u8::from(truth)))
            };
            (
                values
                    .texts
                    .iter()
                    .map(|text| text.map_or(f64::NAN, truth))
                    .collect(),
                Some(labels),
            )
        }
        Kind::Date => (best_dates(&values), None),
        _ => (best_numbers(&values, around), None),
    };
    let lost: Vec<bool> = values
        .texts
        .iter()
        .zip(&by_code)
        .map(|(text, value)| text.is_some() && value.is_nan())
        .collect();
    let is_lost =
        |code: &i32| usize::try_from(*code).ok().and_then(|code| lost.get(code)) == Some(&true);
    if let Some(row) = coded.codes.iter().position(is_lost) {
        let count = coded.codes.iter().filter(|code| is_lost(code)).count();
        let text = coded
            .codes
            .get(row)
            .and_then(|code| values.texts.get(*code as usize))
            .copied()
            .flatten()
            .unwrap_or_default();
        notes.push(unfit(name, kind, count, text, row));
    }
    super::numeric(name, kind, spread(coded, &by_code), labels)
}

/// Both spellings if the words form a pair, else the two in order of the alphabet, else false and true.
fn labels_of(values: &Distinct<'_>) -> [String; 2] {
    let mut words: Vec<&str> = values.texts.iter().copied().flatten().collect();
    words.sort_unstable_by_key(|word| (boolean(word), *word));
    match words.as_slice() {
        [first, second] => [(*first).to_owned(), (*second).to_owned()],
        _ => ["false".to_owned(), "true".to_owned()],
    }
}

/// The order of day and month that loses fewer cells.
fn best_dates(values: &Distinct<'_>) -> Vec<f64> {
    let read = |order: Order| -> Vec<f64> {
        let seconds = |text: &Option<&str>| {
            text.and_then(|text| dates::parse(text.as_bytes())?.seconds(order))
                .unwrap_or(f64::NAN)
        };
        values.texts.iter().map(seconds).collect()
    };
    fewest_lost([read(Order::MonthFirst), read(Order::DayFirst)])
}

/// The grammar that loses fewest cells; the file's own first.
fn best_numbers(values: &Distinct<'_>, around: Surroundings) -> Vec<f64> {
    let read = |grammar: Grammar| -> Vec<f64> {
        let number = |text: &Option<&str>| {
            text.and_then(|text| number(text, grammar))
                .filter(|value| value.is_finite())
                .unwrap_or(f64::NAN)
        };
        values.texts.iter().map(number).collect()
    };
    fewest_lost(
        [
            Grammar::of(around.decimal),
            Grammar::POINT,
            Grammar::POINT_GROUPED,
            Grammar::COMMA,
        ]
        .map(read),
    )
}

/// Asked for a number, leading zeros are no obstacle.
fn number(text: &str, grammar: Grammar) -> Option<f64> {
    grammar.parse(text.as_bytes()).or_else(|| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if plain { text.parse().ok() } else { None }
    })
}

fn fewest_lost<const N: usize>(readings: [Vec<f64>; N]) -> Vec<f64> {
    let lost = |values: &Vec<f64>| values.iter().filter(|value| value.is_nan()).count();
    readings.into_iter().min_by_key(lost).unwrap_or_default()
}

fn noted(
    name: &str,
    kind: Kind,
    before: &[f64],
    after: Vec<f64>,
    labels: Option<[String; 2]>,
    notes: &mut Vec<Note>,
) -> Column {
    let lost = |(before, after): (&f64, &f64)| !before.is_nan() && after.is_nan();
    let count = before.iter().zip(&after).filter(|pair| lost(*pair)).count();
    if let Some(row) = before.iter().zip(&after).position(lost) {
        let text = before.get(row).map(f64::to_string).unwrap_or_default();
        notes.push(unfit(name, kind, count, &text, row));
    }
    super::numeric(name, kind, after, labels)
}

fn unfit(name: &str, kind: Kind, count: usize, text: &str, row: usize) -> Note {
    let what = match kind {
        Kind::Boolean => "yes/no values",
        Kind::Date => "dates",
        _ => "numbers",
    };
    let detail = format!(
        "{count} cells of '{name}' are no {what}, the first being '{text}' in data row {}; they are treated as missing",
        row + 1
    );
    Note::new("unfit_cells", Some(name), detail)
}
