//! The check of an upload while its bytes arrive, without keeping them.
//!
//! It looks at the same first bytes as [`read`](crate::read()) and takes the rest apart by the same rules, so that what passes
//! here is not refused there for its rows. JSON, Parquet and XLSX are only looked at from outside: their reader tells.

use crate::read::format_of;
use crate::read::layout::{LOOK_BYTES, Look, look};
use crate::read::separated::bad_row;
use crate::read::stream::TextStream;
use crate::read::tokens::{Cells, tokenise};
use crate::read::workbook::damaged;
use crate::{Format, ReadOptions, TableError};
use serde::{Deserialize, Serialize};

/// Finds content that [`read`](crate::read()) would refuse, piece by piece.
pub struct ContentCheck {
    options: ReadOptions,
    file_name: String,
    bytes: u64,
    state: State,
}

enum State {
    /// The first bytes are still being gathered.
    Looking {
        raw: Vec<u8>,
        wanted: usize,
    },
    Separated(Rows),
    Json,
    /// The last bytes.
    Parquet {
        tail: Vec<u8>,
    },
    /// The last bytes, among which an archive has its directory's end.
    Workbook {
        tail: Vec<u8>,
    },
    Failed(TableError),
}

struct Rows {
    stream: TextStream,
    format: Format,
    header: bool,
    delimiter: u8,
    columns: usize,
    line_limit: usize,
    cells: Cells,
    rows: usize,
}

/// What the check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// The format.
    pub format: Format,
    /// Rows counted (separated values).
    pub rows_hint: Option<usize>,
}

impl std::fmt::Debug for ContentCheck {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ContentCheck")
            .field("file_name", &self.file_name)
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

impl ContentCheck {
    /// A check of a file of this name.
    pub fn new(file_name: &str, options: &ReadOptions) -> Self {
        Self {
            options: options.clone(),
            file_name: file_name.to_owned(),
            bytes: 0,
            state: State::Looking {
                raw: Vec::new(),
                wanted: LOOK_BYTES,
            },
        }
    }

    /// The next bytes.
    ///
    /// # Errors
    /// [`TableError`] as soon as the content is known to be unreadable; the same again for every later call.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), TableError> {
        self.bytes += bytes.len() as u64;
        let checked = if self.bytes > self.options.max_bytes {
            Err(TableError::TooLarge {
                limit: self.options.max_bytes,
            })
        } else {
            self.accept(bytes)
        };
        checked.inspect_err(|error| self.state = State::Failed(error.clone()))
    }

    fn accept(&mut self, bytes: &[u8]) -> Result<(), TableError> {
        match &mut self.state {
            State::Failed(error) => Err(error.clone()),
            State::Looking { raw, .. } => {
                raw.extend_from_slice(bytes);
                self.look(false)
            }
            State::Separated(rows) => rows.push(bytes),
            State::Json => Ok(()),
            State::Parquet { tail } => {
                keep_last(tail, bytes, 8);
                Ok(())
            }
            State::Workbook { tail } => {
                keep_last(tail, bytes, ARCHIVE_END);
                Ok(())
            }
        }
    }

    /// Decides what it is, as soon as enough has come.
    fn look(&mut self, complete: bool) -> Result<(), TableError> {
        loop {
            let State::Looking { raw, wanted } = &mut self.state else {
                return Ok(());
            };
            if !complete && raw.len() < *wanted {
                return Ok(());
            }
            let seen = raw.get(..(*wanted).min(raw.len())).unwrap_or_default();
            let whole = complete && raw.len() < *wanted;
            let looked = look(seen, whole, &self.file_name, &self.options)?;
            let raw = match looked {
                Look::More => {
                    *wanted *= 4;
                    continue;
                }
                _ => std::mem::take(raw),
            };
            let mark;
            (self.state, mark) = match looked {
                Look::More => return Ok(()),
                Look::Parquet => (State::Parquet { tail: Vec::new() }, 0),
                Look::Workbook => (State::Workbook { tail: Vec::new() }, 0),
                Look::Json(_) => (State::Json, 0),
                Look::Separated(text, layout) => {
                    let delimiter = layout.delimiter.byte();
                    let line_limit = self.options.max_line_bytes;
                    let rows = Rows {
                        stream: TextStream::new(text.decoder(), Some(delimiter), line_limit)
                            .skipping(layout.body, layout.body_lines),
                        format: format_of(layout.delimiter),
                        header: layout.header,
                        delimiter,
                        columns: layout.names.len(),
                        line_limit,
                        cells: Cells::default(),
                        rows: 0,
                    };
                    (State::Separated(rows), text.mark)
                }
            };
            return self.accept(raw.get(mark..).unwrap_or_default());
        }
    }

    /// No more bytes.
    ///
    /// # Errors
    /// [`TableError`] when what came is not a table.
    pub fn finish(mut self) -> Result<Checked, TableError> {
        self.look(true)?;
        match self.state {
            State::Failed(error) => Err(error),
            State::Looking { .. } => Err(TableError::Empty),
            State::Separated(rows) => rows.finish(self.options.max_rows),
            State::Json => Ok(Checked {
                format: Format::JsonLines,
                rows_hint: None,
            }),
            State::Parquet { tail } if tail.ends_with(b"PAR1") && self.bytes >= 12 => Ok(Checked {
                format: Format::Parquet,
                rows_hint: None,
            }),
            State::Parquet { .. } => Err(crate::parquet::truncated()),
            State::Workbook { tail } if memchr::memmem::find(&tail, b"PK\x05\x06").is_some() => {
                Ok(Checked {
                    format: Format::Xlsx,
                    rows_hint: None,
                })
            }
            State::Workbook { .. } => Err(damaged("its end is missing")),
        }
    }
}

/// Where the end of an archive's directory stands: its record, and the longest comment after it.
const ARCHIVE_END: usize = 22 + 65_535;

/// Keeps the last bytes of all that came.
fn keep_last(tail: &mut Vec<u8>, bytes: &[u8], count: usize) {
    let from = bytes.len().saturating_sub(count);
    tail.extend_from_slice(bytes.get(from..).unwrap_or_default());
    let spare = tail.len().saturating_sub(count);
    tail.drain(..spare);
}

impl Rows {
    fn push(&mut self, bytes: &[u8]) -> Result<(), TableError> {
        // In pieces, so that a large push is not held twice.
        for piece in bytes.chunks(64 << 10) {
            self.stream.push(piece);
            self.check()?;
        }
        Ok(())
    }

    fn check(&mut self) -> Result<(), TableError> {
        while self.stream.ready() {
            let Some(block) = self.stream.take() else {
                break;
            };
            tokenise(
                &block.text,
                self.delimiter,
                self.columns,
                self.line_limit,
                &mut self.cells,
            )
            .map_err(|bad| bad_row(bad, &block.text, block.line, self.columns, self.line_limit))?;
            self.rows += self.cells.rows();
            self.stream.give_back(block);
        }
        match self.stream.failure() {
            Some(failure) => Err(failure.clone()),
            None => Ok(()),
        }
    }

    fn finish(mut self, max_rows: usize) -> Result<Checked, TableError> {
        self.stream.finish();
        self.check()?;
        match self.rows {
            0 if self.header => Err(TableError::HeaderOnly),
            0 => Err(TableError::Empty),
            rows if rows > max_rows => Err(TableError::TooManyRows { limit: max_rows }),
            rows => Ok(Checked {
                format: self.format,
                rows_hint: Some(rows),
            }),
        }
    }
}
