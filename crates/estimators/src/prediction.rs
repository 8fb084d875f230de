//! What a fitted algorithm answers.

use std::borrow::Borrow;

/// One answer a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Prediction {
    /// Class probabilities, row-major `rows × classes`; every row sums to 1.
    Classes {
        /// `rows × classes` values in `0.0..=1.0`.
        probabilities: Vec<f64>,
        /// Number of classes.
        classes: usize,
    },
    /// Numbers, one a row.
    Values(Vec<f64>),
}

impl Prediction {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        match self {
            Self::Classes {
                probabilities,
                classes,
            } => probabilities.len() / (*classes).max(1),
            Self::Values(values) => values.len(),
        }
    }

    /// The weighted sum of answers to the same rows, added up in the order given; no rows when there are no answers.
    pub fn mean<P: Borrow<Self>>(answers: impl IntoIterator<Item = (f64, P)>) -> Self {
        let mut sum: Option<Self> = None;
        for (weight, answer) in answers {
            let Some(sum) = &mut sum else {
                let mut first = answer.borrow().clone();
                first
                    .numbers_mut()
                    .iter_mut()
                    .for_each(|value| *value *= weight);
                sum = Some(first);
                continue;
            };
            let pairs = sum.numbers_mut().iter_mut().zip(answer.borrow().numbers());
            pairs.for_each(|(sum, value)| *sum += weight * value);
        }
        sum.unwrap_or(Self::Values(Vec::new()))
    }

    /// Answers to more and more rows, one after the other; they must be of one kind.
    pub fn concat(answers: impl IntoIterator<Item = Self>) -> Self {
        let mut answers = answers.into_iter();
        let Some(mut all) = answers.next() else {
            return Self::Values(Vec::new());
        };
        for answer in answers {
            all.numbers_mut().extend_from_slice(answer.numbers());
        }
        all
    }

    /// The answers to the given rows (positions), in the given order.
    #[must_use]
    pub fn take(&self, rows: &[usize]) -> Self {
        match self {
            Self::Classes {
                probabilities,
                classes,
            } => Self::Classes {
                probabilities: rows
                    .iter()
                    .flat_map(|row| &probabilities[row * classes..(row + 1) * classes])
                    .copied()
                    .collect(),
                classes: *classes,
            },
            Self::Values(values) => Self::Values(rows.iter().map(|&row| values[row]).collect()),
        }
    }

    fn numbers(&self) -> &[f64] {
        match self {
            Self::Classes { probabilities, .. } => probabilities,
            Self::Values(values) => values,
        }
    }

    fn numbers_mut(&mut self) -> &mut Vec<f64> {
        match self {
            Self::Classes { probabilities, .. } => probabilities,
            Self::Values(values) => values,
        }
    }

    /// The most probable class of each row (the first among equals), or `None` for numbers.
    pub fn labels(&self) -> Option<Vec<u32>> {
        let Self::Classes {
            probabilities,
            classes,
        } = self
        else {
            return None;
        };
        Some(
            probabilities
                .chunks_exact((*classes).max(1))
                .map(argmax)
                .collect(),
        )
    }
}

/// Index of the largest value; the first among equals.
pub fn argmax(values: &[f64]) -> u32 {
    let mut best = 0;
    for (index, value) in values.iter().enumerate() {
        if *value > values[best] {
            best = index;
        }
    }
    best as u32
}
