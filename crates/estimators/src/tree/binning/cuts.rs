//! Where a feature's values are parted: what its training values say about its bins.

use super::{ColumnBins, MISSING_BIN, MOST_CUTS, VALUE_BINS};
use crate::features::{Feature, FeatureValues};
use crate::kernels::sorting::sort;

/// Rows whose values cuts are taken from; spread evenly over the table.
const SAMPLED_ROWS: usize = 50_000;

/// What the values of a training column say about its bins.
pub(super) enum Values {
    /// Few enough: how they become bins.
    Few(ColumnBins),
    /// Too many numbers for a bin each: a sample of them, rising.
    Many(Vec<f64>),
}

impl Values {
    pub(super) fn of(column: &Feature) -> Self {
        match &column.values {
            FeatureValues::Numeric(values) => Self::of_numbers(values),
            FeatureValues::Categorical { codes, levels } => {
                Self::Few(ColumnBins::Categorical(level_bins(codes, *levels as usize)))
            }
        }
    }

    fn of_numbers(values: &[f64]) -> Self {
        // A whole step keeps the choice independent of everything but the length.
        let step = values.len().div_ceil(SAMPLED_ROWS).max(1);
        let sampled = values.iter().step_by(step).copied();
        let mut sorted: Vec<f64> = sampled.filter(|value| !value.is_nan()).collect();
        sort(&mut sorted);
        // More than enough to see that there are too many.
        let mut few = distinct(&sorted, VALUE_BINS + 1);
        if few.len() <= VALUE_BINS && (step == 1 || complete(&mut few, values)) {
            return Self::Few(ColumnBins::Numeric(middles(&few)));
        }
        Self::Many(sorted)
    }

    pub(super) fn are_many(&self) -> bool {
        matches!(self, Self::Many(_))
    }

    /// As one column.
    pub(super) fn coarse(self) -> ColumnBins {
        match self {
            Self::Few(bins) => bins,
            Self::Many(sorted) => ColumnBins::Numeric(ruled_cuts(&sorted, VALUE_BINS, halfway)),
        }
    }

    /// As so many columns at most.
    pub(super) fn fine(self, columns: usize) -> Vec<ColumnBins> {
        let sorted = match self {
            Self::Many(sorted) if columns > 1 => sorted,
            other => return vec![other.coarse()],
        };
        let cuts = ruled_cuts(&sorted, columns * MOST_CUTS + 1, along);
        let stretches = cuts.chunks(MOST_CUTS).map(<[f64]>::to_vec);
        let columns: Vec<ColumnBins> = stretches.map(ColumnBins::Numeric).collect();
        if columns.is_empty() {
            return vec![ColumnBins::Numeric(cuts)];
        }
        columns
    }
}

/// The first different ones of rising values; -0.0 and 0.0 are one value.
fn distinct(sorted: &[f64], most: usize) -> Vec<f64> {
    let runs = sorted.chunk_by(|left, right| left == right);
    runs.map(|run| run[0]).take(most).collect()
}

/// A cut between any two neighbours.
fn middles(distinct: &[f64]) -> Vec<f64> {
    let pairs = distinct.windows(2);
    pairs.map(|pair| between(pair[0], pair[1])).collect()
}

/// Adds values that the sample lacks; `false` when there are too many.
fn complete(distinct: &mut Vec<f64>, values: &[f64]) -> bool {
    for &value in values.iter().filter(|value| !value.is_nan()) {
        let at = distinct.partition_point(|&known| known < value);
        if distinct.get(at) != Some(&value) && distinct.get(at).is_none_or(|&known| known != value)
        {
            distinct.insert(at, value);
            if distinct.len() > VALUE_BINS {
                return false;
            }
        }
    }
    true
}

/// Cuts of a column with many values: a bin each for equal parts of [`Ruler::place`]. `within` says where between two
/// neighbours a cut lies, given the share of the way there.
fn ruled_cuts(sorted: &[f64], bins: usize, within: fn(f64, f64, f64) -> f64) -> Vec<f64> {
    let ruler = Ruler::new(sorted);
    let mut cuts: Vec<f64> = Vec::with_capacity(bins - 1);
    let mut at = 1;
    for bin in 1..bins {
        let wanted = bin as f64 / bins as f64;
        while at < sorted.len() && ruler.place(at, sorted[at]) < wanted {
            at += 1;
        }
        let (Some(&low), Some(&high)) = (sorted.get(at - 1), sorted.get(at)) else {
            break;
        };
        // Equal neighbours: the cut goes above the whole run, so that one value is in one bin.
        let cut = if low < high {
            let begin = ruler.place(at - 1, low);
            let share = (wanted - begin) / (ruler.place(at, high) - begin);
            within(low, high, share)
        } else {
            let next = sorted.partition_point(|&value| value <= high);
            match sorted.get(next) {
                Some(&above) => between(high, above),
                None => continue,
            }
        };
        if cuts.last().is_none_or(|&last| last < cut) {
            cuts.push(cut);
        }
    }
    cuts
}

/// Share of the bins that go by rows; the others go by distance. By rows alone, a bin at the end of a bell holds all that
/// is far out, and a full tree learns the difference from noise (a loss of 0.015 of R² on such a table).
const BY_ROWS: f64 = 0.6;
/// How far from the middle half distances count, in widths of that half (Tukey's far out).
const FAR_OUT: f64 = 3.0;

/// Where a value lies in its column, by rows and by distance.
struct Ruler {
    rows: f64,
    low: f64,
    high: f64,
}

impl Ruler {
    fn new(sorted: &[f64]) -> Self {
        let quarter = |quarters: usize| sorted[(sorted.len() - 1) * quarters / 4];
        let reach = FAR_OUT * (quarter(3) - quarter(1));
        Self {
            rows: sorted.len() as f64,
            low: quarter(0).max(quarter(1) - reach),
            high: quarter(4).min(quarter(3) + reach),
        }
    }

    /// From 0 to 1, rising with the number of a value and the value.
    fn place(&self, number: usize, value: f64) -> f64 {
        let share = number as f64 / self.rows;
        let width = self.high - self.low;
        if !width.is_normal() {
            return share;
        }
        BY_ROWS * share + (1.0 - BY_ROWS) * ((value - self.low) / width).clamp(0.0, 1.0)
    }
}

/// In the middle, wherever that is.
fn halfway(low: f64, high: f64, _: f64) -> f64 {
    between(low, high)
}

/// After this share of the way: there may be several cuts between two neighbours.
fn along(low: f64, high: f64, share: f64) -> f64 {
    let cut = low * (1.0 - share) + high * share;
    if cut >= low && cut < high {
        cut
    } else {
        between(low, high)
    }
}

/// A number that is at least `low` and below `high`, near the middle.
fn between(low: f64, high: f64) -> f64 {
    let middle = low / 2.0 + high / 2.0;
    if middle.is_finite() && middle >= low && middle < high {
        middle
    } else {
        low
    }
}

fn level_bins(codes: &[u32], levels: usize) -> Vec<u8> {
    let mut counts = vec![0_usize; levels];
    for &code in codes {
        if let Some(count) = counts.get_mut(code as usize) {
            *count += 1;
        }
    }
    let mut order: Vec<usize> = (0..levels).collect();
    if levels > VALUE_BINS {
        order.sort_by_key(|&level| (std::cmp::Reverse(counts[level]), level));
    }
    let mut bins = vec![MISSING_BIN; levels];
    for (rank, &level) in order.iter().enumerate() {
        // A level without a row is as unknown as one that was never heard of.
        if counts[level] > 0 {
            bins[level] = rank.min(VALUE_BINS - 1) as u8;
        }
    }
    bins
}

#[cfg(test)]
mod tests {
    use super::super::Search;
    use super::*;
    use proptest::prelude::*;

    fn cuts(values: &[f64]) -> Vec<f64> {
        match Values::of_numbers(values).coarse() {
            ColumnBins::Numeric(cuts) => cuts,
            ColumnBins::Categorical(_) => Vec::new(),
        }
    }

    proptest! {
        #[test]
        fn bins_rise_with_values(mut values in prop::collection::vec(prop_oneof![-1e300..1e300_f64, -3.0..3.0_f64, Just(0.0), Just(-0.0)], 1..600)) {
            let cuts = cuts(&values);
            prop_assert!(cuts.len() < VALUE_BINS);
            prop_assert!(cuts.windows(2).all(|pair| pair[0] < pair[1]));
            values.sort_unstable_by(f64::total_cmp);
            let search = Search::new(&cuts);
            let bins: Vec<u8> = values.iter().map(|&value| search.bin(value)).collect();
            prop_assert!(bins.windows(2).all(|pair| pair[0] <= pair[1]));
            for (value, bin) in values.iter().zip(&bins) {
                prop_assert_eq!(*bin as usize, cuts.iter().filter(|cut| **cut < *value).count());
            }
            values.dedup_by(|left, right| left == right);
            if values.len() <= VALUE_BINS {
                let mut bins: Vec<u8> = values.iter().map(|&value| search.bin(value)).collect();
                bins.dedup();
                prop_assert_eq!(bins.len(), values.len(), "few distinct values stay apart");
            }
        }
    }

    #[test]
    fn rare_values_outside_of_the_sample_stay_apart() {
        let mut values = vec![1.0; 120_000];
        values[7] = 2.0;
        values[8] = 0.5;
        assert_eq!(cuts(&values), vec![0.75, 1.5]);
    }

    #[test]
    fn bins_hold_neither_too_many_rows_nor_values_too_far_apart() {
        // A bell by the sum of uniform draws, and three values far out.
        let draw = |row: u64, time: u64| {
            let mixed = (row * 31 + time + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 11) as f64
                / 2_f64.powi(53)
        };
        let bell = |row| (0..12).map(|time| draw(row, time)).sum::<f64>() - 6.0;
        let mut values: Vec<f64> = (0..20_000).map(bell).collect();
        values.extend([1e6, 1e7, -1e9]);
        let cuts = cuts(&values);
        assert!(cuts.len() > 200, "{} cuts", cuts.len());
        let near: Vec<f64> = cuts.iter().copied().filter(|cut| cut.abs() < 3.5).collect();
        let widest = near
            .windows(2)
            .map(|pair| pair[1] - pair[0])
            .fold(0.0, f64::max);
        assert!(widest < 0.25, "{widest}");
        let search = Search::new(&cuts);
        let mut rows = [0; VALUE_BINS];
        values
            .iter()
            .for_each(|&value| rows[search.bin(value) as usize] += 1);
        let most = rows.iter().max().copied().unwrap_or(0);
        assert!(most < 160, "{most} rows in a bin");
    }

    #[test]
    fn levels_keep_their_numbers_and_empty_ones_are_unknown() {
        assert_eq!(
            level_bins(&[2, 2, 0, u32::MAX], 4),
            vec![0, MISSING_BIN, 2, MISSING_BIN]
        );
    }

    #[test]
    fn of_too_many_levels_the_frequent_ones_come_first() {
        let codes: Vec<u32> = (0..300).chain([299, 299, 7]).collect();
        let bins = level_bins(&codes, 300);
        assert_eq!([bins[299], bins[7], bins[0]], [0, 1, 2]);
        assert_eq!(bins[298], 254);
    }
}
