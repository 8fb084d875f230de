//! Linear models. `design` is the matrix they see (one-hot columns stay codes), read in `tiles`; `gram` has its second
//! moments. `regression` and `logistic` are the algorithms; the latter minimises an `objective` over a `loss` by
//! `newton`, `quasi_newton` or `proximal`. `fitted` predicts for both, `lbfgs` and `coordinate` are solvers.

pub(crate) mod coordinate;
mod costs;
pub(crate) mod design;
pub(crate) mod fitted;
pub(crate) mod gram;
pub(crate) mod lbfgs;
pub(crate) mod logistic;
pub(crate) mod loss;
pub(crate) mod newton;
pub(crate) mod objective;
pub(crate) mod proximal;
pub(crate) mod quasi_newton;
pub(crate) mod regression;
pub(crate) mod tiles;
pub(crate) mod weights;

#[cfg(test)]
mod tests;
