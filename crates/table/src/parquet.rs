//! Parquet in and out. What we write carries kinds and labels; what others wrote is treated as hostile.
//!
//! A crafted file can make the format's reader panic or ask for absurd amounts of memory. So its own statements (rows,
//! columns, sizes, offsets) are checked against the file's size before any page is read, and panics become errors.

mod directory;
mod foreign;
mod rows;
mod swelling;
mod texts;
mod writer;

use crate::infer;
use crate::read::Note;
use crate::read::builders::Coded;
use crate::{Column, Field, Kind, ReadOptions, Schema, Table, TableError, TableSource};
use arrow_array::{Array, ArrayRef, Float64Array, StringViewArray};
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::ChunkReader;
use rayon::prelude::*;
use std::io::{Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};

pub(crate) use directory::{Directory, directory};
pub(crate) use rows::{Batch, BatchDecoder, batches, next as next_batch};
pub use writer::{ParquetWriter, write_parquet};

/// Where our files keep names, kinds and labels.
const SCHEMA_KEY: &str = "trainyard.schema";

/// Reads what [`write_parquet`] wrote.
///
/// # Errors
/// [`TableError`] when it is damaged.
pub fn read_parquet(bytes: Bytes) -> Result<Table, TableError> {
    ParquetSource::open(bytes)?.whole()
}

/// A Parquet file of ours, read one row group at a time.
#[derive(Clone, Debug)]
pub struct ParquetSource {
    schema: Schema,
    rows: usize,
    metadata: ArrowReaderMetadata,
    bytes: Bytes,
}

impl ParquetSource {
    /// Opens what [`write_parquet`] wrote.
    ///
    /// # Errors
    /// [`TableError`] when it is damaged or was not written by us.
    pub fn open(bytes: Bytes) -> Result<Self, TableError> {
        guarded(|| {
            let metadata = metadata(&bytes, &ReadOptions::default())?;
            let schema = own_schema(metadata.metadata()).ok_or_else(|| {
                TableError::unreadable(
                    "this Parquet file was not written here; upload it as a dataset first",
                )
            })?;
            let rows = usize::try_from(metadata.metadata().file_metadata().num_rows()).unwrap_or(0);
            Ok(Self {
                schema,
                rows,
                metadata,
                bytes,
            })
        })
    }

    /// Reads groups of rows, some neighbouring columns to each thread.
    fn read(&self, groups: &[usize]) -> Result<Table, TableError> {
        guarded(|| {
            let all: Vec<usize> = (0..self.schema.fields.len()).collect();
            let share = all.len().div_ceil(rayon::current_num_threads()).max(1);
            let parts = all.par_chunks(share).map(|own| self.columns(groups, own));
            let parts: Vec<(Vec<Column>, usize)> = parts.collect::<Result<_, _>>()?;
            let rows = parts.first().map_or(0, |(_, rows)| *rows);
            let columns = parts.into_iter().flat_map(|(columns, _)| columns);
            Ok(Table::with_rows(columns.collect(), rows))
        })
    }

    /// Some columns of groups of rows, and how many rows these are.
    fn columns(&self, groups: &[usize], own: &[usize]) -> Result<(Vec<Column>, usize), TableError> {
        let leaves = self.metadata.metadata().file_metadata().schema_descr();
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(
            self.bytes.clone(),
            self.metadata.clone(),
        );
        let reader = builder
            .with_row_groups(groups.to_vec())
            .with_projection(ProjectionMask::leaves(leaves, own.iter().copied()))
            .with_batch_size(BATCH_ROWS)
            .build()
            .map_err(damaged)?;
        let fields = own
            .iter()
            .filter_map(|&index| self.schema.fields.get(index));
        let stored = fields.clone().map(|field| Stored::new(field.kind));
        let mut columns: Vec<Stored> = stored.collect();
        let mut rows = 0;
        for batch in reader {
            let batch = batch.map_err(damaged)?;
            rows += batch.num_rows();
            for (column, array) in columns.iter_mut().zip(batch.columns()) {
                column.append(array)?;
            }
        }
        let finish = |(column, field): (Stored, &Field)| {
            column.finish(&field.name, field.kind, field.labels.clone())
        };
        let columns = columns.into_iter().zip(fields).map(finish);
        Ok((columns.collect::<Result<_, _>>()?, rows))
    }
}

impl TableSource for ParquetSource {
    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn rows(&self) -> usize {
        self.rows
    }

    fn groups(&self) -> usize {
        self.metadata.metadata().num_row_groups()
    }

    fn group(&self, index: usize) -> Result<Table, TableError> {
        if index >= self.groups() {
            return Err(TableError::unreadable(format!(
                "there is no row group {index}; the file has {}",
                self.groups()
            )));
        }
        self.read(&[index])
    }

    fn whole(&self) -> Result<Table, TableError> {
        self.read(&(0..self.groups()).collect::<Vec<_>>())
    }
}

/// Rows decoded at a time.
const BATCH_ROWS: usize = 16 << 10;

/// A column of our own file on its way.
enum Stored {
    Numbers(Vec<f64>),
    Texts(Coded),
}

impl Stored {
    fn new(kind: Kind) -> Self {
        if kind.is_numeric() {
            Self::Numbers(Vec::new())
        } else {
            Self::Texts(Coded::default())
        }
    }

    fn append(&mut self, array: &ArrayRef) -> Result<(), TableError> {
        let changed = || {
            TableError::unreadable(
                "the stored table is damaged: a column is not of the form its kind needs; upload the data again",
            )
        };
        match self {
            Self::Numbers(values) => {
                let array = array
                    .as_any()
                    .downcast_ref::<Float64Array>()
                    .ok_or_else(changed)?;
                values.extend(array.iter().map(|value| value.unwrap_or(f64::NAN)));
            }
            Self::Texts(coded) => {
                let views = array.as_any().downcast_ref::<StringViewArray>();
                texts::append(coded, views.ok_or_else(changed)?, |text| Some(text))?;
            }
        }
        Ok(())
    }

    fn finish(
        self,
        name: &str,
        kind: Kind,
        labels: Option<[String; 2]>,
    ) -> Result<Column, TableError> {
        match self {
            Self::Numbers(values) => Ok(infer::numeric(name, kind, values, labels)),
            Self::Texts(coded) => infer::coded(name, kind, coded),
        }
    }
}

/// Reads an uploaded file: ours with its kinds, others with kinds inferred from types and values.
pub(crate) fn read_source<R: Read + Seek>(
    mut source: R,
    options: &ReadOptions,
) -> Result<(Table, Vec<Note>), TableError> {
    source.seek(SeekFrom::Start(0))?;
    let mut bytes = Vec::new();
    source
        .take(options.max_bytes.saturating_add(1))
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > options.max_bytes {
        return Err(TableError::TooLarge {
            limit: options.max_bytes,
        });
    }
    guarded(|| foreign::read(Bytes::from(bytes), options))
}

/// The file's own statements, checked against its size.
fn metadata<F: ChunkReader>(
    bytes: &F,
    options: &ReadOptions,
) -> Result<ArrowReaderMetadata, TableError> {
    check_footer(bytes)?;
    let metadata = ArrowReaderMetadata::load(
        bytes,
        ArrowReaderOptions::new().with_skip_arrow_metadata(false),
    )
    .map_err(damaged)?;
    let file = metadata.metadata();
    let rows = usize::try_from(file.file_metadata().num_rows()).map_err(|_| lying())?;
    let columns = file.file_metadata().schema_descr().num_columns();
    if columns > options.max_columns {
        return Err(TableError::TooManyColumns {
            found: columns,
            limit: options.max_columns,
        });
    }
    let limit = options.max_rows.min(options.max_cells / columns.max(1));
    if rows > limit {
        return Err(TableError::TooManyRows { limit });
    }
    let mut counted = 0_i64;
    for group in file.row_groups() {
        counted = counted
            .checked_add(group.num_rows())
            .filter(|_| group.num_rows() >= 0)
            .ok_or_else(lying)?;
        for column in group.columns() {
            let start = column
                .dictionary_page_offset()
                .unwrap_or(column.data_page_offset())
                .min(column.data_page_offset());
            let end = start
                .checked_add(column.compressed_size())
                .ok_or_else(lying)?;
            let within = start >= 4
                && column.compressed_size() >= 0
                && end <= i64::try_from(bytes.len()).unwrap_or(i64::MAX);
            // Values can be packed densely, but not more than this: an hour of zeros is still some bytes.
            let plausible = (0..=MOST_UNPACKED).contains(&column.uncompressed_size())
                && (0..=limit as i64).contains(&column.num_values());
            if !within || !plausible {
                return Err(lying());
            }
        }
    }
    if counted != rows as i64 {
        return Err(lying());
    }
    texts::as_views(metadata)
}

/// Largest unpacked column chunk.
const MOST_UNPACKED: i64 = 8 << 30;

/// `PAR1` at both ends and a footer that fits between.
fn check_footer<F: ChunkReader>(bytes: &F) -> Result<(), TableError> {
    let end = bytes.len().checked_sub(8).ok_or_else(truncated)?;
    let begin = bytes.get_bytes(0, 4).map_err(damaged)?;
    let end = bytes.get_bytes(end, 8).map_err(damaged)?;
    let length = end
        .first_chunk()
        .map_or(u32::MAX, |length| u32::from_le_bytes(*length));
    let fits = u64::from(length).saturating_add(12) <= bytes.len();
    if !end.ends_with(b"PAR1") || *begin != *b"PAR1" || !fits {
        return Err(truncated());
    }
    Ok(())
}

fn own_schema(metadata: &ParquetMetaData) -> Option<Schema> {
    let pairs = metadata.file_metadata().key_value_metadata()?;
    let text = pairs
        .iter()
        .find(|pair| pair.key == SCHEMA_KEY)?
        .value
        .as_deref()?;
    let schema: Schema = serde_json::from_str(text).ok()?;
    let columns = metadata.file_metadata().schema_descr();
    let same = schema.fields.len() == columns.num_columns()
        && schema
            .fields
            .iter()
            .zip(columns.columns())
            .all(|(field, column)| field.name == column.name());
    same.then_some(schema)
}

pub(crate) fn truncated() -> TableError {
    TableError::unreadable(
        "the Parquet file is cut off or damaged; write it again and upload the whole file",
    )
}

fn lying() -> TableError {
    TableError::unreadable(
        "the Parquet file contradicts itself about rows or sizes; write it again with a current program",
    )
}

fn damaged<E: std::fmt::Display>(error: E) -> TableError {
    let reason: String = error.to_string().chars().take(200).collect();
    TableError::unreadable(format!(
        "the Parquet file cannot be read ({reason}); write it again with a current program"
    ))
}

/// Panics of the format's reader on crafted files are errors of the file.
fn guarded<T>(work: impl FnOnce() -> Result<T, TableError>) -> Result<T, TableError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(damaged("its structure is broken")))
}
