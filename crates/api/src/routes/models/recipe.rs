//! How parts of a training request look in the API's document. They are read as the trainer's own types; what is here
//! only describes those.

#![expect(dead_code, reason = "these describe, and are never made")]

use serde_json::Value;
use utoipa::ToSchema;

/// What a race may spend: exactly one of the two.
#[derive(ToSchema)]
#[schema(as = Budget, rename_all = "snake_case")]
pub(crate) enum BudgetBody {
    /// Units of work, some thousand a second and core: equal requests make equal models.
    Work(f64),
    /// Seconds: more is tried on faster machines, so the result cannot be made again to the byte.
    Seconds(f64),
}

/// How rows are divided into training and test, and into folds.
#[derive(ToSchema)]
#[schema(as = Split)]
pub(crate) struct SplitBody {
    /// `random` (every class has its share in both parts), `group` (all rows with one value of a column stay on one side) or
    /// `time` (the latest rows are the test; folds walk forward).
    #[schema(example = "random")]
    kind: String,
    /// The column that is asked; not for `random`.
    column: Option<String>,
}

/// A search for parameters.
#[derive(ToSchema)]
#[schema(as = Search)]
pub(crate) struct SearchBody {
    /// `grid`, `random` or `bayesian`; bayesian unless said.
    #[schema(example = "bayesian")]
    method: Option<String>,
    /// Settings to try, 1 to 10,000; 40 unless said. A grid tries all it has.
    trials: Option<usize>,
    /// Folds that judge each setting, 2 to 20; 3 unless said.
    folds: Option<usize>,
    /// Parameters and what they may be: a list of values, or `{"low", "high", "log", "steps"}`; the usual ones unless said.
    #[schema(value_type = Option<Object>)]
    space: Option<Value>,
    /// Whether settings that fall behind after the first folds are given up; unless said they are.
    pruning: Option<bool>,
    /// Seconds after which no more is tried.
    seconds: Option<f64>,
}
