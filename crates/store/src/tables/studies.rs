//! Studies: searches for the best parameters of one algorithm. A row is made with its job and its price in one commit; its
//! trials are written while it runs. The best one is fitted as a model, which waits here until its owner saves it as a
//! version of a name, or lets it go.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, IntoActiveModel, QuerySelect};

use crate::Store;
use crate::clock::Timestamp;
use crate::error::{Result as StoreResult, StoreError};
use crate::json::JsonText;
use crate::names;
use crate::page::{self, Page, PageRequest, Scope};
use crate::tables::audit::{self, AuditEntry};
use crate::tables::idempotency_keys::{self, Idempotency};
use crate::tables::jobs::{self, Failure, NewJob, subjects};
use crate::tables::{artifact_references, counters, datasets, ledger, study_trials};

mod ending;

pub use ending::{Saved, StudyOutcome};

/// Where a study stands.
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
pub enum StudyStatus {
    /// Waits.
    #[sea_orm(string_value = "queued")]
    Queued,
    /// Tries.
    #[sea_orm(string_value = "running")]
    Running,
    /// Has its best, which waits to be saved.
    #[sea_orm(string_value = "done")]
    Done,
    /// Its best is a model.
    #[sea_orm(string_value = "saved")]
    Saved,
    /// Its best was let go.
    #[sea_orm(string_value = "reverted")]
    Reverted,
    /// Found nothing; `error` says why.
    #[sea_orm(string_value = "failed")]
    Failed,
    /// Cancelled.
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
}

/// A study.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "studies")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The small number people see.
    pub number: i32,
    /// Whose it is.
    pub owner_id: Uuid,
    /// What its best will be called.
    pub name: String,
    /// What is learned from, while that exists.
    pub dataset_id: Option<Uuid>,
    /// What that is or was called.
    pub dataset_name: String,
    /// Exactly which table.
    pub dataset_hash: Option<String>,
    /// The predicted column.
    pub target: String,
    /// The algorithm.
    pub algorithm: String,
    /// Who proposes: `grid`, `random` or `bayesian`.
    pub method: String,
    /// What decides, once known.
    pub metric: Option<String>,
    /// The whole request, as the trainer reads it.
    pub spec: JsonText,
    /// Where it stands.
    pub status: StudyStatus,
    /// Settings tried so far.
    pub trials: i32,
    /// The best so far: `{number, params, score}`.
    pub best: Option<JsonText>,
    /// Why no more was tried.
    pub stopped: Option<String>,
    /// The best as a fitted model, while it waits: everything but its file.
    pub outcome: Option<JsonText>,
    /// Its file.
    pub artifact_hash: Option<String>,
    /// The file's length.
    pub bytes: Option<i64>,
    /// The model it was saved as, while that exists.
    pub model_id: Option<Uuid>,
    /// Why it failed: `{code, detail}`.
    pub error: Option<JsonText>,
    /// The job that tries.
    pub job_id: Option<Uuid>,
    /// The lower-cased name for the search.
    pub search_key: String,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

no_relations!();

/// An accepted study.
#[derive(Clone, Debug)]
pub struct NewStudy {
    /// Whose it is, and who pays.
    pub owner_id: Uuid,
    /// What its best will be called.
    pub name: String,
    /// What to learn from.
    pub dataset_id: Uuid,
    /// Exactly which table; its bytes stay until the job ended.
    pub dataset_hash: String,
    /// The column to predict.
    pub target: String,
    /// The algorithm.
    pub algorithm: String,
    /// Who proposes.
    pub method: String,
    /// What decides, when said.
    pub metric: Option<String>,
    /// The whole request.
    pub spec: Json,
    /// What it costs.
    pub price: i64,
    /// The work.
    pub job: NewJob,
    /// The caller's key for a request that may come twice.
    pub idempotency: Option<Idempotency>,
}

/// What accepting a study answered.
#[derive(Clone, Debug, PartialEq)]
pub struct AcceptedStudy {
    /// The study.
    pub study: Model,
    /// What was charged for it.
    pub charged: i64,
    /// The balance after.
    pub balance: i64,
    /// Whether this answers a request that had come before.
    pub replayed: bool,
}

/// Queries on studies; from [`Store::studies`].
#[derive(Clone, Copy, Debug)]
pub struct Studies<'a>(pub(crate) &'a Store);

impl Studies<'_> {
    /// Takes the price and queues the work.
    ///
    /// # Errors
    /// `NotFound` (the data set or its table); `InsufficientTokens`; `Invalid` for the name; `Conflict { what:
    /// "idempotency_key" }`; `Unauthenticated` for an account that is gone or off.
    pub async fn create_with_job(
        &self,
        new: NewStudy,
        entry: AuditEntry,
    ) -> StoreResult<AcceptedStudy> {
        let name = names::checked("name", &new.name)?;
        let transaction = self.0.write().await?;
        let key = new.idempotency.as_ref();
        if let Some(id) =
            idempotency_keys::earlier(&transaction, new.owner_id, "study", key).await?
        {
            let found = Entity::find_by_id(id).one(&transaction).await?;
            let study = found.ok_or(StoreError::not_found("study"))?;
            let job = match study.job_id {
                Some(job) => jobs::Entity::find_by_id(job).one(&transaction).await?,
                None => None,
            };
            drop(transaction);
            return Ok(AcceptedStudy {
                study,
                charged: job.map_or(0, |job| job.price),
                balance: self.0.ledger().balance(new.owner_id).await?,
                replayed: true,
            });
        }
        let dataset = datasets::Entity::find_by_id(new.dataset_id)
            .filter(datasets::Column::OwnerId.eq(new.owner_id))
            .one(&transaction)
            .await?
            .ok_or(StoreError::not_found("dataset"))?;
        let id = Uuid::now_v7();
        let balance = ledger::debit(&transaction, new.owner_id, new.price, "study", id).await?;
        let subject = Some((subjects::STUDY, id));
        let job = jobs::insert(&transaction, new.owner_id, new.job, new.price, subject).await?;
        let now = Timestamp::now();
        let study = Model {
            id,
            number: counters::next(&transaction, "studies").await?,
            owner_id: new.owner_id,
            search_key: page::search_key(&[Some(&name)]),
            name,
            dataset_id: Some(dataset.id),
            dataset_name: dataset.name,
            dataset_hash: Some(new.dataset_hash.clone()),
            target: new.target,
            algorithm: new.algorithm,
            method: new.method,
            metric: new.metric,
            spec: new.spec.into(),
            status: StudyStatus::Queued,
            trials: 0,
            best: None,
            stopped: None,
            outcome: None,
            artifact_hash: None,
            bytes: None,
            model_id: None,
            error: None,
            job_id: Some(job.id),
            created_at: now,
            updated_at: now,
            finished_at: None,
        };
        Entity::insert(study.clone().into_active_model())
            .exec_without_returning(&transaction)
            .await?;
        artifact_references::add(&transaction, "job", job.id, "input", &new.dataset_hash).await?;
        idempotency_keys::keep(&transaction, new.owner_id, "study", id, key).await?;
        audit::append(&transaction, &[entry.about("study", id)]).await?;
        transaction.commit().await?;
        self.0.job_queued(job.id);
        Ok(AcceptedStudy {
            study,
            charged: new.price,
            balance,
            replayed: false,
        })
    }

    /// A study.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn get(&self, scope: impl Into<Scope>, id: Uuid) -> StoreResult<Model> {
        let found = Entity::find_by_id(id)
            .filter(owned(scope.into()))
            .one(self.0.read())
            .await?;
        found.ok_or(StoreError::not_found("study"))
    }

    /// One page of studies.
    ///
    /// # Errors
    /// `Invalid` for a foreign cursor.
    pub async fn list(
        &self,
        scope: impl Into<Scope>,
        search: Option<&str>,
        request: &PageRequest,
    ) -> StoreResult<Page<Model>> {
        let condition = owned(scope.into())
            .add_option(search.map(|words| page::contains(Column::SearchKey, words)));
        let of = |row: &Model| (row.number, row.name.clone());
        let select = Entity::find().filter(condition);
        let (key, name) = (Column::Number, Some(Column::Name));
        page::fetch(self.0.read(), select, request, key, name, of).await
    }

    /// One page of a study's trials.
    ///
    /// # Errors
    /// `Invalid` for a foreign cursor.
    pub async fn trials(
        &self,
        study: Uuid,
        request: &PageRequest,
    ) -> StoreResult<Page<study_trials::Model>> {
        let select = study_trials::Entity::find().filter(study_trials::Column::StudyId.eq(study));
        let of = |row: &study_trials::Model| (row.number, String::new());
        page::fetch(
            self.0.read(),
            select,
            request,
            study_trials::Column::Number,
            None,
            of,
        )
        .await
    }
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
    found.ok_or(StoreError::not_found("study"))
}

async fn change(database: &impl ConnectionTrait, id: Uuid, change: ActiveModel) -> StoreResult<()> {
    let change = ActiveModel {
        updated_at: Set(Timestamp::now()),
        ..change
    };
    Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(id))
        .exec(database)
        .await?;
    Ok(())
}

/// A worker begins, from the first trial on.
pub(crate) async fn begin(database: &impl ConnectionTrait, id: Uuid) -> StoreResult<()> {
    study_trials::clear(database, id).await?;
    let begun = ActiveModel {
        status: Set(StudyStatus::Running),
        trials: Set(0),
        best: Set(None),
        ..Default::default()
    };
    change(database, id, begun).await
}

/// It waits again.
pub(crate) async fn wait(database: &impl ConnectionTrait, id: Uuid) -> StoreResult<()> {
    let waiting = ActiveModel {
        status: Set(StudyStatus::Queued),
        ..Default::default()
    };
    change(database, id, waiting).await
}

/// It ended without a best.
pub(crate) async fn set_failed(
    database: &impl ConnectionTrait,
    id: Uuid,
    cancelled: bool,
    failure: &Failure,
) -> StoreResult<()> {
    let status = if cancelled {
        StudyStatus::Cancelled
    } else {
        StudyStatus::Failed
    };
    let failed = ActiveModel {
        status: Set(status),
        error: Set(Some(failure.json().into())),
        finished_at: Set(Some(Timestamp::now())),
        ..Default::default()
    };
    change(database, id, failed).await
}
