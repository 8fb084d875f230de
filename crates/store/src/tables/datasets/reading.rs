//! Readings of an upload: the first, and later ones with other types or another separator. A later one changes nothing
//! until it has succeeded; until then, and when it fails, the earlier one stands.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, QuerySelect};

use super::add_to_payload;
use super::{ActiveModel, Column, DatasetStatus, Datasets, Entity, Model, ReadDataset, owned};
use crate::clock::Timestamp;
use crate::error::{Result as StoreResult, StoreError};
use crate::page::Scope;
use crate::tables::audit::{self, AuditEntry};
use crate::tables::jobs::{self, Ending, Failure, Fence, NewJob};
use crate::tables::{artifact_references, dataset_revisions, models, studies};

/// Where a job says which reading it makes; without it, the one that stands.
const REVISION: &str = "revision";

impl Datasets<'_> {
    /// Reads an upload once more, with these options. The payload of the job gains `"dataset_id"` and `"revision"`.
    ///
    /// # Errors
    /// `NotFound`; `Conflict { what: "reading" }` while it is being read.
    pub async fn read_again(
        &self,
        scope: impl Into<Scope>,
        id: Uuid,
        options: Json,
        mut job: NewJob,
        entry: AuditEntry,
    ) -> StoreResult<Model> {
        let transaction = self.0.write().await?;
        let found = Entity::find_by_id(id)
            .filter(owned(scope.into()))
            .lock_exclusive()
            .one(&transaction)
            .await?;
        let dataset = found.ok_or(StoreError::not_found("dataset"))?;
        let earlier = match dataset.job_id {
            Some(job) => jobs::Entity::find_by_id(job).one(&transaction).await?,
            None => None,
        };
        if earlier.is_some_and(|job| !job.status.is_final()) {
            return Err(StoreError::conflict("reading"));
        }
        let revision = dataset.revision + 1;
        // Readings that failed left their rows.
        dataset_revisions::Entity::delete_many()
            .filter(dataset_revisions::Column::DatasetId.eq(id))
            .filter(dataset_revisions::Column::Revision.gt(dataset.revision))
            .exec(&transaction)
            .await?;
        let now = Timestamp::now();
        let row = dataset_revisions::Model {
            dataset_id: id,
            revision,
            options: options.into(),
            table_hash: None,
            rows: None,
            columns: None,
            profile: None,
            created_at: now,
        };
        dataset_revisions::Entity::insert(row.into_active_model())
            .exec_without_returning(&transaction)
            .await?;
        add_to_payload(&mut job.payload, "dataset_id", id);
        if let Some(fields) = job.payload.as_object_mut() {
            fields.insert(REVISION.to_owned(), revision.into());
        }
        let owner = dataset.owner_id;
        let job = jobs::insert(&transaction, owner, job, 0, Some(("dataset", id))).await?;
        let mut change = ActiveModel {
            job_id: Set(Some(job.id)),
            updated_at: Set(now),
            ..Default::default()
        };
        if dataset.table_hash.is_none() {
            change.status = Set(DatasetStatus::Profiling);
            change.error = Set(None);
        }
        let changed = Entity::update_many()
            .set(change)
            .filter(Column::Id.eq(id))
            .exec_with_returning(&transaction)
            .await?;
        audit::append(&transaction, &[entry.about("dataset", id)]).await?;
        transaction.commit().await?;
        self.0.job_queued(job.id);
        let changed = changed.into_iter().next();
        changed.ok_or(StoreError::not_found("dataset"))
    }

    /// Ends the reading job well: the table is stored, the dataset can be trained on. The table of the reading before goes,
    /// unless a model or a study learned from it.
    ///
    /// # Errors
    /// `LostLease`; `NotFound` for a table that was not stored.
    pub async fn mark_ready(&self, fence: Fence, read: ReadDataset) -> StoreResult<Model> {
        let transaction = self.0.write().await?;
        let job = jobs::holding(&transaction, fence).await?;
        let id = job.subject_id.ok_or(StoreError::not_found("dataset"))?;
        let before = Entity::find_by_id(id)
            .lock_exclusive()
            .one(&transaction)
            .await?
            .ok_or(StoreError::not_found("dataset"))?;
        let revision = revision_of(&job, &before);
        let rows = i64::try_from(read.rows).unwrap_or(i64::MAX);
        let columns = i32::try_from(read.columns).unwrap_or(i32::MAX);
        let change = ActiveModel {
            status: Set(DatasetStatus::Ready),
            format: Set(Some(read.format)),
            rows: Set(Some(rows)),
            columns: Set(Some(columns)),
            suggested_target: Set(read.suggested_target),
            table_hash: Set(Some(read.table.hash.clone())),
            revision: Set(revision),
            error: Set(None),
            updated_at: Set(Timestamp::now()),
            ..Default::default()
        };
        let ready = Entity::update_many()
            .set(change)
            .filter(Column::Id.eq(id))
            .exec_with_returning(&transaction)
            .await?;
        let dataset = ready
            .into_iter()
            .next()
            .ok_or(StoreError::not_found("dataset"))?;
        let change = dataset_revisions::ActiveModel {
            table_hash: Set(Some(read.table.hash.clone())),
            rows: Set(Some(rows)),
            columns: Set(Some(columns)),
            profile: Set(Some(read.profile.into())),
            ..Default::default()
        };
        dataset_revisions::Entity::update_many()
            .set(change)
            .filter(dataset_revisions::Column::DatasetId.eq(id))
            .filter(dataset_revisions::Column::Revision.eq(revision))
            .exec(&transaction)
            .await?;
        artifact_references::add(&transaction, "dataset", id, "table", &read.table.hash).await?;
        let mut freed = Vec::new();
        let outdated = before.table_hash.filter(|hash| *hash != read.table.hash);
        if let Some(outdated) = outdated
            && !is_learned_from(&transaction, id, &outdated).await?
        {
            artifact_references::drop_one(&transaction, "dataset", id, "table", &outdated).await?;
            freed.push(outdated);
        }
        let result = serde_json::json!({ "kind": "dataset", "id": id });
        jobs::settle(&transaction, job, Ending::Done(Some(result))).await?;
        transaction.commit().await?;
        self.0.artifacts().settled(&read.table);
        self.0.job_changed(fence.job);
        self.0.artifacts().sweep_these(&freed).await?;
        Ok(dataset)
    }

    /// Ends the reading job badly. The same as [`crate::Jobs::fail`], named for the reader.
    ///
    /// # Errors
    /// `LostLease`.
    pub async fn mark_failed(&self, fence: Fence, failure: Failure) -> StoreResult<()> {
        self.0.jobs().fail(fence, failure).await.map(drop)
    }
}

impl Model {
    /// Which reading a job makes of this dataset.
    #[must_use]
    pub fn revision_of(&self, job: &jobs::Model) -> i32 {
        revision_of(job, self)
    }
}

fn revision_of(job: &jobs::Model, dataset: &Model) -> i32 {
    let said = job.payload.get(REVISION).and_then(Json::as_i64);
    said.and_then(|revision| i32::try_from(revision).ok())
        .unwrap_or(dataset.revision)
}

/// Whether models or studies learned from a table of a dataset, or are to.
async fn is_learned_from(
    database: &impl ConnectionTrait,
    id: Uuid,
    table_hash: &str,
) -> StoreResult<bool> {
    let models = models::Entity::find()
        .filter(models::Column::DatasetId.eq(id))
        .filter(models::Column::DatasetHash.eq(table_hash))
        .limit(1)
        .one(database)
        .await?;
    if models.is_some() {
        return Ok(true);
    }
    let studies = studies::Entity::find()
        .filter(studies::Column::DatasetId.eq(id))
        .filter(studies::Column::DatasetHash.eq(table_hash))
        .limit(1)
        .one(database)
        .await?;
    Ok(studies.is_some())
}

/// Notes why a dataset could not be read. One that was read before stays as it was.
pub(crate) async fn set_failed(
    database: &impl ConnectionTrait,
    id: Uuid,
    failure: &Failure,
) -> StoreResult<()> {
    let change = ActiveModel {
        status: Set(DatasetStatus::Failed),
        error: Set(Some(failure.json().into())),
        updated_at: Set(Timestamp::now()),
        ..Default::default()
    };
    Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(id))
        .filter(Column::TableHash.is_null())
        .exec(database)
        .await?;
    Ok(())
}
