//! How a command ends badly: by the user's mistake (exit code 2) or by ours (exit code 1).

use crate::terminal;
use std::process::ExitCode;
use trainyard_training::{ModelFileError, TrainError};

/// Why a command stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The user can mend it; the text says how.
    #[error("{0}")]
    Mistake(String),
    /// We could not do our part.
    #[error("{0}")]
    Fault(String),
}

impl Failure {
    /// The user can mend it.
    pub(crate) fn mistake(text: impl Into<String>) -> Self {
        Self::Mistake(text.into())
    }

    /// We could not do our part.
    pub(crate) fn fault(text: impl Into<String>) -> Self {
        Self::Fault(text.into())
    }

    /// Prints the reason and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        terminal::error(&self.to_string());
        match self {
            Self::Mistake(_) => ExitCode::from(2),
            Self::Fault(_) => ExitCode::from(1),
        }
    }
}

impl From<TrainError> for Failure {
    fn from(error: TrainError) -> Self {
        match &error {
            TrainError::Internal(detail) => Self::fault(format!("training failed: {detail}")),
            TrainError::Spec(problems) => {
                let lines = problems.iter().map(|problem| {
                    // On the command line the data set is the file, which needs no name.
                    if problem.pointer == "/dataset_id" {
                        return problem.detail.clone();
                    }
                    format!(
                        "{}: {}",
                        problem.pointer.trim_start_matches('/').replace('/', "."),
                        problem.detail
                    )
                });
                Self::mistake(lines.collect::<Vec<_>>().join("\n"))
            }
            _ => Self::mistake(error.to_string()),
        }
    }
}

impl From<ModelFileError> for Failure {
    fn from(error: ModelFileError) -> Self {
        Self::mistake(error.to_string())
    }
}
