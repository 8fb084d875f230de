//! Trained models: one row is one version of a name. A row is made with its training job and its price in one
//! commit, and becomes `ready` in the commit that ends the job, so nobody sees half a model. Large answers are
//! in `model_reports`.

use std::collections::BTreeMap;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder, QuerySelect};

use crate::Store;
use crate::artifacts::ArtifactRef;
use crate::clock::Timestamp;
use crate::error::{Result as StoreResult, StoreError};
use crate::json::JsonText;
use crate::names;
use crate::page::{self, Page, PageRequest, Scope};
use crate::tables::audit::{self, AuditEntry};
use crate::tables::idempotency_keys::Idempotency;
use crate::tables::jobs::{Failure, NewJob};
use crate::tables::{model_aliases, model_names, model_reports};

/// Where a model stands.
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
pub enum ModelStatus {
    /// Its training waits.
    #[sea_orm(string_value = "queued")]
    Queued,
    /// Being trained.
    #[sea_orm(string_value = "training")]
    Training,
    /// Predicts.
    #[sea_orm(string_value = "ready")]
    Ready,
    /// Could not be trained; `error` says why.
    #[sea_orm(string_value = "failed")]
    Failed,
    /// Its training was cancelled.
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
}

/// Who may predict with a model.
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
#[serde(rename_all = "kebab-case")]
pub enum Visibility {
    /// Its owner.
    #[sea_orm(string_value = "private")]
    Private,
    /// Everybody with an account.
    #[sea_orm(string_value = "signed-in")]
    SignedIn,
    /// Everybody who has the link.
    #[sea_orm(string_value = "guest")]
    Guest,
}

/// A version of a model.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "models")]
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
    /// Which version of that name, from 1.
    pub version: i32,
    /// Where it stands.
    pub status: ModelStatus,
    /// What it was trained on, while that exists.
    pub dataset_id: Option<Uuid>,
    /// What that is or was called.
    pub dataset_name: String,
    /// Exactly which table.
    pub dataset_hash: Option<String>,
    /// The predicted column.
    pub target: String,
    /// `classification` or `regression`, once decided.
    pub task: Option<String>,
    /// The algorithm: asked for, then the one that won.
    pub algorithm: String,
    /// How much work a race of algorithms was given.
    pub effort: Option<String>,
    /// The metric that decides.
    pub metric: Option<String>,
    /// The class that counts as positive.
    pub positive_class: Option<String>,
    /// Hyperparameters.
    pub params: JsonText,
    /// The columns to learn from; nothing means all that are fit.
    pub features: Option<JsonText>,
    /// The part of the rows kept for the test.
    pub test_size: f64,
    /// Cross-validation folds; 0 means none.
    pub folds: i32,
    /// The seed.
    pub seed: i64,
    /// The whole training request, as the trainer reads it.
    pub spec: JsonText,
    /// The metrics, once trained.
    pub metrics: Option<JsonText>,
    /// How good it is, in a sentence.
    pub verdict: Option<String>,
    /// Seconds the fit took.
    pub fit_seconds: Option<f64>,
    /// The model file's length.
    pub bytes: Option<i64>,
    /// The model file.
    pub artifact_hash: Option<String>,
    /// Why it failed: `{code, detail}`.
    pub error: Option<JsonText>,
    /// The job that trains it.
    pub job_id: Option<Uuid>,
    /// Who may predict with it.
    pub visibility: Visibility,
    /// The unguessable part of its guest link.
    pub guest_slug: Option<String>,
    /// Words its owner files it under, as a JSON list.
    pub tags: JsonText,
    /// What its owner remembers about it.
    pub notes: Option<String>,
    /// The lower-cased name for the search.
    pub search_key: String,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When its training ended.
    pub finished_at: Option<Timestamp>,
}

mod comparison;
mod import;
mod lifecycle;

pub use comparison::{AcceptedComparison, NewComparison};
pub(crate) use import::add as add_finished;
pub use import::{NewImport, Source};
pub use lifecycle::Doomed;

no_relations!();

/// An accepted training.
#[derive(Clone, Debug)]
pub struct NewModel {
    /// Whose it is, and who pays.
    pub owner_id: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// What to train on.
    pub dataset_id: Uuid,
    /// Exactly which table; its bytes stay until the job ended, whatever happens to the dataset.
    pub dataset_hash: String,
    /// The column to predict.
    pub target: String,
    /// `classification` or `regression`, when decided.
    pub task: Option<String>,
    /// The algorithm.
    pub algorithm: String,
    /// How much work.
    pub effort: Option<String>,
    /// The metric that decides.
    pub metric: Option<String>,
    /// The class that counts as positive.
    pub positive_class: Option<String>,
    /// Hyperparameters.
    pub params: Json,
    /// The columns to learn from.
    pub features: Option<Json>,
    /// The part of the rows kept for the test.
    pub test_size: f64,
    /// Cross-validation folds.
    pub folds: i32,
    /// The seed.
    pub seed: i64,
    /// The whole training request.
    pub spec: Json,
    /// The tags it has from the beginning, a list of words.
    pub tags: Json,
    /// What it costs.
    pub price: i64,
    /// Whether a taken name is refused instead of getting another version.
    pub name_must_be_new: bool,
    /// The work; the payload gains `"model_id"`.
    pub job: NewJob,
    /// The caller's key for a request that may come twice.
    pub idempotency: Option<Idempotency>,
}

/// What accepting a training answered.
#[derive(Clone, Debug, PartialEq)]
pub struct AcceptedModel {
    /// The model.
    pub model: Model,
    /// What was charged for it.
    pub charged: i64,
    /// The balance after.
    pub balance: i64,
    /// Whether this answers a request that had come before.
    pub replayed: bool,
}

/// What a training gave.
#[derive(Clone, Debug)]
pub struct TrainedModel {
    /// The stored model file.
    pub artifact: ArtifactRef,
    /// `classification` or `regression`.
    pub task: String,
    /// The algorithm that won.
    pub algorithm: String,
    /// Its hyperparameters.
    pub params: Json,
    /// The metrics.
    pub metrics: Json,
    /// The classes; an empty list for a regression.
    pub classes: Json,
    /// Which columns a prediction takes.
    pub signature: Json,
    /// The whole report.
    pub report: Json,
    /// From what, by what and with what it was made.
    pub lineage: Json,
    /// How good it is, in a sentence.
    pub verdict: String,
    /// Seconds the fit took.
    pub fit_seconds: f64,
}

/// Which models a list holds.
#[derive(Clone, Debug, Default)]
pub struct ModelFilter {
    /// Words in the name.
    pub search: Option<String>,
    /// Only trained on this.
    pub dataset_id: Option<Uuid>,
    /// Only this state.
    pub status: Option<ModelStatus>,
    /// Only versions of exactly this name.
    pub name: Option<String>,
    /// Only filed under this word.
    pub tag: Option<String>,
    /// Only visible to these.
    pub visibility: Option<Visibility>,
    /// Only `classification` or `regression`, as it was decided.
    pub task: Option<String>,
    /// Only this algorithm.
    pub algorithm: Option<String>,
}

/// Which version of a name is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which<'a> {
    /// The highest version that is ready.
    Latest,
    /// This version.
    Version(i32),
    /// The version this alias points to.
    Alias(&'a str),
}

impl<'a> Which<'a> {
    /// The alias, or an empty text.
    fn alias(&self) -> &'a str {
        match self {
            Self::Alias(alias) => alias,
            Self::Latest | Self::Version(_) => "",
        }
    }
}

/// Queries on models; from [`Store::models`].
#[derive(Clone, Copy, Debug)]
pub struct Models<'a>(pub(crate) &'a Store);

impl Models<'_> {
    /// `NotFound`.
    pub async fn get(&self, scope: impl Into<Scope>, id: Uuid) -> StoreResult<Model> {
        let found = Entity::find_by_id(id)
            .filter(owned(scope.into()))
            .one(self.0.read())
            .await?;
        found.ok_or(StoreError::not_found("model"))
    }

    /// A model that this account may ask: its own, or a ready one that its owner shares with everybody who has an
    /// account. `NotFound`.
    pub async fn visible(&self, viewer: Uuid, id: Uuid) -> StoreResult<Model> {
        let found = Entity::find_by_id(id)
            .filter(
                Condition::any()
                    .add(Column::OwnerId.eq(viewer))
                    .add(shared()),
            )
            .one(self.0.read())
            .await?;
        found.ok_or(StoreError::not_found("model"))
    }

    /// One page of the ready models that others share with everybody who has an account. `Invalid` for a foreign cursor.
    pub async fn shared_with(
        &self,
        viewer: Uuid,
        filter: &ModelFilter,
        request: &PageRequest,
    ) -> StoreResult<Page<Model>> {
        let others = shared()
            .add(Column::OwnerId.ne(viewer))
            .add(filter.condition());
        self.page(others, request).await
    }

    /// `NotFound` when there is no such model, or none yet.
    pub async fn report(&self, id: Uuid) -> StoreResult<model_reports::Model> {
        let found = model_reports::Entity::find_by_id(id)
            .one(self.0.read())
            .await?;
        found.ok_or(StoreError::not_found("report"))
    }

    /// `NotFound`.
    pub async fn by_name(
        &self,
        owner_id: Uuid,
        name: &str,
        which: Which<'_>,
    ) -> StoreResult<Model> {
        if [name, which.alias()].iter().any(|text| text.contains('\0')) {
            return Err(StoreError::not_found("model"));
        }
        let select = Entity::find()
            .filter(Column::OwnerId.eq(owner_id))
            .filter(Column::Name.eq(name));
        let select = match which {
            Which::Latest => select
                .filter(Column::Status.eq(ModelStatus::Ready))
                .order_by_desc(Column::Version),
            Which::Version(version) => select.filter(Column::Version.eq(version)),
            Which::Alias(alias) => {
                let key = (owner_id, name.to_owned(), alias.to_owned());
                let alias = model_aliases::Entity::find_by_id(key)
                    .one(self.0.read())
                    .await?;
                select.filter(Column::Id.eq(alias.ok_or(StoreError::not_found("model"))?.model_id))
            }
        };
        select
            .one(self.0.read())
            .await?
            .ok_or(StoreError::not_found("model"))
    }

    /// `NotFound`.
    pub async fn by_guest_slug(&self, slug: &str) -> StoreResult<Model> {
        if slug.contains('\0') {
            return Err(StoreError::not_found("model"));
        }
        let found = Entity::find()
            .filter(Column::GuestSlug.eq(slug))
            .filter(Column::Visibility.eq(Visibility::Guest))
            .filter(Column::Status.eq(ModelStatus::Ready))
            .one(self.0.read())
            .await?;
        found.ok_or(StoreError::not_found("model"))
    }

    /// `Invalid` for a foreign cursor.
    pub async fn list(
        &self,
        scope: impl Into<Scope>,
        filter: &ModelFilter,
        request: &PageRequest,
    ) -> StoreResult<Page<Model>> {
        let condition = owned(scope.into()).add(filter.condition());
        self.page(condition, request).await
    }

    async fn page(&self, condition: Condition, request: &PageRequest) -> StoreResult<Page<Model>> {
        let select = Entity::find().filter(condition);
        let of = |row: &Model| (row.number, row.name.clone());
        page::fetch(
            self.0.read(),
            select,
            request,
            Column::Number,
            Some(Column::Name),
            of,
        )
        .await
    }

    /// Only the database's.
    pub async fn counts(&self, scope: impl Into<Scope>) -> StoreResult<BTreeMap<String, u64>> {
        let rows: Vec<(String, i64)> = Entity::find()
            .select_only()
            .column(Column::Status)
            .column_as(Column::Id.count(), "models")
            .filter(owned(scope.into()))
            .group_by(Column::Status)
            .into_tuple()
            .all(self.0.read())
            .await?;
        Ok(rows
            .into_iter()
            .map(|(status, count)| (status, u64::try_from(count).unwrap_or_default()))
            .collect())
    }

    /// `NotFound`; `Conflict { what: "name" }` when the owner has models under the new name.
    pub async fn rename(
        &self,
        scope: impl Into<Scope>,
        id: Uuid,
        name: &str,
        entry: AuditEntry,
    ) -> StoreResult<Model> {
        let name = &*names::checked("name", name)?;
        let transaction = self.0.write().await?;
        let model = locked(&transaction, scope.into(), id).await?;
        if model.name != name {
            model_names::rename(&transaction, model.owner_id, &model.name, name).await?;
            model_aliases::rename(&transaction, model.owner_id, &model.name, name).await?;
            let change = ActiveModel {
                name: Set(name.to_owned()),
                search_key: Set(page::search_key(&[Some(name)])),
                updated_at: Set(Timestamp::now()),
                ..Default::default()
            };
            Entity::update_many()
                .set(change)
                .filter(Column::OwnerId.eq(model.owner_id))
                .filter(Column::Name.eq(&model.name))
                .exec(&transaction)
                .await
                .map_err(StoreError::unique("name"))?;
        }
        audit::append(&transaction, &[entry.about("model", id)]).await?;
        let found = Entity::find_by_id(id).one(&transaction).await?;
        transaction.commit().await?;
        found.ok_or(StoreError::not_found("model"))
    }

    /// `NotFound`; `Conflict { what: "guest_slug" }`.
    pub async fn set_visibility(
        &self,
        scope: impl Into<Scope>,
        id: Uuid,
        visibility: Visibility,
        guest_slug: Option<&str>,
        entry: AuditEntry,
    ) -> StoreResult<Model> {
        let transaction = self.0.write().await?;
        let change = ActiveModel {
            visibility: Set(visibility),
            guest_slug: Set(guest_slug.map(str::to_owned)),
            updated_at: Set(Timestamp::now()),
            ..Default::default()
        };
        let changed = Entity::update_many()
            .set(change)
            .filter(owned(scope.into()))
            .filter(Column::Id.eq(id))
            .exec_with_returning(&transaction)
            .await
            .map_err(StoreError::unique("guest_slug"))?;
        let model = changed
            .into_iter()
            .next()
            .ok_or(StoreError::not_found("model"))?;
        audit::append(&transaction, &[entry.about("model", id)]).await?;
        transaction.commit().await?;
        Ok(model)
    }

    /// `NotFound` when there is no such ready model.
    pub async fn set_alias(
        &self,
        scope: impl Into<Scope>,
        id: Uuid,
        alias: &str,
        entry: AuditEntry,
    ) -> StoreResult<()> {
        let alias = &*names::checked("alias", alias)?;
        let transaction = self.0.write().await?;
        let model = locked(&transaction, scope.into(), id).await?;
        if model.status != ModelStatus::Ready {
            return Err(StoreError::not_found("model"));
        }
        let row = model_aliases::Model {
            owner_id: model.owner_id,
            name: model.name,
            alias: alias.to_owned(),
            model_id: id,
            updated_at: Timestamp::now(),
        };
        model_aliases::point(&transaction, row).await?;
        audit::append(&transaction, &[entry.about("model", id)]).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// `NotFound`.
    pub async fn remove_alias(
        &self,
        owner_id: Uuid,
        name: &str,
        alias: &str,
        entry: AuditEntry,
    ) -> StoreResult<()> {
        let transaction = self.0.write().await?;
        if !model_aliases::remove(&transaction, owner_id, name, alias).await? {
            return Err(StoreError::not_found("alias"));
        }
        audit::append(&transaction, &[entry.about("model_name", name)]).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The aliases that point to each of some models.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn aliases_of(&self, ids: Vec<Uuid>) -> StoreResult<BTreeMap<Uuid, Vec<String>>> {
        model_aliases::pointing_to(self.0.read(), ids).await
    }

    /// Only the database's.
    pub async fn aliases(
        &self,
        owner_id: Uuid,
        name: &str,
    ) -> StoreResult<Vec<model_aliases::Model>> {
        model_aliases::of(self.0.read(), owner_id, name).await
    }
}

impl ModelFilter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add_option(
                self.search
                    .as_deref()
                    .map(|words| page::contains(Column::SearchKey, words)),
            )
            .add_option(self.dataset_id.map(|id| Column::DatasetId.eq(id)))
            .add_option(self.status.map(|status| Column::Status.eq(status)))
            .add_option(
                self.visibility
                    .map(|visibility| Column::Visibility.eq(visibility)),
            )
            .add_option(
                self.name
                    .as_deref()
                    .map(|name| page::equals(Column::Name, name)),
            )
            .add_option(
                self.task
                    .as_deref()
                    .map(|task| page::equals(Column::Task, task)),
            )
            .add_option(
                self.algorithm
                    .as_deref()
                    .map(|algorithm| page::equals(Column::Algorithm, algorithm)),
            )
            .add_option(self.tag.as_deref().map(|tag| {
                // The list is kept as JSON: a whole word of it stands between its quotes.
                page::contains(Column::Tags, &Json::from(tag).to_string())
            }))
    }
}

/// What everybody with an account may ask.
fn shared() -> Condition {
    Condition::all()
        .add(Column::Visibility.eq(Visibility::SignedIn))
        .add(Column::Status.eq(ModelStatus::Ready))
}

fn owned(scope: Scope) -> Condition {
    Condition::all().add_option(scope.condition(Column::OwnerId))
}

async fn locked(database: &impl ConnectionTrait, scope: Scope, id: Uuid) -> StoreResult<Model> {
    let found = Entity::find_by_id(id)
        .filter(owned(scope))
        .lock_exclusive()
        .one(database)
        .await?;
    found.ok_or(StoreError::not_found("model"))
}

pub(crate) async fn set_status(
    database: &impl ConnectionTrait,
    id: Uuid,
    status: ModelStatus,
) -> StoreResult<()> {
    let change = ActiveModel {
        status: Set(status),
        updated_at: Set(Timestamp::now()),
        ..Default::default()
    };
    Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(id))
        .exec(database)
        .await?;
    Ok(())
}

pub(crate) async fn set_failed(
    database: &impl ConnectionTrait,
    id: Uuid,
    status: ModelStatus,
    failure: &Failure,
) -> StoreResult<()> {
    let now = Timestamp::now();
    let change = ActiveModel {
        status: Set(status),
        error: Set(Some(failure.json().into())),
        updated_at: Set(now),
        finished_at: Set(Some(now)),
        ..Default::default()
    };
    Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(id))
        .exec(database)
        .await?;
    Ok(())
}

/// Moves every model of a job from one state to another.
pub(crate) async fn set_statuses(
    database: &impl ConnectionTrait,
    job: Uuid,
    from: ModelStatus,
    to: ModelStatus,
) -> StoreResult<()> {
    let change = ActiveModel {
        status: Set(to),
        updated_at: Set(Timestamp::now()),
        ..Default::default()
    };
    Entity::update_many()
        .set(change)
        .filter(Column::JobId.eq(job))
        .filter(Column::Status.eq(from))
        .exec(database)
        .await?;
    Ok(())
}

/// Every model of a job that is not trained yet will not be.
pub(crate) async fn set_all_failed(
    database: &impl ConnectionTrait,
    job: Uuid,
    status: ModelStatus,
    failure: &Failure,
) -> StoreResult<()> {
    let open = Entity::find()
        .filter(Column::JobId.eq(job))
        .filter(Column::Status.is_in([ModelStatus::Queued, ModelStatus::Training]))
        .all(database)
        .await?;
    for model in open {
        set_failed(database, model.id, status, failure).await?;
    }
    Ok(())
}

pub(crate) async fn dataset_renamed(
    database: &impl ConnectionTrait,
    dataset: Uuid,
    name: &str,
) -> StoreResult<()> {
    Entity::update_many()
        .set(ActiveModel {
            dataset_name: Set(name.to_owned()),
            ..Default::default()
        })
        .filter(Column::DatasetId.eq(dataset))
        .exec(database)
        .await?;
    Ok(())
}
