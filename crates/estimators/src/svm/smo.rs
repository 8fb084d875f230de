//! Sequential minimal optimization: the dual of a support vector machine, two samples at a time.
//!
//! Minimise ½ βᵀKβ + sᵀβ + ε·Σ|β| where Σβ = 0 and each β lies within its bounds. For classes β is the signed
//! multiplier, s = −y and ε = 0; for numbers (ε-insensitive regression) β is the difference of the two multipliers and
//! s = −z. The first sample is the one that violates most, the second the one that gains most to second order (Fan, Chen
//! & Lin, 2005). Samples that are stuck at a bound are set aside (Joachims, 1999); at the end the gradient of all samples
//! is computed anew in double precision and the solution is judged by it, so that neither setting aside nor single
//! precision on the way can spoil it.

use super::matrix::add_scaled;
use super::matrix::add_weighted;
use super::rows::{BATCH, Rows, Source};
use crate::kernels::working_set::{First, LEAST_CURVATURE, Number, choose_second, move_gradient};
use crate::{FitContext, FitError};

/// Steps between looking for samples to set aside.
const SHRINK_EVERY: usize = 1000;
/// Fewer samples than this are never set aside: it would cost more than it saves.
const SHRINK_FROM: usize = 2000;
/// Set aside only when at most this share stays.
const SHRINK_TO: f64 = 0.8;
/// Work (samples · steps) between two looks at the clock.
const PATIENCE: usize = 1 << 24;
/// Times that single precision may miss before double precision takes over.
const SINGLE_ATTEMPTS: usize = 2;

/// One problem. All lists have one entry a sample.
pub(crate) struct Problem {
    /// Numbers of the samples in the source of rows.
    pub(crate) samples: Vec<u32>,
    /// The gradient where β is 0.
    pub(crate) start: Vec<f64>,
    pub(crate) lower: Vec<f64>,
    pub(crate) upper: Vec<f64>,
    /// Kernel of each sample with itself.
    pub(crate) diagonal: Vec<f32>,
    /// Half the width of the tube.
    pub(crate) epsilon: f64,
}

/// When to stop and what to use.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) tolerance: f64,
    /// `None`: as many steps as LIBSVM makes at most.
    pub(crate) most: Option<usize>,
    pub(crate) cache_bytes: usize,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Solution {
    pub(crate) beta: Vec<f64>,
    /// The constant of the decision function.
    pub(crate) bias: f64,
    pub(crate) steps: usize,
    /// Largest violation of the optimality conditions that is left.
    pub(crate) violation: f64,
}

impl Problem {
    fn size(&self) -> usize {
        self.start.len()
    }

    /// What is added to the gradient of a sample that moves up; infinite when it may not.
    fn up(&self, index: usize, beta: f64) -> f64 {
        if beta >= self.upper[index] {
            f64::INFINITY
        } else if beta >= 0.0 {
            self.epsilon
        } else {
            -self.epsilon
        }
    }

    /// What is added to the gradient of a sample that moves down; infinite when it may not.
    fn down(&self, index: usize, beta: f64) -> f64 {
        if beta <= self.lower[index] {
            f64::NEG_INFINITY
        } else if beta > 0.0 {
            self.epsilon
        } else {
            -self.epsilon
        }
    }

    /// How far a sample may move up before its slope changes.
    fn room_up(&self, index: usize, beta: f64) -> f64 {
        if self.epsilon > 0.0 && beta < 0.0 {
            -beta
        } else {
            self.upper[index] - beta
        }
    }

    fn room_down(&self, index: usize, beta: f64) -> f64 {
        if self.epsilon > 0.0 && beta > 0.0 {
            beta
        } else {
            beta - self.lower[index]
        }
    }

    /// Least gradient of what may move up, and largest of what may move down.
    fn ends(&self, beta: &[f64], gradient: &[f64]) -> (f64, f64) {
        let mut ends = (f64::INFINITY, f64::NEG_INFINITY);
        for (index, (&beta, &gradient)) in beta.iter().zip(gradient).enumerate() {
            ends.0 = ends.0.min(gradient + self.up(index, beta));
            ends.1 = ends.1.max(gradient + self.down(index, beta));
        }
        ends
    }

    /// The constant: minus the mean gradient of free samples, or else the middle of what is possible.
    fn bias(&self, beta: &[f64], gradient: &[f64]) -> f64 {
        let (mut sum, mut free) = (0.0, 0_usize);
        for (index, (&beta, &gradient)) in beta.iter().zip(gradient).enumerate() {
            let (up, down) = (self.up(index, beta), self.down(index, beta));
            if up == down {
                sum += gradient + up;
                free += 1;
            }
        }
        if free > 0 {
            return -sum / free as f64;
        }
        match self.ends(beta, gradient) {
            (least, largest) if least.is_finite() && largest.is_finite() => {
                -(least + largest) / 2.0
            }
            (least, _) if least.is_finite() => -least,
            (_, largest) if largest.is_finite() => -largest,
            _ => 0.0,
        }
    }

    /// Whether single precision has the digits: the largest number a gradient may meet against the tolerance.
    fn fits_single(&self, tolerance: f64) -> bool {
        let starts = self
            .start
            .iter()
            .fold(0.0, |most: f64, value| most.max(value.abs()));
        let bounds = self.upper.iter().zip(&self.lower).zip(&self.diagonal);
        let pull = bounds.fold(0.0, |most: f64, ((upper, lower), diagonal)| {
            most.max(upper.max(-lower) * f64::from(*diagonal).abs())
        });
        starts + self.epsilon + pull <= tolerance * 1e5
    }

    /// The gradient at β, computed anew.
    fn gradient(&self, source: Source<'_>, beta: &[f64]) -> Vec<f64> {
        let mut gradient = self.start.clone();
        let support: Vec<usize> = (0..beta.len())
            .filter(|&index| beta[index] != 0.0)
            .collect();
        match source {
            Source::Matrix { values, size } => {
                let mut rows = Rows::new(source, self.samples.clone(), usize::MAX);
                let direct = self.samples.len() == size;
                for index in support {
                    if direct {
                        let row = &values[self.samples[index] as usize * size..][..size];
                        add_scaled(&mut gradient, row, beta[index]);
                    } else {
                        rows.fetch(&[index]);
                        add_scaled(&mut gradient, rows.row(index), beta[index]);
                    }
                }
            }
            Source::Samples { samples, kernel } => {
                let numbers: Vec<u32> = support.iter().map(|&index| self.samples[index]).collect();
                let coefficients: Vec<f64> = support.iter().map(|&index| beta[index]).collect();
                let (sources, all) = (samples.take(&numbers), samples.take(&self.samples));
                add_weighted(kernel, &sources, &coefficients, &all, &mut gradient);
            }
        }
        gradient
    }
}

/// Solves a problem.
pub(crate) fn solve(
    problem: &Problem,
    source: Source<'_>,
    settings: Settings,
    context: &FitContext<'_>,
) -> Result<Solution, FitError> {
    let size = problem.size();
    let most = settings
        .most
        .unwrap_or_else(|| (100 * size).max(10_000_000));
    let mut beta = vec![0.0; size];
    let mut gradient = problem.start.clone();
    let mut steps = 0;
    let mut attempts = if problem.fits_single(settings.tolerance) {
        0
    } else {
        SINGLE_ATTEMPTS
    };
    loop {
        let (least, largest) = problem.ends(&beta, &gradient);
        let violation = largest - least;
        // Rounding moves the judged gradient a little against the one that stopped; hence the twentieth.
        let done = violation <= settings.tolerance * 1.05 || !violation.is_finite();
        // When double precision cannot do better, nothing can.
        if done || steps >= most || attempts > 2 * SINGLE_ATTEMPTS {
            let bias = problem.bias(&beta, &gradient);
            return Ok(Solution {
                beta,
                bias,
                steps,
                violation: violation.max(0.0),
            });
        }
        let round = Round {
            problem,
            source,
            settings,
            context,
            most,
        };
        if attempts < SINGLE_ATTEMPTS {
            round.run::<f32>(&mut beta, &gradient, &mut steps)?;
        } else {
            round.run::<f64>(&mut beta, &gradient, &mut steps)?;
        }
        attempts += 1;
        gradient = problem.gradient(source, &beta);
    }
}

struct Round<'a> {
    problem: &'a Problem,
    source: Source<'a>,
    settings: Settings,
    context: &'a FitContext<'a>,
    most: usize,
}

/// The active samples, one entry each.
struct Active<'a, T> {
    /// Numbers in the problem.
    numbers: Vec<u32>,
    gradient: Vec<T>,
    up: Vec<T>,
    down: Vec<T>,
    diagonal: Vec<f32>,
    rows: Rows<'a>,
}

impl<T: Number> Active<'_, T> {
    fn narrow(&mut self, positions: &[u32]) {
        let pick = |values: &mut Vec<T>| {
            *values = positions.iter().map(|&at| values[at as usize]).collect();
        };
        pick(&mut self.gradient);
        pick(&mut self.up);
        pick(&mut self.down);
        self.diagonal = positions
            .iter()
            .map(|&at| self.diagonal[at as usize])
            .collect();
        self.numbers = positions
            .iter()
            .map(|&at| self.numbers[at as usize])
            .collect();
        self.rows.narrow(positions);
    }

    /// Brings a row, and with it those of other samples that are likely to be asked for next: the strongest violators.
    fn bring(&mut self, index: usize) {
        if self.rows.has(index) {
            return self.rows.touch(index);
        }
        let mut wanted = vec![index];
        if self.rows.batches() {
            let size = self.gradient.len();
            for upward in [true, false] {
                let mut candidates: Vec<(f32, usize)> = (0..size)
                    .filter(|&at| at != index && !self.rows.has(at))
                    .map(|at| {
                        let level = if upward {
                            self.gradient[at] + self.up[at]
                        } else {
                            T::ZERO - (self.gradient[at] + self.down[at])
                        };
                        (level.to_f32(), at)
                    })
                    .filter(|(level, at)| level.is_finite() && !wanted.contains(at))
                    .collect();
                let count = if upward {
                    BATCH / 2
                } else {
                    BATCH - wanted.len()
                };
                let count = count.min(candidates.len());
                let order = |left: &(f32, usize), right: &(f32, usize)| {
                    left.0.total_cmp(&right.0).then(left.1.cmp(&right.1))
                };
                if count < candidates.len() {
                    candidates.select_nth_unstable_by(count, order);
                }
                candidates.truncate(count);
                candidates.sort_unstable_by(order);
                wanted.extend(candidates.into_iter().map(|(_, at)| at));
            }
        }
        self.rows.fetch(&wanted);
    }
}

impl Round<'_> {
    /// Steps until no pair violates, starting from β and its gradient.
    fn run<T: Number>(
        &self,
        beta: &mut [f64],
        gradient: &[f64],
        steps: &mut usize,
    ) -> Result<(), FitError> {
        let problem = self.problem;
        let mut active = Active {
            numbers: (0..problem.size() as u32).collect(),
            gradient: gradient.iter().map(|&value| T::from_f64(value)).collect(),
            up: (0..problem.size())
                .map(|index| T::from_f64(problem.up(index, beta[index])))
                .collect(),
            down: (0..problem.size())
                .map(|index| T::from_f64(problem.down(index, beta[index])))
                .collect(),
            diagonal: problem.diagonal.clone(),
            rows: Rows::new(
                self.source,
                problem.samples.clone(),
                self.settings.cache_bytes,
            ),
        };
        let tolerance = T::from_f64(self.settings.tolerance);
        let (mut work, mut since) = (0, 0);
        // No step: only to find where to start.
        let mut first = least(&active.gradient, &active.up);
        while *steps < self.most {
            let (Some(up), least) = first else { break };
            active.bring(up);
            let second = choose_second(
                First {
                    gradient: least,
                    diagonal: active.diagonal[up],
                },
                &active.gradient,
                &active.down,
                active.rows.row(up),
                &active.diagonal,
            );
            let Some(down) = second.index.filter(|_| second.largest - least > tolerance) else {
                break;
            };
            active.bring(down);
            first = self.step(&mut active, beta, up, down);
            *steps += 1;
            since += 1;
            work += active.gradient.len();
            if work >= PATIENCE {
                work = 0;
                self.context.check()?;
            }
            if since >= SHRINK_EVERY && active.gradient.len() >= SHRINK_FROM {
                since = 0;
                if let (_, level) = first
                    && let Some(staying) = stay(&active, level, second.largest)
                {
                    active.narrow(&staying);
                    first = self::least(&active.gradient, &active.up);
                }
            }
        }
        Ok(())
    }

    /// Moves one sample up and another down by the same amount.
    fn step<T: Number>(
        &self,
        active: &mut Active<'_, T>,
        beta: &mut [f64],
        up: usize,
        down: usize,
    ) -> (Option<usize>, T) {
        let problem = self.problem;
        let (up_number, down_number) = (active.numbers[up] as usize, active.numbers[down] as usize);
        let difference =
            (active.gradient[down] + active.down[down]) - (active.gradient[up] + active.up[up]);
        let curvature = f64::from(active.diagonal[up]) + f64::from(active.diagonal[down])
            - 2.0 * f64::from(active.rows.row(up)[down]);
        let (up_room, down_room) = (
            problem.room_up(up_number, beta[up_number]),
            problem.room_down(down_number, beta[down_number]),
        );
        let wished = difference.to_f64() / curvature.max(LEAST_CURVATURE);
        let step = wished.min(up_room).min(down_room);
        // A bound that is reached is reached exactly.
        let moved = |value: f64, room: f64, by: f64, end: f64| {
            if step < room { value + by } else { end }
        };
        let (from_up, from_down) = (beta[up_number], beta[down_number]);
        beta[up_number] = moved(
            from_up,
            up_room,
            step,
            if problem.epsilon > 0.0 && from_up < 0.0 {
                0.0
            } else {
                problem.upper[up_number]
            },
        );
        beta[down_number] = moved(
            from_down,
            down_room,
            -step,
            if problem.epsilon > 0.0 && from_down > 0.0 {
                0.0
            } else {
                problem.lower[down_number]
            },
        );
        for (at, number) in [(up, up_number), (down, down_number)] {
            active.up[at] = T::from_f64(problem.up(number, beta[number]));
            active.down[at] = T::from_f64(problem.down(number, beta[number]));
        }
        move_gradient(
            T::from_f64(step),
            active.rows.row(up),
            active.rows.row(down),
            &mut active.gradient,
            &active.up,
        )
    }
}

/// The sample that may move up with the least gradient.
fn least<T: Number>(gradient: &[T], up: &[T]) -> (Option<usize>, T) {
    let mut best = (None, T::INFINITY);
    for (index, (&gradient, &up)) in gradient.iter().zip(up).enumerate() {
        if gradient + up < best.1 {
            best = (Some(index), gradient + up);
        }
    }
    best
}

/// Positions of the samples that may still take part in a violating pair; `None` when setting the others aside is not
/// worth it.
fn stay<T: Number>(active: &Active<'_, T>, least: T, largest: T) -> Option<Vec<u32>> {
    let size = active.gradient.len();
    let staying: Vec<u32> = (0..size)
        .filter(|&at| {
            let gradient = active.gradient[at];
            gradient + active.up[at] < largest || gradient + active.down[at] > least
        })
        .map(|at| at as u32)
        .collect();
    (staying.len() as f64 <= SHRINK_TO * size as f64).then_some(staying)
}
