//! The three kinds of models, and scikit-learn's keywords as the platform's algorithms know them.

use serde_json::{Map, Value};

/// A kind of model.
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// The platform's name of it.
    pub(super) algorithm: &'static str,
    /// What clients read as its type.
    pub(super) class: &'static str,
}

static KINDS: [Kind; 3] = [
    Kind {
        name: "linear",
        algorithm: "linear_regression",
        class: "LinearRegression",
    },
    Kind {
        name: "decision_tree",
        algorithm: "decision_tree",
        class: "DecisionTreeRegressor",
    },
    Kind {
        name: "random_forest",
        algorithm: "random_forest",
        class: "RandomForestRegressor",
    },
];

/// The kind that a name asks for, whatever its case and the space around it.
pub(super) fn kind(name: &str) -> Option<&'static Kind> {
    let name = name.trim().to_lowercase();
    KINDS.iter().find(|kind| kind.name == name)
}

/// What clients read as a model's type.
pub(super) fn class_name(algorithm: &str) -> &str {
    let found = KINDS.iter().find(|kind| kind.algorithm == algorithm);
    found.map_or(algorithm, |kind| kind.class)
}

/// The keywords that say how and not what: nothing depends on them here.
const WITHOUT_EFFECT: &[&str] = &["n_jobs", "verbose", "warm_start", "copy_X", "splitter"];

/// The keywords that an algorithm is told. The seed is not among them: every split here has the same.
pub(super) fn keywords(given: Map<String, Value>) -> Map<String, Value> {
    let tells = |name: &str| name != "random_state" && !WITHOUT_EFFECT.contains(&name);
    given.into_iter().filter(|(name, _)| tells(name)).collect()
}
