//! The ways a model is asked: the same rows as a form, JSON, CSV and Parquet spell them, and as the exported model reads
//! them.

use super::{AnswerPath, LARGE};
use crate::error::TrainError;
use crate::model::FittedModel;
use serde_json::{Map, Value};
use trainyard_estimators::{Array, Prediction};
use trainyard_onnx::Program;
use trainyard_table::{
    Cell, Decimal, Delimiter, Encoding, Format, ReadOptions, RowReader, RowSource, Table,
    TableError, rows_from_json, spells_gap, write_parquet,
};

/// What one way answers.
pub(super) enum Answered {
    Prediction(Prediction),
    Exported {
        prediction: Prediction,
        labels: Option<Vec<String>>,
    },
    /// It is not gone, because of this.
    Not(String),
}

pub(super) fn answered(
    model: &FittedModel,
    path: AnswerPath,
    rows: &Table,
) -> Result<Answered, TrainError> {
    let objects = |spell: fn(Cell) -> Value| {
        rows_from_json(model.schema(), &objects(rows, spell)).map(|read| vec![read.table])
    };
    let read = match path {
        AnswerPath::Form => objects(form),
        AnswerPath::Json => objects(json),
        AnswerPath::Csv => from_file(model, csv(rows), Format::Csv),
        AnswerPath::Parquet => {
            let mut bytes = Vec::new();
            write_parquet(rows, &mut bytes)?;
            from_file(model, bytes, Format::Parquet)
        }
        AnswerPath::Onnx => return exported(model, rows),
    };
    let parts = read.map_err(|error| TrainError::Internal(format!("{path:?}: {error}")))?;
    let answers = parts.iter().map(|part| model.predict(part));
    let together = answers.reduce(together);
    Ok(Answered::Prediction(
        together.unwrap_or_else(|| model.predict(&rows.slice(0, 0))),
    ))
}

fn exported(model: &FittedModel, rows: &Table) -> Result<Answered, TrainError> {
    let state = model.predictor().save();
    if state.arrays.values().map(bytes_of).sum::<usize>() > LARGE {
        let reason = "The model is large; its export was not tried.";
        return Ok(Answered::Not(reason.to_owned()));
    }
    let bytes = match model.to_onnx() {
        Ok(bytes) => bytes,
        Err(reason) => return Ok(Answered::Not(reason.to_string())),
    };
    let answers = Program::read(&bytes).and_then(|program| program.answer(rows));
    let answers = match answers {
        Ok(answers) => answers,
        Err(error) => {
            return Ok(Answered::Not(format!(
                "The exported model could not be tried: {error}."
            )));
        }
    };
    Ok(Answered::Exported {
        prediction: answers.prediction,
        labels: answers.labels,
    })
}

/// The answers of one part after those of another.
fn together(mut one: Prediction, other: Prediction) -> Prediction {
    match (&mut one, other) {
        (Prediction::Values(one), Prediction::Values(other)) => one.extend(other),
        (
            Prediction::Classes { probabilities, .. },
            Prediction::Classes {
                probabilities: other,
                ..
            },
        ) => probabilities.extend(other),
        // A model answers in one form.
        _ => {}
    }
    one
}

fn bytes_of(array: &Array) -> usize {
    match array {
        Array::F64(values) => values.len() * 8,
        Array::U64(values) => values.len() * 8,
        Array::F32(values) => values.len() * 4,
        Array::U32(values) => values.len() * 4,
        Array::I32(values) => values.len() * 4,
        Array::U16(values) => values.len() * 2,
        Array::U8(values) => values.len(),
    }
}

/// Whether every cell of a row means the same when it is written as text.
pub(super) fn is_text(table: &Table, row: usize) -> bool {
    table.columns().iter().all(|column| {
        let text = column.text(row);
        text.is_none_or(|text| text.trim() == text && !spells_gap(text) && !text.contains('\0'))
    })
}

fn objects(table: &Table, spell: impl Fn(Cell) -> Value) -> Vec<Value> {
    let object = |row| {
        let cells = table.columns().iter();
        let cells = cells.map(|column| (column.name().to_owned(), spell(column.cell(row))));
        Value::Object(cells.collect::<Map<_, _>>())
    };
    (0..table.rows()).map(object).collect()
}

fn json(cell: Cell) -> Value {
    serde_json::to_value(cell).unwrap_or(Value::Null)
}

fn form(cell: Cell) -> Value {
    Value::String(match cell {
        Cell::Missing => String::new(),
        Cell::Integer(number) => number.to_string(),
        Cell::Number(number) => number.to_string(),
        Cell::Text(text) => text,
    })
}

/// The rows as a file of separated text. The first column counts them, so that no line is empty.
fn csv(table: &Table) -> Vec<u8> {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut counter = "row".to_owned();
    while table.column(&counter).is_some() {
        counter.push('_');
    }
    let names = table.columns().iter().map(|column| quoted(column.name()));
    let mut lines = vec![
        std::iter::once(quoted(&counter))
            .chain(names)
            .collect::<Vec<_>>(),
    ];
    for row in 0..table.rows() {
        let cells = table.columns().iter().map(|column| match column.cell(row) {
            Cell::Missing => String::new(),
            Cell::Text(text) => quoted(&text),
            Cell::Integer(number) => number.to_string(),
            Cell::Number(number) => number.to_string(),
        });
        lines.push(
            std::iter::once((row + 1).to_string())
                .chain(cells)
                .collect(),
        );
    }
    let lines: Vec<String> = lines
        .into_iter()
        .map(|cells| cells.join(",") + "\n")
        .collect();
    lines.concat().into_bytes()
}

fn from_file(
    model: &FittedModel,
    bytes: Vec<u8>,
    format: Format,
) -> Result<Vec<Table>, TableError> {
    let text = format == Format::Csv;
    let options = ReadOptions {
        format: Some(format),
        delimiter: text.then_some(Delimiter::Comma),
        encoding: text.then_some(Encoding::Utf8),
        decimal: text.then_some(Decimal::Point),
        header: text.then_some(true),
        // A row that was learned from may be as long as it is.
        max_line_bytes: bytes.len().max(1),
        max_columns: usize::MAX,
        ..ReadOptions::default()
    };
    let mut reader = RowReader::open(RowSource::bytes(bytes), "rows", model.schema(), &options)?;
    let decoder = reader.decoder();
    let mut parts = Vec::new();
    while let Some(part) = reader.next_part()? {
        parts.push(decoder.decode(&part)?.table);
    }
    Ok(parts)
}
