//! What every algorithm promises, checked for every entry of `ALGORITHMS` and every task it supports.
//!
//! A new algorithm is covered by being listed. Nothing here names an algorithm but the tables of exceptions below, each
//! with its reason. Every test looks at all algorithms before it fails, so that one run shows all that is wrong.
//!
//! - `tables`: data to learn from, and how an algorithm is called; start here.
//! - `declaration`, `parameters`: names, texts, limits of parameters.
//! - `sameness`: seeds, threads, rows on their own, saving and loading.
//! - `oddities`: tables that are hard to learn from and rows that are hard to answer.
//! - `learning`: signal, sample weights, class weights.
//! - `damage`: states that somebody broke.
//! - `limits`: cancellation, progress, memory.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "conformance/damage.rs"]
mod damage;
#[path = "conformance/declaration.rs"]
mod declaration;
#[path = "conformance/learning.rs"]
mod learning;
#[path = "conformance/limits.rs"]
mod limits;
#[path = "conformance/oddities.rs"]
mod oddities;
#[path = "conformance/parameters.rs"]
mod parameters;
#[path = "conformance/sameness.rs"]
mod sameness;
#[path = "conformance/tables.rs"]
mod tables;

/// Parameters that multiply the work: name, the most used for ordinary fits, the most used to try the upper end.
const COSTLY: &[(&str, i64, i64)] = &[
    ("n_estimators", 10, 50),
    ("max_iter", 200, 2_000),
    ("epochs", 60, 60),
];

/// The baseline: does not learn from columns and is done at once.
const LOOKS_AT_NO_COLUMN: &[&str] = &["dummy"];

/// The cost of errors is weighed against the margin, and weights are part of it: doubling them all changes the answer.
const WEIGHS_ROWS_AGAINST_MARGINS: &[&str] = &["svm"];

/// A row of weight 2 is not a row that stands there twice: the rows themselves are drawn, and more rows are drawn
/// otherwise.
const DRAWS_ROWS: &[&str] = &["random_forest", "gradient_boosting", "svm", "neural_net"];
