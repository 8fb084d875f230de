//! What can be wrong with a table, by meaning. Texts are for the person who brought the file: what happened, where, and
//! what to do. Rows are lines of the file as an editor counts them, the header being line 1.

/// Why a file is not a table, or a table not as expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// No content at all.
    #[error("the file is empty; choose a file with a header line and at least one row")]
    Empty,
    /// A header and nothing below it.
    #[error("the file has a header line but no rows below it; add at least one row")]
    HeaderOnly,
    /// Not text, and no format that is read.
    #[error(
        "this is {what}, not a table; save the data as XLSX, CSV (in a spreadsheet: Save as, CSV UTF-8) or Parquet and choose that file"
    )]
    Binary {
        /// What it looks like ("a zip archive").
        what: String,
    },
    /// A row with more or fewer cells than the header.
    #[error(
        "line {row} has {found} cells where the header has {expected}; mend that line, or put cells that hold the separator in double quotes"
    )]
    Ragged {
        /// Line of the file.
        row: usize,
        /// Cells in the header.
        expected: usize,
        /// Cells in this row.
        found: usize,
    },
    /// A row longer than allowed.
    #[error(
        "line {row} is longer than {limit} bytes; is a line break or a closing double quote missing there?"
    )]
    LineTooLong {
        /// Line of the file where the row begins.
        row: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// A quoted cell that never ends.
    #[error(
        "the double quote opened in line {row} is never closed; close it, or write a literal quote at the start of a cell as \"\"\"\""
    )]
    OpenQuote {
        /// Line of the file where the quote stands.
        row: usize,
    },
    /// Bytes that do not fit the encoding the rest of the file is in.
    #[error(
        "line {row} has characters that are not valid UTF-8 while earlier lines have; save the file as UTF-8, or choose the encoding windows-1252"
    )]
    Encoding {
        /// Line of the file.
        row: usize,
    },
    /// More columns than allowed.
    #[error(
        "the file has {found} columns and at most {limit} are read; is the separator right, or can columns be left out?"
    )]
    TooManyColumns {
        /// Columns in the header.
        found: usize,
        /// Columns allowed.
        limit: usize,
    },
    /// More rows than allowed.
    #[error("the file has more than {limit} rows; bring fewer, for instance a random sample")]
    TooManyRows {
        /// Rows allowed.
        limit: usize,
    },
    /// More bytes than allowed.
    #[error("the file is larger than {limit} bytes; bring fewer rows or columns")]
    TooLarge {
        /// Bytes allowed.
        limit: u64,
    },
    /// A cell or column that holds lists or objects.
    #[error(
        "column '{column}' holds nested values (lists, objects or raw bytes), which a table cannot; flatten it into plain columns or leave it out"
    )]
    Nested {
        /// Name of the column.
        column: String,
    },
    /// A line that is not a JSON object.
    #[error(
        "line {row} is not a JSON object: {detail}; write one object a line, or one array of objects"
    )]
    Json {
        /// Line of the file.
        row: usize,
        /// What the parser says.
        detail: String,
    },
    /// It cannot be read; the text says why and what to do.
    #[error("{detail}")]
    Unreadable {
        /// What is wrong and what to do.
        detail: String,
    },
}

impl TableError {
    /// A stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::HeaderOnly => "header_only",
            Self::Binary { .. } => "binary",
            Self::Ragged { .. } => "ragged",
            Self::LineTooLong { .. } => "line_too_long",
            Self::OpenQuote { .. } => "open_quote",
            Self::Encoding { .. } => "encoding",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::TooLarge { .. } => "too_large",
            Self::Nested { .. } => "nested",
            Self::Json { .. } => "json",
            Self::Unreadable { .. } => "unreadable",
        }
    }

    pub(crate) fn unreadable(detail: impl Into<String>) -> Self {
        Self::Unreadable {
            detail: detail.into(),
        }
    }
}

impl From<std::io::Error> for TableError {
    fn from(error: std::io::Error) -> Self {
        Self::unreadable(format!(
            "the file could not be read to its end ({}); try again",
            error.kind()
        ))
    }
}
