//! The parity certificate: before a model may be used, the same rows, which it did not learn from, are asked in every way
//! there is (a form, JSON, CSV, Parquet, and the ONNX file that other programs read), and the answers are compared with
//! those for the rows as they lie in memory. A model that we would answer differently from one way to another is none; one
//! whose exported form differs is not exported.

mod asking;

use crate::error::TrainError;
use crate::model::FittedModel;
use asking::{Answered, answered, is_text};
use serde::{Deserialize, Serialize};
use trainyard_estimators::Prediction;
use trainyard_table::{Column, Table};

/// So many rows are asked.
const ROWS: usize = 64;
/// Numbers may differ by this share of their size or of the target's standard deviation, and probabilities by as much,
/// where our own code answers.
pub const OWN_BOUND: f64 = 1e-6;
/// The same where another program may answer.
pub const ONNX_BOUND: f64 = 1e-5;
/// Labels may differ where the two most probable classes are closer than this.
const TIE: f64 = 1e-6;
/// A model of more bytes is not written as ONNX for this; its export takes seconds and as much memory again.
pub(crate) const LARGE: usize = 32 << 20;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Certificate {
    /// How many rows were asked.
    pub rows: usize,
    /// Of those, how many have a text that means something else when it is typed or read from text (one that spells a gap,
    /// or begins with a space); only the exported model is asked about them.
    pub rows_beyond_text: usize,
    /// One a way.
    pub paths: Vec<PathCheck>,
}

/// What came of one way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PathCheck {
    /// Which.
    pub path: AnswerPath,
    /// The largest difference: of probabilities, or of numbers in units of their size or the target's standard deviation,
    /// whichever is larger. Nothing where it was not asked.
    pub largest: Option<f64>,
    /// Labels that differ without being a tie.
    pub labels: usize,
    /// The largest difference allowed.
    pub bound: f64,
    /// Why it was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skipped: Option<String>,
}

/// A way to ask a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerPath {
    /// Every cell as the text a form sends.
    Form,
    /// JSON rows.
    Json,
    /// A file of separated text.
    Csv,
    /// A Parquet file.
    Parquet,
    /// The exported model.
    Onnx,
}

impl AnswerPath {
    const ALL: [Self; 5] = [Self::Form, Self::Json, Self::Csv, Self::Parquet, Self::Onnx];

    const fn bound(self) -> f64 {
        match self {
            Self::Onnx => ONNX_BOUND,
            _ => OWN_BOUND,
        }
    }

    /// Whether cells are read as they would be typed: blanks around texts are nothing, and some texts spell a gap.
    const fn reads_text(self) -> bool {
        !matches!(self, Self::Onnx)
    }
}

impl PathCheck {
    /// Whether the answers are the same in the sense of the bounds; not asked is not different.
    pub fn holds(&self) -> bool {
        self.labels == 0 && self.largest.is_none_or(|largest| largest <= self.bound)
    }
}

impl Certificate {
    /// Whether every way that was asked answers the same.
    pub fn holds(&self) -> bool {
        self.paths.iter().all(PathCheck::holds)
    }

    /// Whether the exported model answers as this one does, as far as it was asked. Kernels in single precision may not,
    /// where large terms cancel each other; such a model is not exported.
    pub fn may_leave(&self) -> bool {
        let exported = |check: &&PathCheck| check.path == AnswerPath::Onnx;
        self.paths
            .iter()
            .find(exported)
            .is_none_or(PathCheck::holds)
    }
}

/// Asks a model in every way.
///
/// # Errors
/// [`TrainError::Internal`] where one of our own ways answers differently, or cannot be gone at all.
pub(crate) fn certify(
    model: &FittedModel,
    train: &Table,
    test: &Table,
) -> Result<Certificate, TrainError> {
    let names: Vec<&str> = model
        .schema()
        .fields
        .iter()
        .map(|field| field.name.as_str())
        .collect();
    let source = if test.rows() == 0 { train } else { test };
    let rows = source.select(&names).slice(0, ROWS.min(source.rows()));
    let deviation = train
        .column(&model.spec().target)
        .map_or(0.0, standard_deviation);
    let textual: Vec<usize> = (0..rows.rows())
        .filter(|&row| is_text(&rows, row))
        .collect();
    let mut certificate = Certificate {
        rows: rows.rows(),
        rows_beyond_text: rows.rows() - textual.len(),
        paths: Vec::with_capacity(AnswerPath::ALL.len()),
    };
    let typed = rows.take(&textual);
    let with_answers = |rows| (rows, model.predict(rows));
    let (typed, all) = (with_answers(&typed), with_answers(&rows));
    for path in AnswerPath::ALL {
        let (asked, expected) = if path.reads_text() { &typed } else { &all };
        let mut check = PathCheck {
            path,
            largest: None,
            labels: 0,
            bound: path.bound(),
            skipped: None,
        };
        if asked.rows() == 0 {
            check.skipped = Some("No row has only texts that can be typed.".to_owned());
            certificate.paths.push(check);
            continue;
        }
        match answered(model, path, asked)? {
            Answered::Prediction(prediction) => {
                (check.largest, check.labels) = compare(expected, &prediction, None, deviation)?;
            }
            Answered::Exported { prediction, labels } => {
                let classes = model.classes().unwrap_or_default();
                let labels = labels.map(|labels| {
                    let place = |label| classes.iter().position(|class| *class == label);
                    labels.into_iter().map(place).collect::<Vec<_>>()
                });
                (check.largest, check.labels) =
                    compare(expected, &prediction, labels.as_deref(), deviation)?;
            }
            Answered::Not(reason) => check.skipped = Some(reason),
        }
        // What other programs would answer differently stays here; what we would answer differently is no model.
        if !check.holds() && path != AnswerPath::Onnx {
            return Err(TrainError::Internal(format!(
                "the model answers differently by {path:?}: {} labels differ, numbers by up to {:?}",
                check.labels, check.largest
            )));
        }
        certificate.paths.push(check);
    }
    Ok(certificate)
}

/// The largest difference, and how many labels differ; `labels` are the other side's own, where it names them.
fn compare(
    own: &Prediction,
    other: &Prediction,
    labels: Option<&[Option<usize>]>,
    deviation: f64,
) -> Result<(Option<f64>, usize), TrainError> {
    let unlike = || TrainError::Internal("the answers have different forms".to_owned());
    let largest = |differences: &mut dyn Iterator<Item = f64>| {
        let larger = |most: f64, one: f64| if one <= most { most } else { one };
        // What is not a number is larger than anything, and can be written down.
        differences
            .map(|one| if one.is_finite() { one } else { f64::MAX })
            .fold(0.0, larger)
    };
    match (own, other) {
        (Prediction::Values(own), Prediction::Values(other)) if own.len() == other.len() => {
            let mut differences = own.iter().zip(other).map(|(own, other)| {
                let unit = own.abs().max(deviation);
                match own == other || unit == 0.0 && other.abs() <= f64::MIN_POSITIVE {
                    true => 0.0,
                    false => (own - other).abs() / unit,
                }
            });
            Ok((Some(largest(&mut differences)), 0))
        }
        (
            Prediction::Classes {
                probabilities,
                classes,
            },
            Prediction::Classes {
                probabilities: others,
                classes: width,
            },
        ) if classes == width && probabilities.len() == others.len() => {
            let pairs = probabilities.iter().zip(others);
            let mut differences = pairs.map(|(own, other)| (own - other).abs());
            let most = largest(&mut differences);
            let own_labels = own.labels().unwrap_or_default();
            let other_labels: Vec<Option<usize>> = match labels {
                Some(labels) => labels.to_vec(),
                None => {
                    let labels = other.labels().unwrap_or_default();
                    labels
                        .into_iter()
                        .map(|label| Some(label as usize))
                        .collect()
                }
            };
            if own_labels.len() != other_labels.len() {
                return Err(unlike());
            }
            let rows = probabilities.chunks_exact((*classes).max(1));
            let different = rows
                .zip(own_labels.iter().zip(&other_labels))
                .filter(|(row, (own, other))| **other != Some(**own as usize) && !is_tie(row));
            Ok((Some(most), different.count()))
        }
        _ => Err(unlike()),
    }
}

fn is_tie(probabilities: &[f64]) -> bool {
    let (mut first, mut second) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
    for &probability in probabilities {
        if probability > first {
            (first, second) = (probability, first);
        } else if probability > second {
            second = probability;
        }
    }
    first - second < TIE
}

/// In units of the largest value first, whose square may be beyond every number.
fn standard_deviation(column: &Column) -> f64 {
    let values = (0..column.len()).filter_map(|row| column.number(row));
    let values: Vec<f64> = values.collect();
    let unit = values
        .iter()
        .fold(0.0, |most: f64, value| most.max(value.abs()));
    if unit == 0.0 {
        return 0.0;
    }
    let count = values.len() as f64;
    let mean = values.iter().map(|value| value / unit).sum::<f64>() / count;
    let squares = values.iter().map(|value| (value / unit - mean).powi(2));
    (squares.sum::<f64>() / count).sqrt() * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(probabilities: &[f64]) -> Prediction {
        Prediction::Classes {
            probabilities: probabilities.to_vec(),
            classes: 2,
        }
    }

    #[test]
    fn differences_are_seen() {
        let compared = |own: &[f64], other: &[f64], deviation| {
            let values = |values: &[f64]| Prediction::Values(values.to_vec());
            compare(&values(own), &values(other), None, deviation)
        };
        assert_eq!(compared(&[1.0, 2.0], &[1.0, 2.0], 1.0), Ok((Some(0.0), 0)));
        assert_eq!(compared(&[1.0, 2.0], &[1.5, 2.0], 0.0), Ok((Some(0.5), 0)));
        assert_eq!(compared(&[0.0], &[0.5], 10.0), Ok((Some(0.05), 0)));
        let unknown = compared(&[1.0, 1.0], &[f64::NAN, 1.0], 1.0);
        assert!(unknown == Ok((Some(f64::MAX), 0)), "{unknown:?}");
        assert!(compared(&[1.0], &[1.0, 2.0], 1.0).is_err());

        let (own, other) = (classes(&[0.75, 0.25]), classes(&[0.25, 0.75]));
        assert_eq!(compare(&own, &other, None, 0.0), Ok((Some(0.5), 1)));
        let named = [Some(1)];
        assert_eq!(compare(&own, &own, Some(&named), 0.0), Ok((Some(0.0), 1)));
        assert_eq!(compare(&own, &own, Some(&[None]), 0.0), Ok((Some(0.0), 1)));
        let tie = classes(&[0.5, 0.5]);
        assert_eq!(compare(&tie, &tie, Some(&named), 0.0), Ok((Some(0.0), 0)));
    }

    #[test]
    fn a_way_that_differs_does_not_hold() {
        let check = |largest, labels| PathCheck {
            path: AnswerPath::Csv,
            largest,
            labels,
            bound: OWN_BOUND,
            skipped: None,
        };
        assert!(check(Some(0.0), 0).holds() && check(None, 0).holds());
        for wrong in [
            check(Some(1e-5), 0),
            check(Some(f64::MAX), 0),
            check(Some(0.0), 1),
        ] {
            assert!(!wrong.holds(), "{wrong:?}");
        }
    }
}
