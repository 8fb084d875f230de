//! Trees of more rows than a subtree holds: the parts must fit together, whoever grew them.
#![expect(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use serde_json::Map;
use trainyard_estimators::algorithm::algorithm;
use trainyard_estimators::{
    Feature, FeatureValues, Features, FitContext, Params, Prediction, Target, Task, TrainingData,
};

const ROWS: usize = 16_000;
const COLUMNS: usize = 20;

/// Numbers that look like noise.
fn noise(row: usize, column: usize) -> f64 {
    let mixed = (row as u64 * 31 + column as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 11) as f64
}

#[test]
fn a_full_tree_remembers_every_row_and_is_the_same_on_any_number_of_threads() {
    let columns = (0..COLUMNS).map(|column| Feature {
        name: format!("x{column}"),
        values: FeatureValues::Numeric((0..ROWS).map(|row| noise(row, column)).collect()),
    });
    let features = Features::new(ROWS, columns.collect()).unwrap();
    let classes: Vec<u32> = (0..ROWS).map(|row| (noise(row, 99) % 3.0) as u32).collect();
    let values: Vec<f64> = (0..ROWS).map(|row| noise(row, 98) / 1e15).collect();
    let targets = [
        (
            Task::Classification,
            Target::Classes {
                indices: classes.clone(),
                classes: 3,
            },
        ),
        (Task::Regression, Target::Values(values.clone())),
    ];
    let tree = algorithm("decision_tree").unwrap();
    for (task, target) in &targets {
        let params = Params::check(tree.spec().params, *task, &Map::new()).unwrap();
        let data = TrainingData {
            features: &features,
            target,
            weights: None,
        };
        let fitted = [1, 2, 7].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| tree.fit(&params, data, &FitContext::silent(3)).unwrap())
        });
        assert_eq!(fitted[0].save(), fitted[1].save());
        assert_eq!(fitted[0].save(), fitted[2].save());
        match fitted[0].predict(&features) {
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
