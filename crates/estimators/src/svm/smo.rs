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

use super::matrix::{Source, add_rows, add_weighted, gather, whole};
use crate::kernels::working_set::{First, LEAST_CURVATURE, Number, choose_second, move_gradient};
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
    /// For the kernel values between the samples that are solved together.
    pub(crate) square_bytes: usize,
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

    /// Where a sample that moves up must stop, or its slope changes.
    fn end_up(&self, index: usize, beta: f64) -> f64 {
        if self.epsilon > 0.0 && beta < 0.0 {
            0.0
        } else {
            self.upper[index]
        }
    }

    fn end_down(&self, index: usize, beta: f64) -> f64 {
        if self.epsilon > 0.0 && beta > 0.0 {
            0.0
        } else {
            self.lower[index]
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
}

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

impl<'a> Solver<'a> {
    /// Kernel values between some samples (numbers in the problem, rising).
    fn square(&self, numbers: &[u32]) -> Result<Cow<'a, [f32]>, FitError> {
        let samples = self.samples(numbers);
        Ok(match self.source {
            Source::Matrix { values, size } => {
                if samples.iter().copied().eq(0..size as u32) {
                    return Ok(Cow::Borrowed(values));
                }
                let mut matrix = vec![0.0; samples.len() * samples.len()];
                matrix
                    .par_chunks_exact_mut(samples.len().max(1))
                    .zip(&samples)
                    .for_each(|(target, &own)| {
                        gather(target, &values[own as usize * size..][..size], &samples);
                    });
                Cow::Owned(matrix)
            }
            Source::Samples {
                samples: all,
                kernel,
            } => Cow::Owned(whole(kernel, &all.take(&samples), |_| {
                self.context.check()
            })?),
        })
    }

    /// Numbers in the source.
    fn samples(&self, numbers: &[u32]) -> Vec<u32> {
        numbers
            .iter()
            .map(|&index| self.problem.samples[index as usize])
            .collect()
    }

    /// Adds what changes of some samples do to the gradient of others (numbers in the problem, rising).
    fn influence(&self, changes: &[(u32, f64)], others: &[u32], gradient: &mut [f64]) {
        let moved: Vec<u32> = changes.iter().map(|change| change.0).collect();
        match self.source {
            Source::Matrix { values, size } => {
                let others = self.samples(others);
                // A few lines at a time: they are copied.
                for (changes, moved) in changes
                    .chunks(LINES)
                    .zip(self.samples(&moved).chunks(LINES))
                {
                    let mut copies = vec![0.0; moved.len() * others.len()];
                    for (copy, &own) in copies.chunks_exact_mut(others.len().max(1)).zip(moved) {
                        gather(copy, &values[own as usize * size..][..size], &others);
                    }
                    let lines: Vec<(f64, &[f32])> = changes
                        .iter()
                        .map(|change| change.1)
                        .zip(copies.chunks_exact(others.len().max(1)))
                        .collect();
                    add_rows(&lines, gradient);
                }
            }
            Source::Samples { samples, kernel } => {
                let coefficients: Vec<f64> = changes.iter().map(|change| change.1).collect();
                let (sources, others) = (
                    samples.take(&self.samples(&moved)),
                    samples.take(&self.samples(others)),
                );
                add_weighted(kernel, &sources, &coefficients, &others, gradient);
            }
        }
    }

    /// Few samples: pairs among all of them, then the gradient anew to judge by.
    fn together(&mut self) -> Result<(), FitError> {
        let problem = self.problem;
        let size = problem.size();
        let all: Vec<u32> = (0..size as u32).collect();
        let matrix = self.square(&all)?;
        // Twice in single precision: the second time from a gradient without rounding.
        for attempt in 0..4 {
            let (least, largest) = problem.ends(&self.beta, &self.gradient);
            // Rounding moves the new gradient a little against the one that stopped; hence the twentieth.
            if self.rests(largest - least, 1.05) {
                break;
            }
            self.precise |= attempt > 1;
            let moved = self.within(&all, &matrix, self.tolerance)?;
            let mut gradient = std::mem::take(&mut self.gradient);
            add_rows(&lines(&moved, &matrix, size), &mut gradient);
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
        // Kept in case the next round has the same samples.
        let mut square: Cow<'_, [f32]> = Cow::default();
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
            if numbers != last || square.is_empty() {
                // The old one makes place before the new one is made.
                drop(square);
                square = self.square(&numbers)?;
            }
            let moved = self.within(&numbers, &square, enough)?;
            if numbers.len() == active.len() {
                add_rows(&lines(&moved, &square, numbers.len()), &mut gradient);
            } else {
                // Only those that moved count, and few of many do: their rows are made and forgotten.
                let changes: Vec<(u32, f64)> = moved
                    .iter()
                    .map(|&(at, by)| (numbers[at as usize], by))
                    .collect();
                self.influence(&changes, &active, &mut gradient);
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
        self.influence(&support, &aside, &mut gradient);
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
            let second = choose_second(
                First {
                    gradient: least,
                    diagonal: pool.diagonal[up],
                },
                &pool.gradient,
                &pool.down,
                pool.row(up),
                &pool.diagonal,
            );
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

/// Where the active samples stand.
struct Levels {
    up: Vec<f64>,
    down: Vec<f64>,
    /// Least of what may move up, and largest of what may move down.
    least: f64,
    largest: f64,
}

impl Levels {
    fn new(solver: &Solver<'_>, active: &[u32]) -> Self {
        let level = |of: &dyn Fn(usize, f64) -> f64| -> Vec<f64> {
            let levels = active.iter().map(|&index| {
                solver.gradient[index as usize] + of(index as usize, solver.beta[index as usize])
            });
            levels.collect()
        };
        let up = level(&|index, beta| solver.problem.up(index, beta));
        let down = level(&|index, beta| solver.problem.down(index, beta));
        Self {
            least: up.iter().copied().fold(f64::INFINITY, f64::min),
            largest: down.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            up,
            down,
        }
    }

    /// Positions of the samples that may still take part in a violating pair.
    fn staying(&self) -> Vec<u32> {
        let levels = self.up.iter().zip(&self.down).enumerate();
        levels
            .filter(|(_, (up, down))| **up < self.largest || **down > self.least)
            .map(|(at, _)| at as u32)
            .collect()
    }

    /// Positions (rising) of the samples to solve next: the strongest violators both ways, and of the last ones those
    /// that are free first.
    fn choose(&self, solver: &Solver<'_>, active: &[u32], last: &[u32], width: usize) -> Vec<u32> {
        let size = active.len();
        if size <= width {
            return (0..size as u32).collect();
        }
        let mut taken = vec![false; size];
        let mut chosen: Vec<u32> = Vec::with_capacity(width);
        // Both lists rise, so that positions are found in one pass.
        let mut old: Vec<(bool, u32)> = Vec::new();
        let mut at = 0;
        for &index in last {
            while at < size && active[at] < index {
                at += 1;
            }
            if at < size && active[at] == index {
                let beta = solver.beta[index as usize];
                let free = solver.problem.up(index as usize, beta)
                    == solver.problem.down(index as usize, beta);
                old.push((!free, at as u32));
            }
        }
        old.sort_unstable();
        for &(_, at) in old.iter().take(width / 2) {
            taken[at as usize] = true;
            chosen.push(at);
        }
        for upward in [true, false] {
            let levels = if upward { &self.up } else { &self.down };
            let mut candidates: Vec<(f64, u32)> = levels
                .iter()
                .enumerate()
                .filter(|(at, level)| !taken[*at] && level.is_finite())
                .map(|(at, level)| (if upward { *level } else { -level }, at as u32))
                .filter(|(level, _)| {
                    if upward {
                        *level < self.largest
                    } else {
                        -level > self.least
                    }
                })
                .collect();
            let room = width - chosen.len();
            let count = if upward { room / 2 } else { room }.min(candidates.len());
            let order = |left: &(f64, u32), right: &(f64, u32)| {
                left.0.total_cmp(&right.0).then(left.1.cmp(&right.1))
            };
            if count < candidates.len() {
                candidates.select_nth_unstable_by(count, order);
            }
            for &(_, at) in &candidates[..count] {
                taken[at as usize] = true;
                chosen.push(at);
            }
        }
        chosen.sort_unstable();
        chosen
    }
}

/// Samples among which pairs are solved.
struct Pool<'a, T> {
    /// Numbers in the problem.
    numbers: &'a [u32],
    /// Kernel values between them.
    matrix: &'a [f32],
    gradient: Vec<T>,
    up: Vec<T>,
    down: Vec<T>,
    diagonal: Vec<f32>,
}

impl<T: Number> Pool<'_, T> {
    fn row(&self, at: usize) -> &[f32] {
        let size = self.numbers.len();
        &self.matrix[at * size..(at + 1) * size]
    }

    /// The sample that may move up with the least gradient.
    fn least(&self) -> (Option<usize>, T) {
        let mut best = (None, T::INFINITY);
        for (at, (&gradient, &up)) in self.gradient.iter().zip(&self.up).enumerate() {
            if gradient + up < best.1 {
                best = (Some(at), gradient + up);
            }
        }
        best
    }

    /// Moves one sample up and another down by the same amount; returns which may move up next.
    fn step(
        &mut self,
        problem: &Problem,
        beta: &mut [f64],
        up: usize,
        down: usize,
    ) -> (Option<usize>, T) {
        let size = self.numbers.len();
        let (up_number, down_number) = (self.numbers[up] as usize, self.numbers[down] as usize);
        let difference =
            (self.gradient[down] + self.down[down]) - (self.gradient[up] + self.up[up]);
        let curvature = f64::from(self.diagonal[up]) + f64::from(self.diagonal[down])
            - 2.0 * f64::from(self.row(up)[down]);
        let (from_up, from_down) = (beta[up_number], beta[down_number]);
        let up_end = problem.end_up(up_number, from_up);
        let down_end = problem.end_down(down_number, from_down);
        let wished = difference.to_f64() / curvature.max(LEAST_CURVATURE);
        let step = wished.min(up_end - from_up).min(from_down - down_end);
        // An end that is reached is reached exactly.
        beta[up_number] = if step < up_end - from_up {
            from_up + step
        } else {
            up_end
        };
        beta[down_number] = if step < from_down - down_end {
            from_down - step
        } else {
            down_end
        };
        for (at, number) in [(up, up_number), (down, down_number)] {
            self.up[at] = T::from_f64(problem.up(number, beta[number]));
            self.down[at] = T::from_f64(problem.down(number, beta[number]));
        }
        move_gradient(
            T::from_f64(step),
            &self.matrix[up * size..(up + 1) * size],
            &self.matrix[down * size..(down + 1) * size],
            &mut self.gradient,
            &self.up,
        )
    }
}
