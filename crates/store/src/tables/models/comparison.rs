//! Several algorithms trained on one table for one price: each is a version of the same name, one job trains them one
//! after the other, and one that fails does not hold the others up.

use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;

use super::lifecycle::{Birth, become_ready, insert};
use super::{Column, Entity, Model, ModelStatus, Models, NewModel, TrainedModel, set_failed};
use crate::error::{Result as StoreResult, StoreError};
use crate::names;
use crate::tables::audit::{self, AuditEntry};
use crate::tables::idempotency_keys::{self, Idempotency};
use crate::tables::jobs::{self, Failure, Fence, NewJob, subjects};
use crate::tables::{artifact_references, datasets, ledger, model_names};

/// An accepted comparison. Of each model, price, job and key are not looked at.
#[derive(Clone, Debug)]
pub struct NewComparison {
    /// Whose it is, and who pays.
    pub owner_id: Uuid,
    /// The models, all of one name and on one table.
    pub models: Vec<NewModel>,
    /// What it costs.
    pub price: i64,
    /// The work.
    pub job: NewJob,
    /// The caller's key for a request that may come twice.
    pub idempotency: Option<Idempotency>,
}

/// What accepting a comparison answered.
#[derive(Clone, Debug, PartialEq)]
pub struct AcceptedComparison {
    /// The job.
    pub job: jobs::Model,
    /// The models, in the order asked for.
    pub models: Vec<Model>,
    /// What was charged for it.
    pub charged: i64,
    /// The balance after.
    pub balance: i64,
    /// Whether this answers a request that had come before.
    pub replayed: bool,
}

impl Models<'_> {
    /// Takes the price once, and queues all of it.
    ///
    /// # Errors
    /// Those of [`Models::create_with_job`]; `Invalid` without models.
    pub async fn create_comparison(
        &self,
        new: NewComparison,
        entry: AuditEntry,
    ) -> StoreResult<AcceptedComparison> {
        let first = new
            .models
            .first()
            .ok_or(StoreError::invalid("algorithms", "Name algorithms."))?;
        let name = names::checked("name", &first.name)?;
        let (dataset_id, hash) = (first.dataset_id, first.dataset_hash.clone());
        let transaction = self.0.write().await?;
        let key = new.idempotency.as_ref();
        if let Some(id) = idempotency_keys::earlier(&transaction, new.owner_id, "job", key).await? {
            let found = jobs::Entity::find_by_id(id).one(&transaction).await?;
            let job = found.ok_or(StoreError::not_found("job"))?;
            drop(transaction);
            return Ok(AcceptedComparison {
                models: self.of_job(job.id).await?,
                charged: job.price,
                balance: self.0.ledger().balance(new.owner_id).await?,
                job,
                replayed: true,
            });
        }
        let dataset = datasets::Entity::find_by_id(dataset_id)
            .filter(datasets::Column::OwnerId.eq(new.owner_id))
            .one(&transaction)
            .await?
            .ok_or(StoreError::not_found("dataset"))?;
        let mut versions = Vec::with_capacity(new.models.len());
        for _ in &new.models {
            versions.push(model_names::next_version(&transaction, new.owner_id, &name).await?);
        }
        let mut work = new.job;
        // By it a worker knows which place of the request a model had.
        if let Some(payload) = work.payload.as_object_mut() {
            payload.insert("first".to_owned(), Json::from(versions.first().copied()));
        }
        let subject = Uuid::now_v7();
        let balance =
            ledger::debit(&transaction, new.owner_id, new.price, "train", subject).await?;
        let job = jobs::insert(
            &transaction,
            new.owner_id,
            work,
            new.price,
            Some((subjects::COMPARISON, subject)),
        )
        .await?;
        let mut models = Vec::with_capacity(new.models.len());
        for (one, version) in new.models.into_iter().zip(versions) {
            let birth = Birth {
                id: Uuid::now_v7(),
                name: name.clone(),
                version,
                job: job.id,
            };
            models.push(insert(&transaction, birth, one, dataset.name.clone()).await?);
        }
        artifact_references::add(&transaction, "job", job.id, "input", &hash).await?;
        idempotency_keys::keep(&transaction, new.owner_id, "job", job.id, key).await?;
        audit::append(&transaction, &[entry.about("job", job.id)]).await?;
        transaction.commit().await?;
        self.0.job_queued(job.id);
        Ok(AcceptedComparison {
            charged: job.price,
            job,
            models,
            balance,
            replayed: false,
        })
    }

    /// The models of a job that are still there, in the order asked for.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn of_job(&self, job: Uuid) -> StoreResult<Vec<Model>> {
        Ok(Entity::find()
            .filter(Column::JobId.eq(job))
            .order_by_asc(Column::Version)
            .all(self.0.read())
            .await?)
    }

    /// One model of a comparison is trained; the job goes on.
    ///
    /// # Errors
    /// `LostLease`; `NotFound` when it was deleted meanwhile.
    pub async fn finish_one(
        &self,
        fence: Fence,
        id: Uuid,
        trained: TrainedModel,
    ) -> StoreResult<Model> {
        let transaction = self.0.write().await?;
        let job = jobs::holding(&transaction, fence).await?;
        member(&transaction, &job, id).await?;
        let artifact = trained.artifact.clone();
        let model = become_ready(&transaction, id, trained).await?;
        transaction.commit().await?;
        self.0.artifacts().settled(&artifact);
        self.0.job_changed(job.id);
        Ok(model)
    }

    /// One model of a comparison cannot be trained; the job goes on.
    ///
    /// # Errors
    /// `LostLease`; `NotFound` when it was deleted meanwhile.
    pub async fn fail_one(&self, fence: Fence, id: Uuid, failure: &Failure) -> StoreResult<()> {
        let transaction = self.0.write().await?;
        let job = jobs::holding(&transaction, fence).await?;
        member(&transaction, &job, id).await?;
        set_failed(&transaction, id, ModelStatus::Failed, failure).await?;
        transaction.commit().await?;
        self.0.job_changed(job.id);
        Ok(())
    }
}

/// Lets nobody but a model's own job change it.
async fn member(database: &impl ConnectionTrait, job: &jobs::Model, id: Uuid) -> StoreResult<()> {
    let found = Entity::find_by_id(id)
        .filter(Column::JobId.eq(job.id))
        .one(database)
        .await?;
    found.map(drop).ok_or(StoreError::not_found("model"))
}
