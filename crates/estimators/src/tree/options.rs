//! The parameters that trees and forests share, and what they mean for a table.

use super::growing::Growth;
use crate::algorithm::{ParamKind, ParamSpec, Params};
use crate::{FitError, Target};
use serde_json::Value;

const PARAM: ParamSpec = ParamSpec {
    source: "scikit-learn, trees and forests",
    ..ParamSpec::PLAIN
};

const NO_LIMIT: ParamKind = ParamKind::Null("no limit");
const SHARE: ParamKind = ParamKind::above(0.0, 0.999_999);

pub(crate) const CRITERION: ParamSpec = ParamSpec {
    name: "criterion",
    kinds: &[
        ParamKind::Choice(&["gini", "entropy", "log_loss", "squared_error"]),
        ParamKind::Null("gini for classes, squared_error for numbers"),
    ],
    doc: "How the impurity of a group of rows is measured.",
    ..PARAM
};
pub(crate) const MAX_DEPTH: ParamSpec = ParamSpec {
    name: "max_depth",
    kinds: &[ParamKind::integer(1, 1000), NO_LIMIT],
    log_scale: true,
    doc: "Most questions asked one after the other; fewer make a simpler tree.",
    ..PARAM
};
pub(crate) const MAX_LEAF_NODES: ParamSpec = ParamSpec {
    name: "max_leaf_nodes",
    kinds: &[ParamKind::integer(2, 10_000_000), NO_LIMIT],
    log_scale: true,
    doc: "Most groups a tree may end in; the most useful divisions come first.",
    ..PARAM
};
pub(crate) const MIN_SAMPLES_SPLIT: ParamSpec = ParamSpec {
    name: "min_samples_split",
    kinds: &[ParamKind::integer(2, 1_000_000_000), SHARE],
    default: "2",
    log_scale: true,
    doc: "Fewest rows (or share of rows) that are divided further.",
    ..PARAM
};
pub(crate) const MIN_SAMPLES_LEAF: ParamSpec = ParamSpec {
    name: "min_samples_leaf",
    kinds: &[ParamKind::integer(1, 1_000_000_000), SHARE],
    default: "1",
    log_scale: true,
    doc: "Fewest rows (or share of rows) on each side of a division; more make smoother answers.",
    ..PARAM
};
pub(crate) const MAX_FEATURES: ParamSpec = ParamSpec {
    name: "max_features",
    kinds: &[
        ParamKind::integer(1, 1_000_000),
        ParamKind::above(0.0, 1.0),
        ParamKind::Choice(&["sqrt", "log2"]),
        ParamKind::Null("all columns"),
    ],
    doc: "Columns tried at each division: a number, a share, or sqrt or log2 of them, rounded.",
    ..PARAM
};
pub(crate) const MIN_IMPURITY_DECREASE: ParamSpec = ParamSpec {
    name: "min_impurity_decrease",
    kinds: &[ParamKind::number(0.0, 1e300)],
    default: "0.0",
    doc: "Least a division must improve the impurity, weighted by its share of rows.",
    ..PARAM
};
pub(crate) const CCP_ALPHA: ParamSpec = ParamSpec {
    name: "ccp_alpha",
    kinds: &[ParamKind::number(0.0, 1e300)],
    default: "0.0",
    doc: "Price of each group when the grown tree is pruned; 0 keeps all.",
    ..PARAM
};

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
        Some(Value::String(word)) if word == "sqrt" => (features as f64).sqrt().round() as usize,
        Some(Value::String(word)) if word == "log2" => (features as f64).log2().round() as usize,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_few_columns_is_not_one_column() {
        let tried = |word: &str, features| max_features(Some(&Value::from(word)), features);
        assert_eq!(
            [3, 7, 30, 50].map(|columns| tried("sqrt", columns)),
            [2, 3, 5, 7]
        );
        assert_eq!([1, 3, 30].map(|columns| tried("log2", columns)), [1, 2, 5]);
        assert_eq!(max_features(Some(&Value::from(0.1)), 5), 1);
        assert_eq!(max_features(Some(&Value::from(99)), 5), 5);
        assert_eq!(max_features(None, 5), 5);
    }
}
