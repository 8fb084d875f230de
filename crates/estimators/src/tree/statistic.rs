//! What a node counts, and how good a division of it is.
//!
//! A slot is the sum over some rows; slots add and subtract. `score` is the part of the weighted impurity that a split can
//! change, with its sign turned: gain = score(left) + score(right) − score(parent) = weight × impurity decrease.

use std::ops::{Add, Sub};

/// Sums over rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Slot<const N: usize> {
    pub(crate) sums: [f64; N],
    /// Rows, whatever they weigh.
    pub(crate) count: u32,
}

impl<const N: usize> Slot<N> {
    pub(crate) const EMPTY: Self = Self {
        sums: [0.0; N],
        count: 0,
    };
}

impl<const N: usize> Add for Slot<N> {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self.sums
            .iter_mut()
            .zip(other.sums)
            .for_each(|(sum, value)| *sum += value);
        self.count += other.count;
        self
    }
}

impl<const N: usize> Sub for Slot<N> {
    type Output = Self;

    fn sub(mut self, other: Self) -> Self {
        self.sums
            .iter_mut()
            .zip(other.sums)
            .for_each(|(sum, value)| *sum -= value);
        self.count -= other.count;
        self
    }
}

/// What is counted and how it is judged; `N` sums a slot.
pub(crate) trait Statistic<const N: usize>: Sync {
    /// The target of one row.
    type Value: Copy + Send + Sync + PartialEq;

    /// Counts a row.
    fn add(slot: &mut Slot<N>, value: Self::Value, weight: f64);

    /// Higher is purer; additive over the parts of a division.
    fn score(&self, slot: &Slot<N>) -> f64;

    /// Sum of weights.
    fn weight(slot: &Slot<N>) -> f64;

    /// What a leaf answers.
    fn answer(&self, slot: &Slot<N>) -> Vec<f64>;

    /// A number by which categories are put in order (mean, share of the second class), where there is one.
    fn order(slot: &Slot<N>) -> Option<f64>;
}

/// How impure a mixture of classes is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Impurity {
    /// 1 − Σ p².
    Gini,
    /// −Σ p ln p.
    Entropy,
}

/// Class weights; `N` is the number of classes rounded up to a power of two.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClassStatistic<const N: usize> {
    pub(crate) classes: usize,
    pub(crate) impurity: Impurity,
}

impl<const N: usize> Statistic<N> for ClassStatistic<N> {
    type Value = u16;

    fn add(slot: &mut Slot<N>, value: u16, weight: f64) {
        // N is a power of two: the mask takes the bounds check away.
        slot.sums[value as usize & (N - 1)] += weight;
        slot.count += 1;
    }

    fn score(&self, slot: &Slot<N>) -> f64 {
        let weight: f64 = slot.sums.iter().sum();
        if weight <= 0.0 {
            return 0.0;
        }
        match self.impurity {
            Impurity::Gini => slot.sums.iter().map(|sum| sum * sum).sum::<f64>() / weight,
            Impurity::Entropy => slot
                .sums
                .iter()
                .filter(|sum| **sum > 0.0)
                .map(|sum| sum * (sum / weight).ln())
                .sum(),
        }
    }

    fn weight(slot: &Slot<N>) -> f64 {
        slot.sums.iter().sum()
    }

    fn answer(&self, slot: &Slot<N>) -> Vec<f64> {
        let weight: f64 = slot.sums.iter().sum();
        slot.sums[..self.classes.min(N)]
            .iter()
            .map(|sum| {
                if weight > 0.0 {
                    sum / weight
                } else {
                    1.0 / self.classes as f64
                }
            })
            .collect()
    }

    fn order(slot: &Slot<N>) -> Option<f64> {
        (N == 2).then(|| slot.sums[N - 1] / Self::weight(slot).max(f64::MIN_POSITIVE))
    }
}

/// Weight and weighted sum of numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MeanStatistic;

impl Statistic<2> for MeanStatistic {
    type Value = f64;

    fn add(slot: &mut Slot<2>, value: f64, weight: f64) {
        slot.sums[0] += weight;
        slot.sums[1] += weight * value;
        slot.count += 1;
    }

    fn score(&self, slot: &Slot<2>) -> f64 {
        if slot.sums[0] > 0.0 {
            slot.sums[1] * slot.sums[1] / slot.sums[0]
        } else {
            0.0
        }
    }

    fn weight(slot: &Slot<2>) -> f64 {
        slot.sums[0]
    }

    fn answer(&self, slot: &Slot<2>) -> Vec<f64> {
        vec![if slot.sums[0] > 0.0 {
            slot.sums[1] / slot.sums[0]
        } else {
            0.0
        }]
    }

    fn order(slot: &Slot<2>) -> Option<f64> {
        Some(slot.sums[1] / slot.sums[0].max(f64::MIN_POSITIVE))
    }
}
