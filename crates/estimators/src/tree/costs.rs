//! What trees take: each level of a tree looks at every row once for each column that is tried.

use super::options::max_features;
use crate::algorithm::cost::{Cost, Shape};
use crate::algorithm::{Params, Task};
use serde_json::Value;

/// Finding the bins of a column and putting a row's value into one.
const BIN_SECONDS: f64 = 12e-9;
/// One row of one column that is tried in one level.
const LOOK_SECONDS: f64 = 6e-9;
/// One row moved to its side in one level.
const MOVE_SECONDS: f64 = 10e-9;
/// One step of a row that is answered.
pub(crate) const STEP_SECONDS: f64 = 6e-9;
/// One number of a tree's answer, added to those of the trees before.
const ADD_SECONDS: f64 = 0.5e-9;
/// Putting one value of a row that is answered into its bin.
pub(crate) const ASK_SECONDS: f64 = 4e-9;
/// Leaves for each row when nothing stops the growth: numbers hardly repeat, rows of one class stay together.
const LEAVES_A_ROW: [f64; 2] = [0.3, 1.0];

/// What the trees of a fit are like.
pub(crate) struct Growing {
    rows: f64,
    tried: f64,
    levels: f64,
    leaves: f64,
    answers: f64,
}

impl Growing {
    /// Trees within the limits of the parameters, each from this share of the rows, trying so many columns at each
    /// division.
    pub(crate) fn new(shape: Shape, params: &Params, share: f64, tried: usize) -> Self {
        let rows = (shape.rows() * share).max(1.0);
        let free = match shape.task {
            Task::Classification => LEAVES_A_ROW[0],
            Task::Regression => LEAVES_A_ROW[1],
        };
        let least = match params.values().get("min_samples_leaf") {
            Some(Value::Number(share)) if share.is_f64() => rows * share.as_f64().unwrap_or(0.0),
            _ => params.number("min_samples_leaf").unwrap_or(1.0),
        };
        let most = |name: &str| {
            params
                .integer(name)
                .map_or(f64::INFINITY, |most| most as f64)
        };
        let leaves = (rows * free / least.max(1.0))
            .min(most("max_leaf_nodes"))
            .min(most("max_depth").min(64.0).exp2())
            .max(1.0);
        Self {
            rows,
            tried: tried as f64,
            levels: (leaves + 1.0).log2(),
            leaves,
            answers: shape.answers(),
        }
    }

    /// Seconds that one tree takes.
    pub(crate) fn seconds(&self) -> f64 {
        self.rows * self.levels * (self.tried * LOOK_SECONDS + MOVE_SECONDS)
    }

    /// Seconds that one tree takes for an answer.
    pub(crate) fn answer_seconds(&self) -> f64 {
        (self.levels + 2.0) * STEP_SECONDS + self.answers * ADD_SECONDS
    }

    /// Bytes of one grown tree: a node and its sibling for each leaf, and the leaf's answer.
    pub(crate) fn bytes(&self) -> f64 {
        self.leaves * (2.0 * NODE_BYTES + 8.0 * self.answers)
    }

    /// Bytes of one tree that is kept.
    pub(crate) fn kept(&self) -> f64 {
        self.leaves * KEPT_BYTES
    }

    /// Bytes that one tree needs while it grows.
    pub(crate) fn working_bytes(&self) -> f64 {
        self.rows * ENTRY_BYTES
    }
}

/// A node of a growing tree, with the room that a growing list keeps free, and its packed twin.
const NODE_BYTES: f64 = 72.0;
/// A leaf that is kept, with its sibling; most answers of classes are shared.
pub(crate) const KEPT_BYTES: f64 = 25.0;
/// A row among those that a tree is grown from, twice: while they are divided they move from one list to another.
const ENTRY_BYTES: f64 = 32.0;

/// Seconds and bytes of the table of bins.
pub(crate) fn binned(shape: Shape) -> (f64, f64) {
    let cells = shape.rows() * shape.columns();
    (cells * BIN_SECONDS, cells + shape.columns() * 4096.0)
}

/// What one decision tree takes.
pub(crate) fn decision_tree(shape: Shape, params: &Params) -> Cost {
    let tried = max_features(params.values().get("max_features"), shape.columns);
    let tree = Growing::new(shape, params, 1.0, tried);
    let (seconds, bytes) = binned(shape);
    Cost::new(
        seconds + tree.seconds(),
        tree.answer_seconds() + shape.columns() * ASK_SECONDS,
        bytes + tree.working_bytes() + tree.bytes(),
    )
    .keeping(tree.kept())
}
