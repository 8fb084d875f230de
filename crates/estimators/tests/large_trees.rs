//! Trees of more rows than a subtree holds: the parts must fit together, whoever grew them.
#![expect(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use serde_json::json;
use trainyard_estimators::algorithm::algorithm;
use trainyard_estimators::{
    Feature, FeatureValues, Features, FitContext, Fitted, Params, Prediction, Target, Task,
    TrainingData,
};

const ROWS: usize = 20_000;
const COLUMNS: usize = 20;

/// Numbers that look like noise.
fn noise(row: usize, column: usize) -> f64 {
    let mixed = (row as u64 * 31 + column as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 11) as f64
}

fn table(columns: usize) -> Features {
    let columns = (0..columns).map(|column| Feature {
        name: format!("x{column}"),
        values: FeatureValues::Numeric((0..ROWS).map(|row| noise(row, column)).collect()),
    });
    Features::new(ROWS, columns.collect()).unwrap()
}

/// A model of one thread, which two and seven threads have to learn to the last bit as well.
fn learned(
    name: &str,
    params: serde_json::Value,
    (features, target): (&Features, &Target),
) -> Box<dyn Fitted> {
    let task = match target {
        Target::Classes { .. } => Task::Classification,
        Target::Values(_) => Task::Regression,
    };
    let algorithm = algorithm(name).unwrap();
    let params = Params::check(algorithm.spec().params, task, params.as_object().unwrap()).unwrap();
    let data = TrainingData {
        features,
        target,
        weights: None,
    };
    let [one, two, seven] = [1, 2, 7].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            algorithm
                .fit(&params, data, &FitContext::silent(3))
                .unwrap()
        })
    });
    assert_eq!(one.save(), two.save(), "{name} on two threads");
    assert_eq!(one.save(), seven.save(), "{name} on seven threads");
    one
}

#[test]
fn a_full_tree_remembers_every_row_and_is_the_same_on_any_number_of_threads() {
    let features = table(COLUMNS);
    let classes: Vec<u32> = (0..ROWS).map(|row| (noise(row, 99) % 3.0) as u32).collect();
    let values: Vec<f64> = (0..ROWS).map(|row| noise(row, 98) / 1e15).collect();
    let targets = [
        Target::Classes {
            indices: classes.clone(),
            classes: 3,
        },
        Target::Values(values.clone()),
    ];
    for target in &targets {
        let fitted = learned("decision_tree", json!({}), (&features, target));
        match fitted.predict(&features) {
            Prediction::Values(answers) => {
                let wrong = answers
                    .iter()
                    .zip(&values)
                    .filter(|(own, truth)| (*own - *truth).abs() > 1e-9 * truth.abs());
                assert_eq!(wrong.count(), 0);
            }
            answers @ Prediction::Classes { .. } => {
                assert_eq!(answers.labels().unwrap(), classes);
            }
        }
    }
}

#[test]
fn boosting_of_many_rows_is_the_same_on_any_number_of_threads() {
    // One cache line of columns, and two.
    for columns in [COLUMNS, 70] {
        let features = table(columns);
        let values = (0..ROWS).map(|row| noise(row, 0).sqrt() - noise(row, columns - 1).sqrt());
        let target = Target::Values(values.collect());
        let params = json!({ "n_estimators": 4, "max_leaf_nodes": 15 });
        let fitted = learned("gradient_boosting", params, (&features, &target));
        let answers = fitted.predict(&features);
        let r2 = trainyard_estimators::metrics::score("r2", &target, &answers).unwrap();
        assert!(r2 > 0.4, "{columns} columns: {r2}");
    }
}

#[test]
fn the_score_out_of_the_bag_asks_every_row_by_its_own_columns() {
    // Two blocks of rows that are answered together, and a part.
    let rows = 2 * 16_384 + 500;
    let columns = (0..3).map(|column| Feature {
        name: format!("x{column}"),
        values: FeatureValues::Numeric((0..rows).map(|row| noise(row, column)).collect()),
    });
    let features = Features::new(rows, columns.collect()).unwrap();
    let middle = noise(0, 1);
    let classes = (0..rows).map(|row| u32::from(noise(row, 1) > middle));
    let target = Target::Classes {
        indices: classes.collect(),
        classes: 2,
    };
    let params =
        json!({ "n_estimators": 5, "max_depth": 4, "max_features": 1.0, "oob_score": true });
    let fitted = learned("random_forest", params, (&features, &target));
    let score: Option<f64> = fitted.save().meta("oob_score").unwrap();
    assert!(score > Some(0.97), "{score:?}");
}
