//! What a fitted algorithm answers.

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
