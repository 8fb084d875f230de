//! Divisions drawn by chance (Geurts, Ernst and Wehenkel, 2006): of each column one, of which the node takes the best.

use super::binning::{Binned, Binner, MISSING_BIN};
use super::histogram::{BINS, View, bins};
use super::splitting::{Best, Candidate, Rule, Split};
use super::statistic::{Slot, Statistic, plus};
use crate::features::{FeatureValues, Features};
use crate::kernels::random::Random;

/// The least and the largest value in each bin of each numeric column.
pub(crate) struct Spans(Vec<Vec<(f64, f64)>>);

impl Spans {
    /// Of training columns and their bins.
    pub(crate) fn new(binner: &Binner, binned: &Binned, features: &Features) -> Self {
        let columns = features.columns().iter().zip(&binned.columns).enumerate();
        let spans = columns.map(|(index, (column, bins))| match &column.values {
            FeatureValues::Numeric(values) if !binner.is_categorical(index) => {
                let mut spans = vec![(f64::INFINITY, f64::NEG_INFINITY); BINS];
                for (&value, &bin) in values.iter().zip(bins) {
                    let (least, most) = &mut spans[bin as usize];
                    (*least, *most) = (least.min(value), most.max(value));
                }
                spans
            }
            _ => Vec::new(),
        });
        Self(spans.collect())
    }

    /// The bin after which a value drawn evenly between the least of bin `first` and the largest of bin `last` falls;
    /// in `first..last`.
    fn draw(&self, column: usize, (first, last): (u8, u8), random: &mut Random) -> u8 {
        let spans = self
            .0
            .get(column)
            .and_then(|spans| spans.get(..=last as usize));
        let share = random.share();
        let Some(spans) = spans else {
            return first;
        };
        let (least, most) = (spans[first as usize].0, spans[last as usize].1);
        let value = least * (1.0 - share) + most * share;
        if !value.is_finite() {
            // The ends are infinitely far away: every bin is as good as the others.
            return first + random.below(usize::from(last - first)) as u8;
        }
        // The last bin that begins at or below the value; empty ones begin nowhere.
        let own = (first..last)
            .rev()
            .find(|&bin| spans[bin as usize].0 <= value)
            .unwrap_or(first);
        let (least, most) = spans[own as usize];
        if own > first && value - least < most - value {
            own - 1
        } else {
            own
        }
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
    /// The division of a column that chance wants; missing values go where they serve best.
    pub(crate) fn by_chance(
        &self,
        feature: usize,
        view: View<'_, N>,
        chance: Chance<'_>,
        categorical: bool,
    ) -> Option<Split> {
        let mut random = Random::new(chance.seed, feature as u64);
        if categorical {
            return self.subset_by_chance(feature, view, &mut random);
        }
        let mut values = view.occupied;
        values[3] &= !(1 << 63);
        let first = bins(values).next()?;
        let last = bins(values).last()?;
        let cut = if first < last {
            chance.spans.draw(feature, (first, last), &mut random)
        } else {
            // All that is not missing is alike.
            MISSING_BIN - 1
        };
        let mut left: Slot<N> = [0; N];
        for bin in bins(values).take_while(|&bin| bin <= cut) {
            left = plus(&left, &view.slots[bin as usize]);
        }
        let missing = &view.slots[MISSING_BIN as usize];
        let mut best = Best::new(feature);
        let rows = self.statistic.count(&left) * 2;
        // Values that were not missing in this node but are later go with the larger part.
        let larger = view.occupied == values && rows >= self.statistic.count(&self.total);
        let rule = |missing_left| Rule::Threshold {
            bin: cut,
            missing_left,
        };
        self.offer(&mut best, &left, || rule(larger));
        if view.occupied != values && first < last {
            self.offer(&mut best, &plus(&left, missing), || rule(true));
        }
        best.split()
    }

    /// Each category goes left or right by chance, at least one each way.
    fn subset_by_chance(
        &self,
        feature: usize,
        view: View<'_, N>,
        random: &mut Random,
    ) -> Option<Split> {
        let count = bins(view.occupied).count();
        let (mut left, mut chosen) = ([0; N], [0_u64; 4]);
        // One that goes left and another that goes right.
        let sure = random.below(count);
        let other = (sure + 1 + random.below(count.saturating_sub(1).max(1))) % count.max(1);
        for (index, bin) in bins(view.occupied).enumerate() {
            let goes = random.next() & 1 == 1;
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
