//! The best division of a node by the sums of one column.

use super::binning::MISSING_BIN;
use super::histogram::{View, bins};
use super::statistic::{CANDIDATES, Row, Slot, Statistic, minus, plus};
use crate::kernels::largest::largest;
use crate::kernels::simd::wide;

/// Weight that pulls the order of rare categories towards the middle of the node.
const ORDER_SMOOTHING: f64 = 10.0;
/// Categories with fewer rows in the node are not placed by their own mean.
const ORDERED_ROWS: i64 = 5;
/// Ordered divisions are tried up to this many categories in the node: among more, chance alone puts some in an order that
/// seems to tell rows apart.
const ORDERED_CATEGORIES: usize = 32;

/// How rows are told apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Rule {
    /// Bins up to this one go left; missing ones where the flag says.
    Threshold { bin: u8, missing_left: bool },
    /// Bins in the set go left.
    Subset([u64; 4]),
}

impl Rule {
    /// Whether a bin goes left.
    pub(crate) fn left(&self, bin: u8) -> bool {
        match self {
            Self::Threshold { missing_left, .. } if bin == MISSING_BIN => *missing_left,
            Self::Threshold { bin: last, .. } => bin <= *last,
            Self::Subset(bits) => bits[bin as usize >> 6] >> (bin & 63) & 1 == 1,
        }
    }
}

/// A division and what it gains.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Split {
    pub(crate) feature: usize,
    pub(crate) rule: Rule,
    pub(crate) gain: f64,
}

/// The larger gain; the one that was found first among equals.
pub(crate) fn better(first: Split, second: Split) -> Split {
    if second.gain > first.gain {
        second
    } else {
        first
    }
}

/// The cut in the middle of the gap between two occupied bins.
#[inline(always)]
pub(crate) fn middle(below: u8, above: u8) -> u8 {
    if above == MISSING_BIN {
        MISSING_BIN - 1
    } else {
        ((u16::from(below) + u16::from(above) - 1) / 2) as u8
    }
}

/// The node that is to be divided.
pub(crate) struct Candidate<'a, const N: usize, S> {
    pub(crate) statistic: &'a S,
    pub(crate) total: Slot<N>,
    pub(crate) parent_score: f64,
    pub(crate) min_samples_leaf: i64,
}

impl<const N: usize, S: Statistic<N>> Candidate<'_, N, S> {
    /// The best threshold on an ordered column.
    pub(crate) fn best_threshold(
        &self,
        feature: usize,
        view: View<'_, N>,
        scan: &mut Scan<N>,
    ) -> Option<Split> {
        wide(
            #[inline(always)]
            || self.best_threshold_in(feature, view, scan),
        )
    }

    #[inline(always)]
    fn best_threshold_in(
        &self,
        feature: usize,
        view: View<'_, N>,
        scan: &mut Scan<N>,
    ) -> Option<Split> {
        let missing = view.slots[MISSING_BIN as usize];
        let some_missing = missing.iter().any(|&lane| lane != 0);
        let count = scan.fill(&view);
        let mut best = scan.best(self, [0; N], count);
        let mut missing_left = false;
        if some_missing {
            // The last occupied bin is the missing one: with it on the left, a division before it has no right side.
            let with_missing = scan.best(self, missing, count.saturating_sub(1));
            if with_missing.is_some_and(|(_, gain)| best.is_none_or(|(_, other)| gain > other)) {
                (best, missing_left) = (with_missing, true);
            }
        }
        let (index, gain) = best?;
        if !some_missing {
            // Values that were not missing in this node but are later go with the larger part.
            let rows = self.statistic.count(&scan.sums[index]);
            missing_left = rows * 2 >= self.statistic.count(&self.total);
        }
        Some(Split {
            feature,
            rule: Rule::Threshold {
                bin: middle(scan.bins[index], scan.bins[index + 1]),
                missing_left,
            },
            gain,
        })
    }

    /// The best division of categories: one against the rest, and where categories have an order in the node, the low
    /// ones against the high ones (Fisher, 1958).
    pub(crate) fn best_subset(&self, feature: usize, view: View<'_, N>) -> Option<Split> {
        let mut best = Best::new(feature);
        let mut ordered = Vec::new();
        let centre = self.statistic.order(&self.total);
        for bin in bins(view.occupied) {
            let slot = &view.slots[bin as usize];
            self.offer(&mut best, slot, || Rule::Subset(single(bin)));
            if let (Some(centre), Some(own)) = (centre, self.statistic.order(slot))
                && self.statistic.count(slot) >= ORDERED_ROWS
            {
                let weight = self.statistic.weight(slot);
                ordered.push((
                    (own * weight + centre * ORDER_SMOOTHING) / (weight + ORDER_SMOOTHING),
                    bin,
                ));
            }
        }
        if ordered.len() > 3 && ordered.len() <= ORDERED_CATEGORIES {
            ordered.sort_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(&right.1)));
            let (mut left, mut bits) = ([0; N], [0_u64; 4]);
            for &(_, bin) in &ordered[..ordered.len() - 1] {
                left = plus(&left, &view.slots[bin as usize]);
                bits[bin as usize >> 6] |= 1 << (bin & 63);
                self.offer(&mut best, &left, || Rule::Subset(bits));
            }
        }
        best.split()
    }

    #[inline(always)]
    pub(crate) fn offer(&self, best: &mut Best, left: &Slot<N>, rule: impl FnOnce() -> Rule) {
        let right = minus(&self.total, left);
        let least = self.statistic.count(left).min(self.statistic.count(&right));
        if least < self.min_samples_leaf {
            return;
        }
        let gain = self.statistic.score(left) + self.statistic.score(&right) - self.parent_score;
        if gain > best.gain {
            *best = Best {
                feature: best.feature,
                gain,
                rule: Some(rule()),
            };
        }
    }
}

fn single(bin: u8) -> [u64; 4] {
    let mut bits = [0; 4];
    bits[bin as usize >> 6] = 1 << (bin & 63);
    bits
}

pub(crate) struct Best {
    feature: usize,
    gain: f64,
    rule: Option<Rule>,
}

impl Best {
    pub(crate) fn new(feature: usize) -> Self {
        Self {
            feature,
            gain: f64::NEG_INFINITY,
            rule: None,
        }
    }

    pub(crate) fn split(self) -> Option<Split> {
        Some(Split {
            feature: self.feature,
            rule: self.rule?,
            gain: self.gain,
        })
    }
}

/// Room to judge all thresholds of a column at once.
pub(crate) struct Scan<const N: usize> {
    /// Occupied bins; the threshold lies after the bin of its number.
    bins: [u8; CANDIDATES],
    /// The sum up to each of these bins.
    sums: Vec<Slot<N>>,
    /// What is left of each threshold: a row for each lane of the statistic.
    left: Vec<Row>,
    totals: Vec<f64>,
    scores: Row,
}

impl<const N: usize> Scan<N> {
    /// For this many lanes.
    pub(crate) fn new(lanes: usize) -> Self {
        Self {
            bins: [0; CANDIDATES],
            sums: vec![[0; N]; CANDIDATES],
            left: vec![[0.0; CANDIDATES]; lanes],
            totals: vec![0.0; lanes],
            scores: [0.0; CANDIDATES],
        }
    }

    /// Sums up from the left. Returns the number of thresholds.
    #[inline(always)]
    fn fill(&mut self, view: &View<'_, N>) -> usize {
        let mut sum = [0; N];
        let mut count = 0;
        for bin in bins(view.occupied) {
            let at = count & (CANDIDATES - 1);
            sum = plus(&sum, &view.slots[bin as usize]);
            self.sums[at] = sum;
            self.bins[at] = bin;
            count += 1;
        }
        count.saturating_sub(1).min(CANDIDATES - 1)
    }

    /// The best of the first `count` thresholds with some rows more on the left, and what it gains.
    #[inline(always)]
    fn best<S: Statistic<N>>(
        &mut self,
        node: &Candidate<'_, N, S>,
        more: Slot<N>,
        count: usize,
    ) -> Option<(usize, f64)> {
        let statistic = node.statistic;
        let sums = &self.sums[..count];
        for (lane, (left, total)) in self.left.iter_mut().zip(&mut self.totals).enumerate() {
            // The same as adding to the left, and the whole is what both sides add up to.
            let more = statistic.lane(&more, lane);
            statistic.spread(sums, lane, more, left);
            *total = statistic.lane(&node.total, lane);
        }
        statistic.scores(&self.left, &self.totals, &mut self.scores[..count]);
        let least = node.min_samples_leaf;
        if least > 1 {
            let (all, more) = (statistic.count(&node.total), statistic.count(&more));
            for (score, sum) in self.scores.iter_mut().zip(sums) {
                let rows = statistic.count(sum) + more;
                if rows < least || all - rows < least {
                    *score = f64::NEG_INFINITY;
                }
            }
        }
        let best = largest(&self.scores[..count], f64::NEG_INFINITY);
        // The first of them.
        let index = self.scores[..count]
            .iter()
            .position(|&score| score == best)?;
        (best > f64::NEG_INFINITY).then_some((index, best - node.parent_score))
    }
}
