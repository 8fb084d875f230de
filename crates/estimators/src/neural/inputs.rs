//! Columns as a network reads them: numbers centred, scaled and clipped, categories as rows of one table of embeddings.

use crate::features::{FeatureValues, Features};
use crate::kernels::aligned::Floats;
use crate::kernels::moments::mean_and_deviation;
use crate::kernels::tiles::TILE;
use crate::{State, StateError};

/// Numbers farther from the mean than this many standard deviations count as this far.
const FARTHEST: f64 = 10.0;

/// The code of a row that no embedding belongs to.
pub(crate) const NO_EMBEDDING: u32 = u32::MAX;

/// What is known about the columns of the fit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Inputs {
    /// Levels of each column; 0 for a numeric one.
    pub(crate) levels: Vec<u32>,
    /// Mean and standard deviation of each numeric column, in order; a deviation of 0 is a column without information.
    pub(crate) moments: Vec<(f64, f64)>,
}

impl Inputs {
    pub(crate) fn fit(features: &Features) -> Self {
        let (mut levels, mut moments) = (Vec::new(), Vec::new());
        for column in features.columns() {
            match &column.values {
                FeatureValues::Numeric(values) => {
                    levels.push(0);
                    moments.push(mean_and_deviation(values, None));
                }
                // A column of no levels still is a category.
                FeatureValues::Categorical { levels: known, .. } => levels.push((*known).max(1)),
            }
        }
        Self { levels, moments }
    }

    pub(crate) fn numbers(&self) -> usize {
        self.moments.len()
    }

    pub(crate) fn categories(&self) -> usize {
        self.levels.len() - self.moments.len()
    }

    /// Rows of the table of embeddings.
    pub(crate) fn embeddings(&self) -> usize {
        self.levels.iter().map(|&levels| levels as usize).sum()
    }

    /// The numeric columns with their place among them and their moments.
    pub(crate) fn numeric<'a>(
        &'a self,
        features: &'a Features,
    ) -> impl Iterator<Item = (usize, &'a [f64], Scale)> {
        let columns = features.columns().iter().zip(&self.levels);
        columns
            .filter(|(_, levels)| **levels == 0)
            .zip(&self.moments)
            .enumerate()
            .filter_map(|(index, ((column, _), moments))| match &column.values {
                FeatureValues::Numeric(values) => {
                    Some((index, values.as_slice(), Scale::new(*moments)))
                }
                FeatureValues::Categorical { .. } => None,
            })
    }

    /// The categorical columns with their place among them, their levels and their first embedding.
    pub(crate) fn categorical<'a>(
        &'a self,
        features: &'a Features,
    ) -> impl Iterator<Item = (usize, &'a [u32], u32, u32)> {
        let mut offset = 0;
        let columns = features.columns().iter().zip(&self.levels);
        columns
            .filter(|(_, levels)| **levels > 0)
            .enumerate()
            .filter_map(move |(index, (column, &levels))| {
                let first = offset;
                offset += levels;
                match &column.values {
                    FeatureValues::Categorical { codes, .. } => {
                        Some((index, codes.as_slice(), levels, first))
                    }
                    FeatureValues::Numeric(_) => None,
                }
            })
    }

    /// All rows of the training data.
    pub(crate) fn table(&self, features: &Features) -> Table {
        let (stride, categories) = (
            self.numbers().next_multiple_of(TILE).max(TILE),
            self.categories(),
        );
        let mut numbers = Floats::zeros(features.rows() * stride);
        for (index, values, scale) in self.numeric(features) {
            for (row, &value) in numbers.chunks_exact_mut(stride).zip(values) {
                row[index] = scale.of(value);
            }
        }
        let mut codes = vec![NO_EMBEDDING; features.rows() * categories];
        for (index, values, levels, first) in self.categorical(features) {
            for (row, &code) in codes.chunks_exact_mut(categories).zip(values) {
                if code < levels {
                    row[index] = first + code;
                }
            }
        }
        Table {
            stride,
            numbers,
            categories,
            codes,
        }
    }

    pub(crate) fn save(&self, state: State) -> State {
        let (means, deviations): (Vec<f64>, Vec<f64>) = self.moments.iter().copied().unzip();
        state
            .with("levels", crate::Array::U32(self.levels.clone()))
            .with("means", crate::Array::F64(means))
            .with("deviations", crate::Array::F64(deviations))
    }

    pub(crate) fn load(state: &State) -> Result<Self, StateError> {
        let (means, deviations) = (state.f64s("means")?, state.f64s("deviations")?);
        let loaded = Self {
            levels: state.u32s("levels")?.to_vec(),
            moments: means
                .iter()
                .copied()
                .zip(deviations.iter().copied())
                .collect(),
        };
        let numeric = loaded.levels.iter().filter(|levels| **levels == 0).count();
        let embeddings: u64 = loaded.levels.iter().map(|&levels| u64::from(levels)).sum();
        let finite = means.iter().all(|mean| mean.is_finite())
            && deviations
                .iter()
                .all(|deviation| deviation.is_finite() && *deviation >= 0.0);
        if means.len() != numeric
            || deviations.len() != numeric
            || embeddings >= u64::from(u32::MAX)
            || !finite
        {
            return Err(StateError(
                "the means and deviations do not fit the columns".to_owned(),
            ));
        }
        Ok(loaded)
    }
}

/// How one column is scaled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    mean: f64,
    inverse: f64,
}

impl Scale {
    fn new((mean, deviation): (f64, f64)) -> Self {
        let inverse = 1.0 / deviation;
        let usable = inverse.is_finite() && inverse > 0.0;
        Self {
            mean,
            inverse: if usable { inverse } else { 0.0 },
        }
    }

    /// The scaled number; the mean for one that is missing.
    #[inline(always)]
    pub(crate) fn of(self, value: f64) -> f32 {
        // Each factor apart, so that neither a huge value nor a huge mean overflows before it is scaled.
        let scaled = value * self.inverse - self.mean * self.inverse;
        if scaled.is_nan() {
            0.0
        } else {
            scaled.clamp(-FARTHEST, FARTHEST) as f32
        }
    }
}

/// Training rows, one after the other.
#[derive(Debug)]
pub(crate) struct Table {
    /// Floats a row, a multiple of [`TILE`]; those beyond the numeric columns are 0.
    pub(crate) stride: usize,
    pub(crate) numbers: Floats,
    /// Codes a row.
    pub(crate) categories: usize,
    pub(crate) codes: Vec<u32>,
}

impl Table {
    pub(crate) fn numbers_of(&self, row: usize) -> &[f32] {
        &self.numbers[row * self.stride..(row + 1) * self.stride]
    }

    pub(crate) fn codes_of(&self, row: usize) -> &[u32] {
        &self.codes[row * self.categories..(row + 1) * self.categories]
    }
}
