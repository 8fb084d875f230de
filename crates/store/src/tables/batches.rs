//! Files that models answer. A batch is paid for, row by row counted, in the commit that takes it in; its job reads the
//! uploaded file, and its result is an artifact that goes with it. Where it stands is told by its job.

use std::collections::BTreeMap;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, IntoActiveModel, QueryOrder, QuerySelect, QueryTrait};

use crate::Store;
use crate::artifacts::ArtifactRef;
use crate::clock::Timestamp;
use crate::error::{Result as StoreResult, StoreError};
use crate::json::JsonText;
use crate::page::{self, Page, PageRequest, Scope};
use crate::tables::audit::{self, AuditEntry};
use crate::tables::idempotency_keys::{self, Idempotency};
use crate::tables::jobs::{self, Ending, Fence, NewJob};
use crate::tables::users::Role;
use crate::tables::{artifact_references, datasets, ledger, models, users};

/// How many old batches one transaction removes.
const STEP: u64 = 500;

/// A file and what was answered to it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "batches")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who asked, and paid.
    pub owner_id: Uuid,
    /// Which model; it may be gone.
    pub model_id: Uuid,
    /// Whose model.
    pub model_owner_id: Uuid,
    /// What the model was called.
    pub model_name: String,
    /// What the file was called.
    pub file_name: String,
    /// The format it was in.
    pub format: String,
    /// Its size.
    pub bytes: i64,
    /// Its rows, counted before it was paid for.
    pub rows: i64,
    /// How answers are written: `csv` or `parquet`.
    pub result_format: String,
    /// Whether the probability of every class is wanted.
    pub probabilities: bool,
    /// What it cost.
    pub price: i64,
    /// The job that answers it.
    pub job_id: Uuid,
    /// The answers, once they are there.
    pub result_hash: Option<String>,
    /// Their size.
    pub result_bytes: Option<i64>,
    /// What was odd, counted by column.
    pub warnings: Option<JsonText>,
    /// Where its rows fall among those its model learned from.
    pub tally: Option<JsonText>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it ended, well or not.
    pub finished_at: Option<Timestamp>,
}

no_relations!();

/// A file that was stored and counted.
#[derive(Clone, Debug)]
pub struct NewBatch {
    /// Who asks and pays.
    pub owner_id: Uuid,
    /// The caller's token version when the session was checked; nothing for an API key.
    pub token_version: Option<i32>,
    /// The role the caller's rights were decided by.
    pub role: Role,
    /// Which model.
    pub model_id: Uuid,
    /// What the file is called.
    pub file_name: String,
    /// The format it is in.
    pub format: String,
    /// The stored bytes.
    pub upload: ArtifactRef,
    /// Its rows.
    pub rows: u64,
    /// How answers are written.
    pub result_format: String,
    /// Whether the probability of every class is wanted.
    pub probabilities: bool,
    /// What it costs.
    pub price: i64,
    /// The work; the payload gains `"batch_id"` and `"upload_hash"`.
    pub job: NewJob,
    /// The caller's key for a request that may come twice.
    pub idempotency: Option<Idempotency>,
}

/// An accepted batch.
#[derive(Clone, Debug)]
pub struct AcceptedBatch {
    /// The batch.
    pub batch: Model,
    /// The balance after.
    pub balance: i64,
    /// Whether this answers a request that had come before.
    pub replayed: bool,
}

/// What a job answered.
#[derive(Clone, Debug)]
pub struct AnsweredBatch {
    /// The stored answers.
    pub result: ArtifactRef,
    /// What was odd.
    pub warnings: Json,
    /// Where its rows fall.
    pub tally: Option<Json>,
}

/// Which batches a list holds.
#[derive(Clone, Debug, Default)]
pub struct BatchFilter {
    /// Only of this model.
    pub model: Option<Uuid>,
    /// Only of files in this format.
    pub format: Option<&'static str>,
    /// Only those whose job stands so.
    pub status: Option<jobs::JobStatus>,
}

/// Queries on batches; from [`Store::batches`].
#[derive(Clone, Copy, Debug)]
pub struct Batches<'a>(pub(crate) &'a Store);

impl Batches<'_> {
    /// Takes a file in: price, batch, job, the reference to its bytes and the audit entry in one commit. Under a key seen
    /// before: the batch made then.
    ///
    /// # Errors
    /// `Unauthenticated`, `Forbidden`, `NotFound` (the model), `InsufficientTokens`, `Conflict { what: "idempotency_key" }`;
    /// nothing is charged on any.
    pub async fn create_with_job(
        &self,
        new: NewBatch,
        entry: AuditEntry,
    ) -> StoreResult<AcceptedBatch> {
        let transaction = self.0.write().await?;
        let key = new.idempotency.as_ref();
        if let Some(id) =
            idempotency_keys::earlier(&transaction, new.owner_id, "batch", key).await?
        {
            let found = Entity::find_by_id(id).one(&transaction).await?;
            drop(transaction);
            self.0.artifacts().discard(&new.upload).await?;
            let balance = self.0.ledger().balance(new.owner_id).await?;
            return Ok(AcceptedBatch {
                batch: found.ok_or(StoreError::not_found("batch"))?,
                balance,
                replayed: true,
            });
        }
        let owner = users::Entity::find_by_id(new.owner_id)
            .lock_exclusive()
            .one(&transaction)
            .await?
            .filter(|owner| owner.active)
            .ok_or(StoreError::Unauthenticated)?;
        let current = |version| version == owner.token_version;
        if !new.token_version.is_none_or(current) {
            return Err(StoreError::Unauthenticated);
        }
        if owner.role != new.role {
            return Err(StoreError::Forbidden);
        }
        let model = models::Entity::find_by_id(new.model_id)
            .filter(models::Column::Status.eq(models::ModelStatus::Ready))
            .filter(
                Condition::any()
                    .add(models::Column::OwnerId.eq(new.owner_id))
                    .add(models::Column::Visibility.eq(models::Visibility::SignedIn)),
            )
            .one(&transaction)
            .await?
            .ok_or(StoreError::not_found("model"))?;
        let id = Uuid::now_v7();
        let balance = ledger::debit(&transaction, new.owner_id, new.price, "batch", id).await?;
        let mut job = new.job;
        datasets::add_to_payload(&mut job.payload, "batch_id", id);
        if let Some(fields) = job.payload.as_object_mut() {
            fields.insert("upload_hash".to_owned(), new.upload.hash.clone().into());
        }
        let subject = Some((jobs::subjects::BATCH, id));
        let job = jobs::insert(&transaction, new.owner_id, job, new.price, subject).await?;
        let batch = Model {
            id,
            owner_id: new.owner_id,
            model_id: model.id,
            model_owner_id: model.owner_id,
            model_name: model.name,
            file_name: new.file_name,
            format: new.format,
            bytes: i64::try_from(new.upload.size).unwrap_or(i64::MAX),
            rows: i64::try_from(new.rows).unwrap_or(i64::MAX),
            result_format: new.result_format,
            probabilities: new.probabilities,
            price: new.price,
            job_id: job.id,
            result_hash: None,
            result_bytes: None,
            warnings: None,
            tally: None,
            created_at: Timestamp::now(),
            finished_at: None,
        };
        Entity::insert(batch.clone().into_active_model())
            .exec_without_returning(&transaction)
            .await?;
        artifact_references::add(&transaction, "job", job.id, "input", &new.upload.hash).await?;
        idempotency_keys::keep(&transaction, new.owner_id, "batch", id, key).await?;
        audit::append(&transaction, &[entry.about("batch", id)]).await?;
        transaction.commit().await?;
        self.0.artifacts().settled(&new.upload);
        self.0.job_queued(job.id);
        Ok(AcceptedBatch {
            batch,
            balance,
            replayed: false,
        })
    }

    /// A batch with its job.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn get(
        &self,
        scope: impl Into<Scope>,
        id: Uuid,
    ) -> StoreResult<(Model, jobs::Model)> {
        let found = Entity::find_by_id(id)
            .filter(owned(scope.into()))
            .one(self.0.read())
            .await?;
        let batch = found.ok_or(StoreError::not_found("batch"))?;
        let job = jobs::Entity::find_by_id(batch.job_id)
            .one(self.0.read())
            .await?;
        Ok((batch, job.ok_or(StoreError::not_found("batch"))?))
    }

    /// One page of batches, each with its job.
    ///
    /// # Errors
    /// `Invalid` for a foreign cursor.
    pub async fn list(
        &self,
        scope: impl Into<Scope>,
        filter: &BatchFilter,
        request: &PageRequest,
    ) -> StoreResult<Page<(Model, jobs::Model)>> {
        let standing = |status: jobs::JobStatus| {
            let jobs = jobs::Entity::find()
                .select_only()
                .column(jobs::Column::Id)
                .filter(jobs::Column::Status.eq(status));
            Column::JobId.in_subquery(jobs.into_query())
        };
        let condition = owned(scope.into())
            .add_option(filter.model.map(|model| Column::ModelId.eq(model)))
            .add_option(filter.format.map(|format| Column::Format.eq(format)))
            .add_option(filter.status.map(standing));
        let select = Entity::find().filter(condition);
        let of = |row: &Model| (row.id, String::new());
        let page = page::fetch(self.0.read(), select, request, Column::Id, None, of).await?;
        let wanted = page.items.iter().map(|batch| batch.job_id);
        let jobs = jobs::Entity::find()
            .filter(jobs::Column::Id.is_in(wanted))
            .all(self.0.read())
            .await?;
        let mut jobs: BTreeMap<Uuid, jobs::Model> =
            jobs.into_iter().map(|job| (job.id, job)).collect();
        let items = page.items.into_iter().filter_map(|batch| {
            let job = jobs.remove(&batch.job_id)?;
            Some((batch, job))
        });
        Ok(Page {
            items: items.collect(),
            next_cursor: page.next_cursor,
        })
    }

    /// What rows of a model's batches came to, in the time given: when each ended, how many rows, and where they fall.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn tallies(
        &self,
        model: Uuid,
        from: Timestamp,
        until: Timestamp,
    ) -> StoreResult<Vec<(Timestamp, i64, JsonText)>> {
        let found: Vec<(Timestamp, i64, Option<JsonText>)> = Entity::find()
            .select_only()
            .column(Column::CreatedAt)
            .column(Column::Rows)
            .column(Column::Tally)
            .filter(Column::ModelId.eq(model))
            .filter(Column::Tally.is_not_null())
            .filter(Column::CreatedAt.gte(from))
            .filter(Column::CreatedAt.lt(until))
            .into_tuple()
            .all(self.0.read())
            .await?;
        Ok(found
            .into_iter()
            .filter_map(|(at, rows, tally)| Some((at, rows, tally?)))
            .collect())
    }

    /// Ends a batch well: its answers are stored.
    ///
    /// # Errors
    /// `LostLease`; `NotFound` for answers that were not stored.
    pub async fn finish(&self, fence: Fence, answered: AnsweredBatch) -> StoreResult<()> {
        let transaction = self.0.write().await?;
        let job = jobs::holding(&transaction, fence).await?;
        let id = job.subject_id.ok_or(StoreError::not_found("batch"))?;
        let change = ActiveModel {
            result_hash: Set(Some(answered.result.hash.clone())),
            result_bytes: Set(Some(
                i64::try_from(answered.result.size).unwrap_or(i64::MAX),
            )),
            warnings: Set(Some(answered.warnings.into())),
            tally: Set(answered.tally.map(JsonText::from)),
            finished_at: Set(Some(Timestamp::now())),
            ..Default::default()
        };
        let changed = Entity::update_many()
            .set(change)
            .filter(Column::Id.eq(id))
            .exec(&transaction)
            .await?;
        if changed.rows_affected == 0 {
            return Err(StoreError::not_found("batch"));
        }
        artifact_references::add(&transaction, "batch", id, "result", &answered.result.hash)
            .await?;
        let result = serde_json::json!({ "kind": "batch", "id": id });
        let (_, freed) = jobs::settle(&transaction, job, Ending::Done(Some(result))).await?;
        transaction.commit().await?;
        self.0.artifacts().settled(&answered.result);
        self.0.job_changed(fence.job);
        self.0.artifacts().sweep_these(&freed).await
    }

    /// Deletes a batch with its answers; one that still runs is stopped and its price given back.
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
        let batch = found.ok_or(StoreError::not_found("batch"))?;
        let (ended, mut freed) = jobs::abandon(&transaction, Some(batch.job_id)).await?;
        freed.extend(artifact_references::drop_of(&transaction, "batch", id).await?);
        Entity::delete_by_id(id).exec(&transaction).await?;
        audit::append(&transaction, &[entry.about("batch", id)]).await?;
        transaction.commit().await?;
        if let Some(job) = ended {
            self.0.job_changed(job);
        }
        self.0.artifacts().sweep_these(&freed).await
    }

    /// Removes batches that ended before a moment, with their answers. Returns how many.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn remove_before(&self, moment: Timestamp) -> StoreResult<u64> {
        let mut removed = 0;
        loop {
            let transaction = self.0.write().await?;
            let old: Vec<Uuid> = Entity::find()
                .select_only()
                .column(Column::Id)
                .filter(Column::FinishedAt.lt(moment))
                .order_by_asc(Column::Id)
                .limit(STEP)
                .into_tuple()
                .all(&transaction)
                .await?;
            if old.is_empty() {
                return Ok(removed);
            }
            let mut freed = Vec::new();
            for id in &old {
                freed.extend(artifact_references::drop_of(&transaction, "batch", *id).await?);
            }
            Entity::delete_many()
                .filter(Column::Id.is_in(old.iter().copied()))
                .exec(&transaction)
                .await?;
            let details = serde_json::json!({ "before": moment, "count": old.len() });
            let entry = AuditEntry::new("batches.remove").details(details);
            audit::append(&transaction, &[entry]).await?;
            transaction.commit().await?;
            removed += old.len() as u64;
            self.0.artifacts().sweep_these(&freed).await?;
        }
    }
}

fn owned(scope: Scope) -> Condition {
    Condition::all().add_option(scope.condition(Column::OwnerId))
}

/// Notes when a batch ended badly; why is told by its job.
pub(crate) async fn set_failed(database: &impl ConnectionTrait, id: Uuid) -> StoreResult<()> {
    let change = ActiveModel {
        finished_at: Set(Some(Timestamp::now())),
        ..Default::default()
    };
    Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(id))
        .exec(database)
        .await?;
    Ok(())
}
