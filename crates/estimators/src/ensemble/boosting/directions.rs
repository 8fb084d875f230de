//! Monotone constraints: columns whose answers may only rise, or only fall, with their values.

use super::loss::Loss;
use crate::{FeatureValues, Features, FitError, Params};

/// The direction of each column: 1 rises, −1 falls, 0 is free.
pub(crate) fn directions_of(
    params: &Params,
    features: &Features,
    loss: Loss,
) -> Result<Vec<i8>, FitError> {
    let wrong = |detail: String| FitError::Parameter {
        name: "monotonic_cst".to_owned(),
        detail,
    };
    let mut directions = vec![0; features.columns().len()];
    for (name, direction) in params.directions("monotonic_cst") {
        let mut columns = features.columns().iter().zip(&mut directions);
        let Some((column, own)) = columns.find(|(column, _)| column.name == name) else {
            return Err(wrong(format!("there is no column '{name}' to learn from")));
        };
        if let FeatureValues::Categorical { .. } = column.values {
            return Err(wrong(format!(
                "'{name}' holds categories, which have no direction; leave it out"
            )));
        }
        *own = direction;
    }
    if matches!(loss, Loss::Softmax(_)) && directions.iter().any(|&own| own != 0) {
        return Err(wrong(
            "three or more classes have no common direction; leave it out".to_owned(),
        ));
    }
    Ok(directions)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a broken test should fail")]

    use crate::algorithm::{Algorithm, Task};
    use crate::ensemble::gradient_boosting::GradientBoosting;
    use crate::kernels::random::Random;
    use crate::{
        Feature, FeatureValues, Features, FitContext, FitError, Params, Prediction, Target,
        TrainingData,
    };
    use serde_json::{Value, json};

    /// Columns `x` (in −2..2, one in twenty missing), `noise` and `kind` (a category).
    fn features(rows: usize, seed: u64) -> Features {
        let mut random = Random::new(seed, 0);
        let x = (0..rows).map(|row| {
            let value = random.share() * 4.0 - 2.0;
            if row % 20 == 3 { f64::NAN } else { value }
        });
        let x: Vec<f64> = x.collect();
        let noise = (0..rows).map(|_| random.share()).collect();
        let codes = (0..rows).map(|_| random.below(3) as u32).collect();
        let numeric = |name: &str, values| Feature {
            name: name.to_owned(),
            values: FeatureValues::Numeric(values),
        };
        let kind = Feature {
            name: "kind".to_owned(),
            values: FeatureValues::Categorical { codes, levels: 3 },
        };
        Features::new(rows, vec![numeric("x", x), numeric("noise", noise), kind]).unwrap()
    }

    fn values(features: &Features) -> Vec<f64> {
        let [x, noise, kind] = features.columns() else {
            return Vec::new();
        };
        let (FeatureValues::Numeric(x), FeatureValues::Numeric(noise)) = (&x.values, &noise.values)
        else {
            return Vec::new();
        };
        let FeatureValues::Categorical { codes, .. } = &kind.values else {
            return Vec::new();
        };
        // A wave on a slope: not monotone by itself.
        let law = |x: f64| {
            if x.is_nan() {
                0.5
            } else {
                x + 1.5 * (4.0 * x).sin()
            }
        };
        let rows = x.iter().zip(noise).zip(codes);
        rows.map(|((&x, &noise), &code)| law(x) + noise + f64::from(code))
            .collect()
    }

    fn fit(
        params: Value,
        target: &Target,
        features: &Features,
    ) -> Result<Box<dyn crate::Fitted>, FitError> {
        let task = match target {
            Target::Classes { .. } => Task::Classification,
            Target::Values(_) => Task::Regression,
        };
        let given = params.as_object().unwrap();
        let params = Params::check(GradientBoosting.spec().params, task, given).unwrap();
        let data = TrainingData {
            features,
            target,
            weights: None,
        };
        GradientBoosting.fit(&params, data, &FitContext::silent(1))
    }

    /// The largest step against the direction along `x`, for every noise and kind of some rows.
    fn against(fitted: &dyn crate::Fitted, direction: f64) -> f64 {
        let mut worst: f64 = 0.0;
        for kind in 0..3 {
            let steps = 400;
            let x = (0..steps)
                .map(|step| f64::from(step) / 80.0 - 2.5)
                .collect();
            let columns = vec![
                Feature {
                    name: "x".to_owned(),
                    values: FeatureValues::Numeric(x),
                },
                Feature {
                    name: "noise".to_owned(),
                    values: FeatureValues::Numeric(vec![0.2 + f64::from(kind) / 4.0; 400]),
                },
                Feature {
                    name: "kind".to_owned(),
                    values: FeatureValues::Categorical {
                        codes: vec![kind; 400],
                        levels: 3,
                    },
                },
            ];
            let asked = Features::new(400, columns).unwrap();
            let answers: Vec<f64> = match fitted.predict(&asked) {
                Prediction::Values(values) => values,
                Prediction::Classes { probabilities, .. } => {
                    probabilities.chunks(2).map(|row| row[1]).collect()
                }
            };
            let steps = answers.windows(2);
            worst = steps.fold(worst, |worst, pair| {
                worst.max((pair[0] - pair[1]) * direction)
            });
        }
        worst
    }

    #[test]
    fn answers_follow_the_direction_whatever_the_loss() {
        let features = features(3000, 1);
        let numbers = values(&features);
        let values = Target::Values(numbers.iter().map(|value| value + 3.0).collect());
        let classes = Target::Classes {
            indices: numbers
                .iter()
                .map(|&value| u32::from(value > 1.5))
                .collect(),
            classes: 2,
        };
        let small = |more: Value| {
            let mut params = json!({"n_estimators": 40, "min_samples_leaf": 5});
            params
                .as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            params
        };
        let free = fit(small(json!({})), &values, &features).unwrap();
        assert!(
            against(&*free, 1.0) > 0.5,
            "the law itself goes up and down"
        );
        for (direction, name) in [(1.0, "x: 1"), (-1.0, "x: -1")] {
            for loss in [
                "squared_error",
                "absolute_error",
                "huber",
                "quantile",
                "poisson",
            ] {
                let params = small(json!({"monotonic_cst": name, "loss": loss}));
                let numbers = match loss {
                    "poisson" => Target::Values(match &values {
                        Target::Values(own) => own.iter().map(|value| value.max(0.0)).collect(),
                        Target::Classes { .. } => Vec::new(),
                    }),
                    _ => values.clone(),
                };
                let fitted = fit(params, &numbers, &features).unwrap();
                let worst = against(&*fitted, direction);
                assert!(worst <= 1e-9, "{loss} {name}: {worst}");
            }
            let params = small(json!({"monotonic_cst": {"x": direction}}));
            let fitted = fit(params, &classes, &features).unwrap();
            let worst = against(&*fitted, direction);
            assert!(worst <= 1e-12, "classes {name}: {worst}");
        }
        // Held to the direction the data has, it still learns.
        let fitted = fit(
            small(json!({"monotonic_cst": {"x": 1}})),
            &values,
            &features,
        )
        .unwrap();
        let r2 = crate::metrics::score("r2", &values, &fitted.predict(&features)).unwrap();
        assert!(r2 > 0.5, "{r2}");
    }

    #[test]
    fn columns_without_a_direction_are_refused_by_name() {
        let features = features(200, 2);
        let target = Target::Values(values(&features));
        let three = Target::Classes {
            indices: (0..200).map(|row| row % 3).collect(),
            classes: 3,
        };
        for (given, target, said) in [
            (json!({"kind": 1}), &target, "categories"),
            (json!({"price": 1}), &target, "no column 'price'"),
            (json!({"x": 1}), &three, "three or more classes"),
        ] {
            let refused = fit(json!({ "monotonic_cst": given }), target, &features);
            let text = refused.err().unwrap().to_string();
            assert!(
                text.starts_with("monotonic_cst") && text.contains(said),
                "{text}"
            );
        }
    }
}
