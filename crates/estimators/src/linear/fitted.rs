//! A fitted linear model: coefficients for features as they are.

use crate::explain::{Contributions, Method, Scale};
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
    /// Of each design column, the mean over the training rows (of a level, its share of them); `None` when the model
    /// comes from a file that does not hold them.
    pub(crate) means: Option<Vec<f64>>,
    /// Passes over the data that the solver took.
    pub(crate) iterations: usize,
}

/// The mean of each design column; what is missing adds nothing to an answer and counts as 0.
pub(crate) fn means(features: &Features) -> Vec<f64> {
    let rows = features.rows().max(1) as f64;
    let columns = features.columns().par_iter();
    let means: Vec<Vec<f64>> = columns
        .map(|column| match &column.values {
            FeatureValues::Numeric(values) => {
                // Each divided first, so that sums of huge numbers stay finite.
                let present = values.iter().filter(|value| !value.is_nan());
                let parts = present.map(|value| value.clamp(f64::MIN, f64::MAX) / rows);
                vec![parts.sum::<f64>().clamp(f64::MIN, f64::MAX)]
            }
            FeatureValues::Categorical { codes, levels } => {
                let mut counts = vec![0_usize; *levels as usize];
                for &code in codes {
                    if let Some(count) = counts.get_mut(code as usize) {
                        *count += 1;
                    }
                }
                counts.iter().map(|&count| count as f64 / rows).collect()
            }
        })
        .collect();
    means.concat()
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
        let means = if state.has_added("means")? {
            let means = state.f64s("means")?;
            if means.len() as u64 != width || means.iter().any(|mean| !mean.is_finite()) {
                return Err(StateError("the means do not fit the columns".to_owned()));
            }
            Some(means.to_vec())
        } else {
            None
        };
        Ok(Box::new(Self {
            link,
            outputs,
            levels,
            coefficients,
            means,
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

    /// A feature adds what it adds to the row's number, less what it adds on average (of a category, the mean of the
    /// coefficients of all rows' levels): the Shapley value of a sum when features stand at their means by themselves.
    fn contributions(&self, features: &Features) -> Option<Contributions> {
        let means = self.means.as_ref()?;
        let (outputs, width) = (self.outputs, self.levels.len());
        let stride = self.coefficients.len() / outputs;
        let part = |coefficient: f64, value: f64| (coefficient * value).clamp(-LARGEST, LARGEST);
        let mut base: Vec<f64> = (0..outputs)
            .map(|output| self.coefficients[output * stride + stride - 1])
            .collect();
        let mut values = vec![0.0; features.rows() * outputs * width];
        let mut numbers = vec![0.0; features.rows() * outputs];
        let mut offset = 0;
        for (index, &levels) in self.levels.iter().enumerate() {
            let own = offset..offset + levels.max(1) as usize;
            let usual: Vec<f64> = (0..outputs)
                .map(|output| {
                    let coefficients = &self.coefficients[output * stride..][own.clone()];
                    let parts = coefficients.iter().zip(&means[own.clone()]);
                    parts.map(|(own, mean)| part(*own, *mean)).sum()
                })
                .collect();
            base.iter_mut()
                .zip(&usual)
                .for_each(|(base, usual)| *base += usual);
            numbers.fill(0.0);
            if let Some(column) = features.columns().get(index) {
                self.add_column(&column.values, levels, offset, 0, &mut numbers);
            }
            for (place, number) in numbers.iter().enumerate() {
                values[place * width + index] = number - usual[place % outputs];
            }
            offset = own.end;
        }
        Some(Contributions {
            outputs,
            features: width,
            base,
            values,
            scale: match self.link {
                Link::Identity => Scale::Number,
                Link::Logistic => Scale::LogOdds,
                Link::Softmax => Scale::ClassScores,
            },
            method: Method::Linear,
        })
    }

    fn save(&self) -> State {
        State::default()
            .with_added("means", self.means.clone().map(Array::F64))
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
