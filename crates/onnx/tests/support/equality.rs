//! When two answers are equal.
#![expect(unreachable_pub, reason = "shared by tests")]

use crate::cases::Case;
use rayon::prelude::*;
use trainyard_estimators::Prediction;
use trainyard_onnx::{Program, write};

/// Labels may differ where the two most probable classes are no farther apart than this.
const TIE: f64 = 1e-6;
/// Numbers may differ by this share of their size, or of the target's standard deviation.
const SHARE: f64 = 1e-5;
/// Shares of classes may differ by this: of an even class, the share above of its standard deviation.
const SHARES: f64 = 5e-6;

/// What is wrong with the other answer, if anything.
pub fn differences(
    own: &Prediction,
    classes: Option<&[String]>,
    other: &Prediction,
    labels: Option<&[String]>,
    deviation: f64,
) -> Vec<String> {
    let mut wrong = Vec::new();
    match (own, other) {
        (Prediction::Values(own), Prediction::Values(other)) if own.len() == other.len() => {
            for (row, (own, other)) in own.iter().zip(other).enumerate() {
                let most = SHARE * own.abs().max(deviation);
                // Not a number is not within anything.
                if (own - other).abs() <= most || own == other {
                    continue;
                }
                wrong.push(format!("row {row}: {other} instead of {own}"));
            }
        }
        (
            Prediction::Classes {
                probabilities,
                classes: width,
            },
            Prediction::Classes {
                probabilities: others,
                classes: other_width,
            },
        ) if width == other_width && probabilities.len() == others.len() => {
            let rows = probabilities
                .chunks_exact(*width)
                .zip(others.chunks_exact(*width));
            let chosen = own.labels().unwrap_or_default();
            for (row, (own, other)) in rows.enumerate() {
                if !own
                    .iter()
                    .zip(other)
                    .all(|(own, other)| (own - other).abs() <= SHARES)
                {
                    wrong.push(format!("row {row}: {other:?} instead of {own:?}"));
                }
                let mut sorted = own.to_vec();
                sorted.sort_unstable_by(|one, other| other.total_cmp(one));
                let tie = matches!(sorted[..], [first, second, ..] if first - second < TIE);
                let wanted = classes.and_then(|classes| classes.get(chosen[row] as usize));
                let found = labels.and_then(|labels| labels.get(row));
                if !tie && (wanted.is_none() || wanted != found) {
                    wrong.push(format!("row {row}: {found:?} instead of {wanted:?}"));
                }
            }
        }
        _ => wrong.push("the answers have different forms".to_owned()),
    }
    wrong
}

/// Writes every model, runs what was written, and fails with all that differs.
pub fn assert_equal_when_written(cases: &[Case]) {
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
