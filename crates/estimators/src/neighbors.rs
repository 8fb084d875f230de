//! Nearest neighbours: remember every training row, answer with those closest to the row asked about.
//!
//! [`knn`] is the algorithm and its model file; [`rows`] turns features into rows of floats and codes; [`metric`] says how
//! far two rows are apart; [`search`] finds the nearest by screening all rows ([`screen`](crate::kernels::screen)) and
//! measuring those that are left; [`vote`] turns neighbours into answers. Categories count as their one-hot columns
//! would, which are never written out.

mod costs;
pub(crate) mod knn;
mod metric;
mod rows;
mod search;
mod vote;
