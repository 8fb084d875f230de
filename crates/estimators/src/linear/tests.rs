//! The linear models through their front door: what they return is checked against the conditions that only the minimum
//! fulfils, computed here row by row in `f64`.

use super::fitted::{sigmoid, softmax};
use crate::algorithm::algorithm;
use crate::kernels::random::Random;
use crate::{
    Feature, FeatureValues, Features, FitContext, FitError, Fitted, Params, Prediction, Target,
    Task, TrainingData,
};
use serde_json::{Value, json};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn normal(random: &mut Random) -> f64 {
    (0..12)
        .map(|_| random.below(1 << 20) as f64 / (1 << 20) as f64)
        .sum::<f64>()
        - 6.0
}

fn numeric(name: &str, values: Vec<f64>) -> Feature {
    Feature {
        name: name.to_owned(),
        values: FeatureValues::Numeric(values),
    }
}

/// Three numbers and a category of four levels (and none), standing between them.
fn mixed(rows: usize, seed: u64) -> Result<Features, String> {
    let mut random = Random::new(seed, 1);
    let mut column = |name: &str| numeric(name, (0..rows).map(|_| normal(&mut random)).collect());
    let (first, second, third) = (column("a"), column("b"), column("c"));
    let codes = (0..rows)
        .map(|row| match random.below(9) {
            8 => crate::features::MISSING_CODE,
            code => (code % 4).min(row) as u32,
        })
        .collect();
    let category = Feature {
        name: "k".to_owned(),
        values: FeatureValues::Categorical { codes, levels: 4 },
    };
    Features::new(rows, vec![first, category, second, third])
}

/// One row written out, with the 1 of the intercept.
fn row(features: &Features, row: usize) -> Vec<f64> {
    let mut own = Vec::new();
    for column in features.columns() {
        match &column.values {
            FeatureValues::Numeric(values) => own.push(values[row]),
            FeatureValues::Categorical { codes, levels } => {
                own.extend((0..*levels).map(|level| f64::from(u8::from(codes[row] == level))))
            }
        }
    }
    own.push(1.0);
    own
}

fn fit(
    name: &str,
    params: Value,
    features: &Features,
    target: &Target,
    weights: Option<&[f64]>,
) -> Result<Box<dyn Fitted>, Box<dyn std::error::Error>> {
    let algorithm = algorithm(name).ok_or("no such algorithm")?;
    let task = match target {
        Target::Values(_) => Task::Regression,
        Target::Classes { .. } => Task::Classification,
    };
    let given = params.as_object().cloned().unwrap_or_default();
    let params = Params::check(algorithm.spec().params, task, &given)
        .map_err(|problems| format!("{problems:?}"))?;
    let data = TrainingData {
        features,
        target,
        weights,
    };
    Ok(algorithm.fit(&params, data, &FitContext::silent(1))?)
}

fn coefficients(fitted: &dyn Fitted) -> Result<Vec<f64>, Box<dyn std::error::Error>> {
    Ok(fitted.save().f64s("coefficients")?.to_vec())
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}

/// The steepest slope of ½ Σ weight · residual² + ½ alpha · |w|², relative to what its terms sum to without signs. Columns
/// are taken about their means (the intercept's slope vouches for that being the same).
fn regression_slope(
    features: &Features,
    values: &[f64],
    weights: Option<&[f64]>,
    alpha: f64,
    intercept: bool,
    found: &[f64],
) -> f64 {
    let rows = features.rows();
    let mut means = vec![0.0; found.len()];
    if intercept {
        for index in 0..rows {
            let own = row(features, index);
            means
                .iter_mut()
                .zip(own)
                .for_each(|(mean, value)| *mean += value / rows as f64);
        }
        means[found.len() - 1] = 0.0;
    }
    let (mut slopes, mut sizes) = (vec![0.0; found.len()], vec![0.0; found.len()]);
    for index in 0..rows {
        let own = row(features, index);
        let weight = weights.map_or(1.0, |weights| weights[index]);
        let residual = weight * (dot(&own, found) - values[index]);
        for ((slope, size), (value, mean)) in slopes
            .iter_mut()
            .zip(&mut sizes)
            .zip(own.iter().zip(&means))
        {
            *slope += residual * (value - mean);
            *size += (weight * (value - mean) * (values[index].abs() + 1.0)).abs();
        }
    }
    let last = found.len() - 1;
    for index in 0..last {
        slopes[index] += alpha * found[index];
    }
    let held = if intercept { last + 1 } else { last };
    slopes[..held]
        .iter()
        .zip(&sizes)
        .map(|(slope, size)| slope.abs() / size.max(1e-300))
        .fold(0.0, f64::max)
}

#[test]
fn least_squares_leave_no_slope() -> Outcome {
    for (rows, seed) in [(7, 1), (40, 2), (495, 3), (3000, 4), (40_000, 5)] {
        let features = mixed(rows, seed)?;
        let mut random = Random::new(seed, 2);
        let truth: Vec<f64> = (0..8).map(|_| normal(&mut random)).collect();
        let values: Vec<f64> = (0..rows)
            .map(|index| dot(&row(&features, index), &truth) + normal(&mut random))
            .collect();
        let weights: Vec<f64> = (0..rows).map(|_| random.below(3) as f64).collect();
        let target = Target::Values(values.clone());
        for (alpha, intercept, weights) in [
            (0.0, true, None),
            (0.0, false, None),
            (2.0, true, None),
            (0.5, false, Some(weights.as_slice())),
            (0.0, true, Some(weights.as_slice())),
        ] {
            let params = json!({"alpha": alpha, "fit_intercept": intercept});
            let fitted = fit("linear_regression", params, &features, &target, weights)?;
            let found = coefficients(&*fitted)?;
            let slope = regression_slope(&features, &values, weights, alpha, intercept, &found);
            assert!(
                slope < 1e-9,
                "{rows} rows, alpha {alpha}, intercept {intercept}: {slope}"
            );
        }
    }
    Ok(())
}

/// Columns that a look at few rows misjudges: far off, trending, nearly always 0, constant, of huge and tiny size.
#[test]
fn awkward_columns_keep_their_digits() -> Outcome {
    let rows = 30_000;
    let mut random = Random::new(7, 0);
    let mut columns: Vec<Vec<f64>> = (0..6)
        .map(|_| (0..rows).map(|_| normal(&mut random)).collect())
        .collect();
    columns[0].iter_mut().for_each(|value| *value += 1e7);
    columns[1]
        .iter_mut()
        .zip(0..)
        .for_each(|(value, row)| *value = 1e5 + f64::from(row) + 0.1 * *value);
    columns[2] = (0..rows)
        .map(|row| f64::from(u8::from(row % 997 == 500)))
        .collect();
    columns[3].fill(4.25);
    columns[4].iter_mut().for_each(|value| *value *= 1e-120);
    columns[5].iter_mut().for_each(|value| *value *= 1e120);
    columns.push(
        (0..rows)
            .map(|row| if row == 17_777 { 1e6 } else { 0.0 })
            .collect(),
    );
    let truth = [0.5, 1e-3, 3.0, 0.0, 1e120, 1e-120, 1e-5];
    let values: Vec<f64> = (0..rows)
        .map(|row| {
            columns
                .iter()
                .zip(truth)
                .map(|(column, factor)| column[row] * factor)
                .sum::<f64>()
                + normal(&mut random)
        })
        .collect();
    let named: Vec<Feature> = columns
        .iter()
        .enumerate()
        .map(|(index, column)| numeric(&format!("x{index}"), column.clone()))
        .collect();
    let features = Features::new(rows, named)?;
    let target = Target::Values(values.clone());
    let found = coefficients(&*fit(
        "linear_regression",
        json!({}),
        &features,
        &target,
        None,
    )?)?;
    for (index, (own, truth)) in found.iter().zip(truth).enumerate() {
        let spread = [1.0, 1e4, 0.03, 1.0, 1e-120, 1e120, 1e4][index];
        assert!(
            (own - truth).abs() * spread < 0.05,
            "column {index}: {own} for {truth}"
        );
    }
    assert!(regression_slope(&features, &values, None, 0.0, true, &found) < 1e-8);

    // Gaps count as the mean, as if somebody had filled them in.
    let (mut gaps, mut filled) = (columns.clone(), columns.clone());
    let known: Vec<usize> = (0..rows).filter(|row| row % 10 != 3).collect();
    let mean = known.iter().map(|&row| gaps[1][row]).sum::<f64>() / known.len() as f64;
    for row in (3..rows).step_by(10) {
        (gaps[1][row], filled[1][row]) = (f64::NAN, mean);
    }
    let of = |columns: Vec<Vec<f64>>| {
        let named = columns
            .into_iter()
            .enumerate()
            .map(|(index, column)| numeric(&format!("x{index}"), column));
        Features::new(rows, named.collect())
    };
    let gaps = coefficients(&*fit(
        "linear_regression",
        json!({}),
        &of(gaps)?,
        &target,
        None,
    )?)?;
    let filled = coefficients(&*fit(
        "linear_regression",
        json!({}),
        &of(filled)?,
        &target,
        None,
    )?)?;
    for (left, right) in gaps.iter().zip(&filled) {
        assert!(
            (left - right).abs() <= 1e-6 * (left.abs() + 1e-6),
            "{left} {right}"
        );
    }
    Ok(())
}

#[test]
fn fewer_rows_than_columns_and_wide_panels() -> Outcome {
    for (rows, width) in [(20, 60), (700, 300)] {
        let mut random = Random::new(3, width as u64);
        let columns = (0..width).map(|index| {
            numeric(
                &format!("x{index}"),
                (0..rows).map(|_| normal(&mut random)).collect(),
            )
        });
        let features = Features::new(rows, columns.collect())?;
        let values: Vec<f64> = (0..rows).map(|_| normal(&mut random)).collect();
        let target = Target::Values(values.clone());
        for alpha in [0.0, 1.0] {
            let found = coefficients(&*fit(
                "linear_regression",
                json!({"alpha": alpha}),
                &features,
                &target,
                None,
            )?)?;
            assert!(regression_slope(&features, &values, None, alpha, true, &found) < 1e-7);
        }
    }
    Ok(())
}

/// What dependent columns leave open is settled by least norm in their own units, the constant left out: levels of a
/// category add up to 0, and a column that is another doubled gets twice its coefficient.
#[test]
fn dependent_columns_share_what_they_say_by_least_norm() -> Outcome {
    let rows = 400;
    let mut random = Random::new(9, 1);
    let base: Vec<f64> = (0..rows)
        .map(|_| 40.0 + 8.0 * normal(&mut random))
        .collect();
    let mut category = |name: &str, levels: u32| {
        let codes: Vec<u32> = (0..rows)
            .map(|_| random.below(levels as usize) as u32)
            .collect();
        Feature {
            name: name.to_owned(),
            values: FeatureValues::Categorical { codes, levels },
        }
    };
    let (three, four) = (category("three", 3), category("four", 4));
    let twice = base.iter().map(|value| 2.0 * value).collect();
    let columns = vec![three, numeric("base", base), numeric("twice", twice), four];
    let features = Features::new(rows, columns)?;
    let values: Vec<f64> = (0..rows)
        .map(|index| {
            let own = row(&features, index);
            100.0 + 3.0 * own[0] - 7.0 * own[2] + 0.5 * own[3] + 11.0 * own[6]
        })
        .collect();
    let target = Target::Values(values.clone());
    let fitted = fit("linear_regression", json!({}), &features, &target, None)?;
    let found = coefficients(&*fitted)?;
    assert!(regression_slope(&features, &values, None, 0.0, true, &found) < 1e-7);
    for levels in [0..3, 5..9] {
        assert!(found[levels].iter().sum::<f64>().abs() < 1e-4, "{found:?}");
    }
    assert!((found[3] - 0.1).abs() < 1e-4, "{found:?}");
    assert!((found[4] - 0.2).abs() < 1e-4, "{found:?}");
    Ok(())
}

struct Drawn {
    features: Features,
    classes: Vec<u32>,
    weights: Vec<f64>,
}

fn drawn(rows: usize, classes: usize, seed: u64) -> Result<Drawn, String> {
    let features = mixed(rows, seed)?;
    let mut random = Random::new(seed, 3);
    let truth: Vec<Vec<f64>> = (0..classes)
        .map(|_| (0..8).map(|_| normal(&mut random)).collect())
        .collect();
    let classes = (0..rows)
        .map(|index| {
            let own = row(&features, index);
            let mut shares: Vec<f64> = truth.iter().map(|truth| dot(truth, &own)).collect();
            softmax(&mut shares);
            let mut rest = random.below(1 << 30) as f64 / (1 << 30) as f64;
            let chosen = shares.iter().position(|share| {
                rest -= share;
                rest < 0.0
            });
            chosen.unwrap_or(0) as u32
        })
        .collect();
    let weights = (0..rows).map(|_| 0.5 + random.below(3) as f64).collect();
    Ok(Drawn {
        features,
        classes,
        weights,
    })
}

/// The gradient of the mean loss with its ridge, in the columns as they are.
fn classification_slopes(
    drawn: &Drawn,
    weights: Option<&[f64]>,
    inverse: f64,
    found: &[f64],
    outputs: usize,
) -> Vec<f64> {
    let stride = found.len() / outputs;
    let total = weights.map_or(drawn.classes.len() as f64, |weights| weights.iter().sum());
    let mut slopes = vec![0.0; found.len()];
    for (index, &class) in drawn.classes.iter().enumerate() {
        let own = row(&drawn.features, index);
        let mut shares: Vec<f64> = found
            .chunks_exact(stride)
            .map(|found| dot(found, &own))
            .collect();
        if outputs == 1 {
            shares[0] = sigmoid(shares[0]) - f64::from(class);
        } else {
            softmax(&mut shares);
            shares[class as usize] -= 1.0;
        }
        let weight = weights.map_or(1.0, |weights| weights[index]) / total;
        for (slopes, share) in slopes.chunks_exact_mut(stride).zip(shares) {
            slopes
                .iter_mut()
                .zip(&own)
                .for_each(|(slope, value)| *slope += weight * share * value);
        }
    }
    for (slopes, found) in slopes
        .chunks_exact_mut(stride)
        .zip(found.chunks_exact(stride))
    {
        for index in 0..stride - 1 {
            slopes[index] += inverse / total * found[index];
        }
    }
    slopes
}

#[test]
fn logistic_regression_comes_to_rest() -> Outcome {
    for (rows, classes) in [(60, 2), (3000, 2), (50_000, 2), (300, 4), (15_000, 5)] {
        let drawn = drawn(rows, classes, rows as u64)?;
        let target = Target::Classes {
            indices: drawn.classes.clone(),
            classes,
        };
        let outputs = if classes == 2 { 1 } else { classes };
        for (strength, intercept, weights) in [
            (1.0, true, None),
            (0.01, false, None),
            (30.0, true, Some(drawn.weights.as_slice())),
        ] {
            let params = json!({"C": strength, "fit_intercept": intercept, "max_iter": 500});
            let found = coefficients(&*fit(
                "logistic_regression",
                params,
                &drawn.features,
                &target,
                weights,
            )?)?;
            let mut slopes =
                classification_slopes(&drawn, weights, 1.0 / strength, &found, outputs);
            let stride = found.len() / outputs;
            if !intercept {
                slopes
                    .chunks_exact_mut(stride)
                    .for_each(|own| own[stride - 1] = 0.0);
                assert!(found.chunks_exact(stride).all(|own| own[stride - 1] == 0.0));
            }
            let steepest = slopes.iter().map(|slope| slope.abs()).fold(0.0, f64::max);
            assert!(
                steepest < 1.2e-4,
                "{rows} rows, {classes} classes, C {strength}: {steepest}"
            );
        }
    }
    Ok(())
}

#[test]
fn absolute_penalties_hold_slopes_below_their_strength() -> Outcome {
    for (rows, classes) in [(400, 2), (2000, 3)] {
        let drawn = drawn(rows, classes, 77)?;
        let target = Target::Classes {
            indices: drawn.classes.clone(),
            classes,
        };
        let outputs = if classes == 2 { 1 } else { classes };
        let params = json!({"C": 0.02, "penalty": "l1", "max_iter": 1000, "tol": 1e-6});
        let found = coefficients(&*fit(
            "logistic_regression",
            params,
            &drawn.features,
            &target,
            None,
        )?)?;
        let slopes = classification_slopes(&drawn, None, 0.0, &found, outputs);
        let strength = 50.0 / rows as f64;
        let stride = found.len() / outputs;
        let mut dropped = 0;
        for (index, (slope, found)) in slopes.iter().zip(&found).enumerate() {
            if index % stride == stride - 1 {
                assert!(slope.abs() < 1e-4);
            } else if *found == 0.0 {
                dropped += 1;
                assert!(slope.abs() < strength + 1e-4);
            } else {
                assert!((slope + strength * found.signum()).abs() < 1e-4);
            }
        }
        assert!(dropped > 0, "{found:?}");
    }
    Ok(())
}

/// Classes that a line separates, hardly any penalty, columns that repeat each other, and sizes far apart.
#[test]
fn separable_collinear_and_badly_scaled_data_give_sensible_answers() -> Outcome {
    for rows in [200, 40_000] {
        let mut random = Random::new(5, rows as u64);
        let base: Vec<f64> = (0..rows).map(|_| normal(&mut random)).collect();
        let other: Vec<f64> = (0..rows).map(|_| normal(&mut random)).collect();
        let classes: Vec<u32> = base.iter().map(|value| u32::from(*value > 0.3)).collect();
        let named = vec![
            numeric("a", base.clone()),
            numeric("same", base.clone()),
            numeric(
                "large",
                base.iter()
                    .zip(&other)
                    .map(|(a, b)| 1e8 * (a + b))
                    .collect(),
            ),
            numeric("small", other.iter().map(|value| value * 1e-8).collect()),
            numeric("still", vec![3.0; rows]),
        ];
        let features = Features::new(rows, named)?;
        for (strength, penalty) in [(1e12, "l2"), (1.0, "none"), (1.0, "l2"), (1e-6, "l2")] {
            for count in [2_u32, 3] {
                let indices: Vec<u32> = classes
                    .iter()
                    .zip(&other)
                    .map(|(class, value)| (class * (1 + u32::from(*value > 0.0))).min(count - 1))
                    .collect();
                let target = Target::Classes {
                    indices: indices.clone(),
                    classes: count as usize,
                };
                let fitted = fit(
                    "logistic_regression",
                    json!({"C": strength, "penalty": penalty}),
                    &features,
                    &target,
                    None,
                )?;
                let Prediction::Classes {
                    probabilities,
                    classes,
                } = fitted.predict(&features)
                else {
                    return Err("not classes".into());
                };
                assert!(probabilities.iter().all(|share| share.is_finite()));
                let right = probabilities
                    .chunks_exact(classes)
                    .zip(&indices)
                    .filter(|(own, class)| own.iter().all(|share| *share <= own[**class as usize]));
                let right = right.count() as f64 / rows as f64;
                let least = if strength < 1e-3 { 0.3 } else { 0.9 };
                assert!(
                    right > least,
                    "{rows} rows, C {strength}, {penalty}, {count} classes: {right}"
                );
            }
        }
    }
    Ok(())
}

/// Logistic regression of two classes ends where the loss is flat.
fn at_rest(drawn: &Drawn) -> Outcome {
    let target = Target::Classes {
        indices: drawn.classes.clone(),
        classes: 2,
    };
    let found = coefficients(&*fit(
        "logistic_regression",
        json!({}),
        &drawn.features,
        &target,
        None,
    )?)?;
    let slopes = classification_slopes(drawn, None, 1.0, &found, 1);
    assert!(
        slopes.iter().all(|slope| slope.abs() < 1.2e-4),
        "{slopes:?}"
    );
    Ok(())
}

/// A level and a column that no sampled row has, a rare class, and gaps, all where samples come first.
#[test]
fn what_samples_miss_is_learnt_from_all_rows() -> Outcome {
    let rows = 40_000;
    let mut drawn = drawn(rows, 2, 8)?;
    let mut columns: Vec<Feature> = drawn.features.columns().to_vec();
    let rare: Vec<f64> = (0..rows)
        .map(|row| if row % 2503 == 1200 { 1.0 } else { 0.0 })
        .collect();
    let codes = (0..rows).map(|row| u32::from(row % 2111 == 1700)).collect();
    columns.push(numeric("rare", rare));
    columns.push(Feature {
        name: "level".to_owned(),
        values: FeatureValues::Categorical { codes, levels: 2 },
    });
    drawn.features = Features::new(rows, columns)?;
    at_rest(&drawn)?;

    // One row in a thousand is of the second class: too few for a sample.
    drawn.classes = (0..rows).map(|row| u32::from(row % 1000 == 7)).collect();
    at_rest(&drawn)?;

    let mut columns: Vec<Feature> = drawn.features.columns().to_vec();
    if let FeatureValues::Numeric(values) = &mut columns[0].values {
        values[20_001] = f64::NAN;
        values[31_234] = f64::INFINITY;
    }
    drawn.features = Features::new(rows, columns)?;
    drawn.classes = self::drawn(rows, 2, 8)?.classes;
    let target = Target::Classes {
        indices: drawn.classes.clone(),
        classes: 2,
    };
    let gaps = coefficients(&*fit(
        "logistic_regression",
        json!({}),
        &drawn.features,
        &target,
        None,
    )?)?;
    let whole = coefficients(&*fit(
        "logistic_regression",
        json!({}),
        &self::drawn(rows, 2, 8)?.features,
        &target,
        None,
    )?)?;
    assert!((gaps[0] - whole[0]).abs() < 0.01, "{gaps:?} {whole:?}");
    Ok(())
}

#[test]
fn any_number_of_threads_gives_the_same_bits() -> Outcome {
    let two = drawn(40_000, 2, 4)?;
    let many = drawn(14_000, 3, 4)?;
    let values = Target::Values((0..40_000).map(|row| f64::from(row % 97)).collect());
    let run = || -> Result<Vec<Vec<f64>>, String> {
        let all = [
            ("linear_regression", &two.features, values.clone()),
            (
                "logistic_regression",
                &two.features,
                Target::Classes {
                    indices: two.classes.clone(),
                    classes: 2,
                },
            ),
            (
                "logistic_regression",
                &many.features,
                Target::Classes {
                    indices: many.classes.clone(),
                    classes: 3,
                },
            ),
        ];
        all.iter()
            .map(|(name, features, target)| {
                let fitted = fit(name, json!({}), features, target, None)
                    .map_err(|error| error.to_string())?;
                coefficients(&*fitted).map_err(|error| error.to_string())
            })
            .collect()
    };
    let mut answers = Vec::new();
    for threads in [1, 2, 7] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()?;
        answers.push(pool.install(run)?);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    Ok(())
}

#[test]
fn every_parameter_of_logistic_regression_matters() -> Outcome {
    let drawn = drawn(600, 3, 9)?;
    let target = Target::Classes {
        indices: drawn.classes.clone(),
        classes: 3,
    };
    let fit = |params: Value| -> Result<Vec<f64>, Box<dyn std::error::Error>> {
        coefficients(&*fit(
            "logistic_regression",
            params,
            &drawn.features,
            &target,
            None,
        )?)
    };
    let plain = fit(json!({}))?;
    for params in [
        json!({"C": 0.1}),
        json!({"penalty": "l1"}),
        json!({"penalty": "none"}),
        json!({"max_iter": 1}),
        json!({"tol": 0.1}),
        json!({"fit_intercept": false}),
        json!({"class_weight": "balanced"}),
    ] {
        assert_ne!(plain, fit(params.clone())?, "{params}");
    }
    let net = |ratio: f64| fit(json!({"penalty": "elasticnet", "l1_ratio": ratio}));
    assert_ne!(net(0.2)?, net(0.8)?);
    Ok(())
}

#[test]
fn a_fit_can_be_stopped() -> Outcome {
    let drawn = drawn(40_000, 2, 4)?;
    let algorithm = algorithm("logistic_regression").ok_or("no such algorithm")?;
    let params = Params::check(
        algorithm.spec().params,
        Task::Classification,
        &serde_json::Map::new(),
    )
    .map_err(|problems| format!("{problems:?}"))?;
    let target = Target::Classes {
        indices: drawn.classes.clone(),
        classes: 2,
    };
    let data = TrainingData {
        features: &drawn.features,
        target: &target,
        weights: None,
    };
    let stopped = FitContext {
        interruption: &|| Some(crate::Interruption::Cancelled),
        ..FitContext::silent(1)
    };
    assert!(matches!(
        algorithm.fit(&params, data, &stopped),
        Err(FitError::Interrupted(_))
    ));
    Ok(())
}
