//! Growing one tree: rows lie in node order, every division is a stable partition of a range of them.

use super::binning::{Binned, Binner};
use super::nodes::{Tree, TreeNode};
use super::splitting::{Candidate, Histogram, Split};
use super::statistic::{Slot, Statistic};
use crate::kernels::random::Random;
use crate::{FitContext, FitError};
use rayon::prelude::*;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Cells (rows × columns) of a node from which its columns are dealt to threads.
const PARALLEL_CELLS: usize = 1 << 16;
/// Rows of growth between two looks at the interruption.
const CHECK_ROWS: usize = 1 << 18;

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

/// Rows to grow from, in table order.
pub(crate) struct Sample<V> {
    pub(crate) rows: Vec<u32>,
    pub(crate) values: Vec<V>,
    /// Empty: 1 each.
    pub(crate) weights: Vec<f32>,
}

/// A range of rows that is a node.
struct Pending<const N: usize> {
    node: usize,
    start: usize,
    end: usize,
    depth: usize,
    total: Slot<N>,
    score: f64,
    split: Option<Split>,
}

pub(crate) struct Grower<'a, const N: usize, S: Statistic<N>> {
    binner: &'a Binner,
    binned: &'a Binned,
    statistic: S,
    growth: Growth,
    random: Random,
    sample: Sample<S::Value>,
    spare: Sample<S::Value>,
    order: Vec<usize>,
    histogram: Histogram<N>,
    total_weight: f64,
    worked: usize,
}

impl<'a, const N: usize, S: Statistic<N>> Grower<'a, N, S> {
    pub(crate) fn new(
        binner: &'a Binner,
        binned: &'a Binned,
        statistic: S,
        growth: Growth,
        random: Random,
        sample: Sample<S::Value>,
    ) -> Self {
        let spare = Sample {
            rows: Vec::new(),
            values: Vec::new(),
            weights: Vec::new(),
        };
        let order = (0..binner.width()).collect();
        Self {
            binner,
            binned,
            statistic,
            growth,
            random,
            sample,
            spare,
            order,
            histogram: Histogram::new(),
            total_weight: 0.0,
            worked: 0,
        }
    }

    /// Grows the tree.
    pub(crate) fn grow(mut self, context: &FitContext<'_>) -> Result<Tree, FitError> {
        let mut tree = Tree {
            nodes: vec![TreeNode::Leaf(Vec::new())],
        };
        let root = self.pending(0, 0, self.sample.rows.len(), 0);
        self.total_weight = S::weight(&root.total);
        let mut scores = vec![root.score];
        let mut answers = vec![self.statistic.answer(&root.total)];
        tree.nodes[0] = TreeNode::Leaf(answers[0].clone());
        let mut open = Open::new(self.growth.max_leaf_nodes.is_some());
        let mut leaves = 1;
        open.push(self.with_split(root));
        while let Some(pending) = open.pop() {
            let Some(split) = pending.split else { continue };
            if self
                .growth
                .max_leaf_nodes
                .is_some_and(|most| leaves >= most)
            {
                break;
            }
            self.worked += pending.end - pending.start;
            if self.worked > CHECK_ROWS {
                self.worked = 0;
                context.check()?;
            }
            let middle = self.partition(&pending, &split);
            let left = tree.nodes.len();
            tree.nodes[pending.node] = TreeNode::Inner {
                feature: split.feature,
                rule: split.rule,
                left,
            };
            leaves += 1;
            let sides = [(pending.start, middle), (middle, pending.end)];
            let mut children = Vec::with_capacity(2);
            for (side, (start, end)) in sides.into_iter().enumerate() {
                let child = self.pending(left + side, start, end, pending.depth + 1);
                let answer = self.statistic.answer(&child.total);
                if self.growth.ccp_alpha > 0.0 {
                    scores.push(child.score);
                    answers.push(answer.clone());
                }
                tree.nodes.push(TreeNode::Leaf(answer));
                children.push(child);
            }
            // The right one first onto the stack, so that the left one is grown first.
            for child in children.into_iter().rev() {
                open.push(self.with_split(child));
            }
        }
        if self.growth.ccp_alpha > 0.0 {
            tree = super::pruning::prune(
                &tree,
                &scores,
                &answers,
                self.growth.ccp_alpha * self.total_weight,
            );
        }
        Ok(tree)
    }

    fn pending(&self, node: usize, start: usize, end: usize, depth: usize) -> Pending<N> {
        let mut total = Slot::EMPTY;
        for index in start..end {
            let weight = self
                .sample
                .weights
                .get(index)
                .map_or(1.0, |&weight| f64::from(weight));
            S::add(&mut total, self.sample.values[index], weight);
        }
        let score = self.statistic.score(&total);
        Pending {
            node,
            start,
            end,
            depth,
            total,
            score,
            split: None,
        }
    }

    fn with_split(&mut self, mut pending: Pending<N>) -> Pending<N> {
        let rows = pending.end - pending.start;
        let values = &self.sample.values[pending.start..pending.end];
        let pure = values.windows(2).all(|pair| pair[0] == pair[1]);
        let small = rows < self.growth.min_samples_split || rows < 2 * self.growth.min_samples_leaf;
        if !pure && !small && pending.depth < self.growth.max_depth {
            let found = self.best_split(&pending);
            let decrease = self.growth.min_impurity_decrease
                * self.total_weight.max(S::weight(&pending.total));
            pending.split = found
                .filter(|split| split.gain + 1e-9 * pending.score.abs().max(1e-300) >= decrease);
        }
        pending
    }

    fn best_split(&mut self, pending: &Pending<N>) -> Option<Split> {
        let range = pending.start..pending.end;
        let rows = &self.sample.rows[range.clone()];
        let values = &self.sample.values[range.clone()];
        let weights = self.sample.weights.get(range).unwrap_or_default();
        let candidate = Candidate {
            statistic: &self.statistic,
            total: pending.total,
            parent_score: pending.score,
            min_samples_leaf: self.growth.min_samples_leaf as u32,
        };
        let features = self.binner.width();
        let judge = |feature: usize, histogram: &Histogram<N>| {
            if self.binner.is_categorical(feature) {
                candidate.best_subset(feature, histogram)
            } else {
                candidate.best_threshold(feature, histogram)
            }
        };
        if self.growth.max_features >= features
            && self.growth.parallel
            && rows.len() * features >= PARALLEL_CELLS
        {
            let splits = (0..features).into_par_iter().map(|feature| {
                let mut histogram = Histogram::new();
                histogram.fill::<S>(&self.binned.columns[feature], rows, values, weights);
                if histogram.is_constant() {
                    None
                } else {
                    judge(feature, &histogram)
                }
            });
            return splits
                .collect::<Vec<_>>()
                .into_iter()
                .flatten()
                .reduce(better);
        }
        let mut best: Option<Split> = None;
        let mut tried = 0;
        for index in 0..features {
            if tried >= self.growth.max_features {
                break;
            }
            if self.growth.max_features < features {
                let other = index + self.random.below(features - index);
                self.order.swap(index, other);
            }
            let feature = self.order[index];
            self.histogram
                .fill::<S>(&self.binned.columns[feature], rows, values, weights);
            // Constant columns do not count as tried, so that a node is not given up because of them.
            if !self.histogram.is_constant() {
                tried += 1;
                if let Some(split) = judge(feature, &self.histogram) {
                    best = Some(best.map_or(split, |best| better(best, split)));
                }
            }
            self.histogram.clear();
        }
        best
    }

    /// Rows that go left first, each part in its old order. Returns where the right part begins.
    fn partition(&mut self, pending: &Pending<N>, split: &Split) -> usize {
        let column = &self.binned.columns[split.feature];
        let mut goes_left = [false; 256];
        for (bin, left) in goes_left.iter_mut().enumerate() {
            *left = split.rule.left(bin as u8);
        }
        let weighted = !self.sample.weights.is_empty();
        self.spare.rows.clear();
        self.spare.values.clear();
        self.spare.weights.clear();
        let mut at = pending.start;
        for index in pending.start..pending.end {
            let (row, value) = (self.sample.rows[index], self.sample.values[index]);
            if goes_left[column[row as usize] as usize] {
                self.sample.rows[at] = row;
                self.sample.values[at] = value;
                if weighted {
                    self.sample.weights[at] = self.sample.weights[index];
                }
                at += 1;
            } else {
                self.spare.rows.push(row);
                self.spare.values.push(value);
                if weighted {
                    self.spare.weights.push(self.sample.weights[index]);
                }
            }
        }
        self.sample.rows[at..pending.end].copy_from_slice(&self.spare.rows);
        self.sample.values[at..pending.end].copy_from_slice(&self.spare.values);
        if weighted {
            self.sample.weights[at..pending.end].copy_from_slice(&self.spare.weights);
        }
        at
    }
}

/// The larger gain; the earlier column among equals.
fn better(left: Split, right: Split) -> Split {
    match right.gain.total_cmp(&left.gain) {
        Ordering::Greater => right,
        Ordering::Less => left,
        Ordering::Equal => {
            if right.feature < left.feature {
                right
            } else {
                left
            }
        }
    }
}

/// Nodes that wait to be divided: the deepest first, or the one that gains most.
enum Open<const N: usize> {
    Stack(Vec<Pending<N>>),
    Best(BinaryHeap<ByGain<N>>),
}

impl<const N: usize> Open<N> {
    fn new(best_first: bool) -> Self {
        if best_first {
            Self::Best(BinaryHeap::new())
        } else {
            Self::Stack(Vec::new())
        }
    }

    fn push(&mut self, pending: Pending<N>) {
        match self {
            _ if pending.split.is_none() => {}
            Self::Stack(stack) => stack.push(pending),
            Self::Best(heap) => heap.push(ByGain(pending)),
        }
    }

    fn pop(&mut self) -> Option<Pending<N>> {
        match self {
            Self::Stack(stack) => stack.pop(),
            Self::Best(heap) => heap.pop().map(|entry| entry.0),
        }
    }
}

struct ByGain<const N: usize>(Pending<N>);

impl<const N: usize> ByGain<N> {
    fn gain(&self) -> f64 {
        self.0.split.map_or(f64::NEG_INFINITY, |split| split.gain)
    }
}

impl<const N: usize> Ord for ByGain<N> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.gain()
            .total_cmp(&other.gain())
            .then_with(|| other.0.node.cmp(&self.0.node))
    }
}

impl<const N: usize> PartialOrd for ByGain<N> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<const N: usize> PartialEq for ByGain<N> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<const N: usize> Eq for ByGain<N> {}
