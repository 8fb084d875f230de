//! Subtrees of a few thousand rows, each grown on its own: they share nothing but the tables, so that cores can take one
//! each, and a tree is the same however many there are.

use super::{Grower, Statistic};
use crate::kernels::random::Random;
use crate::tree::open::Pending;
use crate::tree::sapling::Tree;
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
                self.table,
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
            {
                // One at a time to each thread: they differ in size.
                let each = put_off.par_iter().enumerate().with_max_len(1);
                each.map(grow).collect()
            }
        } else {
            put_off.iter().enumerate().map(grow).collect()
        };
        let subtrees: Vec<Tree> = subtrees.into_iter().collect::<Result<_, _>>()?;
        tree.make_room(&subtrees);
        for (pending, subtree) in put_off.iter().zip(subtrees) {
            tree.graft(pending.node, subtree);
        }
        Ok(())
    }
}
