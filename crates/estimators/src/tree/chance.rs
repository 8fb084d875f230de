//! Divisions drawn by chance (Geurts, Ernst and Wehenkel, 2006): of each feature one, of which the node takes the best.

use super::binning::{Binned, Binner, ColumnBins, MISSING_BIN, MOST_CUTS};
use super::histogram::{View, bins};
use super::splitting::{Best, Candidate, Rule, Split};
use super::statistic::{Placed, Slot, Statistic, plus};
use crate::features::{FeatureValues, Features};
use crate::kernels::random::Random;
use crate::kernels::simd::wide;
use rayon::prelude::*;
use std::fmt::Debug;

/// The number of a bin, counted over all columns of a feature; the largest number is that of what is missing.
pub(crate) trait Bin: Copy + Ord + Debug + Send + Sync {
    const LEAST: Self;
    const MISSING: Self;

    fn number(self) -> u16;

    /// Of a number that fits.
    fn of(number: u16) -> Self;
}

impl Bin for u8 {
    const LEAST: Self = 0;
    const MISSING: Self = MISSING_BIN;

    #[inline(always)]
    fn number(self) -> u16 {
        u16::from(self)
    }

    #[inline(always)]
    fn of(number: u16) -> Self {
        number as Self
    }
}

impl Bin for u16 {
    const LEAST: Self = 0;
    const MISSING: Self = Self::MAX;

    #[inline(always)]
    fn number(self) -> u16 {
        self
    }

    #[inline(always)]
    fn of(number: u16) -> Self {
        number
    }
}

/// The values of each bin of each numeric feature.
pub(crate) struct Spans(Vec<FeatureSpans>);

/// What a feature's thresholds are drawn from.
#[derive(Default)]
struct FeatureSpans {
    /// The first column of bins.
    column: usize,
    /// Where there are several columns, each row's bin.
    fine: Option<Vec<u16>>,
    /// Those of all columns.
    cuts: Vec<f64>,
    /// The least and the largest value of each bin; of an empty one, infinities the wrong way round.
    least: Vec<f64>,
    most: Vec<f64>,
}

impl Spans {
    /// Of training columns and their bins.
    pub(crate) fn new(binner: &Binner, binned: &Binned, features: &Features) -> Self {
        let columns = features.columns().par_iter().enumerate();
        let spans = columns.map(|(feature, column)| {
            let own = binner.columns_of(feature);
            let first = own.start;
            match &column.values {
                FeatureValues::Numeric(values) if !binner.is_categorical(first) => {
                    let cuts = own.clone().map(|column| match binner.column(column) {
                        ColumnBins::Numeric(cuts) => cuts.as_slice(),
                        ColumnBins::Categorical(_) => &[],
                    });
                    let cuts = cuts.collect::<Vec<_>>().concat();
                    if own.len() > 1 {
                        let fine = added_up(&binned.columns[own]);
                        let spans = FeatureSpans::new(first, cuts, values, &fine);
                        FeatureSpans {
                            fine: Some(fine),
                            ..spans
                        }
                    } else {
                        FeatureSpans::new(first, cuts, values, &binned.columns[first])
                    }
                }
                _ => FeatureSpans {
                    column: first,
                    ..FeatureSpans::default()
                },
            }
        });
        Self(spans.collect())
    }

    /// Number of features.
    pub(crate) fn features(&self) -> usize {
        self.0.len()
    }

    /// The first column of a feature's bins.
    pub(crate) fn column(&self, feature: usize) -> usize {
        self.0[feature].column
    }

    /// Each row's bin over all columns of a feature that has several.
    pub(crate) fn fine(&self, feature: usize) -> Option<&[u16]> {
        self.0[feature].fine.as_deref()
    }

    /// The column whose question parts a feature's bins after this one, and that column's bin.
    fn question(&self, feature: usize, cut: u16) -> (usize, u8) {
        let FeatureSpans { column, fine, .. } = &self.0[feature];
        let most = MOST_CUTS as u16;
        match fine {
            Some(_) if cut < u16::MAX - 1 => (column + usize::from(cut / most), (cut % most) as u8),
            // All that is there goes left.
            _ => (*column, cut.min(u16::from(MISSING_BIN) - 1) as u8),
        }
    }

    /// The bin after which a value drawn evenly between the least of bin `first` and the largest of bin `last` falls;
    /// in `first..last`. Neither of them may be empty.
    fn draw(&self, feature: usize, (first, last): (u16, u16), random: &mut Random) -> u16 {
        let share = random.share();
        let FeatureSpans {
            cuts, least, most, ..
        } = &self.0[feature];
        let (first, last) = (usize::from(first), usize::from(last));
        let value = least[first] * (1.0 - share) + most[last] * share;
        if !value.is_finite() {
            // The ends are infinitely far away: every bin is as good as the others.
            return (first + random.below(last - first)) as u16;
        }
        let own = first + cuts[first..last].partition_point(|&cut| cut < value);
        // The nearer end of the bin as far as it is filled, or of an empty one.
        let (low, high) = if least[own] <= most[own] {
            (least[own], most[own])
        } else {
            let end = |cut: Option<usize>| cut.and_then(|cut| cuts.get(cut)).copied();
            (
                end(own.checked_sub(1)).unwrap_or(f64::NEG_INFINITY),
                end(Some(own)).unwrap_or(f64::INFINITY),
            )
        };
        let before = own > first && value - low < high - value;
        (own - usize::from(before)).min(last - 1) as u16
    }
}

/// Each row's bin over all columns: how many cuts lie below, in any of them.
fn added_up(columns: &[Vec<u8>]) -> Vec<u16> {
    let mut sums = vec![0_u16; columns.first().map_or(0, Vec::len)];
    for column in columns {
        for (sum, &bin) in sums.iter_mut().zip(column) {
            // What is missing is so in all columns.
            *sum = match bin {
                MISSING_BIN => u16::MISSING,
                bin => *sum + u16::from(bin),
            };
        }
    }
    sums
}

impl FeatureSpans {
    fn new<B: Bin>(column: usize, cuts: Vec<f64>, values: &[f64], bins: &[B]) -> Self {
        let mut spans = Self {
            column,
            fine: None,
            least: vec![f64::INFINITY; cuts.len() + 1],
            most: vec![f64::NEG_INFINITY; cuts.len() + 1],
            cuts,
        };
        for (&value, &bin) in values.iter().zip(bins) {
            let bin = usize::from(bin.number());
            if let (Some(least), Some(most)) = (spans.least.get_mut(bin), spans.most.get_mut(bin)) {
                (*least, *most) = (least.min(value), most.max(value));
            }
        }
        spans
    }
}

/// What one node draws with.
#[derive(Clone, Copy)]
pub(crate) struct Chance<'a> {
    pub(crate) spans: &'a Spans,
    seed: u64,
}

impl<'a> Chance<'a> {
    /// `seed`: of the node.
    pub(crate) fn new(spans: &'a Spans, seed: u64) -> Self {
        Self { spans, seed }
    }
}

impl<const N: usize, S: Statistic<N>> Candidate<'_, N, S> {
    /// Whether an ordered feature's bins differ in the node, and then what [`Self::threshold_by_chance`] finds. `own` are all
    /// rows' bins, `gathered` is room for those of the node's rows.
    pub(crate) fn by_chance<B: Bin>(
        &self,
        feature: usize,
        own: &[B],
        gathered: &mut Vec<B>,
        entries: &[S::Entry],
        chance: Chance<'_>,
    ) -> (bool, Option<Split>) {
        gathered.clear();
        gathered.extend(entries.iter().map(|entry| own[entry.row() as usize]));
        let useful = gathered.iter().any(|bin| *bin != gathered[0]);
        let split = useful.then(|| self.threshold_by_chance(feature, gathered, entries, chance));
        (useful, split.flatten())
    }

    /// The division of an ordered feature that chance wants; missing values go where they serve best. `bins` are those of
    /// the node's rows, not all alike.
    fn threshold_by_chance<B: Bin>(
        &self,
        feature: usize,
        bins: &[B],
        entries: &[S::Entry],
        chance: Chance<'_>,
    ) -> Option<Split> {
        let (first, last, incomplete) = range(bins);
        let mut random = Random::new(chance.seed, feature as u64);
        let cut = if first < last {
            let ends = (first.number(), last.number());
            B::of(chance.spans.draw(feature, ends, &mut random))
        } else {
            // All that is not missing is alike.
            B::of(B::MISSING.number() - 1)
        };
        // Left, right, missing: an index instead of a branch, which would be hard to guess; and rows in turns, so that one
        // need not wait for the sum of the one before.
        const TURNS: usize = 4;
        let mut sides: [[Slot<N>; 3]; TURNS] = [[[0; N]; 3]; TURNS];
        for (index, (entry, &bin)) in entries.iter().zip(bins).enumerate() {
            let side = usize::from(bin > cut) + usize::from(bin == B::MISSING);
            S::add(&mut sides[index % TURNS][side], entry);
        }
        let [left, _, missing] = sides.iter().fold([[0; N]; 3], |sums, own| {
            std::array::from_fn(|side| plus(&sums[side], &own[side]))
        });
        let (column, bin) = chance.spans.question(feature, cut.number());
        let mut best = Best::new(column);
        let rows = self.statistic.count(&left) * 2;
        // Values that were not missing in this node but are later go with the larger part.
        let larger = !incomplete && rows >= self.statistic.count(&self.total);
        let rule = |missing_left| Rule::Threshold { bin, missing_left };
        self.offer(&mut best, &left, || rule(larger));
        if incomplete && first < last {
            self.offer(&mut best, &plus(&left, &missing), || rule(true));
        }
        best.split()
    }

    /// Each category of a column goes left or right by chance, at least one each way.
    pub(crate) fn subset_by_chance(
        &self,
        (feature, column): (usize, usize),
        view: View<'_, N>,
        chance: Chance<'_>,
    ) -> Option<Split> {
        let mut random = Random::new(chance.seed, feature as u64);
        let count = bins(view.occupied).count();
        let (mut left, mut chosen) = ([0; N], [0_u64; 4]);
        // One that goes left and another that goes right.
        let sure = random.below(count);
        let other = (sure + 1 + random.below(count.saturating_sub(1).max(1))) % count.max(1);
        for (index, bin) in bins(view.occupied).enumerate() {
            let goes = random.bits() & 1 == 1;
            if index == sure || (goes && index != other) {
                left = plus(&left, &view.slots[bin as usize]);
                chosen[bin as usize >> 6] |= 1 << (bin & 63);
            }
        }
        let mut best = Best::new(column);
        self.offer(&mut best, &left, || Rule::Subset(chosen));
        best.split()
    }
}

/// The least and the largest of bins that are not missing, and whether some are.
fn range<B: Bin>(bins: &[B]) -> (B, B, bool) {
    wide(
        #[inline(always)]
        || {
            let (mut first, mut last, mut most) = (B::MISSING, B::LEAST, B::LEAST);
            for &bin in bins {
                first = first.min(bin);
                most = most.max(bin);
                last = last.max(if bin == B::MISSING { B::LEAST } else { bin });
            }
            (first, last, most == B::MISSING)
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Feature;

    #[test]
    fn thresholds_fall_as_often_as_the_gap_before_them_is_wide() -> Result<(), String> {
        let values = vec![0.0, 1.0, 100.0, f64::NAN];
        let column = Feature {
            name: "x".to_owned(),
            values: FeatureValues::Numeric(values),
        };
        let features = Features::new(4, vec![column])?;
        let binner = Binner::fit(&features);
        let binned = binner.bin(&features);
        let spans = Spans::new(&binner, &binned, &features);
        let mut random = Random::new(1, 1);
        let mut counts = [0_u32; 3];
        for _ in 0..20_000 {
            counts[spans.draw(0, (0, 2), &mut random) as usize] += 1;
        }
        assert!((100..320).contains(&counts[0]), "{counts:?}");
        assert_eq!(counts[2], 0);
        assert_eq!(spans.draw(0, (1, 2), &mut random), 1);
        Ok(())
    }

    #[test]
    fn infinite_ends_leave_all_thresholds_possible() -> Result<(), String> {
        let values = vec![f64::NEG_INFINITY, 1.0, 2.0, f64::INFINITY];
        let column = Feature {
            name: "x".to_owned(),
            values: FeatureValues::Numeric(values),
        };
        let features = Features::new(4, vec![column])?;
        let binner = Binner::fit(&features);
        let spans = Spans::new(&binner, &binner.bin(&features), &features);
        let mut random = Random::new(1, 1);
        let mut counts = [0_u32; 4];
        for _ in 0..300 {
            counts[spans.draw(0, (0, 3), &mut random) as usize] += 1;
        }
        assert!(
            counts[..3].iter().all(|&count| count > 50) && counts[3] == 0,
            "{counts:?}"
        );
        Ok(())
    }
}
