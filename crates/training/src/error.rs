//! Why a training gave no model, by meaning. Texts are for the person who asked: they say what to do.

use serde::{Deserialize, Serialize};
use trainyard_estimators::{FitError, Interruption};
use trainyard_table::TableError;

/// One thing that is wrong with a request, and where (a JSON pointer such as `/params/max_depth`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldProblem {
    /// JSON pointer into the request.
    pub pointer: String,
    /// What is wrong and what to do.
    pub detail: String,
}

impl FieldProblem {
    /// A problem at a pointer.
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            detail: detail.into(),
        }
    }

    /// The same where nobody sees the request that the pointer leads into.
    fn sentence(&self) -> String {
        match self.pointer.strip_prefix("/params/") {
            Some(name) => sentence(&format!(
                "the setting {name} does not suit: {}",
                self.detail
            )),
            None => sentence(&self.detail),
        }
    }
}

/// Why there is no model.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TrainError {
    /// The data cannot be learned from: the user's to mend.
    #[error("{0}")]
    Data(String),
    /// The request is wrong in these places.
    #[error("{}", .0.iter().map(|problem| format!("{}: {}", problem.pointer, problem.detail)).collect::<Vec<_>>().join("; "))]
    Spec(Vec<FieldProblem>),
    /// It would need more memory than allowed.
    #[error("{0}")]
    Memory(String),
    /// Cancelled, or out of its budget.
    #[error("the training was stopped before it was finished")]
    Interrupted(Interruption),
    /// Our own mistake; the text is for the log, not for people.
    #[error("{0}")]
    Internal(String),
}

impl TrainError {
    /// A stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Data(_) => "untrainable_data",
            Self::Spec(_) => "validation",
            Self::Memory(_) => "too_large",
            Self::Interrupted(Interruption::Cancelled) => "cancelled",
            Self::Interrupted(Interruption::OutOfBudget) => "out_of_budget",
            Self::Internal(_) => "internal",
        }
    }

    /// The sentence a person may see (internal texts stay inside).
    pub fn detail(&self) -> String {
        match self {
            Self::Internal(_) => "Something went wrong on our side while training; the token was given back. Please try again.".to_owned(),
            Self::Spec(problems) => {
                let sentences: Vec<String> = problems.iter().map(FieldProblem::sentence).collect();
                sentences.join(" ")
            }
            other => sentence(&other.to_string()),
        }
    }
}

/// A text that begins like a sentence and ends like one.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let mut sentence: String = first.chain(letters).collect();
    if !sentence.ends_with(['.', '?', '!']) {
        sentence.push('.');
    }
    sentence
}

impl From<FitError> for TrainError {
    fn from(error: FitError) -> Self {
        match error {
            FitError::Parameter { name, detail } => {
                Self::Spec(vec![FieldProblem::new(format!("/params/{name}"), detail)])
            }
            FitError::Data(detail) => Self::Data(detail),
            FitError::Memory { .. } => Self::Memory(error.to_string()),
            FitError::Interrupted(reason) => Self::Interrupted(reason),
        }
    }
}

impl From<TableError> for TrainError {
    fn from(error: TableError) -> Self {
        Self::Data(error.to_string())
    }
}
