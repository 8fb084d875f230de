//! The matrix of a linear model: numeric columns centred and scaled, one 0/1 column for each level of a category, and a
//! last column of ones. Levels are never written out: a row has one code a category. Numbers come in `tiles`; second
//! moments are in `gram`.
//!
//! Sums over rows run over fixed blocks that are added in order, so that they do not depend on the number of threads.

use super::tiles::{BLOCK, Sample, Tiles, moments, pick};
use crate::features::{FeatureValues, Features};
use crate::kernels::columns::{Columns, Real, combine, dots};
use rayon::prelude::*;
use std::borrow::Cow;

/// Bytes that partial sums may take together.
const PARTIAL_BYTES: usize = 256 << 20;
/// Parts that sums are made of at most.
const PARTS: usize = 64;
/// Rows whose moments stand for all, where being about right is enough.
const PIVOT_ROWS: usize = 2048;

/// One category.
pub(crate) struct Codes<'a> {
    pub(crate) codes: Cow<'a, [u32]>,
    pub(crate) levels: usize,
    /// Its first column in the design.
    pub(crate) offset: usize,
}

/// The matrix, `rows × (width + 1)`.
pub(crate) struct Design<'a, T> {
    pub(crate) rows: usize,
    /// Columns without the ones.
    pub(crate) width: usize,
    /// Design column of each numeric column.
    pub(crate) numeric: Vec<usize>,
    /// What was subtracted from each numeric column, and then divided by.
    pub(crate) moments: Vec<(f64, f64)>,
    pub(crate) categories: Vec<Codes<'a>>,
    tiles: Tiles<'a, T>,
}

/// Rows of one block while they are worked on: the first row's number, how many there are, and for each output
/// [`BLOCK`] numbers.
pub(crate) struct Rows<'a, T> {
    pub(crate) first: usize,
    pub(crate) count: usize,
    pub(crate) numbers: &'a mut [T],
}

impl<'a, T: Real> Design<'a, T> {
    /// Centres by the mean and scales by the standard deviation of each column, and keeps the tiles; missing numbers
    /// count as the mean. Without `centred`, nothing is subtracted (no intercept).
    pub(crate) fn new(features: &'a Features, centred: bool) -> Self {
        let sources = numbers(features);
        let moments: Vec<(f64, f64)> = sources
            .par_iter()
            .map(|values| moments(values, centred))
            .collect();
        let tiles = Tiles::keep(&sources, &moments, features.rows());
        Self::assemble(features, None, moments, tiles)
    }

    /// Makes tiles whenever they are read, centred and scaled about right. Numbers that are not finite spoil the sums.
    pub(crate) fn read(features: &'a Features, centred: bool) -> Self {
        let sample = Sample::new(features.rows(), PIVOT_ROWS);
        let sources = numbers(features);
        let moments = sources
            .par_iter()
            .map(|values| match moments(&sample.of(values), centred) {
                // All rows may vary where the sample does not.
                (mean, scale) if scale.is_infinite() => (mean, 1.0),
                found => found,
            })
            .collect();
        Self::assemble(features, None, moments, Tiles::Read(sources))
    }

    /// The same columns in the same units, of a sample of the rows.
    pub(crate) fn sampled(&self, features: &'a Features, sample: &Sample) -> Self {
        let sources: Vec<Vec<f64>> = numbers(features)
            .into_par_iter()
            .map(|values| sample.of(values))
            .collect();
        let rows = sample.rows();
        let tiles = Tiles::keep(&sources, &self.moments, rows);
        let mut own = Self::assemble(features, Some(sample), self.moments.clone(), tiles);
        own.rows = rows;
        own
    }

    fn assemble(
        features: &'a Features,
        sample: Option<&Sample>,
        moments: Vec<(f64, f64)>,
        tiles: Tiles<'a, T>,
    ) -> Self {
        let mut offset = 0;
        let (mut numeric, mut categories) = (Vec::new(), Vec::new());
        for column in features.columns() {
            match &column.values {
                FeatureValues::Numeric(_) => numeric.push(offset),
                FeatureValues::Categorical { codes, levels } => categories.push(Codes {
                    codes: pick(codes, sample),
                    levels: *levels as usize,
                    offset,
                }),
            }
            // A category without levels still has a column, which no row sets.
            offset += column.encoded_width().max(1);
        }
        Self {
            rows: features.rows(),
            width: offset,
            numeric,
            moments,
            categories,
            tiles,
        }
    }

    /// Columns of a tile: the numbers and the ones.
    pub(super) fn dense_width(&self) -> usize {
        self.numeric.len() + 1
    }

    /// The design column of each column of a tile.
    pub(super) fn dense_columns(&self) -> impl Iterator<Item = usize> + Clone {
        self.numeric.iter().copied().chain([self.width])
    }

    fn blocks(&self) -> usize {
        self.rows.div_ceil(BLOCK)
    }

    /// Adds up what `part` makes of each block: it gets the first row, the number of rows, the tile, and `size` sums.
    pub(super) fn sum(
        &self,
        size: usize,
        part: impl Fn(usize, usize, Columns<'_, T>, &mut Buffers<T>, &mut [f64]) + Sync,
    ) -> Vec<f64> {
        let most = (PARTIAL_BYTES / (size.max(1) * 8)).clamp(1, PARTS);
        let group = self.blocks().div_ceil(most).max(1);
        let parts: Vec<Vec<f64>> = (0..self.blocks().div_ceil(group))
            .into_par_iter()
            .map(|index| {
                let mut sums = vec![0.0; size];
                let (mut tile, mut buffers) = (Vec::new(), Buffers::default());
                for block in index * group..((index + 1) * group).min(self.blocks()) {
                    let first = block * BLOCK;
                    let count = BLOCK.min(self.rows - first);
                    let tile = self.tiles.tile(block, count, &self.moments, &mut tile);
                    part(first, count, tile, &mut buffers, &mut sums);
                }
                sums
            })
            .collect();
        let mut parts = parts.into_iter();
        let mut total = parts.next().unwrap_or_else(|| vec![0.0; size]);
        for part in parts {
            total
                .iter_mut()
                .zip(part)
                .for_each(|(sum, value)| *sum += value);
        }
        total
    }

    /// Coefficients of the columns of a tile, `outputs` numbers for each.
    pub(super) fn dense_weights(&self, coefficients: &[f64], outputs: usize) -> Vec<T> {
        let stride = self.width + 1;
        self.dense_columns()
            .flat_map(|column| {
                (0..outputs).map(move |output| T::from_f64(coefficients[output * stride + column]))
            })
            .collect()
    }

    /// Rows times coefficients, one block: `numbers` gets [`BLOCK`] numbers for each output.
    pub(super) fn products(
        &self,
        first: usize,
        tile: Columns<'_, T>,
        weights: &[T],
        coefficients: &[f64],
        numbers: &mut [T],
    ) {
        let stride = self.width + 1;
        combine(tile, weights, coefficients.len() / stride, numbers);
        for category in &self.categories {
            let codes = &category.codes[first..(first + BLOCK).min(self.rows)];
            for (own, numbers) in coefficients
                .chunks_exact(stride)
                .zip(numbers.chunks_exact_mut(BLOCK))
            {
                let own = &own[category.offset..category.offset + category.levels];
                for (number, &code) in numbers.iter_mut().zip(codes) {
                    if let Some(&value) = own.get(code as usize) {
                        *number = T::from_f64(number.to_f64() + value);
                    }
                }
            }
        }
    }

    /// One pass: rows times coefficients (`outputs` sets of `width + 1`, the last for the ones) are turned into other
    /// numbers by `use_rows`, which are multiplied by the transposed matrix. Returns the sum of what `use_rows` returned,
    /// and `outputs` sets of `width + 1`.
    pub(crate) fn sweep(
        &self,
        coefficients: &[f64],
        use_rows: impl Fn(Rows<'_, T>) -> f64 + Sync,
    ) -> (f64, Vec<f64>) {
        let stride = self.width + 1;
        let outputs = coefficients.len() / stride;
        let weights = self.dense_weights(coefficients, outputs);
        let dense_width = self.dense_width();
        let size = outputs * stride;
        let mut sums = self.sum(size + 1, |first, count, tile, buffers, sums| {
            let numbers = buffers.numbers(outputs);
            self.products(first, tile, &weights, coefficients, numbers);
            let rows = Rows {
                first,
                count,
                numbers,
            };
            sums[size] += use_rows(rows);
            for own in buffers.numbers.chunks_exact_mut(BLOCK) {
                own[count..tile.rows].fill(T::ZERO);
            }
            let numbers = Columns {
                values: &buffers.numbers,
                count: outputs,
                ..tile
            };
            buffers.sums.clear();
            buffers.sums.resize(outputs * dense_width, 0.0);
            // The side with more columns goes in the wider groups.
            if outputs < 4 {
                dots(tile, numbers, false, &mut buffers.sums);
            } else {
                dots(numbers, tile, false, &mut buffers.sums);
            }
            for output in 0..outputs {
                let sums = &mut sums[output * stride..(output + 1) * stride];
                for (index, column) in self.dense_columns().enumerate() {
                    sums[column] += buffers.sums[if outputs < 4 {
                        index * outputs + output
                    } else {
                        output * dense_width + index
                    }];
                }
                let own = &buffers.numbers[output * BLOCK..output * BLOCK + count];
                self.add_levels(first, own, sums);
            }
        });
        let value = sums.pop().unwrap_or_default();
        (value, sums)
    }

    /// Adds each row's number to the sum of its level.
    pub(super) fn add_levels(&self, first: usize, numbers: &[T], sums: &mut [f64]) {
        for category in &self.categories {
            let sums = &mut sums[category.offset..category.offset + category.levels];
            for (number, &code) in numbers.iter().zip(&category.codes[first..]) {
                if let Some(sum) = sums.get_mut(code as usize) {
                    *sum += number.to_f64();
                }
            }
        }
    }

    /// Coefficients for features as they are, from coefficients of the design (the last is the intercept).
    pub(crate) fn original(&self, coefficients: &[f64]) -> Vec<f64> {
        let mut own = coefficients.to_vec();
        for (&column, (mean, scale)) in self.numeric.iter().zip(&self.moments) {
            own[column] /= scale;
            own[self.width] -= own[column] * mean;
        }
        own
    }
}

fn numbers(features: &Features) -> Vec<&[f64]> {
    let columns = features
        .columns()
        .iter()
        .filter_map(|column| match &column.values {
            FeatureValues::Numeric(values) => Some(values.as_slice()),
            FeatureValues::Categorical { .. } => None,
        });
    columns.collect()
}

/// Room that blocks are worked on in, one after the other.
pub(super) struct Buffers<T> {
    pub(super) numbers: Vec<T>,
    pub(super) scaled: Vec<T>,
    pub(super) target: Vec<T>,
    pub(super) sums: Vec<f64>,
}

impl<T> Default for Buffers<T> {
    fn default() -> Self {
        Self {
            numbers: Vec::new(),
            scaled: Vec::new(),
            target: Vec::new(),
            sums: Vec::new(),
        }
    }
}

impl<T: Real> Buffers<T> {
    pub(super) fn numbers(&mut self, outputs: usize) -> &mut [T] {
        self.numbers.resize(outputs * BLOCK, T::ZERO);
        &mut self.numbers
    }
}
