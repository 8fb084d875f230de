//! Growing one tree leaf by leaf: the leaf that gains most is divided next.

use super::histogram::{Histogram, Packing};
use super::rows::GroupedRows;
use super::search::{Bounds, LeafSums, Limits};
use crate::kernels::simd::wide;
use crate::tree::binning::{Binned, Binner};
use crate::tree::nodes::{Tree, TreeNode};
use crate::tree::parting::part;
use crate::tree::splitting::{Rule, Split};
use rayon::prelude::*;

/// What all trees of a fit share.
pub(crate) struct Ground<'a> {
    pub(crate) binner: &'a Binner,
    pub(crate) binned: &'a Binned,
    pub(crate) grouped: &'a GroupedRows,
    /// −1, 0 or 1 for each column.
    pub(crate) directions: &'a [i8],
    pub(crate) limits: Limits,
    pub(crate) max_leaf_nodes: usize,
    pub(crate) max_depth: usize,
}

/// Slopes and curvatures of the loss, a row each.
pub(crate) struct Slopes<'a> {
    pub(crate) slopes: &'a [f32],
    pub(crate) curvatures: &'a [f32],
    /// Whether all curvatures are equal.
    pub(crate) equal: bool,
}

impl Slopes<'_> {
    /// Slope and curvature of some rows.
    pub(crate) fn sums(&self, rows: &[u32]) -> (f64, f64) {
        rows.iter().fold((0.0, 0.0), |(slope, curvature), &row| {
            (
                slope + f64::from(self.slopes[row as usize]),
                curvature + f64::from(self.curvatures[row as usize]),
            )
        })
    }
}

/// A grown tree without answers: where its leaves are in the order of rows.
pub(crate) struct Grown {
    pub(crate) tree: Tree,
    pub(crate) leaves: Vec<GrownLeaf>,
    pub(crate) packing: Packing,
    /// Rows in the order of leaves.
    pub(crate) rows: Vec<u32>,
}

/// One leaf.
pub(crate) struct GrownLeaf {
    pub(crate) node: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Sums of its rows.
    pub(crate) slope: f64,
    pub(crate) curvature: f64,
    pub(crate) bounds: Bounds,
}

struct Leaf {
    node: usize,
    start: usize,
    end: usize,
    depth: usize,
    slope: f64,
    curvature: f64,
    bounds: Bounds,
    histogram: Option<Histogram>,
    split: Option<Split>,
}

/// Memory that one tree leaves to the next.
#[derive(Default)]
pub(crate) struct Workspace {
    histograms: Vec<Histogram>,
    words: Vec<i64>,
    spare: Vec<u32>,
}

impl Ground<'_> {
    /// Grows a tree from some rows (rising) with the columns that `columns` lists.
    pub(crate) fn grow(
        &self,
        slopes: &Slopes<'_>,
        rows: Vec<u32>,
        columns: &[usize],
        work: &mut Workspace,
    ) -> Grown {
        let packing = self.pack(slopes, &rows, work);
        let mut tree = Tree::default();
        tree.nodes.push(TreeNode::Waiting);
        let mut growth = Growth {
            ground: self,
            packing,
            columns,
            rows,
            work,
        };
        let (slope, curvature) = growth.sums();
        let mut root = Leaf {
            node: 0,
            start: 0,
            end: growth.rows.len(),
            depth: 0,
            slope,
            curvature,
            bounds: Bounds::NONE,
            histogram: None,
            split: None,
        };
        if growth.may_divide(&root) {
            root.histogram = Some(growth.histogram(0, root.end));
            root.split = growth.best(&root);
        }
        let mut leaves = vec![root];
        while leaves.len() < self.max_leaf_nodes {
            // The earliest among equals.
            let best = (0..leaves.len())
                .filter(|&index| leaves[index].split.is_some())
                .reduce(|first, second| {
                    let gain = |index: usize| leaves[index].split.map_or(0.0, |split| split.gain);
                    if gain(second) > gain(first) {
                        second
                    } else {
                        first
                    }
                });
            let Some(index) = best else { break };
            let Some(split) = leaves[index].split.take() else {
                break;
            };
            if let Some((left, right)) = growth.divide(&mut leaves[index], &split, tree.nodes.len())
            {
                tree.nodes[leaves[index].node] = TreeNode::Inner {
                    feature: split.feature,
                    rule: split.rule,
                    left: tree.nodes.len(),
                };
                tree.nodes.extend([TreeNode::Waiting, TreeNode::Waiting]);
                leaves[index] = left;
                leaves.push(right);
                // No leaf that could still be divided after the last one.
                let full = leaves.len() >= self.max_leaf_nodes;
                let last = leaves.len() - 1;
                for at in [index, last] {
                    if !full {
                        leaves[at].split = growth.best(&leaves[at]);
                    }
                    if leaves[at].split.is_none() {
                        growth.work.histograms.extend(leaves[at].histogram.take());
                    }
                }
            }
        }
        let mut grown = Vec::with_capacity(leaves.len());
        for leaf in leaves {
            growth.work.histograms.extend(leaf.histogram);
            grown.push(GrownLeaf {
                node: leaf.node,
                start: leaf.start,
                end: leaf.end,
                slope: leaf.slope,
                curvature: leaf.curvature,
                bounds: leaf.bounds,
            });
        }
        Grown {
            tree,
            packing,
            leaves: grown,
            rows: growth.rows,
        }
    }

    /// Fills `work.words` with a word a row of the table (unused rows included, they are never read).
    fn pack(&self, slopes: &Slopes<'_>, rows: &[u32], work: &mut Workspace) -> Packing {
        const CHUNK: usize = 1 << 14;
        let all = rows.len() == slopes.slopes.len();
        let sums = |(slopes, curvatures): (&[f32], &[f32])| {
            wide(
                #[inline(always)]
                || (total(slopes, f32::abs), total(curvatures, |own| own)),
            )
        };
        // Chunks are added in order, whoever sums them up.
        let sums: Vec<(f64, f64)> = if all {
            let chunks = slopes
                .slopes
                .par_chunks(CHUNK)
                .zip(slopes.curvatures.par_chunks(CHUNK));
            chunks.map(sums).collect()
        } else {
            let drawn = |values: &[f32], rows: &[u32]| -> Vec<f32> {
                rows.iter().map(|&row| values[row as usize]).collect()
            };
            let chunks = rows.par_chunks(CHUNK);
            chunks
                .map(|rows| sums((&drawn(slopes.slopes, rows), &drawn(slopes.curvatures, rows))))
                .collect()
        };
        let (slope, curvature) = sums
            .iter()
            .fold((0.0, 0.0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
        let packing = Packing::new(rows.len(), slope, curvature, slopes.equal);
        work.words.resize(slopes.slopes.len(), 0);
        work.words
            .par_chunks_mut(CHUNK)
            .zip(slopes.slopes.par_chunks(CHUNK))
            .zip(slopes.curvatures.par_chunks(CHUNK))
            .for_each(|((words, slopes), curvatures)| {
                wide(
                    #[inline(always)]
                    || {
                        let each = words.iter_mut().zip(slopes).zip(curvatures);
                        each.for_each(|((word, &slope), &curvature)| {
                            *word = packing.pack(slope, curvature);
                        });
                    },
                );
            });
        packing
    }
}

struct Growth<'a> {
    ground: &'a Ground<'a>,
    packing: Packing,
    columns: &'a [usize],
    rows: Vec<u32>,
    work: &'a mut Workspace,
}

impl Growth<'_> {
    fn sums(&self) -> (f64, f64) {
        let words = &self.work.words;
        let total: i64 = self.rows.iter().map(|&row| words[row as usize]).sum();
        (self.packing.slope(total), self.packing.curvature(total))
    }

    fn may_divide(&self, leaf: &Leaf) -> bool {
        let rows = (leaf.end - leaf.start) as f64;
        leaf.depth < self.ground.max_depth
            && rows >= 2.0 * self.ground.limits.min_samples_leaf
            && leaf.curvature >= 2.0 * self.ground.limits.min_curvature
    }

    fn histogram(&mut self, start: usize, end: usize) -> Histogram {
        let rows = &self.rows[start..end];
        let mut histogram = self
            .work
            .histograms
            .pop()
            .unwrap_or_else(|| Histogram::new(self.ground.binner.width()));
        histogram.fill(self.ground.grouped, rows, &self.work.words);
        histogram
    }

    fn best(&self, leaf: &Leaf) -> Option<Split> {
        let histogram = leaf.histogram.as_ref()?;
        let sums = LeafSums {
            packing: self.packing,
            limits: &self.ground.limits,
            slope: leaf.slope,
            curvature: leaf.curvature,
            rows: (leaf.end - leaf.start) as f64,
            bounds: leaf.bounds,
            constrained: self
                .ground
                .directions
                .iter()
                .any(|&direction| direction != 0),
        };
        let judge = |&feature: &usize| {
            let column = histogram.column(feature);
            if self.ground.binner.is_categorical(feature) {
                sums.subset(feature, column)
            } else {
                let bins = self.ground.binner.bins(feature);
                sums.threshold(feature, column, bins, self.ground.directions[feature])
            }
        };
        let splits: Vec<Option<Split>> =
            self.columns.par_iter().with_min_len(8).map(judge).collect();
        splits.into_iter().flatten().reduce(|first, second| {
            if second.gain > first.gain {
                second
            } else {
                first
            }
        })
    }

    /// Two leaves of one; `None` when all rows go to one side after all.
    fn divide(&mut self, leaf: &mut Leaf, split: &Split, left: usize) -> Option<(Leaf, Leaf)> {
        let (start, end) = (leaf.start, leaf.end);
        let middle = self.partition(start, end, split);
        if middle == start || middle == end {
            self.work.histograms.extend(leaf.histogram.take());
            return None;
        }
        let mut own = leaf.histogram.take();
        let column = own.as_ref()?.column(split.feature);
        let total: i64 = column
            .iter()
            .enumerate()
            .filter(|(bin, _)| split.rule.left(*bin as u8))
            .map(|(_, word)| word)
            .sum();
        let (slope, curvature) = (self.packing.slope(total), self.packing.curvature(total));
        let (low, high) = self.bounds(leaf, split, slope, curvature);
        let child = |side: usize, slope: f64, curvature: f64, bounds: Bounds| Leaf {
            node: left + side,
            start: if side == 0 { start } else { middle },
            end: if side == 0 { middle } else { end },
            depth: leaf.depth + 1,
            slope,
            curvature,
            bounds,
            histogram: None,
            split: None,
        };
        let mut first = child(0, slope, curvature, low);
        let mut second = child(1, leaf.slope - slope, leaf.curvature - curvature, high);
        let (smaller, larger) = if middle - start <= end - middle {
            (&mut first, &mut second)
        } else {
            (&mut second, &mut first)
        };
        let wanted = (self.may_divide(smaller), self.may_divide(larger));
        if wanted.0 || wanted.1 {
            let part = self.histogram(smaller.start, smaller.end);
            if wanted.1 {
                if let Some(own) = own.as_mut() {
                    own.subtract(&part);
                }
                larger.histogram = own.take();
            }
            if wanted.0 {
                smaller.histogram = Some(part);
            } else {
                self.work.histograms.push(part);
            }
        }
        self.work.histograms.extend(own);
        Some((first, second))
    }

    /// What the children may answer.
    fn bounds(&self, leaf: &Leaf, split: &Split, slope: f64, curvature: f64) -> (Bounds, Bounds) {
        let direction = self.ground.directions[split.feature];
        if direction == 0 {
            return (leaf.bounds, leaf.bounds);
        }
        let l2 = self.ground.limits.l2;
        let answer = |slope: f64, curvature: f64| {
            (-slope / (curvature + l2)).clamp(leaf.bounds.low, leaf.bounds.high)
        };
        let middle = f64::midpoint(
            answer(slope, curvature),
            answer(leaf.slope - slope, leaf.curvature - curvature),
        );
        let below = Bounds {
            low: leaf.bounds.low,
            high: middle,
        };
        let above = Bounds {
            low: middle,
            high: leaf.bounds.high,
        };
        if direction > 0 {
            (below, above)
        } else {
            (above, below)
        }
    }

    /// Rows that go left first, each part in its old order. Returns where the right part begins.
    fn partition(&mut self, start: usize, end: usize, split: &Split) -> usize {
        let column = self.ground.binned.columns[split.feature].as_slice();
        let own = &mut self.rows[start..end];
        let spare = &mut self.work.spare;
        if spare.len() < own.len() {
            spare.resize(own.len(), 0);
        }
        start + part(&split.rule, own, spare, |row| column[row as usize])
    }
}

/// A sum in eight lanes.
#[inline(always)]
fn total(values: &[f32], of: impl Fn(f32) -> f32) -> f64 {
    let (rows, rest) = values.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for row in rows {
        for (sum, &value) in sums.iter_mut().zip(row) {
            *sum += f64::from(of(value));
        }
    }
    let rest = rest.iter().map(|&value| f64::from(of(value)));
    sums.into_iter().chain(rest).sum()
}

/// The leaf (as a node number) that a row of the table comes to.
pub(crate) fn walk(tree: &Tree, binned: &Binned, row: usize) -> usize {
    let mut at = 0;
    while let TreeNode::Inner {
        feature,
        rule,
        left,
    } = &tree.nodes[at]
    {
        at = left + usize::from(!Rule::left(rule, binned.columns[*feature][row]));
    }
    at
}
