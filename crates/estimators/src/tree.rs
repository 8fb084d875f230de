//! Decision trees on binned columns; the forest grows many of them.
//!
//! `binning` makes bytes of values, `growing` divides rows by them (`splitting` finds the division, `statistic` says what
//! is counted), `nodes` is the grown tree and answers, `decision_tree` is the algorithm.

pub(crate) mod binning;
pub(crate) mod decision_tree;
pub(crate) mod fitted;
pub(crate) mod growing;
pub(crate) mod nodes;
pub(crate) mod options;
mod pruning;
pub(crate) mod splitting;
pub(crate) mod statistic;
