//! The three kinds of classifiers and their parameters, as forms send them: numbers may be text, what was cleared is the
//! default.

use serde_json::{Map, Value};

use crate::refusal::{Answer, Refusal};

/// A kind of classifier.
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// The platform's name of it.
    pub(super) algorithm: &'static str,
    /// The ending its file has.
    pub(super) ending: &'static str,
}

static KINDS: [Kind; 3] = [
    Kind {
        name: "logisticregression",
        algorithm: "logistic_regression",
        ending: "joblib",
    },
    Kind {
        name: "randomforest",
        algorithm: "random_forest",
        ending: "joblib",
    },
    Kind {
        name: "neuralnet",
        algorithm: "neural_net",
        ending: "keras",
    },
];

/// Keywords that say how and not what.
const WITHOUT_EFFECT: &[&str] = &["random_state", "n_jobs", "verbose", "warm_start"];

/// The kind of this name, whatever its case and the space around it.
pub(super) fn kind(name: &str) -> Answer<&'static Kind> {
    let plain = name.trim().to_lowercase();
    let found = KINDS.iter().find(|kind| kind.name == plain);
    found.ok_or_else(|| Refusal::bad(format!("Unsupported model: {plain}")))
}

/// The kind that a trained model is of.
pub(super) fn of_algorithm(algorithm: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.algorithm == algorithm)
}

/// The parameters in a JSON text.
pub(super) fn parameters(text: &str) -> Answer<Map<String, Value>> {
    let given = match text.trim() {
        "" => return Ok(Map::new()),
        text => match serde_json::from_str(text) {
            Ok(Value::Object(given)) => given,
            _ => return Err(Refusal::bad("Invalid JSON in 'params'")),
        },
    };
    let kept = given.into_iter().filter(|(name, value)| {
        !WITHOUT_EFFECT.contains(&name.as_str()) && value.as_str() != Some("")
    });
    Ok(kept.map(|(name, value)| (name, plain(value))).collect())
}

/// A number that was written as text.
fn plain(value: Value) -> Value {
    let Some(text) = value.as_str().map(str::trim) else {
        return value;
    };
    if let Ok(whole) = text.parse::<i64>() {
        return whole.into();
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => number.into(),
        _ => value,
    }
}
