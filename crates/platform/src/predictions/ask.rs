//! Rows are answered, and what of it is charged and remembered is put together. Nothing here is written.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value, json};
use trainyard_table::{ReadOptions, RowReader, RowSource};
use trainyard_training::{
    Answers, Curves, FieldProblem, FileRows, Question, QuestionRows, Tally, TrainError,
};

use super::charging::Answered;
use super::{LoadedModel, MAX_ROWS, PredictRows, Predictions};
use crate::error::{PlatformError, Result, panic_text, sentence};

/// Up to this many rows are answered on the spot; more go to the threads that compute.
const ON_THE_SPOT: usize = 32;
/// The most rows whose reasons are given.
const MOST_EXPLAINED: usize = 100;
/// Reasons given for each answer.
const REASONS: usize = 5;

/// What is asked, whoever asks.
#[derive(Clone, Debug)]
pub(super) struct Asking {
    pub(super) rows: PredictRows,
    pub(super) probabilities: bool,
    pub(super) explain: bool,
    pub(super) what_if: Option<Curves>,
}

pub(super) fn check_rows(rows: &[Value]) -> Result<()> {
    check_count(rows.len())
}

fn check_count(rows: usize) -> Result<()> {
    if rows == 0 || rows > MAX_ROWS {
        let detail = format!(
            "Send 1 to {MAX_ROWS} rows; these are {rows}. For more send the file as a batch."
        );
        return Err(PlatformError::field("/rows", detail));
    }
    Ok(())
}

impl Asking {
    /// Refuses what would be too much before the model is looked for.
    pub(super) fn check(&self) -> Result<()> {
        match &self.rows {
            PredictRows::Json(rows) => {
                check_rows(rows)?;
                self.check_extras(rows.len())
            }
            PredictRows::File { .. } => Ok(()),
        }
    }

    fn check_extras(&self, rows: usize) -> Result<()> {
        if self.explain && rows > MOST_EXPLAINED {
            let detail =
                format!("Reasons are given for up to {MOST_EXPLAINED} rows; these are {rows}.");
            return Err(PlatformError::field("/explain", detail));
        }
        if self.what_if.is_some() && rows != 1 {
            let detail = format!("Curves are drawn around one row; these are {rows}.");
            return Err(PlatformError::field("/what_if", detail));
        }
        Ok(())
    }

    /// Small enough to be answered by the thread that serves.
    fn is_short(&self) -> bool {
        let few = matches!(&self.rows, PredictRows::Json(rows) if rows.len() <= ON_THE_SPOT);
        few && !self.explain && self.what_if.is_none()
    }

    /// What tells this request from others; options that are not used leave no trace.
    fn digest(&self, model: &LoadedModel) -> String {
        let mut input = match &self.rows {
            PredictRows::Json(rows) => {
                json!({ "model": model.id, "rows": rows, "probabilities": self.probabilities })
            }
            PredictRows::File { bytes, name } => json!({
                "model": model.id,
                "file": blake3::hash(bytes).to_hex().to_string(),
                "name": name,
                "probabilities": self.probabilities,
            }),
        };
        if let Some(fields) = input.as_object_mut() {
            if self.explain {
                fields.insert("explain".to_owned(), Value::Bool(true));
            }
            if let Some(curves) = &self.what_if {
                fields.insert("what_if".to_owned(), json!(curves));
            }
        }
        blake3::hash(input.to_string().as_bytes())
            .to_hex()
            .to_string()
    }

    fn answer(&self, model: &LoadedModel) -> Result<Answers> {
        match &self.rows {
            PredictRows::Json(rows) => self.put(model, QuestionRows::Json(rows)),
            PredictRows::File { bytes, name } => self.answer_file(model, bytes, name),
        }
    }

    fn put(&self, model: &LoadedModel, rows: QuestionRows<'_>) -> Result<Answers> {
        let question = Question {
            rows,
            probabilities: self.probabilities,
            reasons: if self.explain { REASONS } else { 0 },
            curves: self.what_if.as_ref(),
            contract: &model.contract,
        };
        model.fitted.answer(&question).map_err(refused)
    }

    /// A small file comes in one part, unless its rows are wide.
    fn answer_file(&self, model: &LoadedModel, bytes: &Bytes, name: &str) -> Result<Answers> {
        let options = ReadOptions {
            max_rows: MAX_ROWS,
            ..ReadOptions::default()
        };
        let open = || {
            let source = RowSource::bytes(bytes.clone());
            RowReader::open(source, name, model.fitted.schema(), &options)
        };
        let mut file = open()?;
        model
            .fitted
            .check_columns(&file, &model.contract)
            .map_err(refused)?;
        // Counted first: of too many rows none is answered.
        match open()?.count() {
            Ok(rows) => self.check_extras(rows)?,
            Err(trainyard_table::TableError::TooManyRows { .. }) => {
                let detail = format!(
                    "The file has more than {MAX_ROWS} rows. Send it as a batch, or fewer rows."
                );
                return Err(PlatformError::field("/rows", detail));
            }
            Err(error) => return Err(error.into()),
        }
        let unknown = file.unknown().to_vec();
        let decoder = file.decoder();
        let mut all = Answers {
            rows: Vec::new(),
            tally: None,
        };
        while let Some(raw) = file.next_part()? {
            let part = decoder.decode(&raw)?;
            let rows = FileRows {
                part: &part,
                before: all.rows.len(),
                unknown: &unknown,
            };
            let answers = self.put(model, QuestionRows::File(rows))?;
            all.rows.extend(answers.rows);
            if let Some(tally) = answers.tally {
                all.tally.get_or_insert_with(Tally::default).add(&tally);
            }
        }
        check_count(all.rows.len())?;
        Ok(all)
    }
}

impl Predictions<'_> {
    /// Answers rows, and says what of it is charged and remembered.
    pub(super) async fn ask(&self, model: &Arc<LoadedModel>, asking: Asking) -> Result<Answered> {
        let input_digest = asking.digest(model);
        let answers = if asking.is_short() {
            let work = || asking.answer(model);
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).map_err(|panic| {
                PlatformError::Internal(format!(
                    "predict: panicked: {}",
                    panic_text(panic.as_ref())
                ))
            })?
        } else {
            let model = Arc::clone(model);
            self.0
                .compute("predict", move || asking.answer(&model))
                .await?
        }?;
        let written = |error| PlatformError::internal("write an answer", error);
        let rows = u32::try_from(answers.rows.len()).unwrap_or(u32::MAX);
        Ok(Answered {
            details: json!({ "rows": rows, "input": input_digest }),
            input_digest,
            rows,
            tally: answers
                .tally
                .as_ref()
                .map(serde_json::to_value)
                .transpose()
                .map_err(written)?,
            answer: serde_json::to_value(answers.rows).map_err(written)?,
        })
    }
}

/// What a person is told whose rows are not answered.
pub(crate) fn refused(error: TrainError) -> PlatformError {
    match error {
        TrainError::Data(detail) => PlatformError::field("/rows", sentence(&detail)),
        TrainError::Spec(problems) => PlatformError::Validation(
            problems
                .into_iter()
                .map(|problem| FieldProblem::new(problem.pointer, sentence(&problem.detail)))
                .collect(),
        ),
        other => PlatformError::internal("predict", other),
    }
}
