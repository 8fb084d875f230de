//! The four kinds of models and their parameters: what clients are told about them, and what the platform's algorithms are
//! told.

use axum::Json as Reply;
use serde_json::{Map, Value, json};

use crate::caller::Anybody;
use crate::fields;
use crate::refusal::{Answer, Refusal};

/// A kind of model.
pub(super) struct ModelType {
    pub(super) name: &'static str,
    /// The platform's name of it.
    pub(super) algorithm: &'static str,
    /// Whether it tells classes apart; the others learn numbers.
    pub(super) classifies: bool,
    params: &'static [(&'static str, Type)],
}

/// What a parameter is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Type {
    Int,
    Float,
    Bool,
    Str,
}

impl Type {
    fn name(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Float => "float",
            Self::Bool => "bool",
            Self::Str => "str",
        }
    }
}

/// All of them, by name.
pub(super) static TYPES: [ModelType; 4] = [
    ModelType {
        name: "knn",
        algorithm: "knn",
        classifies: false,
        params: &[("n_neighbors", Type::Int), ("weights", Type::Str)],
    },
    ModelType {
        name: "linear",
        algorithm: "linear_regression",
        classifies: false,
        params: &[("fit_intercept", Type::Bool)],
    },
    ModelType {
        name: "logistic",
        algorithm: "logistic_regression",
        classifies: true,
        params: &[
            ("C", Type::Float),
            ("max_iter", Type::Int),
            ("solver", Type::Str),
        ],
    },
    ModelType {
        name: "random_forest",
        algorithm: "random_forest",
        classifies: false,
        params: &[
            ("n_estimators", Type::Int),
            ("max_depth", Type::Int),
            ("min_samples_split", Type::Int),
            ("min_samples_leaf", Type::Int),
        ],
    },
];

/// What clients build their forms from.
pub(super) async fn models(_: Anybody) -> Reply<Value> {
    let types = TYPES.iter().map(|kind| {
        let params: Map<String, Value> = kind
            .params
            .iter()
            .map(|(name, of)| ((*name).to_owned(), of.name().into()))
            .collect();
        (kind.name.to_owned(), json!({ "params": params }))
    });
    Reply(Value::Object(types.collect()))
}

/// The kind of this name.
pub(super) fn named(name: &str) -> Answer<&'static ModelType> {
    let found = TYPES.iter().find(|kind| kind.name == name);
    found.ok_or_else(|| Refusal::bad(format!("Model type '{name}' not recognized")))
}

impl ModelType {
    /// The platform's parameters for what a client gives as JSON text.
    pub(super) fn params(&self, text: &str) -> Answer<Map<String, Value>> {
        let given = match text.trim() {
            "" => Map::new(),
            text => match serde_json::from_str(text) {
                Ok(Value::Object(given)) => given,
                _ => {
                    return Err(Refusal::bad(
                        "Invalid JSON in parameter 'optional_params'. Expected JSON format like {\"name\": value}",
                    ));
                }
            },
        };
        let unknown = given
            .keys()
            .filter(|name| !self.params.iter().any(|(known, _)| known == name));
        let unknown: Vec<String> = unknown.map(|name| format!("'{name}'")).collect();
        if !unknown.is_empty() {
            let names = unknown.join(", ");
            return Err(Refusal::bad(format!(
                "Invalid optional parameter(s): [{names}]"
            )));
        }
        let mut params = Map::new();
        for (name, of) in self.params {
            if let Some(value) = given.get(*name).filter(|value| !value.is_null()) {
                let value = converted(name, *of, value)?;
                params.insert((*name).to_owned(), value);
            }
        }
        if let Some(depth) = params.get("max_depth").and_then(Value::as_i64)
            && depth <= 0
        {
            params.insert("max_depth".to_owned(), Value::Null);
        }
        Ok(params)
    }
}

fn converted(name: &str, of: Type, value: &Value) -> Answer<Value> {
    let converted = match of {
        Type::Int => fields::whole_number(value).ok().map(Value::from),
        Type::Float => fields::number(value).map(Value::from),
        Type::Bool => match value {
            // Whatever is not one of the words for yes is no.
            Value::String(_) => Some(fields::truth(value).unwrap_or(false).into()),
            other => fields::truth(other).map(Value::from),
        },
        Type::Str => value.as_str().map(Value::from),
    };
    converted.ok_or_else(|| {
        Refusal::bad(format!(
            "Invalid type for parameter '{name}': expected {}, got {}. Value: {}",
            of.name(),
            python_type(value),
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned),
        ))
    })
}

/// What Python calls the type of a value.
pub(crate) fn python_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}
