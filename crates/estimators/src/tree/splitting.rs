//! The best division of a node by one column.

use super::binning::MISSING_BIN;
use super::statistic::{Slot, Statistic};

/// Weight that pulls the order of rare categories towards the middle of the node.
const ORDER_SMOOTHING: f64 = 10.0;
/// Categories with fewer rows in the node are not placed by their own mean.
const ORDERED_ROWS: u32 = 5;
/// Ordered divisions are tried up to this many categories in the node.
const ORDERED_CATEGORIES: usize = 64;

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
    pub(crate) left_count: u32,
}

/// Counts of one column in one node; kept zeroed between uses.
pub(crate) struct Histogram<const N: usize> {
    slots: Box<[Slot<N>; 256]>,
    occupied: [u64; 4],
}

impl<const N: usize> Histogram<N> {
    pub(crate) fn new() -> Self {
        let slots: Box<[Slot<N>]> = vec![Slot::EMPTY; 256].into_boxed_slice();
        Self {
            slots: slots
                .try_into()
                .unwrap_or_else(|_| Box::new([Slot::EMPTY; 256])),
            occupied: [0; 4],
        }
    }

    /// Counts rows of a node.
    pub(crate) fn fill<S: Statistic<N>>(
        &mut self,
        column: &[u8],
        rows: &[u32],
        values: &[S::Value],
        weights: &[f32],
    ) {
        if weights.is_empty() {
            for (&row, &value) in rows.iter().zip(values) {
                let bin = column[row as usize];
                S::add(&mut self.slots[bin as usize], value, 1.0);
                self.occupied[bin as usize >> 6] |= 1 << (bin & 63);
            }
        } else {
            for ((&row, &value), &weight) in rows.iter().zip(values).zip(weights) {
                let bin = column[row as usize];
                S::add(&mut self.slots[bin as usize], value, f64::from(weight));
                self.occupied[bin as usize >> 6] |= 1 << (bin & 63);
            }
        }
    }

    /// Forgets everything, at the price of what was there.
    pub(crate) fn clear(&mut self) {
        for bin in bins(self.occupied) {
            self.slots[bin as usize] = Slot::EMPTY;
        }
        self.occupied = [0; 4];
    }

    /// Whether all rows are in one bin.
    pub(crate) fn is_constant(&self) -> bool {
        self.occupied
            .iter()
            .map(|word| word.count_ones())
            .sum::<u32>()
            < 2
    }
}

/// The set bits of a set of bins, rising.
fn bins(occupied: [u64; 4]) -> impl Iterator<Item = u8> {
    occupied
        .into_iter()
        .enumerate()
        .flat_map(|(index, mut word)| {
            std::iter::from_fn(move || {
                (word != 0).then(|| {
                    let bit = word.trailing_zeros();
                    word &= word - 1;
                    (index as u32 * 64 + bit) as u8
                })
            })
        })
}

/// The node that is to be divided.
pub(crate) struct Candidate<'a, const N: usize, S> {
    pub(crate) statistic: &'a S,
    pub(crate) total: Slot<N>,
    pub(crate) parent_score: f64,
    pub(crate) min_samples_leaf: u32,
}

impl<const N: usize, S: Statistic<N>> Candidate<'_, N, S> {
    /// The best threshold on an ordered column.
    pub(crate) fn best_threshold(&self, feature: usize, histogram: &Histogram<N>) -> Option<Split> {
        let mut best = Best::new(feature);
        let missing = histogram.slots[MISSING_BIN as usize];
        let some_missing = missing.count > 0;
        let mut left = Slot::EMPTY;
        let mut previous: Option<u8> = None;
        for bin in bins(histogram.occupied) {
            if let Some(last) = previous {
                // The cut lies in the middle of the gap between occupied bins.
                let cut = if bin == MISSING_BIN {
                    MISSING_BIN - 1
                } else {
                    ((u16::from(last) + u16::from(bin) - 1) / 2) as u8
                };
                self.offer(&mut best, left, || Rule::Threshold {
                    bin: cut,
                    missing_left: false,
                });
                if some_missing && bin != MISSING_BIN {
                    self.offer(&mut best, left + missing, || Rule::Threshold {
                        bin: cut,
                        missing_left: true,
                    });
                }
            }
            left = left + histogram.slots[bin as usize];
            previous = Some(bin);
        }
        best.split(some_missing, self.total.count)
    }

    /// The best division of categories: one against the rest, and where categories have an order in the node, the low
    /// ones against the high ones (Fisher, 1958).
    pub(crate) fn best_subset(&self, feature: usize, histogram: &Histogram<N>) -> Option<Split> {
        let mut best = Best::new(feature);
        let mut ordered = Vec::new();
        let centre = S::order(&self.total);
        for bin in bins(histogram.occupied) {
            let slot = histogram.slots[bin as usize];
            self.offer(&mut best, slot, || Rule::Subset(single(bin)));
            if let (Some(centre), Some(own)) = (centre, S::order(&slot))
                && slot.count >= ORDERED_ROWS
            {
                let weight = S::weight(&slot);
                ordered.push((
                    (own * weight + centre * ORDER_SMOOTHING) / (weight + ORDER_SMOOTHING),
                    bin,
                ));
            }
        }
        if ordered.len() > 3 && ordered.len() <= ORDERED_CATEGORIES {
            ordered.sort_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(&right.1)));
            let (mut left, mut bits) = (Slot::EMPTY, [0_u64; 4]);
            for &(_, bin) in &ordered[..ordered.len() - 1] {
                left = left + histogram.slots[bin as usize];
                bits[bin as usize >> 6] |= 1 << (bin & 63);
                self.offer(&mut best, left, || Rule::Subset(bits));
            }
        }
        best.split(true, self.total.count)
    }

    fn offer(&self, best: &mut Best, left: Slot<N>, rule: impl FnOnce() -> Rule) {
        let right = self.total - left;
        if left.count < self.min_samples_leaf
            || right.count < self.min_samples_leaf
            || left.count == 0
            || right.count == 0
        {
            return;
        }
        let gain = self.statistic.score(&left) + self.statistic.score(&right) - self.parent_score;
        if gain > best.gain {
            *best = Best {
                feature: best.feature,
                gain,
                rule: Some(rule()),
                left_count: left.count,
            };
        }
    }
}

fn single(bin: u8) -> [u64; 4] {
    let mut bits = [0; 4];
    bits[bin as usize >> 6] = 1 << (bin & 63);
    bits
}

struct Best {
    feature: usize,
    gain: f64,
    rule: Option<Rule>,
    left_count: u32,
}

impl Best {
    fn new(feature: usize) -> Self {
        Self {
            feature,
            gain: f64::NEG_INFINITY,
            rule: None,
            left_count: 0,
        }
    }

    /// Values that were not missing in this node but are later go with the larger part.
    fn split(self, missing_seen: bool, total: u32) -> Option<Split> {
        let mut rule = self.rule?;
        if let (Rule::Threshold { missing_left, .. }, false) = (&mut rule, missing_seen) {
            *missing_left = self.left_count * 2 >= total;
        }
        Some(Split {
            feature: self.feature,
            rule,
            gain: self.gain,
            left_count: self.left_count,
        })
    }
}
