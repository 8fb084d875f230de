//! One column on its own.

use super::{ColumnProfile, Histogram, ValueCount};
use crate::sort::sort_numbers;
use crate::{Column, Kind, Values, as_strings};
use arrow_array::{Array, DictionaryArray, Float64Array, types::Int32Type};

/// Most values listed.
const TOP: usize = 20;
const FEWEST_BINS: f64 = 10.0;
const MOST_BINS: f64 = 40.0;

/// Describes a column.
pub(super) fn describe(column: &Column) -> ColumnProfile {
    let mut profile = ColumnProfile {
        name: column.name().to_owned(),
        kind: column.kind(),
        missing: column.missing(),
        distinct: 0,
        min: None,
        quartiles: None,
        max: None,
        mean: None,
        std: None,
        histogram: None,
        top: None,
        other: None,
        labels: column.labels().cloned(),
        association: None,
    };
    match column.values() {
        Values::Numbers(values) if column.kind() == Kind::Boolean => {
            describe_boolean(&mut profile, values)
        }
        Values::Numbers(values) => describe_numbers(&mut profile, values),
        Values::Strings(values) => describe_texts(&mut profile, values),
    }
    profile
}

/// The finite numbers of a column.
fn finite(values: &Float64Array) -> Vec<f64> {
    // Adding zero makes a negative zero an ordinary one.
    match values.nulls() {
        None => values
            .values()
            .iter()
            .filter(|value| value.is_finite())
            .map(|value| value + 0.0)
            .collect(),
        Some(nulls) => values
            .values()
            .iter()
            .zip(nulls)
            .filter(|(value, valid)| *valid && value.is_finite())
            .map(|(value, _)| value + 0.0)
            .collect(),
    }
}

fn describe_numbers(profile: &mut ColumnProfile, values: &Float64Array) {
    let sorted = sort_numbers(finite(values));
    let (Some(&min), Some(&max)) = (sorted.first(), sorted.last()) else {
        return;
    };
    profile.distinct = 1 + sorted.windows(2).filter(|pair| pair[0] != pair[1]).count();
    profile.min = Some(min);
    profile.max = Some(max);
    let quartiles = [0.25, 0.5, 0.75].map(|share| quantile(&sorted, share));
    profile.quartiles = Some(quartiles);
    let mean = mean(&sorted);
    profile.mean = Some(mean);
    if sorted.len() > 1 {
        let squares = lanes(&sorted, |value| (value - mean) * (value - mean));
        profile.std =
            Some((squares / (sorted.len() - 1) as f64).sqrt()).filter(|std| std.is_finite());
    }
    profile.histogram = histogram(&sorted, quartiles, profile.kind == Kind::Integer);
}

/// Linear interpolation between order statistics (Hyndman and Fan 1996, type 7).
pub(super) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = (sorted.len().saturating_sub(1)) as f64 * share;
    let below = place.floor() as usize;
    let low = sorted.get(below).copied().unwrap_or(f64::NAN);
    let high = sorted.get(below + 1).copied().unwrap_or(low);
    low + (high - low) * (place - below as f64)
}

fn mean(sorted: &[f64]) -> f64 {
    let count = sorted.len() as f64;
    let rough = lanes(sorted, |value| value) / count;
    if rough.is_finite() {
        rough + lanes(sorted, |value| value - rough) / count
    } else {
        lanes(sorted, |value| value / count)
    }
}

/// A sum in eight lanes: faster than one, and the same on every machine.
fn lanes(values: &[f64], of: impl Fn(f64) -> f64) -> f64 {
    let mut sums = [0.0; 8];
    let (chunks, rest) = values.as_chunks::<8>();
    for chunk in chunks {
        for (sum, value) in sums.iter_mut().zip(chunk) {
            *sum += of(*value);
        }
    }
    for (sum, value) in sums.iter_mut().zip(rest) {
        *sum += of(*value);
    }
    sums.iter().sum()
}

/// Bins by Freedman and Diaconis (1981), at least 10 and at most 40; whole numbers that span at most 40 get one each.
fn histogram(sorted: &[f64], quartiles: [f64; 3], whole: bool) -> Option<Histogram> {
    let (min, max) = (*sorted.first()?, *sorted.last()?);
    let range = max - min;
    if !range.is_finite() {
        return None;
    }
    let edges: Vec<f64> = if range == 0.0 {
        vec![min - 0.5, max + 0.5]
    } else {
        let width = 2.0 * (quartiles[2] - quartiles[0]) / (sorted.len() as f64).cbrt();
        let bins = if width > 0.0 {
            (range / width).ceil()
        } else {
            MOST_BINS / 2.0
        };
        let bins = bins.clamp(FEWEST_BINS, MOST_BINS);
        if whole && range < MOST_BINS {
            (0..=range as usize + 1)
                .map(|step| min - 0.5 + step as f64)
                .collect()
        } else if whole {
            let width = (range / bins).ceil();
            let bins = (range / width).floor() as usize + 1;
            (0..=bins)
                .map(|step| min - 0.5 + step as f64 * width)
                .collect()
        } else {
            (0..=bins as usize)
                .map(|step| {
                    if step == bins as usize {
                        max
                    } else {
                        min + range * step as f64 / bins
                    }
                })
                .collect()
        }
    };
    if edges.windows(2).any(|pair| pair[0] >= pair[1]) {
        // Too close together for a double to part.
        return Some(Histogram {
            edges: vec![min, max],
            counts: vec![sorted.len()],
        });
    }
    let last = edges.len() - 1;
    let below = |(index, edge): (usize, &f64)| {
        if index == last {
            sorted.len()
        } else {
            sorted.partition_point(|value| value < edge)
        }
    };
    let places: Vec<usize> = edges.iter().enumerate().map(below).collect();
    let counts = places.windows(2).map(|pair| pair[1] - pair[0]).collect();
    Some(Histogram { edges, counts })
}

fn describe_boolean(profile: &mut ColumnProfile, values: &Float64Array) {
    let mut counts = [0_usize; 2];
    for value in values.iter().flatten() {
        counts[usize::from(value != 0.0)] += 1;
    }
    let labels = profile
        .labels
        .clone()
        .unwrap_or_else(|| ["false".to_owned(), "true".to_owned()]);
    let mut top: Vec<ValueCount> = labels
        .into_iter()
        .zip(counts)
        .filter(|(_, count)| *count > 0)
        .map(|(value, count)| ValueCount { value, count })
        .collect();
    top.sort_by_key(|value| std::cmp::Reverse(value.count));
    profile.distinct = top.len();
    profile.top = Some(top);
    profile.other = Some(0);
}

fn describe_texts(profile: &mut ColumnProfile, values: &DictionaryArray<Int32Type>) {
    let Some(dictionary) = as_strings(values.values()) else {
        return;
    };
    let counts = code_counts(values, dictionary.len());
    let mut seen: Vec<(usize, usize)> = counts
        .into_iter()
        .enumerate()
        .filter(|(_, count)| *count > 0)
        .collect();
    profile.distinct = seen.len();
    let total: usize = seen.iter().map(|(_, count)| count).sum();
    // Most frequent first; among equals the one that comes first in the file.
    let order = |&(code, count): &(usize, usize)| (std::cmp::Reverse(count), code);
    if seen.len() > TOP {
        seen.select_nth_unstable_by_key(TOP - 1, order);
        seen.truncate(TOP);
    }
    seen.sort_unstable_by_key(order);
    let listed: usize = seen.iter().map(|(_, count)| count).sum();
    profile.top = Some(
        seen.into_iter()
            .map(|(code, count)| ValueCount {
                value: shown(dictionary.value(code)),
                count,
            })
            .collect(),
    );
    profile.other = Some(total - listed);
}

/// How often each code occurs.
pub(super) fn code_counts(values: &DictionaryArray<Int32Type>, codes: usize) -> Vec<usize> {
    let mut counts = vec![0_usize; codes];
    let mut count = |code: i32| {
        if let Some(count) = counts.get_mut(code as usize) {
            *count += 1;
        }
    };
    match values.keys().nulls() {
        None => values.keys().values().iter().for_each(|code| count(*code)),
        Some(_) => values.keys().iter().flatten().for_each(count),
    }
    counts
}

/// A profile is looked at, not read: long texts are cut.
fn shown(text: &str) -> String {
    const LONGEST: usize = 200;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
