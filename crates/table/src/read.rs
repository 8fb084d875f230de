//! A file becomes a table: the format is recognised by content, then by name, and its reader does the rest.

use crate::{Format, ReadOptions, Table, TableError};
use serde::{Deserialize, Serialize};
use std::io::{Read, Seek};

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

/// A file that was read.
#[derive(Clone, Debug)]
pub struct ReadResult {
    /// Its columns.
    pub table: Table,
    /// The format it was in.
    pub format: Format,
    /// What was found and decided while reading.
    pub notes: Vec<Note>,
}

/// Reads a whole file. `file_name` only helps to recognise the format.
///
/// # Errors
/// [`TableError`], naming line and column and saying what to do.
pub fn read<R: Read + Seek>(
    source: R,
    file_name: &str,
    options: &ReadOptions,
) -> Result<ReadResult, TableError> {
    let _ = (source, file_name, options);
    Err(TableError::Empty)
}
