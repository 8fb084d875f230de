//! Columns of equal length, and what they are called.

use crate::{Column, Kind, TableError};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// A table in memory: named columns with the same number of rows.
#[derive(Clone, Debug, Default)]
pub struct Table {
    schema: Schema,
    columns: Vec<Column>,
    rows: usize,
}

/// One column's name and kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The name, unique in its table.
    pub name: String,
    /// What the values mean.
    pub kind: Kind,
    /// The two spellings of a boolean, false first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<[String; 2]>,
}

/// The columns of a table, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// One field a column.
    pub fields: Vec<Field>,
}

impl Schema {
    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Table {
    /// Ties columns together.
    ///
    /// # Errors
    /// [`TableError::Unreadable`] when lengths differ or a name stands twice.
    pub fn new(columns: Vec<Column>) -> Result<Self, TableError> {
        let rows = columns.first().map_or(0, Column::len);
        let mut names = HashSet::with_capacity(columns.len());
        for column in &columns {
            if column.len() != rows {
                return Err(TableError::Unreadable {
                    detail: format!(
                        "column '{}' has {} rows where the first has {rows}",
                        column.name(),
                        column.len()
                    ),
                });
            }
            if !names.insert(column.name()) {
                return Err(TableError::Unreadable {
                    detail: format!("column '{}' stands twice", column.name()),
                });
            }
        }
        let fields = columns.iter().map(|column| Field {
            name: column.name().to_owned(),
            kind: column.kind(),
            labels: column.labels().cloned(),
        });
        Ok(Self {
            schema: Schema {
                fields: fields.collect(),
            },
            columns,
            rows,
        })
    }

    /// The columns in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name() == name)
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Names and kinds.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Only these columns, in this order; names that do not exist are left out.
    #[must_use]
    pub fn select(&self, names: &[&str]) -> Self {
        Self::with_rows(
            names
                .iter()
                .filter_map(|name| self.column(name))
                .cloned()
                .collect(),
            self.rows,
        )
    }

    /// Only these rows, in this order (indices below [`rows`](Self::rows)).
    #[must_use]
    pub fn take(&self, rows: &[usize]) -> Self {
        Self::with_rows(
            self.columns
                .iter()
                .map(|column| column.take(rows))
                .collect(),
            rows.len(),
        )
    }

    /// The same rows with some cells missing: rows by the place of their column.
    #[must_use]
    pub fn without_cells(mut self, cells: &[(usize, Vec<usize>)]) -> Self {
        for (place, rows) in cells.iter().filter(|(_, rows)| !rows.is_empty()) {
            if let Some(column) = self.columns.get_mut(*place) {
                *column = column.without_cells(rows);
            }
        }
        self
    }

    /// `length` rows from `offset`, without copying; cut short at the end of the table.
    #[must_use]
    pub fn slice(&self, offset: usize, length: usize) -> Self {
        let offset = offset.min(self.rows);
        let length = length.min(self.rows - offset);
        Self::with_rows(
            self.columns
                .iter()
                .map(|column| column.slice(offset, length))
                .collect(),
            length,
        )
    }

    /// Columns that are known to have this many rows and names of their own.
    pub(crate) fn with_rows(columns: Vec<Column>, rows: usize) -> Self {
        let fields = columns.iter().map(|column| Field {
            name: column.name().to_owned(),
            kind: column.kind(),
            labels: column.labels().cloned(),
        });
        Self {
            schema: Schema {
                fields: fields.collect(),
            },
            columns,
            rows,
        }
    }
}
