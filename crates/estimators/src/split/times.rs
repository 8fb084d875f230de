//! Splits by time: what is tested on came after everything that was learned from.
//!
//! May touch one number a row (seconds, a year, a running number) and nothing random. Rows of the same time are never
//! divided, since what happened at the same moment could not have been known before.

use super::{TrainAndTest, check_folds, check_test_size, parts};
use crate::FitError;

/// Holds out the latest rows: about `test_size` (a share between 0 and 1) of them, moved to the nearest border between two
/// different times, the earlier border when two are as near.
///
/// # Errors
/// [`FitError::Parameter`] for a share outside (0, 1); [`FitError::Data`] when all times are equal or one is not finite.
pub fn time_holdout(times: &[f64], test_size: f64) -> Result<TrainAndTest, FitError> {
    check_test_size(test_size)?;
    let sorted = sorted(times)?;
    let rows = sorted.len();
    let wanted = rows.saturating_sub((rows as f64 * test_size).ceil() as usize);
    let border = borders(&sorted)
        .into_iter()
        .min_by_key(|&border| border.abs_diff(wanted))
        .ok_or_else(|| too_few(&sorted, 1))?;
    let first = sorted[border];
    Ok(parts(rows, |row| times[row] >= first))
}

/// `folds` folds that walk through time: the rows fall into `folds + 1` blocks of nearly equal size in order of time, and
/// fold `i` learns from the first `i` blocks and is judged on the next one (scikit-learn's `TimeSeriesSplit`).
///
/// Blocks end at borders between different times. Rows of the first block are never tested on.
///
/// # Errors
/// [`FitError::Parameter`] for fewer than 2 folds; [`FitError::Data`] for too few different times.
pub fn expanding_window(times: &[f64], folds: usize) -> Result<Vec<TrainAndTest>, FitError> {
    check_folds(folds)?;
    let sorted = sorted(times)?;
    let borders = borders(&sorted);
    if borders.len() < folds {
        return Err(too_few(&sorted, folds));
    }
    let mut starts = Vec::with_capacity(folds);
    let mut next = 0;
    for fold in 1..=folds {
        let wanted = sorted.len() * fold / (folds + 1);
        // Every later fold needs a border of its own.
        let last = borders.len() - (folds - fold);
        let chosen = (next..last)
            .min_by_key(|&index| borders[index].abs_diff(wanted))
            .unwrap_or(next);
        starts.push(sorted[borders[chosen]]);
        next = chosen + 1;
    }
    Ok((0..folds)
        .map(|fold| {
            let first = starts[fold];
            let end = starts.get(fold + 1).copied().unwrap_or(f64::INFINITY);
            let rows = 0..times.len();
            (
                rows.clone().filter(|&row| times[row] < first).collect(),
                rows.filter(|&row| times[row] >= first && times[row] < end)
                    .collect(),
            )
        })
        .collect())
}

fn sorted(times: &[f64]) -> Result<Vec<f64>, FitError> {
    if let Some(row) = times.iter().position(|time| !time.is_finite()) {
        return Err(FitError::Data(format!(
            "row {} has no time to be placed by; fill it in or leave the row out",
            row + 1
        )));
    }
    // Adding zero makes the two zeros one.
    let mut sorted = times.iter().map(|time| time + 0.0).collect::<Vec<_>>();
    sorted.sort_unstable_by(f64::total_cmp);
    Ok(sorted)
}

/// Positions in sorted times where a new time begins, the very first excluded.
fn borders(sorted: &[f64]) -> Vec<usize> {
    (1..sorted.len())
        .filter(|&position| sorted[position - 1] < sorted[position])
        .collect()
}

fn too_few(sorted: &[f64], folds: usize) -> FitError {
    let times = borders(sorted).len() + usize::from(!sorted.is_empty());
    FitError::Data(match (times, folds) {
        (0 | 1, _) => "every row has the same time, so there is no earlier and no later part; choose a time column that \
                       varies, or split at random"
            .to_owned(),
        (2, folds) => format!(
            "there are only 2 different times, too few for {folds} folds that walk forward; choose a time column with more \
             values, or split at random"
        ),
        (times, folds) => format!(
            "there are only {times} different times for {folds} folds that walk forward, and {} are needed; use at most \
             {} folds",
            folds + 1,
            times - 1
        ),
    })
}
