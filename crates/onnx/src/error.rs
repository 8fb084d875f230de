//! Why a model cannot be written, or what was written cannot be run.

use trainyard_estimators::StateError;

/// Why a model cannot be written as ONNX.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// A column of free text, whose hashed words no operator of ONNX counts.
    #[error(
        "column '{column}' is free text: the model counts hashes of its words, and ONNX has no operator that makes the same \
         hashes. Train without this column, or keep the model in Trainyard's own format"
    )]
    Text {
        /// The column.
        column: String,
    },
    /// The file would be larger than a protocol buffer may be.
    #[error(
        "the model would take {bytes} bytes as ONNX and the format ends at 2 GB; train with fewer or smaller trees, or on \
         fewer rows, or keep the model in Trainyard's own format"
    )]
    TooLarge {
        /// Bytes it would take.
        bytes: usize,
    },
    /// The algorithm has no form in ONNX yet.
    #[error("models of '{algorithm}' cannot be written as ONNX")]
    Algorithm {
        /// Its name.
        algorithm: String,
    },
    /// The learned values are not what the algorithm writes.
    #[error(transparent)]
    State(#[from] StateError),
}

/// Why a model cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// Not an ONNX model, or a damaged one.
    #[error("these bytes are not an ONNX model: {0}")]
    Unreadable(String),
    /// An operator that this crate does not write, or one in a form that it does not write.
    #[error("the runner knows only what Trainyard writes, and not {0}")]
    Unknown(String),
    /// Values that do not fit the operator they reach.
    #[error("{operator}: {detail}")]
    Values {
        /// The operator.
        operator: String,
        /// What does not fit.
        detail: String,
    },
}
