//! L-BFGS for many classes and many columns, which starts from the bound of the curvature by Böhning (1992) and so needs
//! few steps. Of many rows, a sample comes first: all rows then start near the minimum, and know how the loss bends.

use super::design::Design;
use super::lbfgs::{self, Minimum};
use super::loss::LogLoss;
use super::objective::{Objective, Solution, Terms, steepest};
use super::tiles::Sample;
use crate::kernels::cholesky::Cholesky;
use crate::{FitContext, FitError};

/// Columns up to which the bound of the curvature is written out.
pub(crate) const BOUND_COLUMNS: usize = 1_500;

/// Rows from which a sample comes first.
const MANY_ROWS: usize = 12_288;
/// Rows of a sample, and how much smaller it is than everything.
const SAMPLE_ROWS: std::ops::RangeInclusive<usize> = 4_096..=24_576;
const SHRINKAGE: usize = 5;
/// Rows of a sample for each column.
const ROWS_A_COLUMN: usize = 20;
/// How well a sample is solved: its own error is much larger.
const SAMPLE_TOLERANCE: f64 = 2e-3;

/// Minimises the objective.
pub(crate) fn solve(terms: &Terms<'_>, context: &FitContext<'_>) -> Result<Solution, FitError> {
    let design = Design::new(terms.features, terms.settings.intercept);
    let objective = terms.objective(&design);
    let rows = terms.features.rows();
    let wanted = (rows / SHRINKAGE).clamp(*SAMPLE_ROWS.start(), *SAMPLE_ROWS.end());
    let guess = Guess::new(&objective);
    let start = if rows >= MANY_ROWS && wanted >= ROWS_A_COLUMN * design.width {
        from_sample(terms, &design, &Sample::new(rows, wanted), &guess, context)?
    } else {
        Minimum::start(vec![0.0; objective.stride() * terms.outputs])
    };
    let tolerance = objective.settings.tolerance;
    let found = descend(&objective, &guess, start, tolerance, context)?;
    Ok(objective.solution(&found.point, found.iterations))
}

/// Minimises the objective on its design, from 0.
pub(crate) fn minimise(
    objective: &Objective<'_>,
    context: &FitContext<'_>,
) -> Result<Solution, FitError> {
    let start = Minimum::start(vec![0.0; objective.stride() * objective.loss.outputs]);
    let tolerance = objective.settings.tolerance;
    let found = descend(objective, &Guess::new(objective), start, tolerance, context)?;
    Ok(objective.solution(&found.point, found.iterations))
}

/// The minimum of a sample, and how the loss bends on the way there.
fn from_sample(
    terms: &Terms<'_>,
    design: &Design<'_, f32>,
    sample: &Sample,
    guess: &Guess,
    context: &FitContext<'_>,
) -> Result<Minimum, FitError> {
    let classes = sample.of(terms.classes);
    let weights = terms.weights.map(|weights| sample.of(weights));
    let design = design.sampled(terms.features, sample);
    let loss = LogLoss {
        design: &design,
        classes: &classes,
        weights: weights.as_deref(),
        outputs: terms.outputs,
    };
    let share = sample.rows() as f64 / terms.features.rows() as f64;
    let objective = Objective::new(loss, terms.settings, share);
    let start = Minimum::start(vec![0.0; objective.stride() * terms.outputs]);
    descend(&objective, guess, start, SAMPLE_TOLERANCE, context)
}

fn descend(
    objective: &Objective<'_>,
    guess: &Guess,
    start: Minimum,
    tolerance: f64,
    context: &FitContext<'_>,
) -> Result<Minimum, FitError> {
    let precondition = |direction: &mut [f64]| {
        for own in direction.chunks_exact_mut(objective.stride()) {
            guess.solve(own);
            objective.hold_intercept(own);
        }
    };
    let evaluate = |point: &[f64]| {
        context.check()?;
        Ok::<_, FitError>(objective.evaluate(point))
    };
    let flat = |gradient: &[f64]| steepest(gradient) <= tolerance;
    lbfgs::minimise(start, objective.settings.most, evaluate, precondition, flat)
}

/// The bound of the mean loss's curvature, for each output.
enum Guess {
    Factored(Cholesky),
    Diagonal(Vec<f64>),
}

impl Guess {
    fn new(objective: &Objective<'_>) -> Self {
        let bound = curvature_bound(objective);
        let factored = if objective.stride() <= BOUND_COLUMNS {
            factored_bound(objective, bound)
        } else {
            None
        };
        factored.map_or_else(
            || Self::Diagonal(diagonal_bound(objective, bound)),
            Self::Factored,
        )
    }

    fn solve(&self, own: &mut [f64]) {
        match self {
            Self::Factored(factored) => factored.solve(own),
            Self::Diagonal(diagonal) => own
                .iter_mut()
                .zip(diagonal)
                .for_each(|(value, curvature)| *value /= curvature),
        }
    }
}

/// The most that a row's loss bends in any direction of its numbers.
pub(crate) fn curvature_bound(objective: &Objective<'_>) -> f64 {
    if objective.loss.outputs == 1 {
        0.25
    } else {
        0.5
    }
}

/// The factored bound of the mean loss's curvature.
fn factored_bound(objective: &Objective<'_>, bound: f64) -> Option<Cholesky> {
    let size = objective.stride();
    let mut matrix = objective.design().gram(objective.loss.weights, None).matrix;
    objective.forget_ones(&mut matrix);
    matrix
        .iter_mut()
        .for_each(|value| *value *= bound / objective.total);
    let trace = (0..size).map(|index| matrix[index * size + index]);
    let least = 1e-7 * trace.sum::<f64>() / size as f64;
    for (index, ridge) in objective.ridge.iter().enumerate() {
        matrix[index * size + index] += ridge + least;
    }
    Cholesky::new(matrix, size)
}

/// The bound of each coefficient alone: numbers are scaled, levels count their rows.
fn diagonal_bound(objective: &Objective<'_>, bound: f64) -> Vec<f64> {
    let mut diagonal = vec![1.0; objective.stride()];
    for category in &objective.design().categories {
        let mut counts = vec![0.0; category.levels];
        for (row, &code) in category.codes.iter().enumerate() {
            if let Some(count) = counts.get_mut(code as usize) {
                *count += objective.loss.weights.map_or(1.0, |weights| weights[row]);
            }
        }
        counts
            .iter()
            .enumerate()
            .for_each(|(level, count)| diagonal[category.offset + level] = count / objective.total);
    }
    diagonal
        .iter()
        .zip(&objective.ridge)
        .map(|(own, ridge)| bound * own + ridge + 1e-9)
        .collect()
}
