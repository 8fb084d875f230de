//! The body of the job that trains: the stored table and request go in, a model file and its report come out and are
//! written in one commit with the job's end.

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::Instant;
use trainyard_estimators::{Interruption, Task};
use trainyard_store::{Failure, Job, Scope, StoreError, TrainedModel};
use trainyard_table::ParquetSource;
use trainyard_training::{Progress, TrainContext, TrainError, TrainSpec, Trained, train};

use super::profile::{stopped, subject};
use super::progress::{StopSign, attended};
use super::{Outcome, Threads};
use crate::Platform;
use crate::error::{PlatformError, Result, sentence};

pub(crate) async fn run(platform: &Platform, threads: &Threads, job: &Job) -> Result<Outcome> {
    let store = platform.store();
    let model = store.models().get(Scope::Everyone, subject(job)?).await?;
    let spec: TrainSpec = serde_json::from_value(model.spec.into_json())
        .map_err(|error| PlatformError::internal("read a training request", error))?;
    let hash = model
        .dataset_hash
        .ok_or_else(|| PlatformError::internal("find a table", model.id))?;
    let bytes = store.artifacts().read(&hash).await?;
    let data_hash = job
        .payload
        .get("data_hash")
        .and_then(Value::as_str)
        .unwrap_or(&hash)
        .to_owned();
    let memory_budget = platform.0.options.memory_budget;

    let (tell, told) = watch::channel(Value::Null);
    let stop = StopSign::default();
    let asked = stop.clone();
    let work = threads.run("train", move || {
        let source = ParquetSource::open(bytes)
            .map_err(|error| PlatformError::internal("read a stored table", error))?;
        let began = Instant::now();
        let context = TrainContext {
            progress: &|progress: &Progress| {
                if let Ok(progress) = serde_json::to_value(progress) {
                    tell.send_replace(progress);
                }
            },
            interruption: &|| asked.reason().map(|_| Interruption::Cancelled),
            memory_budget,
            clock: &|| began.elapsed().as_secs_f64(),
            data_hash: &data_hash,
            version: env!("CARGO_PKG_VERSION"),
        };
        match train(&spec, &source, &context) {
            Ok(trained) => {
                let bytes = trained.model.to_bytes();
                Ok(Ok((trained, bytes)))
            }
            Err(TrainError::Internal(cause)) => Err(PlatformError::Internal(cause)),
            Err(error) => Ok(Err(error)),
        }
    });
    let (trained, bytes) = match attended(platform, job, &stop, told, work).await?? {
        Ok(trained) if stop.reason().is_none() => trained,
        Ok(_) | Err(TrainError::Interrupted(Interruption::Cancelled)) => {
            return Ok(stopped(stop.reason()));
        }
        Err(error) => {
            return Ok(Outcome::Failed(Failure::new(
                error.code(),
                sentence(&error.detail()),
            )));
        }
    };
    save(platform, job, trained, bytes).await
}

async fn save(platform: &Platform, job: &Job, trained: Trained, bytes: Vec<u8>) -> Result<Outcome> {
    let store = platform.store();
    let Trained { model, report } = trained;
    let artifact = store.artifacts().put(bytes).await?;
    let written = TrainedModel {
        artifact: artifact.clone(),
        task: match model.task() {
            Task::Classification => "classification".to_owned(),
            Task::Regression => "regression".to_owned(),
        },
        algorithm: model.algorithm().to_owned(),
        params: Value::Object(model.params().clone()),
        metrics: json(&report.metrics)?,
        classes: json!(model.classes().unwrap_or_default()),
        signature: json(model.signature())?,
        lineage: json(&report.lineage)?,
        verdict: report.verdict.clone(),
        fit_seconds: report.lineage.fit_seconds,
        report: json(&report)?,
    };
    match store.models().finish(job.fence(), written).await {
        Ok(_) => Ok(Outcome::Done),
        Err(error) => {
            store.artifacts().discard(&artifact).await?;
            match error {
                StoreError::LostLease => Ok(Outcome::Lost),
                error => Err(error.into()),
            }
        }
    }
}

fn json(value: impl serde::Serialize) -> Result<Value> {
    serde_json::to_value(value).map_err(|error| PlatformError::internal("write a report", error))
}
