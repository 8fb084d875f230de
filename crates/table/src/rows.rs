//! A file read part by part in a schema that exists already: what a model is asked with. Memory holds one part at a time,
//! however large the file. Each cell is read for itself, as the same text would be in a request, with two things taken
//! from the file: how it writes numbers, and whether its dates begin with the day.
//!
//! [`RowReader`] cuts the file into [`RawRows`] in order; a [`RowDecoder`], which threads may share, makes [`RowPart`]s of
//! them. Where to go next: `text` cuts and counts, `cells` reads columns; Parquet is in [`parquet`](crate::parquet).

mod cells;
mod text;

use crate::decode::{Decoded, WrongCell, table_from_json};
use crate::parquet::{Batch, BatchDecoder, batches, next_batch};
use crate::read::Note;
use crate::read::layout::{LOOK_BYTES, Look, Separated, look};
use crate::read::workbook;
use crate::{Format, ReadOptions, Schema, Table, TableError};
use bytes::Bytes;
use cells::Cutter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;
use serde_json::Value;
use std::collections::HashSet;
use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::sync::Arc;
use text::{TextFeed, TextRows};

/// Where the bytes of a file are.
#[derive(Debug)]
pub enum RowSource {
    /// On disk.
    File(File),
    /// In memory.
    Memory(Cursor<Bytes>),
}

impl RowSource {
    /// Bytes in memory.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self::Memory(Cursor::new(bytes.into()))
    }
}

impl Read for RowSource {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Memory(bytes) => bytes.read(buffer),
        }
    }
}

impl Seek for RowSource {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        match self {
            Self::File(file) => file.seek(to),
            Self::Memory(bytes) => bytes.seek(to),
        }
    }
}

/// Some rows of a file, not looked at yet.
pub struct RawRows(Raw);

enum Raw {
    Text(TextRows),
    Batch(Batch),
}

impl std::fmt::Debug for RawRows {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self.0 {
            Raw::Text(_) => "RawRows(text)",
            Raw::Batch(_) => "RawRows(batch)",
        })
    }
}

/// Rows in the schema.
#[derive(Clone, Debug)]
pub struct RowPart {
    /// Exactly the columns of the schema.
    pub table: Table,
    /// Cells that could not be read; they are missing in the table.
    pub wrong: Vec<WrongCell>,
}

/// Cuts a file into parts, in order.
pub struct RowReader {
    format: Format,
    absent: Vec<String>,
    unknown: Vec<String>,
    notes: Vec<Note>,
    /// Rows, where the file says how many.
    rows: Option<usize>,
    decoder: Arc<RowDecoder>,
    first: Option<RawRows>,
    feed: Feed,
    limit: usize,
}

enum Feed {
    Text(Box<TextFeed>),
    Parquet(Box<ParquetRecordBatchReader>),
}

/// Makes rows of a schema of what a [`RowReader`] cut off.
pub struct RowDecoder {
    schema: Schema,
    form: DecoderForm,
}

enum DecoderForm {
    Separated(Cutter),
    Json,
    Parquet(BatchDecoder),
}

impl std::fmt::Debug for RowReader {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("RowReader")
            .field("format", &self.format)
            .field("absent", &self.absent)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for RowDecoder {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("RowDecoder")
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}

impl RowReader {
    /// Looks at the beginning of a file. Columns are found by name; a file without a header that has exactly as many
    /// columns as the schema is taken by position. An XLSX sheet is made text in memory; other formats stay on disk.
    ///
    /// # Errors
    /// [`TableError`] for what is no table, or one without rows.
    pub fn open(
        mut source: RowSource,
        file_name: &str,
        schema: &Schema,
        options: &ReadOptions,
    ) -> Result<Self, TableError> {
        let length = source.seek(SeekFrom::End(0))?;
        if length > options.max_bytes {
            return Err(TableError::TooLarge {
                limit: options.max_bytes,
            });
        }
        source.seek(SeekFrom::Start(0))?;
        let mut raw = Vec::new();
        let mut wanted = LOOK_BYTES;
        loop {
            (&mut source)
                .take((wanted - raw.len()) as u64)
                .read_to_end(&mut raw)?;
            let complete = raw.len() < wanted;
            match look(&raw, complete, file_name, options)? {
                Look::More => wanted *= 4,
                Look::Parquet => return Self::parquet(source, schema, options),
                Look::Workbook => {
                    let (text, notes, _) = workbook::text(source, options, usize::MAX)?;
                    let options = workbook::options_for_text(options);
                    let mut reader = Self::open(RowSource::bytes(text), "", schema, &options)?;
                    reader.format = Format::Xlsx;
                    reader.notes.splice(0..0, notes);
                    return Ok(reader);
                }
                Look::Json(layout) => {
                    let feed = TextFeed::json(source, &layout, &raw, options)?;
                    return Self::json(feed, schema, options);
                }
                Look::Separated(text, layout) => {
                    let layout = header_by_schema(layout, schema, || {
                        let mut named = options.clone();
                        named.header = Some(true);
                        look(&raw, complete, file_name, &named)
                    });
                    let feed = TextFeed::separated(source, &text, &layout, options)?;
                    return Self::separated(feed, layout, schema, options);
                }
            }
        }
    }

    fn separated(
        mut feed: TextFeed,
        layout: Separated,
        schema: &Schema,
        options: &ReadOptions,
    ) -> Result<Self, TableError> {
        let first = feed.next()?.ok_or(if layout.header {
            TableError::HeaderOnly
        } else {
            TableError::Empty
        })?;
        let by_position = !layout.header && layout.names.len() == schema.fields.len();
        let names: Vec<String> = if by_position {
            let fields = schema.fields.iter();
            fields.map(|field| field.name.clone()).collect()
        } else {
            layout.names.clone()
        };
        let format = crate::read::format_of(layout.delimiter);
        let cutter = Cutter::new(&layout, &names, schema, &first, options)?;
        Ok(Self::of(
            format,
            &names,
            schema,
            DecoderForm::Separated(cutter),
            Some(RawRows(Raw::Text(first))),
            Feed::Text(Box::new(feed)),
            options,
        ))
    }

    fn json(
        mut feed: TextFeed,
        schema: &Schema,
        options: &ReadOptions,
    ) -> Result<Self, TableError> {
        let first = feed.next()?.ok_or(TableError::Empty)?;
        let rows = first.objects(options.max_rows)?;
        if rows.is_empty() {
            return Err(TableError::Empty);
        }
        let own = || schema.fields.iter().map(|field| &field.name);
        let mut names: Vec<String> = Vec::new();
        let mut known = HashSet::new();
        for row in &rows {
            // Rows by position have every column.
            let of_row: Vec<&String> = match row {
                Value::Object(cells) => cells.keys().collect(),
                _ => own().collect(),
            };
            for name in of_row {
                if known.insert(name.clone()) {
                    names.push(name.clone());
                }
            }
            if names.len() > options.max_columns {
                return Err(TableError::TooManyColumns {
                    found: names.len(),
                    limit: options.max_columns,
                });
            }
        }
        Ok(Self::of(
            Format::JsonLines,
            &names,
            schema,
            DecoderForm::Json,
            Some(RawRows(Raw::Text(first))),
            Feed::Text(Box::new(feed)),
            options,
        ))
    }

    fn parquet(
        source: RowSource,
        schema: &Schema,
        options: &ReadOptions,
    ) -> Result<Self, TableError> {
        let opened = match source {
            RowSource::File(file) => batches(file, schema, options)?,
            RowSource::Memory(bytes) => batches(bytes.into_inner(), schema, options)?,
        };
        if opened.rows == 0 {
            return Err(TableError::HeaderOnly);
        }
        let mut reader = Self::of(
            Format::Parquet,
            &opened.names,
            schema,
            DecoderForm::Parquet(opened.decoder),
            None,
            Feed::Parquet(Box::new(opened.reader)),
            options,
        );
        reader.rows = Some(opened.rows);
        Ok(reader)
    }

    fn of(
        format: Format,
        names: &[String],
        schema: &Schema,
        form: DecoderForm,
        first: Option<RawRows>,
        feed: Feed,
        options: &ReadOptions,
    ) -> Self {
        let fields = schema.fields.iter();
        let absent = fields.filter(|field| !names.contains(&field.name));
        let unknown = names.iter().filter(|name| schema.field(name).is_none());
        Self {
            format,
            absent: absent.map(|field| field.name.clone()).collect(),
            unknown: unknown.cloned().collect(),
            notes: Vec::new(),
            rows: None,
            decoder: Arc::new(RowDecoder {
                schema: schema.clone(),
                form,
            }),
            first,
            feed,
            limit: options.max_rows,
        }
    }

    /// The format that was recognised.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Columns of the schema that the file does not have (for JSON: that none of its first rows has).
    pub fn absent(&self) -> &[String] {
        &self.absent
    }

    /// Columns of the file that the schema does not have; they are passed over.
    pub fn unknown(&self) -> &[String] {
        &self.unknown
    }

    /// What was found and decided while looking.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// What makes rows of the parts.
    pub fn decoder(&self) -> Arc<RowDecoder> {
        Arc::clone(&self.decoder)
    }

    /// The next part; nothing at the end.
    ///
    /// # Errors
    /// [`TableError`], naming the line.
    pub fn next_part(&mut self) -> Result<Option<RawRows>, TableError> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        match &mut self.feed {
            Feed::Text(feed) => Ok(feed.next()?.map(|rows| RawRows(Raw::Text(rows)))),
            Feed::Parquet(reader) => {
                Ok(next_batch(reader)?.map(|batch| RawRows(Raw::Batch(batch))))
            }
        }
    }

    /// Counts the rows, reading to the end where the file does not say how many there are.
    ///
    /// # Errors
    /// [`TableError`] for rows that cannot be taken apart, and when there are too many.
    pub fn count(mut self) -> Result<usize, TableError> {
        let limit = self.limit;
        let within = |rows: usize| match rows {
            0 => Err(TableError::Empty),
            rows if rows > limit => Err(TableError::TooManyRows { limit }),
            rows => Ok(rows),
        };
        if let Some(rows) = self.rows {
            return within(rows);
        }
        let mut rows = 0_usize;
        while let Some(part) = self.next_part()? {
            if let Raw::Text(text) = &part.0 {
                rows += match &self.decoder.form {
                    DecoderForm::Separated(cutter) => cutter.count(text)?,
                    _ => text.count_objects()?,
                };
            }
            if rows > limit {
                break;
            }
        }
        within(rows)
    }
}

impl RowDecoder {
    /// The rows of a part.
    ///
    /// # Errors
    /// [`TableError`] for rows that cannot be taken apart.
    pub fn decode(&self, rows: &RawRows) -> Result<RowPart, TableError> {
        let (table, wrong) = match (&rows.0, &self.form) {
            (Raw::Batch(batch), DecoderForm::Parquet(decoder)) => {
                decoder.decode(&self.schema, batch)?
            }
            (Raw::Text(text), DecoderForm::Separated(cutter)) => {
                cutter.decode(&self.schema, text)?
            }
            (Raw::Text(text), _) => self.decode_json(text)?,
            (Raw::Batch(_), _) => (Table::with_rows(Vec::new(), 0), Vec::new()),
        };
        Ok(RowPart { table, wrong })
    }

    fn decode_json(&self, text: &TextRows) -> Result<(Table, Vec<WrongCell>), TableError> {
        let rows = text.objects(usize::MAX)?;
        let part = rows_with_wrong(&self.schema, &rows).map_err(|error| match error {
            TableError::Json { row, detail } => TableError::Json {
                row: text.line + row - 1,
                detail,
            },
            other => other,
        })?;
        Ok((part.table, part.wrong))
    }
}

/// JSON rows in a schema, as [`rows_from_json`](crate::rows_from_json) reads them, with their wrong cells instead of sentences.
///
/// # Errors
/// [`TableError::Json`] when a row is neither an object nor an array as long as the schema; rows count from 1.
pub fn rows_with_wrong(schema: &Schema, rows: &[Value]) -> Result<RowPart, TableError> {
    let mut wrong = Vec::new();
    let table = table_from_json(schema, rows, |row, column, decoded| {
        if let Decoded::Wrong(text) = decoded {
            wrong.push(WrongCell::new(row, column, text));
        }
    })?;
    Ok(RowPart { table, wrong })
}

/// The layout, with a first line that names columns of the schema taken for the header that it is.
fn header_by_schema(
    layout: Separated,
    schema: &Schema,
    named: impl FnOnce() -> Result<Look, TableError>,
) -> Separated {
    if layout.header {
        return layout;
    }
    match named() {
        Ok(Look::Separated(_, named))
            if named.names.iter().any(|name| schema.field(name).is_some()) =>
        {
            named
        }
        _ => layout,
    }
}
