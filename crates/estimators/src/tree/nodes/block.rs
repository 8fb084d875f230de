//! Rows of bins as they go down trees: some rows side by side, column after column.

use super::super::binning::{Binned, Binner, MISSING_BIN};
use super::abreast::ABREAST;
use super::crown::WIDE;
use super::descent::BEYOND;
use crate::Features;
use crate::kernels::largest::largest;
use std::ops::Range;

/// Rows that go down a tree together at most.
pub(crate) const MOST_ROWS: usize = 1 << 14;
/// Bytes of rows that go down trees together at most.
const MOST_BYTES: usize = 1 << 20;

/// How many of so many rows of `width` bytes go down trees together: the more the better, as each tree is read once for
/// all of them, but every thread wants its share.
pub(crate) fn rows_together(rows: usize, width: usize) -> usize {
    let share = match rayon::current_num_threads() {
        1 => rows,
        threads => rows.div_ceil(2 * threads),
    };
    let most = (MOST_BYTES / width.max(1)).clamp(64, MOST_ROWS);
    share.clamp(64, most)
}

/// Rows of bins, in groups: the bins of some rows in the first column, in the second, and so on; then the next group. A few
/// rows make groups of [`ABREAST`], many of [`WIDE`].
#[derive(Debug, Default)]
pub(crate) struct Block {
    rows: usize,
    columns: usize,
    /// Rows in a group.
    stride: usize,
    has_missing: bool,
    bins: Vec<u8>,
    /// Room for one column.
    column: Vec<u8>,
}

impl Block {
    /// Becomes `rows` rows of the table from `first`.
    pub(crate) fn fill(&mut self, binner: &Binner, features: &Features, first: usize, rows: usize) {
        self.resize(rows, binner.width());
        if rows <= ABREAST {
            // Too few to look whether any is missing.
            self.has_missing = true;
            for (index, own) in self.bins.chunks_exact_mut(ABREAST).enumerate() {
                binner.bin_column(index, features, first, &mut own[..rows]);
            }
            return;
        }
        let mut column = std::mem::take(&mut self.column);
        column.resize(rows, MISSING_BIN);
        for index in 0..self.columns {
            column.fill(MISSING_BIN);
            binner.bin_column(index, features, first, &mut column);
            self.lay(index, &column);
        }
        self.column = column;
    }

    /// These rows of columns that are binned.
    pub(crate) fn of(binned: &Binned, rows: Range<usize>) -> Self {
        let columns = binned.columns.iter();
        let columns: Vec<&[u8]> = columns.map(|column| &column[rows.clone()]).collect();
        Self::laid_out(&columns)
    }

    pub(super) fn laid_out(columns: &[impl AsRef<[u8]>]) -> Self {
        let rows = columns.first().map_or(0, |column| column.as_ref().len());
        let mut block = Self::default();
        block.resize(rows, columns.len());
        for (index, column) in columns.iter().enumerate() {
            block.lay(index, column.as_ref());
        }
        block
    }

    fn resize(&mut self, rows: usize, columns: usize) {
        (self.rows, self.columns, self.has_missing) = (rows, columns, false);
        self.stride = if 2 * rows < WIDE { ABREAST } else { WIDE };
        let all = rows.next_multiple_of(self.stride) * columns;
        self.bins.clear();
        self.bins.resize(all + BEYOND, MISSING_BIN);
    }

    fn lay(&mut self, index: usize, column: &[u8]) {
        self.has_missing |= largest(column, 0) == MISSING_BIN;
        let stride = self.stride;
        let groups = self.bins.chunks_exact_mut(stride * self.columns);
        for (group, bins) in groups.zip(column.chunks(stride)) {
            group[stride * index..][..bins.len()].copy_from_slice(bins);
        }
    }

    /// Whether a bin of these rows is missing.
    pub(super) fn has_missing(&self) -> bool {
        self.has_missing
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Whether groups are of [`WIDE`] rows.
    pub(super) fn is_wide(&self) -> bool {
        self.stride == WIDE
    }

    /// The groups. What is no row in the last one is missing everywhere.
    pub(super) fn groups(&self) -> impl Iterator<Item = &[u8]> {
        self.bins.chunks_exact((self.stride * self.columns).max(1))
    }

    /// What a row of few is read from: its bin in column `c` lies at `c *` [`ABREAST`], with [`BEYOND`] bytes behind the last.
    pub(super) fn row(&self, row: usize) -> &[u8] {
        assert!(!self.is_wide(), "a row of many");
        &self.bins[row / ABREAST * ABREAST * self.columns + row % ABREAST..]
    }
}
