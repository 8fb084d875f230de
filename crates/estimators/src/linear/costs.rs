//! What linear models take: sums of products over all rows, and systems of equations as large as there are columns.

use super::{logistic::NEWTON_COLUMNS, regression::DIRECT_COLUMNS};
use crate::Params;
use crate::algorithm::cost::{Cost, Shape};

/// One multiplication and addition in a product of blocks.
const PRODUCT_SECONDS: f64 = 0.07e-9;
/// One value read, centred and scaled.
const READ_SECONDS: f64 = 1e-9;
/// One multiplication and addition while a system of equations is solved.
const FACTOR_SECONDS: f64 = 0.3e-9;
/// One value met in a pass over the rows.
const PASS_SECONDS: f64 = 0.4e-9;
/// An exponential or logarithm.
const LINK_SECONDS: f64 = 3e-9;
/// Passes over all rows that a solver makes, about; most of its way it goes on a sample of them.
const PASSES: f64 = 4.0;
/// The same where absolute values are held back, which makes corners.
const PASSES_WITH_CORNERS: f64 = 40.0;
/// Columns for each pass more.
const COLUMNS_A_PASS: f64 = 40.0;
/// Newton steps on all rows.
const STEPS: f64 = 2.0;
/// Iterations of conjugate gradients.
const ITERATIONS: f64 = 100.0;

/// What least squares take.
pub(crate) fn linear_regression(shape: Shape, params: &Params) -> Cost {
    let (rows, width) = (shape.rows(), shape.width());
    let cells = rows * shape.columns();
    let size = width.min(DIRECT_COLUMNS as f64) + 1.0;
    let sweeps = params.number("alpha").is_some_and(|alpha| alpha > 0.0)
        && params.number("l1_ratio").is_some_and(|ratio| ratio > 0.0);
    let direct = rows * size * size / 2.0 * PRODUCT_SECONDS + size.powi(3) / 3.0 * FACTOR_SECONDS;
    let seconds = if sweeps {
        // All columns, whatever their number, and sweeps over their products.
        rows * width * width / 2.0 * PRODUCT_SECONDS + 100.0 * width * width * 1e-9
    } else if width > DIRECT_COLUMNS as f64 {
        direct.max(0.0) + ITERATIONS * cells * 2.0 * PASS_SECONDS
    } else {
        direct
    };
    let matrix = if sweeps { width + 1.0 } else { size };
    let tiles = if width > DIRECT_COLUMNS as f64 {
        cells * 8.0
    } else {
        0.0
    };
    Cost::new(
        seconds + cells * READ_SECONDS,
        shape.columns() * READ_SECONDS,
        rows * 8.0 + matrix * matrix * 32.0 + tiles,
    )
}

/// What logistic regression takes.
pub(crate) fn logistic_regression(shape: Shape, params: &Params) -> Cost {
    let (rows, width, outputs) = (shape.rows(), shape.width(), shape.outputs());
    let cells = rows * shape.columns();
    let most = params.integer("max_iter").unwrap_or(100) as f64;
    let pass = cells * outputs * 2.0 * PASS_SECONDS + rows * outputs * LINK_SECONDS;
    let newton_size = width.min(NEWTON_COLUMNS as f64) + 1.0;
    let newton =
        STEPS.min(most) * (pass + rows * newton_size * newton_size / 2.0 * PRODUCT_SECONDS);
    let passes = match params.choice("penalty") {
        Some("l1" | "elasticnet") => PASSES_WITH_CORNERS,
        _ => PASSES,
    };
    let passes = (passes + width / COLUMNS_A_PASS).min(most) * pass;
    Cost::new(
        newton.max(passes) + cells * READ_SECONDS,
        shape.columns() * outputs * READ_SECONDS + outputs * LINK_SECONDS,
        cells * 8.0 + rows * 8.0 + newton_size * newton_size * 16.0 + width * outputs * 8.0 * 24.0,
    )
}
