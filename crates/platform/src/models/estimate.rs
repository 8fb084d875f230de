//! What a training will take and cost, before it is asked for: nothing is charged, stored or queued. What it may take at
//! most follows from that, and its job is held to it.

use serde::{Deserialize, Serialize};
use trainyard_table::Profile;
use trainyard_training::TrainSpec;
use trainyard_training::spec::AUTO;
use uuid::Uuid;

use super::Models;
use crate::Platform;
use crate::caller::{Action, Caller};
use crate::error::Result;

/// What a training will take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrainingEstimate {
    /// Seconds on this server's cores, about.
    pub seconds: f64,
    /// Bytes of memory beyond the table, about.
    pub bytes: u64,
    /// What its job is held to.
    pub ceiling: Ceiling,
    /// Tokens charged when it is accepted.
    pub tokens: i64,
    /// The caller's tokens.
    pub balance: i64,
}

/// What a job may take before it is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ceiling {
    /// Seconds from its beginning. What looks for something is content with the best so far well before.
    pub seconds: f64,
    /// Bytes of memory beyond the table.
    pub bytes: u64,
}

/// Bytes that any training may take.
const LEAST_BYTES: usize = 1 << 30;
/// How many times its estimate the memory of a training may be.
const TIMES_BYTES: usize = 4;

impl Models<'_> {
    /// Checks a training as [`Models::train`] would, and says what it will take.
    ///
    /// # Errors
    /// Those of [`Models::train`] but for a lack of tokens.
    pub async fn estimate(
        &self,
        caller: &Caller,
        dataset_id: Uuid,
        mut spec: TrainSpec,
    ) -> Result<TrainingEstimate> {
        caller.may(Action::Train)?;
        let (_, profile) = self.checked(caller, dataset_id, &mut spec).await?;
        let estimate = spec.estimate(&profile, self.0.cores());
        Ok(TrainingEstimate {
            seconds: estimate.map_or(0.0, |estimate| estimate.seconds),
            bytes: estimate.map_or(0, |estimate| estimate.bytes as u64),
            ceiling: self.0.ceiling(&spec, &profile),
            tokens: self.price_of(&spec, caller.origin.door),
            balance: self.0.store().ledger().balance(caller.id).await?,
        })
    }
}

impl Platform {
    /// What the job of a training may take.
    pub(crate) fn ceiling(&self, spec: &TrainSpec, profile: &Profile) -> Ceiling {
        let options = &self.0.options;
        let estimate = spec.estimate(profile, self.cores());
        let seconds = estimate.map_or(options.training_seconds, |estimate| estimate.seconds);
        let needed = estimate.map_or(usize::MAX, |estimate| estimate.bytes);
        // A race leaves out what does not fit by itself: less memory would make it another race.
        let bytes = match spec.algorithm == AUTO {
            true => options.memory_budget,
            false => needed.saturating_mul(TIMES_BYTES).max(LEAST_BYTES),
        };
        Ceiling {
            seconds: options.patience_seconds + options.patience_times * seconds,
            bytes: bytes.min(options.memory_budget) as u64,
        }
    }

    /// Cores that a job works on.
    pub(crate) fn cores(&self) -> usize {
        match self.0.options.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        }
    }
}
