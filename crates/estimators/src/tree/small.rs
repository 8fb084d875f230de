//! The best threshold in a node of few rows, without counting bins: every row is tried as the last one on the left, all of
//! them at once in the lanes of vectors.

mod classes;
mod numbers;

pub(crate) use classes::SmallClasses;
pub(crate) use numbers::SmallNumbers;

use super::binning::MISSING_BIN;
use super::splitting::{Rule, Split, middle};
use crate::kernels::simd::wide;

/// Rows of a small node at most.
pub(crate) const SMALL_ROWS: usize = 64;
/// Share of a perfect gain from which nothing better is looked for.
const PERFECT: f32 = 1.0 - 1e-5;

/// A small node's rows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Small {
    Classes(SmallClasses),
    Numbers(SmallNumbers),
}

impl Small {
    /// Looks at columns until one divides perfectly or `next` has no more. `next` is told whether the column before was of
    /// use and gives a column with whether it holds categories. Columns of categories or with missing values are left to
    /// the caller in `rest`.
    pub(crate) fn search<'c>(
        &self,
        rows: usize,
        min_samples_leaf: f32,
        next: impl FnMut(bool) -> Option<(usize, bool)>,
        column: impl Fn(usize) -> &'c [u8],
        rest: &mut Vec<usize>,
    ) -> Option<Split> {
        wide(
            #[inline(always)]
            || match self {
                Self::Classes(own) => own.search_any(rows, min_samples_leaf, next, column, rest),
                Self::Numbers(own) => own.search_any(rows, min_samples_leaf, next, column, rest),
            },
        )
    }
}

/// What a division by each row gives.
struct Sides<const L: usize> {
    gains: [f32; L],
    /// Rows on the left, as often as they were drawn.
    left: [f32; L],
}

/// How divisions of a small node are judged, all at once.
trait Judge {
    /// Where a column holds each row.
    fn places(&self) -> &[u32; SMALL_ROWS];

    /// How many rows were drawn.
    fn drawn(&self) -> f32;

    /// Gain that no division can exceed.
    fn perfect(&self) -> f32;

    /// `bins`: a column's, row by row in lanes; the last lanes may be without a row of their own.
    fn sides<const L: usize>(&self, bins: &[u8; L], rows: usize) -> Sides<L>;

    /// See [`Small::search`].
    #[inline(always)]
    fn search_any<'c>(
        &self,
        rows: usize,
        min_samples_leaf: f32,
        next: impl FnMut(bool) -> Option<(usize, bool)>,
        column: impl Fn(usize) -> &'c [u8],
        rest: &mut Vec<usize>,
    ) -> Option<Split> {
        match rows {
            0..=8 => self.search::<8>(rows, min_samples_leaf, next, column, rest),
            9..=16 => self.search::<16>(rows, min_samples_leaf, next, column, rest),
            17..=32 => self.search::<32>(rows, min_samples_leaf, next, column, rest),
            _ => self.search::<SMALL_ROWS>(rows, min_samples_leaf, next, column, rest),
        }
    }

    #[inline(always)]
    fn search<'c, const L: usize>(
        &self,
        rows: usize,
        min_samples_leaf: f32,
        mut next: impl FnMut(bool) -> Option<(usize, bool)>,
        column: impl Fn(usize) -> &'c [u8],
        rest: &mut Vec<usize>,
    ) -> Option<Split> {
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
            let mut bins = [MISSING_BIN; L];
            let (mut least, mut most) = (MISSING_BIN, 0_u8);
            for (slot, &place) in bins.iter_mut().zip(self.places()).take(rows) {
                let own = column[place as usize];
                (least, most) = (least.min(own), most.max(own));
                *slot = own;
            }
            useful = least < most;
            if !useful {
                continue;
            }
            if most == MISSING_BIN {
                rest.push(feature);
                continue;
            }
            let sides = self.sides(&bins, rows);
            let all = self.drawn();
            let mut winner = None;
            let lanes = bins.iter().zip(&sides.left).zip(&sides.gains);
            for (lane, ((&bin, &left), &gain)) in lanes.enumerate().take(rows) {
                let fits = bin < most && left >= min_samples_leaf && all - left >= min_samples_leaf;
                if fits && gain > best_gain {
                    best_gain = gain;
                    winner = Some(lane);
                }
            }
            if let Some(lane) = winner {
                let last = bins[lane];
                let above = bins
                    .iter()
                    .take(rows)
                    .filter(|&&other| other > last)
                    .fold(most, |least, &other| least.min(other));
                best = Some(Split {
                    feature,
                    rule: Rule::Threshold {
                        bin: middle(last, above),
                        missing_left: sides.left[lane] * 2.0 >= all,
                    },
                    gain: f64::from(best_gain),
                });
                if best_gain >= self.perfect() * PERFECT {
                    break;
                }
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a broken test should fail")]

    use super::*;
    use crate::tree::histogram::Histogram;
    use crate::tree::options::Impurity;
    use crate::tree::splitting::{Candidate, Scan};
    use crate::tree::statistic::{ClassCounts, Entry, PackedMean, Statistic};
    use proptest::prelude::*;

    /// The largest gain by comparing rows and by counting bins.
    fn both<const N: usize, S: Statistic<N>>(
        statistic: &S,
        entries: &[Entry<S::Word>],
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
        let small = statistic.small(entries, &total).unwrap();
        let compared = small.search(
            entries.len(),
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
