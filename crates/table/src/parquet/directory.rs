//! The directory at the end of a Parquet file, read alone: which columns there are and how many rows, without the rows.

use super::foreign::Form;
use super::{damaged, guarded, lying, own_schema};
use crate::read::Note;
use crate::{Field, Kind, ReadOptions, TableError};
use arrow_schema::DataType;
use parquet::arrow::parquet_to_arrow_schema;
use parquet::file::metadata::ParquetMetaDataReader;

/// What a directory says.
pub(crate) struct Directory {
    pub(crate) fields: Vec<Field>,
    pub(crate) rows: u64,
    pub(crate) notes: Vec<Note>,
}

/// Reads the directory from the last bytes of a file.
///
/// # Errors
/// [`TableError`] when they are not the end of a Parquet file, or too few.
pub(crate) fn directory(end: &[u8], options: &ReadOptions) -> Result<Directory, TableError> {
    let Some((rest, [l1, l2, l3, l4, b'P', b'A', b'R', b'1'])) = end.split_last_chunk::<8>() else {
        return Err(TableError::unreadable(
            "these are not the last bytes of a Parquet file; send the end of the file, to its last byte",
        ));
    };
    let length = u32::from_le_bytes([*l1, *l2, *l3, *l4]) as usize;
    let Some(begin) = rest.len().checked_sub(length) else {
        return Err(TableError::unreadable(format!(
            "the directory of this Parquet file takes its last {} bytes; send at least as many",
            length.saturating_add(8)
        )));
    };
    let bytes = rest.get(begin..).unwrap_or_default();
    guarded(|| decode(bytes, options))
}

fn decode(bytes: &[u8], options: &ReadOptions) -> Result<Directory, TableError> {
    let metadata = ParquetMetaDataReader::decode_metadata(bytes).map_err(damaged)?;
    let file = metadata.file_metadata();
    let rows = u64::try_from(file.num_rows()).map_err(|_| lying())?;
    let columns = file.schema_descr().num_columns();
    if columns > options.max_columns {
        return Err(TableError::TooManyColumns {
            found: columns,
            limit: options.max_columns,
        });
    }
    if let Some(own) = own_schema(&metadata) {
        return Ok(Directory {
            fields: own.fields,
            rows,
            notes: Vec::new(),
        });
    }
    let schema = parquet_to_arrow_schema(file.schema_descr(), file.key_value_metadata());
    let schema = schema.map_err(damaged)?;
    let mut notes = Vec::new();
    let names = schema.fields().iter().map(|field| field.name().clone());
    let names = crate::read::unique_names(names.collect(), true, &mut notes);
    let fields: Result<Vec<Field>, TableError> = schema
        .fields()
        .iter()
        .zip(names)
        .map(|(field, name)| match kind_of(field.data_type()) {
            Some(kind) => Ok(Field {
                name,
                kind,
                labels: None,
            }),
            None => Err(TableError::Nested { column: name }),
        })
        .collect();
    Ok(Directory {
        fields: fields?,
        rows,
        notes,
    })
}

/// What follows from a type alone: of texts, that they are texts of some sort.
fn kind_of(data_type: &DataType) -> Option<Kind> {
    let whole = data_type.is_integer();
    Some(match Form::of(data_type)? {
        Form::Whole => Kind::Integer,
        Form::Number if whole => Kind::Integer,
        Form::Number => Kind::Number,
        Form::Boolean => Kind::Boolean,
        Form::Date(_) => Kind::Date,
        Form::Text => Kind::Category,
    })
}
