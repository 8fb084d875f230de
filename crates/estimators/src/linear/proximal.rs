//! Absolute-value penalties: the bound of the curvature by Böhning (1992) is minimised by coordinate descent again and
//! again, from where the last round ended, with Nesterov's momentum. Too many columns to write the bound out: its
//! largest eigenvalue stands for it, which makes this FISTA (Beck and Teboulle, 2009).

use super::coordinate::{Quadratic, shrink};
use super::design::Design;
use super::lbfgs::dot;
use super::objective::{Objective, Solution, Terms};
use super::quasi_newton::{BOUND_COLUMNS, curvature_bound};
use crate::{FitContext, FitError};

/// Minimises the objective.
pub(crate) fn solve(terms: &Terms<'_>, context: &FitContext<'_>) -> Result<Solution, FitError> {
    let design = Design::new(terms.features, terms.settings.intercept);
    let objective = terms.objective(&design);
    let size = objective.stride();
    let bound = curvature_bound(&objective);
    let gram = (size <= BOUND_COLUMNS).then(|| {
        let mut gram = design.gram(terms.weights, None).matrix;
        objective.forget_ones(&mut gram);
        gram
    });
    let steepest = if gram.is_none() {
        largest_curvature(&objective, bound)
    } else {
        0.0
    };
    let most = objective.settings.most.max(100) * 5;
    let mut point = vec![0.0; size * terms.outputs];
    let mut look = point.clone();
    let mut momentum = 1.0_f64;
    for iteration in 0..most {
        context.check()?;
        let (_, gradient) = objective.evaluate(&look);
        let mut next = look.clone();
        for (own, slopes) in next.chunks_exact_mut(size).zip(gradient.chunks_exact(size)) {
            match &gram {
                Some(matrix) => {
                    let quadratic = Quadratic {
                        matrix,
                        size,
                        l1: &objective.l1,
                        l2: &objective.ridge,
                        factor: bound / objective.total,
                    };
                    quadratic.minimise(own, slopes, 50, 1e-6);
                }
                None => {
                    for (index, value) in own.iter_mut().enumerate() {
                        let curvature = steepest + objective.ridge[index];
                        let goal = *value - slopes[index] / curvature;
                        *value = shrink(goal, objective.l1[index] / curvature);
                    }
                }
            }
            objective.hold_intercept(own);
        }
        let moved = next
            .iter()
            .zip(&point)
            .map(|(after, before)| (after - before).abs())
            .fold(0.0, f64::max);
        let largest = next.iter().map(|value| value.abs()).fold(0.0, f64::max);
        if moved <= objective.settings.tolerance * 0.1 * largest.max(1e-12) {
            return Ok(objective.solution(&next, iteration + 1));
        }
        // Momentum is dropped when it points uphill.
        let uphill: f64 = look
            .iter()
            .zip(&next)
            .zip(&point)
            .map(|((look, next), old)| (look - next) * (next - old))
            .sum();
        let (following, share) = if uphill > 0.0 {
            (1.0, 0.0)
        } else {
            let following = f64::midpoint(1.0, (1.0 + 4.0 * momentum * momentum).sqrt());
            (following, (momentum - 1.0) / following)
        };
        look = next
            .iter()
            .zip(&point)
            .map(|(after, before)| after + share * (after - before))
            .collect();
        (point, momentum) = (next, following);
    }
    Ok(objective.solution(&point, most))
}

/// The largest eigenvalue of the bound, by powers.
fn largest_curvature(objective: &Objective<'_>, bound: f64) -> f64 {
    let size = objective.stride();
    let mut direction = vec![1.0 / (size as f64).sqrt(); size];
    let mut largest = 1.0;
    for _ in 0..30 {
        let (_, image) = objective.design().sweep(&direction, |rows| {
            if let Some(weights) = objective.loss.weights {
                rows.numbers
                    .iter_mut()
                    .zip(&weights[rows.first..])
                    .for_each(|(value, weight)| *value *= *weight as f32);
            }
            0.0
        });
        largest = dot(&image, &image).sqrt();
        direction = image
            .iter()
            .map(|value| value / largest.max(f64::MIN_POSITIVE))
            .collect();
    }
    1.1 * bound * largest / objective.total
}
