//! Models that come finished: from a file somebody brought, or from a study. There is no job behind them.

use sea_orm::ActiveValue::Set;
use sea_orm::IntoActiveModel;
use sea_orm::entity::prelude::*;

use super::lifecycle::become_ready;
use super::{ActiveModel, Column, Entity, Model, ModelStatus, Models, TrainedModel, Visibility};
use crate::clock::Timestamp;
use crate::error::{Result as StoreResult, StoreError};
use crate::json::JsonText;
use crate::names;
use crate::page::{self, Scope};
use crate::tables::audit::{self, AuditEntry};
use crate::tables::{counters, model_names};

/// A model that is already trained.
#[derive(Clone, Debug)]
pub struct NewImport {
    /// Whose it becomes.
    pub owner_id: Uuid,
    /// What its owner calls it; a name that exists gets another version.
    pub name: String,
    /// What it was trained on, where that is known here.
    pub source: Option<Source>,
    /// The predicted column.
    pub target: String,
    /// What decided.
    pub metric: Option<String>,
    /// The class that counts as positive.
    pub positive_class: Option<String>,
    /// The columns it was told to learn from.
    pub features: Option<Json>,
    /// The whole training request it was made by.
    pub spec: Json,
    /// The part of the rows that was kept for the test.
    pub test_size: f64,
    /// Cross-validation folds.
    pub folds: i32,
    /// The seed.
    pub seed: i64,
    /// The file and what is known of it.
    pub trained: TrainedModel,
}

/// What a model was trained on.
#[derive(Clone, Debug)]
pub struct Source {
    /// The data set, while that exists.
    pub dataset_id: Option<Uuid>,
    /// What it is or was called.
    pub dataset_name: String,
    /// Exactly which table.
    pub dataset_hash: Option<String>,
}

impl Models<'_> {
    /// Makes a version of a finished model. Nothing is charged.
    ///
    /// # Errors
    /// `Invalid` for the name.
    pub async fn import(&self, new: NewImport, entry: AuditEntry) -> StoreResult<Model> {
        let name = names::checked("name", &new.name)?;
        let artifact = new.trained.artifact.clone();
        let transaction = self.0.write().await?;
        let model = add(&transaction, new, name).await?;
        audit::append(&transaction, &[entry.about("model", model.id)]).await?;
        transaction.commit().await?;
        self.0.artifacts().settled(&artifact);
        Ok(model)
    }

    /// Files a model under other words, or notes something else about it; what is `None` stays.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn annotate(
        &self,
        scope: impl Into<Scope>,
        id: Uuid,
        tags: Option<Json>,
        notes: Option<Option<String>>,
        entry: AuditEntry,
    ) -> StoreResult<Model> {
        let transaction = self.0.write().await?;
        let mut change = ActiveModel {
            updated_at: Set(Timestamp::now()),
            ..Default::default()
        };
        if let Some(tags) = tags {
            change.tags = Set(JsonText::from(tags));
        }
        if let Some(notes) = notes {
            change.notes = Set(notes);
        }
        let changed = Entity::update_many()
            .set(change)
            .filter(super::owned(scope.into()))
            .filter(Column::Id.eq(id))
            .exec_with_returning(&transaction)
            .await?;
        let model = changed
            .into_iter()
            .next()
            .ok_or(StoreError::not_found("model"))?;
        audit::append(&transaction, &[entry.about("model", id)]).await?;
        transaction.commit().await?;
        Ok(model)
    }
}

/// Writes the rows of a finished model, as a step of a larger change.
pub(crate) async fn add(
    database: &impl ConnectionTrait,
    new: NewImport,
    name: String,
) -> StoreResult<Model> {
    let now = Timestamp::now();
    let version = model_names::next_version(database, new.owner_id, &name).await?;
    let source = new.source.unwrap_or(Source {
        dataset_id: None,
        dataset_name: String::new(),
        dataset_hash: None,
    });
    let model = Model {
        id: Uuid::now_v7(),
        number: counters::next(database, "models").await?,
        owner_id: new.owner_id,
        search_key: page::search_key(&[Some(&name)]),
        name,
        version,
        status: ModelStatus::Training,
        dataset_id: source.dataset_id,
        dataset_name: source.dataset_name,
        dataset_hash: source.dataset_hash,
        target: new.target,
        task: None,
        algorithm: new.trained.algorithm.clone(),
        effort: None,
        metric: new.metric,
        positive_class: new.positive_class,
        params: serde_json::json!({}).into(),
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
        job_id: None,
        visibility: Visibility::Private,
        guest_slug: None,
        tags: serde_json::json!([]).into(),
        notes: None,
        created_at: now,
        updated_at: now,
        finished_at: None,
    };
    let id = model.id;
    Entity::insert(model.into_active_model())
        .exec_without_returning(database)
        .await?;
    become_ready(database, id, new.trained).await
}
