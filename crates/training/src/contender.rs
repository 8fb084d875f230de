//! Who takes part in a training: one line of the leaderboard each.

use crate::progress::{ContenderProgress, ContenderStatus};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use trainyard_estimators::algorithm::algorithm;
use trainyard_estimators::blend;

/// The baseline's algorithm name.
pub const BASELINE: &str = "dummy";

/// One line of the contenders table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contender {
    /// Algorithm name.
    pub algorithm: String,
    /// Name for people.
    pub title: String,
    /// The settings that differ from the defaults.
    pub params: Map<String, Value>,
    /// The metric of `value`.
    pub metric: String,
    /// The score on held-back rows.
    pub value: Option<f64>,
    /// Lower end of its interval.
    pub low: Option<f64>,
    /// Upper end of its interval.
    pub high: Option<f64>,
    /// Seconds spent fitting.
    pub fit_seconds: f64,
    /// Whether it was picked.
    pub chosen: bool,
    /// Whether it is the baseline, which looks at no column.
    pub baseline: bool,
    /// Why it has no score.
    pub error: Option<String>,
    /// Most rows it learned from before it was judged; absent where nobody was left out early.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<usize>,
    /// The round of an automatic choice it came to, from 1; later rounds learn from more rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rung: Option<u32>,
    /// Its share in the ensemble, where that was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// Whether its settings were found by a search.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tuned: bool,
}

impl Contender {
    /// A contender that has not run yet.
    pub(crate) fn waiting(name: &str, params: Map<String, Value>, metric: &str) -> Self {
        Self {
            algorithm: name.to_owned(),
            title: title(name).to_owned(),
            params,
            metric: metric.to_owned(),
            value: None,
            low: None,
            high: None,
            fit_seconds: 0.0,
            chosen: false,
            baseline: name == BASELINE,
            error: None,
            rows: None,
            rung: None,
            weight: None,
            tuned: false,
        }
    }

    /// The same as a line of the live table.
    pub(crate) fn progress(&self, status: ContenderStatus) -> ContenderProgress {
        ContenderProgress {
            algorithm: self.algorithm.clone(),
            title: self.title.clone(),
            status,
            metric: self.metric.clone(),
            value: self.value,
            low: self.low,
            high: self.high,
            seconds: (self.fit_seconds > 0.0).then_some(self.fit_seconds),
            chosen: self.chosen,
        }
    }
}

/// Name for people of an algorithm, or of an ensemble of several.
pub fn title(name: &str) -> &str {
    if name == blend::NAME {
        return blend::TITLE;
    }
    algorithm(name).map_or(name, |found| found.spec().title)
}
