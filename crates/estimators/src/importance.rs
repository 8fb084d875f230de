//! Permutation importance (Breiman 2001; Fisher, Rudin & Dominici 2019): how much worse a metric gets when one column is
//! shuffled, measured on rows the model has not seen.
//!
//! What it may touch: a fitted [`Pipeline`] and held-out rows. A table column is shuffled as a whole: all features made
//! from it move together.

use crate::metrics::{MetricSpec, score};
use crate::pipeline::Pipeline;
use crate::split::shuffle::{derive, shuffle};
use crate::{Feature, FeatureValues, Features, FitContext, FitError, Target};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use trainyard_table::Table;

/// Each column is shuffled this many times.
pub const REPEATS: usize = 5;

/// At most this many rows are used, drawn from the given ones by the seed.
pub const MAX_ROWS: usize = 5000;

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
    pipeline: &Pipeline,
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
    let rows = sample(table.rows(), context.seed);
    let (features, target) = match &rows {
        Some(rows) => (
            pipeline.preparation().transform(&table.take(rows)),
            target.take(rows),
        ),
        None => (pipeline.preparation().transform(table), target.clone()),
    };
    let judge =
        |features: &Features| score(metric.name, &target, &pipeline.predict_features(features));
    let Some(intact) = judge(&features) else {
        return Ok(Vec::new());
    };
    let columns = pipeline
        .preparation()
        .columns()
        .iter()
        .filter(|column| column.used)
        .collect::<Vec<_>>();
    let worse = |shuffled: Option<f64>| match shuffled {
        Some(value) if metric.higher_is_better => intact - value,
        Some(value) => value - intact,
        None => 0.0,
    };
    let drops = (0..columns.len() * REPEATS)
        .into_par_iter()
        .map(|task| {
            context.check()?;
            let column = columns[task / REPEATS];
            let mut order = (0..features.rows()).collect::<Vec<_>>();
            shuffle(&mut order, derive(context.seed, task as u64), 1);
            Ok(worse(judge(&shuffled(&features, &column.features, &order))))
        })
        .collect::<Result<Vec<_>, FitError>>()?;
    let mut found = columns
        .iter()
        .zip(drops.chunks_exact(REPEATS))
        .map(|(column, drops)| {
            let mean = drops.iter().sum::<f64>() / REPEATS as f64;
            let variance =
                drops.iter().map(|drop| (drop - mean).powi(2)).sum::<f64>() / REPEATS as f64;
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
fn sample(rows: usize, seed: u64) -> Option<Vec<usize>> {
    (rows > MAX_ROWS).then(|| {
        let mut order = (0..rows).collect::<Vec<_>>();
        shuffle(&mut order, seed, 2);
        order.truncate(MAX_ROWS);
        order.sort_unstable();
        order
    })
}

/// The same features with some of them in another row order.
fn shuffled(features: &Features, moved: &[usize], order: &[usize]) -> Features {
    let columns = features
        .columns()
        .iter()
        .enumerate()
        .map(|(index, feature)| {
            if !moved.contains(&index) {
                return feature.clone();
            }
            let values = match &feature.values {
                FeatureValues::Numeric(values) => {
                    FeatureValues::Numeric(order.iter().map(|&row| values[row]).collect())
                }
                FeatureValues::Categorical { codes, levels } => FeatureValues::Categorical {
                    codes: order.iter().map(|&row| codes[row]).collect(),
                    levels: *levels,
                },
            };
            Feature {
                name: feature.name.clone(),
                values,
            }
        })
        .collect();
    // Lengths are those of the original.
    Features::new(features.rows(), columns).unwrap_or_default()
}
