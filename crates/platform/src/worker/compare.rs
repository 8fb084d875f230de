//! The body of the job that trains several algorithms: one after the other on the same split, each with a commit of its
//! own, so that a job taken up again goes on where it was. One that cannot be trained is a line with the reason.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::sync::watch;
use trainyard_estimators::Interruption;
use trainyard_store::{Failure, Job, Model, ModelStatus, StoreError};
use trainyard_training::{ContenderProgress, ContenderStatus, Progress, Stage, TrainError};

use super::fitting::{Fitted, Telling, failure, written};
use super::profile::stopped;
use super::progress::{StopSign, attended};
use super::train::{fitting, send};
use super::{Outcome, Threads};
use crate::error::{PlatformError, Result};
use crate::{Platform, lock, models::compare};

pub(crate) async fn run(platform: &Platform, threads: &Threads, job: &Job) -> Result<Outcome> {
    let store = platform.store();
    let members = store.models().of_job(job.id).await?;
    let metric = job.payload.get("metric").and_then(Value::as_str);
    let stop = StopSign::default();
    let (tell, told) = watch::channel(Value::Null);
    let lines = Lines::of(&members, metric, tell);
    let round = Round {
        platform,
        threads,
        job,
        stop: &stop,
        lines: &lines,
        first: job
            .payload
            .get("first")
            .and_then(Value::as_i64)
            .and_then(|first| i32::try_from(first).ok())
            .unwrap_or_default(),
    };
    let work = async {
        for (place, member) in members.iter().enumerate() {
            if matches!(member.status, ModelStatus::Queued | ModelStatus::Training) {
                round.train(place, member).await?;
            }
            if stop.reason().is_some() {
                break;
            }
        }
        Ok::<_, PlatformError>(())
    };
    match attended(platform, job, &stop, told, work).await {
        Err(PlatformError::Internal(cause)) if cause == LOST => return Ok(Outcome::Lost),
        other => other?,
    }
    if stop.reason().is_some() {
        return Ok(stopped(stop.reason()));
    }
    let members = store.models().of_job(job.id).await?;
    let ready = members
        .iter()
        .filter(|member| member.status == ModelStatus::Ready);
    if ready.count() == 0 {
        let first = members.iter().find_map(|member| member.error.clone());
        let detail = first
            .as_ref()
            .and_then(|error| error.get("detail")?.as_str())
            .unwrap_or("They were deleted meanwhile.");
        return Ok(Outcome::Failed(Failure::new(
            "untrainable_data",
            format!("None of the algorithms could be trained. {detail}"),
        )));
    }
    let best = compare::best_of(&members, metric);
    let result = json!({ "kind": "comparison", "id": job.id, "best": best });
    match store.jobs().complete(job.fence(), Some(result)).await {
        Ok(_) => Ok(Outcome::Done),
        Err(StoreError::LostLease) => Ok(Outcome::Lost),
        Err(error) => Err(error.into()),
    }
}

/// How the loop says that somebody else holds the job now.
const LOST: &str = "the lease was lost";

struct Round<'a> {
    platform: &'a Platform,
    threads: &'a Threads,
    job: &'a Job,
    stop: &'a StopSign,
    lines: &'a Lines,
    /// The version that the first algorithm became.
    first: i32,
}

impl Round<'_> {
    async fn train(&self, place: usize, member: &Model) -> Result<()> {
        self.lines.set(place, ContenderStatus::Running, None);
        let ceilings = self.job.payload.get("ceilings");
        let fitting = fitting(self.platform, self.job, member, self.stop)
            .await?
            .under(ceilings.and_then(|ceilings| ceilings.get(self.place_of(member))));
        let lines = self.lines.clone();
        let work = self.threads.run("train", move || {
            fitting.run(&Telling {
                progress: &|progress| lines.pass(progress),
                trial: &|_, _| {},
            })
        });
        match work.await.and_then(|ended| ended) {
            Ok(Ok(fitted)) if self.stop.reason().is_none() => {
                self.save(place, member, fitted).await
            }
            Ok(Ok(_) | Err(TrainError::Interrupted(Interruption::Cancelled))) => Ok(()),
            Ok(Err(error)) => self.fail(place, member, &failure(&error)).await,
            Err(PlatformError::Internal(cause)) => {
                tracing::error!(job = %self.job.id, cause, "a training of a comparison failed");
                let ours = "Something went wrong on our side while training this one; the others go on. If it stays, tell whoever runs this server.";
                self.fail(place, member, &Failure::new("internal", ours))
                    .await
            }
            Err(error) => Err(error),
        }
    }

    /// Where the request named the algorithm of a model, whatever was deleted since.
    fn place_of(&self, member: &Model) -> usize {
        usize::try_from(member.version - self.first).unwrap_or_default()
    }

    async fn save(&self, place: usize, member: &Model, fitted: Fitted) -> Result<()> {
        let store = self.platform.store();
        let artifact = store.artifacts().put(fitted.bytes).await?;
        let written = written(&fitted.trained, artifact.clone())?;
        let metrics = written.metrics.clone();
        let finished = store
            .models()
            .finish_one(self.job.fence(), member.id, written)
            .await;
        if finished.is_err() {
            store.artifacts().discard(&artifact).await?;
        }
        self.platform.0.models.forget_names();
        self.lines.set(place, ContenderStatus::Done, Some(&metrics));
        ended(finished.map(drop))
    }

    async fn fail(&self, place: usize, member: &Model, failure: &Failure) -> Result<()> {
        self.lines.set(place, ContenderStatus::Failed, None);
        let models = self.platform.store().models();
        ended(models.fail_one(self.job.fence(), member.id, failure).await)
    }
}

/// A model that was deleted meanwhile is nobody's trouble.
fn ended(result: trainyard_store::Result<()>) -> Result<()> {
    match result {
        Ok(()) | Err(StoreError::NotFound { .. }) => Ok(()),
        Err(StoreError::LostLease) => Err(PlatformError::Internal(LOST.to_owned())),
        Err(error) => Err(error.into()),
    }
}

/// The live table: one line an algorithm.
#[derive(Clone)]
struct Lines(Arc<Table>);

struct Table {
    lines: Mutex<Vec<ContenderProgress>>,
    tell: watch::Sender<Value>,
}

impl Lines {
    fn of(members: &[Model], metric: Option<&str>, tell: watch::Sender<Value>) -> Self {
        let lines = members.iter().map(|member| {
            let status = match member.status {
                ModelStatus::Ready => ContenderStatus::Done,
                ModelStatus::Failed | ModelStatus::Cancelled => ContenderStatus::Failed,
                ModelStatus::Queued | ModelStatus::Training => ContenderStatus::Waiting,
            };
            ContenderProgress {
                algorithm: member.algorithm.clone(),
                title: trainyard_training::contender::title(&member.algorithm).to_owned(),
                status,
                metric: metric.unwrap_or_default().to_owned(),
                value: None,
                low: None,
                high: None,
                seconds: None,
                chosen: false,
            }
        });
        Self(Arc::new(Table {
            lines: Mutex::new(lines.collect()),
            tell,
        }))
    }

    fn set(&self, place: usize, status: ContenderStatus, metrics: Option<&Value>) {
        let mut lines = lock(&self.0.lines);
        if let Some(line) = lines.get_mut(place) {
            line.status = status;
            if let Some(metrics) = metrics {
                let (name, own) = compare::deciding(metrics, Some(line.metric.as_str()));
                line.metric = name;
                let number = |field: &str| own.as_ref()?.get(field)?.as_f64();
                line.value = number("value");
                line.low = number("low");
                line.high = number("high");
            }
        }
        drop(lines);
        self.show(None);
    }

    /// What the training of one of them says, under the lines of all.
    fn pass(&self, progress: &Progress) {
        self.show(progress.message.clone());
    }

    fn show(&self, message: Option<String>) {
        let contenders = lock(&self.0.lines).clone();
        let ended = |line: &&ContenderProgress| {
            matches!(line.status, ContenderStatus::Done | ContenderStatus::Failed)
        };
        let done = contenders.iter().filter(ended).count();
        let progress = Progress {
            stage: Stage::Training,
            done: u32::try_from(done).unwrap_or(u32::MAX),
            of: u32::try_from(contenders.len()).unwrap_or(u32::MAX),
            message,
            contenders,
        };
        send(&self.0.tell, &progress);
    }
}
