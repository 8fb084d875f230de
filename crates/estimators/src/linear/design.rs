//! The matrix of a linear model: numeric columns centred and scaled, one 0/1 column for each level of a category, and a
//! last column of ones. Levels are never written out: a row has one code a category. Numbers come in `tiles`.
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
/// The least share of a column's square that is variation, where centring still costs few digits.
const LEAST_VARIANCE: f64 = 1e-4;
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

/// The second moments of a design, and of the design with a target.
pub(crate) struct Gram {
    /// Σ weight · z · zᵀ, `(width + 1)²`, row-major and symmetric.
    pub(crate) matrix: Vec<f64>,
    /// Σ weight · z · target, all 0 without a target.
    pub(crate) right: Vec<f64>,
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
    fn dense_width(&self) -> usize {
        self.numeric.len() + 1
    }

    /// The design column of each column of a tile.
    fn dense_columns(&self) -> impl Iterator<Item = usize> + Clone {
        self.numeric.iter().copied().chain([self.width])
    }

    fn blocks(&self) -> usize {
        self.rows.div_ceil(BLOCK)
    }

    /// Adds up what `part` makes of each block: it gets the first row, the number of rows, the tile, and `size` sums.
    fn sum(
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
    fn dense_weights(&self, coefficients: &[f64], outputs: usize) -> Vec<T> {
        let stride = self.width + 1;
        self.dense_columns()
            .flat_map(|column| {
                (0..outputs).map(move |output| T::from_f64(coefficients[output * stride + column]))
            })
            .collect()
    }

    /// Rows times coefficients, one block: `numbers` gets [`BLOCK`] numbers for each output.
    fn products(
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
    fn add_levels(&self, first: usize, numbers: &[T], sums: &mut [f64]) {
        for category in &self.categories {
            let sums = &mut sums[category.offset..category.offset + category.levels];
            for (number, &code) in numbers.iter().zip(&category.codes[first..]) {
                if let Some(sum) = sums.get_mut(code as usize) {
                    *sum += number.to_f64();
                }
            }
        }
    }

    /// Second moments by weights (none: 1 each), and with a target.
    pub(crate) fn gram(&self, weights: Option<&[f64]>, target: Option<&[f64]>) -> Gram {
        self.gram_by(target, |first, _, own| {
            if let Some(weights) = weights {
                own.iter_mut()
                    .zip(&weights[first..])
                    .for_each(|(own, weight)| *own = T::from_f64(*weight));
            }
            weights.is_some()
        })
    }

    /// Second moments by weights that `weigh` makes in place of rows times coefficients (one set).
    pub(crate) fn weighted_gram(
        &self,
        coefficients: &[f64],
        weigh: impl Fn(Rows<'_, T>) + Sync,
    ) -> Vec<f64> {
        let weights = self.dense_weights(coefficients, 1);
        let gram = self.gram_by(None, |first, tile, numbers| {
            self.products(first, tile, &weights, coefficients, numbers);
            let count = BLOCK.min(self.rows - first);
            weigh(Rows {
                first,
                count,
                numbers,
            });
            true
        });
        gram.matrix
    }

    /// `weigh` gets the first row of a block, its tile, and room for a weight a row; it says whether it made any.
    fn gram_by(
        &self,
        target: Option<&[f64]>,
        weigh: impl Fn(usize, Columns<'_, T>, &mut [T]) -> bool + Sync,
    ) -> Gram {
        let (stride, dense_width) = (self.width + 1, self.dense_width());
        let places = Places::new(self);
        let sums = self.sum(places.size, |first, count, tile, buffers, sums| {
            let weighted = weigh(first, tile, buffers.numbers(1));
            let (dense, rest) = sums.split_at_mut(places.right);
            let (right, levels) = rest.split_at_mut(stride);
            let Buffers {
                numbers: weights,
                scaled,
                target: own_target,
                sums: dense_right,
            } = buffers;
            if weighted {
                weights[count..].fill(T::ZERO);
                for (weight, row) in weights[..count].iter().zip(0..) {
                    self.add_pairs(&places, first + row, weight.to_f64(), levels);
                }
                self.add_against_numbers(&places, first, count, tile, Some(weights), levels);
            } else {
                (0..count).for_each(|row| self.add_pairs(&places, first + row, 1.0, levels));
                self.add_against_numbers(&places, first, count, tile, None, levels);
            }
            if let Some(target) = target {
                own_target.clear();
                own_target.extend(
                    target[first..first + count]
                        .iter()
                        .map(|&value| T::from_f64(value)),
                );
                if weighted {
                    own_target
                        .iter_mut()
                        .zip(weights.iter())
                        .for_each(|(own, weight)| {
                            *own = T::from_f64(own.to_f64() * weight.to_f64())
                        });
                }
                self.add_levels(first, own_target, right);
                own_target.resize(BLOCK, T::ZERO);
                let own = Columns {
                    values: own_target,
                    count: 1,
                    ..tile
                };
                dense_right.clear();
                dense_right.resize(dense_width, 0.0);
                dots(tile, own, false, dense_right);
                for (column, value) in self.dense_columns().zip(dense_right.iter()) {
                    right[column] += value;
                }
            }
            if weighted {
                weights
                    .iter_mut()
                    .for_each(|weight| *weight = T::from_f64(weight.to_f64().max(0.0).sqrt()));
                scaled.clear();
                for column in tile.values.chunks_exact(BLOCK) {
                    let products = column.iter().zip(weights.iter());
                    scaled.extend(products.map(|(value, root)| value.times(*root)));
                }
                let own = Columns {
                    values: scaled,
                    ..tile
                };
                dots(own, own, true, dense);
            } else {
                dots(tile, tile, true, dense);
            }
        });
        self.spread(&places, &sums)
    }

    /// Weight times numbers, for each level of each category.
    fn add_against_numbers(
        &self,
        places: &Places,
        first: usize,
        count: usize,
        tile: Columns<'_, T>,
        weights: Option<&[T]>,
        sums: &mut [f64],
    ) {
        let dense_width = self.dense_width();
        for (category, place) in self.categories.iter().zip(&places.levels) {
            let own = &mut sums[*place..place + category.levels * dense_width];
            for (row, &code) in category.codes[first..first + count].iter().enumerate() {
                let code = code as usize;
                if code < category.levels {
                    let weight = weights.map_or(1.0, |weights| weights[row].to_f64());
                    let own = &mut own[code * dense_width..(code + 1) * dense_width];
                    let values = tile.values[row..].iter().step_by(BLOCK);
                    own.iter_mut()
                        .zip(values)
                        .for_each(|(sum, value)| *sum += weight * value.to_f64());
                }
            }
        }
    }

    /// How often each pair of levels meets.
    fn add_pairs(&self, places: &Places, row: usize, weight: f64, sums: &mut [f64]) {
        for &(left, right, place) in &places.pairs {
            let (left, right) = (&self.categories[left], &self.categories[right]);
            let (first, second) = (left.codes[row] as usize, right.codes[row] as usize);
            if first < left.levels && second < right.levels {
                sums[place + first * right.levels + second] += weight;
            }
        }
    }

    /// Sums by place to the whole symmetric matrix.
    fn spread(&self, places: &Places, sums: &[f64]) -> Gram {
        let (stride, dense_width) = (self.width + 1, self.dense_width());
        let mut matrix = vec![0.0; stride * stride];
        let mut set = |row: usize, column: usize, value: f64| {
            matrix[row * stride + column] = value;
            matrix[column * stride + row] = value;
        };
        for (row, target_row) in self.dense_columns().enumerate() {
            for (column, target_column) in self.dense_columns().enumerate().take(row + 1) {
                set(target_row, target_column, sums[row * dense_width + column]);
            }
        }
        let right = sums[places.right..places.right + stride].to_vec();
        let levels = &sums[places.right + stride..];
        for (category, place) in self.categories.iter().zip(&places.levels) {
            let own = &levels[*place..place + category.levels * dense_width];
            for (level, own) in own.chunks_exact(dense_width).enumerate() {
                let at = category.offset + level;
                for (column, &value) in self.dense_columns().zip(own) {
                    set(at, column, value);
                }
                set(at, at, own[dense_width - 1]);
            }
        }
        for &(left, right, place) in &places.pairs {
            let (left, right) = (&self.categories[left], &self.categories[right]);
            for first in 0..left.levels {
                for second in 0..right.levels {
                    let value = levels[place + first * right.levels + second];
                    set(left.offset + first, right.offset + second, value);
                }
            }
        }
        Gram { matrix, right }
    }

    /// Turns second moments of columns that were centred and scaled about right into those of columns that are so
    /// exactly (by the weights of the rows). `false` when that would cost digits, or when the sums are no numbers.
    pub(crate) fn standardise(&mut self, gram: &mut Gram, centred: bool) -> bool {
        let stride = self.width + 1;
        let total = gram.matrix[stride * stride - 1];
        let corner = self.width * stride;
        let mut shifts = vec![(0.0, 1.0); stride];
        for (&column, moments) in self.numeric.iter().zip(&mut self.moments) {
            let shift = if centred {
                gram.matrix[corner + column] / total
            } else {
                0.0
            };
            let square = gram.matrix[column * stride + column] / total;
            let variance = square - shift * shift;
            if !(variance.is_finite() && variance >= LEAST_VARIANCE * square) {
                return false;
            }
            let scale = if variance > 0.0 { variance.sqrt() } else { 1.0 };
            shifts[column] = (shift, scale);
            moments.0 += shift * moments.1;
            moments.1 *= scale;
            // Rounding of a constant column is no variation.
            if moments.1 <= moments.0.abs() * 1e-13 {
                return false;
            }
        }
        let ones: Vec<f64> = gram.matrix[corner..].to_vec();
        let target = gram.right[self.width];
        for (row, &(row_shift, row_scale)) in shifts.iter().enumerate() {
            for (column, &(shift, scale)) in shifts.iter().enumerate() {
                let value = &mut gram.matrix[row * stride + column];
                let moved = row_shift * ones[column] + shift * ones[row];
                *value = (*value - moved + row_shift * shift * total) / (row_scale * scale);
            }
            gram.right[row] = (gram.right[row] - row_shift * target) / row_scale;
        }
        gram.right.iter().all(|value| value.is_finite())
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
struct Buffers<T> {
    numbers: Vec<T>,
    scaled: Vec<T>,
    target: Vec<T>,
    sums: Vec<f64>,
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
    fn numbers(&mut self, outputs: usize) -> &mut [T] {
        self.numbers.resize(outputs * BLOCK, T::ZERO);
        &mut self.numbers
    }
}

/// Where the sums of second moments stand: first numbers with numbers, then all columns with the target, then (counted
/// from there) the levels of each category with the numbers, and the levels of each pair of categories.
struct Places {
    right: usize,
    levels: Vec<usize>,
    pairs: Vec<(usize, usize, usize)>,
    size: usize,
}

impl Places {
    fn new<T: Real>(design: &Design<'_, T>) -> Self {
        let dense_width = design.dense_width();
        let right = dense_width * dense_width;
        let mut end = 0;
        let mut levels = Vec::new();
        for category in &design.categories {
            levels.push(end);
            end += category.levels * dense_width;
        }
        let mut pairs = Vec::new();
        for (left, first) in design.categories.iter().enumerate() {
            for (right, second) in design.categories[..left].iter().enumerate() {
                pairs.push((left, right, end));
                end += first.levels * second.levels;
            }
        }
        Self {
            right,
            levels,
            pairs,
            size: right + design.width + 1 + end,
        }
    }
}
