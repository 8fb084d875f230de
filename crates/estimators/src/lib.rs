//! Algorithms, preparation, metrics, splits and explanation: pure functions of columns.
//!
//! What lives here: everything between a typed [`Table`](trainyard_table::Table) and a number that was predicted.
//! What it may touch: memory and the current rayon pool. No clock, no files, no global state, no randomness but the
//! seed it is given. Read in the order data flows:
//!
//! 1. [`preparation`] turns table columns into [`Features`] (impute, encode, scale), fitted on the training part only;
//! 2. [`algorithm`] declares every algorithm with its parameters ([`ALGORITHMS`](algorithm::ALGORITHMS)), families fit them;
//! 3. [`pipeline`] ties preparation, algorithm and target together: table in, predictions out; [`blend`] lets several
//!    answer together, and a [`predictor`] is either;
//! 4. [`split`] and [`metrics`] judge; [`importance`] and [`explain`] say why.

pub mod algorithm;
mod baseline;
pub mod blend;
mod cells;
pub mod context;
pub mod diagram;
mod ensemble;
pub mod explain;
pub mod features;
pub mod history;
pub mod importance;
pub mod kernels;
mod learner;
mod linear;
pub mod metrics;
mod neighbors;
mod neural;
pub mod pipeline;
pub mod prediction;
pub mod predictor;
pub mod preparation;
pub mod split;
pub mod state;
mod svm;
pub mod target;
mod tree;

pub use algorithm::{
    Algorithm, AlgorithmSpec, Cost, Fitted, Needs, ParamSpec, Params, Shape, Task,
};
pub use context::{FitContext, FitError, Interruption};
pub use features::{Feature, FeatureValues, Features, Target, TrainingData};
pub use prediction::Prediction;
pub use predictor::Predictor;
pub use state::{Array, State, StateError};
