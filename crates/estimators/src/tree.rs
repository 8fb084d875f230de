//! Decision trees on binned columns; the forest grows many of them.
//!
//! `binning` makes bytes of values, which `grouped` keeps row by row; `growing` divides rows by them, with the division
//! found in `small` nodes row by row and in others by `splitting` the sums of a `histogram`; `statistic` says what is summed
//! up. `sapling` is a tree that grows, `nodes` are grown ones and their answers, `decision_tree` is the algorithm; `chance`
//! draws the thresholds of extra trees.

pub(crate) mod binning;
pub(crate) mod chance;
pub(crate) mod costs;
mod deal;
pub(crate) mod decision_tree;
pub(crate) mod fitted;
pub(crate) mod grouped;
pub(crate) mod growing;
mod histogram;
pub(crate) mod nodes;
mod open;
pub(crate) mod options;
pub(crate) mod parting;
mod pruning;
mod region;
pub(crate) mod sapling;
mod small;
pub(crate) mod splitting;
mod statistic;
