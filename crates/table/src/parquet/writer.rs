//! Tables into Parquet files that carry kinds and labels.

use super::SCHEMA_KEY;
use crate::sort::sort_numbers;
use crate::{Column, Schema, Table, TableError, Values};
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_schema::{DataType, Field as ArrowField, Schema as ArrowSchema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, compute_leaves};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;
use rayon::prelude::*;
use std::io::Write;
use std::sync::Arc;

/// Rows in one group: what a training that streams holds at a time.
const GROUP_ROWS: usize = 128 << 10;

/// Columns beyond these are written without dictionaries: the writer keeps one open for each column of a group, some
/// hundred kilobytes whatever is in it, which makes gigabytes of a wide table of a few rows.
const MOST_DICTIONARIES: usize = 1_000;

/// Numbers of a column that are looked at before it is written.
const SAMPLE: usize = 2_000;

/// Writes a table so that [`read_parquet`](super::read_parquet) gives it back with kinds and labels; columns are packed on all threads of the
/// current pool, and the bytes are the same for any number of them.
///
/// # Errors
/// [`TableError::Unreadable`] when writing fails.
pub fn write_parquet(table: &Table, output: impl Write + Send) -> Result<(), TableError> {
    let varied: Vec<&str> = table
        .columns()
        .iter()
        .filter(|column| is_varied(column))
        .map(Column::name)
        .collect();
    let ParquetWriter { arrow, writer } = ParquetWriter::of(table.schema(), &varied, output)?;
    let (mut file, groups) = writer.into_serialized_writer().map_err(unwritten)?;
    for (index, begin) in (0..table.rows()).step_by(GROUP_ROWS).enumerate() {
        let part = table.slice(begin, GROUP_ROWS);
        let writers = groups.create_column_writers(index).map_err(unwritten)?;
        let columns = part.columns().par_iter().zip(arrow.fields().par_iter());
        let packed = columns.zip(writers).map(|((column, field), mut writer)| {
            for leaf in compute_leaves(field, &stored(column))? {
                writer.write(&leaf)?;
            }
            writer.close()
        });
        let packed: Vec<ArrowColumnChunk> = packed.collect::<Result<_, _>>().map_err(unwritten)?;
        let mut group = file.next_row_group().map_err(unwritten)?;
        for column in packed {
            column.append_to_row_group(&mut group).map_err(unwritten)?;
        }
        group.close().map_err(unwritten)?;
    }
    file.close().map_err(unwritten)?;
    Ok(())
}

/// Whether hardly any two of the numbers seem to be equal, by some of them from all over the column.
fn is_varied(column: &Column) -> bool {
    let Values::Numbers(values) = column.values() else {
        return false;
    };
    let step = values.len().div_ceil(SAMPLE).max(1);
    let sample = values.iter().step_by(step).flatten().collect();
    let sample = sort_numbers(sample);
    let equal = sample.windows(2).filter(|pair| pair[0] == pair[1]).count();
    2 * sample.len() > SAMPLE && 10 * equal < sample.len()
}

/// Writes a table part by part; holds one group of rows, packed.
pub struct ParquetWriter<W: Write + Send> {
    arrow: Arc<ArrowSchema>,
    writer: ArrowWriter<W>,
}

impl<W: Write + Send> std::fmt::Debug for ParquetWriter<W> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ParquetWriter")
    }
}

impl<W: Write + Send> ParquetWriter<W> {
    /// Begins a file of these columns.
    ///
    /// # Errors
    /// [`TableError::Unreadable`] when writing fails.
    pub fn new(schema: &Schema, output: W) -> Result<Self, TableError> {
        Self::of(schema, &[], output)
    }

    /// The same, without dictionaries of columns in which hardly anything repeats: to collect them and to throw them away
    /// takes longer than all else.
    fn of(schema: &Schema, varied: &[&str], output: W) -> Result<Self, TableError> {
        let text = serde_json::to_string(schema)
            .map_err(|error| TableError::unreadable(error.to_string()))?;
        let fields = schema.fields.iter().map(|field| {
            let stored = match field.kind.is_numeric() {
                true => DataType::Float64,
                false => DataType::Utf8,
            };
            ArrowField::new(&field.name, stored, true)
        });
        let arrow = Arc::new(ArrowSchema::new(fields.collect::<Vec<_>>()));
        let mut properties = WriterProperties::builder();
        for name in varied {
            let path = ColumnPath::new(vec![(*name).to_owned()]);
            properties = properties.set_column_dictionary_enabled(path, false);
        }
        let properties = properties
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_dictionary_enabled(schema.fields.len() <= MOST_DICTIONARIES)
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_created_by("trainyard".to_owned())
            .set_key_value_metadata(Some(vec![KeyValue::new(SCHEMA_KEY.to_owned(), text)]))
            .build();
        let writer = ArrowWriter::try_new(output, Arc::clone(&arrow), Some(properties));
        Ok(Self {
            arrow,
            writer: writer.map_err(unwritten)?,
        })
    }

    /// Writes rows of the same columns.
    ///
    /// # Errors
    /// [`TableError::Unreadable`] when writing fails.
    pub fn write(&mut self, part: &Table) -> Result<(), TableError> {
        let arrays = part.columns().iter().map(stored);
        let batch = RecordBatch::try_new(Arc::clone(&self.arrow), arrays.collect())
            .map_err(|error| TableError::unreadable(error.to_string()))?;
        self.writer.write(&batch).map_err(unwritten)
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// [`TableError::Unreadable`] when writing fails.
    pub fn finish(self) -> Result<(), TableError> {
        self.writer.close().map_err(unwritten)?;
        Ok(())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "errors are handed over")]
fn unwritten(error: parquet::errors::ParquetError) -> TableError {
    TableError::unreadable(format!("the table could not be written: {error}"))
}

fn stored(column: &Column) -> ArrayRef {
    match column.values() {
        Values::Numbers(values) => Arc::new(values.clone()),
        Values::Strings(_) => {
            let texts: StringArray = (0..column.len()).map(|row| column.text(row)).collect();
            Arc::new(texts)
        }
    }
}
