//! How trees answer. Where the machine has vectors that look up quickly, walks go down side by side: a few rows down many
//! trees each, many rows down one tree after the other. Elsewhere one row walks down many trees at the same time, and many rows
//! are divided node by node.

use super::super::binning::{Binned, Binner, MISSING_BIN};
use super::super::parting::part_alone;
use super::descent::{BEYOND, LANES, Walkers, is_wide};
use super::{Forest, LEAF, MISSING_LEFT, Node, SUBSET};
use crate::Features;
use crate::kernels::prefetch::prefetch_one;
use std::ops::Range;

/// Trees that one row walks down at the same time, so that a node is asked for a round before it is read.
const TREES: usize = 128;
/// Rows that go on each by itself from a node: dividing so few costs more than it saves.
const FEW: usize = 8;
/// Rows that go down a tree together at most: their numbers have 16 bits.
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

/// Rows of bins: one after the other where walks go side by side, column by column where rows are divided.
#[derive(Debug, Default)]
pub(crate) struct Block {
    rows: usize,
    columns: usize,
    by_row: bool,
    bins: Vec<u8>,
}

impl Block {
    /// Becomes `rows` rows of the table from `first`.
    pub(crate) fn fill(&mut self, binner: &Binner, features: &Features, first: usize, rows: usize) {
        (self.rows, self.columns, self.by_row) = (rows, binner.width(), is_wide());
        if self.by_row {
            binner.bin_rows(features, first, rows, &mut self.bins);
            self.bins.extend([0; BEYOND]);
        } else {
            binner.bin_columns(features, first, rows, &mut self.bins);
        }
    }

    /// These rows of columns that are binned.
    pub(crate) fn of(binned: &Binned, rows: Range<usize>) -> Self {
        let columns = binned.columns.iter();
        let columns: Vec<&[u8]> = columns.map(|column| &column[rows.clone()]).collect();
        Self::laid_out(&columns, is_wide())
    }

    /// These columns, in one of both ways.
    pub(super) fn laid_out(columns: &[impl AsRef<[u8]>], by_row: bool) -> Self {
        let columns = columns.iter().map(AsRef::as_ref);
        let width = columns.len();
        let rows = columns.clone().next().map_or(0, <[u8]>::len);
        let mut bins = Vec::with_capacity(rows * width + BEYOND);
        if by_row {
            bins.resize(rows * width + BEYOND, 0);
            for (at, column) in columns.enumerate() {
                let own = bins[at..].iter_mut().step_by(width);
                own.zip(column).for_each(|(bin, &value)| *bin = value);
            }
        } else {
            columns.for_each(|column| bins.extend_from_slice(column));
        }
        Self {
            rows,
            columns: width,
            by_row,
            bins,
        }
    }

    #[inline(always)]
    fn column(&self, column: usize) -> &[u8] {
        &self.bins[column * self.rows..][..self.rows]
    }

    #[inline(always)]
    fn bin(&self, row: usize, column: usize) -> u8 {
        if self.by_row {
            self.bins[row * self.columns + column]
        } else {
            self.bins[column * self.rows + row]
        }
    }

    /// Where the bins of a row begin, when one row comes after the other.
    fn place(&self, row: usize) -> u32 {
        (row * self.columns) as u32
    }
}

/// Room for the rows that go down a tree.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    rows: Vec<u16>,
    spare: Vec<u16>,
    /// Nodes whose rows have not gone on, with the first and last of these rows.
    waiting: Vec<(u32, u32, u32)>,
}

impl Forest {
    /// Adds the answers of all trees, in tree order, to the sums of each row.
    pub(crate) fn add_answers(&self, block: &Block, walk: &mut Walk, sums: &mut [f64]) {
        let rows = sums.chunks_exact_mut(self.width).enumerate();
        // Lanes are for whatever there is more of.
        if block.by_row && block.rows < LANES.min(self.roots.len()) {
            rows.for_each(|(row, sums)| self.add_answers_side_by_side(block, row, sums));
            return;
        }
        if block.rows <= FEW {
            rows.for_each(|(row, sums)| self.add_answers_of_row(block, row, sums));
            return;
        }
        for tree in 0..self.roots.len() {
            self.add_answers_of_tree(tree, block, 0..block.rows as u16, walk, sums);
        }
    }

    /// Adds the answers of all trees, in tree order, for one row: a step in each tree in turn, so that the next node of
    /// one comes from memory while the others are at it.
    fn add_answers_of_row(&self, block: &Block, row: usize, sums: &mut [f64]) {
        for roots in self.roots.chunks(TREES) {
            // A node while the tree is walked down, then the number of an answer.
            let mut places = [0_u32; TREES];
            let places = &mut places[..roots.len()];
            places.copy_from_slice(roots);
            // Trees whose leaf has not been reached, rising.
            let mut walking: [u8; TREES] = std::array::from_fn(|tree| tree as u8);
            let mut count = roots.len();
            while count > 0 {
                let mut kept = 0;
                for index in 0..count {
                    let tree = walking[index];
                    let at = places[usize::from(tree)] as usize;
                    let node = self.nodes[at];
                    let next = self.next(at, node, |column| block.bin(row, column));
                    if let Some(node) = self.nodes.get(next) {
                        prefetch_one(node);
                    }
                    places[usize::from(tree)] = next as u32;
                    walking[kept] = tree;
                    kept += usize::from(node.flags & LEAF == 0);
                }
                count = kept;
            }
            for &answer in places.iter() {
                prefetch_one(&self.answers[answer as usize * self.width]);
            }
            for &answer in places.iter() {
                self.add_answer(answer, sums);
            }
        }
    }

    /// The same with a lane for each tree.
    fn add_answers_side_by_side(&self, block: &Block, row: usize, sums: &mut [f64]) {
        let mut walkers = Walkers {
            places: [0; LANES],
            rows: [block.place(row); LANES],
        };
        for roots in self.roots.chunks(LANES) {
            // The rest goes down the last tree again.
            walkers.places.fill(roots[roots.len() - 1]);
            walkers.places[..roots.len()].copy_from_slice(roots);
            self.descend(&block.bins, &mut walkers);
            let answers = walkers.places[..roots.len()].iter();
            let answers = answers.map(|&leaf| self.nodes[leaf as usize].next);
            for answer in answers.clone() {
                prefetch_one(&self.answers[answer as usize * self.width]);
            }
            answers.for_each(|answer| self.add_answer(answer, sums));
        }
    }

    /// Adds the answer of this number.
    #[inline(always)]
    fn add_answer(&self, number: u32, sums: &mut [f64]) {
        let first = number as usize * self.width;
        sums.iter_mut()
            .zip(&self.answers[first..first + self.width])
            .for_each(|(sum, value)| *sum += value);
    }

    /// Adds the answers of one tree for these rows of a block to the sums of each. Where they do not go side by side, rows
    /// are divided at each node as in a fit, so that every node is read once.
    pub(crate) fn add_answers_of_tree(
        &self,
        tree: usize,
        block: &Block,
        rows: impl Iterator<Item = u16>,
        walk: &mut Walk,
        sums: &mut [f64],
    ) {
        let Walk {
            rows: order,
            spare,
            waiting,
        } = walk;
        order.clear();
        order.extend(rows);
        if block.by_row {
            self.lead_rows(self.roots[tree], block, order, sums);
            return;
        }
        if spare.len() < order.len() {
            spare.resize(order.len(), 0);
        }
        waiting.push((self.roots[tree], 0, order.len() as u32));
        while let Some((at, first, last)) = waiting.pop() {
            let node = self.nodes[at as usize];
            let rows = &mut order[first as usize..last as usize];
            if node.flags & LEAF != 0 {
                self.add_to(node.next, rows, sums);
                continue;
            }
            if rows.len() <= FEW {
                self.finish(at, block, rows, sums);
                continue;
            }
            let left = self.divide(at, node, rows, spare, block.column(node.column.into()));
            let middle = first + left as u32;
            if middle < last {
                waiting.push((node.next + 1, middle, last));
            }
            if first < middle {
                waiting.push((node.next, first, middle));
            }
        }
    }

    /// Adds the answers of a tree for rows that go down side by side.
    fn lead_rows(&self, root: u32, block: &Block, rows: &[u16], sums: &mut [f64]) {
        let mut walkers = Walkers {
            places: [0; LANES],
            rows: [0; LANES],
        };
        for rows in rows.chunks(LANES) {
            if rows.len() <= 2 * FEW {
                for rows in rows.chunks(FEW) {
                    self.finish(root, block, rows, sums);
                }
                continue;
            }
            walkers.places.fill(root);
            // The rest goes with the last row.
            let last = rows[rows.len() - 1];
            let all = rows.iter().chain(std::iter::repeat(&last));
            for (place, &row) in walkers.rows.iter_mut().zip(all) {
                *place = block.place(row.into());
            }
            self.descend(&block.bins, &mut walkers);
            for (&leaf, row) in walkers.places.iter().zip(rows) {
                self.add_to(self.nodes[leaf as usize].next, &[*row], sums);
            }
        }
    }

    /// Adds the answers of a tree for at most [`FEW`] rows that came to a node: a step of each in turn.
    #[inline(always)]
    fn finish(&self, at: u32, block: &Block, rows: &[u16], sums: &mut [f64]) {
        let mut places = [at as usize; FEW];
        let mut arrived = 0;
        while arrived == 0 {
            arrived = LEAF;
            for (place, &row) in places.iter_mut().zip(rows) {
                let node = self.nodes[*place];
                let next = self.next(*place, node, |column| block.bin(row.into(), column));
                let is_leaf = node.flags & LEAF;
                arrived &= is_leaf;
                *place = if is_leaf != 0 { *place } else { next };
            }
        }
        for (&place, row) in places.iter().zip(rows) {
            self.add_to(self.nodes[place].next, &[*row], sums);
        }
    }

    /// Divides rows by the question of a node; says how many go left.
    #[inline(always)]
    fn divide(
        &self,
        at: u32,
        node: Node,
        rows: &mut [u16],
        spare: &mut [u16],
        bins: &[u8],
    ) -> usize {
        if node.flags & SUBSET != 0 {
            let lefts = self.subset(at as usize);
            return part_alone(rows, spare, |row| holds(lefts, bins[usize::from(row)]));
        }
        // One further round the circle, missing ones come first.
        let turn = u8::from(node.flags & MISSING_LEFT != 0);
        let last = node.bin.saturating_add(turn);
        part_alone(rows, spare, |row| {
            bins[usize::from(row)].wrapping_add(turn) <= last
        })
    }

    /// Adds an answer to the sums of rows.
    #[inline(always)]
    fn add_to(&self, answer: u32, rows: &[u16], sums: &mut [f64]) {
        if self.width == 1 {
            let answer = self.answers[answer as usize];
            rows.iter()
                .for_each(|&row| sums[usize::from(row)] += answer);
            return;
        }
        for &row in rows {
            self.add_answer(
                answer,
                &mut sums[usize::from(row) * self.width..][..self.width],
            );
        }
    }

    /// The child of an inner node that a row of bins goes on to.
    #[inline(always)]
    pub(crate) fn step(&self, at: usize, row: &[u8]) -> usize {
        self.next(at, self.nodes[at], |column| row[column])
    }

    /// The node that a row goes on to; of a leaf, the number of its answer.
    #[inline(always)]
    fn next(&self, at: usize, node: Node, bin_of: impl Fn(usize) -> u8) -> usize {
        let bin = bin_of(node.column.into());
        let right = if node.flags & SUBSET != 0 {
            !holds(self.subset(at), bin)
        } else {
            (bin > node.bin) & !((bin == MISSING_BIN) & (node.flags & MISSING_LEFT != 0))
        };
        node.next as usize + usize::from(right)
    }

    fn subset(&self, at: usize) -> &[u64; 4] {
        &self.subsets[self.subset_numbers[at] as usize]
    }
}

/// Whether a bin is in a subset.
#[inline(always)]
fn holds(bits: &[u64; 4], bin: u8) -> bool {
    bits[usize::from(bin >> 6)] >> (bin & 63) & 1 == 1
}
