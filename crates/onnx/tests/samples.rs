//! What is written answers as the model does on real tables.

#[path = "support/cases.rs"]
#[expect(dead_code, reason = "shared with other tests, which need more of it")]
mod cases;
#[path = "support/equality.rs"]
mod equality;
#[path = "support/samples.rs"]
mod samples;

use equality::differences;
use rayon::prelude::*;
use trainyard_onnx::{Program, write};

#[test]
fn every_algorithm_on_the_samples() {
    let cases = samples::cases();
    let wrong: Vec<String> = cases
        .par_iter()
        .filter_map(|case| {
            let answers = write(case.predictor.as_ref())
                .map_err(|error| error.to_string())
                .and_then(|bytes| {
                    let model = Program::read(&bytes);
                    let answers = model.and_then(|model| model.answer(&case.asked));
                    answers.map_err(|error| error.to_string())
                });
            let answers = match answers {
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
