//! A model that answers: rows as a table, or as they come from a form or a request.

use crate::error::TrainError;
use crate::model_file::{self, ModelFileError};
use crate::signature::{self, SignatureField, signature};
use crate::spec::TrainSpec;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt::Write as _;
use trainyard_estimators::blend::{self, Blend};
use trainyard_estimators::pipeline::Pipeline;
use trainyard_estimators::{Prediction, Predictor, State, StateError, Task};
use trainyard_table::{DecodedRows, Field, Schema, Table, conform, rows_from_json};

/// Names of parts of a model file: one of them is there.
const PIPELINE: &str = "pipeline";
const BLEND: &str = "blend";

/// Everything needed to predict, and what was asked for when it was trained.
#[derive(Debug)]
pub struct FittedModel {
    spec: TrainSpec,
    predictor: Box<dyn Predictor>,
    signature: Vec<SignatureField>,
    schema: Schema,
}

/// A named remark about one cell of a request; the row is answered all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowWarning {
    /// The column.
    pub column: String,
    /// `missing`, `unknown_category`, `out_of_range`, `wrong_type` or `unknown_column`.
    pub code: String,
    /// A plain sentence.
    pub detail: String,
}

/// The answer for one row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowAnswer {
    /// The class or the number.
    pub value: Value,
    /// Probability by class, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probabilities: Option<Map<String, Value>>,
    /// What was odd about the row.
    pub warnings: Vec<RowWarning>,
}

/// The answers for a file.
#[derive(Clone, Debug)]
pub struct FileAnswers {
    prediction: Prediction,
    classes: Option<Vec<String>>,
    /// What was odd about the file, counted by column.
    pub warnings: Vec<RowWarning>,
}

impl FittedModel {
    /// Ties a fitted pipeline to what was asked and to what its columns looked like.
    pub(crate) fn new(spec: TrainSpec, predictor: Box<dyn Predictor>, train: &Table) -> Self {
        let used: Vec<String> = predictor
            .columns()
            .iter()
            .filter(|column| column.used)
            .map(|column| column.column.clone())
            .collect();
        let mut signature = signature(train, &used);
        if spec.pictures.is_some() {
            signature::as_pixels(&mut signature);
        }
        let schema = schema_of(train, &used);
        Self {
            spec,
            predictor,
            signature,
            schema,
        }
    }

    /// What was asked when it was trained.
    pub fn spec(&self) -> &TrainSpec {
        &self.spec
    }

    /// One field a column it looks at.
    pub fn signature(&self) -> &[SignatureField] {
        &self.signature
    }

    /// The columns it looks at.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Classes or numbers.
    pub fn task(&self) -> Task {
        self.predictor.task()
    }

    /// The classes, in the order of every probability row; `None` for numbers.
    pub fn classes(&self) -> Option<&[String]> {
        self.predictor.class_labels()
    }

    /// The algorithm that was picked or asked for.
    pub fn algorithm(&self) -> &str {
        self.predictor.algorithm()
    }

    /// The algorithm's parameters, defaults included.
    pub fn params(&self) -> &Map<String, Value> {
        self.predictor.params()
    }

    /// What answers: a fitted pipeline, or several together.
    pub fn predictor(&self) -> &dyn Predictor {
        self.predictor.as_ref()
    }

    /// The bytes of the model; equal models give equal bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let state = State::default()
            .with_meta("spec", &self.spec)
            .with_meta("signature", &self.signature)
            .with_meta("schema", &self.schema)
            .nest(self.part(), self.predictor.save());
        model_file::write(&state)
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote. Hostile input: everything is checked, nothing can run.
    ///
    /// # Errors
    /// [`ModelFileError`] for another kind of file, a newer version, or a damaged one.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelFileError> {
        let state = model_file::read(bytes)?;
        let damaged = |error: StateError| ModelFileError::Damaged(error.0);
        Ok(Self {
            spec: state.meta("spec").map_err(damaged)?,
            signature: state.meta("signature").map_err(damaged)?,
            schema: state.meta("schema").map_err(damaged)?,
            predictor: load(&state).map_err(damaged)?,
        })
    }

    /// The part of the file that holds what answers.
    fn part(&self) -> &'static str {
        if self.predictor.algorithm() == blend::NAME {
            BLEND
        } else {
            PIPELINE
        }
    }

    /// Predicts a table whose columns have the model's names and kinds.
    pub fn predict(&self, table: &Table) -> Prediction {
        self.predictor.predict(table)
    }

    /// Predicts rows as they come from a form or a request: objects by column name, or arrays in signature order.
    ///
    /// # Errors
    /// [`TrainError::Data`] when a row is neither.
    pub fn predict_rows(
        &self,
        rows: &[Value],
        probabilities: bool,
    ) -> Result<Vec<RowAnswer>, TrainError> {
        let decoded = rows_from_json(&self.schema, rows)?;
        let prediction = self.predictor.predict(&decoded.table);
        let labels = prediction.labels();
        let answers = (0..rows.len()).map(|row| RowAnswer {
            value: self.value(&prediction, labels.as_deref(), row),
            probabilities: probabilities
                .then(|| self.probabilities(&prediction, row))
                .flatten(),
            warnings: self.row_warnings(&decoded, row),
        });
        Ok(answers.collect())
    }

    /// Predicts a file that was read with [`trainyard_table::read`]: columns by name in any order.
    ///
    /// # Errors
    /// [`TrainError::Data`] when the file lacks columns of the model.
    pub fn predict_file(&self, table: &Table) -> Result<FileAnswers, TrainError> {
        let absent: Vec<&str> = self
            .schema
            .fields
            .iter()
            .map(|field| field.name.as_str())
            .filter(|name| table.column(name).is_none())
            .collect();
        if !absent.is_empty() {
            let detail = format!(
                "the file lacks {} that the model was trained on: {}; add them (cells may be empty)",
                columns(absent.len()),
                absent.join(", ")
            );
            return Err(TrainError::Data(detail));
        }
        let decoded = conform(table, &self.schema);
        let warnings = self.file_warnings(&decoded);
        Ok(FileAnswers {
            prediction: self.predictor.predict(&decoded.table),
            classes: self.classes().map(<[String]>::to_vec),
            warnings,
        })
    }

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

    fn row_warnings(&self, decoded: &DecodedRows, row: usize) -> Vec<RowWarning> {
        let problems = decoded.problems.get(row).into_iter().flatten();
        let mut warnings: Vec<RowWarning> = problems
            .map(|problem| RowWarning {
                column: problem.column.clone(),
                code: problem.code.to_string(),
                detail: problem.detail.clone(),
            })
            .collect();
        warnings.extend(self.contract(&decoded.table, row));
        warnings
    }

    /// What the schema contract says about the cells of one row: values outside of what was seen.
    fn contract(&self, table: &Table, row: usize) -> Vec<RowWarning> {
        // What a single pixel was before says nothing about a picture.
        if self.spec.pictures.is_some() {
            return Vec::new();
        }
        self.signature
            .iter()
            .filter_map(|field| self.odd_cell(table, field, row))
            .collect()
    }

    fn odd_cell(&self, table: &Table, field: &SignatureField, row: usize) -> Option<RowWarning> {
        let column = table.column(&field.name)?;
        if let (Some([low, high]), Some(value)) = (field.range, column.number(row)) {
            return (value < low || value > high).then(|| RowWarning {
                column: field.name.clone(),
                code: "out_of_range".to_owned(),
                detail: format!("{} is outside of what the model has seen for '{}' ({low} to {high}); the answer is a guess beyond its data", value, field.name),
            });
        }
        let text = column.text(row)?;
        (!self.predictor.knows(&field.name, text)).then(|| RowWarning {
            column: field.name.clone(),
            code: "unknown_category".to_owned(),
            detail: format!(
                "the model never saw '{text}' in '{}'; it is treated as no known value",
                field.name
            ),
        })
    }

    fn file_warnings(&self, decoded: &DecodedRows) -> Vec<RowWarning> {
        let mut counted: std::collections::BTreeMap<(String, String), usize> =
            std::collections::BTreeMap::new();
        for row in 0..decoded.table.rows() {
            for warning in self
                .row_warnings(decoded, row)
                .into_iter()
                .filter(|warning| warning.code != "missing" && warning.code != "unknown_column")
            {
                *counted.entry((warning.column, warning.code)).or_default() += 1;
            }
        }
        let sentence = |column: &str, code: &str, count: usize| {
            let rows = if count == 1 {
                "1 row has".to_owned()
            } else {
                format!("{count} rows have")
            };
            let rest = match code {
                "unknown_category" => "that the model never saw; it is treated as no known value",
                "out_of_range" => {
                    "outside of what the model has seen; an answer there is a guess beyond its data"
                }
                _ => "that cannot be read as its kind; it is treated as missing",
            };
            format!("{rows} a value in '{column}' {rest}")
        };
        counted
            .into_iter()
            .map(|((column, code), count)| RowWarning {
                detail: sentence(&column, &code, count),
                column,
                code,
            })
            .collect()
    }
}

impl FileAnswers {
    /// Rows answered.
    pub fn rows(&self) -> usize {
        self.prediction.rows()
    }

    /// A header and one line a row: `prediction`, and with `probabilities` one `probability:<class>` a class.
    pub fn to_csv(&self, probabilities: bool) -> String {
        let mut csv = String::from("prediction");
        let classes = self.classes.as_deref().unwrap_or_default();
        if probabilities {
            for class in classes {
                let _ = write!(csv, ",{}", quoted(&format!("probability:{class}")));
            }
        }
        csv.push('\n');
        match &self.prediction {
            Prediction::Values(values) => values.iter().for_each(|value| {
                let _ = writeln!(csv, "{value}");
            }),
            Prediction::Classes {
                probabilities: all,
                classes: width,
            } => {
                let labels = self.prediction.labels().unwrap_or_default();
                for (label, row) in labels.iter().zip(all.chunks_exact((*width).max(1))) {
                    csv.push_str(&quoted(
                        classes.get(*label as usize).map_or("", String::as_str),
                    ));
                    if probabilities {
                        for probability in row {
                            let _ = write!(csv, ",{probability}");
                        }
                    }
                    csv.push('\n');
                }
            }
        }
        csv
    }
}

/// Reads what answers, of either form.
fn load(state: &State) -> Result<Box<dyn Predictor>, StateError> {
    let together = state.part(BLEND);
    if together == State::default() {
        return Ok(Box::new(Pipeline::load(&state.part(PIPELINE))?));
    }
    Ok(Box::new(Blend::load(&together)?))
}

fn columns(count: usize) -> &'static str {
    if count == 1 { "a column" } else { "columns" }
}

fn schema_of(table: &Table, names: &[String]) -> Schema {
    let columns = names.iter().filter_map(|name| table.column(name));
    Schema {
        fields: columns
            .map(|column| Field {
                name: column.name().to_owned(),
                kind: column.kind(),
                labels: column.labels().cloned(),
            })
            .collect(),
    }
}

/// A CSV cell (RFC 4180).
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
