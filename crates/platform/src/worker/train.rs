//! The body of the job that trains: the stored table and request go in, a model file and its report come out and are
//! written in one commit with the job's end.

use serde_json::Value;
use tokio::sync::watch;
use trainyard_estimators::Interruption;
use trainyard_store::{Job, Model, Scope, StoreError};
use trainyard_training::{Progress, TrainError, TrainSpec};

use super::fitting::{Fitted, Fitting, Telling, failure, written};
use super::profile::{stopped, subject};
use super::progress::{StopSign, attended};
use super::{Outcome, Threads};
use crate::Platform;
use crate::error::{PlatformError, Result};

pub(crate) async fn run(platform: &Platform, threads: &Threads, job: &Job) -> Result<Outcome> {
    let store = platform.store();
    let model = store.models().get(Scope::Everyone, subject(job)?).await?;
    let stop = StopSign::default();
    let fitting = fitting(platform, job, &model, &stop).await?;
    let (tell, told) = watch::channel(Value::Null);
    let work = threads.run("train", move || {
        fitting.run(&Telling {
            progress: &|progress| send(&tell, progress),
            trial: &|_, _| {},
        })
    });
    match attended(platform, job, &stop, told, work).await?? {
        Ok(fitted) if stop.reason().is_none() => save(platform, job, fitted).await,
        Ok(_) | Err(TrainError::Interrupted(Interruption::Cancelled)) => Ok(stopped(stop.reason())),
        Err(error) => Ok(Outcome::Failed(failure(&error))),
    }
}

/// The training that a model's row asks for.
pub(super) async fn fitting(
    platform: &Platform,
    job: &Job,
    model: &Model,
    stop: &StopSign,
) -> Result<Fitting> {
    let spec: TrainSpec = serde_json::from_value((*model.spec).clone())
        .map_err(|error| PlatformError::internal("read a training request", error))?;
    let hash = model
        .dataset_hash
        .as_deref()
        .ok_or_else(|| PlatformError::internal("find a table", model.id))?;
    let fitting = Fitting::on(platform, spec, hash, data_hash(job, hash), stop.clone()).await?;
    Ok(fitting.under(job.payload.get("ceiling")))
}

/// Hash of the data set as it was brought; of the table where the job does not say.
pub(super) fn data_hash<'a>(job: &'a Job, table_hash: &'a str) -> &'a str {
    let said = job.payload.get("data_hash").and_then(Value::as_str);
    said.unwrap_or(table_hash)
}

/// Passes progress on; the latest counts.
pub(super) fn send(tell: &watch::Sender<Value>, progress: &Progress) {
    if let Ok(progress) = serde_json::to_value(progress) {
        tell.send_replace(progress);
    }
}

async fn save(platform: &Platform, job: &Job, fitted: Fitted) -> Result<Outcome> {
    let store = platform.store();
    let artifact = store.artifacts().put(fitted.bytes).await?;
    let written = written(&fitted.trained, artifact.clone())?;
    match store.models().finish(job.fence(), written).await {
        Ok(_) => {
            platform.0.models.forget_names();
            Ok(Outcome::Done)
        }
        Err(error) => {
            store.artifacts().discard(&artifact).await?;
            match error {
                StoreError::LostLease => Ok(Outcome::Lost),
                error => Err(error.into()),
            }
        }
    }
}
