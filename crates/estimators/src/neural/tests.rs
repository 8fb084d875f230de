//! A network against its definition in 64-bit floats, and what must hold whatever it has learned.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::fitted::{Answer, FittedNet};
use super::inputs::Inputs;
use super::network::{Activation, BLOCK, Parameters, Shape, Work};
use super::neural_net::NeuralNet;
use crate::algorithm::{Algorithm, Task};
use crate::kernels::aligned::Floats;
use crate::kernels::random::Random;
use crate::{
    Array, Feature, FeatureValues, Features, FitContext, FitError, Fitted, Params, Prediction,
    Target, TrainingData,
};
use proptest::prelude::*;
use serde_json::json;

fn unit(random: &mut Random) -> f64 {
    random.below(1_000_001) as f64 / 500_000.0 - 1.0
}

/// Half the squared sum of the answers of every row but for the target, by the definition.
fn naive_loss(
    shape: &Shape,
    dense: &[f64],
    embeddings: &[f64],
    rows: &[Vec<f64>],
    codes: &[Vec<u32>],
    truth: &[Vec<f64>],
) -> f64 {
    let mut loss = 0.0;
    for ((row, codes), truth) in rows.iter().zip(codes).zip(truth) {
        let mut values = row.clone();
        for (index, layer) in shape.layers.iter().enumerate() {
            let mut sums: Vec<f64> = (0..layer.outputs)
                .map(|output| {
                    let weights = &dense[layer.weights + output * layer.stride..];
                    let sum: f64 = values.iter().zip(weights).map(|(a, b)| a * b).sum();
                    sum + dense[layer.constants + output]
                })
                .collect();
            if index == 0 {
                for &code in codes {
                    for (output, sum) in sums.iter_mut().enumerate() {
                        *sum += embeddings[code as usize * shape.embedding_stride + output];
                    }
                }
            }
            if index + 1 < shape.layers.len() {
                for sum in &mut sums {
                    *sum = match shape.activation {
                        Activation::Relu => sum.max(0.0),
                        Activation::Tanh => sum.tanh(),
                        Activation::Sigmoid => 1.0 / (1.0 + (-*sum).exp()),
                    };
                }
            }
            values = sums;
        }
        loss += values
            .iter()
            .zip(truth)
            .map(|(a, b)| 0.5 * (a - b) * (a - b))
            .sum::<f64>();
    }
    loss
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn gradients_equal_numeric_differences(
        inputs in 0_usize..20, first in 1_usize..20, second in 1_usize..20, outputs in 1_usize..4, count in 1_usize..=BLOCK,
        levels in 0_usize..4, kind in 0..3, seed in any::<u64>(),
    ) {
        // A kink makes differences lie, so that rectifiers are seldom near one: there are few of them.
        let activation = [Activation::Relu, Activation::Tanh, Activation::Sigmoid][kind as usize];
        let shape = Shape::new(&[inputs, first, second, outputs], levels, activation).unwrap();
        let mut parameters = Parameters::draw(&shape, 1, seed);
        let mut random = Random::new(seed, 77);
        for layer in &shape.layers {
            parameters.dense[layer.constants..][..layer.outputs].iter_mut().for_each(|own| *own = unit(&mut random) as f32);
        }
        let rows: Vec<Vec<f64>> = (0..count).map(|_| (0..inputs).map(|_| unit(&mut random)).collect()).collect();
        let codes: Vec<Vec<u32>> = (0..count).map(|_| if levels > 0 { vec![random.below(levels) as u32] } else { vec![] }).collect();
        let truth: Vec<Vec<f64>> = (0..count).map(|_| (0..outputs).map(|_| unit(&mut random)).collect()).collect();

        let mut work = Work::new(&shape);
        let stride = shape.layers[0].stride;
        for (place, row) in work.rows.chunks_exact_mut(stride).zip(&rows) {
            place.iter_mut().zip(row).for_each(|(place, value)| *place = *value as f32);
        }
        work.turn_rows();
        work.forward(&shape, &parameters, codes.iter().map(Vec::as_slice), None);
        for (output, answers) in work.answers_mut().chunks_exact_mut(BLOCK).enumerate() {
            for (place, answer) in answers.iter_mut().enumerate() {
                *answer = truth.get(place).map_or(0.0, |truth| *answer - truth[output] as f32);
            }
        }
        let mut gradient = Floats::zeros(shape.length);
        work.backward(&shape, &parameters, count, false, &mut gradient);
        let once = gradient.to_vec();
        // The other path: on top of what is there. Values before are still in place.
        let dense: Vec<f64> = parameters.dense.iter().map(|&value| f64::from(value)).collect();
        let embeddings: Vec<f64> = parameters.embeddings.iter().map(|&value| f64::from(value)).collect();
        let loss = |dense: &[f64], embeddings: &[f64]| naive_loss(&shape, dense, embeddings, &rows, &codes, &truth);
        let step = 1e-6;
        let mut far = 0;
        let mut tried = 0;
        for layer in &shape.layers {
            let mut places: Vec<usize> = (0..layer.outputs).map(|output| layer.constants + output).collect();
            for output in 0..layer.outputs {
                places.extend((0..layer.inputs).map(|input| layer.weights + output * layer.stride + input));
            }
            for place in places {
                let (mut up, mut down) = (dense.clone(), dense.clone());
                up[place] += step;
                down[place] -= step;
                let numeric = (loss(&up, &embeddings) - loss(&down, &embeddings)) / (2.0 * step);
                tried += 1;
                far += usize::from((f64::from(once[place]) - numeric).abs() > 2e-4 * (1.0 + numeric.abs()));
            }
            // What lies between the weights never moves.
            for output in 0..layer.outputs {
                for gap in layer.inputs..layer.stride {
                    prop_assert_eq!(once[layer.weights + output * layer.stride + gap], 0.0);
                }
            }
        }
        for level in 0..levels {
            for output in 0..first {
                let place = level * shape.embedding_stride + output;
                let (mut up, mut down) = (embeddings.clone(), embeddings.clone());
                up[place] += step;
                down[place] -= step;
                let numeric = (loss(&dense, &up) - loss(&dense, &down)) / (2.0 * step);
                let own: f32 = codes.iter().enumerate().filter(|(_, codes)| codes[0] as usize == level)
                    .map(|(row, _)| work.embedding_gradient[row * shape.embedding_stride + output]).sum();
                tried += 1;
                far += usize::from((f64::from(own) - numeric).abs() > 2e-4 * (1.0 + numeric.abs()));
            }
        }
        // A rectifier within a step of its kink may differ in the parameters that reach it.
        prop_assert!(if activation == Activation::Relu { far * 50 <= tried } else { far == 0 }, "{far} of {tried}");
    }
}

fn table(rows: usize, seed: u64) -> (Features, Vec<f64>) {
    let mut random = Random::new(seed, 5);
    let first: Vec<f64> = (0..rows).map(|_| 40.0 + 3.0 * unit(&mut random)).collect();
    let second: Vec<f64> = (0..rows).map(|_| 1e6 * unit(&mut random)).collect();
    let codes: Vec<u32> = (0..rows).map(|_| random.below(3) as u32).collect();
    let target = first
        .iter()
        .zip(&second)
        .zip(&codes)
        .map(|((a, b), code)| (a - 40.0) * (b / 1e6) + f64::from(*code))
        .collect();
    let column = |name: &str, values| Feature {
        name: name.to_owned(),
        values,
    };
    let columns = vec![
        column("first", FeatureValues::Numeric(first)),
        column("kind", FeatureValues::Categorical { codes, levels: 3 }),
        column("second", FeatureValues::Numeric(second)),
    ];
    (Features::new(rows, columns).unwrap(), target)
}

fn classes(values: &[f64]) -> Target {
    Target::Classes {
        indices: values
            .iter()
            .map(|value| (*value > 0.5) as u32 + (*value > 1.5) as u32)
            .collect(),
        classes: 3,
    }
}

fn fit(
    features: &Features,
    target: &Target,
    weights: Option<&[f64]>,
    params: serde_json::Value,
    context: &FitContext<'_>,
) -> Result<Box<dyn Fitted>, FitError> {
    let task = match target {
        Target::Classes { .. } => Task::Classification,
        Target::Values(_) => Task::Regression,
    };
    let params = Params::check(NeuralNet.spec().params, task, params.as_object().unwrap()).unwrap();
    let data = TrainingData {
        features,
        target,
        weights,
    };
    NeuralNet.fit(&params, data, context)
}

fn learn(
    features: &Features,
    target: &Target,
    weights: Option<&[f64]>,
    params: &serde_json::Value,
) -> Box<dyn Fitted> {
    let context = FitContext::silent(1);
    fit(features, target, weights, params.clone(), &context).unwrap()
}

fn right(prediction: &Prediction, target: &Target) -> f64 {
    match (prediction, target) {
        (Prediction::Values(own), Target::Values(truth)) => {
            let mean = truth.iter().sum::<f64>() / truth.len() as f64;
            let rest: f64 = own.iter().zip(truth).map(|(a, b)| (a - b).powi(2)).sum();
            1.0 - rest
                / truth
                    .iter()
                    .map(|value| (value - mean).powi(2))
                    .sum::<f64>()
        }
        (prediction, Target::Classes { indices, .. }) => {
            let labels = prediction.labels().unwrap();
            let hits = labels.iter().zip(indices).filter(|(a, b)| a == b).count();
            hits as f64 / indices.len() as f64
        }
        _ => 0.0,
    }
}

#[test]
fn it_learns_products_and_categories_of_any_scale() {
    let (features, values) = table(2000, 1);
    let (test, truth) = table(500, 2);
    for activation in ["relu", "tanh", "sigmoid"] {
        let settings = json!({"activation": activation, "hidden_layer_sizes": [32, 16], "learning_rate": 0.005});
        let large = |values: &[f64]| Target::Values(values.iter().map(|v| v * 1e8 - 1e9).collect());
        for (target, truth) in [
            (classes(&values), classes(&truth)),
            (large(&values), large(&truth)),
        ] {
            let model = learn(&features, &target, None, &settings);
            let good = right(&model.predict(&test), &truth);
            assert!(good > 0.9, "{activation}: {good}");
        }
    }
}

#[test]
fn dropout_early_stopping_weights_and_large_batches_learn_too() {
    let (features, values) = table(2000, 1);
    let target = Target::Values(values.clone());
    for settings in [
        json!({"dropout": 0.1, "learning_rate": 0.005}),
        json!({"early_stopping": true, "epochs": 300, "learning_rate": 0.01}),
        json!({"batch_size": 200, "epochs": 100, "learning_rate": 0.005}),
        json!({"batch_size": 7, "hidden_layer_sizes": [20], "learning_rate": 0.005}),
    ] {
        let model = learn(&features, &target, None, &settings);
        let good = right(&model.predict(&features), &target);
        assert!(good > 0.9, "{settings}: {good}");
        let epochs: usize = model.save().meta("epochs").unwrap();
        if settings.get("early_stopping").is_some() {
            assert!(epochs < 300, "{epochs}");
        }
    }
    // Rows of weight 0 are not there.
    let spoilt = Target::Values(
        values
            .iter()
            .enumerate()
            .map(|(row, value)| if row % 2 == 0 { *value } else { -50.0 })
            .collect(),
    );
    let weights: Vec<f64> = (0..2000).map(|row| f64::from(row % 2 == 0)).collect();
    let model = learn(
        &features,
        &spoilt,
        Some(&weights),
        &json!({"learning_rate": 0.005}),
    );
    assert!(right(&model.predict(&features), &target) > 0.9);
}

#[test]
fn the_seed_and_nothing_else_decides() {
    let (features, values) = table(300, 1);
    let target = classes(&values);
    let settings = json!({"dropout": 0.2, "early_stopping": true, "epochs": 4});
    let run = |seed: u64, threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let context = FitContext::silent(seed);
            let model = fit(&features, &target, None, settings.clone(), &context).unwrap();
            (model.save(), model.predict(&table(5000, 9).0))
        })
    };
    assert_eq!(run(3, 1), run(3, 2));
    assert_eq!(run(3, 1), run(3, 7));
    assert_ne!(run(3, 1).0, run(4, 1).0);
}

#[test]
fn a_row_gets_the_same_answer_in_any_company() {
    let (features, values) = table(1500, 1);
    let target = Target::Values(values);
    let model = fit(
        &features,
        &target,
        None,
        json!({"epochs": 2}),
        &FitContext::silent(1),
    )
    .unwrap();
    let Prediction::Values(all) = model.predict(&features) else {
        panic!("not numbers")
    };
    for row in [0, 31, 32, 1023, 1024, 1499] {
        let Prediction::Values(alone) = model.predict(&features.take(&[row])) else {
            panic!("not numbers")
        };
        assert_eq!(alone, [all[row]]);
    }
}

#[test]
fn saving_keeps_every_answer_and_damage_is_refused() {
    let (features, values) = table(200, 1);
    for target in [classes(&values), Target::Values(values.clone())] {
        let settings = json!({"hidden_layer_sizes": [5, 17], "epochs": 2});
        let model = fit(&features, &target, None, settings, &FitContext::silent(1)).unwrap();
        let state = model.save();
        let again = NeuralNet.load(&state).unwrap();
        assert_eq!(again.predict(&features), model.predict(&features));
        assert_eq!(again.save(), state);
        for (name, array) in &state.arrays {
            let damaged: Vec<Array> = match array {
                Array::F32(values) => {
                    let mut infinite = values.clone();
                    infinite[0] = f32::INFINITY;
                    vec![Array::F32(values[1..].to_vec()), Array::F32(infinite)]
                }
                Array::F64(values) => {
                    let mut missing = values.clone();
                    missing[0] = f64::NAN;
                    vec![Array::F64(values[1..].to_vec()), Array::F64(missing)]
                }
                Array::U32(values) => vec![
                    Array::U32(values[1..].to_vec()),
                    Array::U32(vec![u32::MAX; values.len()]),
                ],
                _ => vec![],
            };
            assert!(!damaged.is_empty(), "{name}");
            for array in damaged {
                assert!(
                    NeuralNet.load(&state.clone().with(name, array)).is_err(),
                    "{name}"
                );
            }
            let mut without = state.clone();
            without.arrays.remove(name);
            assert!(NeuralNet.load(&without).is_err(), "{name}");
        }
        for hidden in [
            json!([]),
            json!([0]),
            json!([5, 18]),
            json!([usize::MAX, 17]),
        ] {
            let damaged = state.clone().with_meta("hidden_layer_sizes", hidden);
            assert!(NeuralNet.load(&damaged).is_err());
        }
        let damaged = state.clone().with_meta("answer", Answer::Classes(0));
        assert!(NeuralNet.load(&damaged).is_err());
        let damaged = state.with_meta("answer", Answer::Classes(usize::MAX));
        assert!(FittedNet::load(&damaged).is_err());
    }
}

#[test]
fn strange_numbers_do_no_harm() {
    let strange = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        1e300,
        -1e300,
        1e-300,
    ];
    let rows = 60;
    let column = |name: &str, value: &dyn Fn(usize) -> f64| Feature {
        name: name.to_owned(),
        values: FeatureValues::Numeric((0..rows).map(value).collect()),
    };
    let columns = vec![
        column("strange", &|row| strange[row % strange.len()]),
        column("constant", &|_| 7.0),
        column("missing", &|_| f64::NAN),
        column("largest", &|row| {
            if row % 2 == 0 { f64::MAX } else { f64::MIN }
        }),
    ];
    let features = Features::new(rows, columns).unwrap();
    let targets = [
        Target::Values((0..rows).map(|row| (row % 5) as f64 * 1e307).collect()),
        Target::Values(vec![3.0; rows]),
        Target::Classes {
            indices: vec![0; rows],
            classes: 1,
        },
    ];
    for target in &targets {
        let model = fit(&features, target, None, json!({}), &FitContext::silent(1)).unwrap();
        let finite = match model.predict(&features) {
            Prediction::Values(values) => values.iter().all(|value| value.is_finite()),
            Prediction::Classes { probabilities, .. } => {
                probabilities.iter().all(|value| *value == 1.0)
            }
        };
        assert!(finite);
    }
    let inputs = Inputs::fit(&features);
    let row = inputs.table(&features);
    assert!(
        row.numbers
            .iter()
            .all(|value| (-10.0..=10.0).contains(value))
    );
}

#[test]
fn too_much_is_refused_and_stopping_stops() {
    let (features, values) = table(300, 1);
    let target = Target::Values(values);
    let tight = FitContext {
        memory_budget: 10_000,
        ..FitContext::silent(1)
    };
    let refused = fit(&features, &target, None, json!({}), &tight);
    assert!(matches!(refused, Err(FitError::Memory { .. })));
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let stopping = || {
        let count = asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        (count > 3).then_some(crate::Interruption::Cancelled)
    };
    let context = FitContext {
        interruption: &stopping,
        ..FitContext::silent(1)
    };
    let stopped = fit(&features, &target, None, json!({}), &context);
    assert!(matches!(stopped, Err(FitError::Interrupted(_))));
    let none = Target::Values(vec![]);
    let empty = Features::new(0, vec![]).unwrap();
    assert!(fit(&empty, &none, None, json!({}), &FitContext::silent(1)).is_err());
}

#[test]
fn a_rate_that_diverges_is_lowered() {
    let (features, values) = table(300, 1);
    let target = Target::Values(values);
    let settings = json!({"learning_rate": 10.0, "hidden_layer_sizes": [64, 64, 64]});
    let model = fit(&features, &target, None, settings, &FitContext::silent(1)).unwrap();
    let rate: f64 = model.save().meta("learning_rate").unwrap();
    assert!(rate < 10.0, "{rate}");
}

#[test]
fn ten_thousand_levels_are_learned() {
    let (rows, levels) = (40_000, 10_000);
    let mut random = Random::new(1, 1);
    let codes: Vec<u32> = (0..rows).map(|_| random.below(levels) as u32).collect();
    let effects: Vec<f64> = (0..levels).map(|_| unit(&mut random)).collect();
    let target = Target::Values(codes.iter().map(|&code| effects[code as usize]).collect());
    let column = Feature {
        name: "place".to_owned(),
        values: FeatureValues::Categorical {
            codes,
            levels: levels as u32,
        },
    };
    let features = Features::new(rows, vec![column]).unwrap();
    let model = fit(
        &features,
        &target,
        None,
        json!({"epochs": 5}),
        &FitContext::silent(1),
    )
    .unwrap();
    let good = right(&model.predict(&features), &target);
    assert!(good > 0.8, "{good}");
}
