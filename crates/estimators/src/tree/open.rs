//! Nodes that wait to be divided: the last found first, or the one that gains most.

use super::histogram::NodeHistograms;
use super::splitting::Split;
use super::statistic::Slot;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A range of rows that is a node.
pub(crate) struct Pending<const N: usize> {
    pub(crate) node: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) depth: usize,
    pub(crate) total: Slot<N>,
    pub(crate) score: f64,
    /// Sums by bin of all columns, where they are worth keeping.
    pub(crate) histograms: Option<NodeHistograms<N>>,
    /// Known from the start when the best node goes first.
    pub(crate) split: Option<Box<Split>>,
}

impl<const N: usize> Pending<N> {
    pub(crate) fn rows(&self) -> usize {
        self.end - self.start
    }
}

pub(crate) enum Open<const N: usize> {
    Stack(Vec<Pending<N>>),
    Best(BinaryHeap<ByGain<N>>),
}

impl<const N: usize> Open<N> {
    pub(crate) fn new(best_first: bool) -> Self {
        if best_first {
            Self::Best(BinaryHeap::new())
        } else {
            Self::Stack(Vec::new())
        }
    }

    pub(crate) fn is_best_first(&self) -> bool {
        matches!(self, Self::Best(_))
    }

    pub(crate) fn push(&mut self, pending: Pending<N>) {
        match self {
            Self::Stack(stack) => stack.push(pending),
            Self::Best(heap) => heap.push(ByGain(pending)),
        }
    }

    pub(crate) fn pop(&mut self) -> Option<Pending<N>> {
        match self {
            Self::Stack(stack) => stack.pop(),
            Self::Best(heap) => heap.pop().map(|entry| entry.0),
        }
    }
}

pub(crate) struct ByGain<const N: usize>(Pending<N>);

impl<const N: usize> ByGain<N> {
    fn gain(&self) -> f64 {
        let split = self.0.split.as_ref();
        split.map_or(f64::NEG_INFINITY, |split| split.gain)
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
