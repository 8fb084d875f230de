//! A search space from an algorithm's own declaration.
//!
//! Declared ranges say what is allowed, not what is worth trying (a forest may have 100,000 leaves a tree). A range here
//! lies around the default, on the declared scale, and inside what is allowed; where the default says nothing (no limit,
//! zero), `RANGES` does. Parameters that change the question, the time or the precision but not how well it is answered
//! are left at their defaults: `SETTLED`.

use super::space::{Branch, Dimension, Range, Setting, Space};
use serde_json::{Value, json};
use trainyard_estimators::algorithm::ParamKind;
use trainyard_estimators::{AlgorithmSpec, ParamSpec, Task};

/// Points that a grid takes from a range.
pub(super) const GRID_STEPS: usize = 3;
/// Ranges of whole numbers reach this many times below and above the default.
const INTEGER_FACTOR: f64 = 5.0;
/// A default of 1 says little: whole numbers go up to this at least.
const INTEGER_REACH: f64 = 20.0;
/// Ranges of numbers reach this many times below and above the default.
const NUMBER_FACTOR: f64 = 10.0;
/// Shares of rows or columns begin here.
const LEAST_SHARE: f64 = 0.1;

/// Never searched, as (algorithm, or "" for all; parameter).
const SETTLED: &[(&str, &str)] = &[
    // How long and how exactly it is computed.
    ("", "solver"),
    ("", "tol"),
    ("", "max_iter"),
    ("", "cache_size"),
    ("", "oob_score"),
    // When to stop is searched as the number of rounds.
    ("", "early_stopping"),
    ("", "validation_fraction"),
    ("", "n_iter_no_change"),
    // What is asked: another loss answers another question.
    ("", "loss"),
    ("", "quantile"),
    ("", "strategy"),
    ("", "probability"),
    ("", "scale_target"),
    ("", "fit_intercept"),
    // Said by others already: leaves by min_samples_leaf, pruning by ccp_alpha, samples by bootstrap.
    ("", "min_impurity_decrease"),
    ("", "max_samples"),
    // Allowed with elasticnet only.
    ("logistic_regression", "l1_ratio"),
];

/// (parameter, low, high, log): where the default gives no measure.
const RANGES: &[(&str, f64, f64, bool)] = &[
    ("max_depth", 2.0, 32.0, true),
    ("ccp_alpha", 1e-5, 1e-1, true),
    ("l2_regularization", 1e-3, 1e2, true),
    ("C", 1e-3, 1e3, true),
    ("alpha", 1e-6, 1e1, true),
    ("gamma", 1e-4, 1e1, true),
    ("degree", 2.0, 5.0, false),
    ("coef0", 0.0, 1.0, false),
    ("dropout", 0.0, 0.5, false),
    ("l1_ratio", 0.0, 1.0, false),
];

/// Ranges of whole numbers without a default: (parameter, low, high).
const LIMITS: &[(&str, f64, f64)] = &[("max_leaf_nodes", 8.0, 1024.0)];

/// Words worth trying, where some are the same by another name or belong to another task.
const WORDS: &[(&str, &[&str])] = &[
    ("criterion", &["gini", "entropy"]),
    ("penalty", &["l2", "l1"]),
    ("max_features", &["sqrt", "log2"]),
    ("kernel", &["rbf", "linear", "poly"]),
    ("gamma", &["scale"]),
];

/// The space of an algorithm for a task, without the parameters that `fixed` sets.
pub fn derive(spec: &AlgorithmSpec, task: Task, fixed: &Setting) -> Space {
    let dimensions = spec
        .params
        .iter()
        .filter(|param| param.tasks.contains(&task) && !fixed.contains_key(param.name))
        .filter(|param| {
            !SETTLED.iter().any(|&(owner, name)| {
                name == param.name && (owner.is_empty() || owner == spec.name)
            })
        })
        // Numbers have one criterion only.
        .filter(|param| !(param.name == "criterion" && task == Task::Regression))
        .map(dimension)
        .filter(|dimension| dimension.branches.len() > 1 || is_range(dimension));
    Space {
        dimensions: dimensions.collect(),
    }
}

fn is_range(dimension: &Dimension) -> bool {
    matches!(dimension.branches.as_slice(), [Branch::Range(_)])
}

fn dimension(param: &ParamSpec) -> Dimension {
    let words = WORDS.iter().find(|(name, _)| *name == param.name);
    let default = param.default_value();
    let mut branches = Vec::new();
    for kind in param.kinds {
        match *kind {
            ParamKind::Choice(all) => {
                let chosen = words.map_or(all, |(_, words)| words);
                branches.extend(chosen.iter().map(|&word| Branch::Value(Value::from(word))));
            }
            ParamKind::Boolean => {
                branches.extend([false, true].map(|flag| Branch::Value(Value::from(flag))));
            }
            // "None" beside words is one of the words.
            ParamKind::Null(_) if words.is_none_or(|_| param.name == "max_features") => {
                branches.push(Branch::Value(Value::Null));
            }
            // Which way an answer may go is knowledge, not a setting to be tried.
            ParamKind::Null(_) | ParamKind::Directions => {}
            ParamKind::Integers { .. } => {
                let sizes = [json!([32]), json!([128]), json!([64, 64]), json!([128, 64])];
                branches.extend(sizes.map(Branch::Value));
            }
            ParamKind::Integer { min, max } => {
                if is_meant(param, &default, true) {
                    branches.extend(integers(param, &default, min as f64, max as f64));
                }
            }
            ParamKind::Number { min, max, above } => {
                if is_meant(param, &default, false) {
                    branches.extend(numbers(param, &default, min, max, above));
                }
            }
        }
    }
    Dimension {
        name: param.name.to_owned(),
        branches,
    }
}

/// Of a count and a share, the one the default is; a share when it is neither, since it suits any table.
fn is_meant(param: &ParamSpec, default: &Value, integer: bool) -> bool {
    let has = |integer: bool| {
        param.kinds.iter().any(|kind| match kind {
            ParamKind::Integer { .. } => integer,
            ParamKind::Number { .. } => !integer,
            _ => false,
        })
    };
    if !has(!integer) {
        return true;
    }
    if default.is_number() {
        default.is_f64() != integer
    } else {
        !integer
    }
}

fn listed(param: &ParamSpec) -> Option<(f64, f64, bool)> {
    RANGES
        .iter()
        .find(|(name, ..)| *name == param.name)
        .map(|&(_, low, high, log)| (low, high, log))
}

fn integers(param: &ParamSpec, default: &Value, min: f64, max: f64) -> Option<Branch> {
    let limit = LIMITS.iter().find(|(name, ..)| *name == param.name);
    let (low, high, log) = match (listed(param), default.as_f64(), limit) {
        (Some(range), ..) => range,
        (None, Some(default), _) => (
            (default / INTEGER_FACTOR).floor().max(1.0),
            (default * INTEGER_FACTOR).max(INTEGER_REACH),
            param.log_scale,
        ),
        (None, None, Some(&(_, low, high))) => (low, high, param.log_scale),
        (None, None, None) => return None,
    };
    range(low.max(min), high.min(max), log, true)
}

fn numbers(param: &ParamSpec, default: &Value, min: f64, max: f64, above: bool) -> Vec<Branch> {
    let default = default.as_f64();
    let (low, high, log) = match (listed(param), default) {
        (Some(range), _) => range,
        (None, Some(default)) if param.log_scale && default > 0.0 => {
            (default / NUMBER_FACTOR, default * NUMBER_FACTOR, true)
        }
        _ if max <= 1.0 => (LEAST_SHARE, max, false),
        (None, Some(default)) if default > 0.0 => {
            (default / NUMBER_FACTOR, default * NUMBER_FACTOR, false)
        }
        _ => return Vec::new(),
    };
    // A logarithmic range never reaches the zero that switches something off.
    let off = (log && default == Some(0.0)).then(|| Branch::Value(Value::from(0.0)));
    let low = if above && low <= min {
        min + (high - min) * LEAST_SHARE
    } else {
        low.max(min)
    };
    off.into_iter()
        .chain(range(low, high.min(max), log, false))
        .collect()
}

fn range(low: f64, high: f64, log: bool, integer: bool) -> Option<Branch> {
    (low < high).then_some(Branch::Range(Range {
        low,
        high,
        log,
        integer,
        steps: GRID_STEPS,
    }))
}
