//! Bins row by row, a cache line of neighbouring columns at a time: one miss brings all that a row adds to their sums.

use crate::kernels::prefetch::prefetch_one;
use crate::tree::binning::Binned;
use rayon::prelude::*;

/// Columns of a group at most: their sums fit into the nearest memory.
pub(crate) const GROUP: usize = 16;
/// Groups of a line.
pub(crate) const LINE: usize = 4;

/// One cache line of bins.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Line([[u8; GROUP]; LINE]);

/// All rows' bins, by sheets of columns.
pub(crate) struct GroupedRows {
    sheets: Vec<Sheet>,
}

/// Some neighbouring columns in up to [`LINE`] groups.
pub(crate) struct Sheet {
    /// How many columns each group has; the rest of its bytes is empty.
    pub(crate) widths: Vec<usize>,
    /// A row takes 1 << shift groups, so that none lies on two lines.
    shift: u32,
    lines: Vec<Line>,
}

impl GroupedRows {
    /// Deals columns to groups of nearly equal width, and groups to sheets.
    pub(crate) fn new(binned: &Binned) -> Self {
        let columns = binned.columns.len();
        let count = columns.div_ceil(GROUP);
        let begin = |group: usize| group * columns / count;
        let sheets = (0..count.div_ceil(LINE)).into_par_iter().map(|sheet| {
            let groups = sheet * LINE..((sheet + 1) * LINE).min(count);
            let own: Vec<&[Vec<u8>]> = groups
                .map(|group| &binned.columns[begin(group)..begin(group + 1)])
                .collect();
            Sheet::new(binned.rows, &own)
        });
        Self {
            sheets: sheets.collect(),
        }
    }

    /// The sheets, in column order.
    pub(crate) fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }
}

impl Sheet {
    fn new(rows: usize, groups: &[&[Vec<u8>]]) -> Self {
        let shift = groups.len().next_power_of_two().trailing_zeros();
        let empty = Line([[0; GROUP]; LINE]);
        let mut sheet = Self {
            widths: groups.iter().map(|columns| columns.len()).collect(),
            shift,
            lines: vec![empty; (rows << shift).div_ceil(LINE)],
        };
        // A few rows of all columns at a time: their lines are near when the next column comes.
        const ROWS: usize = 256;
        for first in (0..rows).step_by(ROWS) {
            for (group, columns) in groups.iter().enumerate() {
                for (index, column) in columns.iter().enumerate() {
                    for (row, &bin) in column.iter().enumerate().skip(first).take(ROWS) {
                        let piece = (row << shift) + group;
                        sheet.lines[piece / LINE].0[piece % LINE][index] = bin;
                    }
                }
            }
        }
        sheet
    }

    /// One row's bins of a group.
    #[inline(always)]
    pub(crate) fn bins(&self, row: u32, group: usize) -> &[u8; GROUP] {
        let piece = ((row as usize) << self.shift) + group;
        &self.lines[piece / LINE].0[piece % LINE]
    }

    /// Asks for the line of a row's bins.
    #[inline(always)]
    pub(crate) fn prefetch(&self, row: u32, group: usize) {
        prefetch_one(self.bins(row, group));
    }
}
