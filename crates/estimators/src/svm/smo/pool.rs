//! Pairs among samples of which all kernel values are at hand.

use super::problem::Problem;
use crate::kernels::prefetch::prefetch;
use crate::kernels::working_set::{
    First, LEAST_CURVATURE, Number, Second, choose_second, move_gradient,
};

/// Samples among which pairs are solved.
pub(crate) struct Pool<'a, T> {
    /// Numbers in the problem.
    pub(crate) numbers: &'a [u32],
    /// Kernel values between them.
    pub(crate) matrix: &'a [f32],
    pub(crate) gradient: Vec<T>,
    pub(crate) up: Vec<T>,
    pub(crate) down: Vec<T>,
    pub(crate) diagonal: Vec<f32>,
}

impl<T: Number> Pool<'_, T> {
    pub(crate) fn row(&self, at: usize) -> &[f32] {
        let size = self.numbers.len();
        &self.matrix[at * size..(at + 1) * size]
    }

    /// The sample that may move up with the least gradient.
    pub(crate) fn least(&self) -> (Option<usize>, T) {
        let mut best = (None, T::INFINITY);
        for (at, (&gradient, &up)) in self.gradient.iter().zip(&self.up).enumerate() {
            if gradient + up < best.1 {
                best = (Some(at), gradient + up);
            }
        }
        best
    }

    /// The sample to move down while `up`, which stands at `gradient`, moves up.
    pub(crate) fn second(&self, up: usize, gradient: T) -> Second<T> {
        // A row is too short for the processor to guess that it will be read to its end.
        prefetch(self.row(up));
        let first = First {
            gradient,
            diagonal: self.diagonal[up],
        };
        choose_second(
            first,
            &self.gradient,
            &self.down,
            self.row(up),
            &self.diagonal,
        )
    }

    /// Moves one sample up and another down by the same amount; returns which may move up next.
    pub(crate) fn step(
        &mut self,
        problem: &Problem,
        beta: &mut [f64],
        up: usize,
        down: usize,
    ) -> (Option<usize>, T) {
        prefetch(self.row(down));
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
