//! What is minimised: slopes and curvatures of each row's loss by its raw score, the score to start from, and the answers of
//! leaves where a Newton step is not the best one.

use crate::kernels::exponential::exp;
use crate::kernels::simd::wide;
use rayon::prelude::*;

/// Rows of a chunk; sums of chunks are added in order.
const CHUNK: usize = 1 << 13;
/// Share of residuals that Huber's loss treats as ordinary.
const HUBER_SHARE: f64 = 0.9;
/// Least curvature of a row, so that certain rows still count.
const LEAST_CURVATURE: f32 = 1e-16;

/// A loss.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Loss {
    /// Half of the squared distance.
    Squared,
    /// Distance.
    Absolute,
    /// Squared near, absolute far (Huber, 1964).
    Huber,
    /// Pinball loss of this quantile.
    Quantile(f64),
    /// Of counts, with a logarithmic link.
    Poisson,
    /// Of two classes.
    Logistic,
    /// Of this many classes.
    Softmax(usize),
}

/// The target, a row each.
#[derive(Clone, Copy)]
pub(crate) enum Aim<'a> {
    Values(&'a [f64]),
    Classes(&'a [u32]),
}

/// What the loss is measured on.
#[derive(Clone, Copy)]
pub(crate) struct Problem<'a> {
    pub(crate) loss: Loss,
    pub(crate) aim: Aim<'a>,
    /// `None`: 1 each.
    pub(crate) weights: Option<&'a [f64]>,
}

impl Loss {
    /// Raw scores of a row.
    pub(crate) fn outputs(self) -> usize {
        match self {
            Self::Softmax(classes) => classes,
            _ => 1,
        }
    }

    fn is_flat(self) -> bool {
        !matches!(self, Self::Poisson | Self::Logistic | Self::Softmax(_))
    }
}

impl Problem<'_> {
    fn value(&self, row: usize) -> f64 {
        match self.aim {
            Aim::Values(values) => values[row],
            Aim::Classes(classes) => f64::from(classes[row]),
        }
    }

    fn weight(&self, row: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[row])
    }

    /// The rows that weigh something, rising.
    pub(crate) fn weighty(&self, rows: usize) -> Vec<u32> {
        (0..rows as u32)
            .filter(|&row| self.weight(row as usize) > 0.0)
            .collect()
    }

    /// Whether all rows have the same curvature.
    pub(crate) fn has_equal_curvatures(&self) -> bool {
        self.loss.is_flat() && self.weights.is_none()
    }

    /// The best constant raw scores for some rows.
    pub(crate) fn baseline(&self, rows: &[u32]) -> Vec<f64> {
        let total: f64 = rows.iter().map(|&row| self.weight(row as usize)).sum();
        let mean = |value: &dyn Fn(usize) -> f64| {
            let sum: f64 = rows
                .iter()
                .map(|&row| self.weight(row as usize) * value(row as usize))
                .sum();
            sum / total.max(f64::MIN_POSITIVE)
        };
        match self.loss {
            Loss::Squared => vec![mean(&|row| self.value(row))],
            Loss::Absolute | Loss::Huber => vec![self.quantile(rows, 0.5, |row| self.value(row))],
            Loss::Quantile(share) => vec![self.quantile(rows, share, |row| self.value(row))],
            Loss::Poisson => vec![mean(&|row| self.value(row)).max(1e-12).ln()],
            Loss::Logistic => {
                let share = mean(&|row| self.value(row)).clamp(1e-12, 1.0 - 1e-12);
                vec![(share / (1.0 - share)).ln()]
            }
            Loss::Softmax(classes) => (0..classes)
                .map(|class| {
                    let own = |row: usize| f64::from(u8::from(self.value(row) == class as f64));
                    mean(&own).max(1e-12).ln()
                })
                .collect(),
        }
    }

    /// Slopes and curvatures of one output by its raw scores. `raw`: outputs one after the other, rows each; `shares`: the
    /// probabilities of many classes, likewise.
    pub(crate) fn slopes(
        &self,
        output: usize,
        raw: &[f64],
        shares: &[f32],
        slopes: &mut [f32],
        curvatures: &mut [f32],
    ) {
        let rows = slopes.len();
        let raw = &raw[output * rows..(output + 1) * rows];
        let width = self.huber_width(raw);
        slopes
            .par_chunks_mut(CHUNK)
            .zip(curvatures.par_chunks_mut(CHUNK))
            .enumerate()
            .for_each(|(chunk, (slopes, curvatures))| {
                let first = chunk * CHUNK;
                let last = first + slopes.len();
                let raw = &raw[first..last];
                match self.aim {
                    Aim::Values(values) => {
                        let values = &values[first..last];
                        self.slopes_of_values(raw, values, width, slopes, curvatures);
                    }
                    Aim::Classes(classes) => {
                        let classes = &classes[first..last];
                        if let Loss::Softmax(_) = self.loss {
                            let shares = &shares[output * rows + first..output * rows + last];
                            slopes_of_shares(output, shares, classes, slopes, curvatures);
                        } else {
                            slopes_of_two_classes(raw, classes, slopes, curvatures);
                        }
                    }
                }
                curvatures
                    .iter_mut()
                    .for_each(|own| *own = own.max(LEAST_CURVATURE));
                if let Some(weights) = self.weights {
                    let each = slopes.iter_mut().zip(curvatures).zip(&weights[first..last]);
                    for ((slope, curvature), &weight) in each {
                        *slope *= weight as f32;
                        *curvature *= weight as f32;
                    }
                }
            });
    }

    fn slopes_of_values(
        &self,
        raw: &[f64],
        values: &[f64],
        width: f64,
        slopes: &mut [f32],
        curvatures: &mut [f32],
    ) {
        curvatures.fill(1.0);
        let each = slopes.iter_mut().zip(raw.iter().zip(values));
        match self.loss {
            Loss::Absolute => each.for_each(|(slope, (raw, value))| *slope = sign(raw - value)),
            Loss::Huber => each.for_each(|(slope, (raw, value))| {
                *slope = (raw - value).clamp(-width, width) as f32;
            }),
            Loss::Quantile(share) => each.for_each(|(slope, (raw, value))| {
                *slope = if raw >= value { 1.0 - share } else { -share } as f32;
            }),
            Loss::Poisson => {
                for ((slope, (raw, value)), curvature) in each.zip(curvatures) {
                    let mean = raw.min(700.0).exp();
                    *slope = (mean - value) as f32;
                    *curvature = mean as f32;
                }
            }
            _ => wide(
                #[inline(always)]
                || each.for_each(|(slope, (raw, value))| *slope = (raw - value) as f32),
            ),
        }
    }

    fn huber_width(&self, raw: &[f64]) -> f64 {
        if self.loss != Loss::Huber {
            return 0.0;
        }
        let rows: Vec<u32> = (0..raw.len() as u32).collect();
        self.quantile(&rows, HUBER_SHARE, |row| (self.value(row) - raw[row]).abs())
    }

    /// Probabilities of many classes, outputs one after the other; nothing for other losses.
    pub(crate) fn shares(&self, raw: &[f64], rows: usize, shares: &mut Vec<f32>) {
        let Loss::Softmax(classes) = self.loss else {
            return;
        };
        shares.resize(classes * rows, 0.0);
        let mut largest = vec![f64::NEG_INFINITY; rows];
        for own in raw.chunks_exact(rows) {
            largest
                .iter_mut()
                .zip(own)
                .for_each(|(most, &value)| *most = most.max(value));
        }
        let mut sums = vec![0.0_f32; rows];
        for (shares, raw) in shares.chunks_exact_mut(rows).zip(raw.chunks_exact(rows)) {
            for (((share, raw), most), sum) in
                shares.iter_mut().zip(raw).zip(&largest).zip(&mut sums)
            {
                *share = ((raw - most) as f32).exp();
                *sum += *share;
            }
        }
        for shares in shares.chunks_exact_mut(rows) {
            shares
                .iter_mut()
                .zip(&sums)
                .for_each(|(share, sum)| *share /= sum);
        }
    }

    /// A leaf's answer where the Newton step is not the best: the median, quantile or robust mean of what is left.
    pub(crate) fn refit(&self, rows: &[u32], raw: &[f64], width: f64) -> Option<f64> {
        let rest = |row: usize| self.value(row) - raw[row];
        match self.loss {
            Loss::Absolute => Some(self.quantile(rows, 0.5, rest)),
            Loss::Quantile(share) => Some(self.quantile(rows, share, rest)),
            Loss::Huber => {
                let median = self.quantile(rows, 0.5, rest);
                let (mut sum, mut total) = (0.0, 0.0);
                for &row in rows {
                    let weight = self.weight(row as usize);
                    sum += weight * (rest(row as usize) - median).clamp(-width, width);
                    total += weight;
                }
                Some(median + sum / f64::max(total, f64::MIN_POSITIVE))
            }
            _ => None,
        }
    }

    /// The width of Huber's loss for these raw scores (0 for other losses).
    pub(crate) fn width(&self, raw: &[f64]) -> f64 {
        self.huber_width(raw)
    }

    /// Mean loss of some rows.
    pub(crate) fn mean(&self, rows: &[u32], raw: &[f64], all: usize) -> f64 {
        let (mut sum, mut total) = (0.0, 0.0);
        let width = self.huber_width(&raw[..all]);
        for &row in rows {
            let row = row as usize;
            let (own, value) = (raw[row], self.value(row));
            let distance = value - own;
            let loss = match self.loss {
                Loss::Squared => 0.5 * distance * distance,
                Loss::Absolute => distance.abs(),
                Loss::Huber if distance.abs() <= width => 0.5 * distance * distance,
                Loss::Huber => width * (distance.abs() - 0.5 * width),
                Loss::Quantile(share) if distance >= 0.0 => share * distance,
                Loss::Quantile(share) => (share - 1.0) * distance,
                Loss::Poisson => own.min(700.0).exp() - value * own,
                Loss::Logistic => {
                    let signed = if value > 0.5 { own } else { -own };
                    (-signed).max(0.0) + (-signed.abs()).exp().ln_1p()
                }
                Loss::Softmax(classes) => {
                    let scores = (0..classes).map(|class| raw[class * all + row]);
                    let most = scores.clone().fold(f64::NEG_INFINITY, f64::max);
                    let sum: f64 = scores.map(|score| (score - most).exp()).sum();
                    most + sum.ln() - raw[value as usize * all + row]
                }
            };
            let weight = self.weight(row);
            sum += weight * loss;
            total += weight;
        }
        sum / f64::max(total, f64::MIN_POSITIVE)
    }

    /// Weighted quantile: the middle of the gap where the share falls between two rows.
    fn quantile(&self, rows: &[u32], share: f64, value: impl Fn(usize) -> f64) -> f64 {
        let mut pairs: Vec<(f64, f64)> = rows
            .iter()
            .map(|&row| (value(row as usize), self.weight(row as usize)))
            .collect();
        pairs.sort_unstable_by(|left, right| left.0.total_cmp(&right.0));
        let goal = share * pairs.iter().map(|pair| pair.1).sum::<f64>();
        let mut below = 0.0;
        for (index, &(value, weight)) in pairs.iter().enumerate() {
            below += weight;
            if below > goal {
                return value;
            }
            if below == goal {
                let next = pairs.get(index + 1).map_or(value, |next| next.0);
                return f64::midpoint(value, next);
            }
        }
        pairs.last().map_or(0.0, |pair| pair.0)
    }
}

fn slopes_of_two_classes(raw: &[f64], classes: &[u32], slopes: &mut [f32], curvatures: &mut [f32]) {
    let each = slopes
        .iter_mut()
        .zip(curvatures)
        .zip(raw.iter().zip(classes));
    wide(
        #[inline(always)]
        || {
            each.for_each(|((slope, curvature), (&raw, &class))| {
                let share = 1.0 / (1.0 + exp(-raw as f32));
                *slope = share - class as i32 as f32;
                *curvature = share * (1.0 - share);
            });
        },
    );
}

fn slopes_of_shares(
    output: usize,
    shares: &[f32],
    classes: &[u32],
    slopes: &mut [f32],
    curvatures: &mut [f32],
) {
    let each = slopes
        .iter_mut()
        .zip(curvatures)
        .zip(shares.iter().zip(classes));
    wide(
        #[inline(always)]
        || {
            each.for_each(|((slope, curvature), (&share, &class))| {
                *slope = share - f32::from(u8::from(class as usize == output));
                *curvature = share * (1.0 - share);
            });
        },
    );
}

fn sign(value: f64) -> f32 {
    if value > 0.0 {
        1.0
    } else if value < 0.0 {
        -1.0
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_are_what_the_loss_changes_by() {
        let values = [2.0, 0.5, 4.0, 1.0];
        let classes = [0_u32, 2, 1, 0];
        let all: Vec<u32> = (0..4).collect();
        let weights = [1.0, 2.0, 0.5, 1.5];
        let losses = [
            Loss::Squared,
            Loss::Absolute,
            Loss::Quantile(0.3),
            Loss::Poisson,
            Loss::Logistic,
            Loss::Softmax(3),
        ];
        for loss in losses {
            let aim = match loss {
                Loss::Softmax(_) => Aim::Classes(&classes),
                Loss::Logistic => Aim::Classes(&[0, 1, 1, 0]),
                _ => Aim::Values(&values),
            };
            let problem = Problem {
                loss,
                aim,
                weights: Some(&weights),
            };
            let raw: Vec<f64> = (0..4 * loss.outputs())
                .map(|index| (index as f64 * 0.37).sin())
                .collect();
            let mut shares = Vec::new();
            problem.shares(&raw, 4, &mut shares);
            for output in 0..loss.outputs() {
                let (mut slopes, mut curvatures) = ([0.0; 4], [0.0; 4]);
                problem.slopes(output, &raw, &shares, &mut slopes, &mut curvatures);
                for row in 0..4 {
                    let moved = |step: f64| {
                        let mut raw = raw.clone();
                        raw[output * 4 + row] += step;
                        problem.mean(&all, &raw, 4) * weights.iter().sum::<f64>()
                    };
                    let numeric = (moved(1e-4) - moved(-1e-4)) / 2e-4;
                    assert!(
                        (numeric - f64::from(slopes[row])).abs() < 1e-3,
                        "{loss:?} output {output} row {row}: {numeric} {}",
                        slopes[row]
                    );
                }
            }
        }
    }

    #[test]
    fn quantiles_heed_weights() {
        let values = [1.0, 2.0, 3.0, 4.0];
        let weights = [1.0, 1.0, 1.0, 3.0];
        let problem = |weights| Problem {
            loss: Loss::Absolute,
            aim: Aim::Values(&values),
            weights,
        };
        let all = [0, 1, 2, 3];
        assert_eq!(problem(None).baseline(&all), vec![2.5]);
        assert_eq!(problem(Some(&weights[..])).baseline(&all), vec![3.5]);
    }
}
