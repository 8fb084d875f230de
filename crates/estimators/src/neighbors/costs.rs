//! What nearest neighbours take: nothing to learn, and a look at every row for each answer.

use super::metric::Metric;
use super::search::Index;
use crate::Params;
use crate::algorithm::cost::{Cost, Shape};

/// One value kept.
const KEEP_SECONDS: f64 = 20e-9;
/// One value compared, where rows are screened by products of whole numbers.
const SCREEN_SECONDS: f64 = 0.04e-9;
/// One value compared where differences are added up.
const DIFFERENCE_SECONDS: f64 = 0.3e-9;
/// One row passed over.
const ROW_SECONDS: f64 = 0.4e-9;

/// What remembering takes, and answering.
pub(crate) fn nearest(shape: Shape, params: &Params) -> Cost {
    let (metric, value_seconds) = match params.choice("metric") {
        Some("manhattan") => (Metric::Manhattan, DIFFERENCE_SECONDS),
        Some("cosine") => (Metric::Cosine, SCREEN_SECONDS),
        _ => (Metric::Euclidean, SCREEN_SECONDS),
    };
    let cells = shape.rows() * shape.columns();
    let neighbors = params.integer("n_neighbors").unwrap_or(5) as f64;
    let kept = Index::bytes(shape.rows, shape.columns, 0, metric);
    Cost::new(
        cells * KEEP_SECONDS,
        cells * value_seconds + shape.rows() * ROW_SECONDS + neighbors * 50e-9,
        kept as f64 + shape.rows() * 24.0,
    )
    .keeping(cells * 4.0 + shape.rows() * 16.0)
}
