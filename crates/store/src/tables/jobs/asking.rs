//! Work that is paid for and changes no row of its own: it is asked for here, and what it found is kept with the model it
//! is about; and the wish that a job ends with what it has.

use sea_orm::ActiveValue::Set;
use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;

use super::{
    ActiveModel, Column, Ending, Entity, Fence, JobStatus, Jobs, Model, NewJob, holding, insert,
    owned, settle, subjects,
};
use crate::clock::Timestamp;
use crate::error::{Result as StoreResult, StoreError};
use crate::page::Scope;
use crate::tables::audit::{self, AuditEntry};
use crate::tables::idempotency_keys::{self, Idempotency};
use crate::tables::{artifact_references, ledger, model_findings};

/// A check of a model to be paid for and queued.
#[derive(Clone, Debug)]
pub struct NewCheck {
    /// Who asks and pays.
    pub owner_id: Uuid,
    /// About which model.
    pub model_id: Uuid,
    /// The table it reads; its bytes stay until the job ended.
    pub table_hash: String,
    /// What it costs.
    pub price: i64,
    /// The work.
    pub job: NewJob,
    /// The caller's key for a request that may come twice.
    pub idempotency: Option<Idempotency>,
}

/// What accepting work answered.
#[derive(Clone, Debug, PartialEq)]
pub struct AcceptedJob {
    /// The job.
    pub job: Model,
    /// What was charged for it.
    pub charged: i64,
    /// The balance after.
    pub balance: i64,
    /// Whether this answers a request that had come before.
    pub replayed: bool,
}

impl Jobs<'_> {
    /// Takes the price and queues the work.
    ///
    /// # Errors
    /// `NotFound { what: "artifact" }` when the table's bytes are gone; `InsufficientTokens`; `Conflict { what:
    /// "idempotency_key" }`; `Unauthenticated` for an account that is gone or off.
    pub async fn create_check(&self, new: NewCheck, entry: AuditEntry) -> StoreResult<AcceptedJob> {
        let transaction = self.0.write().await?;
        let key = new.idempotency.as_ref();
        if let Some(id) = idempotency_keys::earlier(&transaction, new.owner_id, "job", key).await? {
            let found = Entity::find_by_id(id).one(&transaction).await?;
            let job = found.ok_or(StoreError::not_found("job"))?;
            drop(transaction);
            return Ok(AcceptedJob {
                charged: job.price,
                balance: self.0.ledger().balance(new.owner_id).await?,
                job,
                replayed: true,
            });
        }
        let subject = Uuid::now_v7();
        let balance =
            ledger::debit(&transaction, new.owner_id, new.price, "check", subject).await?;
        let job = insert(
            &transaction,
            new.owner_id,
            new.job,
            new.price,
            Some((subjects::CHECK, subject)),
        )
        .await?;
        artifact_references::add(&transaction, "job", job.id, "input", &new.table_hash).await?;
        idempotency_keys::keep(&transaction, new.owner_id, "job", job.id, key).await?;
        audit::append(&transaction, &[entry.about("model", new.model_id)]).await?;
        transaction.commit().await?;
        self.0.job_queued(job.id);
        Ok(AcceptedJob {
            charged: job.price,
            balance,
            job,
            replayed: false,
        })
    }

    /// Ends a check with what it found, kept with the model under its kind.
    ///
    /// # Errors
    /// `LostLease`; `NotFound` when the model is gone.
    pub async fn finish_check(
        &self,
        fence: Fence,
        model: Uuid,
        kind: &str,
        found: Json,
    ) -> StoreResult<Model> {
        let transaction = self.0.write().await?;
        let job = holding(&transaction, fence).await?;
        model_findings::keep(&transaction, model, kind, found).await?;
        let result = serde_json::json!({ "kind": "model", "id": model });
        let (job, freed) = settle(&transaction, job, Ending::Done(Some(result))).await?;
        transaction.commit().await?;
        self.0.job_changed(job.id);
        self.0.artifacts().sweep_these(&freed).await?;
        Ok(job)
    }

    /// Asks a job to end with what it has: one that waits has nothing and is cancelled, one that runs is told at its next
    /// sign of life. One that ended stays as it is.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn request_stop(
        &self,
        scope: impl Into<Scope>,
        id: Uuid,
        entry: AuditEntry,
    ) -> StoreResult<Model> {
        let wish = ActiveModel {
            stop_requested: Set(true),
            ..Default::default()
        };
        self.wish(scope.into(), id, wish, entry).await
    }

    /// Ends a job that waits, and writes down for one that runs what its worker is to be told.
    pub(super) async fn wish(
        &self,
        scope: Scope,
        id: Uuid,
        wish: ActiveModel,
        entry: AuditEntry,
    ) -> StoreResult<Model> {
        let transaction = self.0.write().await?;
        let found = Entity::find_by_id(id)
            .filter(owned(scope))
            .lock_exclusive()
            .one(&transaction)
            .await?;
        let job = found.ok_or(StoreError::not_found("job"))?;
        let (job, freed) = match job.status {
            JobStatus::Queued => settle(&transaction, job, Ending::Cancelled).await?,
            JobStatus::Running => {
                let change = ActiveModel {
                    updated_at: Set(Timestamp::now()),
                    ..wish
                };
                let rows = Entity::update_many()
                    .set(change)
                    .filter(Column::Id.eq(id))
                    .exec_with_returning(&transaction)
                    .await?;
                let told = rows.into_iter().next();
                (told.ok_or(StoreError::not_found("job"))?, Vec::new())
            }
            JobStatus::Done | JobStatus::Failed | JobStatus::Cancelled => return Ok(job),
        };
        audit::append(&transaction, &[entry.about("job", id)]).await?;
        transaction.commit().await?;
        self.0.job_changed(id);
        self.0.artifacts().sweep_these(&freed).await?;
        Ok(job)
    }
}
