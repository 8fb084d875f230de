//! A Parquet file read batch by batch, only the columns that a schema asks for, so that its size does not matter.

use super::foreign::{Form, Incoming};
use super::{damaged, guarded, metadata, own_schema, swelling};
use crate::decode::{Decoded, WrongCell, collect, decode_hinted, decode_number};
use crate::values::dates;
use crate::{Column, Field, ReadOptions, Schema, Table, TableError, infer};
use arrow_array::{Array as _, ArrayRef, RecordBatch};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::file::reader::ChunkReader;

/// Rows in one batch.
const ROWS: usize = 8 << 10;

/// Some rows of a file, still in its own types.
pub(crate) struct Batch(RecordBatch);

/// Makes batches of a file rows of a schema.
pub(crate) struct BatchDecoder {
    /// For each column of the schema, the one of the file.
    sources: Vec<Option<Source>>,
}

struct Source {
    /// Among the columns that are read.
    position: usize,
    form: Form,
    /// The spellings under which a file of ours keeps yes and no as numbers.
    labels: Option<[String; 2]>,
}

/// A file's columns, its rows, and a reader of those columns that the schema has.
pub(crate) struct Opened {
    pub(crate) names: Vec<String>,
    pub(crate) rows: usize,
    pub(crate) reader: ParquetRecordBatchReader,
    pub(crate) decoder: BatchDecoder,
}

/// Opens a file.
///
/// # Errors
/// [`TableError`] when it is damaged, or a wanted column holds nested values.
pub(crate) fn batches<F: ChunkReader + 'static>(
    file: F,
    schema: &Schema,
    options: &ReadOptions,
) -> Result<Opened, TableError> {
    guarded(|| {
        let metadata = metadata(&file, options)?;
        swelling::check(&file, metadata.metadata())?;
        let own = own_schema(metadata.metadata());
        let rows = usize::try_from(metadata.metadata().file_metadata().num_rows()).unwrap_or(0);
        let fields = metadata.schema().fields().clone();
        let names: Vec<String> = fields
            .iter()
            .map(|field| field.name().trim().to_owned())
            .collect();
        let mut wanted: Vec<usize> = schema
            .fields
            .iter()
            .filter_map(|field| names.iter().position(|name| *name == field.name))
            .collect();
        wanted.sort_unstable();
        let source = |field: &Field| -> Result<Option<Source>, TableError> {
            let place = names.iter().position(|name| *name == field.name);
            let Some((place, position)) =
                place.and_then(|place| Some((place, wanted.binary_search(&place).ok()?)))
            else {
                return Ok(None);
            };
            let form = fields
                .get(place)
                .and_then(|field| Form::of(field.data_type()));
            let form = form.ok_or_else(|| TableError::Nested {
                column: field.name.clone(),
            })?;
            let own = own.as_ref().and_then(|own| own.field(&field.name));
            Ok(Some(Source {
                position,
                form,
                labels: own.and_then(|own| own.labels.clone()),
            }))
        };
        let sources: Result<Vec<_>, TableError> = schema.fields.iter().map(source).collect();
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata.clone());
        let columns = metadata.metadata().file_metadata().schema_descr();
        let reader = builder
            .with_projection(ProjectionMask::roots(columns, wanted))
            .with_batch_size(ROWS)
            .build()
            .map_err(damaged)?;
        Ok(Opened {
            names,
            rows,
            reader,
            decoder: BatchDecoder { sources: sources? },
        })
    })
}

/// The next rows; nothing at the end.
pub(crate) fn next(reader: &mut ParquetRecordBatchReader) -> Result<Option<Batch>, TableError> {
    guarded(|| {
        let batch = reader.next().transpose().map_err(damaged)?;
        Ok(batch.map(Batch))
    })
}

impl BatchDecoder {
    /// The rows of a batch in the schema.
    pub(crate) fn decode(
        &self,
        schema: &Schema,
        batch: &Batch,
    ) -> Result<(Table, Vec<WrongCell>), TableError> {
        let rows = batch.0.num_rows();
        let mut wrong = Vec::new();
        let mut columns = Vec::with_capacity(schema.fields.len());
        for (place, (field, source)) in schema.fields.iter().zip(&self.sources).enumerate() {
            let array = source
                .as_ref()
                .and_then(|source| Some((source, batch.0.columns().get(source.position)?)));
            let Some((source, array)) = array else {
                columns.push(collect(field, (0..rows).map(|_| Decoded::Missing)));
                continue;
            };
            columns.push(source.column(field, place, array, &mut wrong)?);
        }
        Ok((Table::with_rows(columns, rows), wrong))
    }
}

impl Source {
    fn column(
        &self,
        field: &Field,
        place: usize,
        array: &ArrayRef,
        wrong: &mut Vec<WrongCell>,
    ) -> Result<Column, TableError> {
        let mut incoming = Incoming::new(self.form);
        incoming.append(array)?;
        let numeric = field.kind.is_numeric() && field.kind != crate::Kind::Boolean;
        if incoming.coded.codes.is_empty() && numeric {
            // Gaps are gaps; infinities became gaps too, which are told apart here.
            let values = std::mem::take(&mut incoming.values);
            for (row, value) in values.iter().enumerate() {
                if value.is_nan() && array.is_valid(row) && !self.is_nan(array, row) {
                    wrong.push(WrongCell::new(row, place, "infinity"));
                }
            }
            return Ok(infer::numeric(
                &field.name,
                field.kind,
                values,
                field.labels.clone(),
            ));
        }
        let mut decoded: Vec<Decoded> = Vec::with_capacity(array.len());
        if incoming.coded.codes.is_empty() {
            decoded.extend(incoming.values.iter().map(|value| self.one(*value, field)));
        } else {
            let spelled: Vec<Decoded> = incoming
                .coded
                .dictionary
                .texts()
                .map(|text| decode_hinted(text, field, crate::decode::Hints::default()))
                .collect();
            let of = |code: &i32| {
                let place = usize::try_from(*code).ok();
                place
                    .and_then(|place| spelled.get(place))
                    .cloned()
                    .unwrap_or(Decoded::Missing)
            };
            decoded.extend(incoming.coded.codes.iter().map(of));
        }
        let cells = decoded.into_iter().enumerate().map(|(row, cell)| {
            if let Decoded::Wrong(text) = &cell {
                wrong.push(WrongCell::new(row, place, text));
            }
            cell
        });
        Ok(collect(field, cells))
    }

    fn is_nan(&self, array: &ArrayRef, row: usize) -> bool {
        let one = array.slice(row, 1);
        let number = arrow_cast::cast(&one, &arrow_schema::DataType::Float64).ok();
        let number = number.as_ref().and_then(|number| {
            number
                .as_any()
                .downcast_ref::<arrow_array::Float64Array>()
                .map(|number| number.value(0))
        });
        number.is_none_or(f64::is_nan)
    }

    /// A number, yes or no, or a moment as a cell of this column.
    fn one(&self, value: f64, field: &Field) -> Decoded {
        let hints = crate::decode::Hints::default();
        if value.is_nan() {
            return Decoded::Missing;
        }
        match (self.form, &self.labels) {
            (_, Some(labels)) => decode_hinted(&labels[usize::from(value != 0.0)], field, hints),
            (Form::Boolean, None) if field.kind == crate::Kind::Boolean => Decoded::Number(value),
            (Form::Boolean, None) => {
                let text = if value == 0.0 { "false" } else { "true" };
                decode_hinted(text, field, hints)
            }
            (Form::Date(_), None) if !field.kind.is_numeric() => {
                decode_hinted(&dates::format(value), field, hints)
            }
            _ => decode_number(value, field),
        }
    }
}
