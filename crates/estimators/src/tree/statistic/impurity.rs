//! How pure a node is, from the weights of its classes.

use super::{CANDIDATES, Row};
use crate::tree::options::Impurity;

impl Impurity {
    /// The part of the weighted impurity that a division can change, with its sign turned. `weights`: of each class.
    #[inline(always)]
    pub(super) fn score(self, weights: impl Iterator<Item = f64> + Clone) -> f64 {
        let weight: f64 = weights.clone().sum();
        if weight <= 0.0 {
            return 0.0;
        }
        match self {
            Self::Gini => weights.map(|own| own * own).sum::<f64>() / weight,
            Self::Entropy => weights.map(|own| information(own, weight)).sum(),
        }
    }

    /// Scores of both sides of many divisions: `left` has a row of weights for each class.
    #[inline(always)]
    pub(super) fn scores(self, left: &[Row], totals: &[f64], scores: &mut [f64]) {
        let count = scores.len().min(CANDIDATES);
        let (mut low, mut high) = ([0.0; CANDIDATES], [0.0; CANDIDATES]);
        for (own, &total) in left.iter().zip(totals) {
            for index in 0..count {
                low[index] += own[index];
                high[index] += total - own[index];
            }
        }
        match self {
            Self::Gini => {
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
            Self::Entropy => {
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
}

/// A class's part of the entropy of a whole, with its sign turned.
fn information(own: f64, whole: f64) -> f64 {
    if own > 0.0 {
        own * (own / whole).ln()
    } else {
        0.0
    }
}

/// Shares of a whole; even ones where nothing weighs anything.
pub(super) fn shares(weights: impl Iterator<Item = f64> + Clone, out: &mut Vec<f64>) {
    let whole: f64 = weights.clone().sum();
    let classes = weights.clone().count();
    out.extend(weights.map(|own| {
        if whole > 0.0 {
            own / whole
        } else {
            1.0 / classes as f64
        }
    }));
}
