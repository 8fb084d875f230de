//! Answers against those that scikit-learn gave for the same rows and settings, and forests against the spread of its
//! scores over many seeds. `fixtures/oracle.py` says how the answers were recorded.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use trainyard_estimators::algorithm::algorithm;
use trainyard_estimators::metrics::score;
use trainyard_estimators::{
    Feature, FeatureValues, Features, FitContext, Fitted, Params, Prediction, Target, Task,
    TrainingData,
};

#[derive(Deserialize)]
struct Record {
    tables: BTreeMap<String, RecordedTable>,
    fits: Vec<RecordedFit>,
    forests: Vec<RecordedForest>,
}

/// Columns, a target, and weights that only some fits use.
#[derive(Deserialize)]
struct RecordedTable {
    /// Null is missing.
    numeric: Vec<Vec<Option<f64>>>,
    /// One more column when not empty.
    codes: Vec<u32>,
    levels: u32,
    /// 0: the target is a number.
    classes: usize,
    target: Vec<f64>,
    weights: Vec<f64>,
}

/// What a fit answered for the rows it learned from.
#[derive(Deserialize)]
struct RecordedFit {
    algorithm: String,
    name: String,
    table: String,
    weighted: bool,
    params: Map<String, Value>,
    within: f64,
    expected: Vec<f64>,
}

/// How forests of many seeds scored.
#[derive(Deserialize)]
struct RecordedForest {
    name: String,
    train: String,
    test: String,
    params: Map<String, Value>,
    scores: BTreeMap<String, Spread>,
}

#[derive(Deserialize)]
struct Spread {
    mean: f64,
    sd: f64,
}

fn record() -> Record {
    serde_json::from_str(include_str!("fixtures/oracle.json")).unwrap()
}

impl RecordedTable {
    fn features(&self) -> Features {
        let numeric = self.numeric.iter().map(|column| {
            let values = column.iter().map(|value| value.unwrap_or(f64::NAN));
            FeatureValues::Numeric(values.collect())
        });
        let categories = (!self.codes.is_empty()).then(|| FeatureValues::Categorical {
            codes: self.codes.clone(),
            levels: self.levels,
        });
        let columns = numeric
            .chain(categories)
            .enumerate()
            .map(|(index, values)| Feature {
                name: format!("column {index}"),
                values,
            });
        Features::new(self.target.len(), columns.collect()).unwrap()
    }

    fn target(&self) -> Target {
        if self.classes == 0 {
            return Target::Values(self.target.clone());
        }
        Target::Classes {
            indices: self.target.iter().map(|&class| class as u32).collect(),
            classes: self.classes,
        }
    }

    fn learn(
        &self,
        name: &str,
        params: &Map<String, Value>,
        weighted: bool,
        seed: u64,
    ) -> Box<dyn Fitted> {
        let algorithm = algorithm(name).unwrap();
        let task = if self.classes == 0 {
            Task::Regression
        } else {
            Task::Classification
        };
        let params = Params::check(algorithm.spec().params, task, params).unwrap();
        let (features, target) = (self.features(), self.target());
        let data = TrainingData {
            features: &features,
            target: &target,
            weights: weighted.then_some(self.weights.as_slice()),
        };
        algorithm
            .fit(&params, data, &FitContext::silent(seed))
            .unwrap()
    }
}

fn numbers(prediction: &Prediction) -> &[f64] {
    match prediction {
        Prediction::Classes { probabilities, .. } => probabilities,
        Prediction::Values(values) => values,
    }
}

/// Compares every recorded fit of an algorithm; fails with all that differ.
fn compare(algorithm: &str, at_least: usize) {
    let record = record();
    let mut findings = Vec::new();
    let mut compared = 0;
    for fit in record.fits.iter().filter(|fit| fit.algorithm == algorithm) {
        let table = &record.tables[&fit.table];
        let fitted = table.learn(algorithm, &fit.params, fit.weighted, 1);
        let prediction = fitted.predict(&table.features());
        let found = numbers(&prediction);
        assert_eq!(found.len(), fit.expected.len(), "{}", fit.name);
        let (row, furthest) = found
            .iter()
            .zip(&fit.expected)
            .map(|(found, expected)| (found - expected).abs() / expected.abs().max(1.0))
            .enumerate()
            .max_by(|left, right| left.1.total_cmp(&right.1))
            .unwrap();
        if furthest.is_nan() || furthest > fit.within {
            let weighted = if fit.weighted { ", weighted" } else { "" };
            findings.push(format!(
                "{} on {}{weighted}: answer {row} is {} instead of {} (differs by {furthest:.1e}, {:.0e} allowed)",
                fit.name, fit.table, found[row], fit.expected[row], fit.within
            ));
        }
        compared += 1;
    }
    assert!(
        compared >= at_least,
        "only {compared} fits of {algorithm} are recorded"
    );
    assert!(
        findings.is_empty(),
        "{} of {compared} differ:\n{}",
        findings.len(),
        findings.join("\n")
    );
}

#[test]
fn linear_regression_answers_as_scikit_learn() {
    compare("linear_regression", 13);
}

#[test]
fn logistic_regression_answers_as_scikit_learn() {
    compare("logistic_regression", 26);
}

#[test]
fn decision_trees_answer_as_scikit_learn() {
    compare("decision_tree", 29);
}

#[test]
fn the_baseline_answers_as_scikit_learn() {
    compare("dummy", 6);
}

/// Three seeds, each within four standard deviations of scikit-learn's mean over twenty.
#[test]
fn forests_score_as_scikit_learn() {
    let record = record();
    let mut findings = Vec::new();
    for forest in &record.forests {
        let (train, test) = (&record.tables[&forest.train], &record.tables[&forest.test]);
        let mut params = forest.params.clone();
        params.insert("oob_score".to_owned(), Value::from(true));
        for seed in [1, 2, 3] {
            let fitted = train.learn("random_forest", &params, false, seed);
            let prediction = fitted.predict(&test.features());
            for (metric, spread) in &forest.scores {
                let found = match metric.as_str() {
                    "oob" => fitted.save().meta::<Option<f64>>("oob_score").unwrap(),
                    _ => score(metric, &test.target(), &prediction),
                };
                let found = found.unwrap_or(f64::NAN);
                // A score may be the same for every seed by chance; one row more or less is no difference.
                let allowed = 4.0 * spread.sd.max(0.5 / test.target.len() as f64);
                if found.is_nan() || (found - spread.mean).abs() > allowed {
                    findings.push(format!(
                        "{} on {}, seed {seed}: {metric} is {found:.4}, not {:.4} ± {allowed:.4}",
                        forest.name, forest.train, spread.mean
                    ));
                }
            }
        }
    }
    assert!(record.forests.len() >= 14, "forests are recorded");
    assert!(
        findings.is_empty(),
        "{} scores are off:\n{}",
        findings.len(),
        findings.join("\n")
    );
}
