//! Beside scikit-learn's answers (`tests/fixtures/svm.py`), and the optimality conditions against naive kernels.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use super::*;
use crate::{Feature, FeatureValues, Features, Prediction, Task};
use serde_json::{Map, Value};

fn reference() -> Value {
    serde_json::from_str(include_str!("../../../tests/fixtures/svm.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|value| value.as_f64().unwrap())
        .collect()
}

fn features(rows: &[Vec<f64>]) -> Features {
    let columns = (0..rows[0].len()).map(|column| Feature {
        name: format!("x{column}"),
        values: FeatureValues::Numeric(rows.iter().map(|row| row[column]).collect()),
    });
    Features::new(rows.len(), columns.collect()).unwrap()
}

#[test]
fn agrees_with_scikit_learn() {
    let reference = reference();
    let train = reference["train"].as_u64().unwrap() as usize;
    for case in reference["cases"].as_array().unwrap() {
        let data = &reference["data"][case["name"].as_str().unwrap()];
        let rows: Vec<Vec<f64>> = data["x"].as_array().unwrap().iter().map(numbers).collect();
        let y = numbers(&data["y"]);
        let classification = case["task"] == "classification";
        let (task, target) = if classification {
            let indices: Vec<u32> = y[..train].iter().map(|&value| value as u32).collect();
            let classes = *indices.iter().max().unwrap() as usize + 1;
            (Task::Classification, Target::Classes { indices, classes })
        } else {
            (Task::Regression, Target::Values(y[..train].to_vec()))
        };
        let mut given: Map<String, Value> = case["settings"].as_object().unwrap().clone();
        given.insert("tol".to_owned(), Value::from(1e-5));
        if classification {
            given.insert("probability".to_owned(), Value::from(false));
        }
        let params = Params::check(options::SPEC.params, task, &given).unwrap();
        let weights = case["weights"]
            .as_array()
            .map(|_| numbers(&case["weights"]));
        let (known, unknown) = (features(&rows[..train]), features(&rows[train..]));
        let training = TrainingData {
            features: &known,
            target: &target,
            weights: weights.as_deref(),
        };
        let fitted = learn(&params, training, &FitContext::silent(1)).unwrap();
        let name = format!("{} {}", case["name"], case["settings"]);
        let support = case["support"].as_f64().unwrap();
        assert!(
            (fitted.support.rows() as f64 - support).abs() <= (0.02 * support).max(1.0),
            "{name}: {} support vectors, not {support}",
            fitted.support.rows()
        );
        let answers = numbers(&case["answers"]);
        match fitted.predict(&unknown) {
            Prediction::Values(found) => {
                for (found, answer) in found.iter().zip(&answers) {
                    assert!(
                        (found - answer).abs() < 2e-3,
                        "{name}: {found}, not {answer}"
                    );
                }
            }
            prediction => {
                let decisions = fitted.decisions(&unknown);
                let truth: Vec<f64> = case["decisions"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .flat_map(numbers)
                    .collect();
                // For two classes scikit-learn turns the sign.
                let sign = if fitted.biases.len() == 1 { -1.0 } else { 1.0 };
                assert_eq!(decisions.len(), truth.len());
                for (found, truth) in decisions.iter().zip(&truth) {
                    assert!(
                        (found - sign * truth).abs() < 2e-3,
                        "{name}: {found}, not {truth}"
                    );
                }
                for (row, (found, answer)) in prediction
                    .labels()
                    .unwrap()
                    .iter()
                    .zip(&answers)
                    .enumerate()
                {
                    assert!(
                        tied(&truth, row, fitted.counts.len()) || f64::from(*found) == *answer,
                        "{name}, row {row}: {found}, not {answer}"
                    );
                }
            }
        }
    }
}

/// Whether two classes have most votes, or a vote hangs by a hair.
fn tied(decisions: &[f64], row: usize, groups: usize) -> bool {
    let pairs = groups * (groups - 1) / 2;
    let own = &decisions[row * pairs..(row + 1) * pairs];
    if own.iter().any(|decision| decision.abs() < 1e-3) {
        return true;
    }
    let mut votes = vec![0; groups];
    for first in 0..groups {
        for second in first + 1..groups {
            votes[if own[pair(first, second, groups)] > 0.0 {
                first
            } else {
                second
            }] += 1;
        }
    }
    let most = votes.iter().max();
    groups > 2 && votes.iter().filter(|vote| Some(*vote) == most).count() > 1
}
