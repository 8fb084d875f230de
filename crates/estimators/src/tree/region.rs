//! The columns of one subtree's rows, next to each other, so that everything below a node of a few thousand rows happens
//! in the nearest memory.

use super::grouped::GroupedRows;
use super::statistic::Placed;

/// Bytes of a region, about half of a core's own memory.
const BYTES: usize = 1 << 18;
/// Levels that a region is used for, roughly; fewer columns looked at than that are not worth copying all for.
const LEVELS: usize = 8;

/// Columns of the rows in `start..end` of the node order, in that order at the time of copying.
pub(crate) struct Region {
    start: usize,
    end: usize,
    columns: Vec<u8>,
}

impl Region {
    /// None yet.
    pub(crate) fn empty() -> Self {
        Self {
            start: 0,
            end: 0,
            columns: Vec::new(),
        }
    }

    /// Whether a range lies in the region, so that rows are numbered by it.
    pub(crate) fn holds(&self, start: usize, end: usize) -> bool {
        self.start <= start && end <= self.end
    }

    /// Whether small nodes should have regions of their own where so many columns are looked at.
    pub(crate) fn pays(columns: usize, looked_at: usize) -> bool {
        looked_at * LEVELS >= columns
    }

    /// Whether so many rows are few enough.
    pub(crate) fn fits(rows: usize, columns: usize) -> bool {
        rows * columns <= BYTES.max(256 * columns)
    }

    /// Copies all columns for some rows and numbers the rows anew.
    pub(crate) fn copy(
        &mut self,
        grouped: &GroupedRows,
        start: usize,
        entries: &mut [impl Placed],
    ) {
        (self.start, self.end) = (start, start + entries.len());
        self.columns.resize(grouped.columns() * entries.len(), 0);
        let mut rest = self.columns.as_mut_slice();
        for sheet in grouped.sheets() {
            let columns: usize = sheet.widths.iter().sum();
            let (own, after) = rest.split_at_mut(columns * entries.len());
            sheet.copy(entries, own);
            rest = after;
        }
        for (index, entry) in entries.iter_mut().enumerate() {
            entry.put(index as u32);
        }
    }

    /// One column.
    #[inline(always)]
    pub(crate) fn column(&self, index: usize) -> &[u8] {
        let rows = self.end - self.start;
        &self.columns[index * rows..(index + 1) * rows]
    }
}
