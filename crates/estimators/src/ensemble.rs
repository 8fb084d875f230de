//! Many models that answer together.

pub(crate) mod random_forest;
