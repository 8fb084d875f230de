//! Sequential minimal optimization: the dual of a support vector machine, two samples at a time.
//!
//! Minimise ½ βᵀKβ + sᵀβ + ε·Σ|β| where Σβ = 0 and each β lies within its bounds. For classes β is the signed
//! multiplier, s = −y and ε = 0; for numbers (ε-insensitive regression) β is the difference of the two multipliers and
//! s = −z.
//!
//! Two levels, since steps over all samples would wait for memory: the samples that violate most are taken together with
//! some of the last ones (Joachims, 1999; Wen et al., 2018), pairs among them are solved where all is in the cache, and
//! then the gradient of all samples is moved at once. Within, the first sample of a pair is the one that violates most,
//! the second the one that gains most to second order (Fan, Chen & Lin, 2005). Samples that are stuck at a bound are set
//! aside; in the end their gradient is computed anew and they come back if they were set aside too early. The gradient of
//! all is kept in double precision, so that single precision within cannot spoil the result.

mod levels;
mod pool;
mod problem;

pub(crate) use problem::{Problem, Settings, Solution};

use self::levels::Levels;
use self::pool::Pool;
use super::matrix::{Room, Source, add_rows, add_weighted, gather, whole};
use super::samples::Samples;
use crate::kernels::working_set::Number;
use crate::{FitContext, FitError};
use rayon::prelude::*;
use std::borrow::Cow;

/// Samples that are solved together. Up to twice as many are solved without a second level.
const TOGETHER: usize = 1024;
/// Set aside only when at most this share stays.
const SHRINK_TO: f64 = 0.8;
/// Within, the violation is brought to this share of what it is over all.
const DESCENT: f64 = 0.1;
/// Rounds after which the violation must have halved; else single precision is given up.
const PATIENCE: usize = 64;
/// Rounds after which more samples are solved together: many free samples that hold each other settle only together.
const GROWTH: usize = 6;
/// Rows of the whole matrix that are copied at a time.
const LINES: usize = 64;
/// Steps between two looks at the clock.
const STEPS: usize = 1 << 15;

/// Solves a problem; `report` is told how much of it is done.
pub(crate) fn solve(
    problem: &Problem,
    source: Source<'_>,
    settings: Settings,
    context: &FitContext<'_>,
    report: &dyn Fn(f64),
) -> Result<Solution, FitError> {
    let size = problem.size();
    let mut solver = Solver {
        problem,
        source,
        context,
        report,
        tolerance: settings.tolerance,
        widest: (settings.square_bytes / 4).isqrt().max(TOGETHER),
        most: settings
            .most
            .unwrap_or_else(|| (100 * size).max(10_000_000)),
        beta: vec![0.0; size],
        gradient: problem.start.clone(),
        steps: 0,
        first_violation: None,
        precise: !problem.fits_single(settings.tolerance),
    };
    if size <= 2 * TOGETHER {
        solver.together()?;
    } else {
        solver.in_rounds()?;
    }
    let (least, largest) = problem.ends(&solver.beta, &solver.gradient);
    Ok(Solution {
        bias: problem.bias(&solver.beta, &solver.gradient),
        beta: solver.beta,
        steps: solver.steps,
        violation: (largest - least).max(0.0),
    })
}

struct Solver<'a> {
    problem: &'a Problem,
    source: Source<'a>,
    context: &'a FitContext<'a>,
    report: &'a dyn Fn(f64),
    tolerance: f64,
    /// Most samples that are solved together.
    widest: usize,
    most: usize,
    beta: Vec<f64>,
    /// Right for all samples at the end; on the way only for those that are active.
    gradient: Vec<f64>,
    steps: usize,
    first_violation: Option<f64>,
    /// Whether single precision is too coarse.
    precise: bool,
}

/// Samples whose gradient is moved.
struct Crowd<'a> {
    /// Numbers in the source.
    numbers: Vec<u32>,
    /// Themselves, unless the source has the whole matrix.
    samples: Cow<'a, Samples>,
}

impl<'a> Solver<'a> {
    /// Kernel values between some samples (numbers in the problem, rising).
    fn square<'b>(&self, numbers: &[u32], room: &'b mut Room) -> Result<&'b [f32], FitError>
    where
        'a: 'b,
    {
        let samples = self.samples(numbers);
        match self.source {
            Source::Matrix { values, size } if samples.iter().copied().eq(0..size as u32) => {
                return Ok(values);
            }
            _ if room.of == samples => return Ok(&room.values),
            Source::Matrix { values, size } => room
                .make(samples.len() * samples.len())
                .par_chunks_exact_mut(samples.len().max(1))
                .zip(&samples)
                .for_each(|(target, &own)| {
                    gather(target, &values[own as usize * size..][..size], &samples);
                }),
            Source::Samples {
                samples: all,
                kernel,
            } => whole(kernel, &all.take(&samples), room, |_| self.context.check())?,
        }
        room.of = samples;
        Ok(&room.values)
    }

    /// Numbers in the source.
    fn samples(&self, numbers: &[u32]) -> Vec<u32> {
        numbers
            .iter()
            .map(|&index| self.problem.samples[index as usize])
            .collect()
    }

    /// Some samples (numbers in the problem, rising), ready to be influenced.
    fn crowd(&self, numbers: &[u32]) -> Crowd<'a> {
        let numbers = self.samples(numbers);
        let samples = match self.source {
            Source::Matrix { .. } => Cow::default(),
            Source::Samples { samples, .. }
                if numbers.iter().copied().eq(0..samples.rows() as u32) =>
            {
                Cow::Borrowed(samples)
            }
            Source::Samples { samples, .. } => Cow::Owned(samples.take(&numbers)),
        };
        Crowd { numbers, samples }
    }

    /// Adds what changes of some samples (numbers in the problem, rising) do to the gradient of others.
    fn influence(&self, changes: &[(u32, f64)], others: &Crowd<'_>, gradient: &mut [f64]) {
        let moved: Vec<u32> = changes.iter().map(|change| change.0).collect();
        let moved = self.samples(&moved);
        match self.source {
            Source::Matrix { values, size } => {
                let count = others.numbers.len().max(1);
                // A few lines at a time: they are copied.
                for (changes, moved) in changes.chunks(LINES).zip(moved.chunks(LINES)) {
                    let mut copies = vec![0.0; moved.len() * others.numbers.len()];
                    for (copy, &own) in copies.chunks_exact_mut(count).zip(moved) {
                        let row = &values[own as usize * size..][..size];
                        gather(copy, row, &others.numbers);
                    }
                    let factors = changes.iter().map(|change| change.1);
                    let lines: Vec<(f64, &[f32])> =
                        factors.zip(copies.chunks_exact(count)).collect();
                    add_rows(&lines, gradient);
                }
            }
            Source::Samples { samples, kernel } => {
                let coefficients: Vec<f64> = changes.iter().map(|change| change.1).collect();
                let sources = samples.take(&moved);
                add_weighted(kernel, &sources, &coefficients, &others.samples, gradient);
            }
        }
    }

    /// Few samples: pairs among all of them, then the gradient anew to judge by.
    fn together(&mut self) -> Result<(), FitError> {
        let problem = self.problem;
        let size = problem.size();
        let all: Vec<u32> = (0..size as u32).collect();
        let mut room = Room::default();
        let matrix = self.square(&all, &mut room)?;
        // Twice in single precision: the second time from a gradient without rounding.
        for attempt in 0..4 {
            let (least, largest) = problem.ends(&self.beta, &self.gradient);
            // Rounding moves the new gradient a little against the one that stopped; hence the twentieth.
            if self.rests(largest - least, 1.05) {
                break;
            }
            self.precise |= attempt > 1;
            let moved = self.within(&all, matrix, self.tolerance)?;
            let mut gradient = std::mem::take(&mut self.gradient);
            add_rows(&lines(&moved, matrix, size), &mut gradient);
            self.gradient = gradient;
        }
        Ok(())
    }

    /// Whether the violation is small enough, or there is no more time.
    fn rests(&mut self, violation: f64, slack: f64) -> bool {
        let first = *self.first_violation.get_or_insert(violation);
        if violation.is_finite() && first > self.tolerance {
            let share =
                (first / violation.max(self.tolerance)).ln() / (first / self.tolerance).ln();
            (self.report)(share.clamp(0.0, 1.0));
        }
        violation <= slack * self.tolerance || !violation.is_finite() || self.steps >= self.most
    }

    /// Many samples: rounds over those that violate most, and active ones only.
    fn in_rounds(&mut self) -> Result<(), FitError> {
        let problem = self.problem;
        let mut active: Vec<u32> = (0..problem.size() as u32).collect();
        let mut last: Vec<u32> = Vec::new();
        let mut landmark = f64::INFINITY;
        let mut width = TOGETHER;
        let mut crowd = self.crowd(&active);
        let mut room = Room::default();
        for round in 0_usize.. {
            self.context.check()?;
            let levels = Levels::new(self, &active);
            let violation = levels.largest - levels.least;
            if self.rests(violation, 1.0) {
                if active.len() == problem.size() {
                    break;
                }
                let violation = self.complete(&active);
                if self.rests(violation, 1.0) {
                    break;
                }
                active = (0..problem.size() as u32).collect();
                let staying = Levels::new(self, &active).staying();
                active = staying;
                crowd = self.crowd(&active);
                last.clear();
                continue;
            }
            if round % PATIENCE == PATIENCE - 1 {
                self.precise |= violation > 0.5 * landmark;
                landmark = violation;
            }
            if round % GROWTH == GROWTH - 1 && width < self.widest {
                width = (2 * width).min(self.widest);
            }
            let staying = levels.staying();
            let chosen = if (staying.len() as f64) <= SHRINK_TO * active.len() as f64 {
                active = staying.iter().map(|&at| active[at as usize]).collect();
                crowd = self.crowd(&active);
                Levels::new(self, &active).choose(self, &active, &last, width)
            } else {
                levels.choose(self, &active, &last, width)
            };
            let numbers: Vec<u32> = chosen.iter().map(|&at| active[at as usize]).collect();
            let enough = if numbers.len() == active.len() {
                self.tolerance
            } else {
                DESCENT * violation
            };
            let enough = enough.min(DESCENT * violation).max(0.5 * self.tolerance);
            let mut gradient: Vec<f64> = active
                .iter()
                .map(|&index| self.gradient[index as usize])
                .collect();
            let square = self.square(&numbers, &mut room)?;
            let moved = self.within(&numbers, square, enough)?;
            if numbers.len() == active.len() {
                add_rows(&lines(&moved, square, numbers.len()), &mut gradient);
            } else {
                // Only those that moved count, and few of many do: their rows are made and forgotten.
                let changes: Vec<(u32, f64)> = moved
                    .iter()
                    .map(|&(at, by)| (numbers[at as usize], by))
                    .collect();
                self.influence(&changes, &crowd, &mut gradient);
            }
            for (&index, value) in active.iter().zip(gradient) {
                self.gradient[index as usize] = value;
            }
            last = numbers;
            self.precise |= moved.is_empty();
        }
        Ok(())
    }

    /// The gradient of samples that were set aside; returns the violation over all.
    fn complete(&mut self, active: &[u32]) -> f64 {
        let problem = self.problem;
        let all = 0..problem.size() as u32;
        let mut aside = vec![true; problem.size()];
        active
            .iter()
            .for_each(|&index| aside[index as usize] = false);
        let aside: Vec<u32> = all.clone().filter(|&index| aside[index as usize]).collect();
        let support: Vec<(u32, f64)> = all
            .map(|index| (index, self.beta[index as usize]))
            .filter(|(_, beta)| *beta != 0.0)
            .collect();
        let mut gradient: Vec<f64> = aside
            .iter()
            .map(|&index| problem.start[index as usize])
            .collect();
        self.influence(&support, &self.crowd(&aside), &mut gradient);
        for (&index, value) in aside.iter().zip(gradient) {
            self.gradient[index as usize] = value;
        }
        let (least, largest) = problem.ends(&self.beta, &self.gradient);
        largest - least
    }

    /// Solves pairs among some samples (numbers in the problem), of which all kernel values are at hand. Returns who
    /// moved by how much.
    fn within(
        &mut self,
        numbers: &[u32],
        matrix: &[f32],
        tolerance: f64,
    ) -> Result<Vec<(u32, f64)>, FitError> {
        let before: Vec<f64> = numbers
            .iter()
            .map(|&index| self.beta[index as usize])
            .collect();
        if self.precise {
            self.steps_within::<f64>(numbers, matrix, tolerance)?;
        } else {
            self.steps_within::<f32>(numbers, matrix, tolerance)?;
        }
        let moved = numbers
            .iter()
            .zip(before)
            .enumerate()
            .filter_map(|(at, (&index, before))| {
                let by = self.beta[index as usize] - before;
                (by != 0.0).then_some((at as u32, by))
            });
        Ok(moved.collect())
    }

    fn steps_within<T: Number>(
        &mut self,
        numbers: &[u32],
        matrix: &[f32],
        tolerance: f64,
    ) -> Result<(), FitError> {
        let problem = self.problem;
        let collect = |value: &dyn Fn(usize) -> f64| -> Vec<T> {
            numbers
                .iter()
                .map(|&index| T::from_f64(value(index as usize)))
                .collect()
        };
        let mut pool = Pool {
            numbers,
            matrix,
            gradient: collect(&|index| self.gradient[index]),
            up: collect(&|index| problem.up(index, self.beta[index])),
            down: collect(&|index| problem.down(index, self.beta[index])),
            diagonal: numbers
                .iter()
                .map(|&index| problem.diagonal[index as usize])
                .collect(),
        };
        let tolerance = T::from_f64(tolerance);
        let mut first = pool.least();
        while self.steps < self.most {
            let (Some(up), least) = first else { break };
            let second = pool.second(up, least);
            let Some(down) = second.index.filter(|_| second.largest - least > tolerance) else {
                break;
            };
            first = pool.step(problem, &mut self.beta, up, down);
            self.steps += 1;
            if self.steps.is_multiple_of(STEPS) {
                self.context.check()?;
            }
        }
        Ok(())
    }
}

/// Lines of a square matrix with how much their samples moved.
fn lines<'a>(moved: &[(u32, f64)], matrix: &'a [f32], size: usize) -> Vec<(f64, &'a [f32])> {
    let lines = moved
        .iter()
        .map(|&(at, by)| (by, &matrix[at as usize * size..][..size]));
    lines.collect()
}
