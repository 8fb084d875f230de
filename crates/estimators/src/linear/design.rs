//! The matrix of a linear model: numeric columns centred and scaled, one 0/1 column for each level of a category, and a
//! last column of ones. Levels are never written out: a row has one code a category.
//!
//! Sums over rows run over fixed blocks that are added in order, so that they do not depend on the number of threads.

use crate::features::{FeatureValues, Features};
use crate::kernels::product::{Element, Layout, multiply};
use rayon::prelude::*;

/// Rows of a block.
pub(crate) const BLOCK: usize = 2048;
/// Bytes that partial sums may take together.
const PARTIAL_BYTES: usize = 256 << 20;

/// A number type that dense blocks are kept in.
pub(crate) trait Real: Element + Send + Sync {
    fn from_f64(value: f64) -> Self;
    fn to_f64(self) -> f64;
}

impl Real for f32 {
    fn from_f64(value: f64) -> Self {
        value as f32
    }
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
}

impl Real for f64 {
    fn from_f64(value: f64) -> Self {
        value
    }
    fn to_f64(self) -> f64 {
        self
    }
}

/// One category.
pub(crate) struct Codes<'a> {
    pub(crate) codes: &'a [u32],
    pub(crate) levels: usize,
    /// Its first column in the design.
    pub(crate) offset: usize,
}

/// The matrix, `rows × (width + 1)`.
pub(crate) struct Design<'a, T> {
    pub(crate) rows: usize,
    /// Columns without the ones.
    pub(crate) width: usize,
    /// Numeric columns, row-major, `rows × numeric`.
    dense: Vec<T>,
    /// Design column of each numeric column.
    pub(crate) numeric: Vec<usize>,
    /// Mean and scale of each numeric column.
    pub(crate) moments: Vec<(f64, f64)>,
    pub(crate) categories: Vec<Codes<'a>>,
}

impl<'a, T: Real> Design<'a, T> {
    /// Reads features; missing numbers count as the mean. Without `centred`, nothing is subtracted (no intercept).
    pub(crate) fn new(features: &'a Features, centred: bool) -> Self {
        let mut offset = 0;
        let (mut numeric, mut sources, mut categories) = (Vec::new(), Vec::new(), Vec::new());
        for column in features.columns() {
            match &column.values {
                FeatureValues::Numeric(values) => {
                    numeric.push(offset);
                    sources.push(values.as_slice());
                }
                FeatureValues::Categorical { codes, levels } => categories.push(Codes {
                    codes,
                    levels: *levels as usize,
                    offset,
                }),
            }
            // A category without levels still has a column, which no row sets.
            offset += column.encoded_width().max(1);
        }
        let moments: Vec<(f64, f64)> = sources
            .par_iter()
            .map(|values| moments(values, centred))
            .collect();
        let (rows, width) = (features.rows(), numeric.len());
        let mut dense = vec![T::ZERO; rows * width];
        if width > 0 {
            dense
                .par_chunks_mut(BLOCK * width)
                .enumerate()
                .for_each(|(block, target)| {
                    for (index, (values, (mean, scale))) in sources.iter().zip(&moments).enumerate()
                    {
                        let own = &values[block * BLOCK..];
                        for (slot, value) in target[index..].iter_mut().step_by(width).zip(own) {
                            let standard = (value - mean) / scale;
                            *slot = T::from_f64(if standard.is_finite() { standard } else { 0.0 });
                        }
                    }
                });
        }
        Self {
            rows,
            width: offset,
            dense,
            numeric,
            moments,
            categories,
        }
    }

    fn dense_width(&self) -> usize {
        self.numeric.len()
    }

    fn block(&self, block: usize) -> (usize, usize, &[T]) {
        let first = block * BLOCK;
        let count = BLOCK.min(self.rows - first);
        (
            first,
            count,
            &self.dense[first * self.dense_width()..(first + count) * self.dense_width()],
        )
    }

    fn blocks(&self) -> usize {
        self.rows.div_ceil(BLOCK)
    }

    /// Adds up what `part` makes of each group of blocks, in order. `size` numbers a part.
    fn sum(&self, size: usize, part: impl Fn(usize, &mut [f64]) + Sync) -> Vec<f64> {
        let most = (PARTIAL_BYTES / (size.max(1) * 8)).clamp(1, 64);
        let group = self.blocks().div_ceil(most).max(1);
        let parts: Vec<Vec<f64>> = (0..self.blocks().div_ceil(group))
            .into_par_iter()
            .map(|index| {
                let mut sums = vec![0.0; size];
                for block in index * group..((index + 1) * group).min(self.blocks()) {
                    part(block, &mut sums);
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

    /// Rows times coefficients: `outputs` sets of `width + 1` coefficients (the last belongs to the ones) give
    /// `rows × outputs` numbers, handed to `use_block` block by block with the first row's number.
    pub(crate) fn products<R: Send>(
        &self,
        coefficients: &[f64],
        outputs: usize,
        use_block: impl Fn(usize, &mut [f64]) -> R + Sync,
    ) -> Vec<R> {
        let (stride, dense_width) = (self.width + 1, self.dense_width());
        let mut weights = vec![T::ZERO; dense_width * outputs];
        for output in 0..outputs {
            for (index, &column) in self.numeric.iter().enumerate() {
                weights[index * outputs + output] =
                    T::from_f64(coefficients[output * stride + column]);
            }
        }
        (0..self.blocks())
            .into_par_iter()
            .map(|block| {
                let (first, count, dense) = self.block(block);
                let mut product = vec![T::ZERO; count * outputs];
                multiply(
                    (&mut product, Layout::row_major(count, outputs)),
                    false,
                    (dense, Layout::row_major(count, dense_width)),
                    (&weights, Layout::row_major(dense_width, outputs)),
                    T::ONE,
                );
                let mut values: Vec<f64> = product.iter().map(|value| value.to_f64()).collect();
                for (output, own) in coefficients.chunks_exact(stride).enumerate() {
                    for (row, value) in values[output..].iter_mut().step_by(outputs).enumerate() {
                        *value += own[self.width];
                        for category in &self.categories {
                            let code = category.codes[first + row] as usize;
                            if code < category.levels {
                                *value += own[category.offset + code];
                            }
                        }
                    }
                }
                use_block(first, &mut values)
            })
            .collect()
    }

    /// The transposed matrix times `rows × outputs` numbers: `outputs` sets of `width + 1`.
    pub(crate) fn transposed_products(&self, values: &[T], outputs: usize) -> Vec<f64> {
        let (stride, dense_width) = (self.width + 1, self.dense_width());
        self.sum(outputs * stride, |block, sums| {
            let (first, count, dense) = self.block(block);
            let own = &values[first * outputs..(first + count) * outputs];
            let mut product = vec![T::ZERO; outputs * dense_width];
            multiply(
                (&mut product, Layout::row_major(outputs, dense_width)),
                false,
                (own, Layout::row_major(count, outputs).transposed()),
                (dense, Layout::row_major(count, dense_width)),
                T::ONE,
            );
            for output in 0..outputs {
                let sums = &mut sums[output * stride..(output + 1) * stride];
                for (index, &column) in self.numeric.iter().enumerate() {
                    sums[column] += product[output * dense_width + index].to_f64();
                }
                for (row, value) in own[output..].iter().step_by(outputs).enumerate() {
                    let value = value.to_f64();
                    sums[self.width] += value;
                    for category in &self.categories {
                        let code = category.codes[first + row] as usize;
                        if code < category.levels {
                            sums[category.offset + code] += value;
                        }
                    }
                }
            }
        })
    }

    /// Σ weight · z · zᵀ over the rows, `(width + 1)²`, row-major and symmetric. No weights: 1 each.
    pub(crate) fn gram(&self, weights: Option<&[f64]>) -> Vec<f64> {
        let stride = self.width + 1;
        let mut gram = vec![0.0; stride * stride];
        let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);
        self.dense_gram(weights, &mut gram);
        let dense_width = self.dense_width();
        // One category against the numbers and the ones: sums by level.
        let against_numbers: Vec<Vec<f64>> = self
            .categories
            .par_iter()
            .map(|category| {
                let mut sums = vec![0.0; category.levels * (dense_width + 1)];
                for row in 0..self.rows {
                    let code = category.codes[row] as usize;
                    if code < category.levels {
                        let weight = weight(row);
                        let own =
                            &mut sums[code * (dense_width + 1)..(code + 1) * (dense_width + 1)];
                        let values = &self.dense[row * dense_width..(row + 1) * dense_width];
                        own.iter_mut()
                            .zip(values)
                            .for_each(|(sum, value)| *sum += weight * value.to_f64());
                        own[dense_width] += weight;
                    }
                }
                sums
            })
            .collect();
        for (category, sums) in self.categories.iter().zip(&against_numbers) {
            for (level, own) in sums.chunks_exact(dense_width + 1).enumerate() {
                let at = category.offset + level;
                for (&column, &value) in self.numeric.iter().chain([&self.width]).zip(own) {
                    gram[at * stride + column] = value;
                    gram[column * stride + at] = value;
                }
                gram[at * stride + at] = own[dense_width];
            }
        }
        // Two categories: how often each pair of levels meets.
        let pairs: Vec<(usize, usize)> = (0..self.categories.len())
            .flat_map(|left| (0..left).map(move |right| (left, right)))
            .collect();
        for (left, right) in pairs {
            let (left, right) = (&self.categories[left], &self.categories[right]);
            for row in 0..self.rows {
                let (first, second) = (left.codes[row] as usize, right.codes[row] as usize);
                if first < left.levels && second < right.levels {
                    gram[(left.offset + first) * stride + right.offset + second] += weight(row);
                }
            }
            for first in left.offset..left.offset + left.levels {
                for second in right.offset..right.offset + right.levels {
                    gram[second * stride + first] = gram[first * stride + second];
                }
            }
        }
        gram
    }

    fn dense_gram(&self, weights: Option<&[f64]>, gram: &mut [f64]) {
        let (stride, dense_width) = (self.width + 1, self.dense_width());
        let size = dense_width + 1;
        let sums = self.sum(size * size, |block, sums| {
            let (first, count, dense) = self.block(block);
            // Rows times the root of their weight, and the root itself for the column of ones.
            let mut scaled = Vec::with_capacity(count * size);
            for row in 0..count {
                let values = &dense[row * dense_width..(row + 1) * dense_width];
                match weights {
                    None => {
                        scaled.extend_from_slice(values);
                        scaled.push(T::ONE);
                    }
                    Some(weights) => {
                        let root = weights[first + row].max(0.0).sqrt();
                        scaled.extend(
                            values
                                .iter()
                                .map(|value| T::from_f64(value.to_f64() * root)),
                        );
                        scaled.push(T::from_f64(root));
                    }
                }
            }
            let layout = Layout::row_major(count, size);
            let mut product = vec![T::ZERO; size * size];
            multiply(
                (&mut product, Layout::row_major(size, size)),
                false,
                (&scaled, layout.transposed()),
                (&scaled, layout),
                T::ONE,
            );
            sums.iter_mut()
                .zip(&product)
                .for_each(|(sum, value)| *sum += value.to_f64());
        });
        let columns: Vec<usize> = self.numeric.iter().copied().chain([self.width]).collect();
        for (row, &target_row) in columns.iter().enumerate() {
            for (column, &target_column) in columns.iter().enumerate() {
                gram[target_row * stride + target_column] =
                    f64::midpoint(sums[row * size + column], sums[column * size + row]);
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

/// Mean and standard deviation of what is finite; a constant column has scale 1.
fn moments(values: &[f64], centred: bool) -> (f64, f64) {
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let count = finite().count().max(1) as f64;
    // Through halves, so that huge values do not overflow.
    let mean = if centred {
        finite().map(|value| value / count).sum::<f64>()
    } else {
        0.0
    };
    let largest = finite().fold(0.0, |most: f64, value| most.max((value - mean).abs()));
    if largest == 0.0 || !largest.is_finite() {
        return (mean, 1.0);
    }
    let squares: f64 = finite()
        .map(|value| ((value - mean) / largest).powi(2))
        .sum::<f64>()
        / count;
    let scale = largest * squares.sqrt();
    // Rounding of a constant column is no variation.
    if scale > mean.abs() * 1e-13 && scale > 0.0 {
        (mean, scale)
    } else {
        (mean, 1.0)
    }
}
