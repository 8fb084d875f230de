//! What the values of a column mean, decided over all of its rows.
//!
//! | kind | rule |
//! |---|---|
//! | date | every value is a date of one form; whole numbers like 20240229 when the name says date |
//! | integer, number | every value is a number that keeps its meaning as one: no leading zeros, not beyond 2⁵³ |
//! | boolean | exactly the two words of one pair: yes/no, true/false, y/n, t/f, on/off |
//! | identifier | (nearly) every value differs: one short word, a name of up to five words, 0, 1, 2, … down the rows, or whole numbers that all differ under a name such as `id` |
//! | text | several words, mostly different |
//! | category | all other text |
//!
//! Missing cells are as in [`values::missing`](crate::values). Identifiers and text are kept as they stand.

mod forced;
mod numbers;
mod texts;

use crate::read::Note;
use crate::read::builders::{Coded, Raw};
use crate::{Cell, Column, Decimal, Delimiter, Kind, TableError, Values};
use arrow_array::types::Int32Type;
use arrow_array::{Array, DictionaryArray, Float64Array, Int32Array};
use arrow_buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};
use std::sync::Arc;

/// What is known about the whole file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Surroundings {
    pub(crate) decimal: Decimal,
    pub(crate) point_seen: bool,
    pub(crate) delimiter: Option<Delimiter>,
    /// Texts that spell numbers are numbers (files without types).
    pub(crate) numbers_in_text: bool,
}

impl Surroundings {
    /// Of a file whose values have types already.
    pub(crate) const TYPED: Self = Self {
        decimal: Decimal::Point,
        point_seen: true,
        delimiter: None,
        numbers_in_text: false,
    };
}

/// Decides a column, or makes it the kind that is asked for.
pub(crate) fn column(
    name: &str,
    raw: Raw,
    wanted: Option<Kind>,
    around: Surroundings,
    notes: &mut Vec<Note>,
) -> Result<Column, TableError> {
    if let Raw::Numbers { infinite, .. } = &raw
        && *infinite > 0
    {
        notes.push(Note::new(
            "infinite",
            Some(name),
            format!("{infinite} cells of '{name}' are infinite; they are treated as missing"),
        ));
    }
    if let Some(kind) = wanted {
        return forced::column(name, raw, kind, around, notes);
    }
    match raw {
        Raw::Numbers { values, .. } => numbers::column(name, values),
        Raw::Dates(values) => Ok(numeric(name, Kind::Date, values, None)),
        Raw::Texts(coded) => texts::column(name, coded, around, notes),
    }
}

/// A column whose kind is known already, made another kind.
pub(crate) fn recast(
    column: &Column,
    kind: Kind,
    notes: &mut Vec<Note>,
) -> Result<Column, TableError> {
    let numbers = || {
        let values = 0..column.len();
        values
            .map(|row| column.number(row).unwrap_or(f64::NAN))
            .collect::<Vec<_>>()
    };
    let raw = match column.kind() {
        Kind::Integer | Kind::Number => Raw::Numbers {
            values: numbers(),
            infinite: 0,
        },
        Kind::Date => Raw::Dates(numbers()),
        Kind::Boolean | Kind::Category | Kind::Text | Kind::Identifier => {
            let mut coded = Coded::default();
            for row in 0..column.len() {
                let code = match column.cell(row) {
                    Cell::Text(text) => coded.dictionary.code(text.as_bytes())?,
                    _ => -1,
                };
                coded.codes.push(code);
            }
            Raw::Texts(coded)
        }
    };
    forced::column(column.name(), raw, kind, Surroundings::TYPED, notes)
}

/// A column of numbers that are NaN where missing.
pub(crate) fn numeric(
    name: &str,
    kind: Kind,
    values: Vec<f64>,
    labels: Option<[String; 2]>,
) -> Column {
    let valid = BooleanBuffer::from_iter(values.iter().map(|value| !value.is_nan()));
    let nulls = Some(NullBuffer::new(valid)).filter(|nulls| nulls.null_count() > 0);
    Column::from_parts(
        name,
        kind,
        Values::Numbers(Float64Array::new(ScalarBuffer::from(values), nulls)),
        labels,
    )
}

/// A column of texts; codes are −1 where missing.
pub(crate) fn coded(name: &str, kind: Kind, coded: Coded) -> Result<Column, TableError> {
    let Coded {
        mut codes,
        dictionary,
    } = coded;
    let valid = BooleanBuffer::from_iter(codes.iter().map(|code| *code >= 0));
    let nulls = Some(NullBuffer::new(valid)).filter(|nulls| nulls.null_count() > 0);
    if nulls.is_some() {
        codes.iter_mut().for_each(|code| *code = (*code).max(0));
    }
    let keys = Int32Array::new(ScalarBuffer::from(codes), nulls);
    let mut texts = dictionary.into_array()?;
    if texts.is_empty() && keys.null_count() < keys.len() {
        texts = vec![""].into();
    }
    let values = DictionaryArray::<Int32Type>::try_new(keys, Arc::new(texts)).map_err(|error| {
        TableError::unreadable(format!("column '{name}' cannot be kept: {error}"))
    })?;
    Ok(Column::from_parts(
        name,
        kind,
        Values::Strings(values),
        None,
    ))
}

/// Words of a column's name, small: `CustomerID`, `customer_id` and `customer id` all give customer and id.
pub(crate) fn name_words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before_small = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || (letter.is_uppercase() && before_small) {
            words.push(String::new());
        }
        before_small = letter.is_lowercase() || letter.is_numeric();
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a name says that the column names rows.
pub(crate) fn named_like_identifier(name: &str) -> bool {
    const WORDS: [&str; 14] = [
        "id", "ids", "uuid", "guid", "key", "pk", "index", "idx", "row", "rownames", "rownum",
        "rowid", "nr", "no",
    ];
    const OWNERS: [&str; 18] = [
        "user",
        "case",
        "customer",
        "order",
        "item",
        "product",
        "passenger",
        "patient",
        "student",
        "session",
        "account",
        "transaction",
        "subject",
        "client",
        "record",
        "person",
        "member",
        "employee",
    ];
    let words = name_words(name);
    let ends = [words.first(), words.last()];
    ends.into_iter().flatten().any(|word| {
        WORDS.contains(&word.as_str())
            || word
                .strip_suffix("id")
                .is_some_and(|owner| OWNERS.contains(&owner))
    })
}
