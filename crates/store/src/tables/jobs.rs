//! Slow work: who asked for what, how far it is, and who holds it. A worker claims a job under a lease and
//! writes under a fence: every later write names the fence, and whoever claims the job next gets another, so
//! a worker that was thought dead cannot finish what was given away. What ends a job (refund, the state of its
//! model or dataset, the audit entry) is one commit with the job's own end: see `settle`.

use std::time::Duration;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{Condition, IntoActiveModel, QueryOrder, QuerySelect};

use crate::Store;
use crate::clock::Timestamp;
use crate::database;
use crate::error::{Result as StoreResult, StoreError};
use crate::json::JsonText;
use crate::page::{self, Page, PageRequest, Scope};
use crate::tables::audit::{self, AuditEntry};
use crate::tables::{artifact_references, ledger};

mod asking;
pub(crate) mod subjects;

pub use asking::{AcceptedJob, NewCheck};

/// How often a job is tried before it counts as failed.
pub const MAX_ATTEMPTS: i32 = 3;
/// How long `wait_for_work` sleeps at most: the safety net under lost wake-ups.
const SLOW_POLL: Duration = Duration::from_secs(5);

/// Where a job stands.
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
pub enum JobStatus {
    /// Waiting for a worker.
    #[sea_orm(string_value = "queued")]
    Queued,
    /// A worker holds it.
    #[sea_orm(string_value = "running")]
    Running,
    /// Ended well.
    #[sea_orm(string_value = "done")]
    Done,
    /// Ended with an error; its price was given back.
    #[sea_orm(string_value = "failed")]
    Failed,
    /// Ended by its owner; its price was given back.
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
}

impl JobStatus {
    /// Whether nothing follows.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// A job.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What kind of work: `platform` declares the kinds.
    pub kind: String,
    /// Who asked.
    pub owner_id: Uuid,
    /// Where it stands.
    pub status: JobStatus,
    /// Higher goes first.
    pub priority: i32,
    /// What to do, in the words of the kind.
    pub payload: JsonText,
    /// How far it is, in the words of the kind.
    pub progress: JsonText,
    /// Which try this is, from 1; 0 before the first.
    pub attempt: i32,
    /// After how many tries it fails.
    pub max_attempts: i32,
    /// The number every write of the holder must name; moves with every claim.
    pub fence: i64,
    /// Which worker holds it.
    pub lease_owner: Option<String>,
    /// Until when, unless it says that it lives.
    pub lease_until: Option<Timestamp>,
    /// Whether its owner wants it to stop.
    pub cancel_requested: bool,
    /// Whether its owner wants it to end with what it has.
    pub stop_requested: bool,
    /// What was charged for it.
    pub price: i64,
    /// `model`, `comparison`, `study`, `check`, `batch` or `dataset`: what it makes.
    pub subject_kind: Option<String>,
    /// Which one.
    pub subject_id: Option<Uuid>,
    /// What it made.
    pub result: Option<JsonText>,
    /// Why it failed: `{code, detail}`.
    pub error: Option<JsonText>,
    /// Not to be tried before.
    pub not_before: Timestamp,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When the last try began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

no_relations!();

/// What every write of a job's holder names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fence {
    /// The job.
    pub job: Uuid,
    /// The number this claim was given.
    pub number: i64,
}

impl Model {
    /// What the worker that was just given this job writes under.
    #[must_use]
    pub fn fence(&self) -> Fence {
        Fence {
            job: self.id,
            number: self.fence,
        }
    }
}

/// Work to queue.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// What kind of work.
    pub kind: String,
    /// What to do.
    pub payload: Json,
    /// Higher goes first.
    pub priority: i32,
    /// How many steps it has, where that is known before it begins; else 0.
    pub steps: u32,
}

impl NewJob {
    /// Work of this kind at the usual priority.
    #[must_use]
    pub fn new(kind: impl Into<String>, payload: Json) -> Self {
        Self {
            kind: kind.into(),
            payload,
            priority: 0,
            steps: 0,
        }
    }
}

/// Why a job or what it should have made failed: a stable code and words for a person.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Failure {
    /// A code of the error table.
    pub code: String,
    /// What happened and what to do.
    pub detail: String,
}

impl Failure {
    /// A failure of this code.
    pub fn new(code: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            detail: detail.into(),
        }
    }

    pub(crate) fn json(&self) -> Json {
        serde_json::json!({ "code": self.code, "detail": self.detail })
    }
}

/// Which jobs a list holds.
#[derive(Clone, Copy, Debug, Default)]
pub struct JobFilter<'a> {
    /// Only this state.
    pub status: Option<JobStatus>,
    /// Only this kind.
    pub kind: Option<&'a str>,
    /// Only jobs that make this model or dataset.
    pub subject_id: Option<Uuid>,
}

/// What a sign of life was answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heartbeat {
    /// Go on.
    Continue,
    /// The owner wants it to stop: end with [`Jobs::cancelled`].
    CancelRequested,
    /// The owner has seen enough: end with the best so far.
    StopRequested,
}

/// How a job ends.
#[derive(Clone, Debug)]
pub(crate) enum Ending {
    Done(Option<Json>),
    Failed(Failure),
    Cancelled,
}

/// Queries on jobs; from [`Store::jobs`].
#[derive(Clone, Copy, Debug)]
pub struct Jobs<'a>(pub(crate) &'a Store);

impl Jobs<'_> {
    /// Queues work that makes neither a dataset nor a model and costs nothing.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn create(
        &self,
        owner_id: Uuid,
        new: NewJob,
        entry: AuditEntry,
    ) -> StoreResult<Model> {
        let transaction = self.0.write().await?;
        let job = insert(&transaction, owner_id, new, 0, None).await?;
        audit::append(&transaction, &[entry.about("job", job.id)]).await?;
        transaction.commit().await?;
        self.0.job_queued(job.id);
        Ok(job)
    }

    /// Gives the next job to `worker` for `lease`, or nothing when none waits.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn claim(&self, worker: &str, lease: Duration) -> StoreResult<Option<Model>> {
        let transaction = self.0.write().await?;
        let now = Timestamp::now();
        let next = Entity::find()
            .filter(Column::Status.eq(JobStatus::Queued))
            .filter(Column::NotBefore.lte(now))
            .order_by_desc(Column::Priority)
            .order_by_asc(Column::Id)
            .limit(1)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .one(&transaction)
            .await?;
        let Some(next) = next else { return Ok(None) };
        let claimed = Entity::update_many()
            .set(ActiveModel {
                status: Set(JobStatus::Running),
                lease_owner: Set(Some(worker.to_owned())),
                lease_until: Set(Some(now.plus(lease))),
                attempt: Set(next.attempt + 1),
                fence: Set(next.fence + 1),
                started_at: Set(Some(now)),
                updated_at: Set(now),
                ..Default::default()
            })
            .filter(Column::Id.eq(next.id))
            .filter(Column::Status.eq(JobStatus::Queued))
            .exec_with_returning(&transaction)
            .await?;
        let Some(job) = claimed.into_iter().next() else {
            return Ok(None);
        };
        subjects::taken(&transaction, &job).await?;
        transaction.commit().await?;
        self.0.job_changed(job.id);
        Ok(Some(job))
    }

    /// Says that the holder lives, with or without news of how far it is, and asks whether to go on.
    ///
    /// # Errors
    /// `LostLease`: stop, and write nothing more.
    pub async fn heartbeat(
        &self,
        fence: Fence,
        lease: Duration,
        progress: Option<Json>,
    ) -> StoreResult<Heartbeat> {
        let now = Timestamp::now();
        let changed = progress.is_some();
        let mut change = ActiveModel {
            lease_until: Set(Some(now.plus(lease))),
            updated_at: Set(now),
            ..Default::default()
        };
        if let Some(progress) = progress {
            change.progress = Set(progress.into());
        }
        let transaction = self.0.write().await?;
        let held = held(fence);
        let rows = Entity::update_many()
            .set(change)
            .filter(held)
            .exec_with_returning(&transaction)
            .await?;
        let job = rows.into_iter().next().ok_or(StoreError::LostLease)?;
        transaction.commit().await?;
        if changed {
            self.0.job_changed(job.id);
        }
        Ok(if job.cancel_requested {
            Heartbeat::CancelRequested
        } else if job.stop_requested {
            Heartbeat::StopRequested
        } else {
            Heartbeat::Continue
        })
    }

    /// Ends work that made neither a dataset nor a model.
    ///
    /// # Errors
    /// `LostLease`.
    pub async fn complete(&self, fence: Fence, result: Option<Json>) -> StoreResult<Model> {
        self.end(fence, Ending::Done(result)).await
    }

    /// Ends a job with a failure; a price is given back and its model or dataset counts as failed.
    ///
    /// # Errors
    /// `LostLease`.
    pub async fn fail(&self, fence: Fence, failure: Failure) -> StoreResult<Model> {
        self.end(fence, Ending::Failed(failure)).await
    }

    /// Ends a job because its owner asked; a price is given back.
    ///
    /// # Errors
    /// `LostLease`.
    pub async fn cancelled(&self, fence: Fence) -> StoreResult<Model> {
        self.end(fence, Ending::Cancelled).await
    }

    async fn end(&self, fence: Fence, ending: Ending) -> StoreResult<Model> {
        let transaction = self.0.write().await?;
        let job = holding(&transaction, fence).await?;
        let (job, freed) = settle(&transaction, job, ending).await?;
        transaction.commit().await?;
        self.0.job_changed(job.id);
        self.0.artifacts().sweep_these(&freed).await?;
        Ok(job)
    }

    /// Puts a job back because its worker is shutting down; the try does not count.
    ///
    /// # Errors
    /// `LostLease`.
    pub async fn release(&self, fence: Fence) -> StoreResult<()> {
        let transaction = self.0.write().await?;
        let job = holding(&transaction, fence).await?;
        requeue(&transaction, &job, (job.attempt - 1).max(0)).await?;
        transaction.commit().await?;
        self.0.job_queued(job.id);
        Ok(())
    }

    /// Asks a job to stop: one that waits ends at once, one that runs is told at its next sign of life. One
    /// that ended stays as it is.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn request_cancel(
        &self,
        scope: impl Into<Scope>,
        id: Uuid,
        entry: AuditEntry,
    ) -> StoreResult<Model> {
        let wish = ActiveModel {
            cancel_requested: Set(true),
            ..Default::default()
        };
        self.wish(scope.into(), id, wish, entry).await
    }

    /// A job.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn get(&self, scope: impl Into<Scope>, id: Uuid) -> StoreResult<Model> {
        let found = Entity::find_by_id(id)
            .filter(owned(scope.into()))
            .one(self.0.read())
            .await?;
        found.ok_or(StoreError::not_found("job"))
    }

    /// One page of jobs.
    ///
    /// # Errors
    /// `Invalid` for a foreign cursor.
    pub async fn list(
        &self,
        scope: impl Into<Scope>,
        filter: &JobFilter<'_>,
        request: &PageRequest,
    ) -> StoreResult<Page<Model>> {
        let condition = owned(scope.into())
            .add_option(filter.status.map(|status| Column::Status.eq(status)))
            .add_option(filter.kind.map(|kind| Column::Kind.eq(kind)))
            .add_option(filter.subject_id.map(|id| Column::SubjectId.eq(id)));
        let select = Entity::find().filter(condition);
        page::fetch(self.0.read(), select, request, Column::Id, None, |row| {
            (row.id, String::new())
        })
        .await
    }

    /// How many jobs have not ended, by kind and status.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn count_open(&self) -> StoreResult<Vec<(String, JobStatus, i64)>> {
        let open = [JobStatus::Queued, JobStatus::Running];
        let counts = Entity::find()
            .select_only()
            .column(Column::Kind)
            .column(Column::Status)
            .column_as(Column::Id.count(), "count")
            .filter(Column::Status.is_in(open))
            .group_by(Column::Kind)
            .group_by(Column::Status)
            .into_tuple()
            .all(self.0.read())
            .await?;
        Ok(counts)
    }

    /// Takes back every job whose holder has not said for too long that it lives: it waits again, or fails
    /// with a refund after its last try, or ends as cancelled when that was asked. Returns how many.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn requeue_expired(&self) -> StoreResult<usize> {
        let expired = Condition::any()
            .add(Column::LeaseUntil.is_null())
            .add(Column::LeaseUntil.lt(Timestamp::now()));
        self.take_back(expired).await
    }

    /// Takes back every running job. Only right when no other process can hold one, which is what holding the
    /// data folder's lock means; [`Store::open`] calls it then.
    pub(crate) async fn requeue_all(&self) -> StoreResult<usize> {
        self.take_back(Condition::all()).await
    }

    async fn take_back(&self, which: Condition) -> StoreResult<usize> {
        let transaction = self.0.write().await?;
        let jobs = Entity::find()
            .filter(Column::Status.eq(JobStatus::Running))
            .filter(which)
            .order_by_asc(Column::Id)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .all(&transaction)
            .await?;
        let mut freed = Vec::new();
        let mut changed = Vec::new();
        for job in jobs {
            changed.push(job.id);
            if job.cancel_requested {
                freed.extend(settle(&transaction, job, Ending::Cancelled).await?.1);
            } else if job.attempt >= job.max_attempts {
                let detail = format!(
                    "This was started {} times and the server stopped each time before it was done. \
                     Nothing was charged. Try a smaller task, or ask whoever runs the server.",
                    job.attempt
                );
                let failure = Failure::new("attempts_exhausted", detail);
                freed.extend(settle(&transaction, job, Ending::Failed(failure)).await?.1);
            } else {
                requeue(&transaction, &job, job.attempt).await?;
            }
        }
        transaction.commit().await?;
        for id in &changed {
            self.0.job_queued(*id);
        }
        self.0.artifacts().sweep_these(&freed).await?;
        Ok(changed.len())
    }

    /// The identifiers of jobs that change, from now on. A receiver that falls behind is told how many it
    /// missed and reads the rows instead.
    #[must_use]
    pub fn subscribe(&self) -> tokio::sync::broadcast::Receiver<Uuid> {
        self.0.job_changes()
    }

    /// Returns when a job may be waiting: at once after one was queued, otherwise after a few seconds.
    pub async fn wait_for_work(&self) {
        let _ = tokio::time::timeout(SLOW_POLL, self.0.work_arrived()).await;
    }
}

fn owned(scope: Scope) -> Condition {
    Condition::all().add_option(scope.condition(Column::OwnerId))
}

/// The condition that only the holder of `fence` meets.
fn held(fence: Fence) -> Condition {
    Condition::all()
        .add(Column::Id.eq(fence.job))
        .add(Column::Fence.eq(fence.number))
        .add(Column::Status.eq(JobStatus::Running))
}

/// The job held under `fence`, locked for the rest of the transaction.
pub(crate) async fn holding(database: &impl ConnectionTrait, fence: Fence) -> StoreResult<Model> {
    let found = Entity::find()
        .filter(held(fence))
        .lock_exclusive()
        .one(database)
        .await?;
    found.ok_or(StoreError::LostLease)
}

/// The progress of a job that no worker has taken up, of so many steps.
fn waiting(steps: u64) -> Json {
    match steps {
        0 => serde_json::json!({ "stage": "queued" }),
        _ => serde_json::json!({ "stage": "queued", "done": 0, "of": steps }),
    }
}

pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    owner_id: Uuid,
    new: NewJob,
    price: i64,
    subject: Option<(&'static str, Uuid)>,
) -> StoreResult<Model> {
    let now = Timestamp::now();
    let job = Model {
        id: Uuid::now_v7(),
        kind: new.kind,
        owner_id,
        status: JobStatus::Queued,
        priority: new.priority,
        payload: new.payload.into(),
        progress: waiting(u64::from(new.steps)).into(),
        attempt: 0,
        max_attempts: MAX_ATTEMPTS,
        fence: 0,
        lease_owner: None,
        lease_until: None,
        cancel_requested: false,
        stop_requested: false,
        price,
        subject_kind: subject.map(|(kind, _)| kind.to_owned()),
        subject_id: subject.map(|(_, id)| id),
        result: None,
        error: None,
        not_before: now,
        created_at: now,
        updated_at: now,
        started_at: None,
        finished_at: None,
    };
    Entity::insert(job.clone().into_active_model())
        .exec_without_returning(connection)
        .await?;
    database::announce(connection).await?;
    Ok(job)
}

async fn requeue(connection: &impl ConnectionTrait, job: &Model, attempt: i32) -> StoreResult<()> {
    let change = ActiveModel {
        status: Set(JobStatus::Queued),
        attempt: Set(attempt),
        lease_owner: Set(None),
        lease_until: Set(None),
        progress: Set(waiting(job.progress["of"].as_u64().unwrap_or(0)).into()),
        updated_at: Set(Timestamp::now()),
        ..Default::default()
    };
    Entity::update_many()
        .set(change)
        .filter(held(job.fence()))
        .exec(connection)
        .await?;
    subjects::put_back(connection, job).await?;
    database::announce(connection).await?;
    let entry = AuditEntry::new("job.requeue").about("job", job.id);
    audit::append(
        connection,
        &[entry.details(serde_json::json!({ "attempt": job.attempt }))],
    )
    .await
}

/// Ends a job with everything that follows from it. Returns the ended job and artifacts it no longer needs.
pub(crate) async fn settle(
    database: &impl ConnectionTrait,
    job: Model,
    ending: Ending,
) -> StoreResult<(Model, Vec<String>)> {
    let now = Timestamp::now();
    let (status, action, outcome) = match &ending {
        Ending::Done(_) => (JobStatus::Done, "job.done", "ok"),
        Ending::Failed(_) => (JobStatus::Failed, "job.failed", "failed"),
        Ending::Cancelled => (JobStatus::Cancelled, "job.cancelled", "ok"),
    };
    let failure = match &ending {
        Ending::Done(_) => None,
        Ending::Failed(failure) => Some(failure.clone()),
        Ending::Cancelled => Some(Failure::new(
            "cancelled",
            "This was cancelled. Nothing was charged.",
        )),
    };
    let result = match ending {
        Ending::Done(result) => result,
        Ending::Failed(_) | Ending::Cancelled => None,
    };
    let change = ActiveModel {
        status: Set(status),
        result: Set(result.map(JsonText::from)),
        error: Set(failure.as_ref().map(|failure| failure.json().into())),
        lease_owner: Set(None),
        lease_until: Set(None),
        updated_at: Set(now),
        finished_at: Set(Some(now)),
        ..Default::default()
    };
    let ended = Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(job.id))
        .filter(Column::Fence.eq(job.fence))
        .filter(Column::Status.eq(job.status))
        .exec_with_returning(database)
        .await?;
    let ended = ended.into_iter().next().ok_or(StoreError::LostLease)?;
    let mut refunded = false;
    if let Some(failure) = &failure {
        refunded = ledger::refund(database, job.owner_id, job.price, job.id).await?;
        subjects::failed(database, &job, status, failure).await?;
    }
    let freed = artifact_references::drop_of(database, "job", job.id).await?;
    let entry = AuditEntry::new(action)
        .outcome(outcome)
        .about("job", job.id);
    let details =
        serde_json::json!({ "kind": job.kind, "attempt": job.attempt, "refunded": refunded });
    audit::append(database, &[entry.details(details)]).await?;
    Ok((ended, freed))
}

/// Ends the unfinished job of something that is being deleted. One that trains several models goes on with the others.
pub(crate) async fn abandon(
    database: &impl ConnectionTrait,
    job: Option<Uuid>,
) -> StoreResult<(Option<Uuid>, Vec<String>)> {
    let Some(id) = job else {
        return Ok((None, Vec::new()));
    };
    let found = Entity::find_by_id(id)
        .lock_exclusive()
        .one(database)
        .await?;
    let unfinished = found.filter(|job| !job.status.is_final());
    match unfinished.filter(|job| job.subject_kind.as_deref() != Some(subjects::COMPARISON)) {
        Some(job) => {
            let (job, freed) = settle(database, job, Ending::Cancelled).await?;
            Ok((Some(job.id), freed))
        }
        None => Ok((None, Vec::new())),
    }
}
