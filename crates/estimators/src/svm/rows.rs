//! Rows of the kernel matrix, as the solver asks for them: from the whole matrix when there is one, else computed in
//! batches and kept while there is room, the least recently used making place.

use super::kernel::Kernel;
use super::matrix::{TILE, tile};
use super::samples::Samples;
use rayon::prelude::*;

/// Rows that are computed together: one product of blocks instead of many of a row.
const BATCH: usize = 64;
/// Rows that always find room.
const LEAST_ROWS: usize = 2048;
const NOWHERE: u32 = u32::MAX;

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

/// Kernel rows between the active samples.
pub(crate) struct Rows<'a> {
    source: Source<'a>,
    /// The active samples, by their number in the source.
    active: Vec<u32>,
    /// Their values, one after the other (only when rows are computed).
    packed: Samples,
    /// The rows are those of the matrix as it is.
    borrowed: bool,
    kept: Vec<Vec<f32>>,
    /// Where the row of an active sample is kept.
    place: Vec<u32>,
    /// Whose row is kept there.
    owner: Vec<u32>,
    /// When it was last used.
    used: Vec<u64>,
    clock: u64,
    cache_bytes: usize,
}

impl<'a> Rows<'a> {
    /// Rows between these samples of the source; up to `cache_bytes` of them are kept.
    pub(crate) fn new(source: Source<'a>, active: Vec<u32>, cache_bytes: usize) -> Self {
        let (packed, borrowed) = match source {
            Source::Matrix { size, .. } => (
                Samples::default(),
                active.len() == size
                    && active
                        .iter()
                        .enumerate()
                        .all(|(at, &own)| own as usize == at),
            ),
            Source::Samples { samples, .. } => (samples.take(&active), false),
        };
        Self {
            source,
            place: vec![NOWHERE; active.len()],
            active,
            packed,
            borrowed,
            kept: Vec::new(),
            owner: Vec::new(),
            used: Vec::new(),
            clock: 0,
            cache_bytes,
        }
    }

    /// How many rows may be kept; always enough for a round.
    fn capacity(&self) -> usize {
        (self.cache_bytes / (4 * self.active.len().max(1))).max(LEAST_ROWS)
    }

    /// A row that is at hand.
    pub(crate) fn row(&self, index: usize) -> &[f32] {
        match self.source {
            Source::Matrix { values, size } if self.borrowed => {
                &values[index * size..(index + 1) * size]
            }
            _ => &self.kept[self.place[index] as usize],
        }
    }

    /// Brings rows (at most [`LEAST_ROWS`]) so that all of them are at hand.
    pub(crate) fn bring(&mut self, wanted: &[u32]) {
        if self.borrowed {
            return;
        }
        self.clock += 1;
        let mut missing = Vec::new();
        for &index in wanted {
            match self.place[index as usize] {
                NOWHERE => missing.push(index),
                place => self.used[place as usize] = self.clock,
            }
        }
        for batch in missing.chunks(BATCH) {
            self.fetch(batch);
        }
    }

    fn fetch(&mut self, wanted: &[u32]) {
        let places = self.make_room(wanted.len());
        for (&place, &index) in places.iter().zip(wanted) {
            self.owner[place] = index;
            self.used[place] = self.clock;
            self.place[index as usize] = place as u32;
        }
        let length = self.active.len();
        let mut targets: Vec<Vec<f32>> = places
            .iter()
            .map(|&place| std::mem::take(&mut self.kept[place]))
            .collect();
        targets.iter_mut().for_each(|row| row.resize(length, 0.0));
        match self.source {
            Source::Matrix { values, size } => {
                for (target, &index) in targets.iter_mut().zip(wanted) {
                    let row = &values[self.active[index as usize] as usize * size..][..size];
                    gather(target, row, &self.active);
                }
            }
            Source::Samples { kernel, .. } => {
                let batch = self.packed.take(wanted);
                let mut columns: Vec<Vec<&mut [f32]>> = (0..length.div_ceil(TILE))
                    .map(|_| Vec::with_capacity(wanted.len()))
                    .collect();
                for target in &mut targets {
                    for (block, part) in columns.iter_mut().zip(target.chunks_mut(TILE)) {
                        block.push(part);
                    }
                }
                columns.par_iter_mut().enumerate().for_each_init(
                    || vec![0.0; wanted.len() * TILE],
                    |values, (block, parts)| {
                        let (first, last) = (block * TILE, (block * TILE + TILE).min(length));
                        tile(
                            kernel,
                            (&batch.values, &batch.squares),
                            self.packed.part(first, last),
                            self.packed.width,
                            values,
                        );
                        for (part, line) in parts.iter_mut().zip(values.chunks_exact(last - first))
                        {
                            part.copy_from_slice(line);
                        }
                    },
                );
                for (target, &index) in targets.iter_mut().zip(wanted) {
                    target[index as usize] = kernel.own(self.packed.squares[index as usize]);
                }
            }
        }
        for (&place, target) in places.iter().zip(targets) {
            self.kept[place] = target;
        }
    }

    /// Places for so many new rows.
    fn make_room(&mut self, count: usize) -> Vec<usize> {
        let fresh = self.capacity().saturating_sub(self.kept.len()).min(count);
        let old = self.kept.len();
        let mut places: Vec<usize> = (old..old + fresh).collect();
        if fresh < count {
            let mut by_age: Vec<(u64, usize)> = self.used.iter().copied().zip(0..old).collect();
            let going = (count - fresh).min(by_age.len());
            if going < by_age.len() {
                by_age.select_nth_unstable(going);
            }
            for &(_, place) in &by_age[..going] {
                if let Some(own) = self.place.get_mut(self.owner[place] as usize) {
                    *own = NOWHERE;
                }
                places.push(place);
            }
        }
        self.kept.resize_with(old + fresh, Vec::new);
        self.owner.resize(old + fresh, NOWHERE);
        self.used.resize(old + fresh, 0);
        places
    }

    /// Goes on with some of the active samples (positions, rising); rows at hand are cut to them.
    pub(crate) fn narrow(&mut self, positions: &[u32]) {
        let active: Vec<u32> = positions
            .iter()
            .map(|&at| self.active[at as usize])
            .collect();
        if self.borrowed {
            *self = Self::new(self.source, active, self.cache_bytes);
            return;
        }
        let mut place = vec![NOWHERE; active.len()];
        let mut staying = vec![NOWHERE; self.owner.len()];
        for (new, &at) in positions.iter().enumerate() {
            place[new] = self.place[at as usize];
            if let Some(owner) = staying.get_mut(place[new] as usize) {
                *owner = new as u32;
            }
        }
        for (row, (&owner, used)) in self.kept.iter_mut().zip(staying.iter().zip(&mut self.used)) {
            if owner == NOWHERE {
                *used = 0;
                continue;
            }
            // Positions rise, so that a value is read before its place is written.
            for (new, &at) in positions.iter().enumerate() {
                row[new] = row[at as usize];
            }
            row.truncate(positions.len());
        }
        if matches!(self.source, Source::Samples { .. }) {
            self.packed = self.packed.take(positions);
        }
        (self.owner, self.place, self.active) = (staying, place, active);
    }
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
