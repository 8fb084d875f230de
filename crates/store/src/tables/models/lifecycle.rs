//! How a model comes and goes: the commit that takes a training in, the one that ends it well, and the one
//! that deletes. Each is whole: price, rows, references, job and audit move together.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, QueryOrder, QuerySelect};

use super::{
    AcceptedModel, ActiveModel, Column, Entity, Model, ModelStatus, Models, NewModel, TrainedModel,
    Visibility, locked,
};
use crate::clock::Timestamp;
use crate::error::{Result as StoreResult, StoreError};
use crate::json::JsonText;
use crate::names;
use crate::page::{self, Scope};
use crate::tables::audit::{self, AuditEntry};
use crate::tables::idempotency_keys;
use crate::tables::jobs::{self, Ending, Fence};
use crate::tables::{artifact_references, counters, datasets, ledger, model_names, model_reports};

/// Which models go together.
#[derive(Clone, Debug)]
pub enum Doomed {
    /// These; each once.
    These(Vec<Uuid>),
    /// All versions of a name.
    Named(String),
    /// All their owner has.
    All,
}

/// What a model gets when it is made.
pub(super) struct Birth {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) version: i32,
    pub(super) job: Uuid,
}

/// Writes the row of a training that was accepted.
pub(super) async fn insert(
    database: &impl ConnectionTrait,
    birth: Birth,
    new: NewModel,
    dataset_name: String,
) -> StoreResult<Model> {
    let now = Timestamp::now();
    let model = Model {
        id: birth.id,
        number: counters::next(database, "models").await?,
        owner_id: new.owner_id,
        search_key: page::search_key(&[Some(&birth.name)]),
        name: birth.name,
        version: birth.version,
        status: ModelStatus::Queued,
        dataset_id: Some(new.dataset_id),
        dataset_name,
        dataset_hash: Some(new.dataset_hash),
        target: new.target,
        task: new.task,
        algorithm: new.algorithm,
        effort: new.effort,
        metric: new.metric,
        positive_class: new.positive_class,
        params: new.params.into(),
        features: new.features.map(JsonText::from),
        test_size: new.test_size,
        folds: new.folds,
        seed: new.seed,
        spec: new.spec.into(),
        metrics: None,
        verdict: None,
        fit_seconds: None,
        bytes: None,
        artifact_hash: None,
        error: None,
        job_id: Some(birth.job),
        visibility: Visibility::Private,
        guest_slug: None,
        tags: new.tags.into(),
        notes: None,
        created_at: now,
        updated_at: now,
        finished_at: None,
    };
    Entity::insert(model.clone().into_active_model())
        .exec_without_returning(database)
        .await?;
    Ok(model)
}

impl Models<'_> {
    /// it must be new) or `"idempotency_key"`; `Unauthenticated` for an account that is gone or off.
    pub async fn create_with_job(
        &self,
        new: NewModel,
        entry: AuditEntry,
    ) -> StoreResult<AcceptedModel> {
        let name = names::checked("name", &new.name)?;
        let transaction = self.0.write().await?;
        let mut new = new;
        let key = new.idempotency.take();
        let key = key.as_ref();
        if let Some(id) =
            idempotency_keys::earlier(&transaction, new.owner_id, "model", key).await?
        {
            let found = Entity::find_by_id(id).one(&transaction).await?;
            let model = found.ok_or(StoreError::not_found("model"))?;
            let job = match model.job_id {
                Some(job) => jobs::Entity::find_by_id(job).one(&transaction).await?,
                None => None,
            };
            let charged = job.map_or(0, |job| job.price);
            drop(transaction);
            let balance = self.0.ledger().balance(new.owner_id).await?;
            return Ok(AcceptedModel {
                model,
                charged,
                balance,
                replayed: true,
            });
        }
        let dataset = datasets::Entity::find_by_id(new.dataset_id)
            .filter(datasets::Column::OwnerId.eq(new.owner_id))
            .one(&transaction)
            .await?
            .ok_or(StoreError::not_found("dataset"))?;
        let id = Uuid::now_v7();
        let balance = ledger::debit(&transaction, new.owner_id, new.price, "train", id).await?;
        let version = model_names::next_version(&transaction, new.owner_id, &name).await?;
        if new.name_must_be_new && version > 1 {
            return Err(StoreError::conflict("name"));
        }
        let mut job = new.job.clone();
        datasets::add_to_payload(&mut job.payload, "model_id", id);
        let job = jobs::insert(
            &transaction,
            new.owner_id,
            job,
            new.price,
            Some(("model", id)),
        )
        .await?;
        let hash = new.dataset_hash.clone();
        let price = new.price;
        let model = insert(
            &transaction,
            Birth {
                id,
                name,
                version,
                job: job.id,
            },
            new,
            dataset.name,
        )
        .await?;
        artifact_references::add(&transaction, "job", job.id, "input", &hash).await?;
        idempotency_keys::keep(&transaction, model.owner_id, "model", id, key).await?;
        audit::append(&transaction, &[entry.about("model", id)]).await?;
        transaction.commit().await?;
        self.0.job_queued(job.id);
        Ok(AcceptedModel {
            model,
            charged: price,
            balance,
            replayed: false,
        })
    }

    /// `NotFound`.
    pub async fn delete(
        &self,
        scope: impl Into<Scope>,
        id: Uuid,
        entry: AuditEntry,
    ) -> StoreResult<()> {
        let transaction = self.0.write().await?;
        let model = locked(&transaction, scope.into(), id).await?;
        self.delete_these(transaction, vec![model], entry.about("model", id))
            .await
    }

    /// `NotFound` when there is none.
    pub async fn delete_name(
        &self,
        owner_id: Uuid,
        name: &str,
        entry: AuditEntry,
    ) -> StoreResult<()> {
        let transaction = self.0.write().await?;
        let models = Entity::find()
            .filter(Column::OwnerId.eq(owner_id))
            .filter(Column::Name.eq(name))
            .order_by_asc(Column::Id)
            .lock_exclusive()
            .all(&transaction)
            .await?;
        if models.is_empty() {
            return Err(StoreError::not_found("model"));
        }
        self.delete_these(transaction, models, entry.about("model_name", name))
            .await
    }

    /// Deletes versions, or all of them; returns how many.
    ///
    /// # Errors
    /// `NotFound` when one of those named is not there: then none is deleted.
    pub async fn delete_several(
        &self,
        owner_id: Uuid,
        which: &Doomed,
        entry: AuditEntry,
    ) -> StoreResult<Vec<Uuid>> {
        let transaction = self.0.write().await?;
        let select = Entity::find().filter(Column::OwnerId.eq(owner_id));
        let select = match which {
            Doomed::These(ids) => select.filter(Column::Id.is_in(ids.iter().copied())),
            Doomed::Named(name) => select.filter(page::equals(Column::Name, name)),
            Doomed::All => select,
        };
        let models = select
            .order_by_asc(Column::Id)
            .lock_exclusive()
            .all(&transaction)
            .await?;
        let missing = match which {
            Doomed::These(ids) => models.len() < ids.len(),
            Doomed::Named(_) => models.is_empty(),
            Doomed::All => false,
        };
        if missing {
            return Err(StoreError::not_found("model"));
        }
        let ids: Vec<Uuid> = models.iter().map(|model| model.id).collect();
        let entry = entry
            .about("user", owner_id)
            .details(serde_json::json!({ "models": ids }));
        self.delete_these(transaction, models, entry).await?;
        Ok(ids)
    }

    async fn delete_these(
        &self,
        transaction: sea_orm::DatabaseTransaction,
        models: Vec<Model>,
        entry: AuditEntry,
    ) -> StoreResult<()> {
        let mut freed = Vec::new();
        let mut ended = Vec::new();
        for model in &models {
            let (job, hashes) = jobs::abandon(&transaction, model.job_id).await?;
            ended.extend(job);
            freed.extend(hashes);
            freed.extend(artifact_references::drop_of(&transaction, "model", model.id).await?);
            Entity::delete_by_id(model.id).exec(&transaction).await?;
            let left = Entity::find()
                .filter(Column::OwnerId.eq(model.owner_id))
                .filter(Column::Name.eq(&model.name))
                .one(&transaction)
                .await?;
            if left.is_none() {
                model_names::remove(&transaction, model.owner_id, &model.name).await?;
            }
        }
        audit::append(&transaction, &[entry]).await?;
        transaction.commit().await?;
        for job in ended {
            self.0.job_changed(job);
        }
        self.0.artifacts().sweep_these(&freed).await
    }

    /// `LostLease`; `NotFound` for a file that was not stored.
    pub async fn finish(&self, fence: Fence, trained: TrainedModel) -> StoreResult<Model> {
        let transaction = self.0.write().await?;
        let job = jobs::holding(&transaction, fence).await?;
        let id = job.subject_id.ok_or(StoreError::not_found("model"))?;
        let artifact = trained.artifact.clone();
        let model = become_ready(&transaction, id, trained).await?;
        let result = serde_json::json!({ "kind": "model", "id": id });
        let (_, freed) = jobs::settle(&transaction, job, Ending::Done(Some(result))).await?;
        transaction.commit().await?;
        self.0.artifacts().settled(&artifact);
        self.0.job_changed(fence.job);
        self.0.artifacts().sweep_these(&freed).await?;
        Ok(model)
    }
}

/// Turns a model that was queued into one that predicts, with its report and its file.
pub(super) async fn become_ready(
    database: &impl ConnectionTrait,
    id: Uuid,
    trained: TrainedModel,
) -> StoreResult<Model> {
    let now = Timestamp::now();
    let change = ActiveModel {
        status: Set(ModelStatus::Ready),
        task: Set(Some(trained.task)),
        algorithm: Set(trained.algorithm),
        params: Set(trained.params.into()),
        metrics: Set(Some(trained.metrics.into())),
        verdict: Set(Some(trained.verdict)),
        fit_seconds: Set(Some(trained.fit_seconds)),
        bytes: Set(Some(
            i64::try_from(trained.artifact.size).unwrap_or(i64::MAX),
        )),
        artifact_hash: Set(Some(trained.artifact.hash.clone())),
        error: Set(None),
        updated_at: Set(now),
        finished_at: Set(Some(now)),
        ..Default::default()
    };
    let ready = Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(id))
        .exec_with_returning(database)
        .await?;
    let model = ready
        .into_iter()
        .next()
        .ok_or(StoreError::not_found("model"))?;
    let report = model_reports::Model {
        model_id: id,
        classes: trained.classes.into(),
        signature: trained.signature.into(),
        report: trained.report.into(),
        lineage: trained.lineage.into(),
    };
    model_reports::Entity::insert(report.into_active_model())
        .exec_without_returning(database)
        .await?;
    artifact_references::add(database, "model", id, "model", &trained.artifact.hash).await?;
    Ok(model)
}
