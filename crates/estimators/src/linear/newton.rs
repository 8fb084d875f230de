//! Newton's method for two classes. A factored Hessian is kept as long as it serves: L-BFGS corrects it by the steps
//! made, and it is made anew where the slope stops falling quickly (Shamanskii, 1967).
//!
//! Many rows: the minimum of an even sample is a good start and its Hessian a good guess (Erdogdu and Montanari, 2015;
//! Roosta-Khorasani and Mahoney, 2019), after which two or three passes over all rows are enough. The sample starts from
//! a smaller one in turn.

use super::design::Design;
use super::lbfgs::{Memory, ROUNDING, dot};
use super::loss::LogLoss;
use super::objective::{Objective, Solution, Terms, steepest};
use super::quasi_newton;
use super::tiles::Sample;
use crate::kernels::cholesky::Cholesky;
use crate::{FitContext, FitError};

/// Rows from which samples come first.
const MANY_ROWS: usize = 32_768;
/// Rows of the larger sample, and how much smaller than that the smaller one is (and the larger one than everything).
const SAMPLE_ROWS: std::ops::RangeInclusive<usize> = 4_096..=24_576;
const SHRINKAGE: usize = 8;
/// Rows of a sample for each column, and rows of each class besides one for each column.
const ROWS_A_COLUMN: usize = 20;
const ROWS_A_CLASS: usize = 20;
/// How well a sample is solved: its own error is much larger.
const SAMPLE_TOLERANCE: f64 = 1e-3;
/// Newton converges so fast that a tighter rest costs a step at most.
const TIGHTER: f64 = 1e-2;
/// A Hessian serves while each step leaves this share of the steepest slope at most.
const SERVES: f64 = 0.25;

/// Where to begin, and the factored Hessian there or near.
struct Start {
    point: Vec<f64>,
    hessian: Option<Cholesky>,
}

impl Start {
    fn zero(design: &Design<'_, f32>) -> Self {
        Self {
            point: vec![0.0; design.width + 1],
            hessian: None,
        }
    }
}

/// How a run ended.
enum End {
    Rest(Vec<f64>, usize),
    /// The loss is no number at the start.
    NoNumber,
    /// No Hessian could be factored.
    Singular,
}

/// Minimises the objective.
pub(crate) fn solve(terms: &Terms<'_>, context: &FitContext<'_>) -> Result<Solution, FitError> {
    if let Some(solution) = by_samples(terms, context)? {
        return Ok(solution);
    }
    let design = Design::new(terms.features, terms.settings.intercept);
    let objective = terms.objective(&design);
    let start = Start::zero(&design);
    let tolerance = terms.settings.tolerance * TIGHTER;
    match descend(&objective, start, tolerance, context)? {
        End::Rest(point, iterations) => Ok(objective.solution(&point, iterations)),
        End::NoNumber | End::Singular => quasi_newton::minimise(&objective, context),
    }
}

/// `None` when samples would not do.
fn by_samples(terms: &Terms<'_>, context: &FitContext<'_>) -> Result<Option<Solution>, FitError> {
    let rows = terms.features.rows();
    if rows < MANY_ROWS {
        return Ok(None);
    }
    let design = Design::read(terms.features, terms.settings.intercept);
    let wanted = (rows / SHRINKAGE).clamp(*SAMPLE_ROWS.start(), *SAMPLE_ROWS.end());
    let zero = Start::zero(&design);
    let small = Sample::new(rows, wanted / SHRINKAGE);
    let coarse = from_sample(terms, &design, &small, zero, context)?;
    let first = Start {
        hessian: None,
        ..coarse.unwrap_or_else(|| Start::zero(&design))
    };
    let sample = Sample::new(rows, wanted);
    let Some(start) = from_sample(terms, &design, &sample, first, context)? else {
        return Ok(None);
    };
    let objective = terms.objective(&design);
    let found = descend(&objective, start, terms.settings.tolerance, context)?;
    Ok(match found {
        End::Rest(point, iterations) => Some(objective.solution(&point, iterations)),
        End::NoNumber | End::Singular => None,
    })
}

/// The minimum of a sample and its Hessian there; `None` when the sample says too little.
fn from_sample(
    terms: &Terms<'_>,
    design: &Design<'_, f32>,
    sample: &Sample,
    start: Start,
    context: &FitContext<'_>,
) -> Result<Option<Start>, FitError> {
    let classes = sample.of(terms.classes);
    let second = classes.iter().filter(|&&class| class == 1).count();
    let rarer = second.min(classes.len() - second);
    if classes.len() < ROWS_A_COLUMN * design.width || rarer < ROWS_A_CLASS + design.width {
        return Ok(None);
    }
    let weights = terms.weights.map(|weights| sample.of(weights));
    let design = design.sampled(terms.features, sample);
    let loss = LogLoss {
        design: &design,
        classes: &classes,
        weights: weights.as_deref(),
        outputs: 1,
    };
    let share = sample.rows() as f64 / terms.features.rows() as f64;
    let objective = Objective::new(loss, terms.settings, share);
    Ok(
        match descend(&objective, start, SAMPLE_TOLERANCE, context)? {
            End::Rest(point, _) => Some(Start {
                hessian: factored(&objective, &point),
                point,
            }),
            End::NoNumber | End::Singular => None,
        },
    )
}

/// The factored Hessian of the mean loss.
fn factored(objective: &Objective<'_>, point: &[f64]) -> Option<Cholesky> {
    let size = objective.stride();
    let mut hessian = objective.loss.hessian(point);
    objective.forget_ones(&mut hessian);
    hessian
        .iter_mut()
        .for_each(|value| *value /= objective.total);
    let trace = (0..size).map(|index| hessian[index * size + index]);
    let least = 1e-9 * trace.sum::<f64>() / size as f64;
    for (index, ridge) in objective.ridge.iter().enumerate() {
        hessian[index * size + index] += ridge + least;
    }
    Cholesky::new(hessian, size)
}

/// Goes down until no slope is steeper than `tolerance`.
fn descend(
    objective: &Objective<'_>,
    start: Start,
    tolerance: f64,
    context: &FitContext<'_>,
) -> Result<End, FitError> {
    let Start {
        mut point,
        mut hessian,
    } = start;
    let (mut value, mut gradient) = objective.evaluate(&point);
    if !value.is_finite() {
        return Ok(End::NoNumber);
    }
    let mut memory = Memory::default();
    let most = objective.settings.most;
    for iteration in 0..most {
        if steepest(&gradient) <= tolerance {
            return Ok(End::Rest(point, iteration));
        }
        context.check()?;
        let is_own = hessian.is_none();
        if is_own {
            memory = Memory::default();
            hessian = factored(objective, &point);
        }
        let Some(own) = &hessian else {
            return Ok(End::Singular);
        };
        let direction = memory.direction(&gradient, |direction| {
            own.solve(direction);
            objective.hold_intercept(direction);
        });
        let Some((next, next_value, next_gradient)) =
            search(objective, &point, value, &gradient, &direction)
        else {
            if is_own {
                return Ok(End::Rest(point, iteration));
            }
            hessian = None;
            continue;
        };
        let share = steepest(&next_gradient) / steepest(&gradient);
        if share > 0.5 && value - next_value <= ROUNDING * 1e-2 * value.abs() {
            return Ok(End::Rest(next, iteration + 1));
        }
        if share > SERVES {
            hessian = None;
        } else {
            memory.push(&point, &next, &gradient, &next_gradient);
        }
        (point, value, gradient) = (next, next_value, next_gradient);
        (context.progress)((iteration + 1) as f64 / most as f64);
    }
    Ok(End::Rest(point, most))
}

/// The first of the steps 1, ½, ¼ … that goes down as far as the slope promises.
fn search(
    objective: &Objective<'_>,
    point: &[f64],
    value: f64,
    gradient: &[f64],
    direction: &[f64],
) -> Option<(Vec<f64>, f64, Vec<f64>)> {
    let slope = dot(direction, gradient);
    let mut step = 1.0;
    while slope < 0.0 && step > 1e-8 {
        let trial: Vec<f64> = point
            .iter()
            .zip(direction)
            .map(|(value, change)| value + step * change)
            .collect();
        let (trial_value, trial_gradient) = objective.evaluate(&trial);
        if trial_value <= value + 1e-4 * step * slope + ROUNDING * value.abs() {
            return Some((trial, trial_value, trial_gradient));
        }
        step *= 0.5;
    }
    None
}
