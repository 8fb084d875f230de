//! Several pipelines that answer together: their mean, its explanation, and the way through a saved state.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "support/tables.rs"]
#[expect(dead_code, reason = "shared with other tests, which need more of it")]
mod tables;

use serde_json::{Value, json};
use tables::{numbers, strings, table};
use trainyard_estimators::algorithm::algorithm;
use trainyard_estimators::blend::Blend;
use trainyard_estimators::explain::{Method, Scale, contributions, what_if};
use trainyard_estimators::importance::permutation;
use trainyard_estimators::metrics::metric;
use trainyard_estimators::pipeline::Pipeline;
use trainyard_estimators::target::TargetEncoder;
use trainyard_estimators::{
    Array, FitContext, FitError, Params, Prediction, Predictor, State, Target, Task,
};
use trainyard_table::{Kind, Table};

const ROWS: usize = 120;

fn data() -> Table {
    let x = |row: usize| ((row * 37) % 101) as f64;
    let column = |of: &dyn Fn(usize) -> Option<f64>| (0..ROWS).map(of).collect::<Vec<_>>();
    let words: Vec<_> = (0..ROWS)
        .map(|row| Some(["a", "b", "c"][row % 3]))
        .collect();
    let classes: Vec<_> = (0..ROWS)
        .map(|row| {
            Some(if x(row) + (row % 3) as f64 * 20.0 > 60.0 {
                "high"
            } else {
                "low"
            })
        })
        .collect();
    let y = |row: usize| Some(x(row) * 2.0 + (row % 3) as f64 * 30.0);
    table(vec![
        numbers(
            "x",
            Kind::Number,
            &column(&|row| (row % 10 != 3).then(|| x(row))),
        ),
        strings("word", Kind::Category, &words),
        numbers("y", Kind::Number, &column(&y)),
        strings("class", Kind::Category, &classes),
    ])
}

fn pipeline(target: &str, task: Task, name: &str, params: Value) -> Pipeline {
    let data = data();
    let column = data.column(target).unwrap();
    let encoder = TargetEncoder::fit(column, task).unwrap();
    let (answers, _): (Target, _) = encoder.encode(column).unwrap();
    let found = algorithm(name).unwrap();
    let given = params.as_object().unwrap();
    let params = Params::check(found.spec().params, task, given).unwrap();
    let names = ["x".to_owned(), "word".to_owned()];
    let context = FitContext::silent(1);
    Pipeline::fit(
        &data, &names, &encoder, &answers, found, &params, None, &context,
    )
    .unwrap()
}

fn number(name: &str, params: Value) -> Pipeline {
    pipeline("y", Task::Regression, name, params)
}

fn class(name: &str) -> Pipeline {
    pipeline("class", Task::Classification, name, json!({}))
}

fn values(prediction: Prediction) -> Vec<f64> {
    match prediction {
        Prediction::Values(values) => values,
        Prediction::Classes { probabilities, .. } => probabilities,
    }
}

#[test]
fn answers_are_the_weighted_mean_of_the_members() {
    let table = data();
    let parts: [fn() -> Pipeline; 3] = [
        || class("logistic_regression"),
        || class("random_forest"),
        || class("knn"),
    ];
    let weights = [3.0, 1.0, 4.0];
    let blend = Blend::new(weights.into_iter().zip(parts.map(|make| make())).collect()).unwrap();
    let single = parts.map(|make| values(make().predict(&table)));
    let together = values(blend.predict(&table));
    assert_eq!(together.len(), 2 * ROWS);
    for (place, answer) in together.iter().enumerate() {
        let mean: f64 = weights
            .iter()
            .zip(&single)
            .map(|(weight, own)| weight / 8.0 * own[place])
            .sum();
        assert!((answer - mean).abs() < 1e-12);
    }
    assert_eq!(
        values(blend.predict_features(&blend.features(&table))),
        together
    );
    let shares: Vec<f64> = blend.members().map(|(_, _, weight)| weight).collect();
    assert_eq!(shares, [0.375, 0.125, 0.5]);
    assert_eq!(blend.class_labels().unwrap(), ["high", "low"]);
}

#[test]
fn members_that_prepare_alike_share_their_preparation() {
    let forests = || number("random_forest", json!({ "n_estimators": 3 }));
    let alike = Blend::new(vec![
        (1.0, forests()),
        (1.0, number("decision_tree", json!({}))),
    ])
    .unwrap();
    let other = Blend::new(vec![(1.0, forests()), (1.0, number("knn", json!({})))]).unwrap();
    assert_eq!(alike.features(&data()).columns().len(), 2);
    let all = other.features(&data());
    assert!(all.columns().len() > 2);
    let mut names: Vec<_> = all
        .columns()
        .iter()
        .map(|column| column.name.clone())
        .collect();
    names.sort();
    names.dedup();
    assert_eq!(
        names.len(),
        all.columns().len(),
        "names of features stay unique"
    );
    // Each table column stands once, with the features of both.
    let columns = other.columns();
    assert_eq!(
        columns
            .iter()
            .map(|column| column.column.as_str())
            .collect::<Vec<_>>(),
        ["x", "word"]
    );
    let mut features: Vec<usize> = columns
        .iter()
        .flat_map(|column| column.features.clone())
        .collect();
    features.sort_unstable();
    assert_eq!(features, (0..all.columns().len()).collect::<Vec<_>>());
}

#[test]
fn contributions_add_up_exactly_where_members_agree_on_the_scale() {
    let table = data();
    let context = FitContext::silent(1);
    let trees = Blend::new(vec![
        (1.0, number("random_forest", json!({ "n_estimators": 5 }))),
        (
            3.0,
            number("gradient_boosting", json!({ "n_estimators": 10 })),
        ),
    ])
    .unwrap();
    let told = contributions(&trees, &table, None, &context).unwrap();
    assert_eq!((told.method, told.scale), (Method::Trees, Scale::Number));
    // Two ways to tell, so that it is asked instead.
    let mixed = Blend::new(vec![
        (1.0, number("linear_regression", json!({}))),
        (1.0, number("decision_tree", json!({}))),
    ])
    .unwrap();
    let asked = contributions(&mixed, &table, None, &context).unwrap();
    assert_eq!(asked.method, Method::Sampled);
    // Odds of a mean are no mean of odds.
    let odds = Blend::new(vec![
        (1.0, class("gradient_boosting")),
        (1.0, class("random_forest")),
    ])
    .unwrap();
    let probabilities = contributions(&odds, &table, None, &context).unwrap();
    assert_eq!(
        (probabilities.method, probabilities.scale),
        (Method::Sampled, Scale::Probability)
    );
    for (model, told) in [(&trees, &told), (&mixed, &asked), (&odds, &probabilities)] {
        let answers = values(model.predict(&table));
        for row in 0..ROWS {
            for output in 0..told.outputs {
                let sum = told.base[output] + told.of(row, output).iter().sum::<f64>();
                let answer = answers[row * told.outputs + output];
                assert!(
                    (sum - answer).abs() < 1e-4 * answer.abs().max(1.0),
                    "{sum} for {answer}"
                );
            }
        }
    }
}

#[test]
fn importance_and_curves_move_a_column_in_all_members() {
    let table = data();
    let context = FitContext::silent(1);
    let blend = Blend::new(vec![
        (1.0, number("linear_regression", json!({}))),
        (1.0, number("random_forest", json!({}))),
    ])
    .unwrap();
    let column = table.column("y").unwrap();
    let (target, _) = blend.target().encode(column).unwrap();
    let found = permutation(&blend, &table, &target, metric("rmse").unwrap(), &context).unwrap();
    let named: Vec<_> = found.iter().map(|one| one.column.as_str()).collect();
    assert_eq!(named, ["x", "word"]);
    assert!(found[1].mean > 5.0, "{found:?}");
    let row = table.take(&[0]);
    let points = trainyard_estimators::explain::grid(&table, "x", 5).unwrap();
    let curve = what_if(&blend, &row, "x", &points).unwrap();
    assert!(curve.mean[4] > curve.mean[0] + 100.0, "{curve:?}");
}

#[test]
fn a_saved_state_gives_the_same_answers() {
    let table = data();
    let blend = Blend::new(vec![
        (1.0, class("logistic_regression")),
        (2.0, class("gradient_boosting")),
        (1.5, class("svm")),
    ])
    .unwrap();
    let state = blend.save();
    let read = Blend::load(&state).unwrap();
    assert_eq!(read.predict(&table), blend.predict(&table));
    assert_eq!(read.save(), state);
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let none = Blend::new(Vec::new()).unwrap_err();
    assert!(matches!(none, FitError::Data(_)));
    for weight in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(Blend::new(vec![(weight, class("knn"))]).is_err());
    }
    let strangers = vec![(1.0, class("knn")), (1.0, number("knn", json!({})))];
    let refused = Blend::new(strangers).unwrap_err().to_string();
    assert!(refused.contains("same target"), "{refused}");
}

#[test]
fn hostile_states_are_refused() {
    let state = Blend::new(vec![
        (1.0, number("linear_regression", json!({}))),
        (1.0, number("decision_tree", json!({}))),
    ])
    .unwrap()
    .save();
    let changed = |change: &dyn Fn(&mut State)| {
        let mut state = state.clone();
        change(&mut state);
        Blend::load(&state)
    };
    assert!(changed(&|_| {}).is_ok());
    let weights: [&[f64]; 6] = [
        &[],
        &[1.0],
        &[0.5, 0.6],
        &[-1.0, 2.0],
        &[f64::NAN, 1.0],
        &[0.5, 0.25, 0.25],
    ];
    for weights in weights {
        let array = Array::F64(weights.to_vec());
        let read = changed(&|state| {
            state.arrays.insert("weights".to_owned(), array.clone());
        });
        assert!(read.is_err(), "{weights:?} were accepted");
    }
    for count in [
        json!(0),
        json!(1),
        json!(3),
        json!(1_000_000_000),
        json!(-1),
        json!("many"),
        Value::Null,
    ] {
        let read = changed(&|state| {
            state.meta.insert("preparations".to_owned(), count.clone());
        });
        assert!(read.is_err(), "{count} preparations were accepted");
    }
    for places in [vec![0, 7], vec![0], vec![1, 0]] {
        let read = changed(&|state| {
            state
                .arrays
                .insert("member preparations".to_owned(), Array::U32(places.clone()));
        });
        // Swapped preparations have other columns: refused, or at least answered.
        if let Ok(model) = read {
            assert_eq!(model.predict(&data()).rows(), ROWS);
            assert_eq!(places, [1, 0]);
        }
    }
    for name in state.meta.keys() {
        let read = changed(&|state| {
            state.meta.remove(name);
        });
        assert!(
            read.is_err() || read.unwrap().predict(&data()).rows() == ROWS,
            "{name}"
        );
    }
    for name in state.arrays.keys() {
        let read = changed(&|state| {
            state.arrays.remove(name);
        });
        assert!(
            read.is_err() || read.unwrap().predict(&data()).rows() == ROWS,
            "{name}"
        );
    }
}
