//! One column in a few bins.

use super::{LEAST_SHARE, MOST_VALUES, Shift};
use serde::{Deserialize, Serialize};
use trainyard_table::{Column, Field, Values, as_strings, sort_numbers};

/// Bins of numbers, unless many are equal.
const BINS: usize = 10;
/// Points kept of a column's distribution; every fourth divides two bins.
pub(super) const QUANTILES: usize = 4 * BINS + 1;

/// One column in bins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Watched {
    pub(super) name: String,
    bins: Bins,
    /// The share of each bin; the last is that of missing cells.
    shares: Vec<f64>,
    /// Points of the distribution, rising (numbers).
    quantiles: Vec<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Bins {
    /// Up to each of these, and above the last.
    Numbers(Vec<f64>),
    /// Each of these, and all others.
    Values(Vec<String>),
    /// Whatever there is.
    Present,
}

pub(super) fn nothing(field: &Field, rows: usize) -> Column {
    if field.kind.is_numeric() {
        let labels = field.labels.clone();
        Column::numbers(&field.name, field.kind, (0..rows).map(|_| None), labels)
    } else {
        Column::strings(&field.name, field.kind, (0..rows).map(|_| None))
    }
}

impl Watched {
    pub(super) fn of(column: &Column) -> Self {
        match (column.values(), column.labels()) {
            (Values::Numbers(values), None) => {
                let present: Vec<f64> = values.iter().flatten().collect();
                Self::of_numbers(column.name(), present, column.missing())
            }
            (Values::Numbers(_), Some(labels)) => Self::of_values(column, labels.to_vec()),
            (Values::Strings(_), _) if column.kind() == trainyard_table::Kind::Category => {
                let field = crate::signature::SignatureField::of(column);
                let values = field.values.unwrap_or_default();
                Self::of_values(column, values.into_iter().take(MOST_VALUES).collect())
            }
            (Values::Strings(_), _) => Self::binned(column, Bins::Present),
        }
    }

    fn of_values(column: &Column, values: Vec<String>) -> Self {
        Self::binned(column, Bins::Values(values))
    }

    /// The classes of answers.
    pub(super) fn of_classes(name: &str, classes: &[String], labels: &[u32]) -> Self {
        let mut watched = Self {
            name: name.to_owned(),
            bins: Bins::Values(classes.to_vec()),
            shares: Vec::new(),
            quantiles: Vec::new(),
        };
        watched.shares = shares(&watched.count_labels(labels));
        watched
    }

    fn binned(column: &Column, bins: Bins) -> Self {
        let mut watched = Self {
            name: column.name().to_owned(),
            bins,
            shares: Vec::new(),
            quantiles: Vec::new(),
        };
        watched.shares = shares(&watched.count(column));
        watched
    }

    pub(super) fn of_numbers(name: &str, values: Vec<f64>, missing: usize) -> Self {
        let values = sort_numbers(values);
        let last = values.len().saturating_sub(1);
        let quantiles: Vec<f64> = (0..QUANTILES)
            .filter_map(|point| values.get(point * last / (QUANTILES - 1)).copied())
            .collect();
        let mut edges: Vec<f64> = (1..BINS)
            .filter_map(|bin| quantiles.get(4 * bin).copied())
            .collect();
        edges.dedup();
        let mut watched = Self {
            name: name.to_owned(),
            bins: Bins::Numbers(edges),
            shares: Vec::new(),
            quantiles,
        };
        let mut counts = watched.count_numbers(values.into_iter().map(Some));
        if let Some(gaps) = counts.last_mut() {
            *gaps += missing as u64;
        }
        watched.shares = shares(&counts);
        watched
    }

    /// One count a bin, and one of missing cells.
    pub(super) fn none(&self) -> Vec<u64> {
        let bins = match &self.bins {
            Bins::Numbers(edges) => edges.len() + 1,
            Bins::Values(values) => values.len() + 1,
            Bins::Present => 1,
        };
        vec![0; bins + 1]
    }

    pub(super) fn count(&self, column: &Column) -> Vec<u64> {
        match (column.values(), &self.bins) {
            (Values::Numbers(values), Bins::Numbers(_)) => self.count_numbers(values.iter()),
            (Values::Numbers(values), Bins::Values(_)) => {
                // Yes and no.
                let mut counts = self.none();
                let missing = counts.len() - 1;
                for value in values {
                    let bin = value.map_or(missing, |value| usize::from(value != 0.0));
                    add(&mut counts, bin, 1);
                }
                counts
            }
            (Values::Strings(values), bins) => {
                let mut counts = self.none();
                let missing = counts.len() - 1;
                let texts = as_strings(values.values());
                let by_key: Vec<usize> = texts
                    .into_iter()
                    .flatten()
                    .map(|text| match (bins, text) {
                        (_, None) => missing,
                        (Bins::Values(known), Some(text)) => known
                            .iter()
                            .position(|value| value == text)
                            .unwrap_or(known.len()),
                        (_, Some(_)) => 0,
                    })
                    .collect();
                for key in values.keys() {
                    let key = key.and_then(|key| usize::try_from(key).ok());
                    let bin = key.and_then(|key| by_key.get(key)).copied();
                    add(&mut counts, bin.unwrap_or(missing), 1);
                }
                counts
            }
            (Values::Numbers(_), Bins::Present) => {
                let mut counts = self.none();
                let missing = column.missing();
                add(&mut counts, 0, (column.len() - missing) as u64);
                add(&mut counts, 1, missing as u64);
                counts
            }
        }
    }

    pub(super) fn count_numbers(&self, values: impl Iterator<Item = Option<f64>>) -> Vec<u64> {
        let mut counts = self.none();
        let missing = counts.len() - 1;
        let Bins::Numbers(edges) = &self.bins else {
            return counts;
        };
        for value in values {
            let bin = value.map_or(missing, |value| edges.partition_point(|edge| *edge < value));
            add(&mut counts, bin, 1);
        }
        counts
    }

    pub(super) fn count_labels(&self, labels: &[u32]) -> Vec<u64> {
        let mut counts = self.none();
        for label in labels {
            add(&mut counts, *label as usize, 1);
        }
        counts
    }

    pub(super) fn shift(&self, counts: &[u64]) -> Option<Shift> {
        let rows: u64 = counts.iter().sum();
        if counts.len() != self.shares.len() || rows == 0 {
            return None;
        }
        let actual = shares(counts);
        let floor = |share: &f64| share.max(LEAST_SHARE);
        let psi = self
            .shares
            .iter()
            .zip(&actual)
            .map(|(expected, actual)| (floor(expected), floor(actual)))
            .map(|(expected, actual)| (actual - expected) * (actual / expected).ln())
            .sum();
        Some(Shift {
            column: self.name.clone(),
            psi,
            bins: self.names(),
            expected: self.shares.clone(),
            actual,
        })
    }

    fn names(&self) -> Vec<String> {
        let mut names = match &self.bins {
            Bins::Numbers(edges) => {
                let mut names: Vec<String> =
                    edges.iter().map(|edge| format!("up to {edge}")).collect();
                names.push(match edges.last() {
                    Some(last) => format!("above {last}"),
                    None => "any".to_owned(),
                });
                names
            }
            Bins::Values(values) => {
                let mut names = values.clone();
                names.push("other".to_owned());
                names
            }
            Bins::Present => vec!["present".to_owned()],
        };
        names.push("missing".to_owned());
        names
    }

    pub(super) fn typical(
        &self,
        field: &Field,
        order: impl Iterator<Item = usize>,
        rows: usize,
    ) -> Column {
        if field.kind.is_numeric() {
            let labels = field.labels.clone();
            let values = order.map(|place| match &self.bins {
                Bins::Values(_) => self.at(place, rows).map(|bin| bin as f64),
                _ => self.quantiles.get(2 * place + 1).copied(),
            });
            return Column::numbers(&field.name, field.kind, values, labels);
        }
        let Bins::Values(values) = &self.bins else {
            return nothing(field, rows);
        };
        let texts: Vec<Option<&str>> = order
            .map(|place| {
                self.at(place, rows)
                    .and_then(|bin| values.get(bin))
                    .map(String::as_str)
            })
            .collect();
        Column::strings(&field.name, field.kind, texts)
    }

    /// The value that stands at a place when all are lined up by their shares.
    fn at(&self, place: usize, rows: usize) -> Option<usize> {
        let wanted = (place as f64 + 0.5) / rows as f64;
        let mut sum = 0.0;
        let bins = self.shares.len().saturating_sub(1);
        let found = self.shares.iter().take(bins).position(|share| {
            sum += share;
            sum >= wanted
        });
        found.filter(|bin| match &self.bins {
            Bins::Values(values) => *bin < values.len(),
            _ => true,
        })
    }
}

fn add(counts: &mut [u64], bin: usize, count: u64) {
    if let Some(counted) = counts.get_mut(bin) {
        *counted += count;
    }
}

fn shares(counts: &[u64]) -> Vec<f64> {
    let rows = counts.iter().sum::<u64>().max(1) as f64;
    counts.iter().map(|count| *count as f64 / rows).collect()
}
