//! Uploaded tables. The upload's bytes are kept as they came; each reading of them is a row of
//! `dataset_revisions`, and the newest reading's numbers stand here for lists.

use std::collections::BTreeMap;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ExprTrait, SimpleExpr};
use sea_orm::{Condition, IntoActiveModel, QuerySelect};

mod reading;

use crate::Store;
use crate::artifacts::ArtifactRef;
use crate::clock::Timestamp;
use crate::error::{Result as StoreResult, StoreError};
use crate::json::JsonText;
use crate::names;
use crate::page::{self, Page, PageRequest, Scope, Sort};
use crate::tables::audit::{self, AuditEntry};
use crate::tables::idempotency_keys::{self, Idempotency};
use crate::tables::jobs::{self, NewJob};

use crate::tables::{artifact_references, counters, dataset_revisions, models};
pub(crate) use reading::set_failed;

/// Where a dataset stands.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    EnumIter,
    DeriveActiveEnum,
    serde::Serialize,
    serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum DatasetStatus {
    /// Being read.
    #[sea_orm(string_value = "profiling")]
    Profiling,
    /// Can be trained on.
    #[sea_orm(string_value = "ready")]
    Ready,
    /// Could not be read; `error` says why.
    #[sea_orm(string_value = "failed")]
    Failed,
}

/// A dataset.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "datasets")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The small number people see.
    pub number: i32,
    /// Whose it is.
    pub owner_id: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// What the uploaded file was called. For display only, never a path.
    pub file_name: String,
    /// The shipped sample it was made from.
    pub sample: Option<String>,
    /// Where it stands.
    pub status: DatasetStatus,
    /// `csv`, `parquet`, …, once known.
    pub format: Option<String>,
    /// The upload's length.
    pub bytes: i64,
    /// Rows, once known.
    pub rows: Option<i64>,
    /// Columns, once known.
    pub columns: Option<i32>,
    /// The column most likely to be predicted.
    pub suggested_target: Option<String>,
    /// The upload's artifact.
    pub upload_hash: String,
    /// The table's artifact, once there.
    pub table_hash: Option<String>,
    /// Which reading stands here.
    pub revision: i32,
    /// Why it failed: `{code, detail}`.
    pub error: Option<JsonText>,
    /// The job that reads it, or that read it last.
    pub job_id: Option<Uuid>,
    /// Lower-cased names for the search.
    pub search_key: String,
    /// When it was uploaded.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

no_relations!();

/// An accepted upload.
#[derive(Clone, Debug)]
pub struct NewDataset {
    /// Whose it is.
    pub owner_id: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// What the file was called.
    pub file_name: String,
    /// The shipped sample it was made from.
    pub sample: Option<String>,
    /// The sniffed format.
    pub format: Option<String>,
    /// The stored bytes.
    pub upload: ArtifactRef,
    /// How to read them.
    pub options: Json,
    /// The work of reading them; the payload gains `"dataset_id"`.
    pub job: NewJob,
    /// The caller's key for a request that may come twice.
    pub idempotency: Option<Idempotency>,
}

/// What reading an upload gave.
#[derive(Clone, Debug)]
pub struct ReadDataset {
    /// The stored table.
    pub table: ArtifactRef,
    /// The format it turned out to be.
    pub format: String,
    /// Its rows.
    pub rows: u64,
    /// Its columns.
    pub columns: u32,
    /// The column most likely to be predicted.
    pub suggested_target: Option<String>,
    /// Its profile.
    pub profile: Json,
}

/// Which datasets a list holds.
#[derive(Clone, Debug, Default)]
pub struct DatasetFilter {
    /// Words in the name or file name.
    pub search: Option<String>,
    /// Only this state.
    pub status: Option<DatasetStatus>,
}

/// Queries on datasets; from [`Store::datasets`].
#[derive(Clone, Copy, Debug)]
pub struct Datasets<'a>(pub(crate) &'a Store);

impl Datasets<'_> {
    /// Takes an upload in: the dataset, the job that reads it, the reference to its bytes and the audit entry
    /// in one commit. Under a key seen before: the dataset made then.
    ///
    /// # Errors
    /// `Conflict { what: "idempotency_key" }` for a key used for another request, `NotFound` for bytes that
    /// were not stored.
    pub async fn create_with_job(&self, new: NewDataset, entry: AuditEntry) -> StoreResult<Model> {
        let name = names::checked("name", &new.name)?;
        let file_name: String = new
            .file_name
            .chars()
            .filter(|letter| !letter.is_control())
            .take(255)
            .collect();
        let transaction = self.0.write().await?;
        let key = new.idempotency.as_ref();
        if let Some(id) =
            idempotency_keys::earlier(&transaction, new.owner_id, "dataset", key).await?
        {
            let found = Entity::find_by_id(id).one(&transaction).await?;
            drop(transaction);
            self.0.artifacts().discard(&new.upload).await?;
            return found.ok_or(StoreError::not_found("dataset"));
        }
        let id = Uuid::now_v7();
        let mut job = new.job;
        add_to_payload(&mut job.payload, "dataset_id", id);
        let job = jobs::insert(&transaction, new.owner_id, job, 0, Some(("dataset", id))).await?;
        let now = Timestamp::now();
        let dataset = Model {
            id,
            number: counters::next(&transaction, "datasets").await?,
            owner_id: new.owner_id,
            search_key: page::search_key(&[Some(&name), Some(&file_name)]),
            name,
            file_name,
            sample: new.sample,
            status: DatasetStatus::Profiling,
            format: new.format,
            bytes: i64::try_from(new.upload.size).unwrap_or(i64::MAX),
            rows: None,
            columns: None,
            suggested_target: None,
            upload_hash: new.upload.hash.clone(),
            table_hash: None,
            revision: 1,
            error: None,
            job_id: Some(job.id),
            created_at: now,
            updated_at: now,
        };
        Entity::insert(dataset.clone().into_active_model())
            .exec_without_returning(&transaction)
            .await?;
        let revision = dataset_revisions::Model {
            dataset_id: id,
            revision: 1,
            options: new.options.into(),
            table_hash: None,
            rows: None,
            columns: None,
            profile: None,
            created_at: now,
        };
        dataset_revisions::Entity::insert(revision.into_active_model())
            .exec_without_returning(&transaction)
            .await?;
        artifact_references::add(&transaction, "dataset", id, "upload", &new.upload.hash).await?;
        idempotency_keys::keep(&transaction, new.owner_id, "dataset", id, key).await?;
        audit::append(&transaction, &[entry.about("dataset", id)]).await?;
        transaction.commit().await?;
        self.0.artifacts().settled(&new.upload);
        self.0.job_queued(job.id);
        Ok(dataset)
    }

    /// A dataset.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn get(&self, scope: impl Into<Scope>, id: Uuid) -> StoreResult<Model> {
        let found = Entity::find_by_id(id)
            .filter(owned(scope.into()))
            .one(self.0.read())
            .await?;
        found.ok_or(StoreError::not_found("dataset"))
    }

    /// One reading of a dataset.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn revision(&self, id: Uuid, revision: i32) -> StoreResult<dataset_revisions::Model> {
        let found = dataset_revisions::Entity::find_by_id((id, revision))
            .one(self.0.read())
            .await?;
        found.ok_or(StoreError::not_found("dataset"))
    }

    /// A dataset with the reading that stands for it, profile included.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn with_revision(
        &self,
        scope: impl Into<Scope>,
        id: Uuid,
    ) -> StoreResult<(Model, dataset_revisions::Model)> {
        let dataset = self.get(scope, id).await?;
        let revision = self.revision(id, dataset.revision).await?;
        Ok((dataset, revision))
    }

    /// The ready or profiling dataset of this owner with these bytes: the newest, for doors that upload the
    /// same file again and again.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn by_upload(&self, owner_id: Uuid, upload_hash: &str) -> StoreResult<Option<Model>> {
        use sea_orm::QueryOrder;
        let found = Entity::find()
            .filter(Column::OwnerId.eq(owner_id))
            .filter(Column::UploadHash.eq(upload_hash))
            .filter(Column::Status.ne(DatasetStatus::Failed))
            .order_by_desc(Column::Number)
            .one(self.0.read())
            .await?;
        Ok(found)
    }

    /// One page of datasets.
    ///
    /// # Errors
    /// `Invalid` for a foreign cursor.
    pub async fn list(
        &self,
        scope: impl Into<Scope>,
        filter: &DatasetFilter,
        request: &PageRequest,
    ) -> StoreResult<Page<Model>> {
        let condition = owned(scope.into())
            .add_option(
                filter
                    .search
                    .as_deref()
                    .map(|words| page::contains(Column::SearchKey, words)),
            )
            .add_option(filter.status.map(|status| Column::Status.eq(status)));
        let select = Entity::find().filter(condition);
        // One that was not read yet comes after those without rows.
        let (measure, size): (SimpleExpr, fn(&Model) -> i64) = match request.sort {
            Sort::Rows => (Expr::col(Column::Rows).if_null(-1_i64), |row| {
                row.rows.unwrap_or(-1)
            }),
            Sort::Size => (Expr::col(Column::Bytes), |row| row.bytes),
            _ => {
                let of = |row: &Model| (row.number, row.name.clone());
                let name = Some(Column::Name);
                let database = self.0.read();
                return page::fetch(database, select, request, Column::Number, name, of).await;
            }
        };
        let of = |row: &Model| (row.number, size(row));
        page::fetch_greatest(self.0.read(), select, request, Column::Number, measure, of).await
    }

    /// How many models were trained on each of these datasets; a dataset without models is not in the answer.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn model_counts(&self, ids: &[Uuid]) -> StoreResult<BTreeMap<Uuid, u64>> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows: Vec<(Uuid, i64)> = models::Entity::find()
            .select_only()
            .column(models::Column::DatasetId)
            .column_as(models::Column::Id.count(), "models")
            .filter(models::Column::DatasetId.is_in(ids.iter().copied()))
            .group_by(models::Column::DatasetId)
            .into_tuple()
            .all(self.0.read())
            .await?;
        Ok(rows
            .into_iter()
            .map(|(id, count)| (id, u64::try_from(count).unwrap_or_default()))
            .collect())
    }

    /// Gives a dataset another name; models trained on it show the new one.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn rename(
        &self,
        scope: impl Into<Scope>,
        id: Uuid,
        name: &str,
        entry: AuditEntry,
    ) -> StoreResult<Model> {
        let name = &*names::checked("name", name)?;
        let transaction = self.0.write().await?;
        let found = Entity::find_by_id(id)
            .filter(owned(scope.into()))
            .lock_exclusive()
            .one(&transaction)
            .await?;
        let dataset = found.ok_or(StoreError::not_found("dataset"))?;
        let change = ActiveModel {
            name: Set(name.to_owned()),
            search_key: Set(page::search_key(&[Some(name), Some(&dataset.file_name)])),
            updated_at: Set(Timestamp::now()),
            ..Default::default()
        };
        let renamed = Entity::update_many()
            .set(change)
            .filter(Column::Id.eq(id))
            .exec_with_returning(&transaction)
            .await?;
        models::dataset_renamed(&transaction, id, name).await?;
        audit::append(&transaction, &[entry.about("dataset", id)]).await?;
        transaction.commit().await?;
        renamed
            .into_iter()
            .next()
            .ok_or(StoreError::not_found("dataset"))
    }

    /// Deletes a dataset, ends its unfinished reading, and lets go of its bytes. Models trained on it stay.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete(
        &self,
        scope: impl Into<Scope>,
        id: Uuid,
        entry: AuditEntry,
    ) -> StoreResult<()> {
        let transaction = self.0.write().await?;
        let found = Entity::find_by_id(id)
            .filter(owned(scope.into()))
            .lock_exclusive()
            .one(&transaction)
            .await?;
        let dataset = found.ok_or(StoreError::not_found("dataset"))?;
        let (ended, mut freed) = jobs::abandon(&transaction, dataset.job_id).await?;
        freed.extend(artifact_references::drop_of(&transaction, "dataset", id).await?);
        Entity::delete_by_id(id).exec(&transaction).await?;
        audit::append(&transaction, &[entry.about("dataset", id)]).await?;
        transaction.commit().await?;
        if let Some(job) = ended {
            self.0.job_changed(job);
        }
        self.0.artifacts().sweep_these(&freed).await
    }

    /// How many datasets there are, and their uploads' bytes together.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn totals(&self, scope: impl Into<Scope>) -> StoreResult<(u64, u64)> {
        let rows: Vec<(i64, Option<i64>)> = Entity::find()
            .select_only()
            .column_as(Column::Id.count(), "datasets")
            .column_as(Expr::expr(Column::Bytes.sum()).cast_as("BIGINT"), "bytes")
            .filter(owned(scope.into()))
            .into_tuple()
            .all(self.0.read())
            .await?;
        let (count, bytes) = rows.first().copied().unwrap_or_default();
        Ok((
            u64::try_from(count).unwrap_or_default(),
            u64::try_from(bytes.unwrap_or_default()).unwrap_or_default(),
        ))
    }
}

fn owned(scope: Scope) -> Condition {
    Condition::all().add_option(scope.condition(Column::OwnerId))
}

/// Puts the identifier a job works on into its payload.
pub(crate) fn add_to_payload(payload: &mut Json, field: &'static str, id: Uuid) {
    if *payload == Json::Null {
        *payload = serde_json::json!({});
    }
    if let Some(fields) = payload.as_object_mut() {
        fields.insert(field.to_owned(), Json::String(id.to_string()));
    }
}
