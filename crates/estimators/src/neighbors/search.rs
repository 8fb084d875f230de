//! The nearest rows of every query, exactly.
//!
//! All rows are screened with rounded numbers whose error is known ([`kernels::screen`](crate::kernels::screen)). A row is
//! measured only if its distance may be among the smallest so far; neighbours are sorted by exact distance, then by row.

use super::metric::Metric;
use super::rows::{Rows, known};
use crate::FitError;
use crate::kernels::differences;
use crate::kernels::screen::{Hits, Panels, Queries, QueryValues, Rounded, RowValues, screen};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Share of a sum of squares that rounding to `f32` may take or add in a score, generously.
const SLACK: f64 = 1.0 / (1_u64 << 20) as f64;
/// Squares beyond (in units of a typical row) are not trusted to `f32`.
const TRUSTED: f64 = 1e30;
/// Candidates kept beside `4 · k` before they are weeded.
const WAITING: usize = 192;

/// A neighbour: what it is sorted by, and its row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Neighbor {
    pub(crate) key: f64,
    pub(crate) row: u32,
}

/// Rows in which neighbours are looked for.
pub(crate) struct Index {
    pub(crate) rows: Rows,
    pub(crate) metric: Metric,
    screen: Screen,
}

/// Told the number of each row while an index is made.
pub(crate) type Visit<'a> = &'a mut dyn FnMut(usize) -> Result<(), FitError>;

enum Screen {
    /// Euclidean and cosine.
    Products {
        panels: Panels,
        /// A power of two near the length of a typical row; lengths are counted in it.
        unit: f64,
        /// Squared length and error of each row, as the metric uses them.
        lengths: Vec<(f32, f32)>,
    },
    /// Manhattan.
    Differences(differences::Panels),
}

impl Index {
    /// Prepares rows for being searched. `visit` is told of every row and may end it.
    pub(crate) fn new(rows: Rows, metric: Metric, visit: Visit<'_>) -> Result<Self, FitError> {
        let screen = match metric {
            Metric::Euclidean => Screen::euclidean(&rows, visit)?,
            Metric::Cosine => Screen::cosine(&rows, visit)?,
            Metric::Manhattan => Screen::manhattan(&rows, visit)?,
        };
        Ok(Self {
            rows,
            metric,
            screen,
        })
    }

    /// Bytes that an index over so many rows takes.
    pub(crate) fn bytes(rows: usize, width: usize, categories: usize, metric: Metric) -> usize {
        let own = (width + categories).saturating_mul(4).saturating_mul(rows);
        own.saturating_add(match metric {
            Metric::Manhattan => differences::Panels::bytes(rows, width, categories),
            _ => Panels::bytes(rows, width, categories).saturating_add(rows.saturating_mul(16)),
        })
    }

    /// The `count` nearest rows of each query, nearest first; equally near ones by row.
    pub(crate) fn nearest(&self, asked: &Rows, count: usize) -> Vec<Vec<Neighbor>> {
        let count = count.min(self.rows.count).max(1);
        let mut seekers: Vec<Seeker<'_>> = (0..asked.count)
            .map(|query| Seeker::new(self, asked.numbers(query), asked.codes(query), count))
            .collect();
        match &self.screen {
            Screen::Products { panels, .. } => {
                let mut queries = Queries::new(panels);
                for seeker in &mut seekers {
                    let (numbers, values) = seeker.rounded();
                    queries.push(&numbers, seeker.codes, values);
                }
                screen(panels, &mut queries, &mut |hits| {
                    seekers[hits.query].take(&hits)
                });
            }
            Screen::Differences(panels) => {
                let queries = seekers.iter().map(|seeker| (seeker.numbers, seeker.codes));
                let queries = queries.collect::<Vec<_>>();
                panels.screen(&queries, &mut |hits| seekers[hits.query].take(&hits).0);
            }
        }
        seekers.into_iter().map(Seeker::finish).collect()
    }
}

impl Screen {
    fn euclidean(rows: &Rows, visit: Visit<'_>) -> Result<Self, FitError> {
        let mut panels = Panels::new(rows.count, rows.width, rows.categories);
        let mut lengths = Vec::with_capacity(rows.count);
        let unit = typical_length(rows);
        for row in 0..rows.count {
            visit(row)?;
            let codes = rows.codes(row);
            let rounded = Rounded::new(rows.numbers(row));
            let squared = (rounded.squared + known(codes) as f64) / (unit * unit);
            let error = rounded.error / unit;
            let values = RowValues {
                base: (squared * (1.0 - SLACK) - error * error).clamp(-1e37, 1e37) as f32,
                scale: (rounded.scale / unit) as f32,
                share: 1.0,
                error: error as f32,
            };
            panels.set(row, &rounded.numbers, codes, values);
            lengths.push((squared.min(1e37) as f32, error as f32));
        }
        Ok(Self::Products {
            panels,
            unit,
            lengths,
        })
    }

    fn cosine(rows: &Rows, visit: Visit<'_>) -> Result<Self, FitError> {
        let mut panels = Panels::new(rows.count, rows.width, rows.categories);
        let mut lengths = Vec::with_capacity(rows.count);
        for row in 0..rows.count {
            visit(row)?;
            let codes = rows.codes(row);
            let rounded = Rounded::new(rows.numbers(row));
            let (inverse, share, error) = direction(&rounded, known(codes));
            let values = RowValues {
                base: 0.0,
                scale: (rounded.scale * inverse) as f32,
                share: share as f32,
                error: error as f32,
            };
            panels.set(row, &rounded.numbers, codes, values);
            lengths.push((1.0, error as f32));
        }
        Ok(Self::Products {
            panels,
            unit: 1.0,
            lengths,
        })
    }

    fn manhattan(rows: &Rows, visit: Visit<'_>) -> Result<Self, FitError> {
        let mut panels = differences::Panels::new(rows.count, rows.width, rows.categories);
        for row in 0..rows.count {
            visit(row)?;
            let codes = rows.codes(row);
            panels.set(row, rows.numbers(row), codes, known(codes) as f32);
        }
        Ok(Self::Differences(panels))
    }
}

/// 1 / length, the same for categories (0 without any, lest it be infinite), and the relative error.
fn direction(rounded: &Rounded, known: usize) -> (f64, f64, f64) {
    let length = (rounded.squared + known as f64).sqrt();
    // The true length may be off by the error; doubled, the error also covers that.
    let inverse = if length > 0.0 { 1.0 / length } else { 0.0 };
    let share = if known > 0 { inverse } else { 0.0 };
    (inverse, share, 2.0 * rounded.error * inverse)
}

/// A power of two near the median length.
fn typical_length(rows: &Rows) -> f64 {
    let mut lengths: Vec<f64> = (0..rows.count)
        .map(|row| {
            let own = rows.numbers(row);
            (crate::kernels::distance::dot(own, own) + known(rows.codes(row)) as f64).sqrt()
        })
        .filter(|&length| length > 0.0)
        .collect();
    let middle = lengths.len() / 2;
    if lengths.is_empty() {
        return 1.0;
    }
    let (_, median, _) = lengths.select_nth_unstable_by(middle, f64::total_cmp);
    median.log2().round().exp2()
}

/// A number with a total order.
#[derive(Clone, Copy, PartialEq)]
struct Bound(f64);

impl Eq for Bound {}

impl PartialOrd for Bound {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Bound {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// One query on its way through the rows. Distances are counted in units of the index.
struct Seeker<'a> {
    index: &'a Index,
    numbers: &'a [f32],
    codes: &'a [u32],
    count: usize,
    /// Squared length of the rounded query.
    squared: f64,
    error: f64,
    /// Upper bounds of the `count` smallest distances seen, the largest on top.
    uppers: BinaryHeap<Bound>,
    /// Lower bounds and rows of what may be among the nearest.
    candidates: Vec<(f64, u32)>,
}

impl<'a> Seeker<'a> {
    fn new(index: &'a Index, numbers: &'a [f32], codes: &'a [u32], count: usize) -> Self {
        Self {
            index,
            numbers,
            codes,
            count,
            squared: 0.0,
            error: 0.0,
            uppers: BinaryHeap::with_capacity(count),
            candidates: Vec::new(),
        }
    }

    /// Rounds the query.
    fn rounded(&mut self) -> (Vec<i16>, QueryValues) {
        let rounded = Rounded::new(self.numbers);
        let known = known(self.codes);
        let unit = self.unit();
        let (factor, match_factor) = if self.index.metric == Metric::Cosine {
            let (inverse, share, error) = direction(&rounded, known);
            self.error = error;
            (-rounded.scale * inverse, -share)
        } else {
            self.squared = (rounded.squared + known as f64) / (unit * unit);
            self.error = rounded.error / unit;
            (-2.0 * rounded.scale / unit, -2.0 / (unit * unit))
        };
        let values = QueryValues {
            factor: factor as f32,
            match_factor: match_factor as f32,
            limit: f32::INFINITY,
            slope: 0.0,
        };
        (rounded.numbers, values)
    }

    fn unit(&self) -> f64 {
        match &self.index.screen {
            Screen::Products { unit, .. } => *unit,
            Screen::Differences(_) => 1.0,
        }
    }

    /// No neighbour is farther than this.
    fn reach(&self) -> f64 {
        match self.uppers.peek() {
            Some(bound) if self.uppers.len() == self.count => bound.0,
            _ => f64::INFINITY,
        }
    }

    /// Bounds of the distance of a row with this score.
    fn bounds(&self, row: usize, score: f32, slope: f32) -> (f64, f64) {
        let (score, slope) = (f64::from(score), f64::from(slope));
        let (lower, upper) = match &self.index.screen {
            Screen::Products { lengths, .. } => {
                let (squared, error) = lengths[row];
                let (squared, error) = (f64::from(squared), f64::from(error));
                if self.index.metric == Metric::Cosine {
                    let distance = 1.0 + score + slope * error;
                    let blur = self.error + (1.0 + self.error) * error + 4.0 * SLACK;
                    (distance - blur, distance + blur)
                } else {
                    let blur = 2.0 * SLACK * (squared + self.squared + slope * error);
                    if squared + self.squared > TRUSTED {
                        return (0.0, f64::INFINITY);
                    }
                    let apart =
                        score + slope * error + error * error + SLACK * squared + self.squared;
                    let off = (error + self.error) * (1.0 + SLACK);
                    (
                        (apart - blur).max(0.0).sqrt() - off,
                        (apart + blur).max(0.0).sqrt() + off,
                    )
                }
            }
            Screen::Differences(panels) => {
                let distance = score + known(self.codes) as f64;
                let blur = panels.blur() * (distance.abs() + 4.0 * self.codes.len() as f64);
                (distance - blur, distance + blur)
            }
        };
        if upper.is_finite() {
            (lower, upper)
        } else {
            (0.0, f64::INFINITY)
        }
    }

    /// The limit of scores, and the slope that they are made with.
    fn limits(&self) -> (f32, f32) {
        let reach = self.reach();
        if reach == f64::INFINITY {
            return (f32::INFINITY, 0.0);
        }
        let (limit, slope) = match &self.index.screen {
            Screen::Differences(panels) => {
                let known = known(self.codes) as f64;
                let blur = panels.blur() * (reach.abs() + 4.0 * self.codes.len() as f64);
                (reach + 2.0 * blur - known, 0.0)
            }
            Screen::Products { .. } if self.index.metric == Metric::Cosine => {
                (reach - 1.0 + self.error + 4.0 * SLACK, 1.0 + self.error)
            }
            Screen::Products { .. } => {
                let far = (reach + self.error).max(0.0);
                let limit = far * far - self.squared;
                (limit + SLACK * (far * far + self.squared), 2.0 * far)
            }
        };
        let limit = limit as f32;
        (limit + limit.abs() * f32::EPSILON, slope as f32)
    }

    /// Looks at rows that came through.
    fn take(&mut self, hits: &Hits<'_>) -> (f32, f32) {
        let mut mask = hits.mask;
        while mask != 0 {
            let lane = mask.trailing_zeros() as usize;
            mask &= mask - 1;
            let row = hits.first + lane;
            let (lower, upper) = self.bounds(row, hits.scores[lane], hits.slope);
            if lower > self.reach() {
                continue;
            }
            self.note(upper);
            self.candidates.push((lower, row as u32));
        }
        if self.candidates.len() > 4 * self.count + WAITING {
            self.weed();
        }
        self.limits()
    }

    fn note(&mut self, upper: f64) {
        if self.uppers.len() < self.count {
            self.uppers.push(Bound(upper));
        } else if let Some(mut top) = self.uppers.peek_mut()
            && upper < top.0
        {
            *top = Bound(upper);
        }
    }

    /// Throws out candidates that are too far by now; measures them when that leaves too many.
    fn weed(&mut self) {
        let reach = self.reach();
        self.candidates.retain(|(lower, _)| *lower <= reach);
        if self.candidates.len() <= 2 * self.count + WAITING / 2 {
            return;
        }
        let measured = self.measure();
        self.uppers.clear();
        for neighbor in measured {
            let distance = self.index.metric.distance(neighbor.key) / self.unit();
            self.uppers.push(Bound(distance * (1.0 + 1e-12)));
            self.candidates
                .push((distance * (1.0 - 1e-12), neighbor.row));
        }
    }

    /// The nearest of the candidates, which are used up.
    fn measure(&mut self) -> Vec<Neighbor> {
        let (index, numbers, codes) = (self.index, self.numbers, self.codes);
        let mut measured: Vec<Neighbor> = self
            .candidates
            .drain(..)
            .map(|(_, row)| Neighbor {
                key: index.metric.key(&index.rows, row as usize, numbers, codes),
                row,
            })
            .collect();
        let order = |left: &Neighbor, right: &Neighbor| {
            left.key
                .total_cmp(&right.key)
                .then(left.row.cmp(&right.row))
        };
        if measured.len() > self.count {
            measured.select_nth_unstable_by(self.count, order);
            measured.truncate(self.count);
        }
        measured.sort_unstable_by(order);
        measured
    }

    fn finish(mut self) -> Vec<Neighbor> {
        let reach = self.reach();
        self.candidates.retain(|(lower, _)| *lower <= reach);
        self.measure()
    }
}
