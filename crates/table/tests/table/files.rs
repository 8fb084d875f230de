//! Files made in memory, and a reader so plain that it is plainly right.

use std::io::Cursor;
use trainyard_table::{ReadOptions, ReadResult, TableError, read};

pub(crate) fn read_bytes(bytes: &[u8], options: &ReadOptions) -> Result<ReadResult, TableError> {
    read(Cursor::new(bytes), "table.csv", options)
}

pub(crate) fn read_text(text: &str) -> Result<ReadResult, TableError> {
    read_bytes(text.as_bytes(), &ReadOptions::default())
}

/// Cells of every row, one byte at a time. Blank lines are no rows; a quote opens a cell only at its beginning.
pub(crate) fn plain_rows(text: &str, delimiter: char) -> Option<Vec<Vec<String>>> {
    let mut rows = Vec::new();
    let mut row: Vec<String> = Vec::new();
    let mut cell = String::new();
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    loop {
        let letter = letters.next();
        match letter {
            Some('"') if !quoted && cell.chars().all(|letter| letter == ' ') => {
                quoted = true;
                cell.clear();
                loop {
                    match letters.next()? {
                        '"' if letters.peek() == Some(&'"') => {
                            letters.next();
                            cell.push('"');
                        }
                        '"' => break,
                        other => cell.push(other),
                    }
                }
            }
            Some('\n') | None => {
                if !quoted && cell.ends_with('\r') {
                    cell.pop();
                }
                if quoted && cell.ends_with('\r') {
                    cell.pop();
                }
                let blank =
                    row.is_empty() && !quoted && cell.trim_matches([' ', '\t', '\r']).is_empty();
                if !blank {
                    row.push(std::mem::take(&mut cell));
                    rows.push(std::mem::take(&mut row));
                }
                cell.clear();
                quoted = false;
                if letter.is_none() {
                    return Some(rows);
                }
            }
            Some(letter) if letter == delimiter => {
                row.push(std::mem::take(&mut cell));
                quoted = false;
            }
            Some(letter) => cell.push(letter),
        }
    }
}

/// A cell as CSV writes it.
pub(crate) fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}
