//! The settings that an automatic choice begins with: few, and unlike each other, so that one of them suits most tables.
//! Next: what may be tried around them is in [`space`].

use crate::spec::Effort;
use serde_json::{Map, Value, json};
use trainyard_estimators::Task;

/// A setting worth trying on a table that nobody has seen.
pub(super) struct Setting {
    pub(super) algorithm: &'static str,
    pub(super) params: Map<String, Value>,
}

/// Families from simple to complicated: among equals the first wins.
const FAMILIES: [&str; 9] = [
    "linear_regression",
    "logistic_regression",
    "decision_tree",
    "random_forest",
    "extra_trees",
    "gradient_boosting",
    "knn",
    "neural_net",
    "svm",
];

/// How complicated a family is.
pub(super) fn rank(algorithm: &str) -> usize {
    let known = FAMILIES.iter().position(|family| *family == algorithm);
    known.unwrap_or(FAMILIES.len())
}

/// The settings of an effort: the plain one of each usual family, then others; simple ones first.
pub(super) fn settings(task: Task, effort: Effort) -> Vec<Setting> {
    let mut settings = vec![
        (
            "decision_tree",
            json!({ "max_depth": 8, "min_samples_leaf": 5 }),
        ),
        ("random_forest", json!({})),
        ("extra_trees", json!({})),
        ("gradient_boosting", json!({})),
    ];
    match task {
        Task::Classification => settings.push(("logistic_regression", json!({}))),
        Task::Regression => settings.push(("linear_regression", json!({}))),
    }
    settings.sort_by_key(|(name, _)| rank(name));
    if effort > Effort::Quick {
        let mut more = more(task);
        more.sort_by_key(|(name, _)| rank(name));
        settings.extend(more);
    }
    let made = settings.into_iter().map(|(algorithm, params)| Setting {
        algorithm,
        params: params.as_object().cloned().unwrap_or_default(),
    });
    made.collect()
}

fn more(task: Task) -> Vec<(&'static str, Value)> {
    let boosted = "gradient_boosting";
    let mut more = vec![
        ("decision_tree", json!({ "min_samples_leaf": 20 })),
        (
            "random_forest",
            json!({ "min_samples_leaf": 3, "max_features": 0.5 }),
        ),
        (
            "extra_trees",
            json!({ "min_samples_leaf": 2, "max_features": 0.7 }),
        ),
        (
            boosted,
            json!({ "learning_rate": 0.05, "n_estimators": 200, "max_leaf_nodes": 15, "subsample": 0.8, "max_features": 0.7 }),
        ),
        (
            boosted,
            json!({ "learning_rate": 0.1, "n_estimators": 200, "max_depth": 3, "l2_regularization": 1.0 }),
        ),
        (
            boosted,
            json!({ "learning_rate": 0.03, "n_estimators": 600, "max_leaf_nodes": 31, "min_samples_leaf": 10, "max_features": 0.5 }),
        ),
        (
            boosted,
            json!({ "learning_rate": 0.03, "n_estimators": 200, "max_leaf_nodes": 6, "min_samples_leaf": 10, "subsample": 0.8, "max_features": 0.5, "l2_regularization": 3.0 }),
        ),
        (
            boosted,
            json!({ "learning_rate": 0.1, "n_estimators": 400, "max_leaf_nodes": 63, "min_samples_leaf": 40, "subsample": 0.8, "max_features": 0.7, "l2_regularization": 1.0 }),
        ),
        ("knn", json!({ "n_neighbors": 15, "weights": "distance" })),
        ("neural_net", json!({ "epochs": 40 })),
        (
            "neural_net",
            json!({ "hidden_layer_sizes": [128, 64], "epochs": 60, "alpha": 0.01, "dropout": 0.1 }),
        ),
        ("svm", json!({})),
        ("svm", json!({ "C": 10.0 })),
    ];
    more.extend(match task {
        Task::Classification => [
            ("logistic_regression", json!({ "C": 0.05 })),
            ("logistic_regression", json!({ "C": 10.0 })),
        ],
        Task::Regression => [
            ("linear_regression", json!({ "alpha": 1.0 })),
            ("linear_regression", json!({ "alpha": 30.0 })),
        ],
    });
    more
}

/// What is tried around the settings of a family once it did well; `None` where tuning does not pay.
pub(super) fn space(algorithm: &str) -> Option<Map<String, Value>> {
    let space = match algorithm {
        "linear_regression" => json!({ "alpha": { "low": 1e-3, "high": 1e3, "log": true } }),
        "logistic_regression" => json!({ "C": { "low": 1e-3, "high": 1e3, "log": true } }),
        "random_forest" | "extra_trees" => json!({
            "n_estimators": [200],
            "min_samples_leaf": { "low": 1, "high": 20, "log": true },
            "max_features": { "low": 0.1, "high": 1.0 },
        }),
        "gradient_boosting" => json!({
            "learning_rate": { "low": 0.02, "high": 0.2, "log": true },
            "n_estimators": { "low": 80, "high": 600, "log": true },
            "max_leaf_nodes": { "low": 6, "high": 96, "log": true },
            "min_samples_leaf": { "low": 3, "high": 80, "log": true },
            "l2_regularization": { "low": 0.01, "high": 30.0, "log": true },
            "subsample": { "low": 0.6, "high": 1.0 },
            "max_features": { "low": 0.3, "high": 1.0 },
        }),
        "knn" => json!({
            "n_neighbors": { "low": 2, "high": 60, "log": true },
            "weights": ["distance", "uniform"],
            "metric": ["euclidean", "manhattan"],
        }),
        "neural_net" => json!({
            "hidden_layer_sizes": [[64, 64], [128, 64], [256, 128]],
            "epochs": { "low": 20, "high": 100, "log": true },
            "learning_rate": { "low": 3e-4, "high": 5e-3, "log": true },
            "alpha": { "low": 1e-5, "high": 0.1, "log": true },
            "dropout": { "low": 0.0, "high": 0.3 },
        }),
        "svm" => json!({
            "C": { "low": 0.1, "high": 100.0, "log": true },
            "gamma": { "low": 1e-3, "high": 1.0, "log": true },
        }),
        _ => return None,
    };
    space.as_object().cloned()
}
