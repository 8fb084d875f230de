//! Requests for searches.
#![expect(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "shared by tests, which may stop at the first surprise"
)]

use serde_json::{Map, Value};
use trainyard_training::{Method, SearchSpec, TrainSpec};

/// The map that a JSON object is.
pub fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// Everything by default.
pub fn spec(algorithm: &str) -> TrainSpec {
    TrainSpec::new("answer", algorithm)
}

/// A search of a given space that gives nothing up.
pub fn with_space(method: Method, space: Value) -> SearchSpec {
    SearchSpec {
        method,
        space: Some(object(space)),
        pruning: false,
        ..SearchSpec::default()
    }
}
