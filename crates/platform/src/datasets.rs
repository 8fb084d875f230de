//! Data sets: a file becomes a stored upload, a job reads it, a profile says what it holds. `preview` looks at the
//! beginning of a file and stores nothing; `upload` takes one in, `bring` a whole one that is waited for; `look` is everything that reads one;
//! `schema` reads an upload once more with other kinds.

mod bring;
pub(crate) mod look;
mod preview;
mod schema;
pub(crate) mod upload;

use trainyard_store::{Dataset, DatasetFilter, DatasetStatus, Page, PageRequest, Scope};
use uuid::Uuid;

use crate::Platform;
use crate::caller::{Action, Caller};
use crate::error::{PlatformError, Result};

pub use look::RowsPage;
pub use schema::{Reading, ReadingChange};
pub use upload::{Upload, UploadRequest};

/// The kind of job that reads an upload.
pub(crate) const PROFILE_JOB: &str = "profile";

/// Use cases of data sets; from [`Platform::datasets`].
#[derive(Clone, Copy, Debug)]
pub struct Datasets<'a>(pub(crate) &'a Platform);

/// A data set as lists show it.
#[derive(Clone, Debug)]
pub struct DatasetCard {
    /// The row.
    pub dataset: Dataset,
    /// Models trained on it.
    pub models: u64,
}

impl Datasets<'_> {
    /// One page of the caller's data sets, newest first.
    ///
    /// # Errors
    /// `Validation` for a foreign cursor.
    pub async fn list(
        &self,
        caller: &Caller,
        filter: &DatasetFilter,
        page: &PageRequest,
    ) -> Result<Page<DatasetCard>> {
        caller.may(Action::Read)?;
        self.cards(Scope::Owner(caller.id), filter, page).await
    }

    /// One page of data sets in this scope, each with how many models were trained on it.
    pub(crate) async fn cards(
        &self,
        scope: Scope,
        filter: &DatasetFilter,
        page: &PageRequest,
    ) -> Result<Page<DatasetCard>> {
        let page = self.0.store().datasets().list(scope, filter, page).await?;
        let ids: Vec<Uuid> = page.items.iter().map(|dataset| dataset.id).collect();
        let counts = self.0.store().datasets().model_counts(&ids).await?;
        Ok(page.map(|dataset| {
            let models = counts.get(&dataset.id).copied().unwrap_or_default();
            DatasetCard { dataset, models }
        }))
    }

    /// One of the caller's data sets.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn get(&self, caller: &Caller, id: Uuid) -> Result<DatasetCard> {
        caller.may(Action::Read)?;
        let dataset = self.0.store().datasets().get(caller.id, id).await?;
        self.card(dataset).await
    }

    /// Gives a data set another name.
    ///
    /// # Errors
    /// `NotFound`; `Validation`.
    pub async fn rename(&self, caller: &Caller, id: Uuid, name: &str) -> Result<DatasetCard> {
        caller.may(Action::Upload)?;
        let entry = caller.entry("dataset.rename");
        let dataset = self
            .0
            .store()
            .datasets()
            .rename(caller.id, id, name, entry)
            .await?;
        self.card(dataset).await
    }

    /// Deletes a data set with its bytes; models trained on it stay.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete(&self, caller: &Caller, id: Uuid) -> Result<()> {
        caller.may(Action::Upload)?;
        let entry = caller.entry("dataset.delete");
        Ok(self
            .0
            .store()
            .datasets()
            .delete(caller.id, id, entry)
            .await?)
    }

    async fn card(&self, dataset: Dataset) -> Result<DatasetCard> {
        let counts = self
            .0
            .store()
            .datasets()
            .model_counts(&[dataset.id])
            .await?;
        let models = counts.get(&dataset.id).copied().unwrap_or_default();
        Ok(DatasetCard { dataset, models })
    }
}

/// Lets a data set on that can be worked with, or says why it cannot.
pub(crate) fn usable(dataset: &Dataset) -> Result<()> {
    match dataset.status {
        DatasetStatus::Ready => Ok(()),
        DatasetStatus::Profiling => Err(PlatformError::NotReady(format!(
            "'{}' is still being read. Wait for its job to finish and try again.",
            dataset.name
        ))),
        DatasetStatus::Failed => {
            let reason = dataset
                .error
                .as_ref()
                .and_then(|error| error.get("detail")?.as_str());
            Err(PlatformError::NotReady(format!(
                "'{}' could not be read: {}",
                dataset.name,
                reason.unwrap_or("bring the file again")
            )))
        }
    }
}
