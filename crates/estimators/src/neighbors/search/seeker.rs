//! One query on its way through the rows: bounds of distances, and what may still be among the nearest.

use super::{Index, Neighbor, SLACK, Screen, direction};
use crate::kernels::rounded::Rounded;
use crate::kernels::screen::{Hits, QueryValues};
use crate::neighbors::metric::Metric;
use crate::neighbors::rows::known;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// What underflow of `f32` may take or add to a squared distance, generously, in squares of a typical row.
const UNDERFLOW: f64 = 1e-24;
/// Squares beyond (in units of a typical row) are not trusted to `f32`.
const TRUSTED: f64 = 1e30;
/// Candidates kept beside `4 · k` before they are weeded.
const WAITING: usize = 192;

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
pub(super) struct Seeker<'a> {
    index: &'a Index,
    pub(super) numbers: &'a [f32],
    pub(super) codes: &'a [u32],
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
    pub(super) fn new(
        index: &'a Index,
        numbers: &'a [f32],
        codes: &'a [u32],
        count: usize,
    ) -> Self {
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
    pub(super) fn rounded(&mut self) -> (Vec<i16>, QueryValues) {
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
        if !score.is_finite() {
            // Overflowed on its way; `max` below would take it for 0.
            return (0.0, f64::INFINITY);
        }
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
                    let blur = 2.0 * SLACK * (squared + self.squared + slope * error) + UNDERFLOW;
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
                let slack = SLACK * (far * far + self.squared) + UNDERFLOW;
                (limit + slack, 2.0 * far)
            }
        };
        let limit = limit as f32;
        (limit + limit.abs() * f32::EPSILON, slope as f32)
    }

    /// Looks at rows that came through.
    pub(super) fn take(&mut self, hits: &Hits<'_>) -> (f32, f32) {
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

    pub(super) fn finish(mut self) -> Vec<Neighbor> {
        let reach = self.reach();
        self.candidates.retain(|(lower, _)| *lower <= reach);
        self.measure()
    }
}
