//! Permutation importance (Breiman 2001; Fisher, Rudin & Dominici 2019): how much worse a metric gets when one column is
//! shuffled, measured on rows the model has not seen.
//!
//! What it may touch: a fitted [`Predictor`] and held-out rows. A table column is shuffled as a whole: all features made
//! from it move together.

use crate::metrics::{MetricSpec, score};
use crate::predictor::Predictor;
use crate::split::shuffle::{derive, shuffle};
use crate::{Features, FitContext, FitError, Target};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use trainyard_table::Table;

/// Each column is shuffled this many times, less often in tables of thousands of columns.
pub const REPEATS: usize = 5;

/// At most this many rows are used, drawn from the given ones by the seed.
pub const MAX_ROWS: usize = 5000;

/// Every shuffle of a column asks the model about all columns again: in wide tables fewer rows are used, so that it all
/// stays near this many cells, but not fewer than [`FEWEST_ROWS`] while shuffles can be saved instead.
const CELLS: usize = 2_000_000_000;
const FEWEST_ROWS: usize = 200;

/// Parts that the columns are dealt in, for each thread.
const TASKS_PER_THREAD: usize = 4;

/// What one table column is worth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Importance {
    /// The table column.
    pub column: String,
    /// How much the metric gets worse when the column is shuffled, averaged; always positive for worse.
    pub mean: f64,
    /// Standard deviation over the shuffles (divided by their number).
    pub std: f64,
}

/// The importance of every column the model sees, the most important first. `target` has one entry a row of `table`.
///
/// Empty when the metric is not defined on these rows. Deterministic for a seed, whatever the threads.
///
/// # Errors
/// [`FitError::Interrupted`] when the context says so; [`FitError::Data`] when rows do not match.
pub fn permutation(
    model: &dyn Predictor,
    table: &Table,
    target: &Target,
    metric: &MetricSpec,
    context: &FitContext<'_>,
) -> Result<Vec<Importance>, FitError> {
    if table.rows() != target.len() {
        return Err(FitError::Data(format!(
            "{} rows and {} target values do not belong together",
            table.rows(),
            target.len()
        )));
    }
    let columns = model
        .columns()
        .iter()
        .filter(|column| column.used)
        .collect::<Vec<_>>();
    let (most, repeats) = extent(columns.len());
    let rows = sample(table.rows(), most, context.seed);
    let (features, target) = match &rows {
        Some(rows) => (model.features(&table.take(rows)), target.take(rows)),
        None => (model.features(table), target.clone()),
    };
    let judge =
        |features: &Features| score(metric.name, &target, &model.predict_features(features));
    let Some(intact) = judge(&features) else {
        return Ok(Vec::new());
    };
    let worse = |shuffled: Option<f64>| match shuffled {
        Some(value) if metric.higher_is_better => intact - value,
        Some(value) => value - intact,
        None => 0.0,
    };
    let several = columns
        .len()
        .div_ceil(rayon::current_num_threads() * TASKS_PER_THREAD);
    let drops = columns
        .par_chunks(several.max(1))
        .enumerate()
        .map(|(chunk, columns)| {
            let mut changed = features.clone();
            let mut drops = Vec::with_capacity(columns.len() * repeats);
            for (index, column) in columns.iter().enumerate() {
                for repeat in 0..repeats {
                    context.check()?;
                    let task = (chunk * several + index) * REPEATS + repeat;
                    let mut order = (0..features.rows()).collect::<Vec<_>>();
                    shuffle(&mut order, derive(context.seed, task as u64), 1);
                    for &feature in &column.features {
                        let values = features.columns()[feature].values.take(&order);
                        changed.replace(feature, values);
                    }
                    drops.push(worse(judge(&changed)));
                }
                for &feature in &column.features {
                    changed.replace(feature, features.columns()[feature].values.clone());
                }
            }
            Ok(drops)
        })
        .collect::<Result<Vec<_>, FitError>>()?
        .concat();
    let mut found = columns
        .iter()
        .zip(drops.chunks_exact(repeats))
        .map(|(column, drops)| {
            let mean = drops.iter().sum::<f64>() / repeats as f64;
            let variance =
                drops.iter().map(|drop| (drop - mean).powi(2)).sum::<f64>() / repeats as f64;
            Importance {
                column: column.column.clone(),
                mean,
                std: variance.sqrt(),
            }
        })
        .collect::<Vec<_>>();
    found.sort_by(|a, b| b.mean.total_cmp(&a.mean));
    Ok(found)
}

/// Which rows to use, rising; `None` for all.
pub(crate) fn sample(rows: usize, most: usize, seed: u64) -> Option<Vec<usize>> {
    (rows > most).then(|| {
        let mut order = (0..rows).collect::<Vec<_>>();
        shuffle(&mut order, seed, 2);
        order.truncate(most);
        order.sort_unstable();
        order
    })
}

/// How many rows, and how many shuffles a column, are worth their time.
fn extent(columns: usize) -> (usize, usize) {
    let cells_of_a_row = columns.saturating_mul(columns).max(1);
    let rows = CELLS / cells_of_a_row;
    let repeats = (rows / FEWEST_ROWS).clamp(1, REPEATS);
    ((rows / repeats).clamp(FEWEST_ROWS, MAX_ROWS), repeats)
}
