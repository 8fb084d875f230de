//! The best threshold in a node of few rows, without counting bins: every row is tried as the last one on the left, all of
//! them at once in the lanes of vectors.

mod classes;
mod numbers;

pub(crate) use classes::SmallClasses;
pub(crate) use numbers::SmallNumbers;

use super::binning::MISSING_BIN;
use super::splitting::{Rule, Split, middle};
use crate::kernels::largest::largest;
use crate::kernels::simd::wide;

/// Rows of a small node at most.
pub(crate) const SMALL_ROWS: usize = 64;
/// Share of a perfect gain from which nothing better is looked for.
const PERFECT: f32 = 1.0 - 1e-5;

/// A small node's rows; filled again for every node.
#[derive(Debug)]
pub(crate) struct SmallNode<J> {
    rows: usize,
    /// Where a column holds each row.
    places: [u32; SMALL_ROWS],
    /// How many rows were drawn.
    drawn: f32,
    /// Gain that no division can exceed.
    perfect: f32,
    judge: J,
}

/// What a division by each row gives.
pub(crate) struct Sides<const L: usize> {
    gains: [f32; L],
    /// Rows on the left, as often as they were drawn.
    left: [f32; L],
}

/// How divisions of a small node are judged, all at once.
pub(crate) trait Judge: Default {
    /// `bins`: a column's, row by row in lanes; the last lanes may be without a row of their own.
    fn sides<const L: usize>(&self, bins: &[u8; L], rows: usize) -> Sides<L>;
}

impl<J: Judge> SmallNode<J> {
    /// No rows yet.
    pub(crate) fn new() -> Self {
        Self {
            rows: 0,
            places: [0; SMALL_ROWS],
            drawn: 0.0,
            perfect: 0.0,
            judge: J::default(),
        }
    }

    /// Whether no division of these rows gains more than this one.
    pub(crate) fn is_perfect(&self, gain: f64) -> bool {
        gain >= f64::from(self.perfect * PERFECT)
    }

    /// Looks at columns until one divides perfectly or `next` has no more. `next` is told whether the column before was of
    /// use and gives a column with whether it holds categories. Columns of categories or with missing values are left to
    /// the caller in `rest`.
    pub(crate) fn search<'c>(
        &self,
        min_samples_leaf: f32,
        next: impl FnMut(bool) -> Option<(usize, bool)>,
        column: impl Fn(usize) -> &'c [u8],
        rest: &mut Vec<usize>,
    ) -> Option<Split> {
        wide(
            #[inline(always)]
            || match self.rows {
                0..=8 => self.search_lanes::<8>(min_samples_leaf, next, column, rest),
                9..=16 => self.search_lanes::<16>(min_samples_leaf, next, column, rest),
                17..=32 => self.search_lanes::<32>(min_samples_leaf, next, column, rest),
                _ => self.search_lanes::<SMALL_ROWS>(min_samples_leaf, next, column, rest),
            },
        )
    }

    #[inline(always)]
    fn search_lanes<'c, const L: usize>(
        &self,
        min_samples_leaf: f32,
        mut next: impl FnMut(bool) -> Option<(usize, bool)>,
        column: impl Fn(usize) -> &'c [u8],
        rest: &mut Vec<usize>,
    ) -> Option<Split> {
        let rows = self.rows;
        let mut best: Option<Split> = None;
        let mut best_gain = f32::NEG_INFINITY;
        let mut useful = false;
        while let Some((feature, categorical)) = next(useful) {
            if categorical {
                useful = true;
                rest.push(feature);
                continue;
            }
            let column = column(feature);
            // Lanes without a row of their own are like the first one.
            let mut bins = [column[self.places[0] as usize]; L];
            for (slot, &place) in bins.iter_mut().zip(&self.places[..rows]) {
                *slot = column[place as usize];
            }
            let least = bins.iter().fold(MISSING_BIN, |least, &bin| least.min(bin));
            let most = bins.iter().fold(0, |most: u8, &bin| most.max(bin));
            useful = least < most;
            if !useful {
                continue;
            }
            if most == MISSING_BIN {
                rest.push(feature);
                continue;
            }
            let mut sides = self.judge.sides(&bins, rows);
            let lanes = bins.iter().zip(&sides.left).zip(&mut sides.gains);
            for ((&bin, &left), gain) in lanes {
                // No short cuts: all lanes at once.
                let enough = (left >= min_samples_leaf) & (self.drawn - left >= min_samples_leaf);
                *gain = if enough & (bin < most) {
                    *gain
                } else {
                    f32::NEG_INFINITY
                };
            }
            let gain = largest(&sides.gains, f32::NEG_INFINITY);
            if gain > best_gain
                && let Some(lane) = sides.gains.iter().position(|&own| own == gain)
            {
                best_gain = gain;
                let last = bins[lane];
                let above = bins.iter().fold(most, |least, &bin| {
                    least.min(if bin > last { bin } else { most })
                });
                best = Some(Split {
                    feature,
                    rule: Rule::Threshold {
                        bin: middle(last, above),
                        missing_left: sides.left[lane] * 2.0 >= self.drawn,
                    },
                    gain: f64::from(best_gain),
                });
                if best_gain >= self.perfect * PERFECT {
                    break;
                }
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::histogram::Histogram;
    use crate::tree::options::Impurity;
    use crate::tree::splitting::{Candidate, Scan};
    use crate::tree::statistic::{ClassCounts, PackedMean, Statistic};
    use proptest::prelude::*;

    /// The largest gain by comparing rows and by counting bins.
    fn both<const N: usize, S: Statistic<N>>(
        statistic: &S,
        entries: &[S::Entry],
        columns: &[Vec<u8>],
        min_samples_leaf: i64,
    ) -> (Option<f64>, Option<f64>) {
        let mut total = [0; N];
        entries.iter().for_each(|entry| S::add(&mut total, entry));
        let candidate = Candidate {
            statistic,
            total,
            parent_score: statistic.score(&total),
            min_samples_leaf,
        };
        let (mut histogram, mut scan) = (Histogram::new(), Scan::new(statistic.lanes()));
        let mut counted = None;
        for (feature, column) in columns.iter().enumerate() {
            histogram.fill::<S>(column, entries);
            let split = candidate.best_threshold(feature, histogram.view(), &mut scan);
            counted = counted.max(split.map(|split| (split.gain * 1e6) as i64));
            histogram.clear();
        }
        let mut columns_left = 0..columns.len();
        let mut node = SmallNode::new();
        assert!(statistic.small(entries, &total, &mut node));
        let compared = node.search(
            min_samples_leaf as f32,
            |_| columns_left.next().map(|feature| (feature, false)),
            |feature| &columns[feature],
            &mut Vec::new(),
        );
        (
            counted.map(|gain| gain as f64 / 1e6),
            compared.map(|split| split.gain),
        )
    }

    fn agree(gains: (Option<f64>, Option<f64>)) -> bool {
        match gains {
            (Some(counted), Some(compared)) => {
                (counted - compared).abs() <= 1e-3 * counted.abs().max(1.0)
            }
            (None, None) => true,
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn comparing_rows_finds_what_counting_bins_finds(
            rows in prop::collection::vec(((0_u8..9, 0_u8..4, 0_u8..254), -20.0_f64..20.0, 0_u32..3, 1_u16..4), 2..=SMALL_ROWS),
            min_samples_leaf in 1_i64..4,
        ) {
            let columns = vec![
                rows.iter().map(|row| row.0.0).collect::<Vec<u8>>(),
                rows.iter().map(|row| row.0.1).collect(),
                rows.iter().map(|row| row.0.2).collect(),
            ];
            let draws: Vec<u16> = rows.iter().map(|row| row.3).collect();
            let values: Vec<f64> = rows.iter().map(|row| row.1).collect();
            let (statistic, entries) = PackedMean::new(&values, Some(&draws));
            let gains = both::<1, _>(&statistic, &entries, &columns, min_samples_leaf);
            prop_assert!(agree(gains), "numbers: {gains:?}");
            let classes: Vec<u32> = rows.iter().map(|row| row.2).collect();
            let factors = [1.0, 2.5, 0.5];
            let (statistic, entries) = ClassCounts::<1>::new((&classes, 3), Impurity::Gini, Some(&factors), Some(&draws));
            let gains = both::<1, _>(&statistic, &entries, &columns, min_samples_leaf);
            prop_assert!(agree(gains), "classes: {gains:?}");
        }
    }
}
