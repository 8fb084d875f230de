//! A file becomes a table: the format is recognised by content, then by name, and its reader does the rest.
//!
//! [`layout`] looks at the first part, [`workbook`] makes text of a spreadsheet's sheet, [`stream`] and [`tokens`] cut
//! text into cells, [`separated`] and [`json`] make columns of them; [`infer`](crate::infer) says what the columns mean.

pub(crate) mod builders;
pub(crate) mod decoder;
mod header;
pub(crate) use header::unique_names;
pub(crate) mod json;
pub(crate) mod layout;
pub(crate) mod separated;
pub(crate) mod stream;
pub(crate) mod tokens;
pub(crate) mod workbook;
pub use workbook::Sheets;

use crate::{Delimiter, Format, ReadOptions, Table, TableError};
use layout::{LOOK_BYTES, Look, look};
use serde::{Deserialize, Serialize};
use std::io::{Read, Seek, SeekFrom};

/// Something a person should know about how a file was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Stable name for programs, such as `header_renamed`.
    pub code: String,
    /// The column it is about, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// A plain sentence.
    pub detail: String,
}

impl Note {
    pub(crate) fn new(code: &str, column: Option<&str>, detail: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            column: column.map(str::to_owned),
            detail: detail.into(),
        }
    }
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct ReadResult {
    /// Its columns.
    pub table: Table,
    /// The format it was in.
    pub format: Format,
    /// What was found and decided while reading.
    pub notes: Vec<Note>,
    /// Of a workbook, its sheets.
    pub sheets: Option<Sheets>,
}

/// Reads a whole file. `file_name` only helps to recognise the format. Runs on the current rayon pool; the result does
/// not depend on its size.
///
/// # Errors
/// [`TableError`], naming line and column and saying what to do.
pub fn read<R: Read + Seek + Send>(
    mut source: R,
    file_name: &str,
    options: &ReadOptions,
) -> Result<ReadResult, TableError> {
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
            Look::Parquet => {
                let table = crate::parquet::read_source(source, options)?;
                return Ok(ReadResult {
                    table: table.0,
                    format: Format::Parquet,
                    notes: table.1,
                    sheets: None,
                });
            }
            Look::Workbook => {
                let (text, mut notes, sheets) = workbook::text(source, options, usize::MAX)?;
                let options = workbook::options_for_text(options);
                let text = std::io::Cursor::new(text);
                let mut result = read(text, "", &options)?;
                result.format = Format::Xlsx;
                notes.append(&mut result.notes);
                return Ok(ReadResult {
                    notes,
                    sheets: Some(sheets),
                    ..result
                });
            }
            Look::Json(text) => {
                let (columns, notes) = json::read(&mut source, &text, options)?;
                return Ok(ReadResult {
                    table: Table::new(columns)?,
                    format: Format::JsonLines,
                    notes,
                    sheets: None,
                });
            }
            Look::Separated(text, separated) => {
                let (columns, notes) = separated::read(&mut source, &text, &separated, options)?;
                return Ok(ReadResult {
                    table: Table::new(columns)?,
                    format: format_of(separated.delimiter),
                    notes,
                    sheets: None,
                });
            }
        }
    }
}

pub(crate) fn format_of(delimiter: Delimiter) -> Format {
    if delimiter == Delimiter::Tab {
        Format::Tsv
    } else {
        Format::Csv
    }
}

/// The first error in order, whichever thread met one first.
pub(crate) fn first_error(results: Vec<Result<(), TableError>>) -> Result<(), TableError> {
    results.into_iter().collect()
}
