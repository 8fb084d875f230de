//! The body of the job that searches: trials are written while they come, the best one is fitted, judged and kept until its
//! owner decides.

use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};
use trainyard_estimators::Interruption;
use trainyard_store::{Fence, Job, Scope, StoreError, StudyOutcome};
use trainyard_training::search::Trial;
use trainyard_training::{Report, TrainError, TrainSpec};

use super::fitting::{Fitted, Fitting, Telling, failure, value, written};
use super::profile::{stopped, subject};
use super::progress::{StopSign, attended};
use super::train::{data_hash, send};
use super::{Outcome, Threads};
use crate::Platform;
use crate::error::{PlatformError, Result};

/// Most trials written in one commit.
const BATCH: usize = 200;

pub(crate) async fn run(platform: &Platform, threads: &Threads, job: &Job) -> Result<Outcome> {
    let store = platform.store();
    let study = store.studies().get(Scope::Everyone, subject(job)?).await?;
    let spec: TrainSpec = serde_json::from_value(study.spec.into_json())
        .map_err(|error| PlatformError::internal("read a study's request", error))?;
    let hash = study
        .dataset_hash
        .ok_or_else(|| PlatformError::internal("find a table", study.id))?;
    let stop = StopSign::default();
    let from = data_hash(job, &hash);
    let fitting = Fitting::on(platform, spec, &hash, from, stop.clone()).await?;
    let fitting = fitting.under(job.payload.get("ceiling"));
    let (tell, told) = watch::channel(Value::Null);
    let (tried, trials) = mpsc::unbounded_channel();
    let work = threads.run("study", move || {
        fitting.run(&Telling {
            progress: &|progress| send(&tell, progress),
            // Nobody listens any more only when the job is lost.
            trial: &|number, trial| drop(tried.send((number, trial.clone()))),
        })
    });
    let keeping = keep(platform, job.fence(), study.id, trials);
    let (fitted, kept) = tokio::join!(attended(platform, job, &stop, told, work), keeping);
    match kept {
        Err(StoreError::LostLease) => return Ok(Outcome::Lost),
        kept => kept?,
    }
    match fitted?? {
        Ok(fitted) if stop.reason().is_none() => save(platform, job, fitted).await,
        Ok(_) | Err(TrainError::Interrupted(Interruption::Cancelled)) => Ok(stopped(stop.reason())),
        Err(error) => Ok(Outcome::Failed(failure(&error))),
    }
}

/// Writes trials down as they come, until no more can come.
async fn keep(
    platform: &Platform,
    fence: Fence,
    study: uuid::Uuid,
    mut trials: mpsc::UnboundedReceiver<(usize, Trial)>,
) -> trainyard_store::Result<()> {
    let mut batch = Vec::new();
    while trials.recv_many(&mut batch, BATCH).await > 0 {
        let rows = batch.drain(..).filter_map(|(number, trial)| {
            let number = i32::try_from(number).ok()?;
            Some((number, serde_json::to_value(trial).ok()?))
        });
        let studies = platform.store().studies();
        match studies.add_trials(fence, study, rows.collect()).await {
            Ok(()) => {}
            Err(StoreError::LostLease) => return Err(StoreError::LostLease),
            // They are also in the report of the best.
            Err(error) => tracing::warn!(%error, "trials could not be written"),
        }
    }
    Ok(())
}

async fn save(platform: &Platform, job: &Job, fitted: Fitted) -> Result<Outcome> {
    let store = platform.store();
    let report = &fitted.trained.report;
    let (metric, best, stopped) = found(report)?;
    let artifact = store.artifacts().put(fitted.bytes).await?;
    let outcome = StudyOutcome {
        trained: written(&fitted.trained, artifact.clone())?,
        metric,
        stopped,
        best,
    };
    match store.studies().finish(job.fence(), outcome).await {
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

/// The metric, the best trial, and why no more was tried.
fn found(report: &Report) -> Result<(String, Value, String)> {
    let missing = || PlatformError::internal("end a study", "its report has no search");
    let search = report.search.as_ref().ok_or_else(missing)?;
    let best = search.best_trial().ok_or_else(missing)?;
    let stopped = value(search.stopped)?;
    Ok((
        search.metric.clone(),
        json!({
            "number": search.best,
            "params": best.params,
            "score": best.score,
            "baseline": search.baseline,
            "higher_is_better": search.higher_is_better,
        }),
        stopped.as_str().unwrap_or_default().to_owned(),
    ))
}
