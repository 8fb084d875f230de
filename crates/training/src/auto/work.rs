//! What fitting and asking a setting takes, in units of about a millisecond of one core: the algorithms' own estimates. It
//! decides what is tried, never how good it is.

use crate::error::TrainError;
use crate::train::Prepared;
use trainyard_estimators::{Algorithm, Params, Shape};

/// Units of a second.
pub(crate) const UNITS: f64 = 1000.0;
/// Rows that the width of a table is read from.
const SAMPLE: usize = 10_000;
/// What a fit takes even of an empty table.
const LEAST: f64 = 0.5;
/// Units to prepare a cell.
const CELL: f64 = 8e-6;

/// The shape of all training rows as an algorithm sees them.
pub(super) fn shape(
    prepared: &Prepared<'_>,
    algorithm: &dyn Algorithm,
) -> Result<Shape, TrainError> {
    let rows = prepared.train.rows();
    let sample: Vec<usize> = (0..rows).step_by(rows.div_ceil(SAMPLE).max(1)).collect();
    let (_, features) = prepared.prepare(algorithm, &prepared.part(&sample))?;
    let sampled = Shape::of(&features, &prepared.train_target);
    Ok(Shape { rows, ..sampled })
}

/// Units to fit a setting on rows of this shape and to ask it about `asked` rows.
pub(super) fn work(algorithm: &dyn Algorithm, params: &Params, shape: Shape, asked: usize) -> f64 {
    let cost = algorithm.cost(shape, params);
    let asked = asked as f64;
    let preparing = (shape.rows as f64 + asked) * shape.columns as f64 * CELL;
    LEAST + UNITS * (cost.seconds + asked * cost.answer_seconds) + preparing
}
