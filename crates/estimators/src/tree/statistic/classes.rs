//! Rows or weights by class.

use super::{CANDIDATES, Draws, Entry, Packing, Row, Slot, Statistic, drawn, drawn_count};
use crate::tree::options::Impurity;
use crate::tree::small::{SMALL_CLASSES, SMALL_ROWS, Small};

/// Sums by class; `N` is the number of classes rounded up.
#[derive(Clone, Debug)]
pub(crate) struct ClassStatistic<const N: usize> {
    classes: usize,
    impurity: Impurity,
    packing: Packing,
    /// What one unit of a class's sum weighs.
    factors: [f64; N],
    /// Whether words are counts, so that small nodes need no second look at them.
    counted: bool,
}

impl<const N: usize> ClassStatistic<N> {
    /// The statistic and the rows to grow from. `class_weights`: the factor of each class; `weights`: of each row.
    pub(crate) fn new(
        (indices, classes): (&[u32], usize),
        impurity: Impurity,
        class_weights: Option<&[f64]>,
        weights: Option<&[f64]>,
        draws: Draws<'_>,
    ) -> (Self, Vec<Entry<i64>>) {
        let mut factors = [0.0; N];
        for (class, factor) in factors.iter_mut().enumerate().take(classes) {
            *factor = class_weights.map_or(1.0, |factors| factors[class]);
        }
        let rows = drawn(indices.len(), draws, weights);
        let entry = |row: u32, word: i64| Entry {
            row,
            lane: indices[row as usize],
            word,
        };
        let mut packing = Packing::COUNTS;
        let entries = match weights {
            None => rows.map(|(row, count)| entry(row, count)).collect(),
            Some(weights) => {
                packing = Packing::of(drawn_count(indices.len(), draws));
                let total: f64 = drawn(indices.len(), draws, Some(weights))
                    .map(|(row, count)| count as f64 * weights[row as usize])
                    .sum();
                let unit = packing.unit(total);
                factors.iter_mut().for_each(|factor| *factor *= unit);
                rows.map(|(row, count)| {
                    let sum = (count as f64 * weights[row as usize] / unit).round() as i64;
                    entry(row, packing.pack(sum, count))
                })
                .collect()
            }
        };
        let counted = weights.is_none();
        (
            Self {
                classes,
                impurity,
                packing,
                factors,
                counted,
            },
            entries,
        )
    }

    #[inline(always)]
    fn weights(&self, slot: &Slot<N>) -> [f64; N] {
        std::array::from_fn(|class| self.packing.sum(slot[class]) as f64 * self.factors[class])
    }
}

impl<const N: usize> Statistic<N> for ClassStatistic<N> {
    type Word = i64;

    const LANES: usize = N;

    #[inline(always)]
    fn lane(&self, slot: &Slot<N>, lane: usize) -> f64 {
        self.packing.sum(slot[lane]) as f64 * self.factors[lane]
    }

    #[inline(always)]
    fn scores(&self, left: &[Row], totals: &[f64], scores: &mut [f64]) {
        let count = scores.len().min(CANDIDATES);
        let (mut low, mut high) = ([0.0; CANDIDATES], [0.0; CANDIDATES]);
        for (own, &total) in left.iter().zip(totals) {
            for index in 0..count {
                low[index] += own[index];
                high[index] += total - own[index];
            }
        }
        match self.impurity {
            Impurity::Gini => {
                let (mut low_squares, mut high_squares) = ([0.0; CANDIDATES], [0.0; CANDIDATES]);
                for (own, &total) in left.iter().zip(totals) {
                    for index in 0..count {
                        let other = total - own[index];
                        low_squares[index] += own[index] * own[index];
                        high_squares[index] += other * other;
                    }
                }
                for index in 0..count {
                    scores[index] =
                        low_squares[index] / low[index] + high_squares[index] / high[index];
                }
            }
            Impurity::Entropy => {
                scores.fill(0.0);
                for (own, &total) in left.iter().zip(totals) {
                    for index in 0..count {
                        scores[index] += information(own[index], low[index])
                            + information(total - own[index], high[index]);
                    }
                }
            }
        }
    }

    #[inline(always)]
    fn add(slot: &mut Slot<N>, entry: &Entry<i64>) {
        // N is a power of two: the mask takes the bounds check away.
        slot[entry.lane as usize & (N - 1)] += entry.word;
    }

    #[inline(always)]
    fn count(&self, slot: &Slot<N>) -> i64 {
        slot.iter().map(|&word| self.packing.count(word)).sum()
    }

    #[inline(always)]
    fn weight(&self, slot: &Slot<N>) -> f64 {
        self.weights(slot).iter().sum()
    }

    #[inline(always)]
    fn score(&self, slot: &Slot<N>) -> f64 {
        let weights = self.weights(slot);
        let weight: f64 = weights.iter().sum();
        if weight <= 0.0 {
            return 0.0;
        }
        match self.impurity {
            Impurity::Gini => weights.iter().map(|own| own * own).sum::<f64>() / weight,
            Impurity::Entropy => weights.iter().map(|&own| information(own, weight)).sum(),
        }
    }

    fn is_pure(&self, _: &[Entry<i64>], slot: &Slot<N>) -> bool {
        slot.iter().filter(|&&word| word != 0).count() < 2
    }

    fn answer(&self, _: &[Entry<i64>], slot: &Slot<N>, out: &mut Vec<f64>) {
        let weights = self.weights(slot);
        let weight: f64 = weights.iter().sum();
        out.extend(weights[..self.classes.min(N)].iter().map(|own| {
            if weight > 0.0 {
                own / weight
            } else {
                1.0 / self.classes as f64
            }
        }));
    }

    #[inline(always)]
    fn order(&self, slot: &Slot<N>) -> Option<f64> {
        let weights = self.weights(slot);
        (N == 2).then(|| weights[N - 1] / weights.iter().sum::<f64>().max(f64::MIN_POSITIVE))
    }

    #[inline(always)]
    fn small(&self, entries: &[Entry<i64>], slot: &Slot<N>) -> Option<Small> {
        if N > SMALL_CLASSES || self.impurity != Impurity::Gini || !self.counted {
            return None;
        }
        let mut small = Small::new(N);
        for (index, entry) in entries.iter().enumerate().take(SMALL_ROWS) {
            let lane = entry.lane as usize & (N - 1);
            small.class[index] = lane as u8;
            small.counts[index] = entry.word as f32;
            small.values[index] = (entry.word as f64 * self.factors[lane]) as f32;
        }
        for (total, weight) in small.totals.iter_mut().zip(self.weights(slot)) {
            *total = weight as f32;
        }
        let weight = self.weight(slot);
        // Two pure parts: nothing can be better.
        small.perfect = (weight - self.score(slot)) as f32;
        small.parent = self.score(slot) as f32;
        Some(small)
    }
}

/// A class's part of the entropy of a whole, with its sign turned.
fn information(own: f64, whole: f64) -> f64 {
    if own > 0.0 {
        own * (own / whole).ln()
    } else {
        0.0
    }
}
