//! Many models that answer together.

mod boosting;
pub(crate) mod forest;
pub(crate) mod gradient_boosting;
