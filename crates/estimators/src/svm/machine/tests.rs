//! Beside scikit-learn's answers (`tests/fixtures/svm.py`), and the optimality conditions against naive kernels.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use super::super::matrix::gather;
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
        } else {
            given.insert("scale_target".to_owned(), Value::from(false));
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

/// A value in −1..1 from a counter.
fn noise(counter: usize) -> f64 {
    crate::split::shuffle::draw_below(3, 1, counter as u64, 20_001) as f64 / 10_000.0 - 1.0
}

/// Rows of `width` numbers with classes (or numbers) that follow from them, not without doubt.
fn made(rows: usize, width: usize) -> (Vec<Vec<f64>>, Vec<f64>) {
    let x: Vec<Vec<f64>> = (0..rows)
        .map(|row| {
            (0..width)
                .map(|column| noise(row * width + column) * 2.0)
                .collect()
        })
        .collect();
    let y = x
        .iter()
        .enumerate()
        .map(|(row, own)| own[0] * own[1] + (2.0 * own[0]).sin() + 0.4 * noise(1_000_000 + row))
        .collect();
    (x, y)
}

fn checked(task: Task, given: Value) -> Params {
    Params::check(options::SPEC.params, task, given.as_object().unwrap()).unwrap()
}

fn kernel_between(kernel: &Kernel, left: &[f32], right: &[f32]) -> f64 {
    let product: f64 = left.iter().zip(right).map(|(a, b)| f64::from(a * b)).sum();
    let distance: f64 = left
        .iter()
        .zip(right)
        .map(|(a, b)| f64::from(a - b).powi(2))
        .sum();
    match kernel.shape {
        super::super::kernel::Shape::Linear => product,
        super::super::kernel::Shape::Rbf => (-kernel.gamma * distance).exp(),
        super::super::kernel::Shape::Poly => {
            (kernel.gamma * product + kernel.coef0).powi(kernel.degree)
        }
        super::super::kernel::Shape::Sigmoid => (kernel.gamma * product + kernel.coef0).tanh(),
    }
}

/// Largest violation of the optimality conditions, by kernels computed one by one.
fn naive_violation(problem: &Problem, samples: &Samples, kernel: &Kernel, beta: &[f64]) -> f64 {
    let (mut least, mut largest) = (f64::INFINITY, f64::NEG_INFINITY);
    for (index, own) in beta.iter().enumerate() {
        let row = samples.row(problem.samples[index] as usize);
        let mut gradient = problem.start[index];
        for (other, beta) in beta.iter().enumerate().filter(|(_, beta)| **beta != 0.0) {
            gradient +=
                beta * kernel_between(kernel, row, samples.row(problem.samples[other] as usize));
        }
        assert!(problem.lower[index] <= *own && *own <= problem.upper[index]);
        if *own < problem.upper[index] {
            least = least.min(
                gradient
                    + if *own >= 0.0 {
                        problem.epsilon
                    } else {
                        -problem.epsilon
                    },
            );
        }
        if *own > problem.lower[index] {
            largest = largest.max(
                gradient
                    + if *own > 0.0 {
                        problem.epsilon
                    } else {
                        -problem.epsilon
                    },
            );
        }
    }
    largest - least
}

/// The problem of two classes (or of numbers) with all samples, in the order given.
fn problem_of(
    y: &[f64],
    samples: &Samples,
    kernel: &Kernel,
    cost: f64,
    epsilon: Option<f64>,
) -> Problem {
    let sign = |value: f64| if value > 0.0 { 1.0 } else { -1.0 };
    Problem {
        samples: (0..y.len() as u32).collect(),
        start: y
            .iter()
            .map(|&value| {
                if epsilon.is_some() {
                    -value
                } else {
                    -sign(value)
                }
            })
            .collect(),
        lower: y
            .iter()
            .map(|&value| {
                if epsilon.is_some() || sign(value) < 0.0 {
                    -cost
                } else {
                    0.0
                }
            })
            .collect(),
        upper: y
            .iter()
            .map(|&value| {
                if epsilon.is_some() || sign(value) > 0.0 {
                    cost
                } else {
                    0.0
                }
            })
            .collect(),
        diagonal: samples
            .squares
            .iter()
            .map(|&square| kernel.own(square))
            .collect(),
        epsilon: epsilon.unwrap_or(0.0),
    }
}

fn all_values(kernel: &Kernel, samples: &Samples) -> Vec<f32> {
    let mut room = Room::default();
    whole(kernel, samples, &mut room, |_| Ok::<_, FitError>(())).unwrap();
    room.values
}

#[test]
fn a_whole_matrix_has_the_kernel_of_every_pair() {
    let params = checked(
        Task::Classification,
        serde_json::json!({"kernel": "rbf", "gamma": 0.5}),
    );
    let kernel = Kernel::new(&params, 1.0, 1.0);
    // One tile, tiles of both sizes that are cut short, and a batch that is followed by another.
    for rows in [1, 128, 300, 2100, 8300] {
        let values = (0..rows * 3).map(|at| ((at * 37) % 101) as f32 / 101.0);
        let samples = Samples::new(values.collect(), 3, rows);
        let matrix = all_values(&kernel, &samples);
        // Of large matrices only some rows, for the time it takes.
        for row in (0..rows).step_by(1 + rows / 400) {
            for column in 0..rows {
                let pairs = samples.row(row).iter().zip(samples.row(column));
                let distance: f64 = pairs.map(|(a, b)| f64::from(a - b).powi(2)).sum();
                let value = matrix[row * rows + column];
                assert!((f64::from(value) - (-0.5 * distance).exp()).abs() < 1e-5);
                assert_eq!(value, matrix[column * rows + row]);
            }
        }
    }
}

#[test]
fn solutions_are_optimal() {
    let settings = Settings {
        tolerance: 1e-3,
        most: None,
        square_bytes: 1 << 30,
    };
    for (rows, cost, epsilon, shape) in [
        (40, 1.0, None, "rbf"),
        (300, 100.0, None, "poly"),
        (2600, 1.0, None, "rbf"),
        (2600, 30.0, Some(0.1), "rbf"),
        (2300, 0.5, Some(0.3), "linear"),
        // Too large for single precision.
        (300, 1e3, Some(0.0), "rbf"),
    ] {
        let (x, y) = made(rows, 3);
        let known = features(&x);
        let moments = Moments::of(&known);
        let params = checked(
            Task::Classification,
            serde_json::json!({"kernel": shape, "coef0": 1.0, "gamma": 0.5}),
        );
        let kernel = Kernel::new(&params, 1.0, 1.0);
        let encoder = Encoder::new(&known, &moments.means, kernel.ignores_origin());
        let all: Vec<u32> = (0..rows as u32).collect();
        let samples = encoder.samples(&known, &all);
        let problem = problem_of(&y, &samples, &kernel, cost, epsilon);
        let matrix = all_values(&kernel, &samples);
        let sources = [
            Source::Samples {
                samples: &samples,
                kernel: &kernel,
            },
            Source::Matrix {
                values: &matrix,
                size: rows,
            },
        ];
        for (source, square_bytes) in sources
            .into_iter()
            .flat_map(|source| [(source, 1 << 30), (source, 0)])
        {
            let settings = Settings {
                square_bytes,
                ..settings
            };
            let context = FitContext::silent(1);
            let solution = solve(&problem, source, settings, &context, &|_| {}).unwrap();
            assert!(solution.beta.iter().sum::<f64>().abs() < 1e-6 * cost * rows as f64);
            let violation = naive_violation(&problem, &samples, &kernel, &solution.beta);
            // Kernel values have single precision.
            let largest = problem.diagonal.iter().copied().fold(0.0, f32::max);
            let slack = 2e-3 + 2e-7 * cost * f64::from(largest) * (rows as f64).sqrt();
            assert!(
                violation <= slack,
                "{rows} rows, C {cost}, {shape}: violated by {violation}"
            );
        }
    }
}

#[test]
fn kernel_rows_are_the_naive_ones() {
    let (x, _) = made(700, 5);
    let known = features(&x);
    for shape in ["rbf", "linear", "poly", "sigmoid"] {
        let params = checked(
            Task::Classification,
            serde_json::json!({"kernel": shape, "gamma": 0.3, "coef0": 0.5}),
        );
        let kernel = Kernel::new(&params, 1.0, 1.0);
        let encoder = Encoder::new(&known, &[0.0; 5], false);
        let all: Vec<u32> = (0..700).collect();
        let samples = encoder.samples(&known, &all);
        let matrix = all_values(&kernel, &samples);
        let columns: Vec<u32> = (0..700).filter(|at| at % 37 > 3).collect();
        let mut some = vec![0.0; columns.len()];
        for own in 0..700 {
            let row = &matrix[own * 700..(own + 1) * 700];
            for (other, value) in row.iter().enumerate() {
                let truth = kernel_between(&kernel, samples.row(own), samples.row(other));
                assert!(
                    (f64::from(*value) - truth).abs() <= 2e-5 * truth.abs().max(1.0),
                    "{shape}: {value}, not {truth}"
                );
            }
            gather(&mut some, row, &columns);
            assert!(
                some.iter()
                    .zip(&columns)
                    .all(|(value, &at)| *value == row[at as usize])
            );
        }
        // The same sums by the block and from the matrix.
        let coefficients: Vec<f64> = columns.iter().map(|&at| noise(at as usize)).collect();
        let mut sums = vec![1.0; 700];
        add_weighted(
            &kernel,
            &samples.take(&columns),
            &coefficients,
            &samples,
            &mut sums,
        );
        for (other, sum) in sums.iter().enumerate() {
            let terms = columns.iter().zip(&coefficients).map(|(&own, factor)| {
                factor * kernel_between(&kernel, samples.row(own as usize), samples.row(other))
            });
            let truth: f64 = 1.0 + terms.sum::<f64>();
            assert!(
                (sum - truth).abs() < 2e-4 * truth.abs().max(10.0),
                "{shape}: {sum}, not {truth}"
            );
        }
    }
}

/// A table with a category, three classes.
fn mixed(rows: usize) -> (Features, Target) {
    let (x, y) = made(rows, 3);
    let mut columns: Vec<Feature> = (0..3)
        .map(|column| Feature {
            name: format!("x{column}"),
            values: FeatureValues::Numeric(x.iter().map(|row| row[column]).collect()),
        })
        .collect();
    columns.push(Feature {
        name: "colour".to_owned(),
        values: FeatureValues::Categorical {
            codes: (0..rows as u32)
                .map(|row| {
                    if row % 7 == 6 {
                        crate::features::MISSING_CODE
                    } else {
                        row % 4
                    }
                })
                .collect(),
            levels: 4,
        },
    });
    let indices = y
        .iter()
        .enumerate()
        .map(|(row, value)| u32::from(*value > 0.0) + u32::from(row % 4 == 2))
        .collect();
    (
        Features::new(rows, columns).unwrap(),
        Target::Classes {
            indices,
            classes: 4,
        },
    )
}

fn fit(features: &Features, target: &Target, given: Value) -> FittedMachine {
    let task = match target {
        Target::Classes { .. } => Task::Classification,
        Target::Values(_) => Task::Regression,
    };
    let data = TrainingData {
        features,
        target,
        weights: None,
    };
    learn(&checked(task, given), data, &FitContext::silent(7)).unwrap()
}

#[test]
fn threads_do_not_matter() {
    let (features, target) = mixed(500);
    let pool = |threads| {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap()
    };
    let models: Vec<FittedMachine> = [1, 2, 7]
        .map(|threads| pool(threads).install(|| fit(&features, &target, serde_json::json!({}))))
        .into();
    assert_eq!(models[0], models[1]);
    assert_eq!(models[0], models[2]);
    let (x, y) = made(2500, 3);
    let (features, target) = (self::features(&x), Target::Values(y));
    let models: Vec<FittedMachine> = [1, 3]
        .map(|threads| {
            pool(threads).install(|| fit(&features, &target, serde_json::json!({"C": 20.0})))
        })
        .into();
    assert_eq!(models[0], models[1]);
}

#[test]
fn a_row_is_answered_alone_as_among_others() {
    let (features, target) = mixed(300);
    for given in [
        serde_json::json!({}),
        serde_json::json!({"probability": false, "kernel": "poly"}),
    ] {
        let model = fit(&features, &target, given);
        let Prediction::Classes {
            probabilities,
            classes,
        } = model.predict(&features)
        else {
            panic!("classes were learned")
        };
        for row in [0, 63, 64, 150, 299] {
            let alone = Prediction::Classes {
                probabilities: probabilities[row * classes..(row + 1) * classes].to_vec(),
                classes,
            };
            assert_eq!(model.predict(&features.take(&[row])), alone);
        }
        for own in probabilities.chunks_exact(classes) {
            assert!(
                (own.iter().sum::<f64>() - 1.0).abs() < 1e-9 && own[3] == 0.0,
                "{own:?}"
            );
        }
    }
}

#[test]
fn probabilities_follow_frequencies() {
    let (x, y) = made(1500, 3);
    let (known, unknown) = (features(&x[..1000]), features(&x[1000..]));
    let indices = y[..1000]
        .iter()
        .map(|value| u32::from(*value > 0.0))
        .collect();
    let model = fit(
        &known,
        &Target::Classes {
            indices,
            classes: 2,
        },
        serde_json::json!({}),
    );
    let Prediction::Classes { probabilities, .. } = model.predict(&unknown) else {
        panic!("classes were learned")
    };
    let mut loss = 0.0;
    for (own, value) in probabilities.chunks_exact(2).zip(&y[1000..]) {
        loss -= own[usize::from(*value > 0.0)].ln() / 500.0;
    }
    // Knowing nothing costs 0.69.
    assert!(loss < 0.25, "log loss {loss}");
}

#[test]
fn the_unit_of_the_target_does_not_matter() {
    let (x, y) = made(200, 4);
    let features = features(&x);
    let in_cents = y.iter().map(|value| value * 102_400.0 + 7e6).collect();
    let numbers =
        |target: Vec<f64>| match fit(&features, &Target::Values(target), serde_json::json!({}))
            .predict(&features)
        {
            Prediction::Values(values) => values,
            prediction => panic!("{prediction:?}"),
        };
    for (own, cents) in numbers(y).into_iter().zip(numbers(in_cents)) {
        assert!(
            (own * 102_400.0 + 7e6 - cents).abs() < 100.0,
            "{own} {cents}"
        );
    }
}

#[test]
fn what_was_saved_answers_the_same() {
    let (features, target) = mixed(200);
    let (x, y) = made(200, 4);
    let numbers = (self::features(&x), Target::Values(y));
    for (features, target, given) in [
        (&features, &target, serde_json::json!({})),
        (
            &features,
            &target,
            serde_json::json!({"probability": false}),
        ),
        (
            &numbers.0,
            &numbers.1,
            serde_json::json!({"kernel": "linear"}),
        ),
        // So wide a tube that nothing touches it.
        (
            &numbers.0,
            &numbers.1,
            serde_json::json!({"epsilon": 100.0}),
        ),
    ] {
        let model = fit(features, target, given);
        let state = model.save();
        let loaded = FittedMachine::load(&state).unwrap();
        assert_eq!(loaded.predict(features), model.predict(features));
        assert_eq!(loaded.save(), state);
        // Every list cut, lengthened or gone is found out.
        for name in state.arrays.keys() {
            for damage in 0..3 {
                let mut damaged = state.clone();
                match damaged.arrays.get_mut(name).unwrap() {
                    _ if damage == 0 => drop(damaged.arrays.remove(name)),
                    crate::Array::F64(values) => resize(values, damage, 0.5),
                    crate::Array::F32(values) => resize(values, damage, 0.5),
                    crate::Array::U64(values) => resize(values, damage, u64::MAX),
                    crate::Array::U32(values) => resize(values, damage, u32::MAX),
                    _ => unreachable!(),
                }
                if damaged != state {
                    assert!(FittedMachine::load(&damaged).is_err(), "{name} {damage}");
                }
            }
        }
        for (name, value) in [
            ("classes", Value::from(u32::MAX)),
            ("classes", Value::from(1)),
            ("kernel", Value::Null),
            ("steps", Value::from("x")),
        ] {
            let mut damaged = state.clone();
            damaged.meta.insert(name.to_owned(), value);
            assert!(FittedMachine::load(&damaged).is_err(), "{name}");
        }
    }
}

fn resize<T: Clone>(values: &mut Vec<T>, damage: usize, extra: T) {
    if damage == 1 {
        values.pop();
    } else {
        values.push(extra);
    }
}

#[test]
fn says_what_is_wrong_with_the_data() {
    let (features, target) = mixed(60);
    let params = checked(Task::Classification, serde_json::json!({}));
    let attempt = |features: &Features, target: &Target, context: &FitContext<'_>| {
        learn(
            &params,
            TrainingData {
                features,
                target,
                weights: None,
            },
            context,
        )
        .unwrap_err()
    };
    let small = FitContext {
        memory_budget: 1000,
        ..FitContext::silent(1)
    };
    assert!(matches!(
        attempt(&features, &target, &small),
        FitError::Memory { budget: 1000, .. }
    ));
    let stopped = FitContext {
        interruption: &|| Some(crate::Interruption::Cancelled),
        ..FitContext::silent(1)
    };
    assert_eq!(
        attempt(&features, &target, &stopped),
        FitError::Interrupted(crate::Interruption::Cancelled)
    );
    let one = Target::Classes {
        indices: vec![1; 60],
        classes: 3,
    };
    assert!(
        attempt(&features, &one, &FitContext::silent(1))
            .to_string()
            .contains("two classes")
    );
    let wide = Features::new(
        60,
        vec![Feature {
            name: "street".to_owned(),
            values: FeatureValues::Categorical {
                codes: vec![0; 60],
                levels: 200_000,
            },
        }],
    )
    .unwrap();
    let text = attempt(&wide, &target, &FitContext::silent(1)).to_string();
    assert!(
        text.contains("'street'") && text.contains("200000"),
        "{text}"
    );
    let huge = Features::new(
        60,
        vec![Feature {
            name: "x".to_owned(),
            values: FeatureValues::Numeric((0..60).map(|row| 1e17 * f64::from(row)).collect()),
        }],
    )
    .unwrap();
    let data = TrainingData {
        features: &huge,
        target: &target,
        weights: None,
    };
    let poly = checked(
        Task::Classification,
        serde_json::json!({"kernel": "poly", "gamma": 1.0}),
    );
    assert!(
        learn(&poly, data, &FitContext::silent(1))
            .unwrap_err()
            .to_string()
            .contains("scale")
    );
}

#[test]
fn odd_data_are_learned() {
    // A class of one row, a constant column, a missing number, rows of no weight.
    let x: Vec<f64> = (0..40)
        .map(|row| {
            if row == 3 {
                f64::NAN
            } else {
                f64::from(row % 10)
            }
        })
        .collect();
    let columns = vec![
        Feature {
            name: "x".to_owned(),
            values: FeatureValues::Numeric(x),
        },
        Feature {
            name: "same".to_owned(),
            values: FeatureValues::Numeric(vec![5.0; 40]),
        },
    ];
    let features = Features::new(40, columns).unwrap();
    let indices = (0..40)
        .map(|row| if row == 7 { 2 } else { u32::from(row % 10 > 4) })
        .collect();
    let target = Target::Classes {
        indices,
        classes: 3,
    };
    let weights: Vec<f64> = (0..40)
        .map(|row| if row == 11 { 0.0 } else { 1.0 })
        .collect();
    for given in [
        serde_json::json!({}),
        serde_json::json!({"kernel": "sigmoid", "class_weight": "balanced", "max_iter": 5}),
    ] {
        let data = TrainingData {
            features: &features,
            target: &target,
            weights: Some(&weights),
        };
        let model = learn(
            &checked(Task::Classification, given),
            data,
            &FitContext::silent(2),
        )
        .unwrap();
        let Prediction::Classes { probabilities, .. } = model.predict(&features) else {
            panic!("classes were learned")
        };
        assert!(
            probabilities
                .iter()
                .all(|share| (0.0..=1.0).contains(share))
        );
    }
    let same = Features::new(
        40,
        vec![Feature {
            name: "same".to_owned(),
            values: FeatureValues::Numeric(vec![5.0; 40]),
        }],
    )
    .unwrap();
    let model = fit(
        &same,
        &Target::Values((0..40).map(f64::from).collect()),
        serde_json::json!({}),
    );
    let Prediction::Values(values) = model.predict(&same) else {
        panic!("numbers were learned")
    };
    assert!(values.iter().all(|value| (0.0..40.0).contains(value)));
}
