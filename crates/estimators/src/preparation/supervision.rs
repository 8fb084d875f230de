//! What a preparation is told about its training rows beside the table itself.

use crate::split::Division;
use crate::{FitError, Target};

/// What the training rows teach beside their features.
#[derive(Clone, Copy, Debug)]
pub struct Supervision<'a> {
    /// What is to be learned, one entry a row.
    pub target: &'a Target,
    /// One non-negative finite weight a row; `None` means 1 each.
    pub weights: Option<&'a [f64]>,
    /// Which rows belong together: statistics for the rows of a group come from other groups.
    pub division: &'a Division,
    /// Decides which rows are in a fold together.
    pub seed: u64,
}

impl Supervision<'_> {
    /// Refuses what does not belong to so many rows.
    pub(super) fn check(&self, rows: usize) -> Result<(), FitError> {
        let divided = match self.division {
            Division::Stratified | Division::Legacy => rows,
            Division::Groups(codes) => codes.len(),
            Division::Times(times) => times.len(),
        };
        let weighed = self.weights.map_or(rows, <[f64]>::len);
        if [self.target.len(), weighed, divided] == [rows; 3] {
            return Ok(());
        }
        Err(FitError::Data(format!(
            "{rows} rows, {} of the target, {weighed} weights and {divided} divided rows do not belong together",
            self.target.len()
        )))
    }
}
