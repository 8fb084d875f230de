//! Rows and files answered: the same answers whatever way they come and however many threads there are, policies of columns,
//! and where rows fall among those the model learned from.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

#[path = "support/tables.rs"]
#[expect(dead_code, reason = "it has tables for other tests too")]
mod tables;

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Mutex;
use tables::{moons, waves};
use trainyard_estimators::Interruption;
use trainyard_table::{ReadOptions, RowReader, RowSource, Table};
use trainyard_training::{
    BatchAnswered, BatchContext, BatchRequest, Contract, FittedModel, Policy, Question,
    QuestionRows, ResultFormat, Tally, TrainContext, TrainError, TrainSpec, train,
};

fn model(table: &Table, algorithm: &str) -> FittedModel {
    let spec = TrainSpec::new("answer", algorithm);
    train(&spec, table, &TrainContext::silent()).unwrap().model
}

fn csv(table: &Table, rows: usize) -> String {
    let mut text = "y,x\n".to_owned();
    for row in 0..rows {
        let number = |name: &str| {
            table
                .column(name)
                .unwrap()
                .number(row % table.rows())
                .unwrap()
        };
        text.push_str(&format!("{},{}\n", number("y"), number("x")));
    }
    text
}

fn answer(
    model: &FittedModel,
    text: &str,
    request: &BatchRequest,
    context: &BatchContext<'_>,
) -> Result<(Vec<u8>, BatchAnswered), TrainError> {
    let source = RowSource::bytes(text.to_owned());
    let file = RowReader::open(source, "r.csv", model.schema(), &ReadOptions::default()).unwrap();
    let mut output = Vec::new();
    let answered = model.answer_file(file, &mut output, request, context)?;
    Ok((output, answered))
}

fn quiet() -> BatchContext<'static> {
    BatchContext {
        progress: &|_| {},
        interruption: &|| None,
    }
}

fn with_policy(column: &str, policy: Policy) -> Contract {
    Contract::new([(column.to_owned(), policy)])
}

#[test]
fn answers_do_not_depend_on_threads_or_parts() {
    let table = moons(400);
    let text = csv(&table, 60_000);
    for algorithm in ["random_forest", "logistic_regression"] {
        let model = model(&table, algorithm);
        let request = BatchRequest {
            probabilities: true,
            ..BatchRequest::default()
        };
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| answer(&model, &text, &request, &quiet()).unwrap())
        };
        let (one, answered) = on(1);
        assert_eq!(answered.rows, 60_000);
        for threads in [2, 7] {
            let (other, counted) = on(threads);
            assert!(
                other == one && counted.tally == answered.tally,
                "{threads} threads"
            );
        }
        let lines: Vec<&str> = std::str::from_utf8(&one).unwrap().lines().collect();
        assert_eq!(lines[0], "prediction,probability:down,probability:up");
        assert_eq!(lines.len(), 60_001);
        // Each line is what its row alone is answered.
        for row in [0, 399, 59_999] {
            let number = |name: &str| table.column(name).unwrap().number(row % 400).unwrap();
            let asked = [json!({ "x": number("x"), "y": number("y") })];
            let alone = model.predict_rows(&asked, true).unwrap().remove(0);
            let up = alone.probabilities.unwrap()["up"].as_f64().unwrap();
            let expected = format!(
                "{},{},{up}",
                alone.value.as_str().unwrap(),
                lines[row + 1].split(',').nth(1).unwrap()
            );
            assert_eq!(lines[row + 1], expected, "{algorithm}");
        }
    }
}

#[test]
fn a_batch_tells_how_far_it_is_and_stops_when_told() {
    let table = waves(300);
    let model = model(&table, "decision_tree");
    let text = csv(&table, 200_000);
    let told = Mutex::new(Vec::new());
    let context = BatchContext {
        progress: &|rows| told.lock().unwrap().push(rows),
        interruption: &|| (told.lock().unwrap().len() > 1).then_some(Interruption::Cancelled),
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    let stopped = pool.install(|| answer(&model, &text, &BatchRequest::default(), &context));
    assert_eq!(
        stopped.unwrap_err(),
        TrainError::Interrupted(Interruption::Cancelled)
    );
    let told = told.into_inner().unwrap();
    assert!(
        told.len() == 2 && told[0] < told[1] && told[1] < 200_000,
        "{told:?}"
    );
}

#[test]
fn a_column_is_refused_warned_about_or_filled_in() {
    let table = moons(400);
    let model = model(&table, "decision_tree");
    let text = "x,y\n0.5,0.1\n99,0.1\nbig,0.2\n,0.3\n";
    let ask = |policy| {
        let request = BatchRequest {
            contract: with_policy("x", policy),
            ..BatchRequest::default()
        };
        answer(&model, text, &request, &quiet())
    };
    let (_, warned) = ask(Policy::Warn).unwrap();
    let codes: Vec<(&str, u64)> = warned
        .warnings
        .iter()
        .map(|one| (one.code.as_str(), one.rows))
        .collect();
    assert_eq!(codes, [("wrong_type", 1), ("out_of_range", 1)]);
    let refused = ask(Policy::Reject).unwrap_err();
    let TrainError::Data(detail) = &refused else {
        panic!("{refused:?}");
    };
    assert!(detail.starts_with("row 2: 99 is outside"), "{detail}");
    let (filled, quiet) = ask(Policy::Impute).unwrap();
    assert_eq!(quiet.warnings, []);
    let lines: Vec<&str> = std::str::from_utf8(&filled).unwrap().lines().collect();
    let gap = model
        .predict_rows(&[json!({ "y": 0.1 })], false)
        .unwrap()
        .remove(0);
    assert_eq!(Value::from(lines[2]), gap.value);
    let mut contract = Contract::default();
    let change = |name: &str| BTreeMap::from([(name.to_owned(), Policy::Reject)]);
    contract.change(change("x"), model.signature()).unwrap();
    assert_eq!(contract.policy("x"), Policy::Reject);
    let problems = contract
        .change(change("z/a"), model.signature())
        .unwrap_err();
    assert_eq!(problems[0].pointer, "/policies/z~1a");
}

#[test]
fn answers_can_be_written_as_parquet() {
    let table = waves(300);
    let model = model(&table, "linear_regression");
    let request = |format| BatchRequest {
        format,
        ..BatchRequest::default()
    };
    let text = csv(&table, 20_000);
    let (plain, _) = answer(&model, &text, &request(ResultFormat::Csv), &quiet()).unwrap();
    let (parquet, _) = answer(&model, &text, &request(ResultFormat::Parquet), &quiet()).unwrap();
    let read = trainyard_table::read_parquet(parquet.into()).unwrap();
    assert_eq!(read.rows(), 20_000);
    let column = read.column("prediction").unwrap();
    for (row, line) in std::str::from_utf8(&plain)
        .unwrap()
        .lines()
        .skip(1)
        .enumerate()
    {
        assert_eq!(column.number(row), line.parse().ok());
    }
}

#[test]
fn rows_like_those_of_the_training_have_not_moved_and_others_have() {
    for table in [moons(600), waves(600)] {
        let model = model(&table, "random_forest");
        let bytes = model.to_bytes();
        let model = FittedModel::from_bytes(&bytes).unwrap();
        assert_eq!(model.to_bytes(), bytes);
        let reference = model.reference().unwrap();
        let tally = |rows: &[Value]| {
            let contract = Contract::default();
            let question = Question {
                rows: QuestionRows::Json(rows),
                probabilities: false,
                reasons: 0,
                curves: None,
                contract: &contract,
            };
            model.answer(&question).unwrap().tally.unwrap()
        };
        let number = |name: &str, row: usize| table.column(name).unwrap().number(row).unwrap();
        let mut sum = Tally::default();
        for row in 0..600 {
            sum.add(&tally(&[
                json!({ "x": number("x", row), "y": number("y", row) }),
            ]));
        }
        let told: Tally = serde_json::from_str(&serde_json::to_string(&sum).unwrap()).unwrap();
        assert_eq!(told, sum, "there and back");
        let (columns, answers) = reference.shifts(&sum);
        assert_eq!(columns.len(), 2);
        for shift in columns.iter().chain(&answers) {
            // Chance alone makes about 0.09 of ten bins that 120 rows are spread over.
            assert!((0.0..0.25).contains(&shift.psi), "{shift:?}");
            assert_eq!(shift.bins.len(), shift.actual.len());
        }
        let same = vec![json!({ "x": number("x", 3), "y": number("y", 3) }); 300];
        let (columns, answers) = reference.shifts(&tally(&same));
        assert!(
            columns.iter().chain(&answers).all(|shift| shift.psi > 0.25),
            "{columns:?}"
        );
        let gaps = vec![json!({}); 300];
        let (columns, _) = reference.shifts(&tally(&gaps));
        assert!((columns[0].actual.last().unwrap() - 1.0).abs() < 1e-12);
    }
}

/// A background made of single distributions has nobody's row in it, and stands for the table all the same.
#[test]
fn the_background_is_typical_and_nobodys() {
    let table = waves(500);
    let model = model(&table, "knn");
    let background = model
        .reference()
        .unwrap()
        .background(model.schema())
        .unwrap();
    assert_eq!(background.rows(), 20);
    let pair = |table: &Table, row: usize| {
        ["x", "y"].map(|name| table.column(name).unwrap().number(row).unwrap().to_bits())
    };
    let known: Vec<[u64; 2]> = (0..500).map(|row| pair(&table, row)).collect();
    let found = (0..20)
        .filter(|row| known.contains(&pair(&background, *row)))
        .count();
    assert_eq!(found, 0);
    let mean = |table: &Table| {
        let column = table.column("x").unwrap();
        (0..table.rows())
            .map(|row| column.number(row).unwrap())
            .sum::<f64>()
            / table.rows() as f64
    };
    assert!((mean(&background) - mean(&table)).abs() < 0.3);
}
