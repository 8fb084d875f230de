//! What ensembles take: so many trees over one table of bins.

use super::forest::looked_at;
use crate::Params;
use crate::algorithm::cost::{Cost, Shape};
use crate::tree::binning::FINE_COLUMNS;
use crate::tree::costs::{ASK_SECONDS, Growing, KEPT_BYTES, STEP_SECONDS, binned};

/// Share of the rows that are drawn at least once.
const DRAWN: f64 = 0.63;
/// How often a row was drawn.
const DRAW_BYTES: f64 = 2.0;
/// How much longer a threshold by chance takes to draw than the best one to find.
const CHANCE: f64 = 2.0;
/// The number of a row's bin over all columns of a feature.
const NUMBER_BYTES: f64 = 2.0;

/// What a forest takes.
pub(crate) fn forest(shape: Shape, params: &Params, by_chance: bool) -> Cost {
    let bootstrap = params.flag("bootstrap");
    let share = if bootstrap { DRAWN } else { 1.0 };
    let tree = Growing::new(
        shape,
        params,
        share,
        looked_at(params, shape.task, shape.columns, by_chance),
    );
    let trees = params.integer("n_estimators").unwrap_or(100) as f64;
    let (seconds, bytes) = binned(shape);
    let chance = if by_chance { CHANCE } else { 1.0 };
    // Few features are binned more finely, if they are numbers.
    let (more_columns, numbers) = if by_chance {
        let more = FINE_COLUMNS.saturating_sub(shape.columns);
        (more as f64, shape.columns.min(FINE_COLUMNS) as f64)
    } else {
        (0.0, 0.0)
    };
    let finer = shape.rows() * (more_columns + NUMBER_BYTES * numbers);
    Cost::new(
        seconds + trees * tree.seconds() * chance + shape.rows() * more_columns * ASK_SECONDS,
        trees * tree.answer_seconds() + (shape.columns() + more_columns) * ASK_SECONDS,
        bytes + finer + tree.working_bytes() + shape.rows() * DRAW_BYTES + trees * tree.bytes(),
    )
    .keeping(trees * tree.kept())
}

/// One row of one column in one level of a boosted tree.
const SUM_SECONDS: f64 = 0.35e-9;
/// One row's slope, and its move to its side in one level.
const SLOPE_SECONDS: f64 = 6e-9;
/// One bin of one leaf's sums.
const SCAN_SECONDS: f64 = 4e-9;
/// Bins of a column.
const BINS: f64 = 256.0;

/// What gradient boosting takes. Early stopping may end it sooner; by how much nobody knows before.
pub(crate) fn gradient_boosting(shape: Shape, params: &Params) -> Cost {
    let (rows, columns, outputs) = (shape.rows(), shape.columns(), shape.outputs());
    let rounds = params.integer("n_estimators").unwrap_or(100) as f64;
    let share = params.number("max_features").unwrap_or(1.0);
    let least = params.integer("min_samples_leaf").unwrap_or(20).max(1) as f64;
    let depth = params.integer("max_depth").unwrap_or(64).min(64) as f64;
    let leaves = params
        .integer("max_leaf_nodes")
        .map_or(f64::INFINITY, |most| most as f64)
        .min(rows / least)
        .min(depth.exp2())
        .max(1.0);
    let levels = (leaves + 1.0).log2();
    let drawn = rows * params.number("subsample").unwrap_or(1.0);
    // Half of the rows of each level are summed up; the sums of the others are what is left.
    let growing = drawn * levels * (share * columns * SUM_SECONDS + SLOPE_SECONDS)
        + leaves * share * columns * BINS * SCAN_SECONDS;
    let (seconds, binned) = binned(shape);
    Cost::new(
        seconds + rounds * outputs * (growing + rows * SLOPE_SECONDS),
        rounds * outputs * (levels + 2.0) * STEP_SECONDS + columns * ASK_SECONDS,
        2.0 * binned
            + rows * (16.0 * outputs + 48.0)
            + leaves * columns * BINS * 8.0
            + rounds * outputs * leaves * 160.0,
    )
    .keeping(rounds * outputs * leaves * KEPT_BYTES)
}
