//! Bins row by row, a cache line of neighbouring columns at a time: one miss brings all that a row adds to their sums, or all
//! that is copied of a row.

use super::binning::Binned;
use super::statistic::Placed;
use crate::kernels::pages;
use crate::kernels::prefetch::prefetch_one;
use crate::kernels::transpose::transpose;
use rayon::prelude::*;

/// Columns of a group at most: their sums fit into the nearest memory.
pub(crate) const GROUP: usize = 16;
/// Groups of a line.
pub(crate) const LINE: usize = 4;

/// Rows and columns of a block that is turned at once.
const EDGE: usize = 8;
/// Rows that memory is asked for ahead of their turn.
const AHEAD: usize = 32;

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

    /// How many columns there are.
    pub(crate) fn columns(&self) -> usize {
        let widths = self.sheets.iter().flat_map(|sheet| &sheet.widths);
        widths.sum()
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
        let count = (rows << shift).div_ceil(LINE);
        let mut lines = pages::room(count);
        lines.resize(count, empty);
        // A few rows of all columns at a time: their lines are near when the next column comes.
        const ROWS: usize = 256;
        let some = lines.par_chunks_mut((ROWS << shift) / LINE).enumerate();
        some.for_each(|(index, lines)| {
            for (group, columns) in groups.iter().enumerate() {
                for (place, column) in columns.iter().enumerate() {
                    let bins = column.iter().skip(index * ROWS).take(ROWS);
                    for (row, &bin) in bins.enumerate() {
                        let piece = (row << shift) + group;
                        lines[piece / LINE].0[piece % LINE][place] = bin;
                    }
                }
            }
        });
        Self {
            widths: groups.iter().map(|columns| columns.len()).collect(),
            shift,
            lines,
        }
    }

    /// Bins of some rows, column by column, to `out`.
    pub(crate) fn copy(&self, rows: &[impl Placed], out: &mut [u8]) {
        let count = rows.len();
        for (block, some) in rows.chunks(EDGE).enumerate() {
            let begin = block * EDGE;
            for next in rows.iter().skip(begin + AHEAD).take(EDGE) {
                self.prefetch(next.row(), 0);
            }
            let mut column = 0;
            for (group, &width) in self.widths.iter().enumerate() {
                let mut pieces = [[[0; EDGE]; EDGE]; GROUP / EDGE];
                for (index, row) in some.iter().enumerate() {
                    let halves = self.bins(row.row(), group).as_chunks::<EDGE>().0;
                    for (piece, half) in pieces.iter_mut().zip(halves) {
                        piece[index] = *half;
                    }
                }
                let columns = pieces.into_iter().map(transpose);
                for bins in columns.flatten().take(width) {
                    let place = column * count + begin;
                    if let Some(out) = out[place..].first_chunk_mut::<EDGE>()
                        && some.len() == EDGE
                    {
                        *out = bins;
                    } else {
                        out[place..place + some.len()].copy_from_slice(&bins[..some.len()]);
                    }
                    column += 1;
                }
            }
        }
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
