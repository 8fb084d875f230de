//! The parameters that trees and forests share, and what they mean for a table.

use super::growing::Growth;
use crate::algorithm::{ParamKind, ParamSpec, Params, Task};
use crate::{FitError, Target};
use serde_json::Value;

pub(crate) const BOTH: &[Task] = &[Task::Classification, Task::Regression];
const CLASSES: &[Task] = &[Task::Classification];
const SOURCE: &str = "scikit-learn, trees and forests";

const NO_LIMIT: ParamKind = ParamKind::Null("no limit");
const SHARE: ParamKind = ParamKind::Number {
    min: 0.0,
    max: 0.999_999,
    above: true,
};

const fn spec(
    name: &'static str,
    kinds: &'static [ParamKind],
    default: &'static str,
    log_scale: bool,
    tasks: &'static [Task],
    doc: &'static str,
) -> ParamSpec {
    ParamSpec {
        name,
        kinds,
        default,
        log_scale,
        doc,
        tasks,
        source: SOURCE,
    }
}

pub(crate) const CRITERION: ParamSpec = spec(
    "criterion",
    &[
        ParamKind::Choice(&["gini", "entropy", "log_loss", "squared_error"]),
        ParamKind::Null("gini for classes, squared_error for numbers"),
    ],
    "null",
    false,
    BOTH,
    "How the impurity of a group of rows is measured.",
);
pub(crate) const MAX_DEPTH: ParamSpec = spec(
    "max_depth",
    &[ParamKind::Integer { min: 1, max: 1000 }, NO_LIMIT],
    "null",
    true,
    BOTH,
    "Most questions asked one after the other; fewer make a simpler tree.",
);
pub(crate) const MAX_LEAF_NODES: ParamSpec = spec(
    "max_leaf_nodes",
    &[
        ParamKind::Integer {
            min: 2,
            max: 10_000_000,
        },
        NO_LIMIT,
    ],
    "null",
    true,
    BOTH,
    "Most groups a tree may end in; the most useful divisions come first.",
);
pub(crate) const MIN_SAMPLES_SPLIT: ParamSpec = spec(
    "min_samples_split",
    &[
        ParamKind::Integer {
            min: 2,
            max: 1_000_000_000,
        },
        SHARE,
    ],
    "2",
    true,
    BOTH,
    "Fewest rows (or share of rows) that are divided further.",
);
pub(crate) const MIN_SAMPLES_LEAF: ParamSpec = spec(
    "min_samples_leaf",
    &[
        ParamKind::Integer {
            min: 1,
            max: 1_000_000_000,
        },
        SHARE,
    ],
    "1",
    true,
    BOTH,
    "Fewest rows (or share of rows) on each side of a division; more make smoother answers.",
);
pub(crate) const MAX_FEATURES: ParamSpec = spec(
    "max_features",
    &[
        ParamKind::Integer {
            min: 1,
            max: 1_000_000,
        },
        ParamKind::Number {
            min: 0.0,
            max: 1.0,
            above: true,
        },
        ParamKind::Choice(&["sqrt", "log2"]),
        ParamKind::Null("all columns"),
    ],
    "null",
    false,
    BOTH,
    "Columns tried at each division: a number, a share, sqrt or log2 of them.",
);
pub(crate) const MIN_IMPURITY_DECREASE: ParamSpec = spec(
    "min_impurity_decrease",
    &[ParamKind::Number {
        min: 0.0,
        max: 1e300,
        above: false,
    }],
    "0.0",
    false,
    BOTH,
    "Least a division must improve the impurity, weighted by its share of rows.",
);
pub(crate) const CCP_ALPHA: ParamSpec = spec(
    "ccp_alpha",
    &[ParamKind::Number {
        min: 0.0,
        max: 1e300,
        above: false,
    }],
    "0.0",
    false,
    BOTH,
    "Price of each group when the grown tree is pruned; 0 keeps all.",
);
pub(crate) const CLASS_WEIGHT: ParamSpec = spec(
    "class_weight",
    &[
        ParamKind::Choice(&["balanced"]),
        ParamKind::Null("every row counts the same"),
    ],
    "null",
    false,
    CLASSES,
    "balanced makes rare classes count as much as common ones.",
);

/// How impure a mixture of classes is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Impurity {
    /// 1 − Σ p².
    Gini,
    /// −Σ p ln p.
    Entropy,
}

/// The limits for a table of this size.
pub(crate) fn growth(params: &Params, rows: usize, features: usize, parallel: bool) -> Growth {
    let rows_or_share = |name: &str, least: usize| match params.values().get(name) {
        Some(Value::Number(number)) if number.is_f64() => {
            ((number.as_f64().unwrap_or(0.0) * rows as f64).ceil() as usize).max(least)
        }
        _ => params.integer(name).unwrap_or(least).max(least),
    };
    Growth {
        max_depth: params.integer("max_depth").unwrap_or(usize::MAX),
        max_leaf_nodes: params.integer("max_leaf_nodes"),
        min_samples_split: rows_or_share("min_samples_split", 2),
        min_samples_leaf: rows_or_share("min_samples_leaf", 1),
        max_features: max_features(params.values().get("max_features"), features),
        min_impurity_decrease: params.number("min_impurity_decrease").unwrap_or(0.0),
        ccp_alpha: params.number("ccp_alpha").unwrap_or(0.0),
        parallel,
    }
}

/// How many columns are tried at each division.
pub(crate) fn max_features(value: Option<&Value>, features: usize) -> usize {
    let count = match value {
        Some(Value::String(word)) if word == "sqrt" => (features as f64).sqrt() as usize,
        Some(Value::String(word)) if word == "log2" => (features as f64).log2() as usize,
        Some(Value::Number(number)) if number.is_f64() => {
            (number.as_f64().unwrap_or(1.0) * features as f64) as usize
        }
        Some(Value::Number(number)) => number.as_u64().unwrap_or(u64::MAX) as usize,
        _ => features,
    };
    count.clamp(1, features.max(1))
}

/// The impurity of a classification, or an error when the criterion is for the other task.
pub(crate) fn impurity(params: &Params, target: &Target) -> Result<Impurity, FitError> {
    let wrong = |detail: &str| {
        Err(FitError::Parameter {
            name: "criterion".to_owned(),
            detail: detail.to_owned(),
        })
    };
    match (params.choice("criterion"), target) {
        (None, _)
        | (Some("gini"), Target::Classes { .. })
        | (Some("squared_error"), Target::Values(_)) => Ok(Impurity::Gini),
        (Some("entropy" | "log_loss"), Target::Classes { .. }) => Ok(Impurity::Entropy),
        (Some(_), Target::Classes { .. }) => {
            wrong("squared_error is for numbers; use gini, entropy or log_loss")
        }
        (Some(_), Target::Values(_)) => wrong("this criterion is for classes; use squared_error"),
    }
}
