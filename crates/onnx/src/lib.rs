//! Writes fitted models as ONNX, the open format that other programs read, and runs what it wrote.
//!
//! What lives here: [`write()`] puts preparation, algorithm and answer of a [`Predictor`](trainyard_estimators::Predictor)
//! into one graph (`write`, one file an algorithm); [`Program`] reads such a file back and works it off operator by
//! operator (`run`), so that the very bytes that are handed out can be compared with the model's own answers. It knows no
//! operator that is not written here. `message` holds the messages of the format. What it may touch: memory and the
//! current rayon pool.
//!
//! The learned values come from [`Predictor::save`](trainyard_estimators::Predictor::save), as a model file holds them.
//!
//! # The graph
//! One input a column that the model looks at, named as the column, of shape `[rows, 1]`: `string` for categories and
//! text, `double` for everything else (booleans 0 and 1, dates seconds since 1970 UTC). Missing is `""` or NaN. Of a
//! classifier the first output is the label (`string`, `[rows]`) and the second the probabilities (`double`,
//! `[rows, classes]`); of a regressor the only output is the value (`double`, `[rows, 1]`).
//!
//! Numbers are doubles throughout, as in the model: values are divided at thresholds exactly as the trees here divide
//! them. Only the sums that a tree operator answers are floats, as the operator has it.

mod error;
mod message;
mod run;
mod write;

pub use error::{ExportError, RunError};
pub use run::{Answers, Program};
pub use write::write;
