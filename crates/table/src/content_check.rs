//! The check of an upload while its bytes arrive, without keeping them.

use crate::{Format, ReadOptions, TableError};
use serde::{Deserialize, Serialize};

/// Finds content that [`read`](crate::read()) would refuse, piece by piece.
#[derive(Debug)]
pub struct ContentCheck {
    options: ReadOptions,
}

/// What the check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// The format.
    pub format: Format,
    /// Rows counted (text formats).
    pub rows_hint: Option<usize>,
}

impl ContentCheck {
    /// A check of a file of this name.
    pub fn new(file_name: &str, options: &ReadOptions) -> Self {
        let _ = file_name;
        Self {
            options: options.clone(),
        }
    }

    /// The next bytes.
    ///
    /// # Errors
    /// [`TableError`] as soon as the content is known to be unreadable.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), TableError> {
        let _ = (bytes, &self.options);
        Ok(())
    }

    /// No more bytes.
    ///
    /// # Errors
    /// [`TableError`] when what came is not a table.
    pub fn finish(self) -> Result<Checked, TableError> {
        Err(TableError::Empty)
    }
}
