//! Every model comes with a certificate that each way of asking gives the same answers, and says what could not be asked.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use serde_json::{Map, json};
use trainyard_table::{Column, Kind, Table};
use trainyard_training::{AnswerPath, Certificate, TrainContext, TrainSpec, train};

const ROWS: usize = 240;

fn chance(row: usize, stream: usize) -> f64 {
    let mixed = (row as u64 * 131 + stream as u64 * 7 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 11) as f64 / (1_u64 << 53) as f64
}

/// Numbers with gaps, a date, yes and no, and a category whose texts no plain file keeps: quotes, line ends, blanks, gaps.
fn odd_table(texts: &[&str]) -> Table {
    let numbers = |name: &str, kind: Kind, value: &dyn Fn(usize) -> Option<f64>| {
        let labels = (kind == Kind::Boolean).then(|| ["no".to_owned(), "yes".to_owned()]);
        Column::numbers(name, kind, (0..ROWS).map(value), labels)
    };
    let category = (0..ROWS).map(|row| texts.get(row % (texts.len() + 1)).copied());
    Table::new(vec![
        numbers("size, in \"m\"", Kind::Number, &|row| {
            (row % 9 != 0).then(|| chance(row, 1) * 1e7 / 3.0)
        }),
        numbers("count", Kind::Integer, &|row| {
            Some((row % 23) as f64 - 11.0)
        }),
        numbers("day", Kind::Date, &|row| {
            (row % 7 != 0).then_some(1.6e9 + row as f64 * 86_400.0)
        }),
        numbers("sold", Kind::Boolean, &|row| {
            (row % 5 != 0).then(|| f64::from(u8::from(chance(row, 2) > 0.5)))
        }),
        Column::strings("colour", Kind::Category, category),
        numbers("price", Kind::Number, &|row| {
            Some(chance(row, 1) * 50.0 + chance(row, 3) + (row % 23) as f64)
        }),
        Column::strings(
            "kind",
            Kind::Category,
            (0..ROWS).map(|row| Some(["low", "middle", "high"][(chance(row, 1) * 3.0) as usize])),
        ),
    ])
    .unwrap()
}

fn certificate(table: &Table, target: &str, algorithm: &str) -> Certificate {
    let mut params = Map::new();
    if algorithm.contains("forest") || algorithm.contains("trees") {
        params.insert("n_estimators".to_owned(), json!(10));
    }
    let names = table
        .columns()
        .iter()
        .map(|column| column.name().to_owned());
    let features = names.filter(|name| !["price", "kind"].contains(&name.as_str()));
    let spec = TrainSpec {
        params,
        features: Some(features.collect()),
        ..TrainSpec::new(target, algorithm)
    };
    let trained = train(&spec, table, &TrainContext::silent()).unwrap();
    trained.report.certificate.unwrap()
}

#[test]
fn every_algorithm_answers_the_same_in_every_way() {
    let table = odd_table(&[
        "red",
        "light \"blue\"",
        "two\nlines",
        "a,b;c",
        "None",
        "été",
    ]);
    for algorithm in [
        "logistic_regression",
        "linear_regression",
        "knn",
        "decision_tree",
        "random_forest",
        "extra_trees",
        "gradient_boosting",
        "svm",
        "neural_net",
        "dummy",
    ] {
        for target in ["kind", "price"] {
            let linear = ["linear_regression", "logistic_regression"];
            if linear.contains(&algorithm) && (algorithm == linear[0]) != (target == "price") {
                continue;
            }
            let certificate = certificate(&table, target, algorithm);
            assert_eq!(certificate.rows, 48);
            assert_eq!(certificate.rows_beyond_text, 0);
            assert_eq!(certificate.paths.len(), 5);
            for check in &certificate.paths {
                let asked = check.largest.is_some() && check.skipped.is_none();
                assert!(asked && check.holds(), "{algorithm} {target}: {check:?}");
            }
            let own = certificate.paths.iter().take(4);
            let most = own.filter_map(|check| check.largest).fold(0.0, f64::max);
            assert_eq!(most, 0.0, "{algorithm} {target}");
        }
    }
}

#[test]
fn texts_that_no_plain_file_can_hold_are_asked_otherwise() {
    let table = odd_table(&["red", " padded", "NA"]);
    let certificate = certificate(&table, "kind", "random_forest");
    assert!(certificate.rows_beyond_text > 0 && certificate.rows_beyond_text < certificate.rows);
    assert!(certificate.holds(), "{certificate:?}");
}

#[test]
fn what_is_not_exported_says_why() {
    let prose = |row: usize| {
        let words = [
            "red", "green", "blue", "round", "square", "old", "new", "bright", "dull",
        ];
        let pick = |at: usize| words[(chance(row, at) * words.len() as f64) as usize];
        (0..12).map(pick).collect::<Vec<_>>().join(" ")
    };
    let texts: Vec<String> = (0..ROWS).map(prose).collect();
    let table = Table::new(vec![
        Column::strings(
            "words",
            Kind::Text,
            texts.iter().map(|text| Some(text.as_str())),
        ),
        Column::numbers(
            "price",
            Kind::Number,
            (0..ROWS).map(|row| Some(chance(row, 0))),
            None,
        ),
    ])
    .unwrap();
    let certificate = certificate(&table, "price", "linear_regression");
    let onnx = certificate.paths.last().unwrap();
    assert_eq!(onnx.path, AnswerPath::Onnx);
    assert!(onnx.largest.is_none(), "{onnx:?}");
    assert!(onnx.skipped.as_ref().unwrap().contains("text"), "{onnx:?}");
    assert!(certificate.holds());
}
