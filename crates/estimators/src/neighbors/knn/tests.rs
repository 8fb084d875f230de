//! From columns to answers; the search and the votes have tests of their own.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;
use crate::{Feature, FeatureValues};
use serde_json::{Map, json};

fn features(numbers: &[f64], codes: &[u32]) -> Features {
    let columns = vec![
        Feature {
            name: "number".to_owned(),
            values: FeatureValues::Numeric(numbers.to_vec()),
        },
        Feature {
            name: "category".to_owned(),
            values: FeatureValues::Categorical {
                codes: codes.to_vec(),
                levels: 3,
            },
        },
    ];
    Features::new(numbers.len(), columns).unwrap()
}

fn fit(
    given: &serde_json::Value,
    features: &Features,
    target: &Target,
    weights: Option<&[f64]>,
    context: &FitContext<'_>,
) -> Result<Box<dyn Fitted>, FitError> {
    let given: Map<_, _> = given.as_object().unwrap().clone();
    let task = match target {
        Target::Classes { .. } => Task::Classification,
        Target::Values(_) => Task::Regression,
    };
    let params = Params::check(SPEC.params, task, &given).unwrap();
    let data = TrainingData {
        features,
        target,
        weights,
    };
    NearestNeighbors.fit(&params, data, context)
}

fn values(fitted: &dyn Fitted, features: &Features) -> Vec<f64> {
    match fitted.predict(features) {
        Prediction::Values(values) => values,
        Prediction::Classes { probabilities, .. } => probabilities,
    }
}

#[test]
fn a_row_that_weighs_nothing_is_nobodys_neighbour() {
    let learned = features(&[0.0, 1.0, 2.0, 10.0], &[0; 4]);
    let target = Target::Values(vec![1.0, 2.0, 4.0, 8.0]);
    let asked = features(&[0.1, 9.0], &[0, 0]);
    let silent = FitContext::silent(1);
    let with = |weights| {
        let given = json!({"n_neighbors": 2});
        values(
            fit(&given, &learned, &target, weights, &silent)
                .unwrap()
                .as_ref(),
            &asked,
        )
    };
    assert_eq!(with(None), [1.5, 6.0]);
    assert_eq!(with(Some(&[1.0, 0.0, 3.0, 1.0])), [3.25, 5.0]);
    let none = fit(&json!({}), &learned, &target, Some(&[0.0; 4]), &silent);
    assert!(matches!(none, Err(FitError::Data(_))));
}

#[test]
fn categories_unknown_and_missing_equal_none() {
    let learned = features(&[0.0, 0.0, 0.0], &[0, 1, u32::MAX]);
    let target = Target::Values(vec![1.0, 2.0, 4.0]);
    let fitted = fit(
        &json!({"n_neighbors": 1}),
        &learned,
        &target,
        None,
        &FitContext::silent(1),
    )
    .unwrap();
    // The row without a category is 1 away from a known one, and nearest to what has none either.
    let asked = features(&[0.0, 0.0, 0.0, 0.0], &[1, 2, u32::MAX, 77]);
    assert_eq!(values(fitted.as_ref(), &asked), [2.0, 4.0, 4.0, 4.0]);
}

#[test]
fn large_numbers_keep_their_last_digits() {
    let base = 1.7e12;
    let numbers: Vec<f64> = (0..50).map(|row| base + f64::from(row)).collect();
    let learned = features(&numbers, &[0; 50]);
    let target = Target::Values((0..50).map(f64::from).collect());
    for metric in ["euclidean", "manhattan"] {
        let fitted = fit(
            &json!({"n_neighbors": 1, "metric": metric}),
            &learned,
            &target,
            None,
            &FitContext::silent(1),
        )
        .unwrap();
        let asked = features(&[base + 17.2, base + 33.9], &[0, 0]);
        assert_eq!(values(fitted.as_ref(), &asked), [17.0, 34.0]);
    }
}

#[test]
fn a_budget_is_kept_before_anything_is_built() {
    let learned = features(&[0.5; 1000], &[1; 1000]);
    let target = Target::Classes {
        indices: vec![0; 1000],
        classes: 2,
    };
    for metric in ["euclidean", "manhattan", "cosine"] {
        let mut context = FitContext::silent(1);
        context.memory_budget = 1000;
        let refused = fit(
            &json!({"metric": metric}),
            &learned,
            &target,
            None,
            &context,
        );
        let Err(FitError::Memory { needed, .. }) = refused else {
            panic!("{metric}: fits into 1000 bytes");
        };
        context.memory_budget = needed;
        assert!(
            fit(
                &json!({"metric": metric}),
                &learned,
                &target,
                None,
                &context
            )
            .is_ok()
        );
    }
}

#[test]
fn a_saved_model_answers_the_same() {
    let numbers: Vec<f64> = (0..200)
        .map(|row| f64::from(row * 37 % 101) / 8.0)
        .collect();
    let codes: Vec<u32> = (0..200).map(|row| row * 7 % 4).collect();
    let learned = features(&numbers, &codes);
    let target = Target::Classes {
        indices: (0..200).map(|row| row % 3).collect(),
        classes: 3,
    };
    let weights: Vec<f64> = (0..200).map(|row| f64::from(row % 5)).collect();
    for metric in ["euclidean", "manhattan", "cosine"] {
        let given = json!({"metric": metric, "weights": "distance", "n_neighbors": 7});
        let silent = FitContext::silent(1);
        let fitted = fit(&given, &learned, &target, Some(&weights), &silent).unwrap();
        let saved = fitted.save();
        let loaded = NearestNeighbors.load(&saved).unwrap();
        assert_eq!(
            values(loaded.as_ref(), &learned),
            values(fitted.as_ref(), &learned)
        );
        assert_eq!(format!("{:?}", loaded.save()), format!("{saved:?}"));
    }
}
