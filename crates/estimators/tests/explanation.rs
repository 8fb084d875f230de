//! Explanations through the pipeline: what columns add, and how answers change with one column.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "support/tables.rs"]
mod tables;

use serde_json::json;
use tables::{booleans, numbers, strings, table};
use trainyard_estimators::algorithm::{ALGORITHMS, algorithm};
use trainyard_estimators::explain::{
    Level, Method, Scale, contributions, grid, partial_dependence, what_if,
};
use trainyard_estimators::pipeline::Pipeline;
use trainyard_estimators::target::TargetEncoder;
use trainyard_estimators::{
    Algorithm, FitContext, FitError, Interruption, Params, Prediction, Task,
};
use trainyard_table::{Kind, Table};

const ROWS: usize = 120;

/// Numbers, gaps, categories, two spellings, a date; a number, two classes and three classes to learn.
fn data() -> Table {
    let x = |row: usize| ((row * 37) % 101) as f64 / 10.0;
    let z = |row: usize| ((row * 53) % 89) as f64 / 9.0;
    let word = |row: usize| ["oak", "elm", "ash", "fir"][(row * 7 / 3) % 4];
    let flag = |row: usize| (row * 11) % 5 < 2;
    let sum = |row: usize| {
        2.0 * x(row) - z(row)
            + [0.0, 3.0, -2.0, 1.0][(row * 7 / 3) % 4]
            + if flag(row) { 4.0 } else { 0.0 }
    };
    let column = |of: &dyn Fn(usize) -> f64, gap: usize| -> Vec<Option<f64>> {
        (0..ROWS)
            .map(|row| (row % gap != 3).then(|| of(row)))
            .collect()
    };
    let texts = |of: &dyn Fn(usize) -> Option<&'static str>| (0..ROWS).map(of).collect::<Vec<_>>();
    let flags: Vec<Option<bool>> = (0..ROWS).map(|row| Some(flag(row))).collect();
    table(vec![
        numbers("x", Kind::Number, &column(&x, 10)),
        numbers("z", Kind::Number, &column(&z, 1000)),
        strings(
            "tree",
            Kind::Category,
            &texts(&|row| (row % 13 != 5).then(|| word(row))),
        ),
        booleans("flag", ["no", "yes"], &flags),
        numbers(
            "day",
            Kind::Date,
            &column(&|row| 86_400.0 * (row * 17 % 300) as f64, 1000),
        ),
        numbers("number", Kind::Number, &column(&sum, 1000)),
        strings(
            "two",
            Kind::Category,
            &texts(&|row| Some(if sum(row) > 5.0 { "up" } else { "down" })),
        ),
        strings(
            "three",
            Kind::Category,
            &texts(&|row| {
                Some(
                    ["high", "low", "mid"][usize::from(sum(row) < 9.0)
                        + usize::from(sum(row) < 9.0 && sum(row) > 2.0)],
                )
            }),
        ),
    ])
}

fn fit(own: &dyn Algorithm, aim: &str, given: serde_json::Value) -> Pipeline {
    let data = data();
    let task = if aim == "number" {
        Task::Regression
    } else {
        Task::Classification
    };
    let target = data.column(aim).unwrap();
    let encoder = TargetEncoder::fit(target, task).unwrap();
    let (target, kept) = encoder.encode(target).unwrap();
    let train = data.take(&kept);
    let mut given = given.as_object().cloned().unwrap_or_default();
    for (name, value) in [("n_estimators", 8), ("epochs", 20)] {
        if own.spec().params.iter().any(|spec| spec.name == name) {
            given.insert(name.to_owned(), json!(value));
        }
    }
    let params = Params::check(own.spec().params, task, &given).unwrap();
    let features = ["x", "z", "tree", "flag", "day"].map(str::to_owned);
    let context = FitContext::silent(1);
    Pipeline::fit(
        &train, &features, &encoder, &target, own, &params, None, &context,
    )
    .unwrap()
}

/// Every algorithm with every target it can learn.
fn pipelines() -> Vec<Pipeline> {
    let of = |own: &&'static dyn Algorithm| {
        let mut aims = Vec::new();
        if own.spec().tasks.contains(&Task::Regression) {
            aims.push("number");
        }
        if own.spec().tasks.contains(&Task::Classification) {
            aims.extend(["two", "three"]);
        }
        let own = *own;
        aims.into_iter().map(move |aim| fit(own, aim, json!({})))
    };
    ALGORITHMS.iter().flat_map(of).collect()
}

/// What sums on a scale mean as an answer.
fn answer(scale: Scale, sums: &[f64]) -> Vec<f64> {
    match scale {
        Scale::Probability | Scale::Number => sums.to_vec(),
        Scale::LogNumber => sums.iter().map(|sum| sum.exp()).collect(),
        Scale::LogOdds => {
            let second = 1.0 / (1.0 + (-sums[0]).exp());
            vec![1.0 - second, second]
        }
        Scale::ClassScores => {
            let total: f64 = sums.iter().map(|sum| sum.exp()).sum();
            sums.iter().map(|sum| sum.exp() / total).collect()
        }
    }
}

fn answers(prediction: Prediction) -> Vec<f64> {
    match prediction {
        Prediction::Classes { probabilities, .. } => probabilities,
        Prediction::Values(values) => values,
    }
}

#[test]
fn base_and_contributions_add_up_to_the_answer() {
    let data = data();
    let rows = data.take(&[0, 3, 5, 18, 44, 90]);
    let mut methods = Vec::new();
    for pipeline in pipelines() {
        let found = contributions(&pipeline, &rows, Some(&data), &FitContext::silent(3)).unwrap();
        assert_eq!(found.columns, ["x", "z", "tree", "flag", "day"]);
        assert_eq!(found.rows(), 6);
        let expected = answers(pipeline.predict(&rows));
        let width = expected.len() / 6;
        for (row, expected) in expected.chunks_exact(width).enumerate() {
            let sums: Vec<f64> = (0..found.outputs)
                .map(|output| found.base[output] + found.of(row, output).iter().sum::<f64>())
                .collect();
            for (own, expected) in answer(found.scale, &sums).iter().zip(expected) {
                let name = pipeline.algorithm();
                assert!(
                    (own - expected).abs() < 1e-9 * expected.abs().max(1.0),
                    "{name}, row {row}: {own} is not {expected}"
                );
            }
        }
        methods.push((pipeline.algorithm(), found.method));
    }
    for (name, method) in methods {
        let expected = match name {
            "decision_tree" | "random_forest" | "extra_trees" | "gradient_boosting" => {
                Method::Trees
            }
            "linear_regression" | "logistic_regression" => Method::Linear,
            _ => Method::Sampled,
        };
        assert_eq!(method, expected, "{name}");
    }
}

#[test]
fn loaded_models_explain_the_same_whatever_the_threads() {
    let data = data();
    let rows = data.take(&[1, 2, 3, 70]);
    for pipeline in pipelines() {
        let with = |threads: usize, pipeline: &Pipeline, rows: &Table| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            pool.unwrap()
                .install(|| contributions(pipeline, rows, Some(&data), &FitContext::silent(3)))
                .unwrap()
        };
        let loaded = Pipeline::load(&pipeline.save()).unwrap();
        let found = with(1, &pipeline, &rows);
        assert_eq!(found, with(2, &loaded, &rows), "{}", pipeline.algorithm());
        assert_eq!(found, with(7, &pipeline, &rows), "{}", pipeline.algorithm());
        // A row is explained the same alone.
        let alone = with(2, &pipeline, &rows.take(&[2]));
        assert_eq!(alone.values, {
            let size = found.outputs * found.columns.len();
            found.values[2 * size..3 * size].to_vec()
        });
    }
}

/// A model that has forgotten its means, so that it cannot tell exactly.
fn forgetful(pipeline: &Pipeline) -> Pipeline {
    let mut state = pipeline.save();
    state.arrays.remove("model.means");
    assert!(Pipeline::load(&state).is_err(), "a note without its array");
    state.meta.remove("model.means");
    Pipeline::load(&state).unwrap()
}

#[test]
fn sampled_contributions_come_near_the_exact_ones() {
    let data = data();
    let exact = fit(algorithm("linear_regression").unwrap(), "number", json!({}));
    let rows = data.take(&[0, 7, 33]);
    let expected = contributions(&exact, &rows, None, &FitContext::silent(3)).unwrap();
    assert_eq!(expected.method, Method::Linear);
    // Row 3 has no target.
    let trained: Vec<usize> = (0..ROWS).filter(|&row| row != 3).collect();
    // All training rows as background: nothing is left to chance, whatever the orders. Half of them: about the same.
    let half: Vec<usize> = (0..ROWS).step_by(2).collect();
    for (background, near) in [(&data.take(&trained), 1e-9), (&data.take(&half), 0.6)] {
        for seed in [3, 4] {
            let context = FitContext::silent(seed);
            let asked = forgetful(&exact);
            let found = contributions(&asked, &rows, Some(background), &context).unwrap();
            assert_eq!(found.method, Method::Sampled);
            let pairs = found.values.iter().zip(&expected.values);
            for (own, expected) in pairs.chain(found.base.iter().zip(&expected.base)) {
                assert!((own - expected).abs() < near, "{own} is not {expected}");
            }
        }
    }
}

#[test]
fn reasons_name_the_strongest_first() {
    let data = data();
    let rows = data.take(&[0, 1]);
    for aim in ["two", "three"] {
        let pipeline = fit(
            algorithm("gradient_boosting").unwrap(),
            aim,
            json!({"min_samples_leaf": 5}),
        );
        let found = contributions(&pipeline, &rows, None, &FitContext::silent(1)).unwrap();
        let reasons = found.reasons(0, 1, 3);
        assert!(!reasons.is_empty() && reasons.len() <= 3);
        assert!(
            reasons
                .windows(2)
                .all(|pair| pair[0].value.abs() >= pair[1].value.abs())
        );
        assert!(found.reasons(0, 9, 3).is_empty());
        assert!(found.reasons(2, 1, 3).is_empty());
        if aim == "two" {
            // What speaks for one of two classes speaks against the other.
            let other = found.reasons(0, 0, 3);
            assert_eq!(reasons[0].column, other[0].column);
            assert_eq!(reasons[0].value, -other[0].value);
            assert_eq!(found.base_of(0), found.base_of(1).map(|base| -base));
        }
    }
}

#[test]
fn what_cannot_be_explained_is_refused() {
    let data = data();
    let pipeline = fit(algorithm("knn").unwrap(), "number", json!({}));
    let one = data.take(&[0]);
    let context = FitContext::silent(1);
    let error = contributions(&pipeline, &one, None, &context).unwrap_err();
    assert!(error.to_string().contains("background"), "{error}");
    let stopped = FitContext {
        interruption: &|| Some(Interruption::Cancelled),
        ..FitContext::silent(3)
    };
    for own in ["knn", "decision_tree"] {
        let pipeline = fit(algorithm(own).unwrap(), "number", json!({}));
        assert_eq!(
            contributions(&pipeline, &data, None, &stopped),
            Err(FitError::Interrupted(Interruption::Cancelled))
        );
    }
    let small = FitContext {
        memory_budget: 100,
        ..FitContext::silent(3)
    };
    assert!(matches!(
        contributions(&pipeline, &data, None, &small),
        Err(FitError::Memory { .. })
    ));
    assert!(grid(&data, "nowhere", 5).is_err());
    let unused = partial_dependence(&pipeline, &data, "two", 5, &context).unwrap_err();
    assert!(unused.to_string().contains("'two'"), "{unused}");
    assert!(what_if(&pipeline, &data, "x", &[Level::Number(1.0)]).is_err());
    assert!(what_if(&pipeline, &one, "x", &[]).is_err());
}

#[test]
fn grids_hold_values_that_are_there() {
    let data = data();
    let Level::Number(first) = grid(&data, "x", 5).unwrap()[0] else {
        panic!("x is a number")
    };
    assert_eq!(first, 0.0);
    assert_eq!(grid(&data, "x", 5).unwrap().len(), 5);
    let text = |text: &str| Level::Text(text.to_owned());
    assert_eq!(grid(&data, "flag", 9).unwrap(), [text("no"), text("yes")]);
    let trees = grid(&data, "tree", 9).unwrap();
    assert_eq!(trees.len(), 4);
    assert_eq!(grid(&data, "tree", 2).unwrap(), trees[..2]);
}

#[test]
fn curves_show_what_the_model_would_answer() {
    let data = data();
    let context = FitContext::silent(1);
    for (name, aim) in [
        ("linear_regression", "number"),
        ("random_forest", "number"),
        ("logistic_regression", "three"),
        ("gradient_boosting", "two"),
    ] {
        let pipeline = fit(algorithm(name).unwrap(), aim, json!({}));
        for column in ["x", "tree", "flag", "day"] {
            let found = partial_dependence(&pipeline, &data, column, 6, &context).unwrap();
            let (points, outputs) = (found.grid.len(), found.outputs);
            assert_eq!(found.mean.len(), points * outputs);
            assert_eq!(found.curves.len(), found.rows.len() * points * outputs);
            // The curve of a row is what the row alone would be answered, and a cell of the table is on its curve.
            let row = data.take(&[found.rows[4]]);
            let alone = what_if(&pipeline, &row, column, &found.grid).unwrap();
            assert_eq!(
                alone.mean,
                found.curves[4 * points * outputs..5 * points * outputs]
            );
            let own = match &row.column(column).unwrap().cell(0) {
                trainyard_table::Cell::Text(text) if column != "day" => Level::Text(text.clone()),
                _ => row
                    .column(column)
                    .unwrap()
                    .number(0)
                    .map(Level::Number)
                    .unwrap(),
            };
            let at = what_if(&pipeline, &row, column, &[own]).unwrap();
            assert_eq!(at.mean, answers(pipeline.predict(&row)), "{name} {column}");
        }
    }
    // Of a linear model the mean is a line: as steep everywhere as every single curve.
    let pipeline = fit(algorithm("linear_regression").unwrap(), "number", json!({}));
    let found = partial_dependence(&pipeline, &data, "z", 6, &context).unwrap();
    let at = |point: usize| match found.grid[point] {
        Level::Number(value) => value,
        Level::Text(_) => f64::NAN,
    };
    let slope = |values: &[f64], point: usize| {
        (values[point + 1] - values[point]) / (at(point + 1) - at(point))
    };
    for point in 0..found.grid.len() - 1 {
        assert!((slope(&found.mean, point) - slope(&found.mean, 0)).abs() < 1e-9);
        assert!((slope(&found.mean, point) - slope(&found.curves, point)).abs() < 1e-9);
    }
    assert!(
        (slope(&found.mean, 0) + 1.0).abs() < 0.3,
        "{:?}",
        found.mean
    );
}

#[test]
fn linear_models_of_old_files_are_asked_instead() {
    let data = data();
    let pipeline = fit(algorithm("logistic_regression").unwrap(), "two", json!({}));
    let old = forgetful(&pipeline);
    assert_eq!(old.predict(&data), pipeline.predict(&data));
    let found = contributions(
        &old,
        &data.take(&[0, 1]),
        Some(&data),
        &FitContext::silent(1),
    );
    assert_eq!(found.unwrap().method, Method::Sampled);
}
