//! The best division of a leaf by one column's sums.

use super::histogram::{BINS, Column, Packing};
use crate::kernels::largest::largest;
use crate::kernels::simd::wide;
use crate::tree::binning::MISSING_BIN;
use crate::tree::splitting::{Rule, Split};

/// Rows that pull the order of rare categories towards the middle, and hold their answers back.
const CATEGORY_SMOOTHING: f64 = 10.0;
/// Categories up to which each is tried against the rest without holding back.
const FEW_CATEGORIES: usize = 4;

/// Rows, about, from which a category of a leaf goes its own way; rarer ones stay together.
const CATEGORY_ROWS: f64 = 10.0;

/// Share of a leaf's own worth that a division must add to be more than rounding.
const LEAST_GAIN: f64 = 1e-12;

/// What a leaf may and may not do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) l2: f64,
    pub(crate) min_curvature: f64,
    pub(crate) min_samples_leaf: f64,
}

/// The answers a leaf may give, from monotone constraints above it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Bounds {
    /// No constraints.
    pub(crate) const NONE: Self = Self {
        low: f64::NEG_INFINITY,
        high: f64::INFINITY,
    };
}

/// A leaf that is to be divided.
#[derive(Clone, Copy)]
pub(crate) struct LeafSums<'a> {
    pub(crate) packing: Packing,
    pub(crate) limits: &'a Limits,
    pub(crate) slope: f64,
    pub(crate) curvature: f64,
    pub(crate) rows: f64,
    pub(crate) bounds: Bounds,
    pub(crate) constrained: bool,
}

impl LeafSums<'_> {
    /// The answer to a sum of slopes that lowers the loss most.
    pub(crate) fn answer(&self, slope: f64, curvature: f64) -> f64 {
        (-slope / (curvature + self.limits.l2)).clamp(self.bounds.low, self.bounds.high)
    }

    /// How much an answer lowers the loss, times two.
    fn lowers(&self, slope: f64, curvature: f64, l2: f64) -> f64 {
        if self.constrained {
            let answer = (-slope / (curvature + l2)).clamp(self.bounds.low, self.bounds.high);
            -(2.0 * slope + (curvature + l2) * answer) * answer
        } else {
            slope * slope / (curvature + l2)
        }
    }

    fn own(&self, l2: f64) -> f64 {
        self.lowers(self.slope, self.curvature, l2)
    }

    /// Least curvature of a side. Rows are not counted by bin, so a row is the leaf's mean; half of one for the rounding
    /// of sums.
    fn least_curvature(&self) -> f64 {
        let rows = self.limits.min_samples_leaf - 0.5;
        let row = self.curvature.max(f64::MIN_POSITIVE) / self.rows;
        self.limits.min_curvature.max(rows * row)
    }

    fn allowed(&self, curvature: f64) -> bool {
        curvature.min(self.curvature - curvature) >= self.least_curvature()
    }

    /// The best threshold on an ordered column of `bins` bins; `direction` is its monotone constraint.
    pub(crate) fn threshold(
        &self,
        feature: usize,
        sums: &Column,
        bins: usize,
        direction: i8,
    ) -> Option<Split> {
        let missing = sums[MISSING_BIN as usize];
        let mut words = [0_i64; BINS];
        let mut sum = 0;
        for (word, own) in words.iter_mut().zip(sums).take(bins) {
            sum += own;
            *word = sum;
        }
        let first = self.best_threshold(&words, 0, bins, direction);
        let second = if missing == 0 {
            None
        } else {
            self.best_threshold(&words, missing, bins, direction)
        };
        let (bin, gain, missing_left) = match (first, second) {
            (Some(first), Some(second)) if second.1 > first.1 => (second.0, second.1, true),
            (Some(first), _) => (first.0, first.1, false),
            (None, Some(second)) => (second.0, second.1, true),
            (None, None) => return None,
        };
        let missing_left = if missing == 0 {
            // What was never missing here goes with the larger part.
            self.packing.curvature(words[bin]) * 2.0 >= self.curvature
        } else {
            missing_left
        };
        Some(Split {
            feature,
            rule: Rule::Threshold {
                bin: bin as u8,
                missing_left,
            },
            gain,
        })
    }

    fn best_threshold(
        &self,
        words: &[i64; BINS],
        more: i64,
        bins: usize,
        direction: i8,
    ) -> Option<(usize, f64)> {
        let mut gains = [f64::NEG_INFINITY; BINS];
        let (packing, l2, whole, mass) = (self.packing, self.limits.l2, self.slope, self.curvature);
        let least = self.least_curvature();
        // The last bin has nothing above it but what is missing.
        let bins = bins.saturating_sub(usize::from(more == 0));
        let best = wide(
            #[inline(always)]
            || {
                for (gain, word) in gains[..bins].iter_mut().zip(words) {
                    let word = word + more;
                    let (slope, curvature) = (packing.slope(word), packing.curvature(word));
                    let (rest, other) = (whole - slope, mass - curvature);
                    let (low, high) = (curvature + l2, other + l2);
                    // One division for both sides.
                    let both = (slope * slope * high + rest * rest * low) / (low * high);
                    let allowed = (curvature >= least) & (other >= least);
                    *gain = if allowed { both } else { f64::NEG_INFINITY };
                }
                largest(&gains, f64::NEG_INFINITY)
            },
        );
        let own = self.own(l2);
        let enough = own + LEAST_GAIN * own + f64::MIN_POSITIVE;
        if !self.constrained {
            let index = gains.iter().position(|&gain| gain == best)?;
            return (best > enough).then_some((index, best - own));
        }
        let mut best: Option<(usize, f64)> = None;
        for (index, word) in words[..bins].iter().enumerate() {
            if gains[index] == f64::NEG_INFINITY {
                continue;
            }
            let word = word + more;
            let (slope, curvature) = (packing.slope(word), packing.curvature(word));
            let (rest, other) = (whole - slope, mass - curvature);
            let rise = self.answer(rest, other) - self.answer(slope, curvature);
            if f64::from(direction) * rise < 0.0 {
                continue;
            }
            let gain = self.lowers(slope, curvature, l2) + self.lowers(rest, other, l2);
            if gain > best.map_or(enough, |(_, gain)| gain) {
                best = Some((index, gain));
            }
        }
        best.map(|(index, gain)| (index, gain - own))
    }

    /// Some categories with their place in the order of answers.
    fn place(&self, bits: [u64; 4], word: i64) -> (f64, [u64; 4], i64) {
        let curvature = self.packing.curvature(word) + CATEGORY_SMOOTHING;
        (-self.packing.slope(word) / curvature, bits, word)
    }

    /// The best division of categories: each against the rest where they are few, else low against high in the order of
    /// their answers (Fisher, 1958).
    pub(crate) fn subset(&self, feature: usize, sums: &Column) -> Option<Split> {
        let held = sums.iter().enumerate().filter(|(_, word)| **word != 0);
        let support = CATEGORY_ROWS * self.curvature / self.rows;
        let (mut seen, mut rare) = (Vec::new(), ([0; 4], 0_i64));
        for (bin, &word) in held {
            if self.packing.curvature(word) >= support {
                seen.push(self.place(with([0; 4], bin as u8), word));
            } else {
                rare = (with(rare.0, bin as u8), rare.1 + word);
            }
        }
        if rare.1 != 0 {
            seen.push(self.place(rare.0, rare.1));
        }
        if seen.len() < 2 {
            return None;
        }
        let few = seen.len() <= FEW_CATEGORIES;
        let l2 = self.limits.l2 + if few { 0.0 } else { CATEGORY_SMOOTHING };
        let own = self.own(self.limits.l2);
        let mut best: Option<([u64; 4], f64)> = None;
        let mut offer = |word: i64, bits: [u64; 4]| {
            let (slope, curvature) = (self.packing.slope(word), self.packing.curvature(word));
            if self.allowed(curvature) {
                let gain = self.lowers(slope, curvature, l2)
                    + self.lowers(self.slope - slope, self.curvature - curvature, l2)
                    - own;
                if gain > best.map_or(LEAST_GAIN * own + f64::MIN_POSITIVE, |(_, gain)| gain) {
                    best = Some((bits, gain));
                }
            }
        };
        if few {
            for &(_, bits, word) in &seen {
                offer(word, bits);
            }
        }
        seen.sort_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(&right.1)));
        let (mut sum, mut all) = (0, [0; 4]);
        for &(_, bits, word) in &seen[..seen.len() - 1] {
            sum += word;
            all = std::array::from_fn(|part| all[part] | bits[part]);
            offer(sum, all);
        }
        let (bits, gain) = best?;
        Some(Split {
            feature,
            rule: Rule::Subset(bits),
            gain,
        })
    }
}

fn with(mut bits: [u64; 4], bin: u8) -> [u64; 4] {
    bits[bin as usize >> 6] |= 1 << (bin & 63);
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_of_few_rows_stay_together() {
        // Bins with their rows and the slope of each row; the rare ones point to both sides.
        let bins = [
            (0, 100, -1.0),
            (1, 80, 0.8),
            (2, 4, -3.0),
            (3, 4, 3.0),
            (4, 30, 0.1),
            (5, 4, -2.0),
        ];
        let rows: usize = bins.iter().map(|(_, rows, _)| rows).sum();
        let total: f64 = bins
            .iter()
            .map(|&(_, rows, slope)| rows as f64 * f64::abs(slope))
            .sum();
        let packing = Packing::new(rows, total, rows as f64, true);
        let mut sums = [0; BINS];
        for (bin, rows, slope) in bins {
            sums[bin] = packing.pack(slope as f32, 1.0) * rows as i64;
        }
        let leaf = LeafSums {
            packing,
            limits: &Limits {
                l2: 0.0,
                min_curvature: 1e-3,
                min_samples_leaf: 5.0,
            },
            slope: bins
                .iter()
                .map(|&(_, rows, slope)| rows as f64 * slope)
                .sum(),
            curvature: rows as f64,
            rows: rows as f64,
            bounds: Bounds::NONE,
            constrained: false,
        };
        let split = leaf.subset(0, &sums);
        assert!(split.is_some(), "there is something to divide");
        let left = |bin: u8| split.is_some_and(|split| split.rule.left(bin));
        assert_ne!(left(0), left(1), "the frequent ones are told apart");
        assert!(left(2) == left(3) && left(3) == left(5));
    }
}
