//! What cannot be written, and what cannot be run.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "support/cases.rs"]
#[expect(dead_code, reason = "shared with other tests, which need more of it")]
mod cases;

use cases::{Goal, Shown, case, chance, learned};
use serde_json::json;
use trainyard_estimators::Task;
use trainyard_onnx::{ExportError, Program, RunError, write};
use trainyard_table::{Column, Kind, Table};

fn written() -> Vec<u8> {
    let case = case("logistic_regression", Goal::Two, Shown::All, json!({}));
    write(case.predictor.as_ref()).unwrap()
}

fn refusal(bytes: &[u8]) -> RunError {
    match Program::read(bytes) {
        Ok(_) => panic!("it was read"),
        Err(error) => error,
    }
}

#[test]
fn free_text_is_refused_with_its_column() {
    const WORDS: [&str; 9] = [
        "late", "again", "never", "the", "train", "was", "full", "and", "clean",
    ];
    let story = |row: usize| {
        let words = (0..7).map(|place| WORDS[(chance(row, place) * 9.0) as usize]);
        words.collect::<Vec<_>>().join(" ")
    };
    let stories: Vec<String> = (0..200).map(story).collect();
    let numbers = (0..200).map(|row| Some(chance(row, 40)));
    let answers = stories
        .iter()
        .map(|story| Some(["no", "yes"][usize::from(story.contains("clean"))]));
    let table = Table::new(vec![
        Column::numbers("distance", Kind::Number, numbers, None),
        Column::strings(
            "story",
            Kind::Text,
            stories.iter().map(|story| Some(story.as_str())),
        ),
        Column::strings("liked", Kind::Category, answers),
    ])
    .unwrap();
    for algorithm in ["logistic_regression", "random_forest", "dummy"] {
        let target = ("liked", Task::Classification);
        let columns = ["distance", "story"];
        let (pipeline, _) = learned(&table, algorithm, target, &columns, &json!({}));
        assert!(
            pipeline.preparation().columns()[1].used,
            "the story is learned from"
        );
        let error = write(&pipeline).unwrap_err();
        let column = "story".to_owned();
        assert_eq!(error, ExportError::Text { column }, "{algorithm}");
        assert!(error.to_string().contains("Train without this column"));
    }
}

#[test]
fn equal_models_give_equal_bytes() {
    assert_eq!(written(), written());
}

#[test]
fn inputs_are_the_columns_that_the_model_looks_at() {
    let case = case(
        "random_forest",
        Goal::Four,
        Shown::All,
        json!({ "n_estimators": 2 }),
    );
    let program = Program::read(&write(case.predictor.as_ref()).unwrap()).unwrap();
    let used = case.predictor.columns().iter().filter(|column| column.used);
    let used: Vec<&str> = used.map(|column| column.column.as_str()).collect();
    assert_eq!(program.inputs().collect::<Vec<_>>(), used);
    assert!(
        used.contains(&"value") && used.contains(&"label"),
        "names that outputs have too"
    );
}

#[test]
fn columns_that_are_not_there_are_missing() {
    let case = case(
        "gradient_boosting",
        Goal::Number,
        Shown::All,
        json!({ "n_estimators": 5 }),
    );
    let program = Program::read(&write(case.predictor.as_ref()).unwrap()).unwrap();
    let little = case.asked.select(&["town", "since"]);
    let answers = program.answer(&little).unwrap();
    let own = case.predictor.predict(&little);
    let (
        trainyard_estimators::Prediction::Values(own),
        trainyard_estimators::Prediction::Values(found),
    ) = (own, answers.prediction)
    else {
        panic!("numbers were asked for");
    };
    assert!(
        own.iter()
            .zip(&found)
            .all(|(own, found)| (own - found).abs() < 1e-5)
    );
}

#[test]
fn what_is_no_model_is_refused() {
    let bytes = written();
    assert!(matches!(refusal(b""), RunError::Unreadable(_)));
    assert!(matches!(
        refusal(b"\x80\x04\x95pickle"),
        RunError::Unreadable(_)
    ));
    // Wherever a file is cut, nothing panics; most cuts are no message any more.
    let cut = (0..bytes.len())
        .step_by(97)
        .filter(|&end| Program::read(&bytes[..end]).is_err());
    assert!(cut.count() > 5);
}

#[test]
fn operators_that_are_not_written_here_are_refused_by_name() {
    let replaced = |from: &str, to: &str| {
        let mut bytes = written();
        let places: Vec<usize> = (0..bytes.len() - from.len())
            .filter(|&at| &bytes[at..at + from.len()] == from.as_bytes())
            .collect();
        assert!(!places.is_empty(), "{from} is nowhere");
        for at in places {
            bytes[at..at + from.len()].copy_from_slice(to.as_bytes());
        }
        refusal(&bytes).to_string()
    };
    assert!(replaced("Floor", "Round").contains("the operator Round"));
    assert!(replaced("CategoryMapper", "CategoryShaper").contains("the operator CategoryShaper"));
}
