//! Rows from requests and forms, and other files, brought into a schema that exists already.

use crate::values::booleans::labelled;
use crate::values::dates::{self, Order};
use crate::values::missing::missing;
use crate::values::numbers::Grammar;
use crate::{Column, Field, Kind, Schema, Table, TableError, Values};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;

/// What is wrong with a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellProblemCode {
    /// No value where the schema has a column.
    Missing,
    /// A value that cannot be read as the column's kind; it is missing in the table.
    WrongType,
    /// A value for a column that the schema does not have; it is left out.
    UnknownColumn,
}

impl std::fmt::Display for CellProblemCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Missing => "missing",
            Self::WrongType => "wrong_type",
            Self::UnknownColumn => "unknown_column",
        })
    }
}

/// One cell that is not as the schema wants it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellProblem {
    /// The column.
    pub column: String,
    /// What is wrong.
    pub code: CellProblemCode,
    /// A plain sentence.
    pub detail: String,
}

/// Rows in a schema, and what was wrong with each.
#[derive(Clone, Debug)]
pub struct DecodedRows {
    /// The rows, with exactly the columns of the schema.
    pub table: Table,
    /// For each row, its problems: in the order of the schema, then unknown columns in the order of the row.
    pub problems: Vec<Vec<CellProblem>>,
}

/// A cell that could not be read as its column's kind; it is missing in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongCell {
    /// The row, from 0.
    pub row: usize,
    /// The column's place in the schema.
    pub column: usize,
    /// How it was written, cut short.
    pub text: String,
}

impl WrongCell {
    pub(crate) fn new(row: usize, column: usize, text: &str) -> Self {
        Self {
            row,
            column,
            text: text.chars().take(LONGEST_SHOWN).collect(),
        }
    }
}

/// Letters of a wrong cell that are shown.
const LONGEST_SHOWN: usize = 60;

/// One cell in the form its column is kept in.
#[derive(Clone)]
pub(crate) enum Decoded {
    Number(f64),
    Text(String),
    Missing,
    /// As a person wrote it.
    Wrong(String),
}

/// What a file tells about cells that can be read in more than one way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hints {
    pub(crate) grammar: Grammar,
    pub(crate) order: Order,
}

impl Default for Hints {
    fn default() -> Self {
        Self {
            grammar: Grammar::POINT,
            order: Order::MonthFirst,
        }
    }
}

/// Rows as JSON objects (by column name) or arrays (in schema order), values as JSON or as strings from a form.
/// Problems of cells are reported, not errors.
///
/// # Errors
/// [`TableError::Json`] when a row is neither an object nor an array as long as the schema; rows count from 1.
pub fn rows_from_json(schema: &Schema, rows: &[Value]) -> Result<DecodedRows, TableError> {
    let mut problems: Vec<Vec<CellProblem>> = vec![Vec::new(); rows.len()];
    let table = table_from_json(schema, rows, |row, column, decoded| {
        if let (Some(field), Some(problems)) = (schema.fields.get(column), problems.get_mut(row)) {
            note_problem(decoded, field, problems);
        }
    })?;
    let known: std::collections::HashSet<&str> = schema
        .fields
        .iter()
        .map(|field| field.name.as_str())
        .collect();
    for (row, problems) in rows.iter().zip(&mut problems) {
        let cells = row.as_object().into_iter().flatten();
        problems.extend(
            cells
                .filter(|(name, _)| !known.contains(name.as_str()))
                .map(|(name, _)| passed_over(name)),
        );
    }
    Ok(DecodedRows { table, problems })
}

/// The table of JSON rows; `note` sees every cell with its row and column.
pub(crate) fn table_from_json(
    schema: &Schema,
    rows: &[Value],
    mut note: impl FnMut(usize, usize, &Decoded),
) -> Result<Table, TableError> {
    for (index, row) in rows.iter().enumerate() {
        let wrong = |detail: String| TableError::Json {
            row: index + 1,
            detail,
        };
        match row {
            Value::Object(_) => {}
            Value::Array(cells) if cells.len() == schema.fields.len() => {}
            Value::Array(cells) => {
                return Err(wrong(format!(
                    "it is an array of {} values where there are {} columns",
                    cells.len(),
                    schema.fields.len()
                )));
            }
            _ => return Err(wrong("it is a single value".to_owned())),
        }
    }
    let mut columns = Vec::with_capacity(schema.fields.len());
    for (position, field) in schema.fields.iter().enumerate() {
        let cells = rows.iter().enumerate().map(|(index, row)| {
            let cell = match row {
                Value::Object(cells) => cells.get(&field.name),
                Value::Array(cells) => cells.get(position),
                _ => None,
            };
            let decoded = cell.map_or(Decoded::Missing, |cell| decode(cell, field));
            note(index, position, &decoded);
            decoded
        });
        columns.push(collect(field, cells));
    }
    Ok(Table::with_rows(columns, rows.len()))
}

/// Another table in this schema: columns by name, kinds forced, order free. Columns that the schema does not have are
/// left out, which is noted with the first row; columns that the table does not have are missing.
pub fn conform(table: &Table, schema: &Schema) -> DecodedRows {
    let mut problems: Vec<Vec<CellProblem>> = vec![Vec::new(); table.rows()];
    let by_name: HashMap<&str, &Column> = table
        .columns()
        .iter()
        .map(|column| (column.name(), column))
        .collect();
    let columns = schema
        .fields
        .iter()
        .map(|field| match by_name.get(field.name.as_str()) {
            Some(column) => conform_column(column, field, &mut problems),
            None => {
                problems
                    .iter_mut()
                    .for_each(|problems| note_problem(&Decoded::Missing, field, problems));
                collect(field, (0..table.rows()).map(|_| Decoded::Missing))
            }
        });
    let conformed = Table::with_rows(columns.collect(), table.rows());
    if let Some(first) = problems.first_mut() {
        let unknown_columns = table
            .columns()
            .iter()
            .filter(|column| schema.field(column.name()).is_none());
        first.extend(unknown_columns.map(|column| passed_over(column.name())));
    }
    DecodedRows {
        table: conformed,
        problems,
    }
}

/// Whole numbers and numbers are kept alike, and so are the kinds of text; other kinds are read cell by cell.
fn conform_column(column: &Column, field: &Field, problems: &mut [Vec<CellProblem>]) -> Column {
    let numbers = |kind: Kind| matches!(kind, Kind::Integer | Kind::Number);
    let as_is = match (column.values(), field.kind) {
        (Values::Strings(_), kind) => !kind.is_numeric(),
        (Values::Numbers(_), kind) => {
            (numbers(kind) && numbers(column.kind()))
                || (kind == Kind::Date && column.kind() == Kind::Date)
                || (kind == Kind::Boolean
                    && column.kind() == kind
                    && column.labels() == field.labels.as_ref())
        }
    };
    if as_is {
        for (row, problems) in problems
            .iter_mut()
            .enumerate()
            .filter(|_| column.missing() > 0)
        {
            if column.is_missing(row) {
                note_problem(&Decoded::Missing, field, problems);
            }
        }
        return column
            .clone()
            .with_kind_and_labels(field.kind, field.labels.clone());
    }
    let cells = problems.iter_mut().enumerate().map(|(row, problems)| {
        let decoded = match column.cell(row) {
            crate::Cell::Missing => Decoded::Missing,
            crate::Cell::Integer(value) => decode_number(value as f64, field),
            crate::Cell::Number(value) => decode_number(value, field),
            crate::Cell::Text(text) => decode_text(&text, field),
        };
        note_problem(&decoded, field, problems);
        decoded
    });
    collect(field, cells)
}

fn decode(cell: &Value, field: &Field) -> Decoded {
    match cell {
        Value::Null => Decoded::Missing,
        Value::Bool(truth) => match field.kind {
            Kind::Boolean | Kind::Integer | Kind::Number => {
                Decoded::Number(f64::from(u8::from(*truth)))
            }
            Kind::Date => Decoded::Wrong(truth.to_string()),
            _ => Decoded::Text(truth.to_string()),
        },
        // A text column keeps a number as it was written: no digit may be lost on the way through an f64.
        Value::Number(number) if !field.kind.is_numeric() => Decoded::Text(spell(number)),
        Value::Number(number) => number.as_f64().map_or_else(
            || Decoded::Wrong(number.to_string()),
            |number| decode_number(number, field),
        ),
        Value::String(text) => decode_text(text, field),
        Value::Array(_) => Decoded::Wrong("a list".to_owned()),
        Value::Object(_) => Decoded::Wrong("an object".to_owned()),
    }
}

/// 3.0 from JSON is the category "3" from a file.
fn spell(number: &serde_json::Number) -> String {
    match number.as_f64() {
        Some(value) if number.is_f64() => format!("{value}"),
        _ => number.to_string(),
    }
}

pub(crate) fn decode_number(number: f64, field: &Field) -> Decoded {
    let wrong = || Decoded::Wrong(format!("{number}"));
    match field.kind {
        _ if !number.is_finite() => wrong(),
        Kind::Integer | Kind::Number | Kind::Date => Decoded::Number(number + 0.0),
        Kind::Boolean => match labelled(&format!("{number}"), field.labels.as_ref()) {
            Some(truth) => Decoded::Number(f64::from(u8::from(truth))),
            None => wrong(),
        },
        Kind::Category | Kind::Text | Kind::Identifier => Decoded::Text(format!("{number}")),
    }
}

fn decode_text(text: &str, field: &Field) -> Decoded {
    decode_hinted(text, field, Hints::default())
}

/// A text from a file, read as the file suggests and else in any other way there is.
pub(crate) fn decode_hinted(text: &str, field: &Field, hints: Hints) -> Decoded {
    let text = text.trim();
    let gap = missing(text.as_bytes());
    let value = match field.kind {
        Kind::Category | Kind::Text | Kind::Identifier => {
            return if gap == Some(crate::values::missing::Missing::Always) {
                Decoded::Missing
            } else {
                Decoded::Text(text.to_owned())
            };
        }
        Kind::Integer | Kind::Number => number_of(text, hints.grammar),
        Kind::Boolean => {
            labelled(text, field.labels.as_ref()).map(|truth| f64::from(u8::from(truth)))
        }
        Kind::Date => date_of(text, hints.order),
    };
    match value {
        Some(value) if value.is_finite() => Decoded::Number(value),
        _ if gap.is_some() => Decoded::Missing,
        _ => Decoded::Wrong(text.to_owned()),
    }
}

/// As in a file, and more forgiving: one cell from a form has no column to decide by.
fn number_of(text: &str, first: Grammar) -> Option<f64> {
    let grammars = [
        first,
        Grammar::POINT,
        Grammar::POINT_GROUPED,
        Grammar::COMMA,
    ]
    .into_iter()
    .chain(Grammar::OTHERS);
    let strict = grammars
        .into_iter()
        .find_map(|grammar| grammar.parse(text.as_bytes()));
    strict.or_else(|| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.'))
            .then(|| text.parse().ok())?
    })
}

/// Seconds since 1970, from a date or from the number itself.
fn date_of(text: &str, order: Order) -> Option<f64> {
    let date =
        dates::parse(text.as_bytes()).and_then(|date| date.seconds(date.order().unwrap_or(order)));
    date.or_else(|| text.parse().ok())
}

fn note_problem(decoded: &Decoded, field: &Field, problems: &mut Vec<CellProblem>) {
    match decoded {
        Decoded::Missing => problems.push(CellProblem::missing(field)),
        Decoded::Wrong(text) => {
            let text: String = text.chars().take(LONGEST_SHOWN).collect();
            problems.push(CellProblem::wrong(field, &text));
        }
        Decoded::Number(_) | Decoded::Text(_) => {}
    }
}

impl CellProblem {
    /// A gap in a column.
    pub fn missing(field: &Field) -> Self {
        let name = &field.name;
        Self {
            column: name.clone(),
            code: CellProblemCode::Missing,
            detail: format!("'{name}' has no value; it is filled in as during training"),
        }
    }

    /// What was written cannot be read as the column's kind.
    pub fn wrong(field: &Field, text: &str) -> Self {
        let name = &field.name;
        Self {
            column: name.clone(),
            code: CellProblemCode::WrongType,
            detail: format!(
                "'{text}' is not {} as '{name}' needs; it is treated as missing",
                what(field)
            ),
        }
    }
}

fn what(field: &Field) -> String {
    match (field.kind, &field.labels) {
        (Kind::Integer | Kind::Number, _) => "a number".to_owned(),
        (Kind::Boolean, Some([no, yes])) => format!("'{no}' or '{yes}'"),
        (Kind::Boolean, None) => "true or false".to_owned(),
        (Kind::Date, _) => "a date".to_owned(),
        _ => "a text".to_owned(),
    }
}

/// What is said of a value or a whole column that the schema does not have.
pub fn passed_over(name: &str) -> CellProblem {
    CellProblem {
        column: name.to_owned(),
        code: CellProblemCode::UnknownColumn,
        detail: format!("'{name}' is no column that is asked for; it is left out"),
    }
}

pub(crate) fn collect(field: &Field, cells: impl Iterator<Item = Decoded>) -> Column {
    if field.kind.is_numeric() {
        let numbers = cells.map(|cell| match cell {
            Decoded::Number(value) => Some(value),
            _ => None,
        });
        return Column::numbers(&field.name, field.kind, numbers, field.labels.clone());
    }
    let texts: Vec<Option<String>> = cells
        .map(|cell| match cell {
            Decoded::Text(text) => Some(text),
            _ => None,
        })
        .collect();
    Column::strings(&field.name, field.kind, texts.iter().map(Option::as_deref))
}
