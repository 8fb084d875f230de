//! The first rows of a file and how it would be read, before anything is stored.

use crate::{Decimal, Delimiter, Encoding, Format, Kind, Note, ReadOptions, TableError};
use serde::{Deserialize, Serialize};

/// Rows shown.
pub const PREVIEW_ROWS: usize = 100;

/// How the beginning of a file would be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// The format.
    pub format: Format,
    /// What separates cells (CSV and TSV).
    pub delimiter: Option<Delimiter>,
    /// How characters are written (text formats).
    pub encoding: Option<Encoding>,
    /// What stands before the fraction of a number (CSV and TSV).
    pub decimal: Option<Decimal>,
    /// Whether the first line names the columns.
    pub header: bool,
    /// The columns, with the kinds that the shown part suggests.
    pub columns: Vec<PreviewColumn>,
    /// Up to [`PREVIEW_ROWS`] rows, cells as they stand in the file; `None` is missing.
    pub rows: Vec<Vec<Option<String>>>,
    /// What was found and decided.
    pub notes: Vec<Note>,
}

/// One column of a preview.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PreviewColumn {
    /// Its name.
    pub name: String,
    /// What the shown part suggests.
    pub kind: Kind,
    /// What a person should know about it.
    pub notes: Vec<String>,
}

/// Reads the beginning of a file; a last line that is cut off is left out.
///
/// # Errors
/// [`TableError`], as reading the whole file would give.
pub fn preview(
    bytes: &[u8],
    file_name: &str,
    options: &ReadOptions,
) -> Result<Preview, TableError> {
    let _ = (bytes, file_name, options);
    Err(TableError::Empty)
}
