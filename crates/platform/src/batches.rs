//! Files of any size, answered by a job: counted and paid for before they are accepted, answered in constant memory,
//! written as a file to take away. Where a batch stands is told by its job; `accept` takes files in, `packing` pictures among
//! them, `zipped` packs answers; the job's body is in the worker.

mod accept;
mod packing;
mod zipped;

use std::fs::File;

use trainyard_store::{Batch, BatchFilter, Job, Page, PageRequest};
use uuid::Uuid;

use crate::Platform;
use crate::caller::{Action, Caller};
use crate::error::{PlatformError, Result};

pub(crate) use accept::picture_limits;
pub use accept::{BatchRequest, BatchUpload, TakenBatch};
pub use zipped::ZippedResult;

/// The kind of job that answers a batch.
pub(crate) const BATCH_JOB: &str = "batch";

/// Use cases of batches; from [`Platform::batches`].
#[derive(Clone, Copy, Debug)]
pub struct Batches<'a>(pub(crate) &'a Platform);

/// A batch and where it stands.
#[derive(Clone, Debug)]
pub struct BatchCard {
    /// The batch.
    pub batch: Batch,
    /// Its job.
    pub job: Job,
}

/// The answers of a batch, as a file.
#[derive(Debug)]
pub struct BatchResult {
    /// The file, at its beginning.
    pub file: File,
    /// Its size.
    pub bytes: u64,
    /// What to call it.
    pub name: String,
    /// `csv` or `parquet`.
    pub format: String,
}

impl Batches<'_> {
    /// One page of the caller's batches, newest first.
    ///
    /// # Errors
    /// `Validation` for a foreign cursor.
    pub async fn list(
        &self,
        caller: &Caller,
        model: Option<Uuid>,
        page: &PageRequest,
    ) -> Result<Page<BatchCard>> {
        caller.may(Action::Predict)?;
        let batches = self.0.store().batches();
        let filter = BatchFilter {
            model,
            ..BatchFilter::default()
        };
        let page = batches.list(caller.id, &filter, page).await?;
        Ok(page.map(|(batch, job)| BatchCard { batch, job }))
    }

    /// One of the caller's batches.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn get(&self, caller: &Caller, id: Uuid) -> Result<BatchCard> {
        caller.may(Action::Predict)?;
        let (batch, job) = self.0.store().batches().get(caller.id, id).await?;
        Ok(BatchCard { batch, job })
    }

    /// Stops a batch and gives its price back; one that has ended stays as it is.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn cancel(&self, caller: &Caller, id: Uuid) -> Result<BatchCard> {
        let BatchCard { batch, .. } = self.get(caller, id).await?;
        let entry = caller.entry("batch.cancel");
        let jobs = self.0.store().jobs();
        let job = jobs.request_cancel(caller.id, batch.job_id, entry).await?;
        Ok(BatchCard { batch, job })
    }

    /// Deletes a batch with its answers; one that still runs is stopped and its price given back.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete(&self, caller: &Caller, id: Uuid) -> Result<()> {
        caller.may(Action::Predict)?;
        let entry = caller.entry("batch.delete");
        Ok(self
            .0
            .store()
            .batches()
            .delete(caller.id, id, entry)
            .await?)
    }

    /// The answers of a batch.
    ///
    /// # Errors
    /// `NotFound`; `NotReady` while it is being answered, or when that failed.
    pub async fn result(&self, caller: &Caller, id: Uuid) -> Result<BatchResult> {
        let BatchCard { batch, job } = self.get(caller, id).await?;
        let Some(hash) = &batch.result_hash else {
            let why = match (job.status.is_final(), &job.error) {
                (false, _) => {
                    "is still being answered. Wait for it to end and try again.".to_owned()
                }
                (true, Some(error)) => {
                    let detail = error.get("detail").and_then(|detail| detail.as_str());
                    format!("has no answers: {}", detail.unwrap_or("send it again."))
                }
                (true, None) => "has no answers. Send it again.".to_owned(),
            };
            return Err(PlatformError::NotReady(format!("This batch {why}")));
        };
        let opened = self.0.store().artifacts().open(hash).await;
        let file = opened.map_err(|error| match PlatformError::from(error) {
            PlatformError::NotFound(_) => PlatformError::NotFound("batch"),
            other => other,
        })?;
        let stem = crate::datasets::upload::stem(&batch.file_name);
        Ok(BatchResult {
            file,
            bytes: u64::try_from(batch.result_bytes.unwrap_or_default()).unwrap_or_default(),
            name: format!("{stem}-answers.{}", batch.result_format),
            format: batch.result_format,
        })
    }
}
