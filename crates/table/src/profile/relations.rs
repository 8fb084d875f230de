//! How columns go together, on a sample of rows at even distances.

use super::{Association, Correlation, Measure};
use crate::{Column, Kind, Table, Values};
use rayon::prelude::*;
use std::collections::HashMap;

/// Most rows looked at.
const SAMPLE_ROWS: usize = 10_000;
/// Most columns correlated with one another.
const MOST_COLUMNS: usize = 60;
/// Categories beyond these, the rarest, count as one.
const MOST_LEVELS: usize = 50;
/// A whole-number target with at most so many values is a class.
const FEW_WHOLE_NUMBERS: usize = 10;

/// A column on the sampled rows.
pub(super) enum View {
    /// NaN where missing.
    Numbers(Vec<f64>),
    /// `u32::MAX` where missing.
    Levels { codes: Vec<u32>, levels: usize },
}

pub(super) const NO_LEVEL: u32 = u32::MAX;

/// Columns of a table on the same sampled rows; `None` where there is no measure.
pub(super) struct Relations {
    pub(super) names: Vec<String>,
    pub(super) views: Vec<Option<View>>,
    /// Position and view of the target: whole numbers with few values are classes here.
    pub(super) target: Option<(usize, View)>,
}

impl Relations {
    pub(super) fn of(table: &Table, target: Option<&str>) -> Self {
        let rows = sampled(table.rows());
        let views = table
            .columns()
            .par_iter()
            .enumerate()
            .map(|(index, column)| {
                (index < MOST_COLUMNS || target.is_some())
                    .then(|| view(column, &rows))?
                    .filter(View::varies)
            })
            .collect();
        let target = target.and_then(|target| {
            let position = table
                .columns()
                .iter()
                .position(|column| column.name() == target)?;
            Some((
                position,
                target_view(table.columns().get(position)?, &rows)?,
            ))
        });
        Self {
            names: table
                .columns()
                .iter()
                .map(|column| column.name().to_owned())
                .collect(),
            views,
            target,
        }
    }

    /// All pairs of the first columns that have a measure.
    pub(super) fn correlations(&self) -> Vec<Correlation> {
        let measured: Vec<(usize, &View)> = self
            .views
            .iter()
            .enumerate()
            .filter_map(|(index, view)| Some((index, view.as_ref()?)))
            .take(MOST_COLUMNS)
            .collect();
        let rows = measured.par_iter().enumerate().map(|(place, (a, left))| {
            let pairs = measured[place + 1..].iter().filter_map(|(b, right)| {
                let (value, method) = left.relation(right)?;
                Some(Correlation {
                    a: self.names[*a].clone(),
                    b: self.names[*b].clone(),
                    value,
                    method,
                })
            });
            pairs.collect::<Vec<_>>()
        });
        rows.collect::<Vec<_>>().into_iter().flatten().collect()
    }

    pub(super) fn associations(&self) -> Vec<Association> {
        let Some((position, target)) = &self.target else {
            return Vec::new();
        };
        let measured = self
            .views
            .par_iter()
            .enumerate()
            .filter(|(index, _)| index != position)
            .filter_map(|(index, view)| {
                let (value, method) = view.as_ref()?.relation(target)?;
                Some(Association {
                    column: Some(self.names[index].clone()),
                    target: self.names[*position].clone(),
                    value: value.abs(),
                    method,
                })
            });
        measured.collect()
    }
}

/// Rows at even distances, the first among them.
fn sampled(rows: usize) -> Vec<usize> {
    let count = rows.min(SAMPLE_ROWS);
    (0..count)
        .map(|index| (index as u128 * rows as u128 / count.max(1) as u128) as usize)
        .collect()
}

fn view(column: &Column, rows: &[usize]) -> Option<View> {
    match (column.values(), column.kind()) {
        (_, Kind::Text | Kind::Identifier) => None,
        (Values::Numbers(_), Kind::Boolean) => {
            let code = |row: &usize| {
                column
                    .number(*row)
                    .map_or(NO_LEVEL, |value| u32::from(value != 0.0))
            };
            Some(View::Levels {
                codes: rows.iter().map(code).collect(),
                levels: 2,
            })
        }
        (Values::Numbers(_), _) => Some(View::Numbers(
            rows.iter()
                .map(|row| {
                    column
                        .number(*row)
                        .filter(|value| value.is_finite())
                        .unwrap_or(f64::NAN)
                })
                .collect(),
        )),
        (Values::Strings(values), _) => {
            let keys = values.keys();
            let code = |row: &usize| {
                if column.is_missing(*row) {
                    NO_LEVEL
                } else {
                    keys.value(*row) as u32
                }
            };
            Some(renumbered(rows.iter().map(code)))
        }
    }
}

/// Classes stay classes: also text, and whole numbers with few values.
fn target_view(column: &Column, rows: &[usize]) -> Option<View> {
    match (column.values(), column.kind()) {
        (Values::Strings(values), _) => {
            let keys = values.keys();
            let code = |row: &usize| {
                if column.is_missing(*row) {
                    NO_LEVEL
                } else {
                    keys.value(*row) as u32
                }
            };
            Some(renumbered(rows.iter().map(code)))
        }
        (_, Kind::Boolean) => view(column, rows),
        _ => {
            let View::Numbers(values) = view(column, rows)? else {
                return None;
            };
            let mut distinct: Vec<f64> = Vec::new();
            for value in values.iter().filter(|value| !value.is_nan()) {
                if distinct.contains(value) {
                    continue;
                }
                if value.fract() != 0.0 || distinct.len() == FEW_WHOLE_NUMBERS {
                    return Some(View::Numbers(values));
                }
                distinct.push(*value);
            }
            let code = |value: &f64| {
                distinct
                    .iter()
                    .position(|known| known == value)
                    .map_or(NO_LEVEL, |code| code as u32)
            };
            Some(View::Levels {
                codes: values.iter().map(code).collect(),
                levels: distinct.len(),
            })
        }
    }
}

/// Codes from 0 in order of first appearance.
fn renumbered(codes: impl Iterator<Item = u32>) -> View {
    let mut known: HashMap<u32, u32> = HashMap::new();
    let mut number = |code: u32| {
        if code == NO_LEVEL {
            return NO_LEVEL;
        }
        let next = known.len() as u32;
        *known.entry(code).or_insert(next)
    };
    let codes = codes.map(&mut number).collect();
    View::Levels {
        codes,
        levels: known.len(),
    }
}

impl View {
    fn varies(&self) -> bool {
        match self {
            Self::Numbers(values) => {
                let mut present = values.iter().filter(|value| !value.is_nan());
                present
                    .next()
                    .is_some_and(|first| present.any(|value| value != first))
            }
            Self::Levels { codes, .. } => {
                let mut present = codes.iter().filter(|code| **code != NO_LEVEL);
                present
                    .next()
                    .is_some_and(|first| present.any(|code| code != first))
            }
        }
    }

    /// The measure that fits two columns, on rows where both have a value.
    fn relation(&self, other: &Self) -> Option<(f64, Measure)> {
        let (value, method) = match (self, other) {
            (Self::Numbers(left), Self::Numbers(right)) => {
                (pearson(left, right)?, Measure::Pearson)
            }
            (
                Self::Levels {
                    codes: left,
                    levels: rows,
                },
                Self::Levels {
                    codes: right,
                    levels: columns,
                },
            ) => (
                cramers_v(&grouped(left, *rows), &grouped(right, *columns))?,
                Measure::CramersV,
            ),
            (Self::Numbers(numbers), Self::Levels { codes, levels })
            | (Self::Levels { codes, levels }, Self::Numbers(numbers)) => (
                correlation_ratio(&grouped(codes, *levels), numbers)?,
                Measure::CorrelationRatio,
            ),
        };
        value.is_finite().then_some((value, method))
    }

    /// Whether each value of one stands with one value of the other, both ways, on all rows.
    pub(super) fn twins(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Numbers(left), Self::Numbers(right)) => {
                pearson(left, right).is_some_and(|value| value.abs() > 0.9999)
            }
            (
                Self::Levels {
                    codes: left,
                    levels,
                },
                Self::Levels {
                    codes: right,
                    levels: others,
                },
            ) if levels == others => {
                let mut of = vec![None; *levels];
                left.iter().zip(right).all(|(a, b)| {
                    match (of.get_mut(*a as usize), *b == NO_LEVEL) {
                        (None, missing) => missing,
                        (Some(_), true) => false,
                        (Some(known), false) => *known.get_or_insert(*b) == *b,
                    }
                })
            }
            _ => false,
        }
    }
}

/// The most frequent levels, by number; the rest is one level.
fn grouped(codes: &[u32], levels: usize) -> (Vec<u32>, usize) {
    if levels <= MOST_LEVELS {
        return (codes.to_vec(), levels);
    }
    let mut counts = vec![(0_usize, 0_u32); levels];
    for (code, count) in counts.iter_mut().enumerate() {
        count.1 = code as u32;
    }
    for code in codes {
        if let Some(count) = counts.get_mut(*code as usize) {
            count.0 += 1;
        }
    }
    counts.sort_unstable_by_key(|(count, code)| (std::cmp::Reverse(*count), *code));
    let mut moved = vec![MOST_LEVELS as u32 - 1; levels];
    for (place, (_, code)) in counts.iter().take(MOST_LEVELS - 1).enumerate() {
        moved[*code as usize] = place as u32;
    }
    (
        codes
            .iter()
            .map(|code| moved.get(*code as usize).copied().unwrap_or(NO_LEVEL))
            .collect(),
        MOST_LEVELS,
    )
}

fn pearson(left: &[f64], right: &[f64]) -> Option<f64> {
    let both = || {
        left.iter()
            .zip(right)
            .filter(|(a, b)| !a.is_nan() && !b.is_nan())
    };
    let (mut count, mut mean_left, mut mean_right) = (0.0, 0.0, 0.0);
    for (a, b) in both() {
        count += 1.0;
        mean_left += a;
        mean_right += b;
    }
    if count < 3.0 {
        return None;
    }
    mean_left /= count;
    mean_right /= count;
    let (mut both_ways, mut of_left, mut of_right) = (0.0, 0.0, 0.0);
    for (a, b) in both() {
        let (a, b) = (a - mean_left, b - mean_right);
        both_ways += a * b;
        of_left += a * a;
        of_right += b * b;
    }
    let scale = of_left.sqrt() * of_right.sqrt();
    (scale > 0.0).then(|| (both_ways / scale).clamp(-1.0, 1.0))
}

/// Cramér's V with the bias correction of Bergsma (2013).
fn cramers_v(
    (left, rows): &(Vec<u32>, usize),
    (right, columns): &(Vec<u32>, usize),
) -> Option<f64> {
    if *rows < 2 || *columns < 2 {
        return None;
    }
    let mut table = vec![0.0; rows * columns];
    let mut count = 0.0;
    for (a, b) in left
        .iter()
        .zip(right)
        .filter(|(a, b)| **a != NO_LEVEL && **b != NO_LEVEL)
    {
        table[*a as usize * columns + *b as usize] += 1.0;
        count += 1.0;
    }
    let of_rows: Vec<f64> = table
        .chunks_exact(*columns)
        .map(|row| row.iter().sum())
        .collect();
    let of_columns: Vec<f64> = (0..*columns)
        .map(|column| table.iter().skip(column).step_by(*columns).sum())
        .collect();
    let used = |sums: &[f64]| sums.iter().filter(|sum| **sum > 0.0).count() as f64;
    let (r, c) = (used(&of_rows), used(&of_columns));
    if count < 3.0 || r < 2.0 || c < 2.0 {
        return None;
    }
    let mut squares = 0.0;
    for (row, of_row) in table.chunks_exact(*columns).zip(&of_rows) {
        for (cell, of_column) in row.iter().zip(&of_columns).filter(|(cell, _)| **cell > 0.0) {
            squares += cell * cell / (of_row * of_column);
        }
    }
    let phi = (squares - 1.0 - (r - 1.0) * (c - 1.0) / (count - 1.0)).max(0.0);
    let corrected = |levels: f64| levels - (levels - 1.0) * (levels - 1.0) / (count - 1.0);
    let most = corrected(r).min(corrected(c)) - 1.0;
    (most > 0.0).then(|| (phi / most).sqrt().min(1.0))
}

/// The share of a number's variance between categories, corrected for their number (Kelley 1935), as a root.
fn correlation_ratio((codes, levels): &(Vec<u32>, usize), numbers: &[f64]) -> Option<f64> {
    let both = || {
        codes
            .iter()
            .zip(numbers)
            .filter(|(code, number)| **code != NO_LEVEL && !number.is_nan())
    };
    let mut sums = vec![(0.0, 0.0); *levels];
    let (mut total, mut count) = (0.0, 0.0);
    for (code, number) in both() {
        let sum = &mut sums[*code as usize];
        sum.0 += number;
        sum.1 += 1.0;
        total += number;
        count += 1.0;
    }
    let used = sums.iter().filter(|sum| sum.1 > 0.0).count() as f64;
    if used < 2.0 || count <= used {
        return None;
    }
    let mean = total / count;
    let (mut within, mut around) = (0.0, 0.0);
    for (code, number) in both() {
        let (sum, size) = sums[*code as usize];
        within += (number - sum / size) * (number - sum / size);
        around += (number - mean) * (number - mean);
    }
    (around > 0.0).then(|| {
        (1.0 - within / around * (count - 1.0) / (count - used))
            .max(0.0)
            .sqrt()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_know_nothing_from_everything() {
        let number: Vec<f64> = (0..1000).map(f64::from).collect();
        let turned: Vec<f64> = number.iter().map(|value| 3.0 - 2.0 * value).collect();
        assert!((pearson(&number, &turned).unwrap_or(0.0) + 1.0).abs() < 1e-12);
        let parity = ((0..1000).map(|row| row % 2).collect::<Vec<u32>>(), 2);
        let thirds = ((0..1000).map(|row| row % 3).collect::<Vec<u32>>(), 3);
        assert!(cramers_v(&parity, &thirds).is_some_and(|value| value < 0.05));
        assert!(cramers_v(&parity, &parity).is_some_and(|value| value > 0.999));
        assert!(correlation_ratio(&parity, &number).is_some_and(|value| value < 0.05));
        let halves = ((0..1000).map(|row| row / 500).collect::<Vec<u32>>(), 2);
        assert!(
            correlation_ratio(&halves, &number)
                .is_some_and(|value| (value - 0.75_f64.sqrt()).abs() < 0.01)
        );
    }
}
