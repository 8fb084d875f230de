//! Divisions drawn by chance (Geurts, Ernst and Wehenkel, 2006): of each column one, of which the node takes the best.

use super::binning::{Binned, Binner, MISSING_BIN};
use super::histogram::{BINS, View, bins};
use super::splitting::{Best, Candidate, Rule, Split};
use super::statistic::{Slot, Statistic, plus};
use crate::features::{FeatureValues, Features};
use crate::kernels::random::Random;
use crate::kernels::simd::wide;

/// The values of each bin of each numeric column.
pub(crate) struct Spans(Vec<ColumnSpans>);

/// The least and the largest value of each bin; an empty one repeats the bin before it.
#[derive(Default)]
struct ColumnSpans {
    least: Vec<f64>,
    most: Vec<f64>,
    /// The bin itself, or the one that it repeats.
    bin: Vec<u8>,
}

impl Spans {
    /// Of training columns and their bins.
    pub(crate) fn new(binner: &Binner, binned: &Binned, features: &Features) -> Self {
        let columns = features.columns().iter().zip(&binned.columns).enumerate();
        let spans = columns.map(|(index, (column, bins))| match &column.values {
            FeatureValues::Numeric(values) if !binner.is_categorical(index) => {
                ColumnSpans::new(values, bins)
            }
            _ => ColumnSpans::default(),
        });
        Self(spans.collect())
    }

    /// The bin after which a value drawn evenly between the least of bin `first` and the largest of bin `last` falls;
    /// in `first..last`. Neither of them may be empty.
    fn draw(&self, column: usize, (first, last): (u8, u8), random: &mut Random) -> u8 {
        let share = random.share();
        let ColumnSpans { least, most, bin } = &self.0[column];
        let value = least[first as usize] * (1.0 - share) + most[last as usize] * share;
        if !value.is_finite() {
            // The ends are infinitely far away: every bin is as good as the others.
            return first + random.below(usize::from(last - first)) as u8;
        }
        // The last bin that begins at or below the value.
        let begins = &least[first as usize..last as usize];
        let after = begins.partition_point(|&least| least <= value).max(1);
        let own = first as usize + after - 1;
        if bin[own] > first && value - least[own] < most[own] - value {
            bin[own] - 1
        } else {
            bin[own]
        }
    }
}

impl ColumnSpans {
    fn new(values: &[f64], bins: &[u8]) -> Self {
        let mut spans = Self {
            least: vec![f64::INFINITY; BINS],
            most: vec![f64::NEG_INFINITY; BINS],
            bin: (0..=MISSING_BIN).collect(),
        };
        for (&value, &bin) in values.iter().zip(bins) {
            let (least, most) = (
                &mut spans.least[bin as usize],
                &mut spans.most[bin as usize],
            );
            (*least, *most) = (least.min(value), most.max(value));
        }
        for bin in 1..BINS {
            if spans.least[bin] > spans.most[bin] {
                spans.least[bin] = spans.least[bin - 1];
                spans.most[bin] = spans.most[bin - 1];
                spans.bin[bin] = spans.bin[bin - 1];
            }
        }
        spans
    }
}

/// What one node draws with.
#[derive(Clone, Copy)]
pub(crate) struct Chance<'a> {
    spans: &'a Spans,
    seed: u64,
}

impl<'a> Chance<'a> {
    /// `seed`: of the node.
    pub(crate) fn new(spans: &'a Spans, seed: u64) -> Self {
        Self { spans, seed }
    }
}

impl<const N: usize, S: Statistic<N>> Candidate<'_, N, S> {
    /// The division of an ordered column that chance wants; missing values go where they serve best. `bins` are those of
    /// the node's rows, not all alike.
    pub(crate) fn threshold_by_chance(
        &self,
        feature: usize,
        bins: &[u8],
        entries: &[S::Entry],
        chance: Chance<'_>,
    ) -> Option<Split> {
        let (first, last, incomplete) = range(bins);
        let mut random = Random::new(chance.seed, feature as u64);
        let cut = if first < last {
            chance.spans.draw(feature, (first, last), &mut random)
        } else {
            // All that is not missing is alike.
            MISSING_BIN - 1
        };
        // Left, right, missing: an index instead of a branch, which would be hard to guess; and rows in turns, so that one
        // need not wait for the sum of the one before.
        const TURNS: usize = 4;
        let mut sides: [[Slot<N>; 3]; TURNS] = [[[0; N]; 3]; TURNS];
        for (index, (entry, &bin)) in entries.iter().zip(bins).enumerate() {
            let side = usize::from(bin > cut) + usize::from(bin == MISSING_BIN);
            S::add(&mut sides[index % TURNS][side], entry);
        }
        let [left, _, missing] = sides.iter().fold([[0; N]; 3], |sums, own| {
            std::array::from_fn(|side| plus(&sums[side], &own[side]))
        });
        let mut best = Best::new(feature);
        let rows = self.statistic.count(&left) * 2;
        // Values that were not missing in this node but are later go with the larger part.
        let larger = !incomplete && rows >= self.statistic.count(&self.total);
        let rule = |missing_left| Rule::Threshold {
            bin: cut,
            missing_left,
        };
        self.offer(&mut best, &left, || rule(larger));
        if incomplete && first < last {
            self.offer(&mut best, &plus(&left, &missing), || rule(true));
        }
        best.split()
    }

    /// Each category goes left or right by chance, at least one each way.
    pub(crate) fn subset_by_chance(
        &self,
        feature: usize,
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
        let mut best = Best::new(feature);
        self.offer(&mut best, &left, || Rule::Subset(chosen));
        best.split()
    }
}

/// The least and the largest of bins that are not missing, and whether some are.
fn range(bins: &[u8]) -> (u8, u8, bool) {
    wide(
        #[inline(always)]
        || {
            let (mut first, mut last, mut most) = (MISSING_BIN, 0_u8, 0_u8);
            for &bin in bins {
                first = first.min(bin);
                most = most.max(bin);
                last = last.max(if bin == MISSING_BIN { 0 } else { bin });
            }
            (first, last, most == MISSING_BIN)
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
