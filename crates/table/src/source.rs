//! Tables that are read in groups of rows, so that a training need not hold more than it uses.

use crate::{Schema, Table, TableError};

/// Row groups of one schema. A table in memory is one group.
pub trait TableSource: Send + Sync {
    /// Names and kinds of the columns.
    fn schema(&self) -> &Schema;

    /// Rows in all groups together.
    fn rows(&self) -> usize;

    /// Number of groups.
    fn groups(&self) -> usize;

    /// One group.
    ///
    /// # Errors
    /// [`TableError`] when it cannot be read.
    fn group(&self, index: usize) -> Result<Table, TableError>;

    /// All groups as one table.
    ///
    /// # Errors
    /// [`TableError`] when a group cannot be read.
    fn whole(&self) -> Result<Table, TableError>;
}

impl TableSource for Table {
    fn schema(&self) -> &Schema {
        Self::schema(self)
    }

    fn rows(&self) -> usize {
        Self::rows(self)
    }

    fn groups(&self) -> usize {
        1
    }

    fn group(&self, _index: usize) -> Result<Table, TableError> {
        Ok(self.clone())
    }

    fn whole(&self) -> Result<Table, TableError> {
        Ok(self.clone())
    }
}
