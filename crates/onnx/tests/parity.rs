//! What is written answers as the model does: every algorithm, task and kind of column, run from the written bytes.

#[path = "support/cases.rs"]
mod cases;
#[path = "support/equality.rs"]
mod equality;

use cases::cases;
use equality::differences;
use rayon::prelude::*;
use trainyard_onnx::{Program, write};

#[test]
fn every_algorithm_on_every_kind_of_column() {
    let cases = cases();
    assert!(cases.len() > 100, "{} cases", cases.len());
    let wrong: Vec<String> = cases
        .par_iter()
        .filter_map(|case| {
            let bytes = match write(case.predictor.as_ref()) {
                Ok(bytes) => bytes,
                Err(error) => return Some(format!("{}: {error}", case.name)),
            };
            let answers = match Program::read(&bytes).and_then(|model| model.answer(&case.asked)) {
                Ok(answers) => answers,
                Err(error) => return Some(format!("{}: {error}", case.name)),
            };
            let found = differences(
                &case.predictor.predict(&case.asked),
                case.predictor.class_labels(),
                &answers.prediction,
                answers.labels.as_deref(),
                case.deviation,
            );
            let first = found.first()?;
            Some(format!("{}: {} rows, {first}", case.name, found.len()))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}
