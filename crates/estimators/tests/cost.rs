//! Estimates of what a fit takes: its memory against what is really allocated, and that nothing gets cheaper by growing.
//! Seconds are not held against a clock here: that is what the benchmarks are for.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "cost/counting.rs"]
mod counting;

use counting::most_beyond;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use trainyard_estimators::algorithm::{ALGORITHMS, algorithm};
use trainyard_estimators::{
    Algorithm, Cost, Feature, FeatureValues, Features, FitContext, Params, Shape, Target, Task,
    TrainingData,
};

/// How far an estimate may be from the truth, in either direction.
const FACTOR: f64 = 3.0;
/// Bytes that are too few to be told apart.
const LITTLE: f64 = 256.0 * 1024.0;

fn params(of: &dyn Algorithm, task: Task, given: &Value) -> Params {
    let given = given.as_object().cloned().unwrap_or_else(Map::new);
    Params::check(of.spec().params, task, &given).unwrap()
}

/// A number in -0.5..0.5 that looks like chance.
fn noise(row: usize, column: usize) -> f64 {
    let mut mixed = (row as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ^ (column as u64 + 1).wrapping_mul(0xd134_2543_de82_ef95);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
}

/// Numbers with a pattern and some chance, as real tables have them.
fn table(shape: Shape) -> (Features, Target) {
    let columns = (0..shape.columns).map(|column| Feature {
        name: format!("x{column}"),
        values: FeatureValues::Numeric(
            (0..shape.rows)
                .map(|row| noise(row, column) * 3.0)
                .collect(),
        ),
    });
    let features = Features::new(shape.rows, columns.collect()).unwrap();
    let signal = |row: usize| {
        (noise(row, 0) * 6.0).sin() + noise(row, 1) * 2.0 + noise(row, shape.columns + 1)
    };
    let target = match shape.task {
        Task::Regression => Target::Values((0..shape.rows).map(signal).collect()),
        Task::Classification => Target::Classes {
            indices: (0..shape.rows)
                .map(|row| {
                    let place = ((signal(row) + 2.0) / 4.0).clamp(0.0, 0.999);
                    (place * shape.classes as f64) as u32
                })
                .collect(),
            classes: shape.classes,
        },
    };
    (features, target)
}

/// What a fit really allocates at one moment beyond the features, in bytes.
fn measured(of: &'static dyn Algorithm, shape: Shape, params: &Params) -> f64 {
    let (features, target) = table(shape);
    let data = TrainingData {
        features: &features,
        target: &target,
        weights: None,
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    let (fitted, most) =
        most_beyond(|| pool.install(|| of.fit(params, data, &FitContext::silent(1))));
    fitted.unwrap();
    most as f64
}

#[test]
fn memory_is_told_within_a_factor() {
    let mut wrong = Vec::new();
    let shapes = [(3_000, 12, 3), (9_000, 30, 2)];
    for &of in ALGORITHMS {
        for &task in of.spec().tasks {
            for (rows, columns, classes) in shapes {
                let shape = Shape::of_numbers(rows, columns, task, classes);
                let name = of.spec().name;
                // As many trees and epochs as are quick here; the rest by default.
                let given = match name {
                    "random_forest" | "extra_trees" => json!({"n_estimators": 10}),
                    "gradient_boosting" => json!({"n_estimators": 30}),
                    "neural_net" => json!({"epochs": 1}),
                    "svm" if task == Task::Classification => json!({"probability": false}),
                    _ => json!({}),
                };
                let params = params(of, task, &given);
                let told = of.cost(shape, &params).bytes as f64;
                let real = measured(of, shape, &params);
                let ratio = (told + LITTLE) / (real + LITTLE);
                let line = format!(
                    "{name} {task:?} {rows}×{columns}: told {:.2} MB, took {:.2} MB ({ratio:.2})",
                    told / 1e6,
                    real / 1e6
                );
                if !(1.0 / FACTOR..=FACTOR).contains(&ratio) {
                    wrong.push(line);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_support_vector_machine_keeps_to_its_cache() {
    // Many free samples that hold each other: more and more are solved together, until the cache is full.
    let shape = Shape::of_numbers(6_000, 12, Task::Regression, 0);
    let taken = |megabytes: f64| {
        let of = algorithm("svm").unwrap();
        let given = json!({"C": 4.0, "cache_size": megabytes});
        measured(of, shape, &params(of, Task::Regression, &given))
    };
    // The samples twice, what a step needs of each, and the values that are just being made.
    let beside = 6_000.0 * (13.0 * 8.0 + 200.0) + 8e6;
    let (small, large) = (taken(20.0), taken(200.0));
    let most = 20.0 * 1024.0 * 1024.0 + beside;
    assert!(small <= most, "{small} bytes, and {most} at most");
    // A larger cache is used, or nothing would have been held back.
    assert!(large > most, "{large} bytes with a large cache");
}

fn never_less(small: Cost, large: Cost) -> bool {
    small.seconds <= large.seconds
        && small.answer_seconds <= large.answer_seconds
        && small.bytes <= large.bytes
}

fn sizes() -> impl Strategy<Value = (usize, usize, usize)> {
    let rows = prop_oneof![10_usize..5_000, 5_000_usize..50_000_000];
    let columns = prop_oneof![1_usize..100, 100_usize..20_000];
    let classes = prop_oneof![2_usize..6, 6_usize..10_000];
    (rows, columns, classes)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_gets_cheaper_by_growing(
        sizes in sizes(),
        more in (0_usize..1_000_000, 0_usize..500, 0_usize..50, 0_usize..5_000),
        which in 0..ALGORITHMS.len(),
        by_default in any::<bool>(),
    ) {
        let of = ALGORITHMS[which];
        let (rows, columns, classes) = sizes;
        for &task in of.spec().tasks {
            let given = if by_default { json!({}) } else { other_than_default(of.spec().name) };
            let params = params(of, task, &given);
            let small = Shape::of_numbers(rows, columns, task, classes);
            let cost = of.cost(small, &params);
            prop_assert!(cost.seconds > 0.0 && cost.seconds.is_finite());
            prop_assert!(cost.answer_seconds > 0.0 && cost.bytes > 0);
            let larger = [
                Shape { rows: rows + more.0, ..small },
                Shape { columns: columns + more.1, width: columns + more.1, ..small },
                Shape { width: columns + more.3, ..small },
                Shape { classes: classes + more.2, ..small },
            ];
            for shape in larger {
                let told = of.cost(shape, &params);
                prop_assert!(never_less(cost, told), "{}: {small:?} {cost:?} but {shape:?} {told:?}", of.spec().name);
            }
        }
    }

    #[test]
    fn asking_for_more_is_never_cheaper(sizes in sizes(), which in 0..ASKED.len(), at in 0_usize..4) {
        let (name, parameter, values) = ASKED[which];
        let of = algorithm(name).unwrap();
        let (rows, columns, classes) = sizes;
        let task = of.spec().tasks[0];
        let shape = Shape::of_numbers(rows, columns, task, classes);
        let at = at.min(values.len() - 2);
        let cost = |value: &str| {
            let value: Value = serde_json::from_str(value).unwrap();
            of.cost(shape, &params(of, task, &json!({parameter: value})))
        };
        let (small, large) = (cost(values[at]), cost(values[at + 1]));
        prop_assert!(never_less(small, large), "{name} {parameter} {shape:?}: {small:?} {large:?}");
    }
}

/// Parameters that take other branches of the formulas.
fn other_than_default(name: &str) -> Value {
    match name {
        "linear_regression" => json!({"alpha": 1.0, "l1_ratio": 0.5}),
        "knn" => json!({"metric": "manhattan", "n_neighbors": 50}),
        "decision_tree" => json!({"max_depth": 5, "max_features": "sqrt"}),
        "random_forest" | "extra_trees" => json!({"max_leaf_nodes": 100, "max_features": 0.3}),
        "gradient_boosting" => json!({"max_leaf_nodes": null, "subsample": 0.5}),
        "svm" => json!({"cache_size": 1000.0}),
        "neural_net" => json!({"hidden_layer_sizes": [8], "batch_size": 512}),
        _ => json!({}),
    }
}

/// Values of parameters from cheap to dear.
const ASKED: &[(&str, &str, &[&str])] = &[
    ("knn", "n_neighbors", &["1", "10", "1000"]),
    ("decision_tree", "max_depth", &["1", "5", "30", "null"]),
    (
        "decision_tree",
        "max_leaf_nodes",
        &["2", "100", "100000", "null"],
    ),
    ("decision_tree", "min_samples_leaf", &["0.5", "0.001", "1"]),
    ("random_forest", "n_estimators", &["1", "10", "1000"]),
    ("random_forest", "max_features", &["0.1", "0.5", "null"]),
    ("extra_trees", "max_depth", &["2", "9", "null"]),
    ("gradient_boosting", "n_estimators", &["1", "50", "5000"]),
    (
        "gradient_boosting",
        "max_leaf_nodes",
        &["2", "31", "5000", "null"],
    ),
    ("gradient_boosting", "max_depth", &["1", "4", "null"]),
    ("gradient_boosting", "subsample", &["0.1", "0.6", "1.0"]),
    ("logistic_regression", "max_iter", &["1", "10", "1000"]),
    ("svm", "cache_size", &["10", "200", "4000"]),
    ("neural_net", "epochs", &["1", "20", "200"]),
    (
        "neural_net",
        "hidden_layer_sizes",
        &["[4]", "[64]", "[64, 64]", "[512, 512]"],
    ),
];
