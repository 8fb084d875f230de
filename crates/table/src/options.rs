//! How a file is written, as told by the person who brings it or as found by looking at it.

use crate::{Kind, Schema};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Delimiter-separated values.
    Csv,
    /// Tab-separated values.
    Tsv,
    /// Apache Parquet.
    Parquet,
    /// One JSON object a line, or one array of objects.
    JsonLines,
    /// A spreadsheet in Office Open XML.
    Xlsx,
}

/// What separates cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Delimiter {
    /// `,`
    #[serde(rename = ",")]
    Comma,
    /// `;`
    #[serde(rename = ";")]
    Semicolon,
    /// A tab character.
    #[serde(rename = "\t", alias = "tab")]
    Tab,
    /// `|`
    #[serde(rename = "|")]
    Pipe,
}

/// How characters are written as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-16, low byte first.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16, high byte first.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// Windows-1252, a superset of Latin-1.
    #[serde(rename = "windows-1252", alias = "latin-1", alias = "iso-8859-1")]
    Windows1252,
}

/// What stands before the fraction of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Decimal {
    /// `3.14`
    #[serde(rename = ".")]
    Point,
    /// `3,14`
    #[serde(rename = ",")]
    Comma,
}

impl Delimiter {
    /// All of them, most usual first.
    pub const ALL: [Self; 4] = [Self::Comma, Self::Semicolon, Self::Tab, Self::Pipe];

    /// The byte in the file.
    pub fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }
}

/// How to read a file. What is `None` is found by looking at the file; limits protect against hostile ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReadOptions {
    /// The format.
    pub format: Option<Format>,
    /// What separates cells (CSV).
    pub delimiter: Option<Delimiter>,
    /// The encoding (CSV and JSON).
    pub encoding: Option<Encoding>,
    /// What stands before the fraction of a number (CSV).
    pub decimal: Option<Decimal>,
    /// Whether the first line names the columns (CSV and XLSX).
    pub header: Option<bool>,
    /// The sheet (XLSX); the first with data unless said.
    pub sheet: Option<String>,
    /// Kinds that are set by name rather than inferred. Cells that do not fit become missing, with a note.
    pub kinds: BTreeMap<String, Kind>,
    /// Further spellings of a missing cell, in any column.
    pub missing: Vec<String>,
    /// Largest file read, in bytes (default 4 GiB).
    pub max_bytes: u64,
    /// Longest row, in bytes of UTF-8 (default 16 MiB).
    pub max_line_bytes: usize,
    /// Most columns (default 10,000).
    pub max_columns: usize,
    /// Most rows (default 100 million).
    pub max_rows: usize,
    /// Most cells, rows times columns (default 2 thousand million).
    pub max_cells: usize,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            format: None,
            delimiter: None,
            encoding: None,
            decimal: None,
            header: None,
            sheet: None,
            kinds: BTreeMap::new(),
            missing: Vec::new(),
            max_bytes: 4 << 30,
            max_line_bytes: 16 << 20,
            max_columns: 10_000,
            max_rows: 100_000_000,
            max_cells: 2_000_000_000,
        }
    }
}

impl ReadOptions {
    /// Reads columns of these names as these kinds, whatever their cells look like; other columns are inferred.
    pub fn for_schema(schema: &Schema) -> Self {
        let kinds = schema
            .fields
            .iter()
            .map(|field| (field.name.clone(), field.kind));
        Self {
            kinds: kinds.collect(),
            ..Self::default()
        }
    }
}
