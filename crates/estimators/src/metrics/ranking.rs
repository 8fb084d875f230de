//! Rows in order of falling score, so that the areas under the ROC and the precision-recall curve take one pass, for
//! any number of times each row counts (Fawcett 2006, algorithm 3).

use rayon::prelude::*;

/// Rows sorted by falling score. Each entry packs the row (upper 30 bits), whether it is positive, and whether it is the
/// last of a run of equal scores: one array to stream through.
pub(crate) struct Ranking {
    entries: Vec<u32>,
}

/// Areas; `None` where there is no positive, or (ROC) no negative.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Areas {
    pub(crate) roc: Option<f64>,
    pub(crate) average_precision: Option<f64>,
}

const POSITIVE: u32 = 2;
const LAST: u32 = 1;

/// More rows cannot be packed.
pub(crate) const MAX_ROWS: usize = 1 << 30;

/// One candidate for the positive class.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scored {
    pub(crate) row: usize,
    pub(crate) score: f64,
    pub(crate) positive: bool,
}

/// One row of a ranking.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) row: usize,
    pub(crate) positive: bool,
    /// Whether the next row has a lower score.
    pub(crate) last: bool,
}

impl Ranking {
    /// Rows must be below [`MAX_ROWS`].
    pub(crate) fn new(scored: impl Iterator<Item = Scored>) -> Self {
        // Equal scores end up in row order, which makes the sort total and the result unique.
        let mut keyed = scored
            .map(|item| {
                let entry = (item.row as u32) << 2 | if item.positive { POSITIVE } else { 0 };
                (!rising_bits(item.score), entry)
            })
            .collect::<Vec<_>>();
        keyed.par_sort_unstable();
        let mut entries = Vec::with_capacity(keyed.len());
        for (position, &(key, entry)) in keyed.iter().enumerate() {
            let last = keyed.get(position + 1).is_none_or(|next| next.0 != key);
            entries.push(if last { entry | LAST } else { entry });
        }
        Self { entries }
    }

    /// The rows in order.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Entry> + '_ {
        self.entries.iter().map(|&entry| Entry {
            row: (entry >> 2) as usize,
            positive: entry & POSITIVE != 0,
            last: entry & LAST != 0,
        })
    }

    /// Both areas, each row counted as often as `count` says.
    pub(crate) fn areas(&self, count: impl Fn(usize) -> u32) -> Areas {
        let (mut found, mut false_alarms) = (0_u64, 0_u64);
        let (mut found_before, mut false_alarms_before) = (0_u64, 0_u64);
        let (mut area, mut precision) = (0.0, 0.0);
        for &entry in &self.entries {
            let times = u64::from(count((entry >> 2) as usize));
            if entry & POSITIVE != 0 {
                found += times;
            } else {
                false_alarms += times;
            }
            if entry & LAST != 0 {
                area += (false_alarms - false_alarms_before) as f64 * (found + found_before) as f64;
                if found > found_before {
                    precision += (found - found_before) as f64 * found as f64
                        / (found + false_alarms) as f64;
                }
                (found_before, false_alarms_before) = (found, false_alarms);
            }
        }
        Areas {
            roc: (found > 0 && false_alarms > 0)
                .then(|| area / (2.0 * found as f64 * false_alarms as f64)),
            average_precision: (found > 0).then(|| precision / found as f64),
        }
    }
}

/// Bits that order as the numbers do; both zeros are one number.
fn rising_bits(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 1 {
        !bits
    } else {
        bits | 1 << 63
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranking(scores: &[f64], positive: &[bool]) -> Ranking {
        Ranking::new(
            scores
                .iter()
                .zip(positive)
                .enumerate()
                .map(|(row, (&score, &positive))| Scored {
                    row,
                    score,
                    positive,
                }),
        )
    }

    #[test]
    fn areas_of_the_textbook_example() {
        // scikit-learn's own example: roc_auc_score 0.75, average_precision_score 0.8333…
        let ranking = ranking(&[0.1, 0.4, 0.35, 0.8], &[false, false, true, true]);
        let areas = ranking.areas(|_| 1);
        assert_eq!(areas.roc, Some(0.75));
        assert!((areas.average_precision.unwrap_or(0.0) - 5.0 / 6.0).abs() < 1e-15);
    }

    #[test]
    fn equal_scores_are_a_draw() {
        let ranking = ranking(
            &[0.5, 0.5, 0.5, -0.0, 0.0],
            &[true, false, true, true, false],
        );
        let areas = ranking.areas(|_| 1);
        // Pairs: 2×1 draws above, 2 wins, 1 loss, 1 draw below → (1 + 2 + 0.5) / 6.
        assert_eq!(areas.roc, Some(3.5 / 6.0));
    }

    #[test]
    fn counting_twice_is_having_the_row_twice() {
        let once = ranking(&[0.9, 0.8, 0.8, 0.1], &[true, false, true, false]);
        let twice = ranking(
            &[0.9, 0.8, 0.8, 0.1, 0.8, 0.8],
            &[true, false, true, false, false, false],
        );
        assert_eq!(
            once.areas(|row| if row == 1 { 3 } else { 1 }),
            twice.areas(|_| 1)
        );
    }

    #[test]
    fn one_class_has_no_area() {
        let areas = ranking(&[0.1, 0.2], &[true, true]).areas(|_| 1);
        assert_eq!(areas.roc, None);
        assert_eq!(areas.average_precision, Some(1.0));
        assert_eq!(
            ranking(&[0.1], &[false]).areas(|_| 1).average_precision,
            None
        );
    }
}
