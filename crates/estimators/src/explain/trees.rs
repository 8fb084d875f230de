//! Exact Shapley values of trees, path-dependent (Lundberg, Erion & Lee 2018): a feature that is not known sends a row
//! down both branches, in the shares of the training rows that went there.
//!
//! A leaf answers `v` to a set of known features with `v · Π (known ? o : z)` over the features of its path, where `o` is
//! whether the row goes the leaf's way at all divisions by the feature and `z` the product of the shares of rows that do.
//! The Shapley weights are moments of the uniform distribution, so the leaf gives feature `i`
//!
//! ```text
//! v · (oᵢ − zᵢ) · ∫₀¹ Π over j ≠ i of (t·oⱼ + (1 − t)·zⱼ) dt
//! ```
//!
//! a polynomial that Gauss–Legendre places integrate exactly. That gives what the paper's Algorithm 2 does, with factors
//! that are never negative (nothing cancels out in deep trees), and in time linear in the depth, since leaves below a
//! branch share their sums (as in Yu, Xu, Bifet & Read 2022). What it may touch: trees and bins.

use super::quadrature::Quadrature;
use crate::Features;
use crate::kernels::simd::wide;
use crate::tree::binning::Binner;
use crate::tree::nodes::{Forest, Place};
use rayon::prelude::*;

/// Rows that are explained together, tree by tree.
const BLOCK: usize = 8;
/// Trees that are summed up by one thread, unless this makes too many groups.
const GROUP: usize = 16;
/// Groups at most, each of which keeps sums of its own.
const GROUPS: usize = 8;
/// Different features on one path at most; beyond it, numbers get too small for doubles.
const MOST_ON_A_PATH: usize = 256;

/// What the trees of a forest say.
pub(crate) struct Sums {
    /// The sum of the trees' expectations, one an output.
    pub(crate) base: Vec<f64>,
    /// `rows × outputs × features`.
    pub(crate) values: Vec<f64>,
}

/// The contributions to the sum of all trees. Answers of one number go to `outputs` that take turns by tree; others have
/// an output for each number. `None` when the rows at the leaves are not known, or paths are too long.
pub(crate) fn sums(
    forest: &Forest,
    binner: &Binner,
    features: &Features,
    outputs: usize,
) -> Option<Sums> {
    if !forest.is_counted() {
        return None;
    }
    let outlines: Vec<(Vec<f64>, usize)> = (0..forest.trees())
        .into_par_iter()
        .map(|tree| outline(forest, binner, tree))
        .collect();
    let mut base = vec![0.0; outputs];
    for (tree, (expected, _)) in outlines.iter().enumerate() {
        let first = first_output(forest, tree, outputs);
        base[first..]
            .iter_mut()
            .zip(expected)
            .for_each(|(sum, value)| *sum += value);
    }
    let longest = outlines.iter().map(|(_, longest)| *longest).max();
    let task = Task {
        forest,
        binner,
        features,
        outputs,
    };
    // Twice as many features on a path as places is the most that is exact.
    let values = match longest.unwrap_or(0) {
        0..=4 => task.all::<2>(),
        5..=8 => task.all::<4>(),
        9..=16 => task.all::<8>(),
        17..=32 => task.all::<16>(),
        33..=64 => task.all::<32>(),
        65..=MOST_ON_A_PATH => task.all::<128>(),
        _ => return None,
    };
    Some(Sums { base, values })
}

fn first_output(forest: &Forest, tree: usize, outputs: usize) -> usize {
    if forest.width() == 1 {
        tree % outputs.max(1)
    } else {
        0
    }
}

/// Rows at every node of a tree.
fn rows_at_nodes(forest: &Forest, tree: usize) -> Vec<f64> {
    let nodes = forest.nodes_of(tree);
    let mut rows = vec![0.0; nodes.len()];
    let mut leaves = forest.rows_at_leaves(tree);
    for at in nodes.clone() {
        if matches!(forest.place(at), Place::Leaf(_)) {
            rows[at - nodes.start] = leaves.next().map_or(1.0, f64::from);
        }
    }
    for at in nodes.clone().rev() {
        if let Place::Inner { left, .. } = forest.place(at) {
            let left = left - nodes.start;
            rows[at - nodes.start] = rows[left] + rows[left + 1];
        }
    }
    rows
}

/// What a tree answers on average, and how many different features a path can have at most.
fn outline(forest: &Forest, binner: &Binner, tree: usize) -> (Vec<f64>, usize) {
    let nodes = forest.nodes_of(tree);
    let rows = rows_at_nodes(forest, tree);
    let all = rows.first().copied().unwrap_or(1.0);
    let mut expected = vec![0.0; forest.width()];
    let mut depths = vec![0_usize; nodes.len()];
    let mut used = vec![false; binner.features()];
    let mut deepest = 0;
    for at in nodes.clone() {
        let own = at - nodes.start;
        match forest.place(at) {
            Place::Leaf(answer) => {
                deepest = deepest.max(depths[own]);
                let share = rows[own] / all;
                expected
                    .iter_mut()
                    .zip(answer)
                    .for_each(|(sum, value)| *sum += share * value);
            }
            Place::Inner { column, left } => {
                used[binner.feature_of(column)] = true;
                let left = left - nodes.start;
                depths[left] = depths[own] + 1;
                depths[left + 1] = depths[own] + 1;
            }
        }
    }
    let used = used.into_iter().filter(|&used| used).count();
    (expected, deepest.min(used))
}

struct Task<'a> {
    forest: &'a Forest,
    binner: &'a Binner,
    features: &'a Features,
    outputs: usize,
}

impl Task<'_> {
    fn all<const Q: usize>(&self) -> Vec<f64> {
        let rows = self.features.rows();
        let (features, width) = (self.binner.features(), self.binner.width());
        let size = self.outputs * features;
        let trees: Vec<usize> = (0..self.forest.trees()).collect();
        let group = GROUP.max(trees.len().div_ceil(GROUPS));
        let quadrature = Quadrature::<Q>::new();
        let mut values = vec![0.0; rows * size];
        values
            .par_chunks_mut(BLOCK * size)
            .enumerate()
            .for_each(|(block, values)| {
                let mut bins = Vec::new();
                let count = values.len() / size;
                self.binner
                    .bin_rows(self.features, block * BLOCK, count, &mut bins);
                // Groups do not depend on the number of threads, and are added in their order.
                let parts: Vec<Vec<f64>> = trees
                    .par_chunks(group)
                    .map(|trees| {
                        let mut part = vec![0.0; count * size];
                        let mut walk = Walk::new((self.forest, self.binner), &quadrature);
                        for &tree in trees {
                            let first = first_output(self.forest, tree, self.outputs) * features;
                            walk.enter(tree);
                            let rows = bins.chunks_exact(width);
                            for (row, part) in rows.zip(part.chunks_exact_mut(size)) {
                                wide(
                                    #[inline(always)]
                                    || walk.row(row, &mut part[first..]),
                                );
                            }
                        }
                        part
                    })
                    .collect();
                for part in parts {
                    values
                        .iter_mut()
                        .zip(part)
                        .for_each(|(sum, value)| *sum += value);
                }
            });
        values
    }
}

/// What the path so far says of one feature.
#[derive(Clone, Copy, Debug)]
struct Factor {
    /// Whether the row goes the path's way.
    follows: bool,
    /// Share of the rows that do.
    share: f64,
    /// The step that has the inverse of the factor, when the row follows; the root's is 1.
    depth: usize,
}

impl Factor {
    const UNASKED: Self = Self {
        follows: true,
        share: 1.0,
        depth: 0,
    };
}

/// An inner node on the way from the root.
#[derive(Clone, Copy, Debug)]
struct Step {
    at: usize,
    /// How many of its children are done.
    done: usize,
    /// The feature that its parent asks about.
    feature: usize,
    before: Factor,
    after: Factor,
}

/// A walk over all branches of a tree.
struct Walk<'a, const Q: usize> {
    forest: &'a Forest,
    binner: &'a Binner,
    quadrature: &'a Quadrature<Q>,
    /// What a feature is worth, for each factor it has, at a leaf that the row does not go to on its account.
    missed: [f64; Q],
    /// First node of the tree.
    root: usize,
    /// Of each node, the share of its parent's rows.
    shares: Vec<f64>,
    factors: Vec<Factor>,
    steps: Vec<Step>,
    /// The product of all factors of the path, for each step.
    products: Vec<[f64; Q]>,
    /// 1 by the factor that a step brought, where the row follows.
    inverses: Vec<[f64; Q]>,
    /// What the leaves below have answered so far, `width` for each step.
    sums: Vec<[f64; Q]>,
}

impl<'a, const Q: usize> Walk<'a, Q> {
    fn new((forest, binner): (&'a Forest, &'a Binner), quadrature: &'a Quadrature<Q>) -> Self {
        let width = forest.width();
        Self {
            forest,
            binner,
            quadrature,
            missed: quadrature.rests.map(|rest| -1.0 / rest),
            root: 0,
            shares: Vec::new(),
            factors: vec![Factor::UNASKED; binner.features()],
            steps: Vec::new(),
            products: vec![[1.0; Q]; 2],
            inverses: vec![[1.0; Q]; 2],
            sums: vec![[0.0; Q]; 2 * width],
        }
    }

    /// Gets a tree ready.
    fn enter(&mut self, tree: usize) {
        let nodes = self.forest.nodes_of(tree);
        self.root = nodes.start;
        self.shares = rows_at_nodes(self.forest, tree);
        // Backwards, so that a parent's rows are still there when its children need them.
        for at in nodes.clone().rev() {
            if let Place::Inner { left, .. } = self.forest.place(at) {
                let all = self.shares[at - self.root];
                for child in [left, left + 1] {
                    self.shares[child - self.root] /= all;
                }
            }
        }
    }

    /// Adds the contributions of one row of bins, `width × features`.
    #[inline(always)]
    fn row(&mut self, row: &[u8], values: &mut [f64]) {
        let width = self.forest.width();
        if let Place::Leaf(_) = self.forest.place(self.root) {
            return;
        }
        self.push(Step {
            at: self.root,
            done: 0,
            feature: 0,
            before: Factor::UNASKED,
            after: Factor::UNASKED,
        });
        while let Some(&step) = self.steps.last() {
            let depth = self.steps.len() - 1;
            if let (Place::Inner { column, left }, 0..=1) = (self.forest.place(step.at), step.done)
            {
                let feature = self.binner.feature_of(column);
                self.steps[depth].done += 1;
                let child = left + step.done;
                let before = self.factors[feature];
                let ratio = self.shares[child - self.root];
                let after = Factor {
                    follows: before.follows && self.forest.step(step.at, row) == child,
                    share: before.share * ratio,
                    depth: depth + 1,
                };
                self.multiply(before, after, ratio);
                if let Place::Leaf(answer) = self.forest.place(child) {
                    let product = self.products[depth + 1];
                    let own = &mut self.sums[(depth + 1) * width..][..width];
                    for (own, &value) in own.iter_mut().zip(answer) {
                        *own = product.map(|product| value * product);
                    }
                    self.rise(depth + 1, feature, before, after, values);
                } else {
                    self.factors[feature] = after;
                    self.push(Step {
                        at: child,
                        done: 0,
                        feature,
                        before,
                        after,
                    });
                }
            } else {
                self.steps.pop();
                if depth > 0 {
                    self.factors[step.feature] = step.before;
                    self.rise(depth, step.feature, step.before, step.after, values);
                }
            }
        }
    }

    /// One step further, with nothing summed up, and room for one more.
    #[inline(always)]
    fn push(&mut self, step: Step) {
        let (depth, width) = (self.steps.len(), self.forest.width());
        self.steps.push(step);
        if self.products.len() <= depth + 1 {
            self.products.push([1.0; Q]);
            self.inverses.push([1.0; Q]);
            self.sums.resize((depth + 2) * width, [0.0; Q]);
        }
        self.sums[depth * width..][..width].fill([0.0; Q]);
    }

    /// The product at the step that brings a factor: its parent's, with that factor in place of the one before.
    #[inline(always)]
    fn multiply(&mut self, before: Factor, after: Factor, ratio: f64) {
        let Quadrature { places, rests, .. } = self.quadrature;
        let mut product = self.products[after.depth - 1];
        if !before.follows {
            product.iter_mut().for_each(|product| *product *= ratio);
        } else {
            let inverse = self.inverses[before.depth];
            if after.follows {
                // Stored at once: piece by piece, these would be divided one by one.
                let mut own = [0.0; Q];
                for place in 0..Q {
                    let factor = places[place] + rests[place] * after.share;
                    product[place] *= factor * inverse[place];
                    own[place] = 1.0 / factor;
                }
                self.inverses[after.depth] = own;
            } else {
                for place in 0..Q {
                    product[place] *= rests[place] * after.share * inverse[place];
                }
            }
        }
        self.products[after.depth] = product;
    }

    /// Hands what the leaves below a step have answered to the step above, and to the feature asked about between them:
    /// times what the branch makes of (o − z) / (t·o + (1 − t)·z).
    #[inline(always)]
    fn rise(
        &mut self,
        depth: usize,
        feature: usize,
        before: Factor,
        after: Factor,
        values: &mut [f64],
    ) {
        let (width, features) = (self.forest.width(), self.binner.features());
        let (above, own) = self.sums.split_at_mut(depth * width);
        let above = &mut above[(depth - 1) * width..];
        let own = &own[..width];
        for (own, above) in own.iter().zip(above) {
            for place in 0..Q {
                above[place] += own[place];
            }
        }
        if !before.follows {
            // The feature's part of these leaves is settled further up.
            return;
        }
        let was = self.inverses[before.depth];
        let is = if after.follows {
            let inverse = self.inverses[after.depth];
            inverse.map(|inverse| (1.0 - after.share) * inverse)
        } else {
            self.missed
        };
        let mut change = [0.0; Q];
        for place in 0..Q {
            let difference = is[place] - (1.0 - before.share) * was[place];
            change[place] = self.quadrature.weights[place] * difference;
        }
        for (own, value) in own
            .iter()
            .zip(values[feature..].iter_mut().step_by(features))
        {
            let mut moved = 0.0;
            for place in 0..Q {
                moved += change[place] * own[place];
            }
            *value += moved;
        }
    }
}

#[cfg(test)]
mod tests;
