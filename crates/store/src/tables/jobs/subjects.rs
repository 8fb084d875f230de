//! What becomes of the thing a job makes: when the job is taken up, when it is put back, and when it ends without having
//! made it. The one place that knows which kinds of things there are.

use sea_orm::ConnectionTrait;

use super::{Failure, JobStatus, Model};
use crate::error::Result;
use crate::tables::models::{self, ModelStatus};
use crate::tables::{batches, datasets, studies};

/// A model.
pub(crate) const MODEL: &str = "model";
/// Several models, trained one after the other: all whose job this is.
pub(crate) const COMPARISON: &str = "comparison";
/// A study.
pub(crate) const STUDY: &str = "study";
/// Something found out about a model that stays whatever comes of it.
pub(crate) const CHECK: &str = "check";
/// A file that a model answers.
pub(crate) const BATCH: &str = "batch";
/// A data set.
const DATASET: &str = "dataset";

/// A worker begins.
pub(super) async fn taken(database: &impl ConnectionTrait, job: &Model) -> Result<()> {
    match (job.subject_kind.as_deref(), job.subject_id) {
        (Some(MODEL), Some(model)) => {
            models::set_status(database, model, ModelStatus::Training).await
        }
        (Some(COMPARISON), _) => {
            models::set_statuses(database, job.id, ModelStatus::Queued, ModelStatus::Training).await
        }
        (Some(STUDY), Some(study)) => studies::begin(database, study).await,
        _ => Ok(()),
    }
}

/// The job waits again.
pub(super) async fn put_back(database: &impl ConnectionTrait, job: &Model) -> Result<()> {
    match (job.subject_kind.as_deref(), job.subject_id) {
        (Some(MODEL), Some(model)) => {
            models::set_status(database, model, ModelStatus::Queued).await
        }
        (Some(COMPARISON), _) => {
            models::set_statuses(database, job.id, ModelStatus::Training, ModelStatus::Queued).await
        }
        (Some(STUDY), Some(study)) => studies::wait(database, study).await,
        _ => Ok(()),
    }
}

/// The job ended as `status` and what it should have made is not there.
pub(super) async fn failed(
    database: &impl ConnectionTrait,
    job: &Model,
    status: JobStatus,
    failure: &Failure,
) -> Result<()> {
    let of_models = match status {
        JobStatus::Cancelled => ModelStatus::Cancelled,
        _ => ModelStatus::Failed,
    };
    match (job.subject_kind.as_deref(), job.subject_id) {
        (Some(MODEL), Some(model)) => models::set_failed(database, model, of_models, failure).await,
        (Some(COMPARISON), _) => models::set_all_failed(database, job.id, of_models, failure).await,
        (Some(STUDY), Some(study)) => {
            studies::set_failed(database, study, status == JobStatus::Cancelled, failure).await
        }
        (Some(BATCH), Some(batch)) => batches::set_failed(database, batch).await,
        (Some(DATASET), Some(dataset)) => datasets::set_failed(database, dataset, failure).await,
        _ => Ok(()),
    }
}
