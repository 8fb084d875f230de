//! What a training tells while it runs, and what its caller lends it.

use crate::search::Trial;
use serde::{Deserialize, Serialize};
use std::sync::Mutex;
use trainyard_estimators::{FitContext, Interruption};

/// The stations of a job, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Waiting for a worker.
    Queued,
    /// Loading the table.
    Reading,
    /// Splitting and looking at columns.
    Preparing,
    /// Fitting.
    Training,
    /// Scoring on rows the model never saw.
    Testing,
    /// Writing the model down.
    Saving,
    /// Finished.
    Done,
}

/// How far one contender is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContenderStatus {
    /// Not begun.
    Waiting,
    /// Being fitted.
    Running,
    /// Scored.
    Done,
    /// It could not be fitted.
    Failed,
}

/// One line of the live contenders table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContenderProgress {
    /// Algorithm name.
    pub algorithm: String,
    /// Name for people.
    pub title: String,
    /// How far it is.
    pub status: ContenderStatus,
    /// The metric of `value`.
    pub metric: String,
    /// Score so far, if any.
    pub value: Option<f64>,
    /// Lower end of its interval.
    pub low: Option<f64>,
    /// Upper end of its interval.
    pub high: Option<f64>,
    /// Seconds spent fitting.
    pub seconds: Option<f64>,
    /// Whether it is the one that was picked.
    pub chosen: bool,
}

/// A snapshot of a running training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// The current station.
    pub stage: Stage,
    /// Steps finished.
    pub done: u32,
    /// Steps in all.
    pub of: u32,
    /// What is happening, in words.
    pub message: Option<String>,
    /// The contenders, baseline first.
    pub contenders: Vec<ContenderProgress>,
}

/// What a caller lends to a training.
pub struct TrainContext<'a> {
    /// Told about every step; may be called from several threads.
    pub progress: &'a (dyn Fn(&Progress) + Sync),
    /// Asked often; `Some` ends the training.
    pub interruption: &'a (dyn Fn() -> Option<Interruption> + Sync),
    /// Asked often while something is looked for; `true` ends the looking with the best so far.
    pub enough: &'a (dyn Fn() -> bool + Sync),
    /// Told about every setting that a search tried, with its position.
    pub trial: &'a (dyn Fn(usize, &Trial) + Sync),
    /// Bytes a fit may allocate beyond its inputs.
    pub memory_budget: usize,
    /// Seconds on a monotonic clock, for "it took 1.2 s"; never part of a model's bytes.
    pub clock: &'a (dyn Fn() -> f64 + Sync),
    /// Hash of the data set, for the lineage.
    pub data_hash: &'a str,
    /// Version of the program, for the lineage.
    pub version: &'a str,
}

impl TrainContext<'static> {
    /// A context that reports to nobody and is never interrupted.
    pub fn silent() -> Self {
        Self {
            progress: &|_| {},
            interruption: &|| None,
            enough: &|| false,
            trial: &|_, _| {},
            memory_budget: usize::MAX,
            clock: &|| 0.0,
            data_hash: "",
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

impl TrainContext<'_> {
    /// The part of this context that a fit needs.
    pub(crate) fn fitting<'b>(
        &'b self,
        seed: u64,
        progress: &'b (dyn Fn(f64) + Sync),
    ) -> FitContext<'b> {
        FitContext {
            seed,
            progress,
            interruption: self.interruption,
            memory_budget: self.memory_budget,
            history: None,
        }
    }
}

/// The running account of a training: every change is sent at once.
pub(crate) struct Account<'a> {
    context: &'a TrainContext<'a>,
    state: Mutex<Progress>,
}

impl<'a> Account<'a> {
    pub(crate) fn new(context: &'a TrainContext<'a>) -> Self {
        let state = Progress {
            stage: Stage::Reading,
            done: 0,
            of: 1,
            message: None,
            contenders: Vec::new(),
        };
        Self {
            context,
            state: Mutex::new(state),
        }
    }

    /// Changes the account and sends it.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Progress)) {
        let mut state = self
            .state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        change(&mut state);
        (self.context.progress)(&state);
    }

    /// Enters a station.
    pub(crate) fn stage(&self, stage: Stage, message: &str) {
        self.change(|progress| {
            progress.stage = stage;
            progress.message = Some(message.to_owned());
        });
    }
}
