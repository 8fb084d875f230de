//! Figures for whoever watches the place: what this process has done since it began, and what waits. They name kinds,
//! never people or things.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::rates::RateClass;
use crate::{Platform, lock};

/// What is counted while it happens.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    predictions: AtomicU64,
    predicted_rows: AtomicU64,
    prediction_tokens: AtomicU64,
    training_tokens: AtomicU64,
    batch_tokens: AtomicU64,
    seldom: Mutex<Seldom>,
}

/// What happens seldom enough for a lock.
#[derive(Debug, Default)]
struct Seldom {
    jobs: BTreeMap<(String, &'static str), u64>,
    limited: BTreeMap<&'static str, u64>,
}

impl Counters {
    pub(crate) fn predicted(&self, rows: usize, charged: i64) {
        self.predictions.fetch_add(1, Ordering::Relaxed);
        self.predicted_rows
            .fetch_add(rows as u64, Ordering::Relaxed);
        add(&self.prediction_tokens, charged);
    }

    pub(crate) fn trained(&self, charged: i64) {
        add(&self.training_tokens, charged);
    }

    pub(crate) fn batched(&self, charged: i64) {
        add(&self.batch_tokens, charged);
    }

    pub(crate) fn batch_answered(&self, rows: u64) {
        self.predicted_rows.fetch_add(rows, Ordering::Relaxed);
    }

    pub(crate) fn job_ended(&self, kind: &str, outcome: &'static str) {
        *lock(&self.seldom)
            .jobs
            .entry((kind.to_owned(), outcome))
            .or_default() += 1;
    }

    pub(crate) fn limited(&self, class: RateClass) {
        *lock(&self.seldom).limited.entry(class.name()).or_default() += 1;
    }
}

fn add(counter: &AtomicU64, tokens: i64) {
    counter.fetch_add(u64::try_from(tokens).unwrap_or(0), Ordering::Relaxed);
}

/// The figures of one moment; counts are since the process began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Prediction calls that were answered.
    pub predictions: u64,
    /// Rows in them.
    pub predicted_rows: u64,
    /// Tokens charged, by what for: `predict`, `train`, `batch`.
    pub tokens: [(&'static str, u64); 3],
    /// Tries of jobs that ended, by kind and outcome.
    pub ended_jobs: Vec<(String, &'static str, u64)>,
    /// Jobs that wait or run, by kind and status; nothing when the database does not answer.
    pub open_jobs: Option<Vec<(String, &'static str, u64)>>,
    /// Requests refused because they were too many, by class.
    pub limited: Vec<(&'static str, u64)>,
    /// Memory this process holds, in bytes, where the operating system tells.
    pub resident_bytes: Option<u64>,
}

impl Figures {
    pub(crate) async fn of(platform: &Platform) -> Self {
        let open_jobs = match platform.store().jobs().count_open().await {
            Ok(counts) => Some(
                counts
                    .into_iter()
                    .map(|(kind, status, count)| {
                        let running = status == trainyard_store::JobStatus::Running;
                        let status = if running { "running" } else { "queued" };
                        (kind, status, u64::try_from(count).unwrap_or(0))
                    })
                    .collect(),
            ),
            Err(error) => {
                tracing::warn!(%error, "the jobs could not be counted");
                None
            }
        };
        let counters = &platform.0.counters;
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let seldom = lock(&counters.seldom);
        Self {
            predictions: read(&counters.predictions),
            predicted_rows: read(&counters.predicted_rows),
            tokens: [
                ("predict", read(&counters.prediction_tokens)),
                ("train", read(&counters.training_tokens)),
                ("batch", read(&counters.batch_tokens)),
            ],
            ended_jobs: seldom
                .jobs
                .iter()
                .map(|((kind, outcome), count)| (kind.clone(), *outcome, *count))
                .collect(),
            open_jobs,
            limited: RateClass::ALL
                .map(|class| {
                    let count = seldom.limited.get(class.name()).copied();
                    (class.name(), count.unwrap_or(0))
                })
                .to_vec(),
            resident_bytes: resident_bytes(),
        }
    }
}

/// What Linux says of this process.
#[expect(
    clippy::disallowed_methods,
    reason = "no file of anybody's: the kernel's own account of this process"
)]
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1_024)
}
