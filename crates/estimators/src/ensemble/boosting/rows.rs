//! Bins in groups of a few columns, row by row: one load brings a row's bins of a group, whose sums fit into the nearest
//! memory.

use crate::tree::binning::Binned;
use rayon::prelude::*;

/// Columns of a group at most.
pub(crate) const GROUP: usize = 16;

/// All rows' bins, by group of columns.
pub(crate) struct GroupedRows {
    groups: Vec<Group>,
}

/// A few neighbouring columns.
pub(crate) struct Group {
    /// How many columns; the rest of a row is empty.
    pub(crate) width: usize,
    pub(crate) rows: Vec<[u8; GROUP]>,
}

impl GroupedRows {
    /// Deals columns to groups of nearly equal width.
    pub(crate) fn new(binned: &Binned) -> Self {
        let columns = binned.columns.len();
        let count = columns.div_ceil(GROUP);
        let groups = (0..count).into_par_iter().map(|group| {
            let first = group * columns / count;
            let width = (group + 1) * columns / count - first;
            let mut rows = vec![[0; GROUP]; binned.rows];
            for (index, column) in binned.columns[first..first + width].iter().enumerate() {
                rows.iter_mut()
                    .zip(column)
                    .for_each(|(row, &bin)| row[index] = bin);
            }
            Group { width, rows }
        });
        Self {
            groups: groups.collect(),
        }
    }

    /// The groups, in column order.
    pub(crate) fn groups(&self) -> &[Group] {
        &self.groups
    }
}
