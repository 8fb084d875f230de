//! A search space as a request gives it: `{"max_depth": [3, 5, null], "C": {"low": 0.01, "high": 100, "log": true}}`.
//!
//! Every value is checked against the algorithm's declaration before anything is tried; each problem names its parameter.

use super::derive::GRID_STEPS;
use super::space::{Branch, Dimension, Range, Setting, Space};
use crate::error::FieldProblem;
use serde::Deserialize;
use serde_json::{Map, Value};
use trainyard_estimators::algorithm::ParamKind;
use trainyard_estimators::{AlgorithmSpec, ParamSpec, Params, Task};

/// Most values a list may have.
const LONGEST_LIST: usize = 1000;
/// Most points a grid may take from a range.
const MOST_STEPS: usize = 100;

/// A range as JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenRange {
    low: Value,
    high: Value,
    #[serde(default)]
    log: Option<bool>,
    #[serde(default)]
    steps: Option<usize>,
}

/// Reads a space; parameters that `fixed` sets must not be searched too.
///
/// # Errors
/// One [`FieldProblem`] a wrong entry, its pointer below `/search/space`.
pub fn given(
    spec: &AlgorithmSpec,
    task: Task,
    fixed: &Setting,
    space: &Map<String, Value>,
) -> Result<Space, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let mut dimensions = Vec::new();
    if space.is_empty() {
        problems.push(FieldProblem::new(
            "/search/space",
            "name at least one parameter to search, or leave the space out to search the usual ones",
        ));
    }
    for (name, value) in space {
        let read = if fixed.contains_key(name) {
            Err(format!(
                "'{name}' is fixed among the parameters; take it out of them, or out of the search"
            ))
        } else {
            branches(spec, task, name, value)
        };
        match read {
            Ok(branches) => dimensions.push(Dimension {
                name: name.clone(),
                branches,
            }),
            Err(detail) => {
                problems.push(FieldProblem::new(format!("/search/space/{name}"), detail));
            }
        }
    }
    if problems.is_empty() {
        Ok(Space { dimensions })
    } else {
        Err(problems)
    }
}

fn branches(
    spec: &AlgorithmSpec,
    task: Task,
    name: &str,
    value: &Value,
) -> Result<Vec<Branch>, String> {
    let Some(param) = spec.params.iter().find(|param| param.name == name) else {
        let known = spec.params.iter().map(|param| param.name);
        let known = known.collect::<Vec<_>>().join(", ");
        return Err(format!(
            "{} has no parameter '{name}'; known are {known}",
            spec.title
        ));
    };
    if !param.tasks.contains(&task) {
        return Err(format!("'{name}' does not apply to this task; take it out"));
    }
    match value {
        Value::Array(values) => list(spec, task, param, values),
        Value::Object(_) => Ok(vec![Branch::Range(range(spec, task, param, value)?)]),
        other => Err(format!(
            "{other} says nothing to choose from; give '{name}' a list such as [{other}, …] or a range such as \
             {{\"low\": 1, \"high\": 10}}, or set it among the parameters"
        )),
    }
}

fn list(
    spec: &AlgorithmSpec,
    task: Task,
    param: &ParamSpec,
    values: &[Value],
) -> Result<Vec<Branch>, String> {
    let name = param.name;
    if values.is_empty() || values.len() > LONGEST_LIST {
        return Err(format!(
            "the list of '{name}' has {} values; give it 1 to {LONGEST_LIST}",
            values.len()
        ));
    }
    let mut accepted: Vec<Value> = Vec::with_capacity(values.len());
    for value in values {
        let value = accept(spec, task, param, value)?;
        if accepted.contains(&value) {
            return Err(format!(
                "{value} stands twice in the list of '{name}'; keep one"
            ));
        }
        accepted.push(value);
    }
    Ok(accepted.into_iter().map(Branch::Value).collect())
}

fn range(
    spec: &AlgorithmSpec,
    task: Task,
    param: &ParamSpec,
    value: &Value,
) -> Result<Range, String> {
    let name = param.name;
    let given: GivenRange = serde_json::from_value(value.clone()).map_err(|error| {
        format!(
            "'{name}' cannot be read as a range ({error}); write {{\"low\": 1, \"high\": 10}}, with \"log\": true for equal \
             factors and \"steps\" for a grid"
        )
    })?;
    let end = |value: &Value| -> Result<(f64, bool), String> {
        let Some(number) = value.as_f64() else {
            return Err(format!(
                "{value} is no number, so '{name}' cannot range from or to it"
            ));
        };
        Ok((number, value.is_f64()))
    };
    let ((low, low_float), (high, high_float)) = (end(&given.low)?, end(&given.high)?);
    if low >= high {
        return Err(format!(
            "the range of '{name}' is empty: low ({low}) must be below high ({high})"
        ));
    }
    accept(spec, task, param, &given.low)?;
    accept(spec, task, param, &given.high)?;
    let log = given.log.unwrap_or(param.log_scale && low > 0.0);
    if log && low <= 0.0 {
        return Err(format!(
            "the range of '{name}' begins at {low}, which no factor leads away from; begin above 0, or leave \"log\" out"
        ));
    }
    let steps = given.steps.unwrap_or(GRID_STEPS);
    if !(2..=MOST_STEPS).contains(&steps) {
        return Err(format!(
            "{steps} steps of '{name}' are not allowed; use 2 to {MOST_STEPS}"
        ));
    }
    let takes = |integer: bool| {
        param.kinds.iter().any(|kind| match kind {
            ParamKind::Integer { .. } => integer,
            ParamKind::Number { .. } => !integer,
            _ => false,
        })
    };
    // 1 and 1.0 differ where both counts and shares are allowed.
    let integer = takes(true) && (!takes(false) || !(low_float || high_float));
    if !takes(true) && !takes(false) {
        return Err(format!(
            "'{name}' has no numbers to range over; give it a list: it must be {}",
            param.allowed()
        ));
    }
    if integer && (low.fract() != 0.0 || high.fract() != 0.0) {
        return Err(format!(
            "'{name}' takes whole numbers, so its range must end at whole numbers"
        ));
    }
    Ok(Range {
        low,
        high,
        log,
        integer,
        steps,
    })
}

/// The value as the algorithm keeps it.
fn accept(
    spec: &AlgorithmSpec,
    task: Task,
    param: &ParamSpec,
    value: &Value,
) -> Result<Value, String> {
    let name = param.name;
    let single = Map::from_iter([(name.to_owned(), value.clone())]);
    let checked = Params::check(spec.params, task, &single);
    let accepted = checked
        .ok()
        .and_then(|params| params.values().get(name).cloned());
    accepted.ok_or_else(|| {
        format!(
            "{value} is not allowed for '{name}'; it must be {}",
            param.allowed()
        )
    })
}
