//! Splits that keep groups whole: all rows of a customer, a patient or a machine stand on one side.
//!
//! May touch group codes, the target and a seed. What a model must answer later is asked about groups it has never seen;
//! rows of one group on both sides would let it recognise the group instead of learning the rule.

use super::shuffle::shuffle;
use super::{TrainAndTest, check_folds, check_test_size, parts};
use crate::{FitError, Target};
use std::cmp::Reverse;

/// Holds out whole groups, as near as they allow to `test_size` (a share between 0 and 1) of the rows.
///
/// `groups` has one code a row; equal codes stay together. Classes are shared out as evenly as the groups allow.
///
/// # Errors
/// [`FitError::Parameter`] for a share outside (0, 1); [`FitError::Data`] for fewer than 2 groups.
pub fn group_holdout(
    groups: &[u32],
    target: &Target,
    test_size: f64,
    seed: u64,
) -> Result<TrainAndTest, FitError> {
    check_test_size(test_size)?;
    let part_of = deal(groups, target, &[1.0 - test_size, test_size], seed)?;
    Ok(parts(groups.len(), |row| part_of[row] == 1))
}

/// Deals whole groups to `folds` folds of rows as nearly equal in size and classes as the groups allow; each fold is the
/// test part once.
///
/// # Errors
/// [`FitError::Parameter`] for fewer than 2 folds; [`FitError::Data`] for fewer groups than folds.
pub fn group_k_fold(
    groups: &[u32],
    target: &Target,
    folds: usize,
    seed: u64,
) -> Result<Vec<TrainAndTest>, FitError> {
    check_folds(folds)?;
    let shares = vec![1.0 / folds as f64; folds];
    let part_of = deal(groups, target, &shares, seed)?;
    Ok((0..folds)
        .map(|fold| parts(groups.len(), |row| part_of[row] == fold))
        .collect())
}

/// One group: its rows, and how many of them are of each class.
struct Group {
    rows: Vec<usize>,
    /// Rows of each class, then all rows, so that sizes are balanced beside the classes.
    counts: Vec<f64>,
}

/// The part of each row. Largest groups first (they are the hardest to place; equal ones in the seed's order), each to
/// the part where it disturbs least: the sum over parts and classes of `count² / (share · total²)` is smallest when every
/// part has its share of every class.
fn deal(
    groups: &[u32],
    target: &Target,
    shares: &[f64],
    seed: u64,
) -> Result<Vec<usize>, FitError> {
    if groups.len() != target.len() {
        return Err(FitError::Data(format!(
            "{} group codes and {} rows of the target do not belong together",
            groups.len(),
            target.len()
        )));
    }
    let mut gathered = gather(groups, target);
    if gathered.len() < shares.len() {
        return Err(too_few(gathered.len(), shares.len()));
    }
    shuffle(&mut gathered, seed, 0);
    gathered.sort_by_key(|group| Reverse(group.rows.len()));
    let totals = totals(&gathered);
    let mut held = vec![vec![0.0; totals.len()]; shares.len()];
    let mut part_of = vec![0; groups.len()];
    let mut empty = shares.len();
    let count = gathered.len();
    for (number, group) in gathered.iter().enumerate() {
        // The last groups go where there is none yet, should the even shares never have asked for one.
        let only_empty = count - number <= empty;
        let disturbance = |part: usize| -> f64 {
            let counts = held[part].iter().zip(&group.counts).zip(&totals);
            counts
                .map(|((&held, &more), &total)| (2.0 * held + more) * more / (total * total))
                .sum::<f64>()
                / shares[part]
        };
        let part = (0..shares.len())
            .filter(|&part| !only_empty || rows_of(&held[part]) == 0.0)
            .min_by(|&a, &b| {
                disturbance(a)
                    .total_cmp(&disturbance(b))
                    .then(rows_of(&held[a]).total_cmp(&rows_of(&held[b])))
            })
            .unwrap_or(0);
        if rows_of(&held[part]) == 0.0 {
            empty -= 1;
        }
        for (held, more) in held[part].iter_mut().zip(&group.counts) {
            *held += more;
        }
        for &row in &group.rows {
            part_of[row] = part;
        }
    }
    Ok(part_of)
}

fn gather(groups: &[u32], target: &Target) -> Vec<Group> {
    let classes = match target {
        Target::Classes { classes, .. } => *classes,
        Target::Values(_) => 0,
    };
    let mut order = (0..groups.len()).collect::<Vec<_>>();
    order.sort_by_key(|&row| groups[row]);
    order
        .chunk_by(|&a, &b| groups[a] == groups[b])
        .map(|rows| {
            let mut counts = vec![0.0; classes + 1];
            if let Target::Classes { indices, .. } = target {
                for &row in rows {
                    counts[indices[row] as usize] += 1.0;
                }
            }
            counts[classes] = rows.len() as f64;
            Group {
                rows: rows.to_vec(),
                counts,
            }
        })
        .collect()
}

/// Rows of each class and rows in all, over all groups; a class without rows weighs nothing.
fn totals(groups: &[Group]) -> Vec<f64> {
    let mut totals = vec![0.0; groups.first().map_or(0, |group| group.counts.len())];
    for group in groups {
        for (total, count) in totals.iter_mut().zip(&group.counts) {
            *total += count;
        }
    }
    totals.iter().map(|&total| f64::max(total, 1.0)).collect()
}

fn rows_of(counts: &[f64]) -> f64 {
    counts.last().copied().unwrap_or(0.0)
}

fn too_few(groups: usize, parts: usize) -> FitError {
    let known = match groups {
        1 => "there is only one group".to_owned(),
        _ => format!("there are only {groups} groups"),
    };
    FitError::Data(if groups > 1 {
        format!(
            "{known} for {parts} folds, and a group is never divided; use at most {groups} folds, or group by a column \
             with more values"
        )
    } else {
        format!(
            "{known}, so none can be held out; group by a column with more values, or split at random"
        )
    })
}
