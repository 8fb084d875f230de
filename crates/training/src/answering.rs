//! One request's rows answered: the contract first, then the answers, and where asked for why each is as it is and what it
//! would be if a column were different (`explaining`).

mod explaining;

use crate::contract::{Contract, Policy, escaped};
use crate::error::{FieldProblem, TrainError};
use crate::model::{FittedModel, RowWarning};
use crate::oddities::{Oddity, taken_out, without};
use crate::reference::Tally;
use explaining::reasons;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use trainyard_estimators::Prediction;
use trainyard_estimators::explain::{Method, Scale};
use trainyard_table::{CellProblem, RowPart, Table, WrongCell, passed_over, rows_with_wrong};

/// The most problems that one refusal names.
const MOST_PROBLEMS: usize = 100;

/// What is asked of a model.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// The rows.
    pub rows: QuestionRows<'a>,
    /// Whether the probability of every class is wanted.
    pub probabilities: bool,
    /// How many reasons are wanted for each answer.
    pub reasons: usize,
    /// Curves around the one row, where they are wanted.
    pub curves: Option<&'a Curves>,
    /// What happens to odd cells.
    pub contract: &'a Contract,
}

/// The rows of a request.
#[derive(Clone, Copy, Debug)]
pub enum QuestionRows<'a> {
    /// JSON objects by column name, or arrays in signature order.
    Json(&'a [Value]),
    /// Rows of a file.
    File(FileRows<'a>),
}

/// Rows of a file.
#[derive(Clone, Copy, Debug)]
pub struct FileRows<'a> {
    /// The rows.
    pub part: &'a RowPart,
    /// How many rows stand before them.
    pub before: usize,
    /// The columns the file has that the model does not look at.
    pub unknown: &'a [String],
}

/// Which columns are varied, and at how many values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Curves {
    /// The columns; all that the model looks at (at most 50) unless named.
    pub columns: Option<Vec<String>>,
    /// Values tried of each, 2 to 100.
    pub points: usize,
}

impl Default for Curves {
    fn default() -> Self {
        Self {
            columns: None,
            points: 21,
        }
    }
}

/// The answer for one row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowAnswer {
    /// The class or the number.
    pub value: Value,
    /// Probability by class, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probabilities: Option<Map<String, Value>>,
    /// Why, where asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<RowExplanation>,
    /// What it would be, where asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what_if: Option<Vec<Curve>>,
    /// What was odd about the row.
    pub warnings: Vec<RowWarning>,
}

/// Why one row is answered as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowExplanation {
    /// How it was found: exactly for trees and linear models, else by asking about mixtures of rows.
    pub method: Method,
    /// What base and contributions add up to.
    pub scale: Scale,
    /// What is answered when nothing is known.
    pub base: f64,
    /// The strongest reasons, strongest first.
    pub reasons: Vec<RowReason>,
    /// What all other columns come to together.
    pub rest: f64,
}

/// How much one column moved an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowReason {
    /// The column.
    pub column: String,
    /// Its value in the row.
    pub value: Value,
    /// Above 0: it speaks for the answer given, or for a larger number; in units of the scale.
    pub contribution: f64,
}

/// What a row would be answered if one column were different.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// The column.
    pub column: String,
    /// The values it is set to, the row's own among them.
    pub grid: Vec<Value>,
    /// The number at each (regressions).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<f64>>,
    /// The probability at each, by class (classifications).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probabilities: Option<Map<String, Value>>,
}

/// The answers of one request.
#[derive(Clone, Debug)]
pub struct Answers {
    /// One a row.
    pub rows: Vec<RowAnswer>,
    /// Where the rows and their answers fall among what the model learned from; nothing for models that do not know.
    pub tally: Option<Tally>,
}

/// Rows that keep the contract.
struct Kept {
    table: Table,
    warnings: Vec<Vec<RowWarning>>,
}

impl FittedModel {
    /// Answers a question.
    ///
    /// # Errors
    /// [`TrainError::Data`] when a row is neither object nor array, [`TrainError::Spec`] with a pointer for each cell that
    /// the contract refuses, and for columns of curves that there are not.
    pub fn answer(&self, question: &Question<'_>) -> Result<Answers, TrainError> {
        let Kept { table, warnings } = self.keep(question)?;
        let prediction = self.predict(&table);
        let labels = prediction.labels();
        let explanation = match question.reasons {
            0 => None,
            _ => Some(self.explained(&table)?),
        };
        let mut rows: Vec<RowAnswer> = warnings
            .into_iter()
            .enumerate()
            .map(|(row, warnings)| RowAnswer {
                value: self.value(&prediction, labels.as_deref(), row),
                probabilities: question
                    .probabilities
                    .then(|| self.probabilities(&prediction, row))
                    .flatten(),
                explanation: explanation.as_ref().and_then(|explanation| {
                    let class = labels.as_ref().and_then(|labels| labels.get(row)).copied();
                    reasons(
                        explanation,
                        &table,
                        row,
                        class.unwrap_or(0) as usize,
                        question.reasons,
                    )
                }),
                what_if: None,
                warnings,
            })
            .collect();
        if let (Some(curves), Some(first)) = (question.curves, rows.first_mut()) {
            first.what_if = Some(self.curves(&table.take(&[0]), curves)?);
        }
        let tally = self
            .reference()
            .map(|reference| reference.tally(&table, &prediction));
        Ok(Answers { rows, tally })
    }

    /// The rows as the contract lets them through.
    fn keep(&self, question: &Question<'_>) -> Result<Kept, TrainError> {
        let decoded;
        let (table, wrong): (&Table, &[WrongCell]) = match question.rows {
            QuestionRows::Json(rows) => {
                decoded = rows_with_wrong(self.schema(), rows)?;
                (&decoded.table, &decoded.wrong)
            }
            QuestionRows::File(file) => (&file.part.table, &file.part.wrong),
        };
        let before = match question.rows {
            QuestionRows::Json(_) => 0,
            QuestionRows::File(file) => file.before,
        };
        let contract = question.contract;
        let mut noticed: Vec<Vec<(u8, RowWarning)>> = vec![Vec::new(); table.rows()];
        let mut refused: Vec<(usize, FieldProblem)> = Vec::new();
        let mut blank: Vec<(usize, Vec<usize>)> = Vec::new();
        for asked in self.asked(table) {
            let name = &asked.field.name;
            let policy = contract.policy(name);
            let mut taken = Vec::new();
            asked.visit(self, wrong, |row, oddity| match policy {
                Policy::Impute if taken_out(contract, name, oddity) => taken.push(row),
                Policy::Impute => {}
                Policy::Reject if refused.len() < MOST_PROBLEMS => {
                    let pointer = format!("/rows/{}/{}", before + row, escaped(name));
                    let detail = asked.refusal(row, oddity, wrong);
                    refused.push((row, FieldProblem::new(pointer, detail)));
                }
                Policy::Reject => {}
                Policy::Warn => {
                    if let Some(noticed) = noticed.get_mut(row) {
                        let warning = asked.warning(row, oddity, wrong);
                        let absent = matches!(oddity, Oddity::Missing | Oddity::WrongType);
                        noticed.push((if absent { 0 } else { 2 }, warning));
                    }
                }
            });
            blank.push((asked.place, taken));
        }
        if !refused.is_empty() {
            refused.sort_by_key(|(row, _)| *row);
            return Err(TrainError::Spec(
                refused.into_iter().map(|(_, problem)| problem).collect(),
            ));
        }
        self.note_unknown(question.rows, &mut noticed);
        let warnings = noticed.into_iter().map(|mut warnings| {
            // What is not there first, then what nobody asked for, then what is strange.
            warnings.sort_by_key(|(group, _)| *group);
            warnings.into_iter().map(|(_, warning)| warning).collect()
        });
        Ok(Kept {
            table: without(table.clone(), &blank),
            warnings: warnings.collect(),
        })
    }

    fn note_unknown(&self, rows: QuestionRows<'_>, noticed: &mut [Vec<(u8, RowWarning)>]) {
        let warning = |problem: CellProblem| RowWarning {
            column: problem.column,
            code: problem.code.to_string(),
            detail: problem.detail,
        };
        match rows {
            QuestionRows::Json(rows) => {
                for (row, noticed) in rows.iter().zip(noticed) {
                    let names = row.as_object().into_iter().flat_map(Map::keys);
                    let unknown = names.filter(|name| self.schema().field(name).is_none());
                    noticed.extend(unknown.map(|name| (1, warning(passed_over(name)))));
                }
            }
            QuestionRows::File(file) => {
                if let Some(first) = noticed.first_mut().filter(|_| file.before == 0) {
                    first.extend(
                        file.unknown
                            .iter()
                            .map(|name| (1, warning(passed_over(name)))),
                    );
                }
            }
        }
    }
}

/// The class or number of a row, and the probabilities of its classes.
impl FittedModel {
    fn value(&self, prediction: &Prediction, labels: Option<&[u32]>, row: usize) -> Value {
        match (prediction, labels, self.classes()) {
            (Prediction::Values(values), ..) => values
                .get(row)
                .map_or(Value::Null, |&value| Value::from(value)),
            (_, Some(labels), Some(classes)) => {
                let class = labels
                    .get(row)
                    .and_then(|&label| classes.get(label as usize));
                class.map_or(Value::Null, |class| Value::from(class.clone()))
            }
            _ => Value::Null,
        }
    }

    fn probabilities(&self, prediction: &Prediction, row: usize) -> Option<Map<String, Value>> {
        let Prediction::Classes {
            probabilities,
            classes,
        } = prediction
        else {
            return None;
        };
        let of_row = probabilities.get(row * classes..(row + 1) * classes)?;
        Some(
            self.classes()?
                .iter()
                .zip(of_row)
                .map(|(class, &probability)| (class.clone(), Value::from(probability)))
                .collect(),
        )
    }
}
