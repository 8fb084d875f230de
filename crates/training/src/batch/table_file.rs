//! Tables written part by part to one file: as CSV that no spreadsheet runs, or as Parquet.

use super::ResultFormat;
use super::writing::cell;
use std::fmt::Write as _;
use std::io::Write;
use trainyard_table::{Cell, ParquetWriter, Schema, Table, TableError};

/// A file that grows by tables of one schema.
pub struct TableFile<W: Write + Send>(Form<W>);

enum Form<W: Write + Send> {
    Csv(W),
    Parquet(Box<ParquetWriter<W>>),
}

impl<W: Write + Send> std::fmt::Debug for TableFile<W> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self.0 {
            Form::Csv(_) => "TableFile(csv)",
            Form::Parquet(_) => "TableFile(parquet)",
        })
    }
}

impl<W: Write + Send> TableFile<W> {
    /// Begins a file; in CSV with a line of names.
    ///
    /// # Errors
    /// [`TableError`] when it cannot be written.
    pub fn new(format: ResultFormat, schema: &Schema, mut output: W) -> Result<Self, TableError> {
        Ok(Self(match format {
            ResultFormat::Csv => {
                let names = schema.fields.iter().map(|field| cell(&field.name));
                let line = names.collect::<Vec<_>>().join(",") + "\n";
                output.write_all(line.as_bytes()).map_err(unwritten)?;
                Form::Csv(output)
            }
            ResultFormat::Parquet => Form::Parquet(Box::new(ParquetWriter::new(schema, output)?)),
        }))
    }

    /// Adds lines that are CSV already; a file of another form has none.
    pub(super) fn write_lines(&mut self, lines: &str) -> Result<(), TableError> {
        match &mut self.0 {
            Form::Csv(output) => output.write_all(lines.as_bytes()).map_err(unwritten),
            Form::Parquet(_) => Ok(()),
        }
    }

    /// Adds rows.
    ///
    /// # Errors
    /// [`TableError`] when they cannot be written.
    pub fn write(&mut self, part: &Table) -> Result<(), TableError> {
        match &mut self.0 {
            Form::Csv(_) => self.write_lines(&lines(part)),
            Form::Parquet(writer) => writer.write(part),
        }
    }

    /// There are no more rows.
    ///
    /// # Errors
    /// [`TableError`] when the end cannot be written.
    pub fn finish(self) -> Result<(), TableError> {
        match self.0 {
            Form::Csv(mut output) => output.flush().map_err(unwritten),
            Form::Parquet(writer) => writer.finish(),
        }
    }
}

fn lines(part: &Table) -> String {
    let mut lines = String::new();
    for row in 0..part.rows() {
        for (place, column) in part.columns().iter().enumerate() {
            if place > 0 {
                lines.push(',');
            }
            // Writing to a string cannot fail.
            let _ = match column.cell(row) {
                Cell::Missing => Ok(()),
                Cell::Integer(number) => write!(lines, "{number}"),
                Cell::Number(number) => write!(lines, "{number}"),
                Cell::Text(text) => write!(lines, "{}", cell(&text)),
            };
        }
        lines.push('\n');
    }
    lines
}

fn unwritten(error: std::io::Error) -> TableError {
    TableError::Unreadable {
        detail: format!("write answers: {error}"),
    }
}
