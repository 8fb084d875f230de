//! Limited-memory BFGS (Liu and Nocedal, 1989) with a preconditioner as its first guess of the inverse Hessian.

use std::collections::VecDeque;

/// Remembered steps.
const MEMORY: usize = 10;
/// Halvings of a step before giving up.
const HALVINGS: usize = 30;

/// How a minimisation went.
pub(crate) struct Minimum {
    pub(crate) point: Vec<f64>,
    pub(crate) iterations: usize,
}

/// Goes down from `point` until `flat` says that the gradient is small, or `most` steps are made. `evaluate` gives value
/// and gradient (or ends everything); `precondition` multiplies by an approximate inverse Hessian in place.
pub(crate) fn minimise<E>(
    mut point: Vec<f64>,
    most: usize,
    mut evaluate: impl FnMut(&[f64]) -> Result<(f64, Vec<f64>), E>,
    precondition: impl Fn(&mut [f64]),
    flat: impl Fn(&[f64]) -> bool,
) -> Result<Minimum, E> {
    let (mut value, mut gradient) = evaluate(&point)?;
    let mut memory: VecDeque<(Vec<f64>, Vec<f64>, f64)> = VecDeque::with_capacity(MEMORY);
    for iteration in 0..most {
        if flat(&gradient) || !value.is_finite() {
            return Ok(Minimum {
                point,
                iterations: iteration,
            });
        }
        let mut direction = two_loops(&gradient, &memory, &precondition);
        let mut slope = dot(&direction, &gradient);
        if slope >= 0.0 || !slope.is_finite() {
            memory.clear();
            direction = gradient.iter().map(|value| -value).collect();
            precondition(&mut direction);
            slope = dot(&direction, &gradient);
        }
        let mut step = 1.0;
        let mut accepted = None;
        for _ in 0..HALVINGS {
            let trial: Vec<f64> = point
                .iter()
                .zip(&direction)
                .map(|(value, change)| value + step * change)
                .collect();
            let (trial_value, trial_gradient) = evaluate(&trial)?;
            if trial_value <= value + 1e-4 * step * slope {
                accepted = Some((trial, trial_value, trial_gradient));
                break;
            }
            step *= 0.5;
        }
        let Some((next, next_value, next_gradient)) = accepted else {
            return Ok(Minimum {
                point,
                iterations: iteration,
            });
        };
        let change: Vec<f64> = next
            .iter()
            .zip(&point)
            .map(|(after, before)| after - before)
            .collect();
        let bend: Vec<f64> = next_gradient
            .iter()
            .zip(&gradient)
            .map(|(after, before)| after - before)
            .collect();
        let curvature = dot(&change, &bend);
        if curvature > 1e-12 * dot(&bend, &bend).sqrt() * dot(&change, &change).sqrt() {
            if memory.len() == MEMORY {
                memory.pop_front();
            }
            memory.push_back((change, bend, 1.0 / curvature));
        }
        (point, value, gradient) = (next, next_value, next_gradient);
    }
    Ok(Minimum {
        point,
        iterations: most,
    })
}

/// −H⁻¹·gradient by the remembered steps.
fn two_loops(
    gradient: &[f64],
    memory: &VecDeque<(Vec<f64>, Vec<f64>, f64)>,
    precondition: &impl Fn(&mut [f64]),
) -> Vec<f64> {
    let mut direction: Vec<f64> = gradient.iter().map(|value| -value).collect();
    let mut shares = Vec::with_capacity(memory.len());
    for (change, bend, inverse) in memory.iter().rev() {
        let share = inverse * dot(change, &direction);
        direction
            .iter_mut()
            .zip(bend)
            .for_each(|(value, bend)| *value -= share * bend);
        shares.push(share);
    }
    precondition(&mut direction);
    for ((change, bend, inverse), share) in memory.iter().zip(shares.iter().rev()) {
        let back = share - inverse * dot(bend, &direction);
        direction
            .iter_mut()
            .zip(change)
            .for_each(|(value, change)| *value += back * change);
    }
    direction
}

pub(crate) fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter()
        .zip(right)
        .map(|(left, right)| left * right)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_bottom_of_rosenbrocks_valley() {
        let evaluate = |point: &[f64]| {
            let (x, y) = (point[0], point[1]);
            let value = (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2);
            Ok::<_, ()>((
                value,
                vec![
                    -2.0 * (1.0 - x) - 400.0 * x * (y - x * x),
                    200.0 * (y - x * x),
                ],
            ))
        };
        let scale = |direction: &mut [f64]| direction.iter_mut().for_each(|value| *value *= 1e-3);
        let found = minimise(vec![-1.2, 1.0], 500, evaluate, scale, |gradient| {
            dot(gradient, gradient) < 1e-18
        });
        assert!(found.is_ok_and(
            |found| (found.point[0] - 1.0).abs() < 1e-6 && (found.point[1] - 1.0).abs() < 1e-6
        ));
    }
}
