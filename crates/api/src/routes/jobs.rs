//! Slow work: how far it is, how it ended, and a way to stop it.

pub(super) mod cancel;
pub(super) mod events;
pub(super) mod get;
pub(super) mod list;
pub(super) mod stop;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use trainyard_platform::{Job, JobStatus};
use utoipa::ToSchema;
use uuid::Uuid;

use super::times::moment;

/// A job.
#[derive(Serialize, ToSchema)]
#[schema(as = Job)]
pub(crate) struct JobBody {
    id: Uuid,
    /// `profile`, `train`, `compare`, `study`, `check` or `batch`.
    #[schema(example = "train")]
    kind: String,
    /// `queued`, `running`, `done`, `failed` or `cancelled`.
    #[schema(example = "running")]
    status: &'static str,
    progress: ProgressBody,
    /// Which try this is, from 1; 0 before the first.
    attempt: i32,
    max_attempts: i32,
    /// Whether it can be cancelled now.
    cancelable: bool,
    /// Whether it was asked to end with the best so far.
    stopping: bool,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    started_at: Option<String>,
    #[schema(format = DateTime)]
    finished_at: Option<String>,
    /// What it made.
    result: Option<ResultBody>,
    /// Why it failed; its price was given back.
    error: Option<FailureBody>,
}

/// How far a job is.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = Progress)]
pub(crate) struct ProgressBody {
    /// `queued`, `reading`, `preparing`, `training`, `testing`, `predicting`, `saving` or `done`.
    #[serde(default)]
    stage: String,
    /// Steps finished.
    #[serde(default)]
    done: u32,
    /// Steps in all.
    #[serde(default)]
    of: u32,
    /// What is happening.
    #[serde(default)]
    message: Option<String>,
    /// Who takes part in a training, baseline first.
    #[serde(default)]
    contenders: Vec<ContenderBody>,
}

/// Who takes part in a training.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = Contender)]
pub(crate) struct ContenderBody {
    algorithm: String,
    title: String,
    /// `waiting`, `running`, `done` or `failed`.
    status: String,
    metric: String,
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    /// Seconds spent fitting.
    seconds: Option<f64>,
    chosen: bool,
}

/// What a job made.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = JobResult)]
pub(crate) struct ResultBody {
    /// `model`, `dataset`, `comparison`, `study` or `batch`.
    #[schema(example = "model")]
    kind: String,
    id: Uuid,
    /// The best model of a comparison.
    #[serde(skip_serializing_if = "Option::is_none")]
    best: Option<Uuid>,
}

/// Why something failed.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = Failure)]
pub(crate) struct FailureBody {
    code: String,
    /// What happened and what to do.
    detail: String,
}

impl FailureBody {
    pub(super) fn read(stored: impl Into<Value>) -> Option<Self> {
        serde_json::from_value(stored.into()).ok()
    }
}

/// A status' name in answers.
pub(super) fn job_status(status: JobStatus) -> &'static str {
    match status {
        JobStatus::Queued => "queued",
        JobStatus::Running => "running",
        JobStatus::Done => "done",
        JobStatus::Failed => "failed",
        JobStatus::Cancelled => "cancelled",
    }
}

impl From<Job> for JobBody {
    fn from(job: Job) -> Self {
        let mut progress = serde_json::from_value(job.progress.into()).unwrap_or(ProgressBody {
            stage: "queued".to_owned(),
            done: 0,
            of: 1,
            message: None,
            contenders: Vec::new(),
        });
        progress.of = progress.of.max(1);
        if job.status == JobStatus::Done {
            progress.stage = "done".to_owned();
            progress.done = progress.of;
            progress.message = None;
        }
        Self {
            id: job.id,
            kind: job.kind,
            status: job_status(job.status),
            progress,
            attempt: job.attempt,
            max_attempts: job.max_attempts,
            stopping: !job.status.is_final() && job.stop_requested,
            cancelable: !job.status.is_final() && !job.cancel_requested,
            created_at: moment(job.created_at),
            started_at: job.started_at.map(moment),
            finished_at: job.finished_at.map(moment),
            result: job
                .result
                .and_then(|result| serde_json::from_value(result.into()).ok()),
            error: job.error.and_then(FailureBody::read),
        }
    }
}
