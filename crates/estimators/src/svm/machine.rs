//! The algorithm: rows in order of their classes, one problem for each pair of classes (or one for numbers), and the
//! union of what they found.

use super::fitted::{Answer, FittedMachine, pair};
use super::kernel::Kernel;
use super::matrix::{Room, Source, add_weighted, whole};
use super::options;
use super::probability::Sigmoid;
use super::samples::{self, Encoder, Moments, Samples};
use super::smo::{Problem, Settings, Solution, solve};
use crate::algorithm::cost::{Cost, Shape};
use crate::algorithm::{Algorithm, AlgorithmSpec, Fitted, Params};
use crate::kernels::moments::mean_and_deviation;
use crate::linear::weights::class_weights;
use crate::split::shuffle::shuffle;
use crate::{FitContext, FitError, State, StateError, Target, TrainingData};
use rayon::prelude::*;
use std::cmp::Reverse;
use std::ops::Range;

/// Parts of each class that take turns in being held out for probabilities.
pub(super) const FOLDS: usize = 5;
/// The whole kernel matrix is made up to this size, when several problems share it.
pub(super) const SHARED_BYTES: usize = 1 << 30;
/// Columns from which kernel values are dear.
pub(super) const WIDE: usize = 128;
/// The whole kernel matrix is made up to this size for few problems.
pub(super) const SINGLE_BYTES: usize = 16 << 20;

/// The algorithm.
pub(crate) struct SupportVectorMachine;

impl Algorithm for SupportVectorMachine {
    fn spec(&self) -> &'static AlgorithmSpec {
        &options::SPEC
    }

    fn fit(
        &self,
        params: &Params,
        data: TrainingData<'_>,
        context: &FitContext<'_>,
    ) -> Result<Box<dyn Fitted>, FitError> {
        Ok(Box::new(learn(params, data, context)?))
    }

    fn cost(&self, shape: Shape, params: &Params) -> Cost {
        super::costs::machine(shape, params)
    }

    fn load(&self, state: &State) -> Result<Box<dyn Fitted>, StateError> {
        FittedMachine::load(state)
    }
}

/// Fits a machine for either task.
fn learn(
    params: &Params,
    data: TrainingData<'_>,
    context: &FitContext<'_>,
) -> Result<FittedMachine, FitError> {
    if data.target.is_empty() || data.features.columns().is_empty() {
        return Err(FitError::empty());
    }
    samples::check(data.features, context)?;
    context.check()?;
    let fitted = match data.target {
        Target::Classes { indices, classes } => {
            fit_classes(params, data, indices, *classes, context)
        }
        Target::Values(values) => fit_numbers(params, data, values, context),
    }?;
    let finite = fitted
        .coefficients
        .iter()
        .chain(&fitted.biases)
        .all(|value| value.is_finite());
    if !finite {
        return Err(overflow());
    }
    (context.progress)(1.0);
    Ok(fitted)
}

/// Kernel values are single numbers: nothing finer can be told from their rounding.
const FINEST: f64 = 1e-9;

fn overflow() -> FitError {
    FitError::Data(
        "the kernel's values are too large to compute with; scale the columns, or lower gamma, degree or C".to_owned(),
    )
}

/// What all problems of a fit share.
struct Ground<'a> {
    encoder: Encoder,
    kernel: Kernel,
    /// In the order of the problems.
    samples: Samples,
    diagonal: Vec<f32>,
    /// The whole kernel matrix, when it is made.
    matrix: Option<Vec<f32>>,
    settings: Settings,
    context: &'a FitContext<'a>,
}

impl<'a> Ground<'a> {
    /// `rows` in the order of the problems, of which there are `problems`.
    fn new(
        params: &Params,
        data: TrainingData<'_>,
        rows: &[u32],
        problems: usize,
        context: &'a FitContext<'a>,
    ) -> Result<Self, FitError> {
        let moments = Moments::of(data.features);
        let width = moments.means.len();
        let auto = 1.0 / width.max(1) as f64;
        let scale = if moments.variance > 0.0 {
            auto / moments.variance
        } else {
            1.0
        };
        let kernel = Kernel::new(params, scale, auto);
        let encoder = Encoder::new(data.features, &moments.means, kernel.ignores_origin());
        let samples = encoder.samples(data.features, rows);
        let diagonal: Vec<f32> = samples
            .squares
            .iter()
            .map(|&square| kernel.own(square))
            .collect();
        if !kernel.gamma.is_finite() || diagonal.iter().any(|value| !value.is_finite()) {
            return Err(overflow());
        }
        let taken = rows.len() * (width + 1) * 8;
        let left = context.memory_budget.saturating_sub(taken);
        let matrix_bytes = rows.len().saturating_mul(rows.len()).saturating_mul(4);
        // Few problems on few columns make their own values sooner than they read them from memory.
        let shared = problems > 1 + FOLDS || (problems > 1 && width >= WIDE);
        let most = if shared { SHARED_BYTES } else { SINGLE_BYTES };
        let together = matrix_bytes <= most.min(left / 2);
        let matrix = together
            .then(|| {
                let mut room = Room::default();
                whole(&kernel, &samples, &mut room, |share| {
                    (context.progress)(0.5 * share);
                    context.check()
                })?;
                Ok::<_, FitError>(room.values)
            })
            .transpose()?;
        let left = if together { left - matrix_bytes } else { left };
        let cache = (params.number("cache_size").unwrap_or(200.0) * 1024.0 * 1024.0) as usize;
        Ok(Self {
            encoder,
            kernel,
            samples,
            diagonal,
            matrix,
            settings: Settings {
                tolerance: params.number("tol").unwrap_or(1e-3).max(FINEST),
                most: params.integer("max_iter").filter(|&most| most > 0),
                // Pairs may be solved side by side; how many must not depend on the threads.
                square_bytes: cache.min(left / (2 * problems.clamp(1, 16))),
            },
            context,
        })
    }

    fn source(&self) -> Source<'_> {
        match &self.matrix {
            Some(values) => Source::Matrix {
                values,
                size: self.samples.rows(),
            },
            None => Source::Samples {
                samples: &self.samples,
                kernel: &self.kernel,
            },
        }
    }

    fn solve(&self, problem: &Problem, report: &dyn Fn(f64)) -> Result<Solution, FitError> {
        solve(problem, self.source(), self.settings, self.context, report)
    }

    /// Σ β · K(sample, ·) for some other samples.
    fn decisions(&self, problem: &Problem, solution: &Solution, others: &[u32]) -> Vec<f64> {
        let support = (0..problem.samples.len()).filter(|&index| solution.beta[index] != 0.0);
        let mut decisions = vec![solution.bias; others.len()];
        match self.source() {
            Source::Matrix { values, size } => {
                for index in support {
                    let row = &values[problem.samples[index] as usize * size..][..size];
                    for (decision, &other) in decisions.iter_mut().zip(others) {
                        *decision += solution.beta[index] * f64::from(row[other as usize]);
                    }
                }
            }
            Source::Samples { samples, kernel } => {
                let support: Vec<usize> = support.collect();
                let numbers: Vec<u32> = support
                    .iter()
                    .map(|&index| problem.samples[index])
                    .collect();
                let coefficients: Vec<f64> =
                    support.iter().map(|&index| solution.beta[index]).collect();
                let (sources, others) = (samples.take(&numbers), samples.take(others));
                add_weighted(kernel, &sources, &coefficients, &others, &mut decisions);
            }
        }
        decisions
    }
}

fn fit_numbers(
    params: &Params,
    data: TrainingData<'_>,
    values: &[f64],
    context: &FitContext<'_>,
) -> Result<FittedMachine, FitError> {
    let weights = |row: u32| data.weights.map_or(1.0, |weights| weights[row as usize]);
    let rows: Vec<u32> = (0..values.len() as u32)
        .filter(|&row| weights(row) > 0.0)
        .collect();
    if rows.is_empty() {
        return Err(FitError::weightless());
    }
    let ground = Ground::new(params, data, &rows, 1, context)?;
    let centre = rows
        .iter()
        .map(|&row| values[row as usize] / rows.len() as f64)
        .sum::<f64>();
    let unit = match mean_and_deviation(values, data.weights) {
        (_, deviation) if deviation > 0.0 && params.flag("scale_target") => deviation,
        _ => 1.0,
    };
    let cost = params.number("C").unwrap_or(1.0);
    let bound: Vec<f64> = rows.iter().map(|&row| cost * weights(row)).collect();
    let problem = Problem {
        samples: (0..rows.len() as u32).collect(),
        start: rows
            .iter()
            .map(|&row| (centre - values[row as usize]) / unit)
            .collect(),
        lower: bound.iter().map(|bound| -bound).collect(),
        upper: bound,
        diagonal: ground.diagonal.clone(),
        epsilon: params.number("epsilon").unwrap_or(0.1),
    };
    let begun = if ground.matrix.is_some() { 0.5 } else { 0.0 };
    let report = |share: f64| (context.progress)(begun + (1.0 - begun) * share);
    let solution = ground.solve(&problem, &report)?;
    let support: Vec<u32> = (0..rows.len() as u32)
        .filter(|&index| solution.beta[index as usize] != 0.0)
        .collect();
    Ok(FittedMachine {
        coefficients: support
            .iter()
            .map(|&index| solution.beta[index as usize])
            .collect(),
        counts: vec![support.len()],
        support: ground.samples.take(&support),
        encoder: ground.encoder,
        kernel: ground.kernel,
        biases: vec![solution.bias],
        answer: Answer::Number { centre, unit },
        steps: solution.steps as u64,
        planes: None,
    }
    .summed())
}

/// Rows by class, and those of each class in an order of their own, so that parts of it are random.
struct Grouped {
    rows: Vec<u32>,
    present: Vec<u32>,
    groups: Vec<Range<usize>>,
}

impl Grouped {
    fn new(indices: &[u32], classes: usize, weights: Option<&[f64]>, seed: u64) -> Self {
        let mut members = vec![Vec::new(); classes];
        for (row, &class) in indices.iter().enumerate() {
            if weights.is_none_or(|weights| weights[row] > 0.0) {
                members[class as usize].push(row as u32);
            }
        }
        let (mut rows, mut present, mut groups) = (Vec::new(), Vec::new(), Vec::new());
        for (class, mut own) in members
            .into_iter()
            .enumerate()
            .filter(|(_, own)| !own.is_empty())
        {
            shuffle(&mut own, seed, class as u64);
            present.push(class as u32);
            groups.push(rows.len()..rows.len() + own.len());
            rows.extend(own);
        }
        Self {
            rows,
            present,
            groups,
        }
    }
}

fn fit_classes(
    params: &Params,
    data: TrainingData<'_>,
    indices: &[u32],
    classes: usize,
    context: &FitContext<'_>,
) -> Result<FittedMachine, FitError> {
    // As scikit-learn's SVC: classes are balanced by their rows, whatever those weigh.
    let balance = class_weights(params, data.target, None);
    let weight = |row: usize| {
        data.weights.map_or(1.0, |weights| weights[row])
            * balance
                .as_ref()
                .map_or(1.0, |balance| balance[indices[row] as usize])
    };
    let grouped = Grouped::new(indices, classes, data.weights, context.seed);
    let groups = grouped.groups.len();
    if groups < 2 {
        return Err(FitError::Data(
            "at least two classes are needed to tell classes apart".to_owned(),
        ));
    }
    let probability = params.flag("probability");
    let pairs: Vec<(usize, usize)> = (0..groups)
        .flat_map(|first| (first + 1..groups).map(move |second| (first, second)))
        .collect();
    let pair_size = |(first, second): (usize, usize)| {
        grouped.groups[first].len() + grouped.groups[second].len()
    };
    let problems = pairs.len() * if probability { 1 + FOLDS } else { 1 };
    let ground = Ground::new(params, data, &grouped.rows, problems, context)?;
    let cost = params.number("C").unwrap_or(1.0);
    let bound: Vec<f64> = grouped
        .rows
        .iter()
        .map(|&row| cost * weight(row as usize))
        .collect();
    let done = std::sync::atomic::AtomicUsize::new(0);
    let one = |&(first, second): &(usize, usize)| {
        context.check()?;
        let duel = Duel {
            ground: &ground,
            bound: &bound,
            first: grouped.groups[first].clone(),
            second: grouped.groups[second].clone(),
        };
        let report = |share: f64| {
            // A single problem says how far it is; many are counted.
            if problems == 1 {
                (context.progress)(share);
            }
        };
        let (solution, sigmoid) = rayon::join(
            || ground.solve(&duel.problem(None), &report),
            || probability.then(|| duel.sigmoid()).transpose(),
        );
        let (solution, sigmoid) = (solution?, sigmoid?);
        let count = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        (context.progress)(0.5 + 0.5 * count as f64 / pairs.len() as f64);
        Ok((solution, sigmoid))
    };
    // Pairs side by side when they only read the matrix, the largest first, lest one begin when all others are done; else
    // one after the other. The folds of a pair are solved beside it: within, few steps can be shared.
    let solved: Vec<(Solution, Option<Sigmoid>)> = if ground.matrix.is_some() {
        let mut order: Vec<usize> = (0..pairs.len()).collect();
        order.sort_by_key(|&at| Reverse(pair_size(pairs[at])));
        let solved = order.into_iter().par_bridge();
        let solved = solved.map(|at| Ok((at, one(&pairs[at])?)));
        let mut solved = solved.collect::<Result<Vec<_>, FitError>>()?;
        solved.sort_unstable_by_key(|(at, _)| *at);
        solved.into_iter().map(|(_, own)| own).collect()
    } else {
        pairs.iter().map(one).collect::<Result<_, FitError>>()?
    };
    Ok(unite(ground, &grouped, classes, &solved))
}

/// Two classes against each other.
struct Duel<'a> {
    ground: &'a Ground<'a>,
    bound: &'a [f64],
    first: Range<usize>,
    second: Range<usize>,
}

/// A part of a class: the `fold`-th of [`FOLDS`] of nearly equal size.
fn part(group: &Range<usize>, fold: usize) -> Range<usize> {
    let size = group.len();
    group.start + size * fold / FOLDS..group.start + size * (fold + 1) / FOLDS
}

impl Duel<'_> {
    /// The problem without one part of each class.
    fn problem(&self, left_out: Option<usize>) -> Problem {
        let stays = |group: &Range<usize>| {
            let out = left_out.map_or(0..0, |fold| part(group, fold));
            group.clone().filter(move |index| !out.contains(index))
        };
        let first: Vec<usize> = stays(&self.first).collect();
        let count = first.len();
        let all: Vec<usize> = first.into_iter().chain(stays(&self.second)).collect();
        let signed = all.iter().enumerate().map(|(at, &index)| {
            if at < count {
                (-1.0, 0.0, self.bound[index])
            } else {
                (1.0, -self.bound[index], 0.0)
            }
        });
        let (mut start, mut lower, mut upper) = (Vec::new(), Vec::new(), Vec::new());
        for (from, low, high) in signed {
            start.push(from);
            lower.push(low);
            upper.push(high);
        }
        Problem {
            diagonal: all
                .iter()
                .map(|&index| self.ground.diagonal[index])
                .collect(),
            samples: all.into_iter().map(|index| index as u32).collect(),
            start,
            lower,
            upper,
            epsilon: 0.0,
        }
    }

    /// The sigmoid from decisions on the parts that were left out in turn.
    fn sigmoid(&self) -> Result<Sigmoid, FitError> {
        let parts = (0..FOLDS).into_par_iter().with_max_len(1);
        let parts = parts.map(|fold| self.left_out(fold));
        let parts = parts.collect::<Result<Vec<_>, FitError>>()?;
        let (mut decisions, mut firsts, mut weights) = (Vec::new(), Vec::new(), Vec::new());
        for (fold, part_decisions) in parts.into_iter().enumerate() {
            let (first, second) = (part(&self.first, fold), part(&self.second, fold));
            firsts.extend((0..part_decisions.len()).map(|at| at < first.len()));
            weights.extend(first.chain(second).map(|index| self.bound[index]));
            decisions.extend(part_decisions);
        }
        // Rows count here as they do in the machine, or balanced classes would be levelled out again.
        let mean = weights.iter().sum::<f64>() / weights.len().max(1) as f64;
        weights.iter_mut().for_each(|weight| *weight /= mean);
        Ok(Sigmoid::fit(&decisions, &firsts, &weights))
    }

    /// Decisions on one part of each class, by a machine that has not seen them.
    fn left_out(&self, fold: usize) -> Result<Vec<f64>, FitError> {
        let (first, second) = (part(&self.first, fold), part(&self.second, fold));
        let others: Vec<u32> = first
            .clone()
            .chain(second.clone())
            .map(|index| index as u32)
            .collect();
        if others.is_empty() {
            return Ok(Vec::new());
        }
        // A class of one row is missing while that row is left out: then the other one wins.
        let without = |decision: f64| vec![decision; others.len()];
        match (
            first.len() == self.first.len(),
            second.len() == self.second.len(),
        ) {
            (false, false) => {
                let problem = self.problem(Some(fold));
                let solution = self.ground.solve(&problem, &|_| {})?;
                Ok(self.ground.decisions(&problem, &solution, &others))
            }
            (true, false) => Ok(without(-1.0)),
            (false, true) => Ok(without(1.0)),
            (true, true) => Ok(without(0.0)),
        }
    }
}

/// Every support vector once, with a coefficient for each other class.
fn unite(
    ground: Ground<'_>,
    grouped: &Grouped,
    classes: usize,
    solved: &[(Solution, Option<Sigmoid>)],
) -> FittedMachine {
    let groups = grouped.groups.len();
    // β of a group's samples against another class.
    let line = |group: usize, other: usize| {
        let solution = &solved[pair(group.min(other), group.max(other), groups)].0;
        let size = grouped.groups[group].len();
        if group < other {
            &solution.beta[..size]
        } else {
            &solution.beta[solution.beta.len() - size..]
        }
    };
    let (mut support, mut counts, mut coefficients) = (Vec::new(), Vec::new(), Vec::new());
    for group in 0..groups {
        let lines: Vec<&[f64]> = (0..groups)
            .filter(|&other| other != group)
            .map(|other| line(group, other))
            .collect();
        let size = grouped.groups[group].len();
        let used: Vec<usize> = (0..size)
            .filter(|&at| lines.iter().any(|line| line[at] != 0.0))
            .collect();
        for line in lines {
            coefficients.extend(used.iter().map(|&at| line[at]));
        }
        counts.push(used.len());
        support.extend(
            used.iter()
                .map(|&at| (grouped.groups[group].start + at) as u32),
        );
    }
    FittedMachine {
        support: ground.samples.take(&support),
        encoder: ground.encoder,
        kernel: ground.kernel,
        counts,
        coefficients,
        biases: solved.iter().map(|(solution, _)| solution.bias).collect(),
        answer: Answer::Classes {
            classes,
            present: grouped.present.clone(),
            sigmoids: solved.iter().filter_map(|(_, sigmoid)| *sigmoid).collect(),
        },
        steps: solved
            .iter()
            .map(|(solution, _)| solution.steps as u64)
            .sum(),
        planes: None,
    }
    .summed()
}

#[cfg(test)]
mod tests;
