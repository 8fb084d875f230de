//! A fitted linear model: coefficients for features as they are.

use crate::features::{FeatureValues, Features};
use crate::{Array, Fitted, Prediction, State, StateError};
use rayon::prelude::*;

/// Rows answered together.
const BLOCK: usize = 1024;
/// A column's part of a sum at most, so that opposite infinities do not meet.
const LARGEST: f64 = 1e300;

/// How the numbers of a row become an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// The number itself.
    Identity,
    /// Two classes from one number.
    Logistic,
    /// One number a class.
    Softmax,
}

/// Coefficients and intercepts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FittedLinear {
    pub(crate) link: Link,
    /// Numbers a row: 1, or the number of classes under softmax.
    pub(crate) outputs: usize,
    /// Levels of each feature; 0 for a numeric one.
    pub(crate) levels: Vec<u32>,
    /// `outputs` sets of one coefficient a design column and the intercept.
    pub(crate) coefficients: Vec<f64>,
    /// Passes over the data that the solver took.
    pub(crate) iterations: usize,
}

/// Levels of each feature; 0 for a numeric one.
pub(crate) fn levels(features: &Features) -> Vec<u32> {
    let levels = features
        .columns()
        .iter()
        .map(|column| match &column.values {
            FeatureValues::Numeric(_) => 0,
            FeatureValues::Categorical { levels, .. } => *levels,
        });
    levels.collect()
}

impl FittedLinear {
    /// Reads what [`Fitted::save`] wrote.
    pub(crate) fn load(state: &State, link: Link) -> Result<Box<dyn Fitted>, StateError> {
        let levels = state.u32s("levels")?.to_vec();
        let coefficients = state.f64s("coefficients")?.to_vec();
        let outputs: usize = state.meta("outputs")?;
        let width: u64 = levels.iter().map(|&levels| u64::from(levels.max(1))).sum();
        let link = if link == Link::Logistic && outputs > 1 {
            Link::Softmax
        } else {
            link
        };
        let fits = outputs > 0
            && (width + 1).checked_mul(outputs as u64) == Some(coefficients.len() as u64)
            && (link == Link::Softmax || outputs == 1);
        if !fits || coefficients.iter().any(|value| !value.is_finite()) {
            return Err(StateError(
                "the coefficients do not fit the columns".to_owned(),
            ));
        }
        Ok(Box::new(Self {
            link,
            outputs,
            levels,
            coefficients,
            iterations: state.meta("iterations")?,
        }))
    }

    fn classes(&self) -> usize {
        match self.link {
            Link::Identity => 0,
            Link::Logistic => 2,
            Link::Softmax => self.outputs,
        }
    }

    /// Adds one column's part to the numbers of rows from `first`.
    fn add_column(
        &self,
        column: &FeatureValues,
        levels: u32,
        offset: usize,
        first: usize,
        numbers: &mut [f64],
    ) {
        let stride = self.coefficients.len() / self.outputs;
        match column {
            FeatureValues::Numeric(values) if levels == 0 => {
                for (own, &value) in numbers
                    .chunks_exact_mut(self.outputs)
                    .zip(values.get(first..).unwrap_or_default())
                {
                    if !value.is_nan() {
                        let value = value.clamp(f64::MIN, f64::MAX);
                        own.iter_mut().enumerate().for_each(|(output, number)| {
                            *number += (self.coefficients[output * stride + offset] * value)
                                .clamp(-LARGEST, LARGEST)
                        });
                    }
                }
            }
            FeatureValues::Categorical { codes, .. } => {
                for (own, &code) in numbers
                    .chunks_exact_mut(self.outputs)
                    .zip(codes.get(first..).unwrap_or_default())
                {
                    if code < levels {
                        own.iter_mut().enumerate().for_each(|(output, number)| {
                            *number += self.coefficients[output * stride + offset + code as usize]
                        });
                    }
                }
            }
            FeatureValues::Numeric(_) => {}
        }
    }
}

impl Fitted for FittedLinear {
    fn predict(&self, features: &Features) -> Prediction {
        let stride = self.coefficients.len() / self.outputs;
        let mut numbers = vec![0.0; features.rows() * self.outputs];
        numbers
            .par_chunks_mut(BLOCK * self.outputs)
            .enumerate()
            .for_each(|(block, numbers)| {
                for own in numbers.chunks_exact_mut(self.outputs) {
                    own.iter_mut().enumerate().for_each(|(output, number)| {
                        *number = self.coefficients[output * stride + stride - 1]
                    });
                }
                let mut offset = 0;
                for (column, &levels) in features.columns().iter().zip(&self.levels) {
                    self.add_column(&column.values, levels, offset, block * BLOCK, numbers);
                    offset += levels.max(1) as usize;
                }
            });
        match self.link {
            Link::Identity => Prediction::Values(
                numbers
                    .into_iter()
                    .map(|number| number.clamp(f64::MIN, f64::MAX))
                    .collect(),
            ),
            Link::Logistic => {
                let probabilities = numbers.iter().flat_map(|&number| {
                    let positive = sigmoid(number);
                    [1.0 - positive, positive]
                });
                Prediction::Classes {
                    probabilities: probabilities.collect(),
                    classes: 2,
                }
            }
            Link::Softmax => {
                for own in numbers.chunks_exact_mut(self.outputs) {
                    softmax(own);
                }
                Prediction::Classes {
                    probabilities: numbers,
                    classes: self.classes(),
                }
            }
        }
    }

    fn save(&self) -> State {
        State::default()
            .with("levels", Array::U32(self.levels.clone()))
            .with("coefficients", Array::F64(self.coefficients.clone()))
            .with_meta("outputs", self.outputs)
            .with_meta("iterations", self.iterations)
    }
}

/// 1 / (1 + e⁻ˣ) without overflow.
pub(crate) fn sigmoid(number: f64) -> f64 {
    if number >= 0.0 {
        1.0 / (1.0 + (-number).exp())
    } else {
        let raised = number.exp();
        raised / (1.0 + raised)
    }
}

/// Numbers to shares that sum to 1, in place; returns ln Σ eˣ.
pub(crate) fn softmax(numbers: &mut [f64]) -> f64 {
    let largest = numbers
        .iter()
        .copied()
        .fold(f64::NEG_INFINITY, f64::max)
        .clamp(f64::MIN, f64::MAX);
    let mut sum = 0.0;
    for number in numbers.iter_mut() {
        *number = (number.min(f64::MAX) - largest).exp();
        sum += *number;
    }
    numbers.iter_mut().for_each(|number| *number /= sum);
    largest + sum.ln()
}
