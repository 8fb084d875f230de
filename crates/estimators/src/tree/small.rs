//! The best threshold in a node of few rows, without counting bins: every row is tried as the last one on the left, all of
//! them at once in the lanes of vectors.

use super::binning::MISSING_BIN;
use super::splitting::{Rule, Split, middle};

/// Rows of a small node at most.
pub(crate) const SMALL_ROWS: usize = 64;
/// Classes that are told apart in small nodes.
pub(crate) const SMALL_CLASSES: usize = 8;
/// Share of a perfect gain from which nothing better is looked for.
const PERFECT: f32 = 1.0 - 1e-5;

/// A small node's rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Small {
    /// 0 for numbers.
    pub(crate) classes: usize,
    pub(crate) class: [u8; SMALL_ROWS],
    /// How often each row was drawn.
    pub(crate) counts: [f32; SMALL_ROWS],
    /// Weight of the row, or weighted distance from the node's mean.
    pub(crate) values: [f32; SMALL_ROWS],
    /// Weight of each class, or (first) of all rows.
    pub(crate) totals: [f32; SMALL_CLASSES],
    /// Gain that no division can exceed.
    pub(crate) perfect: f32,
    /// Score of the node itself (0 for numbers, which are centred).
    pub(crate) parent: f32,
}

/// Bins of one column in a small node; lanes without a row are missing.
type Bins<const L: usize> = [f32; L];

/// What a division by each row gives.
struct Sides<const L: usize> {
    gains: [f32; L],
    /// Rows on the left, as often as they were drawn.
    left: [f32; L],
}

impl Small {
    /// No rows yet.
    #[inline(always)]
    pub(crate) fn new(classes: usize) -> Self {
        Self {
            classes,
            class: [0; SMALL_ROWS],
            counts: [0.0; SMALL_ROWS],
            values: [0.0; SMALL_ROWS],
            totals: [0.0; SMALL_CLASSES],
            perfect: 0.0,
            parent: 0.0,
        }
    }

    /// Looks at columns until one divides perfectly or `next` has no more. `next` is told whether the column before was of
    /// use and gives a column with whether it holds categories; `row` says where in a column each of `rows` rows is. Columns
    /// of categories or with missing values are left to the caller in `rest`.
    #[inline(always)]
    pub(crate) fn search<'c, const L: usize>(
        &self,
        rows: usize,
        min_samples_leaf: f32,
        mut next: impl FnMut(bool) -> Option<(usize, bool)>,
        column: impl Fn(usize) -> &'c [u8],
        row: impl Fn(usize) -> usize,
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
            let mut bins: Bins<L> = [f32::from(MISSING_BIN); L];
            let (mut least, mut most) = (MISSING_BIN, 0_u8);
            for (index, slot) in bins.iter_mut().enumerate().take(rows) {
                let own = column[row(index)];
                (least, most) = (least.min(own), most.max(own));
                *slot = f32::from(own);
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
            let all: f32 = self.counts.iter().take(rows).sum();
            let mut winner = None;
            let lanes = bins.iter().zip(&sides.left).zip(&sides.gains);
            for (lane, ((&bin, &left), &gain)) in lanes.enumerate().take(rows) {
                let fits = bin < f32::from(most)
                    && left >= min_samples_leaf
                    && all - left >= min_samples_leaf;
                if fits && gain > best_gain {
                    best_gain = gain;
                    winner = Some(lane);
                }
            }
            if let Some(lane) = winner {
                let last = bins[lane] as u8;
                let above = bins
                    .iter()
                    .take(rows)
                    .filter(|&&other| other > bins[lane])
                    .fold(most, |least, &other| least.min(other as u8));
                best = Some(Split {
                    feature,
                    rule: Rule::Threshold {
                        bin: middle(last, above),
                        missing_left: sides.left[lane] * 2.0 >= all,
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

    #[inline(always)]
    fn sides<const L: usize>(&self, bins: &Bins<L>, rows: usize) -> Sides<L> {
        let mut left = [0.0_f32; L];
        let mut gains = [0.0_f32; L];
        if self.classes == 0 {
            let mut sums = [0.0_f32; L];
            for row in 0..rows.min(L) {
                let (own, count, value) = (bins[row], self.counts[row], self.values[row]);
                for lane in 0..L {
                    let inside = own <= bins[lane];
                    left[lane] += if inside { count } else { 0.0 };
                    sums[lane] += if inside { value } else { 0.0 };
                }
            }
            let all = self.totals[0];
            for lane in 0..L {
                let squared = sums[lane] * sums[lane];
                gains[lane] = squared / left[lane] + squared / (all - left[lane]);
            }
            return Sides { gains, left };
        }
        let mut weights = [[0.0_f32; L]; SMALL_CLASSES];
        for row in 0..rows.min(L) {
            let (own, count, value) = (bins[row], self.counts[row], self.values[row]);
            let of_class = &mut weights[self.class[row] as usize & (SMALL_CLASSES - 1)];
            for lane in 0..L {
                let inside = own <= bins[lane];
                left[lane] += if inside { count } else { 0.0 };
                of_class[lane] += if inside { value } else { 0.0 };
            }
        }
        let (mut low, mut high) = ([0.0_f32; L], [0.0_f32; L]);
        let (mut low_squares, mut high_squares) = ([0.0_f32; L], [0.0_f32; L]);
        for (own, &total) in weights.iter().zip(&self.totals).take(self.classes) {
            for lane in 0..L {
                let other = total - own[lane];
                low[lane] += own[lane];
                high[lane] += other;
                low_squares[lane] += own[lane] * own[lane];
                high_squares[lane] += other * other;
            }
        }
        for lane in 0..L {
            gains[lane] =
                low_squares[lane] / low[lane] + high_squares[lane] / high[lane] - self.parent;
        }
        Sides { gains, left }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a broken test should fail")]

    use super::*;
    use crate::tree::histogram::Histogram;
    use crate::tree::options::Impurity;
    use crate::tree::splitting::{Candidate, Scan};
    use crate::tree::statistic::{ClassStatistic, Entry, PackedMean, Statistic};
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
        let (mut histogram, mut scan) = (Histogram::new(), Scan::new(S::LANES));
        let mut counted = None;
        for (feature, column) in columns.iter().enumerate() {
            histogram.fill::<S>(column, entries);
            let split = candidate.best_threshold(feature, histogram.view(), &mut scan);
            counted = counted.max(split.map(|split| (split.gain * 1e6) as i64));
            histogram.clear();
        }
        let mut columns_left = 0..columns.len();
        let small = statistic.small(entries, &total).unwrap();
        let compared = small.search::<SMALL_ROWS>(
            entries.len(),
            min_samples_leaf as f32,
            |_| columns_left.next().map(|feature| (feature, false)),
            |feature| &columns[feature],
            |index| entries[index].row as usize,
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
            let (statistic, entries) = ClassStatistic::<4>::new((&classes, 3), Impurity::Gini, Some(&factors), None, Some(&draws));
            let gains = both::<4, _>(&statistic, &entries, &columns, min_samples_leaf);
            prop_assert!(agree(gains), "classes: {gains:?}");
        }
    }
}
