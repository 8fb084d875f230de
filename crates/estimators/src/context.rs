//! What the caller lends to a fit: the seed, a place to report progress, a way to be stopped, a memory budget.

use crate::history::FitHistory;
use std::fmt;

/// Why a running fit should end early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interruption {
    /// Somebody asked for it.
    Cancelled,
    /// The time or work budget is used up.
    OutOfBudget,
}

/// Lent to every fit. The pool is rayon's current one: a caller that wants `n` threads installs a pool of `n`.
pub struct FitContext<'a> {
    /// All randomness derives from this (`random_state` in scikit-learn).
    pub seed: u64,
    /// Called with a share in `0.0..=1.0` from time to time; may be called from several threads.
    pub progress: &'a (dyn Fn(f64) + Sync),
    /// Asked at least every few hundred milliseconds of work; `Some` ends the fit.
    pub interruption: &'a (dyn Fn() -> Option<Interruption> + Sync),
    /// Upper bound for what a fit may allocate beyond its inputs, in bytes.
    pub memory_budget: usize,
    /// Told at the end how the loss fell, by fits that go in steps. `None` spares them working it out.
    pub history: Option<&'a (dyn Fn(FitHistory) + Sync)>,
}

impl FitContext<'static> {
    /// A context that reports to nobody and is never interrupted.
    pub fn silent(seed: u64) -> Self {
        Self {
            seed,
            progress: &|_| {},
            interruption: &|| None,
            memory_budget: usize::MAX,
            history: None,
        }
    }
}

impl FitContext<'_> {
    /// The same context with another seed (folds, trees, contenders).
    pub fn with_seed(&self, seed: u64) -> FitContext<'_> {
        FitContext {
            seed,
            progress: self.progress,
            interruption: self.interruption,
            memory_budget: self.memory_budget,
            history: self.history,
        }
    }

    /// `Err` when so many bytes are more than may be used.
    pub(crate) fn allow(&self, needed: usize) -> Result<(), FitError> {
        let budget = self.memory_budget;
        if needed > budget {
            return Err(FitError::Memory { needed, budget });
        }
        Ok(())
    }

    /// `Err` when the fit should end now.
    pub fn check(&self) -> Result<(), FitError> {
        match (self.interruption)() {
            None => Ok(()),
            Some(reason) => Err(FitError::Interrupted(reason)),
        }
    }
}

impl fmt::Debug for FitContext<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("FitContext")
            .field("seed", &self.seed)
            .field("memory_budget", &self.memory_budget)
            .finish()
    }
}

/// Why a fit gave no model. Texts are shown to people: they say what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FitError {
    /// A parameter has the wrong type, is out of range, or does not fit another one.
    #[error("{name}: {detail}")]
    Parameter {
        /// The parameter's name.
        name: String,
        /// What is wrong and what is allowed.
        detail: String,
    },
    /// The data cannot be learned from (one class, too few rows, …).
    #[error("{0}")]
    Data(String),
    /// It would need more memory than allowed.
    #[error(
        "this needs about {needed} bytes of memory and {budget} are allowed; use fewer rows, fewer columns or smaller settings"
    )]
    Memory {
        /// Estimated bytes.
        needed: usize,
        /// Allowed bytes.
        budget: usize,
    },
    /// Cancelled or out of budget.
    #[error("stopped before it was finished")]
    Interrupted(Interruption),
}

impl FitError {
    /// There is nothing to learn from.
    pub(crate) fn empty() -> Self {
        Self::Data("there are no rows or no columns to learn from".to_owned())
    }

    /// Nothing that there is counts.
    pub(crate) fn weightless() -> Self {
        Self::Data("there are no rows with a positive weight to learn from".to_owned())
    }
}
