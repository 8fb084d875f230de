//! Everybody's models, data sets, batches and jobs in lists: whose they are and how they stand, not what is in them.

use trainyard_store::{
    BatchFilter, DatasetFilter, DatasetStatus, Job, JobFilter, JobStatus, Model, ModelFilter,
    ModelStatus, Page, PageRequest, Scope, User, Visibility,
};
use uuid::Uuid;

use super::Administration;
use crate::DatasetCard;
use crate::batches::BatchCard;
use crate::caller::{Action, Caller};
use crate::datasets::upload::PICTURES;
use crate::error::Result;

/// Whose something is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The account.
    pub id: Uuid,
    /// The small number people see.
    pub number: i32,
    /// What pages call them.
    pub name: String,
}

impl From<&User> for Owner {
    fn from(user: &User) -> Self {
        Self {
            id: user.id,
            number: user.number,
            name: user.display_name.clone(),
        }
    }
}

/// Something with whose it is.
#[derive(Clone, Debug)]
pub struct Owned<T> {
    /// Nothing when the account went while the list was read.
    pub owner: Option<Owner>,
    /// The thing.
    pub item: T,
}

/// Which models are wanted.
#[derive(Clone, Debug, Default)]
pub struct ModelsWanted {
    /// Only this account's.
    pub owner_id: Option<Uuid>,
    /// Words in the name.
    pub search: Option<String>,
    /// Only this state.
    pub status: Option<ModelStatus>,
    /// Only shared like this.
    pub visibility: Option<Visibility>,
}

/// Which data sets are wanted.
#[derive(Clone, Debug, Default)]
pub struct DatasetsWanted {
    /// Only this account's.
    pub owner_id: Option<Uuid>,
    /// Words in the name.
    pub search: Option<String>,
    /// Only this state.
    pub status: Option<DatasetStatus>,
}

/// Which jobs are wanted.
#[derive(Clone, Debug, Default)]
pub struct JobsWanted {
    /// Only this account's.
    pub owner_id: Option<Uuid>,
    /// Only this kind.
    pub kind: Option<String>,
    /// Only this state.
    pub status: Option<JobStatus>,
}

/// Which batches an administrator wants to see.
#[derive(Clone, Debug, Default)]
pub struct BatchesWanted {
    /// Only this account's.
    pub owner_id: Option<Uuid>,
    /// Only those of pictures.
    pub pictures: bool,
    /// Only in this state.
    pub status: Option<JobStatus>,
}

impl Administration<'_> {
    /// One page of everybody's models, newest first.
    ///
    /// # Errors
    /// `Forbidden`; `Validation` for a foreign cursor.
    pub async fn models(
        &self,
        caller: &Caller,
        wanted: ModelsWanted,
        page: &PageRequest,
    ) -> Result<Page<Owned<Model>>> {
        caller.may(Action::Everything)?;
        let filter = ModelFilter {
            search: wanted.search,
            status: wanted.status,
            visibility: wanted.visibility,
            ..ModelFilter::default()
        };
        let models = self.0.store().models();
        let page = models.list(scope(wanted.owner_id), &filter, page).await?;
        self.owned(page, |model| model.owner_id).await
    }

    /// One page of everybody's data sets, newest first.
    ///
    /// # Errors
    /// `Forbidden`; `Validation` for a foreign cursor.
    pub async fn datasets(
        &self,
        caller: &Caller,
        wanted: DatasetsWanted,
        page: &PageRequest,
    ) -> Result<Page<Owned<DatasetCard>>> {
        caller.may(Action::Everything)?;
        let filter = DatasetFilter {
            search: wanted.search,
            status: wanted.status,
        };
        let page = self
            .0
            .datasets()
            .cards(scope(wanted.owner_id), &filter, page)
            .await?;
        self.owned(page, |card| card.dataset.owner_id).await
    }

    /// One page of everybody's jobs, newest first.
    ///
    /// # Errors
    /// `Forbidden`; `Validation` for a foreign cursor.
    pub async fn jobs(
        &self,
        caller: &Caller,
        wanted: JobsWanted,
        page: &PageRequest,
    ) -> Result<Page<Owned<Job>>> {
        caller.may(Action::Everything)?;
        let filter = JobFilter {
            status: wanted.status,
            kind: wanted.kind.as_deref(),
            subject_id: None,
        };
        let jobs = self.0.store().jobs();
        let page = jobs.list(scope(wanted.owner_id), &filter, page).await?;
        self.owned(page, |job| job.owner_id).await
    }

    /// One page of everybody's batches, newest first.
    ///
    /// # Errors
    /// `Forbidden`; `Validation` for a foreign cursor.
    pub async fn batches(
        &self,
        caller: &Caller,
        wanted: BatchesWanted,
        page: &PageRequest,
    ) -> Result<Page<Owned<BatchCard>>> {
        caller.may(Action::Everything)?;
        let filter = BatchFilter {
            model: None,
            format: wanted.pictures.then_some(PICTURES),
            status: wanted.status,
        };
        let batches = self.0.store().batches();
        let page = batches.list(scope(wanted.owner_id), &filter, page).await?;
        let page = page.map(|(batch, job)| BatchCard { batch, job });
        self.owned(page, |card| card.batch.owner_id).await
    }

    /// Anybody's batch.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound`.
    pub async fn batch(&self, caller: &Caller, id: Uuid) -> Result<Owned<BatchCard>> {
        caller.may(Action::Everything)?;
        let (batch, job) = self.0.store().batches().get(Scope::Everyone, id).await?;
        let users = self.0.store().users().by_ids([batch.owner_id]).await?;
        Ok(Owned {
            owner: users.get(&batch.owner_id).map(Owner::from),
            item: BatchCard { batch, job },
        })
    }

    async fn owned<T>(&self, page: Page<T>, owner: impl Fn(&T) -> Uuid) -> Result<Page<Owned<T>>> {
        let ids = page.items.iter().map(&owner);
        let users = self.0.store().users().by_ids(ids).await?;
        Ok(page.map(|item| Owned {
            owner: users.get(&owner(&item)).map(Owner::from),
            item,
        }))
    }
}

fn scope(owner_id: Option<Uuid>) -> Scope {
    owner_id.map_or(Scope::Everyone, Scope::Owner)
}
