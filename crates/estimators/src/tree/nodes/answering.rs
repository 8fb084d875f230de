//! How trees answer: many rows go down one tree after the other, through its crown together and below it eight abreast; a
//! few rows go down many trees at the same time, side by side where the machine has vectors that look up quickly.

use super::abreast::{ABREAST, asks, leads_further};
use super::block::Block;
use super::crown::{Crown, NOBODY, WIDE};
use super::descent::{LANES, is_wide};
use super::sets::holds;
use super::{Forest, Node, SUBSET};
use crate::kernels::prefetch::prefetch_one;

/// Trees that one row walks down at the same time, so that a node is asked for a round before it is read.
const TREES: usize = 128;
/// Rows that go down many trees at the same time, each by itself, rather than together down one tree after the other.
const FEW: usize = 2;

impl Forest {
    /// Adds the answers of all trees, in tree order, to the sums of each row.
    pub(crate) fn add_answers(&self, block: &Block, sums: &mut [f64]) {
        if block.rows() <= FEW {
            let each = sums.chunks_exact_mut(self.width).enumerate();
            let is_wide = is_wide() && 2 * self.roots.len() >= LANES;
            each.for_each(|(row, sums)| {
                if is_wide {
                    self.add_answers_side_by_side(block.row(row), sums);
                } else {
                    self.add_answers_of_row(block.row(row), sums);
                }
            });
            return;
        }
        for tree in 0..self.roots.len() {
            self.add_answers_of_tree(tree, block, |_| true, sums);
        }
    }

    /// Adds the answers of one tree for those rows of a block that are wanted to the sums of each.
    pub(crate) fn add_answers_of_tree(
        &self,
        tree: usize,
        block: &Block,
        is_wanted: impl Fn(usize) -> bool,
        sums: &mut [f64],
    ) {
        let root = self.roots[tree];
        // Where nothing is missing, it does not matter where that goes.
        if self.has_open_subsets {
            self.lead_all::<{ asks::SUBSETS }>(root, block, is_wanted, sums);
        } else if self.sends_missing_left && block.has_missing() {
            self.lead_all::<{ asks::MISSING }>(root, block, is_wanted, sums);
        } else {
            self.lead_all::<{ asks::THRESHOLDS }>(root, block, is_wanted, sums);
        }
    }

    fn lead_all<const ASKS: u8>(
        &self,
        root: u32,
        block: &Block,
        is_wanted: impl Fn(usize) -> bool,
        sums: &mut [f64],
    ) {
        if block.is_wide() {
            let (crown, mut come) = (Crown::of(self, root), NOBODY);
            let own_sums = sums.chunks_mut(WIDE * self.width);
            for (index, (group, sums)) in block.groups().zip(own_sums).enumerate() {
                let ends = crown.sort(self, group, &mut come);
                let numbers = self.below::<ASKS>(&crown, &ends, group);
                self.add_wanted(&numbers, |lane| is_wanted(index * WIDE + lane), sums);
            }
        } else {
            let own_sums = sums.chunks_mut(ABREAST * self.width);
            for (index, (group, sums)) in block.groups().zip(own_sums).enumerate() {
                let numbers = self.lead::<ASKS, ABREAST>(&[root; ABREAST], group);
                self.add_wanted(&numbers, |lane| is_wanted(index * ABREAST + lane), sums);
            }
        }
    }

    /// The numbers of the answers of rows that came to these ends of a crown.
    #[inline(always)]
    fn below<const ASKS: u8>(&self, crown: &Crown, ends: &[u8; WIDE], group: &[u8]) -> [u32; WIDE] {
        let places = crown.places();
        if crown.is_whole() {
            return ends.map(|end| places[usize::from(end)]);
        }
        let mut numbers = [0; WIDE];
        let (lanes, _) = ends.as_chunks::<ABREAST>();
        let each = numbers.as_chunks_mut::<ABREAST>().0.iter_mut().zip(lanes);
        for (index, (numbers, ends)) in each.enumerate() {
            let places = ends.map(|end| places[usize::from(end)]);
            *numbers = self.lead::<ASKS, WIDE>(&places, &group[index * ABREAST..]);
        }
        numbers
    }

    /// Adds the answers of these numbers to the sums of those rows that are wanted, of which there may be fewer.
    #[inline(always)]
    fn add_wanted(&self, numbers: &[u32], is_wanted: impl Fn(usize) -> bool, sums: &mut [f64]) {
        let each = numbers.iter().zip(sums.chunks_exact_mut(self.width));
        for (lane, (&number, sums)) in each.enumerate() {
            if is_wanted(lane) {
                self.add_answer(number, sums);
            }
        }
    }

    /// Adds the answers of all trees, in tree order, for one row: a step in each tree in turn, so that the next node of
    /// one comes from memory while the others are at it.
    fn add_answers_of_row(&self, row: &[u8], sums: &mut [f64]) {
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
                    let next = self.next(at, node, row[ABREAST * usize::from(node.column())]);
                    if let Some(node) = self.nodes.get(next) {
                        prefetch_one(node);
                    }
                    places[usize::from(tree)] = next as u32;
                    walking[kept] = tree;
                    kept += usize::from(!node.is_leaf());
                }
                count = kept;
            }
            self.add_all(places.iter().copied(), sums);
        }
    }

    /// The same with a lane for each tree.
    fn add_answers_side_by_side(&self, row: &[u8], sums: &mut [f64]) {
        for roots in self.roots.chunks(LANES) {
            let leaves = self.descend(roots, row);
            let leaves = leaves.iter().take(roots.len());
            self.add_all(leaves.map(|&leaf| self.nodes[leaf as usize].next()), sums);
        }
    }

    /// Adds the answers of these numbers, all of which are asked for before the first is read.
    fn add_all(&self, numbers: impl Iterator<Item = u32> + Clone, sums: &mut [f64]) {
        for number in numbers.clone() {
            prefetch_one(&self.answers[number as usize * self.width]);
        }
        numbers.for_each(|number| self.add_answer(number, sums));
    }

    /// Adds the answer of this number.
    #[inline(always)]
    fn add_answer(&self, number: u32, sums: &mut [f64]) {
        let first = number as usize * self.width;
        sums.iter_mut()
            .zip(&self.answers[first..first + self.width])
            .for_each(|(sum, value)| *sum += value);
    }

    /// The child of an inner node that a row of bins goes on to.
    #[inline(always)]
    pub(crate) fn step(&self, at: usize, row: &[u8]) -> usize {
        let node = self.nodes[at];
        let bin = row[usize::from(self.column_of(node))];
        let right = if node.flags() & SUBSET != 0 {
            !holds(&self.subsets[self.subset_numbers[at] as usize], bin)
        } else {
            leads_further(node, bin)
        };
        node.next() as usize + usize::from(right)
    }

    /// The node that a row with this bin, of the column that is asked about, goes on to; of a leaf, the number of its answer.
    #[inline(always)]
    fn next(&self, at: usize, node: Node, bin: u8) -> usize {
        node.next() as usize + usize::from(self.leads_right(at, node, bin))
    }
}
