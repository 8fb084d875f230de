//! Little tables for the other tests.
#![expect(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "shared by tests, which may stop at the first surprise"
)]

use trainyard_table::{Column, Kind, Table};

/// A table of columns of equal length.
pub fn table(columns: Vec<Column>) -> Table {
    Table::new(columns).unwrap()
}

/// A column of numbers, dates included.
pub fn numbers(name: &str, kind: Kind, cells: &[Option<f64>]) -> Column {
    Column::numbers(name, kind, cells.iter().copied(), None)
}

/// A column of two spellings, `false` first.
pub fn booleans(name: &str, labels: [&str; 2], cells: &[Option<bool>]) -> Column {
    let numbers = cells
        .iter()
        .map(|cell| cell.map(|yes| if yes { 1.0 } else { 0.0 }));
    Column::numbers(
        name,
        Kind::Boolean,
        numbers,
        Some(labels.map(str::to_owned)),
    )
}

/// A column of text.
pub fn strings(name: &str, kind: Kind, cells: &[Option<&str>]) -> Column {
    Column::strings(name, kind, cells.iter().copied())
}
