//! What fitting and asking a setting takes, in units of about a million looks at one cell: a formula of the table's shape
//! and the settings, within a factor of three or so. It decides what is tried, never how good it is.

use crate::error::TrainError;
use crate::train::Prepared;
use serde_json::{Map, Value};
use trainyard_estimators::{Algorithm, Feature, FeatureValues, Target};

/// Rows that the width of a table is read from.
const SAMPLE: usize = 10_000;
/// What a fit takes even of an empty table.
const LEAST: f64 = 0.5;

/// What counts about prepared rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) rows: f64,
    pub(super) columns: f64,
    /// Columns after one-hot encoding.
    pub(super) width: f64,
    /// Numbers an answer needs: 1 for a number and for two classes.
    pub(super) outputs: f64,
    /// Values that boosting tells apart, all columns together.
    bins: f64,
    /// Columns that forests look at for each question unless told.
    looked: f64,
}

impl Shape {
    /// The shape of all training rows as an algorithm sees them.
    pub(super) fn of(
        prepared: &Prepared<'_>,
        algorithm: &dyn Algorithm,
    ) -> Result<Self, TrainError> {
        let rows = prepared.train.rows();
        let sample: Vec<usize> = (0..rows).step_by(rows.div_ceil(SAMPLE).max(1)).collect();
        let table = prepared.train.take(&sample);
        let features = prepared.preparation(algorithm, &table)?.transform(&table);
        let outputs = match &prepared.train_target {
            Target::Classes { classes, .. } if *classes > 2 => *classes,
            _ => 1,
        };
        let columns = features.columns().len() as f64;
        Ok(Self {
            rows: rows as f64,
            columns,
            width: features.encoded_width() as f64,
            outputs: outputs as f64,
            bins: features.columns().iter().map(bins).sum(),
            looked: match &prepared.train_target {
                Target::Classes { .. } => columns.sqrt(),
                Target::Values(_) => columns,
            },
        })
    }

    /// The same table with another number of rows.
    pub(super) fn with_rows(self, rows: usize) -> Self {
        Self {
            rows: rows as f64,
            ..self
        }
    }
}

/// Values of a feature that boosting tells apart.
fn bins(feature: &Feature) -> f64 {
    const MOST: usize = 255;
    let count = match &feature.values {
        FeatureValues::Numeric(values) => {
            let mut values = values.clone();
            values.sort_unstable_by(f64::total_cmp);
            values.dedup();
            values.len()
        }
        FeatureValues::Categorical { levels, .. } => *levels as usize,
    };
    count.min(MOST) as f64
}

/// Units to fit a setting on rows of this shape and to ask it about `asked` rows.
pub(super) fn work(name: &str, params: &Map<String, Value>, shape: Shape, asked: usize) -> f64 {
    let Shape {
        rows,
        columns,
        width,
        outputs,
        bins,
        looked,
    } = shape;
    let asked = asked as f64;
    let number = |name: &str, default: f64| {
        let given = params.get(name).and_then(Value::as_f64);
        given.unwrap_or(default)
    };
    let share = |name: &str, default: f64| number(name, default).clamp(0.05, 1.0);
    let depth = number("max_depth", 64.0).min(rows.max(2.0).log2() + 2.0);
    let (fit, ask) = match name {
        "linear_regression" => (
            rows * columns * columns.max(8.0) / 4.0 + width.powi(3) / 8.0,
            columns,
        ),
        "logistic_regression" => (
            60.0 * rows * columns * outputs + 0.2 * (width * outputs).min(2_000.0).powi(2) * 20.0,
            columns * outputs,
        ),
        "knn" => (rows * width, rows * width / 8.0),
        "decision_tree" => (4.0 * rows * columns * depth, depth),
        "random_forest" | "extra_trees" => {
            let trees = number("n_estimators", 100.0);
            let looked = (columns * share("max_features", looked / columns.max(1.0))).max(1.0);
            // Extra trees learn from all rows each, and grow deeper.
            let times = if name == "extra_trees" { 6.0 } else { 2.5 };
            (
                times * trees * rows * (looked + 2.0) * depth,
                2.0 * trees * depth * outputs.sqrt(),
            )
        }
        "gradient_boosting" => {
            let rounds = number("n_estimators", 100.0);
            let leaves = number("max_leaf_nodes", 31.0);
            let leaves = leaves.min(1.0 + rows / number("min_samples_leaf", 20.0));
            let leaves = leaves.min(number("max_depth", 64.0).exp2());
            let seen = share("max_features", 1.0);
            let looked = columns * seen + 4.0;
            let levels = 1.0 + leaves.log2() / 3.0;
            let bins = leaves * seen * 8.0 * bins.min(rows * columns);
            (
                rounds * outputs * (rows * looked * levels / 3.0 + bins),
                rounds * outputs * leaves.log2(),
            )
        }
        "svm" => {
            let pairs = (outputs - 1.0).max(1.0);
            (
                rows * rows * (width / 4.0 + 8.0) * pairs.sqrt(),
                rows * (width / 8.0 + 2.0),
            )
        }
        "neural_net" => {
            let sizes = params.get("hidden_layer_sizes").and_then(Value::as_array);
            let sizes: Vec<f64> = match sizes {
                Some(sizes) => sizes.iter().filter_map(Value::as_f64).collect(),
                None => vec![64.0, 64.0],
            };
            let inputs = std::iter::once(columns.max(width / 4.0)).chain(sizes.iter().copied());
            let outward = sizes.iter().copied().chain(std::iter::once(outputs));
            let links: f64 = inputs.zip(outward).map(|(from, to)| from * to).sum();
            (
                number("epochs", 20.0) * rows * (links / 4.0 + 200.0),
                links / 4.0,
            )
        }
        _ => (rows, 1.0),
    };
    LEAST + (fit + asked * ask + (rows + asked) * columns * 8.0) / 1e6
}
