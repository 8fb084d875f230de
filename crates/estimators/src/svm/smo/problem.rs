//! What is to be minimised, what was found, and the optimality conditions that tell one from the other.

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
    pub(crate) fn size(&self) -> usize {
        self.start.len()
    }

    /// What is added to the gradient of a sample that moves up; infinite when it may not.
    pub(crate) fn up(&self, index: usize, beta: f64) -> f64 {
        if beta >= self.upper[index] {
            f64::INFINITY
        } else if beta >= 0.0 {
            self.epsilon
        } else {
            -self.epsilon
        }
    }

    /// What is added to the gradient of a sample that moves down; infinite when it may not.
    pub(crate) fn down(&self, index: usize, beta: f64) -> f64 {
        if beta <= self.lower[index] {
            f64::NEG_INFINITY
        } else if beta > 0.0 {
            self.epsilon
        } else {
            -self.epsilon
        }
    }

    /// Where a sample that moves up must stop, or its slope changes.
    pub(crate) fn end_up(&self, index: usize, beta: f64) -> f64 {
        if self.epsilon > 0.0 && beta < 0.0 {
            0.0
        } else {
            self.upper[index]
        }
    }

    pub(crate) fn end_down(&self, index: usize, beta: f64) -> f64 {
        if self.epsilon > 0.0 && beta > 0.0 {
            0.0
        } else {
            self.lower[index]
        }
    }

    /// Least gradient of what may move up, and largest of what may move down.
    pub(crate) fn ends(&self, beta: &[f64], gradient: &[f64]) -> (f64, f64) {
        let mut ends = (f64::INFINITY, f64::NEG_INFINITY);
        for (index, (&beta, &gradient)) in beta.iter().zip(gradient).enumerate() {
            ends.0 = ends.0.min(gradient + self.up(index, beta));
            ends.1 = ends.1.max(gradient + self.down(index, beta));
        }
        ends
    }

    /// The constant: minus the mean gradient of free samples, or else the middle of what is possible.
    pub(crate) fn bias(&self, beta: &[f64], gradient: &[f64]) -> f64 {
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
    pub(crate) fn fits_single(&self, tolerance: f64) -> bool {
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
