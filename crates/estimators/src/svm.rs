//! Support vector machines: classes one against another (SVC) and numbers within a tube (ε-SVR).
//!
//! `samples` makes dense rows of features, `kernel` says how alike two are, `matrix` brings kernel values by the
//! block, `smo` solves one problem; `machine` is the algorithm and deals the problems out, `probability` turns
//! decisions into probabilities, `fitted` answers, a linear machine by its `planes`.

mod costs;
pub(crate) mod fitted;
pub(crate) mod kernel;
pub(crate) mod machine;
pub(crate) mod matrix;
pub(crate) mod options;
mod planes;
pub(crate) mod probability;
pub(crate) mod samples;
pub(crate) mod smo;
