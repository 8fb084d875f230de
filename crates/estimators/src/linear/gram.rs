//! Second moments of a design: ZᵀZ by weights, and Zᵀy. Numbers are multiplied block by block; levels only ever add up.

use super::design::{Buffers, Design, Rows};
use super::tiles::BLOCK;
use crate::kernels::columns::{Columns, Real, dots};

/// The least share of a column's square that is variation, where centring still costs few digits.
const LEAST_VARIANCE: f64 = 1e-4;

/// The second moments of a design, and of the design with a target.
pub(crate) struct Gram {
    /// Σ weight · z · zᵀ, `(width + 1)²`, row-major and symmetric.
    pub(crate) matrix: Vec<f64>,
    /// Σ weight · z · target, all 0 without a target.
    pub(crate) right: Vec<f64>,
}

impl<T: Real> Design<'_, T> {
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
