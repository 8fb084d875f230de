//! From decisions to probabilities: a sigmoid for each pair of classes (Platt, 2000; fitted as Lin, Lin & Weng, 2007,
//! recommend), and the probabilities of many classes that fit all pairs best (Wu, Lin & Weng, 2004).

use crate::linear::fitted::sigmoid;

/// Newton steps of the sigmoid at most.
const STEPS: usize = 100;
/// Probabilities of a pair stay this far from 0 and 1.
const LEAST: f64 = 1e-7;
/// Sweeps of the coupling at most, unless there are more classes.
const SWEEPS: usize = 100;

/// P(first class | decision) = 1 / (1 + e^(slope·decision + offset)).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sigmoid {
    pub(crate) slope: f64,
    pub(crate) offset: f64,
}

impl Sigmoid {
    /// The sigmoid of highest likelihood for decisions on samples that were not learned from; `first` says which belong
    /// to the first class and `weights` what each counts (1 on average). Targets are drawn in by the counts, as Platt has
    /// it, so that separable classes stay finite.
    pub(crate) fn fit(decisions: &[f64], first: &[bool], weights: &[f64]) -> Self {
        let of = |side: bool| -> f64 {
            let own = first
                .iter()
                .zip(weights)
                .filter(|(first, _)| **first == side);
            own.map(|(_, weight)| weight).sum()
        };
        let (count, other) = (of(true), of(false));
        let (high, low) = ((count + 1.0) / (count + 2.0), 1.0 / (other + 2.0));
        let target = |first: bool| if first { high } else { low };
        let mut now = Self {
            slope: 0.0,
            offset: ((other + 1.0) / (count + 1.0)).ln(),
        };
        let loss = |at: Self| -> f64 {
            let terms = decisions.iter().zip(first).zip(weights);
            let terms = terms.map(|((&decision, &first), weight)| {
                let power = at.slope * decision + at.offset;
                // −t·ln p − (1 − t)·ln(1 − p), of the side that does not overflow
                let own = if power >= 0.0 {
                    target(first) * power + (-power).exp().ln_1p()
                } else {
                    (target(first) - 1.0) * power + power.exp().ln_1p()
                };
                weight * own
            });
            terms.sum()
        };
        let mut value = loss(now);
        for _ in 0..STEPS {
            // A trace on the diagonal keeps equal decisions solvable.
            let (mut h11, mut h22, mut h21) = (1e-12, 1e-12, 0.0);
            let (mut g1, mut g2) = (0.0, 0.0);
            for ((&decision, &first), weight) in decisions.iter().zip(first).zip(weights) {
                let share = now.probability(decision);
                let curvature = weight * share * (1.0 - share);
                let slope = weight * (target(first) - share);
                h11 += decision * decision * curvature;
                h22 += curvature;
                h21 += decision * curvature;
                g1 += decision * slope;
                g2 += slope;
            }
            if g1.abs() < 1e-5 && g2.abs() < 1e-5 {
                break;
            }
            let determinant = h11 * h22 - h21 * h21;
            let (d1, d2) = (
                -(h22 * g1 - h21 * g2) / determinant,
                -(h11 * g2 - h21 * g1) / determinant,
            );
            let descent = g1 * d1 + g2 * d2;
            let mut step = 1.0;
            loop {
                let trial = Self {
                    slope: now.slope + step * d1,
                    offset: now.offset + step * d2,
                };
                let reached = loss(trial);
                if reached < value + 1e-4 * step * descent {
                    (now, value) = (trial, reached);
                    break;
                }
                step /= 2.0;
                if step < 1e-10 {
                    return now;
                }
            }
        }
        now
    }

    /// Probability of the pair's first class.
    pub(crate) fn probability(self, decision: f64) -> f64 {
        sigmoid(-(self.slope * decision + self.offset))
    }
}

/// Probability of a pair, kept away from certainty.
pub(crate) fn bounded(probability: f64) -> f64 {
    probability.clamp(LEAST, 1.0 - LEAST)
}

/// Couples the probabilities of pairs: `pairs[a · classes + b]` is P(a | a or b), and the result p minimises
/// Σ (P(b | a or b)·p_a − P(a | a or b)·p_b)² among shares that sum to 1 (the second method of Wu, Lin & Weng, by their
/// sweeps over single classes).
pub(crate) fn couple(pairs: &[f64], classes: usize, shares: &mut [f64]) {
    let mut matrix = vec![0.0; classes * classes];
    for a in 0..classes {
        for b in (0..classes).filter(|&b| b != a) {
            let (own, other) = (pairs[a * classes + b], pairs[b * classes + a]);
            matrix[a * classes + a] += other * other;
            matrix[a * classes + b] = -other * own;
        }
    }
    shares.fill(1.0 / classes as f64);
    let enough = 1e-5 / classes as f64;
    let mut slopes = vec![0.0; classes];
    for _ in 0..SWEEPS.max(classes) {
        // Anew in every sweep, so that rounding does not add up.
        let mut value = 0.0;
        for (a, slope) in slopes.iter_mut().enumerate() {
            let row = &matrix[a * classes..(a + 1) * classes];
            *slope = row
                .iter()
                .zip(shares.iter())
                .map(|(factor, share)| factor * share)
                .sum();
            value += *slope * shares[a];
        }
        if slopes.iter().all(|slope| (slope - value).abs() < enough) {
            break;
        }
        for a in 0..classes {
            let own = matrix[a * classes + a];
            let change = (value - slopes[a]) / own;
            let total = 1.0 + change;
            shares[a] += change;
            value = (value + change * (change * own + 2.0 * slopes[a])) / (total * total);
            for b in 0..classes {
                slopes[b] = (slopes[b] + change * matrix[a * classes + b]) / total;
                shares[b] /= total;
            }
        }
    }
    let sum: f64 = shares.iter().sum();
    shares.iter_mut().for_each(|share| *share /= sum);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pairs_of(draws: &[f64], classes: usize) -> Vec<f64> {
        let mut pairs = vec![0.0; classes * classes];
        let mut draws = draws.iter();
        for a in 0..classes {
            for b in a + 1..classes {
                let share = bounded(*draws.next().unwrap_or(&0.5));
                pairs[a * classes + b] = share;
                pairs[b * classes + a] = 1.0 - share;
            }
        }
        pairs
    }

    proptest! {
        #[test]
        fn coupled_shares_are_the_optimum(classes in 2_usize..9, draws in prop::collection::vec(0.0_f64..1.0, 36)) {
            let pairs = pairs_of(&draws, classes);
            let mut shares = vec![0.0; classes];
            couple(&pairs, classes, &mut shares);
            prop_assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            prop_assert!(shares.iter().all(|&share| (0.0..=1.0).contains(&share)));
            let loss = |shares: &[f64]| -> f64 {
                let mut sum = 0.0;
                for a in 0..classes {
                    for b in 0..classes {
                        if a != b {
                            sum += (pairs[b * classes + a] * shares[a] - pairs[a * classes + b] * shares[b]).powi(2);
                        }
                    }
                }
                sum
            };
            let best = loss(&shares);
            for a in 0..classes {
                for b in 0..classes {
                    let mut moved = shares.clone();
                    let by = moved[a].min(0.01);
                    moved[a] -= by;
                    moved[b] += by;
                    prop_assert!(loss(&moved) >= best - 1e-5, "{best} is not the least: {}", loss(&moved));
                }
            }
        }

        #[test]
        fn two_classes_keep_their_share(share in 0.0_f64..1.0) {
            let mut shares = [0.0; 2];
            couple(&pairs_of(&[share], 2), 2, &mut shares);
            prop_assert!((shares[0] - bounded(share)).abs() < 1e-4);
        }

        #[test]
        fn the_sigmoid_has_no_slope_left(values in prop::collection::vec((-3.0_f64..3.0, any::<bool>()), 10..80)) {
            let decisions: Vec<f64> = values.iter().map(|value| value.0).collect();
            let first: Vec<bool> = values.iter().map(|value| value.1).collect();
            let found = Sigmoid::fit(&decisions, &first, &vec![1.0; first.len()]);
            let count = first.iter().filter(|first| **first).count() as f64;
            let other = first.len() as f64 - count;
            let (mut g1, mut g2) = (0.0, 0.0);
            for (decision, first) in decisions.iter().zip(&first) {
                let target = if *first { (count + 1.0) / (count + 2.0) } else { 1.0 / (other + 2.0) };
                let slope = target - 1.0 / (1.0 + (found.slope * decision + found.offset).exp());
                g1 += slope * decision;
                g2 += slope;
            }
            prop_assert!(g1.abs() < 1e-4 && g2.abs() < 1e-4, "{found:?}: {g1} {g2}");
        }
    }
}
