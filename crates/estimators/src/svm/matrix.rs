//! Kernel values by the block: tiles of products that become kernel values while they are in the cache.

use super::kernel::Kernel;
use super::samples::Samples;
use crate::kernels::pages;
use crate::kernels::product::{Layout, multiply};
use crate::kernels::tiles::transpose_into;
use rayon::prelude::*;
use std::sync::{Mutex, PoisonError};

/// Samples on the long side of a tile.
pub(crate) const TILE: usize = 512;
/// Rows and columns of a tile of the whole matrix.
const EDGE: usize = 256;
/// Samples from which tiles are as large as that: there are many of them.
const MANY: usize = 8 * EDGE;
/// Tiles between two looks at the clock.
const BATCH: usize = 512;
/// Samples whose part of the gradient is added at once.
const GROUP: usize = 128;

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
    /// Where tiles are made.
    desks: Vec<f32>,
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

/// Parts of lines of a matrix, one below the other.
type Lines<'a> = Vec<&'a mut [f32]>;

/// A tile of a symmetric matrix, at or above the diagonal, and the one it is mirrored to.
struct Twins<'a> {
    /// First row and column.
    start: (usize, usize),
    own: Lines<'a>,
    /// Empty on the diagonal.
    mirrored: Lines<'a>,
}

impl Twins<'_> {
    /// Computes the tile on a `desk` with room for two, and copies it to both places.
    fn make(mut self, kernel: &Kernel, samples: &Samples, desk: &mut [f32]) {
        let (row, column) = self.start;
        let shape = (self.own.len(), self.own[0].len());
        let (made, turned) = desk.split_at_mut(desk.len() / 2);
        tile(
            kernel,
            samples.part(row, row + shape.0),
            samples.part(column, column + shape.1),
            samples.width,
            made,
        );
        for (line, values) in self.own.iter_mut().zip(made.chunks_exact(shape.1)) {
            line.copy_from_slice(values);
        }
        if self.mirrored.is_empty() {
            return;
        }
        transpose_into((made, shape.1), shape, (turned, shape.0));
        for (line, values) in self.mirrored.iter_mut().zip(turned.chunks_exact(shape.0)) {
            line.copy_from_slice(values);
        }
    }
}

/// The matrix in tiles of `edge × edge`, those at its ends narrower.
fn twins(matrix: &mut [f32], size: usize, edge: usize) -> Vec<Twins<'_>> {
    let count = size.div_ceil(edge);
    let bands = matrix.par_chunks_mut((edge * size).max(1));
    let mut tiles: Vec<Vec<Lines<'_>>> = bands
        .map(|rows| {
            let mut tiles: Vec<Lines<'_>> = (0..count).map(|_| Vec::with_capacity(edge)).collect();
            for row in rows.chunks_exact_mut(size) {
                for (tile, part) in tiles.iter_mut().zip(row.chunks_mut(edge)) {
                    tile.push(part);
                }
            }
            tiles
        })
        .collect();
    let pairs = (0..count).flat_map(|row| (row..count).map(move |column| (row, column)));
    let twins = pairs.map(|(row, column)| Twins {
        start: (row * edge, column * edge),
        own: std::mem::take(&mut tiles[row][column]),
        mirrored: std::mem::take(&mut tiles[column][row]),
    });
    twins.collect()
}

/// All kernel values, `rows × rows`, in the room. Half are computed, half mirrored. `stop` is asked now and then.
pub(crate) fn whole<E>(
    kernel: &Kernel,
    samples: &Samples,
    room: &mut Room,
    mut stop: impl FnMut(f64) -> Result<(), E>,
) -> Result<(), E> {
    let size = samples.rows();
    // Many enough for all threads.
    let edge = if size > MANY { EDGE } else { EDGE / 2 };
    room.make(size * size);
    let Room {
        values: matrix,
        desks,
        ..
    } = room;
    let desk = 2 * edge * edge;
    let needed = rayon::current_num_threads() * desk;
    if desks.len() < needed {
        *desks = vec![0.0; needed];
    }
    let mut tiles = twins(matrix, size, edge);
    tiles.reverse();
    let all = tiles.len();
    while !tiles.is_empty() {
        stop(1.0 - tiles.len() as f64 / all as f64)?;
        // Whoever has made one takes the next, without waiting for others.
        let heap = Mutex::new(tiles.split_off(tiles.len().saturating_sub(BATCH)));
        desks
            .par_chunks_exact_mut(desk)
            .with_max_len(1)
            .for_each(|desk| {
                while let Some(next) = taken(&heap) {
                    next.make(kernel, samples, desk);
                }
            });
    }
    // A sample is exactly itself.
    for index in 0..size {
        matrix[index * size + index] = kernel.own(samples.squares[index]);
    }
    Ok(())
}

/// The next of a heap.
fn taken<T>(heap: &Mutex<Vec<T>>) -> Option<T> {
    heap.lock().unwrap_or_else(PoisonError::into_inner).pop()
}

/// Σ coefficient · K(sample, ·) over `sources` for every row of `samples`, added to `sums` in double precision.
pub(crate) fn add_weighted(
    kernel: &Kernel,
    sources: &Samples,
    coefficients: &[f64],
    samples: &Samples,
    sums: &mut [f64],
) {
    let broad = TILE / 2;
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
