//! Linear models. `design` is the matrix they see (one-hot columns stay codes), `regression` and `logistic` are the
//! algorithms, `fitted` predicts for both, `lbfgs` and `coordinate` are solvers.

pub(crate) mod coordinate;
pub(crate) mod design;
pub(crate) mod fitted;
pub(crate) mod lbfgs;
pub(crate) mod logistic;
pub(crate) mod loss;
pub(crate) mod regression;
pub(crate) mod weights;
