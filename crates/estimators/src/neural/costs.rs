//! What a neural network takes: two products forward and four back for each weight, row and epoch.

use crate::Params;
use crate::algorithm::cost::{Cost, Shape};

/// One multiplication and addition in a product of small blocks.
const PRODUCT_SECONDS: f64 = 0.05e-9;
/// One unit of one row: the activation and its slope.
const UNIT_SECONDS: f64 = 1e-9;
/// One weight in one step of Adam.
const WEIGHT_SECONDS: f64 = 0.4e-9;
/// Rows that are answered together.
const BLOCK: f64 = 256.0;

/// What the layers take.
pub(crate) fn network(shape: Shape, params: &Params) -> Cost {
    let (rows, width) = (shape.rows(), shape.width());
    let hidden = params
        .integers("hidden_layer_sizes")
        .unwrap_or_else(|| vec![64, 64]);
    let mut sizes = vec![width];
    sizes.extend(hidden.iter().map(|&units| units as f64));
    sizes.push(shape.answers());
    let weights: f64 = sizes.windows(2).map(|pair| (pair[0] + 1.0) * pair[1]).sum();
    let units: f64 = sizes.iter().sum();
    let epochs = params.integer("epochs").unwrap_or(20) as f64;
    let batch = params.integer("batch_size").unwrap_or(32) as f64;
    // A category's level is looked up, not multiplied; its weights are still kept.
    let products =
        weights - (width - shape.columns()) * hidden.first().map_or(0.0, |&first| first as f64);
    let row = 3.0 * products * PRODUCT_SECONDS + units * UNIT_SECONDS;
    Cost::new(
        epochs * rows * (row + products * WEIGHT_SECONDS / batch.min(rows)),
        products * PRODUCT_SECONDS + units * UNIT_SECONDS,
        rows * (shape.columns() + 4.0) * 4.0 + weights * 20.0 + units * BLOCK * 4.0,
    )
}
