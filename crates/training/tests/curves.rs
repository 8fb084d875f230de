//! Learning curves through the public function: shares contain each other, more rows help, nothing depends on the threads.
#![expect(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

#[path = "support/asking.rs"]
#[expect(dead_code, reason = "shared with other tests, which need more of it")]
mod asking;
#[path = "support/tables.rs"]
#[expect(dead_code, reason = "shared with other tests, which need more of it")]
mod tables;

use asking::spec;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use tables::{moons, waves};
use trainyard_estimators::Interruption;
use trainyard_training::learning::SHARES;
use trainyard_training::{
    LearningCurve, SplitSpec, TrainContext, TrainError, TrainSpec, learning_curve,
};

fn curve(spec: &TrainSpec, rows: usize) -> LearningCurve {
    let table = if spec.algorithm == "linear_regression" {
        waves(rows)
    } else {
        moons(rows)
    };
    learning_curve(spec, &table, &SHARES, 4, &TrainContext::silent()).unwrap()
}

#[test]
fn more_rows_help_and_what_was_learned_by_heart_falls_behind() {
    let found = curve(&spec("decision_tree"), 800);
    assert_eq!(found.metric, "accuracy");
    let rows: Vec<&[usize]> = found.points.iter().map(|point| &point.rows[..]).collect();
    assert_eq!(
        rows,
        [[60; 4], [120; 4], [240; 4], [420; 4], [600; 4]].each_ref()
    );
    let test: Vec<f64> = found
        .points
        .iter()
        .map(|point| point.test["accuracy"].mean)
        .collect();
    assert!(test[4] > test[0] + 0.02, "{test:?}");
    for point in &found.points {
        // A tree without limits knows its rows by heart.
        let (train, test) = (&point.train["accuracy"], &point.test["accuracy"]);
        assert!(train.mean > 0.999 && train.mean > test.mean, "{point:?}");
        assert_eq!(test.values.len(), 4);
        assert!(test.std > 0.0);
    }
}

#[test]
fn numbers_have_curves_too() {
    let found = curve(&spec("linear_regression"), 400);
    assert_eq!(found.metric, "rmse");
    for point in &found.points {
        assert!(point.test["r2"].mean > 0.3, "{point:?}");
        assert!(point.train.contains_key("rmse") && point.test.contains_key("rmse"));
    }
}

#[test]
fn the_last_point_is_the_cross_validation() {
    let spec = spec("logistic_regression");
    let table = moons(300);
    let context = TrainContext::silent();
    let validated = trainyard_training::cross_validate(&table, &spec, 4, &context).unwrap();
    let found = curve(&spec, 300);
    assert_eq!(found.points[4].test, validated.metrics);
}

#[test]
fn a_curve_is_the_same_every_time_and_with_any_threads() {
    let spec = spec("random_forest");
    let spec = TrainSpec {
        params: asking::object(serde_json::json!({"n_estimators": 5})),
        ..spec
    };
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| curve(&spec, 200))
    };
    let one = with(1);
    assert_eq!(one, with(1));
    assert_eq!(one, with(3));
    let other = TrainSpec { seed: 7, ..spec };
    assert_ne!(one, curve(&other, 200));
}

#[test]
fn rare_classes_are_in_every_share() {
    use trainyard_table::{Column, Kind, Table};
    let rows = 600;
    let answers = (0..rows).map(|row| Some(if row % 60 == 0 { "rare" } else { "common" }));
    let x = (0..rows).map(|row| Some(tables::noise(row, 1) + f64::from(row % 60 == 0)));
    let table = Table::new(vec![
        Column::numbers("x", Kind::Number, x, None),
        Column::strings("answer", Kind::Category, answers),
    ])
    .unwrap();
    let found = learning_curve(
        &spec("logistic_regression"),
        &table,
        &[0.001, 0.05, 1.0],
        3,
        &TrainContext::silent(),
    )
    .unwrap();
    let rows: Vec<usize> = found.points.iter().map(|point| point.rows[0]).collect();
    assert_eq!(rows, [5, 20, 400]);
}

#[test]
fn folds_obey_the_split() {
    use trainyard_table::{Column, Kind, Table};
    // Each group has an answer of its own that only its number tells: on whole groups held out nothing can be known.
    let rows = 400;
    let number = |name: &str, value: fn(usize) -> f64| {
        Column::numbers(
            name,
            Kind::Number,
            (0..rows).map(|row| Some(value(row))),
            None,
        )
    };
    let table = Table::new(vec![
        number("group", |row| (row % 40) as f64),
        number("x", |row| tables::noise(row % 40, 8)),
        number("answer", |row| tables::noise(row % 40, 7)),
    ])
    .unwrap();
    let at_random = spec("decision_tree");
    let by_group = TrainSpec {
        split: SplitSpec::Group {
            column: "group".to_owned(),
        },
        ..at_random.clone()
    };
    let last = |spec: &TrainSpec| {
        let found = learning_curve(spec, &table, &[0.5, 1.0], 4, &TrainContext::silent()).unwrap();
        found.points[1].test["r2"].mean
    };
    assert!(last(&at_random) > 0.99);
    assert!(last(&by_group) < 0.3);
}

#[test]
fn wrong_shares_and_auto_are_refused() {
    let refused = |spec: &TrainSpec, shares: &[f64], folds| match learning_curve(
        spec,
        &moons(60),
        shares,
        folds,
        &TrainContext::silent(),
    ) {
        Err(TrainError::Spec(problems)) => problems[0].pointer.clone(),
        other => panic!("{other:?}"),
    };
    let tree = spec("decision_tree");
    for shares in [&[][..], &[0.0, 1.0], &[0.5, 0.5], &[0.5, 1.1], &[f64::NAN]] {
        assert_eq!(refused(&tree, shares, 3), "/shares", "{shares:?}");
    }
    assert_eq!(refused(&tree, &[1.0], 1), "/folds");
    assert_eq!(refused(&spec("auto"), &[1.0], 3), "/algorithm");
}

#[test]
fn a_curve_says_how_far_it_is_and_can_be_stopped() {
    let seen = Mutex::new(Vec::new());
    let looks = AtomicUsize::new(0);
    let context = TrainContext {
        progress: &|progress| {
            seen.lock()
                .unwrap()
                .push((progress.done, progress.of, progress.message.clone()));
        },
        ..TrainContext::silent()
    };
    learning_curve(
        &spec("decision_tree"),
        &moons(100),
        &[0.5, 1.0],
        3,
        &context,
    )
    .unwrap();
    let seen = seen.into_inner().unwrap();
    let steps: Vec<u32> = seen.iter().map(|step| step.0).collect();
    assert!(steps.is_sorted() && steps.last() == Some(&6), "{seen:?}");
    assert!(
        seen.iter()
            .any(|step| step.1 == 6 && step.2.as_deref() == Some("50 % of the rows, fold 2 of 3"))
    );
    let stopping = TrainContext {
        interruption: &|| {
            (looks.fetch_add(1, Ordering::Relaxed) > 3).then_some(Interruption::Cancelled)
        },
        ..TrainContext::silent()
    };
    let stopped = learning_curve(
        &spec("decision_tree"),
        &moons(100),
        &[0.5, 1.0],
        3,
        &stopping,
    );
    assert_eq!(
        stopped.unwrap_err(),
        TrainError::Interrupted(Interruption::Cancelled)
    );
}
