//! Limited-memory BFGS (Liu and Nocedal, 1989) with a preconditioner as its first guess of the inverse Hessian.

use std::collections::VecDeque;

/// Remembered steps.
const MEMORY: usize = 12;
/// Halvings of a step before giving up.
const HALVINGS: usize = 30;
/// Rounding of values, as a share of them, where rows are added up in `f32`.
pub(crate) const ROUNDING: f64 = 1e-7;
/// Steps without progress beyond rounding before giving up.
const IDLE: usize = 5;

/// Where a minimisation stands: to begin with, or in the end.
pub(crate) struct Minimum {
    pub(crate) point: Vec<f64>,
    pub(crate) memory: Memory,
    pub(crate) iterations: usize,
}

impl Minimum {
    /// A point to begin at, about which nothing is known.
    pub(crate) fn start(point: Vec<f64>) -> Self {
        Self {
            point,
            memory: Memory::default(),
            iterations: 0,
        }
    }
}

/// Goes down from `start` until `flat` says that the gradient is small, or `most` steps are made. `evaluate` gives value
/// and gradient (or ends everything); `precondition` multiplies by an approximate inverse Hessian in place, right up to
/// a factor.
pub(crate) fn minimise<E>(
    start: Minimum,
    most: usize,
    mut evaluate: impl FnMut(&[f64]) -> Result<(f64, Vec<f64>), E>,
    precondition: impl Fn(&mut [f64]),
    flat: impl Fn(&[f64]) -> bool,
) -> Result<Minimum, E> {
    let Minimum {
        mut point,
        mut memory,
        ..
    } = start;
    let (mut value, mut gradient) = evaluate(&point)?;
    let mut factor = memory.factor(&precondition);
    let (mut iterations, mut idle) = (0, 0);
    while iterations < most && idle < IDLE && !flat(&gradient) && value.is_finite() {
        let guess = |direction: &mut [f64]| {
            precondition(direction);
            direction.iter_mut().for_each(|value| *value *= factor);
        };
        let direction = memory.direction(&gradient, guess);
        let slope = dot(&direction, &gradient);
        let mut step = 1.0;
        let mut accepted = None;
        for _ in 0..HALVINGS {
            if slope.is_nan() || slope >= 0.0 {
                break;
            }
            let trial: Vec<f64> = point
                .iter()
                .zip(&direction)
                .map(|(value, change)| value + step * change)
                .collect();
            let (trial_value, trial_gradient) = evaluate(&trial)?;
            if trial_value <= value + 1e-4 * step * slope + ROUNDING * value.abs() {
                accepted = Some((trial, trial_value, trial_gradient));
                break;
            }
            step *= 0.5;
        }
        let Some((next, next_value, next_gradient)) = accepted else {
            if memory.0.is_empty() {
                break;
            }
            (memory, factor) = (Memory::default(), 1.0);
            continue;
        };
        memory.push(&point, &next, &gradient, &next_gradient);
        factor = memory.factor(&precondition);
        idle = if value - next_value <= ROUNDING * 1e-2 * value.abs() {
            idle + 1
        } else {
            0
        };
        (point, value, gradient) = (next, next_value, next_gradient);
        iterations += 1;
    }
    Ok(Minimum {
        point,
        memory,
        iterations,
    })
}

/// The last steps, each with the change of the gradient and the inverse of their product.
#[derive(Default)]
pub(crate) struct Memory(VecDeque<(Vec<f64>, Vec<f64>, f64)>);

impl Memory {
    /// Remembers a step from `point` to `next` where the objective bends upwards.
    pub(crate) fn push(
        &mut self,
        point: &[f64],
        next: &[f64],
        gradient: &[f64],
        next_gradient: &[f64],
    ) {
        let difference = |after: &[f64], before: &[f64]| -> Vec<f64> {
            after
                .iter()
                .zip(before)
                .map(|(after, before)| after - before)
                .collect()
        };
        let (change, bend) = (difference(next, point), difference(next_gradient, gradient));
        let curvature = dot(&change, &bend);
        if curvature > 1e-12 * dot(&bend, &bend).sqrt() * dot(&change, &change).sqrt() {
            if self.0.len() == MEMORY {
                self.0.pop_front();
            }
            self.0.push_back((change, bend, 1.0 / curvature));
        }
    }

    /// The factor that makes a guess of H⁻¹ fit the last step (Shanno and Phua, 1978).
    fn factor(&self, precondition: impl Fn(&mut [f64])) -> f64 {
        self.0.back().map_or(1.0, |(_, bend, inverse)| {
            let mut image = bend.clone();
            precondition(&mut image);
            let factor = 1.0 / (inverse * dot(bend, &image));
            if factor.is_finite() && factor > 0.0 {
                factor
            } else {
                1.0
            }
        })
    }

    /// −H⁻¹·gradient by the remembered steps, from a first guess of H⁻¹ that multiplies in place.
    pub(crate) fn direction(
        &self,
        gradient: &[f64],
        precondition: impl Fn(&mut [f64]),
    ) -> Vec<f64> {
        let mut direction: Vec<f64> = gradient.iter().map(|value| -value).collect();
        let mut shares = Vec::with_capacity(self.0.len());
        for (change, bend, inverse) in self.0.iter().rev() {
            let share = inverse * dot(change, &direction);
            direction
                .iter_mut()
                .zip(bend)
                .for_each(|(value, bend)| *value -= share * bend);
            shares.push(share);
        }
        precondition(&mut direction);
        for ((change, bend, inverse), share) in self.0.iter().zip(shares.iter().rev()) {
            let back = share - inverse * dot(bend, &direction);
            direction
                .iter_mut()
                .zip(change)
                .for_each(|(value, change)| *value += back * change);
        }
        direction
    }
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
        let found = minimise(
            Minimum::start(vec![-1.2, 1.0]),
            500,
            evaluate,
            scale,
            |gradient| dot(gradient, gradient) < 1e-18,
        );
        assert!(found.is_ok_and(
            |found| (found.point[0] - 1.0).abs() < 1e-6 && (found.point[1] - 1.0).abs() < 1e-6
        ));
    }
}
