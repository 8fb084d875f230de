//! Columns that give the target away: one column alone, learned on half of the sampled rows, foretells the other half
//! almost perfectly. Judged on rows it has not learned from, so that a column that merely names rows does not look wise.

use super::duplicates::mix;
use super::relations::{NO_LEVEL, Relations, View};

/// Bins of a number; fewer when rows are few.
const MOST_BINS: usize = 200;
/// Held-out rows needed to say anything.
const FEWEST_ROWS: usize = 30;
/// Held-out rows that may be wrong: this share of all, and this share of what guessing the most frequent class has wrong.
const WRONG_OF_ALL: f64 = 0.01;
const WRONG_OF_GUESSING: f64 = 0.05;
/// Explained variance of a number.
const EXPLAINED: f64 = 0.98;

/// Positions of columns that foretell the target.
pub(super) fn suspects(relations: &Relations) -> Vec<usize> {
    let Some((position, target)) = &relations.target else {
        return Vec::new();
    };
    let suspect = |(index, view): (usize, &Option<View>)| {
        let view = view.as_ref().filter(|_| index != *position)?;
        foretells(view, target).then_some(index)
    };
    relations
        .views
        .iter()
        .enumerate()
        .filter_map(suspect)
        .collect()
}

fn foretells(column: &View, target: &View) -> bool {
    let groups = groups(column);
    match target {
        View::Levels { codes, levels } => foretells_classes(&groups, codes, *levels),
        View::Numbers(values) => foretells_numbers(&groups, values),
    }
}

/// Whether a sampled row is learned from.
fn learned(row: usize) -> bool {
    mix(0x5eed, row as u64) & 1 == 0
}

/// One group a row: a category, or a bin of numbers with its edges from the rows that are learned from. Gaps are a group.
fn groups(column: &View) -> Vec<usize> {
    match column {
        View::Levels { codes, levels } => codes
            .iter()
            .map(|code| {
                if *code == NO_LEVEL {
                    *levels
                } else {
                    *code as usize
                }
            })
            .collect(),
        View::Numbers(values) => {
            let mut seen: Vec<f64> = values
                .iter()
                .enumerate()
                .filter(|(row, value)| learned(*row) && !value.is_nan())
                .map(|(_, value)| *value)
                .collect();
            seen.sort_unstable_by(f64::total_cmp);
            let rows = seen.len();
            seen.dedup();
            // Few values are a group each; many are cut at even counts of rows.
            let bins = (rows / 10).clamp(2, MOST_BINS);
            let edges: Vec<f64> = if seen.len() <= bins {
                seen
            } else {
                (0..bins)
                    .filter_map(|bin| seen.get(bin * seen.len() / bins).copied())
                    .collect()
            };
            values
                .iter()
                .map(|value| {
                    if value.is_nan() {
                        edges.len() + 1
                    } else {
                        edges.partition_point(|edge| edge <= value)
                    }
                })
                .collect()
        }
    }
}

fn foretells_classes(groups: &[usize], codes: &[u32], levels: usize) -> bool {
    let size = groups.iter().copied().max().map_or(0, |most| most + 1);
    if levels < 2 || size.saturating_mul(levels) > 4_000_000 {
        return false;
    }
    let mut counts = vec![0_u32; size * levels];
    let mut overall = vec![0_u32; levels];
    for (row, (group, code)) in groups.iter().zip(codes).enumerate() {
        if learned(row) && *code != NO_LEVEL {
            counts[group * levels + *code as usize] += 1;
            overall[*code as usize] += 1;
        }
    }
    let usual = most_frequent(&overall).unwrap_or(0);
    let said: Vec<usize> = counts
        .chunks_exact(levels)
        .map(|counts| most_frequent(counts).unwrap_or(usual))
        .collect();
    let (mut rows, mut wrong, mut guessed_wrong) = (0, 0, 0);
    for (row, (group, code)) in groups.iter().zip(codes).enumerate() {
        if !learned(row) && *code != NO_LEVEL {
            rows += 1;
            wrong += usize::from(said[*group] != *code as usize);
            guessed_wrong += usize::from(usual != *code as usize);
        }
    }
    rows >= FEWEST_ROWS
        && guessed_wrong >= 5
        && wrong as f64 <= WRONG_OF_ALL * rows as f64
        && wrong as f64 <= WRONG_OF_GUESSING * guessed_wrong as f64
}

fn most_frequent(counts: &[u32]) -> Option<usize> {
    let most = counts.iter().copied().max().filter(|most| *most > 0)?;
    counts.iter().position(|count| *count == most)
}

fn foretells_numbers(groups: &[usize], values: &[f64]) -> bool {
    let size = groups.iter().copied().max().map_or(0, |most| most + 1);
    let mut sums = vec![(0.0, 0.0); size];
    let (mut total, mut count) = (0.0, 0.0);
    for (row, (group, value)) in groups.iter().zip(values).enumerate() {
        if learned(row) && !value.is_nan() {
            let sum = &mut sums[*group];
            sum.0 += value;
            sum.1 += 1.0;
            total += value;
            count += 1.0;
        }
    }
    if count == 0.0 {
        return false;
    }
    let mean = total / count;
    let (mut rows, mut off, mut around) = (0, 0.0, 0.0);
    for (row, (group, value)) in groups.iter().zip(values).enumerate() {
        if !learned(row) && !value.is_nan() {
            let (sum, size) = sums[*group];
            let said = if size > 0.0 { sum / size } else { mean };
            rows += 1;
            off += (value - said) * (value - said);
            around += (value - mean) * (value - mean);
        }
    }
    rows >= FEWEST_ROWS && around > 0.0 && 1.0 - off / around >= EXPLAINED
}
