//! Many models that answer together.

mod boosting;
mod costs;
pub(crate) mod forest;
pub(crate) mod gradient_boosting;
