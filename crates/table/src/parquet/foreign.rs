//! Parquet files that people bring: types become kinds, texts are looked at as in any other file.

use super::{BATCH_ROWS, damaged, metadata, own_schema, swelling, texts};
use crate::infer::{self, Surroundings};
use crate::read::Note;
use crate::read::builders::{Coded, Raw};
use crate::values::trim;
use crate::{Column, Kind, ReadOptions, Table, TableError};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int64Array, StringViewArray, UInt64Array,
};
use arrow_cast::cast;
use arrow_schema::{DataType, TimeUnit};
use bytes::Bytes;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// Reads a whole file.
pub(super) fn read(bytes: Bytes, options: &ReadOptions) -> Result<(Table, Vec<Note>), TableError> {
    let metadata = metadata(&bytes, options)?;
    swelling::check(&bytes, metadata.metadata())?;
    if let Some(own) = own_schema(metadata.metadata()) {
        let source = super::ParquetSource {
            rows: 0,
            schema: own,
            metadata,
            bytes,
        };
        let table = crate::TableSource::whole(&source)?;
        let mut notes = Vec::new();
        let columns = table
            .columns()
            .iter()
            .map(|column| match options.kinds.get(column.name()) {
                Some(kind) if *kind != column.kind() => infer::recast(column, *kind, &mut notes),
                _ => Ok(column.clone()),
            });
        let columns: Result<Vec<Column>, TableError> = columns.collect();
        return Ok((Table::with_rows(columns?, table.rows()), notes));
    }
    let schema = metadata.schema().clone();
    let mut notes = Vec::new();
    let names = schema
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    let names = crate::read::unique_names(names, true, &mut notes);
    let mut columns = Vec::with_capacity(names.len());
    for (field, name) in schema.fields().iter().zip(&names) {
        let form = Form::of(field.data_type()).ok_or_else(|| TableError::Nested {
            column: name.clone(),
        })?;
        columns.push(Incoming::new(form));
    }
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(bytes, metadata);
    let mut rows = 0;
    for batch in builder
        .with_batch_size(BATCH_ROWS)
        .build()
        .map_err(damaged)?
    {
        let batch = batch.map_err(damaged)?;
        rows += batch.num_rows();
        if rows > options.max_rows {
            return Err(TableError::TooManyRows {
                limit: options.max_rows,
            });
        }
        for (column, array) in columns.iter_mut().zip(batch.columns()) {
            column.append(array)?;
        }
    }
    if rows == 0 || columns.is_empty() {
        return Err(TableError::HeaderOnly);
    }
    let columns: Result<Vec<Column>, TableError> = columns
        .into_iter()
        .zip(&names)
        .map(|(column, name)| column.finish(name, options.kinds.get(name).copied(), &mut notes))
        .collect();
    Ok((Table::new(columns?)?, notes))
}

/// How values of a type are kept on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Whole numbers that may be too large to be exact.
    Whole,
    Number,
    Boolean,
    /// Seconds are this many of its units.
    Date(i64),
    Text,
}

impl Form {
    pub(super) fn of(data_type: &DataType) -> Option<Self> {
        Some(match data_type {
            DataType::Int64 | DataType::UInt64 => Self::Whole,
            DataType::Int8
            | DataType::Int16
            | DataType::Int32
            | DataType::UInt8
            | DataType::UInt16
            | DataType::UInt32 => Self::Number,
            DataType::Float16 | DataType::Float32 | DataType::Float64 => Self::Number,
            DataType::Decimal32(..)
            | DataType::Decimal64(..)
            | DataType::Decimal128(..)
            | DataType::Decimal256(..) => Self::Number,
            DataType::Boolean | DataType::Null => Self::Boolean,
            DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => {
                Self::Date(match data_type {
                    DataType::Timestamp(TimeUnit::Millisecond, _) | DataType::Date64 => 1_000,
                    DataType::Timestamp(TimeUnit::Microsecond, _) => 1_000_000,
                    DataType::Timestamp(TimeUnit::Nanosecond, _) => 1_000_000_000,
                    _ => 1,
                })
            }
            DataType::Time32(_) | DataType::Time64(_) => Self::Text,
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Self::Text,
            DataType::Dictionary(_, values) => Self::of(values)?,
            _ => return None,
        })
    }
}

pub(super) struct Incoming {
    form: Form,
    pub(super) values: Vec<f64>,
    infinite: usize,
    pub(super) coded: Coded,
}

impl Incoming {
    pub(super) fn new(form: Form) -> Self {
        Self {
            form,
            values: Vec::new(),
            infinite: 0,
            coded: Coded::default(),
        }
    }

    pub(super) fn append(&mut self, array: &ArrayRef) -> Result<(), TableError> {
        let plain = array.clone();
        match self.form {
            Form::Whole => self.append_whole(&plain),
            Form::Number => self.append_numbers(&plain),
            Form::Boolean => {
                let truths = plain.as_any().downcast_ref::<BooleanArray>();
                let one = |row: usize| {
                    truths
                        .filter(|truths| truths.is_valid(row))
                        .map_or(f64::NAN, |truths| f64::from(u8::from(truths.value(row))))
                };
                self.values.extend((0..plain.len()).map(one));
                Ok(())
            }
            Form::Date(units) => {
                let counted = match plain.data_type() {
                    // A day count becomes seconds on the way.
                    DataType::Date32 => cast(&plain, &DataType::Timestamp(TimeUnit::Second, None))
                        .map_err(damaged)?,
                    _ => plain,
                };
                let counted = cast(&counted, &DataType::Int64).map_err(damaged)?;
                let counted = counted
                    .as_any()
                    .downcast_ref::<Int64Array>()
                    .ok_or_else(|| damaged("a date column"))?;
                self.values.extend(
                    counted
                        .iter()
                        .map(|value| value.map_or(f64::NAN, |value| seconds(value, units))),
                );
                Ok(())
            }
            Form::Text => self.append_texts(&plain),
        }
    }

    /// Exact as numbers up to 2⁵³; one beyond makes the column text when it is finished.
    fn append_whole(&mut self, array: &ArrayRef) -> Result<(), TableError> {
        let before = self.coded.codes.len();
        let unsigned = array.as_any().downcast_ref::<UInt64Array>();
        let signed = array.as_any().downcast_ref::<Int64Array>();
        let whole = |row: usize| -> Option<i128> {
            match (unsigned, signed) {
                (Some(values), _) if values.is_valid(row) => Some(i128::from(values.value(row))),
                (_, Some(values)) if values.is_valid(row) => Some(i128::from(values.value(row))),
                _ => None,
            }
        };
        let exact = |value: i128| value.unsigned_abs() <= 1 << 53;
        let fits = (0..array.len()).filter_map(whole).all(exact);
        if fits && before == 0 {
            self.values.extend(
                (0..array.len()).map(|row| whole(row).map_or(f64::NAN, |value| value as f64)),
            );
            return Ok(());
        }
        // What came before was exact: spell it and go on as text.
        for value in std::mem::take(&mut self.values) {
            let code = if value.is_nan() {
                -1
            } else {
                self.coded.dictionary.code(format!("{value}").as_bytes())?
            };
            self.coded.codes.push(code);
        }
        for row in 0..array.len() {
            let code = match whole(row) {
                Some(value) => self.coded.dictionary.code(value.to_string().as_bytes())?,
                None => -1,
            };
            self.coded.codes.push(code);
        }
        Ok(())
    }

    fn append_numbers(&mut self, array: &ArrayRef) -> Result<(), TableError> {
        let numbers = cast(array, &DataType::Float64).map_err(damaged)?;
        let numbers = numbers
            .as_any()
            .downcast_ref::<Float64Array>()
            .ok_or_else(|| damaged("a number column"))?;
        for value in numbers {
            let value = value.unwrap_or(f64::NAN);
            self.infinite += usize::from(value.is_infinite());
            self.values.push(if value.is_infinite() {
                f64::NAN
            } else {
                value + 0.0
            });
        }
        Ok(())
    }

    fn append_texts(&mut self, array: &ArrayRef) -> Result<(), TableError> {
        // Views already, or times of day, which are spelled here.
        let spelled = cast(array, &DataType::Utf8View).map_err(damaged)?;
        let views = spelled.as_any().downcast_ref::<StringViewArray>();
        let views = views.ok_or_else(|| damaged("a text column"))?;
        texts::append(&mut self.coded, views, trimmed)
    }

    fn finish(
        self,
        name: &str,
        wanted: Option<Kind>,
        notes: &mut Vec<Note>,
    ) -> Result<Column, TableError> {
        let raw = match self.form {
            Form::Boolean if wanted.is_none_or(|kind| kind == Kind::Boolean) => {
                return Ok(infer::numeric(
                    name,
                    Kind::Boolean,
                    self.values,
                    Some(["false".to_owned(), "true".to_owned()]),
                ));
            }
            Form::Date(_) => Raw::Dates(self.values),
            Form::Whole if !self.coded.codes.is_empty() => Raw::Texts(self.coded),
            Form::Text => Raw::Texts(self.coded),
            Form::Whole | Form::Number | Form::Boolean => Raw::Numbers {
                values: self.values,
                infinite: self.infinite,
            },
        };
        infer::column(name, raw, wanted, Surroundings::TYPED, notes)
    }
}

/// Empty texts are gaps, as in text files.
fn trimmed(text: &str) -> Option<&str> {
    let text = std::str::from_utf8(trim(text.as_bytes())).ok()?;
    (!text.is_empty()).then_some(text)
}

/// Exact for whole seconds, else as near as a double is.
fn seconds(value: i64, units: i64) -> f64 {
    (value / units) as f64 + (value % units) as f64 / units as f64
}
