//! Samples as kernels see them: dense single-precision rows, one column for each number and for each level of a
//! category, together with the square of each row.

use crate::features::{FeatureValues, Features};
use crate::{Array, FitContext, FitError, State, StateError};
use rayon::prelude::*;

/// Rows that are written by one task.
const BLOCK: usize = 256;
/// More one-hot columns than this are refused: they would take hours and say little.
const MOST_COLUMNS: usize = 100_000;

/// How features become columns; part of the model.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Encoder {
    /// Levels of each feature; 0 for a number.
    levels: Vec<u32>,
    /// Taken off each column.
    origin: Vec<f64>,
}

/// Dense rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Samples {
    /// Row-major, `rows × width`.
    pub(crate) values: Vec<f32>,
    pub(crate) width: usize,
    /// x·x of each row.
    pub(crate) squares: Vec<f32>,
}

/// Mean of each column, and the variance of all entries taken together (what `gamma: scale` means).
pub(crate) struct Moments {
    pub(crate) means: Vec<f64>,
    pub(crate) variance: f64,
}

/// Refuses what is too wide or does not fit, before anything is allocated; returns the width.
pub(crate) fn check(features: &Features, context: &FitContext<'_>) -> Result<usize, FitError> {
    let widest = features
        .columns()
        .iter()
        .max_by_key(|column| column.encoded_width());
    let width = width(
        features
            .columns()
            .iter()
            .map(|column| match &column.values {
                FeatureValues::Numeric(_) => 0,
                FeatureValues::Categorical { levels, .. } => *levels,
            }),
    );
    if let Some(widest) = widest.filter(|_| width > MOST_COLUMNS) {
        return Err(FitError::Data(format!(
            "categories make {width} columns of the {} given ('{}' alone makes {}), and a support vector machine takes at most \
             {MOST_COLUMNS}; leave out columns with many different values, or choose gradient boosting or a forest",
            features.columns().len(),
            widest.name,
            widest.encoded_width(),
        )));
    }
    // The samples and a second copy in the order of the classes.
    let needed = features.rows().saturating_mul(width + 1).saturating_mul(8);
    context.allow(needed)?;
    Ok(width)
}

/// A category without levels still has a column, which no row sets.
fn width(levels: impl Iterator<Item = u32>) -> usize {
    levels.map(|levels| levels.max(1) as usize).sum()
}

impl Moments {
    /// Sums in the order of rows, so that no number of threads changes them.
    pub(crate) fn of(features: &Features) -> Self {
        let rows = features.rows().max(1) as f64;
        let mut means = Vec::new();
        for column in features.columns() {
            match &column.values {
                FeatureValues::Numeric(values) => {
                    means.push(
                        values
                            .iter()
                            .map(|&value| or_zero(value) / rows)
                            .sum::<f64>(),
                    );
                }
                FeatureValues::Categorical { codes, levels } => {
                    let mut shares = vec![0.0; (*levels).max(1) as usize];
                    for &code in codes {
                        if let Some(share) = shares.get_mut(code as usize) {
                            *share += 1.0 / rows;
                        }
                    }
                    means.extend_from_slice(&shares);
                }
            }
        }
        let width = means.len().max(1) as f64;
        let mean: f64 = means.iter().sum::<f64>() / width;
        // Around the overall mean, column by column: squares of large numbers would swallow small differences.
        let variance = features
            .columns()
            .iter()
            .scan(0, |offset, column| {
                let first = *offset;
                *offset += column.encoded_width().max(1);
                Some(match &column.values {
                    FeatureValues::Numeric(values) => values
                        .iter()
                        .map(|&value| (or_zero(value) - mean).powi(2) / rows)
                        .sum::<f64>(),
                    FeatureValues::Categorical { .. } => means[first..*offset]
                        .iter()
                        .map(|share| share * (1.0 - 2.0 * mean) + mean * mean)
                        .sum(),
                })
            })
            .sum::<f64>()
            / width;
        Self { means, variance }
    }
}

fn or_zero(value: f64) -> f64 {
    if value.is_nan() { 0.0 } else { value }
}

impl Encoder {
    /// Encodes as it stands, or with each column's mean taken off.
    pub(crate) fn new(features: &Features, means: &[f64], centred: bool) -> Self {
        let levels = features
            .columns()
            .iter()
            .map(|column| match &column.values {
                FeatureValues::Numeric(_) => 0,
                FeatureValues::Categorical { levels, .. } => *levels,
            });
        Self {
            levels: levels.collect(),
            origin: means
                .iter()
                .map(|mean| if centred { *mean } else { 0.0 })
                .collect(),
        }
    }

    /// Columns of a row.
    pub(crate) fn width(&self) -> usize {
        self.origin.len()
    }

    /// Writes the given rows of the features, one after the other, `rows.len() × width`. A number that is missing counts
    /// as the mean (or 0); what does not fit into single precision is brought to its ends.
    pub(crate) fn write(&self, features: &Features, rows: &[u32], target: &mut [f32]) {
        let width = self.width();
        if width == 0 {
            return;
        }
        for own in target.chunks_exact_mut(width) {
            own.iter_mut()
                .zip(&self.origin)
                .for_each(|(value, origin)| *value = -origin as f32);
        }
        let mut offset = 0;
        for (column, &levels) in features.columns().iter().zip(&self.levels) {
            let origin = self.origin[offset];
            match &column.values {
                FeatureValues::Numeric(values) if levels == 0 => {
                    for (own, &row) in target.chunks_exact_mut(width).zip(rows) {
                        let value = values[row as usize];
                        own[offset] = if value.is_nan() {
                            0.0
                        } else {
                            (value - origin).clamp(-1e18, 1e18) as f32
                        };
                    }
                }
                FeatureValues::Categorical { codes, .. } => {
                    for (own, &row) in target.chunks_exact_mut(width).zip(rows) {
                        let code = codes[row as usize];
                        if code < levels {
                            let place = offset + code as usize;
                            own[place] = (1.0 - self.origin[place]) as f32;
                        }
                    }
                }
                FeatureValues::Numeric(_) => {}
            }
            offset += levels.max(1) as usize;
        }
    }

    /// The given rows as samples.
    pub(crate) fn samples(&self, features: &Features, rows: &[u32]) -> Samples {
        let width = self.width();
        let mut values = vec![0.0; rows.len() * width];
        values
            .par_chunks_mut((BLOCK * width).max(1))
            .zip(rows.par_chunks(BLOCK))
            .for_each(|(values, rows)| self.write(features, rows, values));
        Samples::new(values, width, rows.len())
    }

    pub(crate) fn save(&self) -> State {
        State::default()
            .with("levels", Array::U32(self.levels.clone()))
            .with("origin", Array::F64(self.origin.clone()))
    }

    pub(crate) fn load(state: &State) -> Result<Self, StateError> {
        let levels = state.u32s("levels")?.to_vec();
        let origin = state.f64s("origin")?.to_vec();
        let width: u64 = levels.iter().map(|&levels| u64::from(levels.max(1))).sum();
        if width != origin.len() as u64 || origin.iter().any(|value| !value.is_finite()) {
            return Err(StateError("the columns do not fit their levels".to_owned()));
        }
        Ok(Self { levels, origin })
    }
}

impl Samples {
    /// Ties rows to their squares.
    pub(crate) fn new(values: Vec<f32>, width: usize, rows: usize) -> Self {
        let squares = if width == 0 {
            vec![0.0; rows]
        } else {
            values.chunks_exact(width).map(square).collect()
        };
        Self {
            values,
            width,
            squares,
        }
    }

    /// Number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.squares.len()
    }

    /// One row.
    pub(crate) fn row(&self, index: usize) -> &[f32] {
        &self.values[index * self.width..(index + 1) * self.width]
    }

    /// The given rows, in that order.
    pub(crate) fn take(&self, rows: &[u32]) -> Self {
        let mut values = Vec::with_capacity(rows.len() * self.width);
        for &row in rows {
            values.extend_from_slice(self.row(row as usize));
        }
        Self {
            values,
            width: self.width,
            squares: rows.iter().map(|&row| self.squares[row as usize]).collect(),
        }
    }
}

/// x·x, in double precision.
pub(crate) fn square(row: &[f32]) -> f32 {
    row.iter()
        .map(|&value| f64::from(value) * f64::from(value))
        .sum::<f64>() as f32
}
