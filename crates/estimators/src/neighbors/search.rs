//! The nearest rows of every query, exactly.
//!
//! All rows are screened with rounded numbers whose error is known ([`kernels::screen`](crate::kernels::screen)). A row is
//! measured only if its distance may be among the smallest so far; neighbours are sorted by exact distance, then by row.

mod seeker;
#[cfg(test)]
mod tests;

use super::metric::Metric;
use super::rows::{Rows, known};
use crate::FitError;
use crate::kernels::differences;
use crate::kernels::rounded::Rounded;
use crate::kernels::screen::{Panels, Queries, RowValues, screen};
use seeker::Seeker;

/// Share of a sum of squares that rounding to `f32` may take or add in a score, generously.
const SLACK: f64 = 1.0 / (1_u64 << 20) as f64;
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
