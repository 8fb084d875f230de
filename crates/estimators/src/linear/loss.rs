//! The logistic loss of two classes and of many, with its gradient.

use super::design::{BLOCK, Design};
use super::fitted::{sigmoid, softmax};

/// Σ weight · loss over the rows, as a function of coefficients.
pub(crate) struct LogLoss<'a> {
    pub(crate) design: &'a Design<'a, f32>,
    pub(crate) classes: &'a [u32],
    pub(crate) weights: Option<&'a [f64]>,
    /// 1 for two classes, else one a class.
    pub(crate) outputs: usize,
}

/// Value and gradient, and for two classes the curvature of each row.
pub(crate) struct Evaluated {
    pub(crate) value: f64,
    pub(crate) gradient: Vec<f64>,
    pub(crate) curvature: Vec<f64>,
}

impl LogLoss<'_> {
    /// Value and gradient at some coefficients (`outputs` sets).
    pub(crate) fn evaluate(&self, coefficients: &[f64], with_curvature: bool) -> Evaluated {
        let outputs = self.outputs;
        let parts = self
            .design
            .products(coefficients, outputs, |first, numbers| {
                let mut value = 0.0;
                let mut residuals = vec![0.0_f32; numbers.len()];
                let mut curvature = Vec::with_capacity(if with_curvature { BLOCK } else { 0 });
                for (row, own) in numbers.chunks_exact_mut(outputs).enumerate() {
                    let class = self.classes[first + row] as usize;
                    let weight = self.weights.map_or(1.0, |weights| weights[first + row]);
                    let targets = &mut residuals[row * outputs..(row + 1) * outputs];
                    if outputs == 1 {
                        let number = own[0];
                        let actual = class as f64;
                        let predicted = sigmoid(number);
                        value += weight
                            * (number.max(0.0) + (-number.abs()).exp().ln_1p() - actual * number);
                        targets[0] = (weight * (predicted - actual)) as f32;
                        if with_curvature {
                            curvature.push(weight * (predicted * (1.0 - predicted)).max(1e-12));
                        }
                    } else {
                        let actual = own[class];
                        value += weight * (softmax(own) - actual);
                        for (output, (target, share)) in
                            targets.iter_mut().zip(own.iter()).enumerate()
                        {
                            *target =
                                (weight * (share - f64::from(u8::from(output == class)))) as f32;
                        }
                    }
                }
                (value, residuals, curvature)
            });
        let value = parts.iter().map(|part| part.0).sum();
        let mut residuals = Vec::with_capacity(self.design.rows * outputs);
        let mut curvature = Vec::new();
        for (_, residual, own) in parts {
            residuals.extend(residual);
            curvature.extend(own);
        }
        Evaluated {
            value,
            gradient: self.design.transposed_products(&residuals, outputs),
            curvature,
        }
    }

    /// Σ weight.
    pub(crate) fn total_weight(&self) -> f64 {
        self.weights
            .map_or(self.design.rows as f64, |weights| weights.iter().sum())
    }
}
