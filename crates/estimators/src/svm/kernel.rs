//! Kernels: how alike two samples are, from their product.

use crate::algorithm::Params;
use crate::kernels::exponential::{hyperbolic_tangent, power_of_two};
use crate::kernels::simd::wide;
use crate::{Array, State, StateError};
use serde::{Deserialize, Serialize};

/// Which function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Shape {
    /// x·z
    Linear,
    /// e^(−γ|x − z|²)
    Rbf,
    /// (γ x·z + coef0)^degree
    Poly,
    /// tanh(γ x·z + coef0)
    Sigmoid,
}

/// A kernel with its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kernel {
    pub(crate) shape: Shape,
    pub(crate) gamma: f64,
    pub(crate) degree: i32,
    pub(crate) coef0: f64,
}

impl Kernel {
    /// Reads the parameters; `scale` and `auto` are what those words stand for with these data.
    pub(crate) fn new(params: &Params, scale: f64, auto: f64) -> Self {
        let shape = match params.choice("kernel") {
            Some("linear") => Shape::Linear,
            Some("poly") => Shape::Poly,
            Some("sigmoid") => Shape::Sigmoid,
            _ => Shape::Rbf,
        };
        let gamma = match (params.number("gamma"), params.choice("gamma")) {
            (Some(gamma), _) => gamma,
            (None, Some("auto")) => auto,
            _ => scale,
        };
        Self {
            shape,
            gamma,
            degree: params.integer("degree").map_or(3, |degree| degree as i32),
            coef0: params.number("coef0").unwrap_or(0.0),
        }
    }

    /// Whether samples may be moved as a whole: distances do not change, and under the linear kernel the constant
    /// takes it up. Smaller numbers lose fewer digits.
    pub(crate) fn ignores_origin(&self) -> bool {
        matches!(self.shape, Shape::Linear | Shape::Rbf)
    }

    /// The kernel of a sample with itself, from its square x·x.
    pub(crate) fn own(&self, square: f32) -> f32 {
        match self.shape {
            Shape::Rbf => 1.0,
            _ => {
                let mut value = [square];
                self.apply(&mut value, 0.0, &[0.0]);
                value[0]
            }
        }
    }

    /// Products of one sample with others become kernel values; `square` and `squares` are x·x of both sides.
    #[inline]
    pub(crate) fn apply(&self, products: &mut [f32], square: f32, squares: &[f32]) {
        let (gamma, coef0) = (self.gamma as f32, self.coef0 as f32);
        match self.shape {
            Shape::Linear => {}
            Shape::Rbf => {
                let factor = (self.gamma * std::f64::consts::LOG2_E) as f32;
                wide(
                    #[inline(always)]
                    || {
                        for (value, other) in products.iter_mut().zip(squares) {
                            // Minus the squared distance, which rounding must not turn.
                            let nearness = (*value + *value) - (square + other);
                            let nearness = if nearness < 0.0 { nearness } else { 0.0 };
                            *value = power_of_two(factor * nearness);
                        }
                    },
                );
            }
            Shape::Poly => {
                let degree = self.degree;
                wide(
                    #[inline(always)]
                    || {
                        for value in products.iter_mut() {
                            *value = power(gamma * *value + coef0, degree);
                        }
                    },
                );
            }
            Shape::Sigmoid => wide(
                #[inline(always)]
                || {
                    for value in products.iter_mut() {
                        *value = hyperbolic_tangent(gamma * *value + coef0);
                    }
                },
            ),
        }
    }

    /// Adds itself to a state.
    pub(crate) fn save(&self, state: State) -> State {
        // Text keeps the kind; numbers whose every digit counts are kept as they are.
        let plain = Self {
            gamma: 0.0,
            coef0: 0.0,
            ..*self
        };
        state
            .with_meta("kernel", plain)
            .with("kernel numbers", Array::F64(vec![self.gamma, self.coef0]))
    }

    /// Reads what [`save`](Self::save) wrote.
    pub(crate) fn load(state: &State) -> Result<Self, StateError> {
        let mut kernel: Self = state.meta("kernel")?;
        match *state.f64s("kernel numbers")? {
            [gamma, coef0] => (kernel.gamma, kernel.coef0) = (gamma, coef0),
            _ => return Err(StateError("the kernel's numbers are not two".to_owned())),
        }
        if kernel.gamma.is_finite() && kernel.coef0.is_finite() && (0..=64).contains(&kernel.degree)
        {
            Ok(kernel)
        } else {
            Err(StateError(
                "the kernel's parameters are out of range".to_owned(),
            ))
        }
    }
}

/// Whole powers by squaring; a loop over the bits that is the same for all values.
#[inline(always)]
fn power(base: f32, exponent: i32) -> f32 {
    let (mut result, mut square, mut left) = (1.0, base, exponent);
    while left > 0 {
        if left & 1 == 1 {
            result *= square;
        }
        square *= square;
        left >>= 1;
    }
    result
}
