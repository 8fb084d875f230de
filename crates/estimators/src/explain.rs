//! Why a model answers as it does: contributions of columns to single answers, and curves of answers over one column.
//!
//! What lives here: Shapley values (Shapley 1953; Štrumbelj & Kononenko 2014; Lundberg & Lee 2017) in three ways. Trees
//! have theirs exactly by the rows that went down each branch (`trees`, from the row counts in `covers`), linear models
//! from their coefficients, and everything else is asked about mixtures of rows (`sampled`). `reasons` adds up the
//! features made from one table column; `dependence` draws curves. What it may touch: a fitted
//! [`Predictor`](crate::predictor::Predictor) and rows. How much a column matters for the whole table is in
//! [`importance`](crate::importance).

pub(crate) mod covers;
mod dependence;
mod quadrature;
mod reasons;
mod sampled;
pub(crate) mod trees;

pub use dependence::{
    Dependence, Level, MOST_CURVES, MOST_POINTS, MOST_ROWS, grid, partial_dependence, what_if,
};
pub use reasons::{Explanation, Reason, contributions};

use serde::{Deserialize, Serialize};

/// What the base and the contributions of a row add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// The probability of each class; one output a class.
    Probability,
    /// The natural logarithm of the odds of the second of two classes; one output.
    LogOdds,
    /// A score for each class, one output a class; probabilities are their softmax.
    ClassScores,
    /// The number that is predicted; one output.
    Number,
    /// The natural logarithm of the number that is predicted; one output.
    LogNumber,
}

/// How contributions were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Exactly, for trees: a column that is not known is averaged over by the training rows that went down each branch
    /// (path-dependent; Lundberg, Erion & Lee 2018).
    Trees,
    /// Exactly, for linear models: a column that is not known stands at its mean over the training rows (interventional).
    Linear,
    /// By asking the model about mixtures of the row with background rows, in random orders (Štrumbelj & Kononenko 2014).
    Sampled,
}

/// How much each feature moves each answer away from the base.
///
/// For every row and output, the base and the values of all features add up to what the model answers on this
/// [`scale`](Self::scale), but for rounding.
#[derive(Clone, Debug, PartialEq)]
pub struct Contributions {
    /// Sums a row; see [`Scale`].
    pub outputs: usize,
    /// Features a row.
    pub features: usize,
    /// What is answered when nothing is known, one an output.
    pub base: Vec<f64>,
    /// `rows × outputs × features`, in units of the scale.
    pub values: Vec<f64>,
    /// What the sums are.
    pub scale: Scale,
    /// How the values were found.
    pub method: Method,
}

impl Contributions {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.values.len() / (self.outputs * self.features).max(1)
    }

    /// The values of one row and output, one a feature; empty when there is no such row or output.
    pub fn of(&self, row: usize, output: usize) -> &[f64] {
        if output >= self.outputs {
            return &[];
        }
        let first = (row * self.outputs + output) * self.features;
        self.values
            .get(first..first + self.features)
            .unwrap_or_default()
    }
}
