//! Growing one tree: rows lie in node order, every division is a stable partition of a range of them.
//!
//! Large nodes of trees that look at all columns keep sums by bin, the larger child's being the parent's minus the smaller
//! child's; nodes of middling size are summed up column by column; small ones are compared row by row.

mod subtrees;

use super::binning::{Binned, Binner};
use super::chance::{Chance, Spans};
use super::deal::Deal;
use super::grouped::GroupedRows;
use super::histogram::{Histogram, NodeHistograms, View};
use super::open::{Open, Pending};
use super::parting::part;
use super::region::Region;
use super::sapling::Tree;
use super::small::{SMALL_ROWS, SmallNode};
use super::splitting::{Candidate, Scan, Split, better};
use super::statistic::{Placed, Slot, Statistic, minus};
use crate::kernels::random::Random;
use crate::{FitContext, FitError};
use rayon::prelude::*;

/// Cells (rows × columns) of a node from which its columns are dealt to threads.
const PARALLEL_CELLS: usize = 1 << 16;
/// Rows of growth between two looks at the interruption.
const CHECK_ROWS: usize = 1 << 18;
/// Rows, for each sum in a slot, from which a node keeps sums of all columns.
const KEPT_ROWS: usize = 512;
/// Bytes of one node's kept sums at most.
const KEPT_BYTES: usize = 4 << 20;
/// Nodes that may keep sums at once.
const KEPT_NODES: usize = 64;

/// When to stop dividing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Growth {
    pub(crate) max_depth: usize,
    pub(crate) max_leaf_nodes: Option<usize>,
    pub(crate) min_samples_split: usize,
    pub(crate) min_samples_leaf: usize,
    /// Columns that are tried at each node.
    pub(crate) max_features: usize,
    pub(crate) min_impurity_decrease: f64,
    pub(crate) ccp_alpha: f64,
    /// Whether columns of large nodes are dealt to threads (a forest deals its trees instead).
    pub(crate) parallel: bool,
}

/// The table that trees are grown from.
#[derive(Clone, Copy)]
pub(crate) struct Table<'a> {
    pub(crate) binner: &'a Binner,
    pub(crate) binned: &'a Binned,
    /// Where small nodes get regions of their own: what they are copied from.
    pub(crate) grouped: Option<&'a GroupedRows>,
    /// Where thresholds are drawn by chance: from what.
    pub(crate) spans: Option<&'a Spans>,
}

impl Table<'_> {
    /// What is tried at divisions: columns of bins, or where chance draws, features.
    fn features(&self) -> usize {
        let columns = self.binner.width();
        self.spans.map_or(columns, Spans::features)
    }
}

pub(crate) struct Grower<'a, const N: usize, S: Statistic<N>> {
    table: Table<'a>,
    statistic: S,
    growth: Growth,
    random: Random,
    entries: Vec<S::Entry>,
    spare: Vec<S::Entry>,
    order: Vec<usize>,
    rest: Vec<usize>,
    region: Region,
    histogram: Histogram<N>,
    scan: Scan<N>,
    small: SmallNode<S::Judge>,
    /// A column's, of a node's rows.
    bins: Vec<u8>,
    /// Those of a feature with several columns.
    fine: Vec<u16>,
    /// Memory of sums that are no longer needed.
    pool: Vec<NodeHistograms<N>>,
    kept: usize,
    total_weight: f64,
    worked: usize,
    /// Whether nothing is put off any more.
    is_subtree: bool,
}

impl<'a, const N: usize, S: Statistic<N>> Grower<'a, N, S> {
    /// `entries`: the rows to grow from, in table order.
    pub(crate) fn new(
        table: Table<'a>,
        (statistic, entries): (S, Vec<S::Entry>),
        growth: Growth,
        random: Random,
    ) -> Self {
        Self {
            table,
            growth,
            random,
            spare: entries.clone(),
            entries,
            order: (0..table.features()).collect(),
            rest: Vec::new(),
            region: Region::empty(),
            histogram: Histogram::new(),
            scan: Scan::new(statistic.lanes()),
            small: SmallNode::new(),
            bins: Vec::new(),
            fine: Vec::new(),
            statistic,
            pool: Vec::new(),
            kept: 0,
            total_weight: 0.0,
            worked: 0,
            is_subtree: false,
        }
    }

    /// Grows the tree.
    pub(crate) fn grow(mut self, context: &FitContext<'_>) -> Result<Tree, FitError> {
        let mut total = [0; N];
        self.entries
            .iter()
            .for_each(|entry| S::add(&mut total, entry));
        self.total_weight = self.statistic.weight(&total);
        let root = Pending {
            node: 0,
            start: 0,
            end: self.entries.len(),
            depth: 0,
            total,
            score: self.statistic.score(&total),
            histograms: None,
            split: None,
        };
        // Its children would be no better off on their own.
        self.is_subtree = Region::fits(root.rows(), self.table.binner.width());
        self.grow_from(root, context)
    }

    fn grow_from(&mut self, root: Pending<N>, context: &FitContext<'_>) -> Result<Tree, FitError> {
        let mut tree = Tree::new();
        let mut scores = Vec::new();
        let mut open = Open::new(self.growth.max_leaf_nodes.is_some());
        let most_leaves = self.growth.max_leaf_nodes.unwrap_or(usize::MAX);
        let mut put_off = Vec::new();
        self.enter(root, &mut open, &mut tree, &mut scores);
        let mut leaves = 1;
        while let Some(mut pending) = open.pop() {
            if self.puts_off(&pending) {
                self.release(pending.histograms.take());
                put_off.push(pending);
                continue;
            }
            let split = if open.is_best_first() {
                pending.split.take().map(|split| *split)
            } else {
                self.best_split(&mut pending)
            };
            let Some(split) = split.filter(|_| leaves < most_leaves) else {
                self.close(&pending, &mut tree);
                self.release(pending.histograms);
                continue;
            };
            self.worked += pending.rows();
            if self.worked > CHECK_ROWS {
                self.worked = 0;
                context.check()?;
            }
            leaves += 1;
            let left = tree.nodes.len();
            tree.divide(pending.node, &split);
            let [first, second] = self.divide(pending, &split, left);
            // The right one first onto the stack, so that the left one is grown first.
            if open.is_best_first() {
                self.enter(first, &mut open, &mut tree, &mut scores);
                self.enter(second, &mut open, &mut tree, &mut scores);
            } else {
                self.note(&first, &mut tree, &mut scores);
                self.note(&second, &mut tree, &mut scores);
                self.leaf_or_open(second, &mut open, &mut tree);
                self.leaf_or_open(first, &mut open, &mut tree);
            }
        }
        self.grow_subtrees(&put_off, &mut tree, context)?;
        if self.growth.ccp_alpha > 0.0 {
            tree = super::pruning::prune(&tree, &scores, self.growth.ccp_alpha * self.total_weight);
        }
        Ok(tree)
    }

    /// Whether a node is left to be grown on its own. Best-first growth has to see all leaves, and pruning all nodes.
    fn puts_off(&self, pending: &Pending<N>) -> bool {
        !self.is_subtree
            && self.growth.max_leaf_nodes.is_none()
            && self.growth.ccp_alpha == 0.0
            && Region::fits(pending.rows(), self.table.binner.width())
    }

    /// A new node: what it would be as a leaf (for pruning), and whether it waits or is one.
    fn enter(
        &mut self,
        mut pending: Pending<N>,
        open: &mut Open<N>,
        tree: &mut Tree,
        scores: &mut Vec<f64>,
    ) {
        self.note(&pending, tree, scores);
        if open.is_best_first() && self.may_divide(&pending) {
            pending.split = self.best_split(&mut pending).map(Box::new);
        }
        self.leaf_or_open(pending, open, tree);
    }

    fn note(&self, pending: &Pending<N>, tree: &mut Tree, scores: &mut Vec<f64>) {
        if self.growth.ccp_alpha > 0.0 {
            scores.push(pending.score);
            let entries = &self.entries[pending.start..pending.end];
            self.statistic
                .answer(entries, &pending.total, &mut tree.inner_answers);
        }
    }

    fn leaf_or_open(&mut self, pending: Pending<N>, open: &mut Open<N>, tree: &mut Tree) {
        let waits = if open.is_best_first() {
            pending.split.is_some()
        } else {
            self.may_divide(&pending)
        };
        if waits {
            open.push(pending);
        } else {
            self.close(&pending, tree);
            self.release(pending.histograms);
        }
    }

    fn close(&self, pending: &Pending<N>, tree: &mut Tree) {
        let entries = &self.entries[pending.start..pending.end];
        tree.close(pending.node, self.statistic.count(&pending.total) as u32);
        self.statistic
            .answer(entries, &pending.total, &mut tree.answers);
    }

    fn may_divide(&self, pending: &Pending<N>) -> bool {
        let count = self.statistic.count(&pending.total) as usize;
        pending.rows() > 1
            && count >= self.growth.min_samples_split
            && count >= 2 * self.growth.min_samples_leaf
            && pending.depth < self.growth.max_depth
            && !self
                .statistic
                .is_pure(&self.entries[pending.start..pending.end], &pending.total)
    }

    /// Whether a node of this many rows keeps sums of all columns.
    fn keeps(&self, rows: usize) -> bool {
        let columns = self.table.binner.width();
        self.table.spans.is_none()
            && rows >= KEPT_ROWS * N
            && self.growth.max_features >= columns
            && NodeHistograms::<N>::bytes(columns) <= KEPT_BYTES
            && self.kept < KEPT_NODES
    }

    fn release(&mut self, histograms: Option<NodeHistograms<N>>) {
        if let Some(histograms) = histograms {
            self.kept -= 1;
            self.pool.push(histograms);
        }
    }

    /// Sums of all columns of a node.
    fn sum_up(&mut self, start: usize, end: usize) -> NodeHistograms<N> {
        let (width, reuse) = (self.table.binner.width(), self.pool.pop());
        let in_region = self.region.holds(start, end);
        let column = |index: usize| {
            if in_region {
                self.region.column(index)
            } else {
                &self.table.binned.columns[index]
            }
        };
        let parallel = self.growth.parallel && (end - start) * width >= PARALLEL_CELLS;
        self.kept += 1;
        NodeHistograms::of::<S>(width, column, &self.entries[start..end], parallel, reuse)
    }

    fn best_split(&mut self, pending: &mut Pending<N>) -> Option<Split> {
        let rows = pending.rows();
        let (start, end) = (pending.start, pending.end);
        if let Some(grouped) = self.table.grouped
            && !self.region.holds(start, end)
            && Region::fits(rows, self.table.binner.width())
        {
            let entries = &mut self.entries[start..end];
            self.region.copy(grouped, start, entries);
        }
        if pending.histograms.is_none() && self.keeps(rows) {
            pending.histograms = Some(self.sum_up(start, end));
        }
        let found = match &pending.histograms {
            Some(histograms) => self.split_of_kept(pending, histograms),
            None => self.split_by_column(pending),
        };
        let decrease = self.growth.min_impurity_decrease * self.total_weight;
        found.filter(|split| split.gain + 1e-9 * pending.score.abs().max(1e-300) >= decrease)
    }

    fn split_of_kept(
        &mut self,
        pending: &Pending<N>,
        histograms: &NodeHistograms<N>,
    ) -> Option<Split> {
        let width = self.table.binner.width();
        let start = self.random.below(width);
        let candidate = Candidate {
            statistic: &self.statistic,
            total: pending.total,
            parent_score: pending.score,
            min_samples_leaf: self.growth.min_samples_leaf as i64,
        };
        let binner = self.table.binner;
        let judge = |index: usize, scan: &mut Scan<N>| {
            let feature = (start + index) % width;
            let view = histograms.view(feature);
            judge(binner, None, &candidate, feature, view, scan)
        };
        if self.growth.parallel && pending.rows() * width >= PARALLEL_CELLS {
            let splits: Vec<Option<Split>> = (0..width)
                .into_par_iter()
                .map_init(
                    || Scan::new(self.statistic.lanes()),
                    |scan, index| judge(index, scan),
                )
                .collect();
            splits.into_iter().flatten().reduce(better)
        } else {
            let scan = &mut self.scan;
            (0..width)
                .filter_map(|index| judge(index, scan))
                .reduce(better)
        }
    }

    fn split_by_column(&mut self, pending: &Pending<N>) -> Option<Split> {
        let entries = &self.entries[pending.start..pending.end];
        let in_region = self.region.holds(pending.start, pending.end);
        let (region, columns, binner) =
            (&self.region, &self.table.binned.columns, self.table.binner);
        let column = |index: usize| {
            if in_region {
                region.column(index)
            } else {
                columns[index].as_slice()
            }
        };
        let candidate = Candidate {
            statistic: &self.statistic,
            total: pending.total,
            parent_score: pending.score,
            min_samples_leaf: self.growth.min_samples_leaf as i64,
        };
        let chance = chance(self.table.spans, &mut self.random);
        let mut deal = Deal::new(&mut self.order, &mut self.random, self.growth.max_features);
        let (histogram, scan) = (&mut self.histogram, &mut self.scan);
        let (bins, fine) = (&mut self.bins, &mut self.fine);
        let mut count = |feature: usize, best: &mut Option<Split>| {
            let first = chance.map_or(feature, |chance| chance.spans.column(feature));
            if let Some(chance) = chance
                && !binner.is_categorical(first)
            {
                let (useful, split) = match chance.spans.fine(feature) {
                    Some(own) => candidate.by_chance(feature, own, fine, entries, chance),
                    None => candidate.by_chance(feature, column(first), bins, entries, chance),
                };
                if let Some(split) = split {
                    *best = Some(best.map_or(split, |best| better(best, split)));
                }
                return useful;
            }
            histogram.fill::<S>(column(first), entries);
            let useful = !histogram.view().is_constant();
            let chance = chance.map(|chance| (chance, feature));
            if useful
                && let Some(split) =
                    judge(binner, chance, &candidate, first, histogram.view(), scan)
            {
                *best = Some(best.map_or(split, |best| better(best, split)));
            }
            histogram.clear();
            useful
        };
        let mut best: Option<Split> = None;
        let small = entries.len() <= SMALL_ROWS
            && self
                .statistic
                .small(entries, &pending.total, &mut self.small);
        if small && chance.is_none() {
            self.rest.clear();
            let leaf = self.growth.min_samples_leaf as f32;
            let rest = &mut self.rest;
            let next = |useful: bool| {
                let feature = deal.next(useful)?;
                Some((feature, binner.is_categorical(feature)))
            };
            best = self.small.search(leaf, next, column, rest);
            for &feature in &self.rest {
                count(feature, &mut best);
            }
            return best;
        }
        let mut useful = false;
        while let Some(feature) = deal.next(useful) {
            useful = count(feature, &mut best);
            if small && best.is_some_and(|best| self.small.is_perfect(best.gain)) {
                break;
            }
        }
        best
    }

    /// The two parts of a node.
    fn divide(&mut self, mut pending: Pending<N>, split: &Split, left: usize) -> [Pending<N>; 2] {
        let middle = self.partition(&pending, split);
        let (start, end) = (pending.start, pending.end);
        let smaller_first = middle - start <= end - middle;
        let (low, high) = if smaller_first {
            (start, middle)
        } else {
            (middle, end)
        };
        let mut smaller: Slot<N> = [0; N];
        self.entries[low..high]
            .iter()
            .for_each(|entry| S::add(&mut smaller, entry));
        let larger = minus(&pending.total, &smaller);
        let mut parts = (None, None);
        let (few, many) = (high - low, end - start - (high - low));
        if let Some(mut own) = pending.histograms.take() {
            // Worth it while summing up the few and taking them away is less work than summing up the many.
            if many >= KEPT_ROWS * N && few + 64 * N < many {
                let part = self.sum_up(low, high);
                own.subtract(&part);
                parts.1 = Some(own);
                if few >= KEPT_ROWS * N {
                    parts.0 = Some(part);
                } else {
                    self.release(Some(part));
                }
            } else {
                self.release(Some(own));
            }
        }
        let child = |side: usize, total: Slot<N>, histograms| Pending {
            node: left + side,
            start: if side == 0 { start } else { middle },
            end: if side == 0 { middle } else { end },
            depth: pending.depth + 1,
            total,
            score: self.statistic.score(&total),
            histograms,
            split: None,
        };
        if smaller_first {
            [child(0, smaller, parts.0), child(1, larger, parts.1)]
        } else {
            [child(0, larger, parts.1), child(1, smaller, parts.0)]
        }
    }

    /// Rows that go left first, each part in its old order. Returns where the right part begins.
    fn partition(&mut self, pending: &Pending<N>, split: &Split) -> usize {
        let (start, end) = (pending.start, pending.end);
        let column = if self.region.holds(start, end) {
            self.region.column(split.feature)
        } else {
            &self.table.binned.columns[split.feature]
        };
        let own = &mut self.entries[start..end];
        let lefts = part(&split.rule, own, &mut self.spare, |entry| {
            column[entry.row() as usize]
        });
        start + lefts
    }
}

fn judge<const N: usize, S: Statistic<N>>(
    binner: &Binner,
    chance: Option<(Chance<'_>, usize)>,
    candidate: &Candidate<'_, N, S>,
    column: usize,
    view: View<'_, N>,
    scan: &mut Scan<N>,
) -> Option<Split> {
    if view.is_constant() {
        None
    } else if !binner.is_categorical(column) {
        candidate.best_threshold(column, view, scan)
    } else if let Some((chance, feature)) = chance {
        candidate.subset_by_chance((feature, column), view, chance)
    } else {
        candidate.best_subset(column, view)
    }
}

/// What one node draws its thresholds with; nothing is drawn where the best ones are wanted.
fn chance<'a>(spans: Option<&'a Spans>, random: &mut Random) -> Option<Chance<'a>> {
    spans.map(|spans| Chance::new(spans, random.bits()))
}
