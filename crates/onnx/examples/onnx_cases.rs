//! Writes models as ONNX with rows and the model's own answers, one folder a case, for other programs to compare with:
//! `onnx_cases FOLDER`.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "an example reads its argument, writes files and stops at the first surprise"
)]

#[path = "../tests/support/cases.rs"]
mod cases;
#[path = "../tests/support/samples.rs"]
mod samples;

use cases::{Case, cases};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::path::Path;
use trainyard_estimators::Prediction;
use trainyard_table::{Column, Table, Values};

fn main() {
    let folder = std::env::args().nth(1).unwrap();
    let cases: Vec<Case> = cases().into_iter().chain(samples::cases()).collect();
    cases.par_iter().enumerate().for_each(|(number, case)| {
        write_case(&Path::new(&folder).join(format!("{number:03}")), case);
    });
    println!("{} cases", cases.len());
}

fn write_case(folder: &Path, case: &Case) {
    std::fs::create_dir_all(folder).unwrap();
    let bytes = trainyard_onnx::write(case.predictor.as_ref()).unwrap();
    std::fs::write(folder.join("model.onnx"), bytes).unwrap();
    let answers = match case.predictor.predict(&case.asked) {
        Prediction::Values(values) => json!({ "values": values }),
        Prediction::Classes {
            probabilities,
            classes,
        } => json!({ "probabilities": probabilities, "width": classes }),
    };
    let told = json!({
        "name": case.name,
        "columns": columns(&case.asked),
        "answers": answers,
        "classes": case.predictor.class_labels(),
        "deviation": case.deviation,
    });
    std::fs::write(folder.join("case.json"), told.to_string()).unwrap();
}

fn columns(table: &Table) -> Value {
    let cells = |column: &Column| -> Vec<Value> {
        let rows = 0..column.len();
        match column.values() {
            Values::Numbers(_) => rows.map(|row| json!(column.number(row))).collect(),
            Values::Strings(_) => rows.map(|row| json!(column.text(row))).collect(),
        }
    };
    let columns = table.columns().iter();
    columns
        .map(|column| (column.name().to_owned(), Value::from(cells(column))))
        .collect::<serde_json::Map<_, _>>()
        .into()
}
