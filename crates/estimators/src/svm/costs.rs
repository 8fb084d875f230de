//! What support vector machines take: kernel values between rows, far more than there are rows.

use super::machine::{FOLDS, SHARED_BYTES, SINGLE_BYTES, WIDE};
use crate::Params;
use crate::algorithm::Task;
use crate::algorithm::cost::{Cost, Shape};

/// One product of two values on the way to a kernel value.
const PRODUCT_SECONDS: f64 = 0.06e-9;
/// One kernel value beyond its products.
const KERNEL_SECONDS: f64 = 1.5e-9;
/// One pair of rows until the solver has come to rest, beyond their kernel value.
const PAIR_SECONDS: f64 = 4e-9;
/// How many more kernel values folds for probabilities make, of which some are shared.
const FOLDED: f64 = 2.5;
/// How many times the room of one machine those of the folds take, which are solved side by side.
const FOLDED_ROOM: f64 = 3.0;
/// Share of the rows that become support vectors.
const SUPPORT: f64 = 0.4;

/// What one machine a pair of classes takes, or one for numbers.
pub(crate) fn machine(shape: Shape, params: &Params) -> Cost {
    let (rows, width) = (shape.rows(), shape.width());
    let (pairs, of_pair) = match shape.task {
        Task::Regression => (1.0, rows),
        Task::Classification => {
            let classes = shape.answers();
            (classes * (classes - 1.0) / 2.0, rows * 2.0 / classes)
        }
    };
    let (folds, folded, rooms) = match shape.task {
        Task::Classification if params.flag("probability") => (FOLDS as f64, FOLDED, FOLDED_ROOM),
        _ => (0.0, 1.0, 1.0),
    };
    let kernel = width * PRODUCT_SECONDS + KERNEL_SECONDS;
    let problems = pairs * (1.0 + folds);
    let solving = rows * rows * kernel * folded + problems * of_pair * of_pair * PAIR_SECONDS;
    let cache = params.number("cache_size").unwrap_or(200.0) * 1024.0 * 1024.0;
    let shared = problems > 1.0 + FOLDS as f64 || (problems > 1.0 && shape.width >= WIDE);
    // The samples that are solved together begin with few and grow to the cache where the problem is hard or large.
    let usual = (SINGLE_BYTES as f64 * cache).sqrt();
    let together = rooms * (rows * rows * 2.0).min(usual.max((rows * rows * 0.1).min(cache)));
    let matrix = if shared {
        together.max((rows * rows * 4.0).min(SHARED_BYTES as f64))
    } else {
        together
    };
    Cost::new(
        solving,
        SUPPORT * rows * kernel + pairs * SUPPORT * of_pair * 0.1e-9,
        rows * (width + 1.0) * 8.0 + matrix + rows * 64.0,
    )
    .keeping(SUPPORT * rows * width * 4.0)
}
