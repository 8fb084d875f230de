//! Rows of bins as they go down trees: some rows side by side, column after column.

use super::super::binning::{Binned, Binner, MISSING_BIN};
use super::Forest;
use super::abreast::ABREAST;
use super::crown::WIDE;
use super::descent::BEYOND;
use super::sets::holds;
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
    /// Becomes `rows` rows of the table from `first`, for the trees of a forest.
    pub(crate) fn fill(
        &mut self,
        forest: &Forest,
        binner: &Binner,
        features: &Features,
        first: usize,
        rows: usize,
    ) {
        self.fill_with(forest, rows, |index, own| {
            binner.bin_column(index, features, first, own);
        });
    }

    /// These rows of columns that are binned, for the trees of a forest.
    pub(crate) fn of(forest: &Forest, binned: &Binned, rows: Range<usize>) -> Self {
        let columns = binned.columns.iter();
        let columns: Vec<&[u8]> = columns.map(|column| &column[rows.clone()]).collect();
        Self::laid_out(forest, &columns)
    }

    pub(super) fn laid_out(forest: &Forest, columns: &[impl AsRef<[u8]>]) -> Self {
        let rows = columns.first().map_or(0, |column| column.as_ref().len());
        let mut block = Self::default();
        block.fill_with(forest, rows, |index, own| {
            own.copy_from_slice(columns[index].as_ref());
        });
        block
    }

    /// Lays out the columns of bins that `read` gives, and behind them those of the forest's subsets. What `read` leaves
    /// alone is missing.
    fn fill_with(&mut self, forest: &Forest, rows: usize, read: impl Fn(usize, &mut [u8])) {
        self.resize(rows, forest.asked_columns());
        // Of few rows nobody looks whether something is missing.
        self.has_missing = rows <= ABREAST;
        let mut bins = std::mem::take(&mut self.column);
        let mut outside = vec![0; if forest.sets.len() == 0 { 0 } else { rows }];
        for index in 0..forest.columns {
            bins.clear();
            bins.resize(rows, MISSING_BIN);
            read(index, &mut bins);
            if rows > ABREAST {
                self.has_missing |= largest(&bins, 0) == MISSING_BIN;
            }
            self.lay(index, &bins);
            for (number, lefts) in forest.sets.of_column(index) {
                for (outside, &bin) in outside.iter_mut().zip(&bins) {
                    *outside = u8::from(!holds(lefts, bin));
                }
                self.lay(forest.columns + number, &outside);
            }
        }
        self.column = bins;
    }

    fn resize(&mut self, rows: usize, columns: usize) {
        (self.rows, self.columns, self.has_missing) = (rows, columns, false);
        self.stride = if 2 * rows < WIDE { ABREAST } else { WIDE };
        let all = rows.next_multiple_of(self.stride) * columns;
        self.bins.clear();
        self.bins.resize(all + BEYOND, MISSING_BIN);
    }

    fn lay(&mut self, index: usize, column: &[u8]) {
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
