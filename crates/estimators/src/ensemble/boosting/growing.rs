//! Growing one tree leaf by leaf: the leaf that gains most is divided next.

use super::histogram::{Column, Histogram, Packing, complete, subtract};
use super::search::{Bounds, LeafSums, Limits};
use crate::kernels::simd::wide;
use crate::tree::binning::{Binned, Binner};
use crate::tree::grouped::GroupedRows;
use crate::tree::parting::part;
use crate::tree::sapling::{Tree, TreeNode};
use crate::tree::splitting::{Split, better};
use rayon::prelude::*;

/// Rows that one thread sums up at a time.
const CHUNK: usize = 1 << 14;
/// Columns that one thread searches at least.
const COLUMNS: usize = 8;

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
        let mut tree = Tree::new();
        let mut is_used = vec![false; self.directions.len()];
        columns.iter().for_each(|&column| is_used[column] = true);
        let mut growth = Growth {
            ground: self,
            packing,
            is_used,
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
            growth.search_root(&mut root);
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
            // The last division's leaves stay as they are.
            let last = leaves.len() + 1 == self.max_leaf_nodes;
            let node = tree.nodes.len();
            if let Some((left, right)) = growth.divide(&mut leaves[index], &split, node, last) {
                tree.divide(leaves[index].node, &split);
                leaves[index] = left;
                leaves.push(right);
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
    /// Whether a column is among those that may divide.
    is_used: Vec<bool>,
    rows: Vec<u32>,
    work: &'a mut Workspace,
}

impl Growth<'_> {
    fn sums(&self) -> (f64, f64) {
        let words = &self.work.words;
        let parts = self.rows.par_chunks(CHUNK);
        let total: i64 = parts
            .map(|rows| rows.iter().map(|&row| words[row as usize]).sum::<i64>())
            .sum();
        (self.packing.slope(total), self.packing.curvature(total))
    }

    fn may_divide(&self, leaf: &Leaf) -> bool {
        let rows = (leaf.end - leaf.start) as f64;
        leaf.depth < self.ground.max_depth
            && rows >= 2.0 * self.ground.limits.min_samples_leaf
            && leaf.curvature >= 2.0 * self.ground.limits.min_curvature
    }

    /// Sums of some rows, and others that are still to be added.
    fn histogram(&mut self, start: usize, end: usize) -> (Histogram, Vec<Histogram>) {
        let rows = &self.rows[start..end];
        let pool = &mut self.work.histograms;
        let columns = self.ground.binner.width();
        let mut histogram = pool.pop().unwrap_or_else(|| Histogram::new(columns));
        let others = histogram.fill(self.ground.grouped, rows, &self.work.words, pool);
        (histogram, others)
    }

    fn leaf_sums(&self, leaf: &Leaf) -> LeafSums<'_> {
        LeafSums {
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
        }
    }

    /// A leaf's best division by one column.
    fn judge(&self, sums: &LeafSums<'_>, feature: usize, column: &Column) -> Option<Split> {
        let binner = self.ground.binner;
        if binner.is_categorical(feature) {
            sums.subset(feature, column)
        } else {
            let direction = self.ground.directions[feature];
            sums.threshold(feature, column, binner.bins(feature), direction)
        }
    }

    /// Looks for the best division of the root.
    fn search_root(&mut self, root: &mut Leaf) {
        let (mut own, others) = self.histogram(root.start, root.end);
        let sums = self.leaf_sums(root);
        let columns = own
            .columns_mut()
            .par_iter_mut()
            .enumerate()
            .with_min_len(COLUMNS);
        let splits: Vec<Option<Split>> = columns
            .filter(|(feature, _)| self.is_used[*feature])
            .map(|(feature, own)| {
                complete(own, feature, &others);
                self.judge(&sums, feature, own)
            })
            .collect();
        root.split = splits.into_iter().flatten().reduce(better);
        root.histogram = Some(own);
        self.work.histograms.extend(others);
    }

    /// Two leaves of one; `None` when all rows go to one side after all. The `last` two are not to be divided.
    fn divide(
        &mut self,
        leaf: &mut Leaf,
        split: &Split,
        node: usize,
        last: bool,
    ) -> Option<(Leaf, Leaf)> {
        let (start, end) = (leaf.start, leaf.end);
        let middle = self.partition(start, end, split);
        let own = leaf.histogram.take()?;
        if middle == start || middle == end {
            self.work.histograms.push(own);
            return None;
        }
        let total: i64 = own
            .column(split.feature)
            .iter()
            .enumerate()
            .filter(|(bin, _)| split.rule.left(*bin as u8))
            .map(|(_, word)| word)
            .sum();
        let (slope, curvature) = (self.packing.slope(total), self.packing.curvature(total));
        let (low, high) = self.bounds(leaf, split, slope, curvature);
        let child = |side: usize, slope: f64, curvature: f64, bounds: Bounds| Leaf {
            node: node + side,
            start: if side == 0 { start } else { middle },
            end: if side == 0 { middle } else { end },
            depth: leaf.depth + 1,
            slope,
            curvature,
            bounds,
            histogram: None,
            split: None,
        };
        let mut left = child(0, slope, curvature, low);
        let mut right = child(1, leaf.slope - slope, leaf.curvature - curvature, high);
        if last {
            self.work.histograms.push(own);
        } else if middle - start <= end - middle {
            self.search(own, &mut left, &mut right);
        } else {
            self.search(own, &mut right, &mut left);
        }
        Some((left, right))
    }

    /// Looks for the best divisions of two leaves; `own` are the sums of both together.
    fn search(&mut self, mut own: Histogram, smaller: &mut Leaf, larger: &mut Leaf) {
        let wanted = (self.may_divide(smaller), self.may_divide(larger));
        if !wanted.0 && !wanted.1 {
            self.work.histograms.push(own);
            return;
        }
        let (mut part, others) = self.histogram(smaller.start, smaller.end);
        let sums = (self.leaf_sums(smaller), self.leaf_sums(larger));
        // One sweep over the columns does all, so that threads meet once.
        let columns = own.columns_mut().par_iter_mut();
        let columns = columns
            .zip(part.columns_mut())
            .enumerate()
            .with_min_len(COLUMNS);
        let (firsts, seconds): (Vec<_>, Vec<_>) = columns
            .filter(|(feature, _)| self.is_used[*feature])
            .map(|(feature, (own, part))| {
                complete(part, feature, &others);
                subtract(own, part);
                let judge = |wanted: bool, sums, column| {
                    wanted.then(|| self.judge(sums, feature, column)).flatten()
                };
                (
                    judge(wanted.0, &sums.0, part),
                    judge(wanted.1, &sums.1, own),
                )
            })
            .unzip();
        self.work.histograms.extend(others);
        smaller.split = firsts.into_iter().flatten().reduce(better);
        larger.split = seconds.into_iter().flatten().reduce(better);
        for (leaf, histogram) in [(smaller, part), (larger, own)] {
            if leaf.split.is_some() {
                leaf.histogram = Some(histogram);
            } else {
                self.work.histograms.push(histogram);
            }
        }
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
        column,
        question,
        left,
    } = tree.nodes[at]
    {
        let bin = binned.columns[column as usize][row];
        at = left as usize + usize::from(!tree.left(question, bin));
    }
    at
}
