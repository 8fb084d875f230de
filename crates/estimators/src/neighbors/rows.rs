//! Features as rows: floats around an offset of each column, and category codes.

use crate::features::{FeatureValues, Features};

/// The level count that marks a numeric column.
pub(crate) const NUMERIC: u32 = u32::MAX;
/// A category without a known level, in a training row.
pub(crate) const UNKNOWN: u32 = u32::MAX;
/// The same in a query: it equals no code of a row, not even an unknown one.
pub(crate) const UNKNOWN_ASKED: u32 = u32::MAX - 1;
/// Numbers beyond are cut off, so that squares of differences stay finite.
const FARTHEST: f64 = 1e30;

/// How columns are read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Columns {
    /// Levels of each feature; [`NUMERIC`] for a numeric one.
    pub(crate) levels: Vec<u32>,
    /// Subtracted from each numeric column, in order; 0 for the others.
    pub(crate) offsets: Vec<f64>,
}

/// Rows side by side.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rows {
    pub(crate) count: usize,
    /// Numbers in a row.
    pub(crate) width: usize,
    /// Codes in a row.
    pub(crate) categories: usize,
    pub(crate) numbers: Vec<f32>,
    pub(crate) codes: Vec<u32>,
}

impl Columns {
    /// Looks at the columns. `centred` moves the origin near to the means, so that large numbers (years, prices) keep
    /// their last digits; distances do not change.
    pub(crate) fn new(features: &Features, centred: bool) -> Self {
        let columns = features.columns().iter();
        let (levels, offsets) = columns
            .map(|column| match &column.values {
                FeatureValues::Numeric(values) if centred => (NUMERIC, offset(values)),
                FeatureValues::Numeric(_) => (NUMERIC, 0.0),
                FeatureValues::Categorical { levels, .. } => (*levels, 0.0),
            })
            .unzip();
        Self { levels, offsets }
    }

    /// Numeric columns.
    pub(crate) fn width(&self) -> usize {
        self.levels
            .iter()
            .filter(|&&levels| levels == NUMERIC)
            .count()
    }

    /// Categories.
    pub(crate) fn categories(&self) -> usize {
        self.levels.len() - self.width()
    }

    /// Reads the rows `first..first + count`; what is no number counts as the offset, what is no level as `unknown`.
    pub(crate) fn read(
        &self,
        features: &Features,
        first: usize,
        count: usize,
        unknown: u32,
    ) -> Rows {
        let (width, categories) = (self.width(), self.categories());
        let mut numbers = vec![0.0; count * width];
        let mut codes = vec![unknown; count * categories];
        let (mut number, mut category) = (0, 0);
        let known = self.levels.iter().zip(&self.offsets);
        for (column, (&levels, offset)) in features.columns().iter().zip(known) {
            match &column.values {
                FeatureValues::Numeric(values) if levels == NUMERIC => {
                    let own = values.get(first..).unwrap_or_default();
                    let slots = numbers.iter_mut().skip(number).step_by(width.max(1));
                    for (slot, value) in slots.zip(own) {
                        let moved = value - offset;
                        if !moved.is_nan() {
                            // Adding 0 turns -0 into 0.
                            *slot = (moved.clamp(-FARTHEST, FARTHEST) + 0.0) as f32;
                        }
                    }
                }
                FeatureValues::Categorical { codes: own, .. } if levels != NUMERIC => {
                    let own = own.get(first..).unwrap_or_default();
                    let slots = codes.iter_mut().skip(category).step_by(categories.max(1));
                    for (slot, &code) in slots.zip(own) {
                        if code < levels.min(UNKNOWN_ASKED) {
                            *slot = code;
                        }
                    }
                }
                _ => {}
            }
            if levels == NUMERIC {
                number += 1;
            } else {
                category += 1;
            }
        }
        Rows {
            count,
            width,
            categories,
            numbers,
            codes,
        }
    }
}

/// A round number near the mean: a multiple of the power of two near the standard deviation. Whole numbers stay exact.
fn offset(values: &[f64]) -> f64 {
    let there = || values.iter().copied().filter(|value| value.is_finite());
    let count = there().count().max(1) as f64;
    let mean = there().map(|value| value / count).sum::<f64>();
    let spread = (there()
        .map(|value| (value - mean).powi(2) / count)
        .sum::<f64>())
    .sqrt();
    let grain = spread.log2().floor().exp2();
    let offset = (mean / grain).round() * grain;
    if grain > 0.0 && offset.is_finite() {
        offset
    } else {
        // All values are alike.
        there().next().unwrap_or(0.0)
    }
}

impl Rows {
    /// The numbers of a row.
    pub(crate) fn numbers(&self, row: usize) -> &[f32] {
        &self.numbers[row * self.width..(row + 1) * self.width]
    }

    /// The codes of a row.
    pub(crate) fn codes(&self, row: usize) -> &[u32] {
        &self.codes[row * self.categories..(row + 1) * self.categories]
    }
}

/// How many categories are known.
pub(crate) fn known(codes: &[u32]) -> usize {
    codes.iter().filter(|&&code| code < UNKNOWN_ASKED).count()
}
