//! Models of real tables: the samples that the product ships.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    unreachable_pub,
    reason = "shared by tests, which read files and may stop at the first surprise"
)]

use crate::cases::{Case, chance, learned, learned_of};
use serde_json::{Value, json};
use trainyard_estimators::Task;
use trainyard_estimators::algorithm::ALGORITHMS;
use trainyard_estimators::preparation::PictureOptions;
use trainyard_table::{Column, PictureContent, PictureShape, ReadOptions, Table};

/// File, target, task, and columns that only name a row.
const SAMPLES: &[(&str, &str, Task, &[&str])] = &[
    ("iris", "species", Task::Classification, &[]),
    ("penguins", "species", Task::Classification, &[]),
    ("titanic", "survived", Task::Classification, &["name"]),
    ("sacramento_housing", "price", Task::Regression, &[]),
    ("diabetes", "target", Task::Regression, &[]),
    ("digits_8x8", "digit", Task::Classification, &[]),
    ("credit_default", "default", Task::Classification, &[]),
    ("seattle_weather", "weather", Task::Classification, &[]),
];
/// Rows to learn from at most; the rest is asked about.
const MOST_ROWS: usize = 1500;
/// Rows that are asked about at most.
const MOST_ASKED: usize = 400;

/// Every algorithm on every sample that suits it.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for &(name, target, task, left_out) in SAMPLES {
        let (train, asked) = divided(&read(name));
        let columns: Vec<&str> = train
            .columns()
            .iter()
            .map(|column| column.name())
            .filter(|column| *column != target && !left_out.contains(column))
            .collect();
        let suits = ALGORITHMS
            .iter()
            .map(|found| found.spec())
            .filter(|spec| spec.tasks.contains(&task));
        for spec in suits {
            let given = quick(spec.name);
            let made = learned(&train, spec.name, (target, task), &columns, &given);
            cases.push(Case {
                name: format!("{name} {}", spec.name),
                predictor: Box::new(made.0),
                asked: asked.clone(),
                deviation: made.1,
            });
        }
    }
    cases.extend(pictures());
    cases
}

/// Digits as pictures, written ones and as they are, and some that nothing is drawn on.
fn pictures() -> Vec<Case> {
    let (train, asked) = divided(&read("digits_8x8"));
    let columns: Vec<&str> = train
        .columns()
        .iter()
        .map(|column| column.name())
        .filter(|column| *column != "digit")
        .collect();
    let emptied = asked.columns().iter().map(|column| {
        let cell = |row| match row % 20 {
            3 => Some(0.0),
            5 => None,
            _ => column.number(row),
        };
        match column.name() {
            "digit" => column.clone(),
            name => Column::numbers(name, column.kind(), (0..column.len()).map(cell), None),
        }
    });
    let asked = Table::new(emptied.collect()).unwrap();
    let target = ("digit", Task::Classification);
    let mut cases = Vec::new();
    for content in [PictureContent::Ink, PictureContent::Scene] {
        for algorithm in [
            "svm",
            "random_forest",
            "neural_net",
            "knn",
            "logistic_regression",
        ] {
            let options = PictureOptions::of(PictureShape {
                height: 8,
                width: 8,
                content,
            });
            let given = quick(algorithm);
            let made = learned_of(&train, algorithm, target, &columns, &given, Some(options));
            cases.push(Case {
                name: format!("pictures {content:?} {algorithm}"),
                predictor: Box::new(made.0),
                asked: asked.clone(),
                deviation: made.1,
            });
        }
    }
    cases
}

fn quick(algorithm: &str) -> Value {
    match algorithm {
        "random_forest" | "extra_trees" => json!({ "n_estimators": 30 }),
        "gradient_boosting" => json!({ "n_estimators": 40 }),
        "neural_net" => json!({ "epochs": 5 }),
        "svm" => json!({ "probability": true }),
        _ => json!({}),
    }
}

fn read(name: &str) -> Table {
    let path = format!(
        "{}/../platform/samples/{name}.csv",
        env!("CARGO_MANIFEST_DIR")
    );
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let read = trainyard_table::read(
        std::io::Cursor::new(bytes),
        &format!("{name}.csv"),
        &ReadOptions::default(),
    );
    read.unwrap().table
}

/// Some rows to learn from, and others.
fn divided(table: &Table) -> (Table, Table) {
    let (mut train, mut asked): (Vec<usize>, Vec<usize>) =
        (0..table.rows()).partition(|&row| chance(row, 77) < 0.7);
    asked.extend(train.drain(MOST_ROWS.min(train.len())..));
    asked.truncate(MOST_ASKED);
    (table.take(&train), table.take(&asked))
}
