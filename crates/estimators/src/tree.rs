//! Decision trees on binned columns; the forest grows many of them.
//!
//! `binning` makes bytes of values; `growing` divides rows by them, with the division found in `small` nodes row by row and
//! in others by `splitting` the sums of a `histogram`; `statistic` says what is summed up. `nodes` is the grown tree and
//! answers, `decision_tree` is the algorithm; `chance` draws the thresholds of extra trees.

pub(crate) mod binning;
pub(crate) mod chance;
pub(crate) mod costs;
mod deal;
pub(crate) mod decision_tree;
pub(crate) mod fitted;
pub(crate) mod growing;
mod histogram;
pub(crate) mod nodes;
mod open;
pub(crate) mod options;
pub(crate) mod parting;
mod pruning;
mod region;
mod small;
pub(crate) mod splitting;
mod statistic;
