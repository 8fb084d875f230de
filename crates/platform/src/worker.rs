//! Runs what was queued. A worker claims one job at a time under a lease, says every few seconds that it lives, and
//! writes under the claim's fence; a worker that lost its lease writes nothing more. What a job body panics with
//! ends in the log, never in the job.

mod batch;
mod check;
mod compare;
pub(crate) mod fitting;
mod picture_batch;
mod pictures;
mod profile;
mod progress;
mod study;
mod train;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::Instant;
use trainyard_store::{Failure, Job, StoreError, Timestamp, settings};

use crate::error::{PlatformError, Result};
use crate::{Platform, batches, datasets, guarded, models, studies};

/// How long a worker may be silent before its job is given to somebody else.
const LEASE: Duration = Duration::from_secs(30);
/// How long to rest after the queue could not be read.
const REST: Duration = Duration::from_secs(2);
/// How long the queue is empty before workers give back the memory they have freed: who reads a file often trains on it
/// next, and fresh memory has to be cleared first.
const IDLE: Duration = Duration::from_millis(500);
/// How often leases are looked after.
const LEASE_ROUND: Duration = Duration::from_secs(15);
/// How many of those rounds make a day of cleaning.
const ROUNDS_A_DAY: u32 = 24 * 60 * 60 / 15;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How a job body ended.
enum Outcome {
    /// Well; its commit is done.
    Done,
    /// Badly, for this reason.
    Failed(Failure),
    /// Its owner stopped it.
    Cancelled,
    /// The server is stopping: the job goes back.
    Released,
    /// Somebody else holds it now, or it is gone.
    Lost,
}

/// One who works.
pub(crate) struct Worker {
    platform: Platform,
    name: String,
    threads: Threads,
}

/// The threads of one worker. Each worker has its own, so that a long training never holds up the reading of
/// somebody's file.
#[derive(Clone, Debug)]
pub(crate) struct Threads {
    pool: Arc<rayon::ThreadPool>,
    /// Whether they worked since they last gave back what they had freed.
    worked: Arc<AtomicBool>,
}

impl Threads {
    fn new(threads: usize, worker: usize) -> Result<Self> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(move |index| format!("job-{worker}-{index}"))
            .build()
            .map_err(|error| PlatformError::internal("start the threads of jobs", error))?;
        Ok(Self {
            pool: Arc::new(pool),
            worked: Arc::default(),
        })
    }

    /// Runs a job's body here. A panic in it becomes an error whose text stays in the log.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        what: &'static str,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let pool = Arc::clone(&self.pool);
        self.worked.store(true, Ordering::Release);
        guarded(what, move || pool.install(work)).await
    }

    /// Lets every thread give back what it has freed, once that time has come. Where they have not worked since, there is
    /// nothing to do, and this does not end.
    async fn rest(&self, when: Instant, give_back: fn()) {
        if !self.worked.load(Ordering::Acquire) {
            return std::future::pending().await;
        }
        tokio::time::sleep_until(when).await;
        self.worked.store(false, Ordering::Release);
        let pool = Arc::clone(&self.pool);
        let all = move || drop(pool.broadcast(|_| give_back()));
        if let Err(error) = guarded("give memory back", all).await {
            tracing::warn!(%error, "memory was not given back");
        }
    }
}

impl Worker {
    pub(crate) fn new(platform: &Platform, number: usize) -> Result<Self> {
        Ok(Self {
            platform: platform.clone(),
            name: format!("worker-{number}"),
            threads: Threads::new(platform.0.options.threads, number)?,
        })
    }

    /// Works until the platform stops.
    pub(crate) async fn run(self) {
        let stopping = self.platform.0.stopping.clone();
        let store = self.platform.store().clone();
        let mut rest_at = Instant::now();
        while !stopping.is_cancelled() {
            match store.jobs().claim(&self.name, LEASE).await {
                Ok(Some(job)) => {
                    self.work(job).await;
                    rest_at = Instant::now() + IDLE;
                }
                Ok(None) => {
                    let jobs = store.jobs();
                    tokio::select! {
                        () = jobs.wait_for_work() => {}
                        () = self.threads.rest(rest_at, self.platform.0.options.give_back) => {}
                        () = stopping.cancelled() => {}
                    }
                }
                Err(StoreError::Closed) => return,
                Err(error) => {
                    tracing::error!(%error, "the queue could not be read");
                    tokio::select! {
                        () = tokio::time::sleep(REST) => {}
                        () = stopping.cancelled() => {}
                    }
                }
            }
        }
    }

    async fn work(&self, job: Job) {
        let fence = job.fence();
        tracing::info!(job = %job.id, kind = job.kind, attempt = job.attempt, "job begins");
        let outcome = match job.kind.as_str() {
            datasets::PROFILE_JOB => profile::run(&self.platform, &self.threads, &job).await,
            models::TRAIN_JOB => train::run(&self.platform, &self.threads, &job).await,
            models::COMPARE_JOB => compare::run(&self.platform, &self.threads, &job).await,
            models::CHECK_JOB => check::run(&self.platform, &self.threads, &job).await,
            studies::STUDY_JOB => study::run(&self.platform, &self.threads, &job).await,
            batches::BATCH_JOB => batch::run(&self.platform, &self.threads, &job).await,
            other => Err(PlatformError::Internal(format!(
                "no work of kind {other} is known"
            ))),
        };
        let outcome = outcome.unwrap_or_else(|error| failed(&job, &error));
        let jobs = self.platform.store().jobs();
        let (word, ended) = match outcome {
            Outcome::Done => ("done", Ok(())),
            Outcome::Failed(failure) => ("failed", jobs.fail(fence, failure).await.map(drop)),
            Outcome::Cancelled => ("cancelled", jobs.cancelled(fence).await.map(drop)),
            Outcome::Released => ("released", jobs.release(fence).await),
            Outcome::Lost => ("lost", Ok(())),
        };
        self.platform.0.counters.job_ended(&job.kind, word);
        match ended {
            Ok(()) => tracing::info!(job = %job.id, outcome = word, "job ends"),
            Err(StoreError::LostLease) => {
                tracing::warn!(job = %job.id, "the job was given away meanwhile")
            }
            Err(error) => {
                tracing::error!(job = %job.id, %error, "the job's end could not be written")
            }
        }
    }
}

/// What a job that could not be worked on ends with.
fn failed(job: &Job, error: &PlatformError) -> Outcome {
    match error {
        PlatformError::NotFound(_) => Outcome::Failed(Failure::new(
            "not_found",
            "What this needed was deleted meanwhile. Nothing was charged.",
        )),
        PlatformError::Unavailable(_) => Outcome::Released,
        PlatformError::DiskFull => Outcome::Failed(Failure::new("unavailable", error.to_string())),
        PlatformError::Internal(cause) => {
            tracing::error!(job = %job.id, kind = job.kind, cause, "job failed");
            Outcome::Failed(Failure::new(
                "internal",
                "Something went wrong on our side. Nothing was charged; please try again. If it stays, tell whoever runs this server.",
            ))
        }
        PlatformError::UnreadableFile { detail, .. } => {
            Outcome::Failed(Failure::new("unreadable_file", detail.clone()))
        }
        PlatformError::UnreadablePicture { detail, .. } => {
            Outcome::Failed(Failure::new("unreadable_picture", detail.clone()))
        }
        PlatformError::QuotaExceeded { .. } => {
            Outcome::Failed(Failure::new("quota_exceeded", error.to_string()))
        }
        PlatformError::TooLarge { .. } => {
            Outcome::Failed(Failure::new("payload_too_large", error.to_string()))
        }
        other => Outcome::Failed(Failure::new("validation", other.to_string())),
    }
}

/// Takes back jobs of workers that died, and once a day removes what is too old to keep.
pub(crate) async fn keep_house(platform: Platform) {
    let (store, stopping) = (platform.store(), &platform.0.stopping);
    let mut rounds = 0_u32;
    loop {
        tokio::select! {
            () = tokio::time::sleep(LEASE_ROUND) => {}
            () = stopping.cancelled() => return,
        }
        report(
            "take back jobs",
            store
                .jobs()
                .requeue_expired()
                .await
                .map(|count| count as u64),
        );
        if let Err(error) = platform.settle_refusals(false).await {
            tracing::error!(%error, "write counted refusals: failed");
        }
        if rounds.is_multiple_of(ROUNDS_A_DAY) {
            platform.clean_up().await;
        }
        rounds = rounds.wrapping_add(1);
    }
}

impl Platform {
    /// Removes what is too old to keep; the server does so every day. What cannot be removed stays, and the log says why.
    pub async fn clean_up(&self) {
        let store = self.store();
        report(
            "remove refresh tokens",
            store.refresh_tokens().remove_expired(DAY).await,
        );
        let current = store.settings().current();
        let before = |setting| {
            let days = u32::try_from(current.integer(setting)).unwrap_or(u32::MAX);
            Timestamp::now().minus(DAY.saturating_mul(days))
        };
        report(
            "remove predictions",
            store
                .predictions()
                .remove_before(before(&settings::PREDICTION_DAYS))
                .await,
        );
        report(
            "remove batches",
            store
                .batches()
                .remove_before(before(&settings::PREDICTION_DAYS))
                .await,
        );
        report(
            "remove audit entries",
            store
                .audit()
                .remove_before(before(&settings::AUDIT_DAYS), &self.0.anchor_key)
                .await,
        );
        report(
            "sweep artifacts",
            store.artifacts().sweep_unreferenced().await,
        );
    }
}

fn report(what: &str, result: trainyard_store::Result<u64>) {
    match result {
        Ok(0) | Err(StoreError::Closed) => {}
        Ok(count) => tracing::info!(count, "{what}"),
        Err(error) => tracing::error!(%error, "{what}: failed"),
    }
}
