//! Pictures through the public functions: what is learned from their pixels together, kept in a model file and answered by any
//! algorithm, on handwritten digits of the set that comes with the program.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests may stop at the first surprise; the digits are a file"
)]

use serde_json::json;
use std::io::Cursor;
use trainyard_estimators::Prediction;
use trainyard_estimators::preparation::{PictureOptions, Shifts};
use trainyard_images::set::LABEL;
use trainyard_images::{PictureSet, SetLimits};
use trainyard_table::{Column, Kind, PictureContent, PictureShape, Table};
use trainyard_training::{FittedModel, TrainContext, TrainError, TrainSpec, Trained, train};

const ROWS: usize = 700;
const SHAPE: PictureShape = PictureShape {
    height: 28,
    width: 28,
    content: PictureContent::Ink,
};

/// The first digits of the set: some to learn from, as many to judge by.
fn digits() -> (Table, Table) {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../platform/samples/digits.zip");
    let bytes = std::fs::read(path).unwrap();
    let set = PictureSet::read(Cursor::new(bytes), &SetLimits::default()).unwrap();
    assert_eq!(set.shape, SHAPE);
    let table = set.table().unwrap();
    (table.slice(0, ROWS), table.slice(ROWS, ROWS))
}

fn spec(algorithm: &str) -> TrainSpec {
    let mut spec = TrainSpec::new(LABEL, algorithm);
    spec.adopt_pictures(Some(SHAPE));
    spec
}

fn fit(spec: &TrainSpec, table: &Table) -> Trained {
    train(spec, table, &TrainContext::silent()).unwrap()
}

fn accuracy(model: &FittedModel, table: &Table) -> f64 {
    let prediction = model.predict(table);
    let labels = prediction.labels().unwrap();
    let truth = table.column(LABEL).unwrap();
    let classes = model.classes().unwrap();
    let right = labels
        .iter()
        .enumerate()
        .filter(|(row, label)| truth.text(*row) == Some(&classes[**label as usize]));
    right.count() as f64 / table.rows() as f64
}

#[test]
fn what_is_drawn_tells_more_than_single_pixels() {
    let (learned, judged) = digits();
    let of_pixels = TrainSpec::new(LABEL, "svm");
    let pixels = accuracy(&fit(&of_pixels, &learned).model, &judged);
    let trained = fit(&spec("svm"), &learned);
    let pictures = accuracy(&trained.model, &judged);
    assert!(
        pixels < 0.94 && pictures > 0.955,
        "{pixels} by pixels, {pictures} by pictures"
    );
    // A picture has no columns worth naming one by one.
    assert!(trained.report.importance.is_empty());
    assert_eq!(trained.report.preparation.len(), 1);
    assert_eq!(trained.report.preparation[0].column, "28 × 28 pixels");
    assert_eq!(trained.report.preparation[0].steps[0], "slant taken off");
    assert_eq!(trained.model.signature().len(), 784);
    assert!(
        trained
            .model
            .signature()
            .iter()
            .all(|field| field.range == Some([0.0, 255.0]))
    );
}

#[test]
fn every_algorithm_learns_from_pictures() {
    let (learned, judged) = digits();
    for (algorithm, params, least) in [
        ("logistic_regression", json!({}), 0.9),
        ("random_forest", json!({ "n_estimators": 60 }), 0.88),
        ("gradient_boosting", json!({ "n_estimators": 4 }), 0.7),
        ("knn", json!({}), 0.9),
        ("neural_net", json!({}), 0.88),
    ] {
        let mut spec = spec(algorithm);
        spec.params = params.as_object().unwrap().clone();
        let reached = accuracy(&fit(&spec, &learned).model, &judged);
        assert!(reached > least, "{algorithm}: {reached}");
    }
}

#[test]
fn a_model_file_answers_as_the_model_did_whatever_the_threads() {
    let (learned, judged) = digits();
    let learned = learned.slice(0, 400);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| fit(&spec("svm"), &learned).model.to_bytes())
    };
    let bytes = with(1);
    assert_eq!(bytes, with(3));
    let model = FittedModel::from_bytes(&bytes).unwrap();
    assert_eq!(model.spec().pictures, Some(PictureOptions::of(SHAPE)));
    let fresh = fit(&spec("svm"), &learned).model;
    assert_eq!(model.predict(&judged), fresh.predict(&judged));
    assert_eq!(model.to_bytes(), bytes);
    // One picture is answered as it is among others, in any order of columns.
    let all = model.predict(&judged);
    let Prediction::Classes {
        probabilities,
        classes,
    } = all
    else {
        unreachable!()
    };
    let mut names: Vec<&str> = judged.columns().iter().map(Column::name).collect();
    names.reverse();
    let one = model.predict(&judged.take(&[500]).select(&names));
    let Prediction::Classes {
        probabilities: alone,
        ..
    } = one
    else {
        unreachable!()
    };
    let among = &probabilities[500 * classes..501 * classes];
    assert!(
        alone
            .iter()
            .zip(among)
            .all(|(one, other)| (one - other).abs() < 1e-9)
    );
}

#[test]
fn moved_copies_are_learned_from_and_asked_about_once() {
    let (learned, judged) = digits();
    let learned = learned.slice(0, 300);
    let mut copied = spec("logistic_regression");
    let plain = accuracy(&fit(&copied, &learned).model, &judged);
    copied.pictures = Some(PictureOptions {
        shifts: Shifts::Four,
        ..PictureOptions::of(SHAPE)
    });
    copied.folds = 3;
    let trained = fit(&copied, &learned);
    let more = accuracy(&trained.model, &judged);
    assert!(more > plain, "{more} with copies, {plain} without");
    assert_eq!(trained.report.rows.train + trained.report.rows.test, 300);
    assert_eq!(trained.report.folds.unwrap().count, 3);
}

#[test]
fn a_race_and_a_search_know_pictures() {
    let (learned, judged) = digits();
    let mut race = spec("auto");
    race.effort = trainyard_training::Effort::Quick;
    let trained = fit(&race, &learned.slice(0, 500));
    assert!(
        accuracy(&trained.model, &judged) > 0.94,
        "{}",
        trained.report.algorithm
    );
}

#[test]
fn columns_that_are_no_pictures_are_refused() {
    let (learned, _) = digits();
    let schema = learned.schema();
    let mut wrong = spec("svm");
    wrong.pictures = Some(PictureOptions::of(PictureShape {
        height: 27,
        ..SHAPE
    }));
    let problems = wrong.check(schema, learned.rows()).unwrap_err();
    assert_eq!(problems[0].pointer, "/pictures");
    assert!(
        problems[0]
            .detail
            .contains("need 756 columns, and these are 784"),
        "{problems:?}"
    );
    let refused = train(&wrong, &learned, &TrainContext::silent());
    assert!(matches!(refused, Err(TrainError::Data(_))), "{refused:?}");

    let words = Table::new(vec![
        Column::numbers(
            "a",
            Kind::Integer,
            (0..20).map(|row| Some(f64::from(row % 3))),
            None,
        ),
        Column::strings(
            "b",
            Kind::Category,
            (0..20).map(|row| Some(if row % 2 == 0 { "x" } else { "y" })),
        ),
        Column::strings(
            "label",
            Kind::Category,
            (0..20).map(|row| Some(if row % 3 == 0 { "x" } else { "y" })),
        ),
    ])
    .unwrap();
    let mut wrong = spec("svm");
    wrong.pictures = Some(PictureOptions::of(PictureShape {
        height: 1,
        width: 2,
        ..SHAPE
    }));
    let problems = wrong.check(words.schema(), 20).unwrap_err();
    assert!(
        problems[0].detail.contains("'b' holds no numbers"),
        "{problems:?}"
    );
    assert!(matches!(
        train(&wrong, &words, &TrainContext::silent()),
        Err(TrainError::Data(_))
    ));

    let black = Table::new(vec![
        Column::numbers("a", Kind::Integer, [Some(0.0); 20], None),
        Column::strings(
            "label",
            Kind::Category,
            (0..20).map(|row| Some(if row % 3 == 0 { "x" } else { "y" })),
        ),
    ])
    .unwrap();
    wrong.pictures = Some(PictureOptions::of(PictureShape {
        height: 1,
        width: 1,
        ..SHAPE
    }));
    let refused = train(&wrong, &black, &TrainContext::silent());
    assert!(
        matches!(&refused, Err(TrainError::Data(detail)) if detail.contains("black")),
        "{refused:?}"
    );
}

#[test]
fn damaged_pictures_in_a_model_file_are_refused() {
    let (learned, _) = digits();
    let model = fit(&spec("knn"), &learned.slice(0, 60)).model;
    let state = model.predictor().save();
    let load = |change: &dyn Fn(&mut trainyard_estimators::State)| {
        let mut state = state.clone();
        change(&mut state);
        trainyard_estimators::pipeline::Pipeline::load(&state)
    };
    assert!(load(&|_| {}).is_ok());
    let shape = "preparation.pictures";
    assert!(state.meta.contains_key(shape), "{:?}", state.meta.keys());
    assert!(load(&|state| state.meta[shape]["shape"]["height"] = json!(27)).is_err());
    assert!(load(&|state| state.meta[shape]["shape"]["height"] = json!(usize::MAX)).is_err());
    for (name, value) in [
        ("white", f64::NAN),
        ("white", 0.0),
        ("scale", -1.0),
        ("scale", f64::INFINITY),
    ] {
        let place = format!("preparation.{name}");
        let array = trainyard_estimators::Array::F64(vec![value]);
        assert!(
            load(&|state| drop(state.arrays.insert(place.clone(), array.clone()))).is_err(),
            "{name} {value}"
        );
    }
}
