//! Subtrees of a few thousand rows, each grown on its own: they share nothing but the tables, so that cores can take one
//! each, and a tree is the same however many there are.

use super::{Grower, Statistic};
use crate::kernels::random::Random;
use crate::tree::nodes::{Tree, TreeNode};
use crate::tree::open::Pending;
use crate::{FitContext, FitError};
use rayon::prelude::*;

impl<const N: usize, S: Statistic<N>> Grower<'_, N, S> {
    /// Grows the nodes that were put off, and puts their subtrees into the tree in this order.
    pub(super) fn grow_subtrees(
        &mut self,
        put_off: &[Pending<N>],
        tree: &mut Tree,
        context: &FitContext<'_>,
    ) -> Result<(), FitError> {
        let seed = self.random.bits();
        let grow = |(index, pending): (usize, &Pending<N>)| {
            let entries = self.entries[pending.start..pending.end].to_vec();
            let mut grower = Grower::new(
                (self.binner, self.binned, self.spans),
                (self.statistic.clone(), entries),
                self.growth,
                Random::new(seed, index as u64),
            );
            grower.total_weight = self.total_weight;
            grower.is_subtree = true;
            let root = Pending {
                node: 0,
                start: 0,
                end: pending.rows(),
                depth: pending.depth,
                total: pending.total,
                score: pending.score,
                histograms: None,
                split: None,
            };
            grower.grow_from(root, context)
        };
        let subtrees: Vec<Result<Tree, FitError>> = if self.growth.parallel {
            put_off.par_iter().enumerate().map(grow).collect()
        } else {
            put_off.iter().enumerate().map(grow).collect()
        };
        for (pending, subtree) in put_off.iter().zip(subtrees) {
            graft(tree, pending.node, subtree?);
        }
        Ok(())
    }
}

/// Puts a subtree in the place of a node; what is below its root comes to the end.
fn graft(tree: &mut Tree, place: usize, subtree: Tree) {
    let (base, leaves) = (tree.nodes.len(), tree.leaves);
    let moved = subtree.nodes.into_iter().map(|node| match node {
        TreeNode::Inner {
            feature,
            rule,
            left,
        } => TreeNode::Inner {
            feature,
            rule,
            // The root itself is not at the end.
            left: base + left - 1,
        },
        TreeNode::Leaf(leaf) => TreeNode::Leaf(leaves + leaf),
        TreeNode::Waiting => TreeNode::Waiting,
    });
    for (index, node) in moved.enumerate() {
        if index == 0 {
            tree.nodes[place] = node;
        } else {
            tree.nodes.push(node);
        }
    }
    tree.leaves += subtree.leaves;
    tree.answers.extend(subtree.answers);
    tree.covers.extend(subtree.covers);
}
