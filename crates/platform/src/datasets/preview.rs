//! How the beginning of a file would be read. Free; nothing is stored.

use bytes::Bytes;
use trainyard_table::{Preview, ReadOptions, preview, preview_parquet_end};

use super::Datasets;
use super::schema::ReadingChange;
use crate::caller::{Action, Caller};
use crate::error::Result;

impl Datasets<'_> {
    /// Reads the beginning of a file, as a person says or as it looks. What such a file does not have is passed over.
    ///
    /// # Errors
    /// `UnreadableFile`, as the whole file would give.
    pub async fn preview(
        &self,
        caller: &Caller,
        bytes: Bytes,
        file_name: String,
        reading: ReadingChange,
    ) -> Result<Preview> {
        may_look(caller)?;
        let options = reading.applied(ReadOptions::default());
        let read = move || preview(&bytes, &file_name, &options);
        Ok(self.0.compute("preview a file", read).await??)
    }

    /// Reads the end of a Parquet file: its columns and how many rows it has.
    ///
    /// # Errors
    /// `UnreadableFile` when it is not one, or too short.
    pub async fn preview_end(&self, caller: &Caller, end: Bytes) -> Result<Preview> {
        may_look(caller)?;
        let read = move || preview_parquet_end(&end, &ReadOptions::default());
        Ok(self.0.compute("preview a file", read).await??)
    }
}

/// Whoever may bring a file to be learned from, or to be answered, may see first how it would be read.
fn may_look(caller: &Caller) -> Result<()> {
    caller
        .may(Action::Predict)
        .or_else(|_| caller.may(Action::Upload))
}
