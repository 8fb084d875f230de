//! Many models that answer together.

mod boosting;
pub(crate) mod gradient_boosting;
pub(crate) mod random_forest;
