//! The body of the job that checks a trained model: its table goes through the same recipe once more, and what is found is
//! kept with the model.

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::Instant;
use trainyard_estimators::Interruption;
use trainyard_store::{Job, Model, Scope, StoreError};
use trainyard_table::read_parquet;
use trainyard_training::learning::SHARES;
use trainyard_training::{
    Progress, Report, TrainContext, TrainError, TrainSpec, learning_curve_of, self_tests,
};

use super::fitting::{Fitting, Telling, failure, value};
use super::profile::stopped;
use super::progress::{StopSign, attended};
use super::train::{data_hash, send};
use super::{Outcome, Threads};
use crate::Platform;
use crate::error::{PlatformError, Result};
use crate::models::Check;

/// Folds of a learning curve.
const FOLDS: usize = 3;

/// A check as it was asked for.
struct Asked {
    check: Check,
    model: Model,
    table_hash: String,
}

pub(crate) async fn run(platform: &Platform, threads: &Threads, job: &Job) -> Result<Outcome> {
    let asked = read(platform, job).await?;
    let stop = StopSign::default();
    let (tell, told) = watch::channel(Value::Null);
    let found = match asked.check {
        Check::Retraining => {
            let from = data_hash(job, &asked.table_hash);
            let spec = spec(&asked.model)?;
            let fitting =
                Fitting::on(platform, spec, &asked.table_hash, from, stop.clone()).await?;
            let model = asked.model.clone();
            let work = threads.run(
                "retrain",
                move || -> Result<std::result::Result<Value, TrainError>> {
                    let fitted = fitting.run(&Telling {
                        progress: &|progress| send(&tell, progress),
                        trial: &|_, _| {},
                    })?;
                    Ok(fitted.map(|fitted| compared(&model, &fitted.bytes)))
                },
            );
            attended(platform, job, &stop, told, work).await??
        }
        check => {
            let looking = Looking::on(platform, &asked, check, &stop).await?;
            let work = threads.run("check a model", move || looking.run(&tell));
            attended(platform, job, &stop, told, work).await??
        }
    };
    let found = match found {
        Ok(found) if stop.reason().is_none() => found,
        Ok(_) | Err(TrainError::Interrupted(Interruption::Cancelled)) => {
            return Ok(stopped(stop.reason()));
        }
        Err(error) => return Ok(Outcome::Failed(failure(&error))),
    };
    let jobs = platform.store().jobs();
    let kind = asked.check.name();
    match jobs
        .finish_check(job.fence(), asked.model.id, kind, found)
        .await
    {
        Ok(_) => Ok(Outcome::Done),
        Err(StoreError::LostLease) => Ok(Outcome::Lost),
        Err(error) => Err(error.into()),
    }
}

async fn read(platform: &Platform, job: &Job) -> Result<Asked> {
    let missing = || PlatformError::internal("read what a check is about", job.id);
    let text = |name: &str| job.payload.get(name).and_then(Value::as_str);
    let id = text("model_id")
        .and_then(|id| id.parse().ok())
        .ok_or_else(missing)?;
    let check = Check::ALL
        .into_iter()
        .find(|check| Some(check.name()) == text("check"))
        .ok_or_else(missing)?;
    let model = platform.store().models().get(Scope::Everyone, id).await?;
    Ok(Asked {
        check,
        table_hash: model.dataset_hash.clone().ok_or_else(missing)?,
        model,
    })
}

fn spec(model: &Model) -> Result<TrainSpec> {
    serde_json::from_value((*model.spec).clone())
        .map_err(|error| PlatformError::internal("read a training request", error))
}

/// Whether the bytes are those of the model.
fn compared(model: &Model, bytes: &[u8]) -> Value {
    let again = blake3::hash(bytes).to_hex().to_string();
    let same = model.artifact_hash.as_deref() == Some(again.as_str());
    let detail = if same {
        "Trained again, it is the same model to the byte."
    } else {
        "Trained again, it is another model. Trainings with a budget of seconds differ from time to time, those on another kind of processor or by another version of the program may."
    };
    json!({
        "same": same,
        "model_hash": model.artifact_hash,
        "hash_again": again,
        "version_of_program": env!("CARGO_PKG_VERSION"),
        "kernel": trainyard_estimators::kernels::instruction_set(),
        "detail": detail,
    })
}

/// A look at a recipe that needs its table and its report.
struct Looking {
    check: Check,
    spec: TrainSpec,
    report: Report,
    table: bytes::Bytes,
    memory_budget: usize,
    stop: StopSign,
}

impl Looking {
    async fn on(platform: &Platform, asked: &Asked, check: Check, stop: &StopSign) -> Result<Self> {
        let store = platform.store();
        let report = store.models().report(asked.model.id).await?.report;
        Ok(Self {
            check,
            spec: spec(&asked.model)?,
            report: serde_json::from_value(report.into_json())
                .map_err(|error| PlatformError::internal("read a report", error))?,
            table: store.artifacts().read(&asked.table_hash).await?,
            memory_budget: platform.0.options.memory_budget,
            stop: stop.clone(),
        })
    }

    fn run(self, tell: &watch::Sender<Value>) -> Result<std::result::Result<Value, TrainError>> {
        let table = read_parquet(self.table)
            .map_err(|error| PlatformError::internal("read a stored table", error))?;
        let began = Instant::now();
        let context = TrainContext {
            progress: &|progress: &Progress| send(tell, progress),
            interruption: &|| self.stop.reason().map(|_| Interruption::Cancelled),
            memory_budget: self.memory_budget,
            clock: &|| began.elapsed().as_secs_f64(),
            ..TrainContext::silent()
        };
        let (spec, report) = (&self.spec, &self.report);
        let found = match self.check {
            Check::SelfTests => self_tests(spec, report, &table, &context).map(value),
            Check::LearningCurve | Check::Retraining => {
                learning_curve_of(report, spec, &table, &SHARES, FOLDS, &context).map(value)
            }
        };
        match found {
            Ok(found) => Ok(Ok(found?)),
            Err(TrainError::Internal(cause)) => Err(PlatformError::Internal(cause)),
            Err(error) => Ok(Err(error)),
        }
    }
}
