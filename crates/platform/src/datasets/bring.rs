//! A whole small file is brought by an old door and waited for. The same bytes of the same owner are the same data set, so
//! that training again and again does not fill the shelf.

use bytes::Bytes;
use trainyard_store::{Dataset, DatasetStatus};
use trainyard_table::Profile;

use super::{Datasets, UploadRequest};
use crate::caller::{Action, Caller};
use crate::error::{PlatformError, Result};

/// Bytes that are checked and written at once.
const PIECE_BYTES: usize = 1 << 20;

impl Datasets<'_> {
    /// The data set of these bytes, read, and its profile: one the caller has already, or a new one.
    ///
    /// # Errors
    /// Those of [`Datasets::begin_upload`] and of reading: `UnreadableFile`, `TooLarge`, `QuotaExceeded`, `Forbidden`.
    pub async fn bring(
        &self,
        caller: &Caller,
        file_name: &str,
        bytes: Bytes,
    ) -> Result<(Dataset, Profile)> {
        caller.may(Action::Upload)?;
        let hash = blake3::hash(&bytes).to_hex().to_string();
        let known = self
            .0
            .store()
            .datasets()
            .by_upload(caller.id, &hash)
            .await?;
        let dataset = match known {
            Some(dataset) => dataset,
            None => {
                let request = UploadRequest {
                    file_name: Some(file_name.to_owned()),
                    announced_bytes: Some(bytes.len() as u64),
                    ..UploadRequest::default()
                };
                let mut upload = self.begin_upload(caller, request).await?;
                // In pieces, so that the check need not hold all of it.
                let mut rest = bytes;
                while !rest.is_empty() {
                    let piece = rest.split_to(PIECE_BYTES.min(rest.len()));
                    upload.push(piece).await?;
                }
                upload.finish().await?
            }
        };
        self.read(caller, dataset).await
    }

    /// A sample of the caller's own, read, and its profile: the one they have already, or a new one.
    ///
    /// # Errors
    /// `NotFound` for an unknown name; `QuotaExceeded`; `Forbidden`.
    pub async fn bring_sample(&self, caller: &Caller, name: &str) -> Result<(Dataset, Profile)> {
        caller.may(Action::Upload)?;
        let sample = crate::samples::sample(name).ok_or(PlatformError::NotFound("sample"))?;
        let hash = blake3::hash(sample.bytes).to_hex().to_string();
        let known = self
            .0
            .store()
            .datasets()
            .by_upload(caller.id, &hash)
            .await?;
        let dataset = match known {
            Some(dataset) => dataset,
            None => self.from_sample(caller, name).await?,
        };
        self.read(caller, dataset).await
    }

    /// Waits until a data set is read.
    async fn read(&self, caller: &Caller, dataset: Dataset) -> Result<(Dataset, Profile)> {
        if dataset.status == DatasetStatus::Profiling
            && let Some(job) = dataset.job_id
        {
            self.0.ended(caller, job).await?;
        }
        let read = self.0.store().datasets().get(caller.id, dataset.id).await?;
        if read.status == DatasetStatus::Failed {
            let detail = read
                .error
                .as_ref()
                .and_then(|error| error.get("detail")?.as_str());
            return Err(PlatformError::UnreadableFile {
                reason: "unreadable",
                detail: detail.unwrap_or("The file cannot be read.").to_owned(),
            });
        }
        self.described(caller.id, dataset.id).await
    }
}
