//! A pipeline from table to prediction and back from its saved state, and the importance of its columns.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "support/tables.rs"]
mod tables;

use proptest::prelude::*;
use tables::{booleans, numbers, strings, table};
use trainyard_estimators::algorithm::AlgorithmSpec;
use trainyard_estimators::importance::{MAX_ROWS, permutation};
use trainyard_estimators::metrics::{metric, score};
use trainyard_estimators::pipeline::Pipeline;
use trainyard_estimators::target::TargetEncoder;
use trainyard_estimators::{
    Algorithm, Array, Cost, FeatureValues, Features, FitContext, FitError, Fitted, Interruption,
    Needs, Params, Prediction, Shape, State, StateError, Target, Task, TrainingData,
};
use trainyard_table::{Kind, Table};

/// A line through the origin of the first feature: small enough to know every answer by hand.
struct Slope;

struct FittedSlope(f64);

static SLOPE: AlgorithmSpec = AlgorithmSpec {
    name: "slope",
    title: "Slope",
    doc: "y = a · x",
    tasks: &[Task::Regression],
    needs: Needs {
        scaling: false,
        imputation: true,
    },
    params: &[],
};

fn first(features: &Features) -> &[f64] {
    match features.columns().first().map(|feature| &feature.values) {
        Some(FeatureValues::Numeric(values)) => values,
        _ => &[],
    }
}

impl Algorithm for Slope {
    fn spec(&self) -> &'static AlgorithmSpec {
        &SLOPE
    }

    fn fit(
        &self,
        _: &Params,
        data: TrainingData<'_>,
        context: &FitContext<'_>,
    ) -> Result<Box<dyn Fitted>, FitError> {
        context.check()?;
        let Target::Values(target) = data.target else {
            return Err(FitError::Data("numbers only".to_owned()));
        };
        let (mut above, mut below) = (0.0, 0.0);
        for (row, (x, y)) in first(data.features).iter().zip(target).enumerate() {
            let weight = data.weights.map_or(1.0, |weights| weights[row]);
            above += weight * x * y;
            below += weight * x * x;
        }
        Ok(Box::new(FittedSlope(above / below)))
    }

    fn cost(&self, shape: Shape, _: &Params) -> Cost {
        Cost {
            seconds: shape.rows as f64 * 1e-9,
            answer_seconds: 1e-9,
            bytes: 0,
            kept: 0,
        }
    }

    fn load(&self, state: &State) -> Result<Box<dyn Fitted>, StateError> {
        match state.f64s("slope")? {
            [slope] => Ok(Box::new(FittedSlope(*slope))),
            _ => Err(StateError("one slope".to_owned())),
        }
    }
}

impl Fitted for FittedSlope {
    fn predict(&self, features: &Features) -> Prediction {
        Prediction::Values(first(features).iter().map(|x| self.0 * x).collect())
    }

    fn save(&self) -> State {
        State::default().with("slope", Array::F64(vec![self.0]))
    }
}

fn slope(name: &str) -> Option<&'static dyn Algorithm> {
    (name == "slope").then_some(&Slope as &'static dyn Algorithm)
}

fn data(rows: usize) -> (Table, TargetEncoder, Target) {
    let x = |row: usize| ((row * 37) % 101) as f64;
    let column = |of: &dyn Fn(usize) -> Option<f64>| (0..rows).map(of).collect::<Vec<_>>();
    let words = (0..rows)
        .map(|row| Some(["a", "b", "c"][row % 3]))
        .collect::<Vec<_>>();
    let flags = (0..rows).map(|row| Some(row % 2 == 0)).collect::<Vec<_>>();
    let made = table(vec![
        numbers(
            "x",
            Kind::Number,
            &column(&|row| (row % 10 != 3).then(|| x(row))),
        ),
        strings("word", Kind::Category, &words),
        booleans("flag", ["no", "yes"], &flags),
        numbers("y", Kind::Number, &column(&|row| Some(2.5 * x(row)))),
    ]);
    let column = made.column("y").unwrap();
    let encoder = TargetEncoder::fit(column, Task::Regression).unwrap();
    let (target, kept) = encoder.encode(column).unwrap();
    assert_eq!(kept.len(), rows);
    (made, encoder, target)
}

fn features() -> Vec<String> {
    ["x", "word", "flag"].map(str::to_owned).to_vec()
}

fn params() -> Params {
    Params::check(&[], Task::Regression, &serde_json::Map::new()).unwrap()
}

fn fit(rows: usize, weights: Option<&[f64]>) -> Result<(Pipeline, Table, Target), FitError> {
    let (table, encoder, target) = data(rows);
    let context = FitContext::silent(1);
    let fitted = Pipeline::fit(
        &table,
        &features(),
        &encoder,
        &target,
        &Slope,
        &params(),
        weights,
        &context,
    )?;
    Ok((fitted, table, target))
}

#[test]
fn table_in_predictions_out() {
    let (pipeline, ..) = fit(200, None).unwrap();
    assert_eq!(
        (pipeline.algorithm(), pipeline.task()),
        ("slope", Task::Regression)
    );
    let rows = table(vec![numbers(
        "x",
        Kind::Number,
        &[Some(2.0), Some(0.0), None],
    )]);
    let Prediction::Values(found) = pipeline.predict(&rows) else {
        panic!("numbers were learned")
    };
    assert_eq!(found[1], 0.0);
    assert!((found[0] - 5.0).abs() < 0.5, "{found:?}");
    assert!(found[2] > 100.0, "the median stands in: {found:?}");
}

#[test]
fn weights_reach_the_algorithm() {
    // Only rows 0 and 1 count, both on the line.
    let weights = (0..50)
        .map(|row| if row < 2 { 1.0 } else { 0.0 })
        .collect::<Vec<_>>();
    let (pipeline, ..) = fit(50, Some(&weights)).unwrap();
    assert_eq!(pipeline.save().f64s("model.slope").unwrap(), [2.5]);
    assert!(matches!(fit(50, Some(&[1.0])), Err(FitError::Data(_))));
    assert!(matches!(fit(50, Some(&[-1.0; 50])), Err(FitError::Data(_))));
}

#[test]
fn the_target_is_no_feature() {
    let (table, encoder, target) = data(20);
    let context = FitContext::silent(1);
    let features = ["x".to_owned(), "y".to_owned()];
    let error = Pipeline::fit(
        &table,
        &features,
        &encoder,
        &target,
        &Slope,
        &params(),
        None,
        &context,
    )
    .unwrap_err();
    assert!(
        error.to_string().starts_with("'y' is the target"),
        "{error}"
    );
}

#[test]
fn parts_that_do_not_belong_together_are_refused() {
    let (pipeline, ..) = fit(50, None).unwrap();
    let state = pipeline.save();
    assert!(Pipeline::load_with(&state, slope).is_ok());
    assert!(Pipeline::load_with(&state, |_| None).is_err());
    assert!(Pipeline::load_with(&State::default(), slope).is_err());
    // A target of classes over a model of numbers.
    let mut other = state.clone();
    let target = other.meta.get_mut("target.target").unwrap();
    target["classes"] = serde_json::json!(["no", "yes"]);
    assert!(Pipeline::load_with(&other, slope).is_err());
    target_classes_must_be_a_set(&state);
}

fn target_classes_must_be_a_set(state: &State) {
    for classes in [serde_json::json!(["a"]), serde_json::json!(["a", "a"])] {
        let mut other = state.clone();
        other.meta.get_mut("target.target").unwrap()["classes"] = classes;
        assert!(TargetEncoder::load(&other.part("target")).is_err());
    }
}

#[test]
fn a_column_the_model_ignores_is_worth_nothing() {
    let (pipeline, table, target) = fit(300, None).unwrap();
    let spec = metric("r2").unwrap();
    let found = permutation(&pipeline, &table, &target, spec, &FitContext::silent(3)).unwrap();
    let names = found
        .iter()
        .map(|importance| importance.column.as_str())
        .collect::<Vec<_>>();
    assert_eq!(names, ["x", "word", "flag"]);
    assert!(found[0].mean > 0.5 && found[0].std > 0.0, "{found:?}");
    assert_eq!(
        (found[1].mean, found[1].std, found[2].mean),
        (0.0, 0.0, 0.0)
    );
    // For an error, too, worse is positive.
    let found = permutation(
        &pipeline,
        &table,
        &target,
        metric("rmse").unwrap(),
        &FitContext::silent(3),
    )
    .unwrap();
    assert!(found[0].mean > 1.0);
    // A metric of the other task judges nothing.
    let none = permutation(
        &pipeline,
        &table,
        &target,
        metric("accuracy").unwrap(),
        &FitContext::silent(3),
    )
    .unwrap();
    assert!(none.is_empty());
}

#[test]
fn importance_does_not_depend_on_threads_and_can_be_stopped() {
    let (pipeline, table, target) = fit(MAX_ROWS + 500, None).unwrap();
    let spec = metric("mae").unwrap();
    let with = |threads| {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap()
            .install(|| permutation(&pipeline, &table, &target, spec, &FitContext::silent(3)))
            .unwrap()
    };
    assert_eq!(with(1), with(7));
    let stopped = FitContext {
        interruption: &|| Some(Interruption::Cancelled),
        ..FitContext::silent(3)
    };
    assert_eq!(
        permutation(&pipeline, &table, &target, spec, &stopped),
        Err(FitError::Interrupted(Interruption::Cancelled))
    );
}

proptest! {
    #[test]
    fn loaded_it_predicts_the_same(rows in 12_usize..60, cells in prop::collection::vec(prop::option::of(-1e9_f64..1e9), 1..20)) {
        let (pipeline, train, target) = fit(rows, None).unwrap();
        let loaded = Pipeline::load_with(&pipeline.save(), slope).unwrap();
        prop_assert_eq!(loaded.save(), pipeline.save());
        let new = table(vec![numbers("x", Kind::Number, &cells)]);
        prop_assert_eq!(loaded.predict(&new), pipeline.predict(&new));
        prop_assert_eq!(
            score("r2", &target, &loaded.predict(&train)),
            score("r2", &target, &pipeline.predict(&train))
        );
    }
}
