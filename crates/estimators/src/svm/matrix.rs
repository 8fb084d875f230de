//! Kernel values by the block: tiles of products that become kernel values while they are in the cache.

use super::kernel::Kernel;
use super::samples::Samples;
use crate::kernels::pages;
use crate::kernels::product::{Layout, multiply};
use crate::kernels::tiles::transpose_into;
use rayon::prelude::*;

/// Samples on the long side of a tile.
pub(crate) const TILE: usize = 512;
/// Rows of the whole matrix that are made at once.
const STRIP: usize = 256;
/// Samples from which tiles are broad: there are many of them.
const MANY: usize = 8 * STRIP;
/// Rows that are copied by one task at least.
const COPIES: usize = 32;
/// Samples whose part of the gradient is added at once.
const GROUP: usize = 64;

/// Where kernel values come from.
#[derive(Clone, Copy)]
pub(crate) enum Source<'a> {
    /// The whole matrix, `size × size`.
    Matrix { values: &'a [f32], size: usize },
    /// The samples themselves.
    Samples {
        samples: &'a Samples,
        kernel: &'a Kernel,
    },
}

/// Kernel values of some rows of `left` with some rows of `right`, row-major into `target`.
pub(crate) fn tile(
    kernel: &Kernel,
    left: (&[f32], &[f32]),
    right: (&[f32], &[f32]),
    width: usize,
    target: &mut [f32],
) {
    let ((left, left_squares), (right, right_squares)) = (left, right);
    let (rows, columns) = (left_squares.len(), right_squares.len());
    let target = &mut target[..rows * columns];
    multiply(
        (target, Layout::row_major(rows, columns)),
        false,
        (left, Layout::row_major(rows, width)),
        (right, Layout::row_major(columns, width).transposed()),
        1.0,
    );
    if width == 0 {
        target.fill(0.0);
    }
    for (own, &square) in target.chunks_exact_mut(columns.max(1)).zip(left_squares) {
        kernel.apply(own, square, right_squares);
    }
}

impl Samples {
    /// Values and squares of rows `start..end`.
    pub(crate) fn part(&self, start: usize, end: usize) -> (&[f32], &[f32]) {
        (
            &self.values[start * self.width..end * self.width],
            &self.squares[start..end],
        )
    }
}

/// Room for kernel values that is used again and again: fresh memory is dear, and comes a page at a time.
#[derive(Debug, Default)]
pub(crate) struct Room {
    pub(crate) values: Vec<f32>,
    /// Between which samples.
    pub(crate) of: Vec<u32>,
    strip: Vec<f32>,
}

impl Room {
    /// Room for so many values, with whatever was there.
    pub(crate) fn make(&mut self, count: usize) -> &mut [f32] {
        if self.values.capacity() < count {
            // The old one makes place before the new one is made.
            self.values = Vec::new();
            self.values = pages::zeros(count);
        }
        self.values.resize(count, 0.0);
        &mut self.values
    }
}

/// All kernel values, `rows × rows`, in the room. Half are computed, half mirrored. `stop` is asked between strips.
pub(crate) fn whole<E>(
    kernel: &Kernel,
    samples: &Samples,
    room: &mut Room,
    mut stop: impl FnMut(f64) -> Result<(), E>,
) -> Result<(), E> {
    let size = samples.rows();
    room.make(size * size);
    let Room {
        values: matrix,
        strip,
        ..
    } = room;
    let largest = STRIP.min(size) * size;
    if strip.len() < largest {
        *strip = pages::zeros(largest);
    }
    for start in (0..size).step_by(STRIP) {
        stop(start as f64 / size as f64)?;
        let end = (start + STRIP).min(size);
        let height = end - start;
        // Tiles one after the other, each `height × up to broad`; many enough for all threads, and a strip is made of
        // whole ones.
        let broad = if size - start > MANY {
            STRIP
        } else {
            STRIP / 2
        };
        let strip = &mut strip[..height * (size - start)];
        strip
            .par_chunks_mut(height * broad)
            .with_max_len(1)
            .enumerate()
            .for_each(|(index, target)| {
                let first = start + index * broad;
                let last = (first + broad).min(size);
                tile(
                    kernel,
                    samples.part(start, end),
                    samples.part(first, last),
                    samples.width,
                    target,
                );
            });
        let (own, below) = matrix[start * size..].split_at_mut(height * size);
        let tiles = strip.par_chunks(height * broad);
        let beside = tiles.skip(height.div_ceil(broad));
        rayon::join(
            || {
                own.par_chunks_mut(size)
                    .with_min_len(COPIES)
                    .enumerate()
                    .for_each(|(offset, row)| {
                        let parts = row[start..].chunks_mut(broad);
                        for (tile, part) in strip.chunks(height * broad).zip(parts) {
                            let width = part.len();
                            part.copy_from_slice(&tile[offset * width..][..width]);
                        }
                    });
            },
            // What lies beside the strip lies turned below it.
            || {
                below
                    .par_chunks_mut(broad * size)
                    .with_max_len(1)
                    .zip(beside)
                    .for_each(|(rows, tile)| {
                        let shape = (height, tile.len() / height);
                        transpose_into((tile, shape.1), shape, (&mut rows[start..], size));
                    });
            },
        );
    }
    // A sample is exactly itself.
    for index in 0..size {
        matrix[index * size + index] = kernel.own(samples.squares[index]);
    }
    Ok(())
}

/// Σ coefficient · K(sample, ·) over `sources` for every row of `samples`, added to `sums` in double precision.
pub(crate) fn add_weighted(
    kernel: &Kernel,
    sources: &Samples,
    coefficients: &[f64],
    samples: &Samples,
    sums: &mut [f64],
) {
    let broad = if sums.len() > MANY { TILE } else { TILE / 2 };
    let tiles = sums.par_chunks_mut(broad).with_max_len(1).enumerate();
    tiles.for_each_init(
        || vec![0.0; GROUP * broad],
        |values, (index, sums)| {
            let (first, last) = (index * broad, index * broad + sums.len());
            for start in (0..sources.rows()).step_by(GROUP) {
                let end = (start + GROUP).min(sources.rows());
                tile(
                    kernel,
                    sources.part(start, end),
                    samples.part(first, last),
                    samples.width,
                    values,
                );
                let lines: Vec<(f64, &[f32])> = coefficients[start..end]
                    .iter()
                    .copied()
                    .zip(values.chunks_exact(sums.len()))
                    .collect();
                add_block(&lines, 0, sums);
            }
        },
    );
}

/// sums += Σ factor · line, in the order of the lines.
pub(crate) fn add_rows(lines: &[(f64, &[f32])], sums: &mut [f64]) {
    sums.par_chunks_mut(TILE)
        .enumerate()
        .for_each(|(block, sums)| add_block(lines, block * TILE, sums));
}

/// The same for the part of each line from `first` on. Four lines at a time, so that sums are read and written less.
fn add_block(lines: &[(f64, &[f32])], first: usize, sums: &mut [f64]) {
    let size = sums.len();
    let (fours, rest) = lines.as_chunks::<4>();
    crate::kernels::simd::wide(
        #[inline(always)]
        || {
            for [a, b, c, d] in fours {
                let lines = (&a.1[first..first + size], &b.1[first..first + size]);
                let others = (&c.1[first..first + size], &d.1[first..first + size]);
                for (at, sum) in sums.iter_mut().enumerate() {
                    *sum += (a.0 * f64::from(lines.0[at]) + b.0 * f64::from(lines.1[at]))
                        + (c.0 * f64::from(others.0[at]) + d.0 * f64::from(others.1[at]));
                }
            }
            for (factor, line) in rest {
                for (sum, value) in sums.iter_mut().zip(&line[first..first + size]) {
                    *sum += factor * f64::from(*value);
                }
            }
        },
    );
}

/// Takes some columns (rising) of a row: where many follow each other they are copied together.
pub(crate) fn gather(target: &mut [f32], row: &[f32], columns: &[u32]) {
    const RUN: usize = 16;
    let (runs, rest) = columns.as_chunks::<RUN>();
    let (parts, end) = target.as_chunks_mut::<RUN>();
    for (part, run) in parts.iter_mut().zip(runs) {
        let first = run[0] as usize;
        if run[RUN - 1] as usize == first + RUN - 1 {
            part.copy_from_slice(&row[first..first + RUN]);
        } else {
            for (value, &column) in part.iter_mut().zip(run) {
                *value = row[column as usize];
            }
        }
    }
    for (value, &column) in end.iter_mut().zip(rest) {
        *value = row[column as usize];
    }
}
