//! The grids: what is tried when nothing is named, and keywords of scikit-learn that decide nothing here.

use serde_json::{Map, Value, json};

use crate::refusal::{Answer, Refusal};

/// What can be searched: the name clients use, and the platform's.
const ALGORITHMS: [(&str, &str); 2] = [
    ("decision_tree", "decision_tree"),
    ("random_forest", "random_forest"),
];
/// Keywords that say how and not what.
const WITHOUT_EFFECT: &[&str] = &[
    "random_state",
    "n_jobs",
    "verbose",
    "warm_start",
    "splitter",
];

/// A grid, with what of it decides nothing set aside.
pub(super) struct Grid {
    pub(super) space: Map<String, Value>,
    pub(super) aside: Map<String, Value>,
}

/// The platform's name of an algorithm.
pub(super) fn algorithm(name: &str) -> Answer<&'static str> {
    let found = ALGORITHMS.iter().find(|(known, _)| *known == name);
    found.map(|(_, algorithm)| *algorithm).ok_or_else(|| {
        Refusal::bad(format!(
            "Unsupported algorithm: {name}. Use decision_tree or random_forest."
        ))
    })
}

/// What is to be tried: lists by name, or the usual ones.
pub(super) fn grid(algorithm: &str, given: Map<String, Value>) -> Answer<Grid> {
    let mut space = Map::new();
    let mut aside = Map::new();
    for (name, values) in given {
        let list = values.as_array().cloned().unwrap_or_default();
        let Some(first) = list.first() else {
            return Err(Refusal::bad(format!(
                "Parameter grid for parameter '{name}' need to be a non-empty sequence"
            )));
        };
        if WITHOUT_EFFECT.contains(&name.as_str()) {
            aside.insert(name, first.clone());
        } else {
            space.insert(name, Value::Array(list));
        }
    }
    if space.is_empty() {
        let usual = match algorithm {
            "decision_tree" => json!({
                "max_depth": [2, 5, 7, 10], "criterion": ["entropy", "gini"],
            }),
            _ => json!({
                "n_estimators": [10, 50, 100], "max_depth": [2, 5, 7, 10],
            }),
        };
        if let Value::Object(usual) = usual {
            space = usual;
        }
    }
    Ok(Grid { space, aside })
}
