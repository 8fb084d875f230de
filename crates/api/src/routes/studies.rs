//! Studies: searches for the best parameters of one algorithm.

pub(super) mod begin;
pub(super) mod delete;
pub(super) mod get;
pub(super) mod list;
pub(super) mod revert;
pub(super) mod save;
pub(super) mod stop;
pub(super) mod trials;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use trainyard_platform::{Study, StudyStatus};
use utoipa::ToSchema;
use uuid::Uuid;

use super::jobs::FailureBody;
use super::models::typed;
use super::times::moment;

/// A study.
#[derive(Serialize, ToSchema)]
#[schema(as = Study)]
pub(crate) struct StudyBody {
    id: Uuid,
    /// The small number people see.
    number: i32,
    /// What its best will be called.
    #[schema(example = "titanic")]
    name: String,
    /// `queued`, `running`, `done` (its best waits to be saved), `saved`, `reverted`, `failed` or `cancelled`.
    #[schema(example = "done")]
    status: &'static str,
    dataset_id: Option<Uuid>,
    dataset_name: String,
    /// The predicted column.
    target: String,
    #[schema(example = "random_forest")]
    algorithm: String,
    /// `grid`, `random` or `bayesian`.
    #[schema(example = "bayesian")]
    method: String,
    /// What decides, once known.
    metric: Option<String>,
    /// Settings tried so far.
    trials: i32,
    /// The best, once it ended.
    best: Option<BestBody>,
    /// Why no more was tried: `all_trials`, `exhausted`, `out_of_budget` or `enough` (it was stopped).
    stopped: Option<String>,
    /// The whole request, as the trainer read it.
    #[schema(value_type = Object)]
    request: Value,
    /// How good the best is on rows it had never seen, in a sentence; while it waits to be saved.
    verdict: Option<String>,
    /// The model it was saved as, while that exists.
    model_id: Option<Uuid>,
    /// Why it found nothing; its price was given back.
    error: Option<FailureBody>,
    /// The job that tries.
    job_id: Option<Uuid>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    finished_at: Option<String>,
}

/// The best setting of a study.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = BestTrial)]
pub(crate) struct BestBody {
    /// Which trial, from 0.
    number: usize,
    /// What was tried, beside the parameters that were fixed.
    #[schema(value_type = Object)]
    params: Value,
    /// Mean of the metric over the folds.
    score: Option<f64>,
    /// What the baseline gets on the same folds.
    baseline: f64,
    higher_is_better: bool,
}

fn status_name(status: StudyStatus) -> &'static str {
    match status {
        StudyStatus::Queued => "queued",
        StudyStatus::Running => "running",
        StudyStatus::Done => "done",
        StudyStatus::Saved => "saved",
        StudyStatus::Reverted => "reverted",
        StudyStatus::Failed => "failed",
        StudyStatus::Cancelled => "cancelled",
    }
}

impl From<Study> for StudyBody {
    fn from(study: Study) -> Self {
        let verdict = study
            .outcome
            .as_ref()
            .and_then(|outcome| outcome.get("verdict")?.as_str().map(str::to_owned));
        Self {
            id: study.id,
            number: study.number,
            name: study.name,
            status: status_name(study.status),
            dataset_id: study.dataset_id,
            dataset_name: study.dataset_name,
            target: study.target,
            algorithm: study.algorithm,
            method: study.method,
            metric: study.metric,
            trials: study.trials,
            best: study.best.and_then(typed),
            stopped: study.stopped,
            request: study.spec.into(),
            verdict,
            model_id: study.model_id,
            error: study.error.and_then(FailureBody::read),
            job_id: study.job_id,
            created_at: moment(study.created_at),
            finished_at: study.finished_at.map(moment),
        }
    }
}
