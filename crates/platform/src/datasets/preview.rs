//! How the beginning of a file would be read. Free; nothing is stored.

use bytes::Bytes;
use trainyard_table::{Preview, ReadOptions, preview};

use super::Datasets;
use crate::caller::{Action, Caller};
use crate::error::Result;

impl Datasets<'_> {
    /// Reads the beginning of a file.
    ///
    /// # Errors
    /// `UnreadableFile`, as the whole file would give.
    pub async fn preview(
        &self,
        caller: &Caller,
        bytes: Bytes,
        file_name: String,
        sheet: Option<String>,
    ) -> Result<Preview> {
        caller.may(Action::Upload)?;
        let options = ReadOptions {
            sheet,
            ..ReadOptions::default()
        };
        let read = move || preview(&bytes, &file_name, &options);
        Ok(self.0.compute("preview a file", read).await??)
    }
}
