//! A model is asked. The model comes from the cache, the rows are answered, and only then are charge, answer and
//! audit entry committed together: an answer that failed is never charged, and a charged answer is always recorded.

mod guests;
mod loaded;

use std::sync::Arc;

use serde_json::{Value, json};
use trainyard_store::{Access, Charge, Charged, Idempotency, JsonText, settings};
use trainyard_training::{FieldProblem, RowAnswer, TrainError};
use uuid::Uuid;

use crate::Platform;
use crate::caller::{Action, Caller};
use crate::error::{PlatformError, Result, panic_text};

pub use guests::{GuestModel, GuestRequest};
pub(crate) use loaded::{LoadedModel, LoadedModels};

/// The most rows one call answers.
pub const MAX_ROWS: usize = 1_000;
/// Up to this many rows are answered on the spot; more go to the threads that compute.
const ON_THE_SPOT: usize = 32;

/// Use cases of predictions; from [`Platform::predictions`].
#[derive(Clone, Copy, Debug)]
pub struct Predictions<'a>(pub(crate) &'a Platform);

/// What a model is asked.
#[derive(Clone, Debug)]
pub struct PredictRequest {
    /// Objects by column name, or arrays in the signature's order.
    pub rows: Vec<Value>,
    /// Whether the probability of every class is wanted.
    pub probabilities: bool,
    /// The caller's key for a request that may come twice.
    pub idempotency_key: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Predicted {
    /// The prediction's identifier.
    pub id: Uuid,
    /// One answer a row, as JSON: `{value, probabilities?, warnings}`.
    pub predictions: Value,
    /// What this request was charged, whenever it first came.
    pub charged: i64,
    /// The balance now.
    pub balance: i64,
    /// Whether this request had come before.
    pub replayed: bool,
}

/// An answer that is not charged yet.
struct Asked {
    input_digest: String,
    rows: u32,
    predictions: Value,
}

impl Asked {
    /// What the audit remembers: how much was asked, and a digest of it.
    fn details(&self) -> Value {
        json!({ "rows": self.rows, "input": self.input_digest })
    }
}

fn check_rows(rows: &[Value]) -> Result<()> {
    if rows.is_empty() || rows.len() > MAX_ROWS {
        let detail = format!("Send 1 to {MAX_ROWS} rows; these are {}.", rows.len());
        return Err(PlatformError::field("/rows", detail));
    }
    Ok(())
}

/// Refuses answers to rows that are odd in one of these ways.
fn check_oddities(predictions: &Value, odd: &[&str]) -> Result<()> {
    let warnings = |answer: &Value| answer.get("warnings").and_then(Value::as_array).cloned();
    let answers = predictions.as_array().into_iter().flatten();
    let warnings = answers.filter_map(warnings).flatten();
    let refused = warnings.filter_map(|warning| {
        let code = warning.get("code")?.as_str()?;
        let detail = warning.get("detail")?.as_str()?;
        odd.contains(&code)
            .then(|| FieldProblem::new("/rows", crate::error::sentence(detail)))
    });
    let refused: Vec<FieldProblem> = refused.collect();
    if refused.is_empty() {
        return Ok(());
    }
    Err(PlatformError::Validation(refused))
}

impl Predictions<'_> {
    /// Answers rows with one of the caller's models, named by identifier or name, or with one that is shared with them.
    /// Whoever asks pays.
    ///
    /// # Errors
    /// `NotFound`; `NotReady`; `Validation`; and from the charging commit `Unauthenticated`, `Forbidden`,
    /// `InsufficientTokens`, `Conflict`. Nothing is charged on any of them.
    pub async fn predict(
        &self,
        caller: &Caller,
        id_or_name: &str,
        request: PredictRequest,
    ) -> Result<Predicted> {
        self.predict_unless(caller, id_or_name, request, &[]).await
    }

    /// The same, but rows that are odd in one of these ways (codes of [`RowWarning`](crate::RowWarning)s) are refused.
    ///
    /// # Errors
    /// Those of [`Predictions::predict`]; `Validation` with what is odd.
    pub async fn predict_unless(
        &self,
        caller: &Caller,
        id_or_name: &str,
        request: PredictRequest,
        odd: &[&str],
    ) -> Result<Predicted> {
        caller.may(Action::Predict)?;
        check_rows(&request.rows)?;
        let model = self.0.loaded_model(caller, id_or_name).await?;
        let asked = self
            .ask(&model, request.rows, request.probabilities)
            .await?;
        check_oddities(&asked.predictions, odd)?;
        let idempotency = request.idempotency_key.map(|key| Idempotency {
            key,
            request_digest: asked.input_digest.clone(),
        });
        let rows = asked.rows as usize;
        let charge = Charge {
            caller_id: caller.id,
            payer_id: caller.id,
            token_version: caller.token_version(),
            role: caller.role,
            model_id: model.id,
            access: Access::Account,
            price: self.0.prices_at(caller.origin.door).predict,
            door: caller.origin.door.name().to_owned(),
            input_digest: asked.input_digest.clone(),
            rows: asked.rows,
            answer: self.kept(&asked.predictions),
            idempotency,
            audit: caller.entry("predict").details(asked.details()),
        };
        let predictions = asked.predictions;
        match self
            .0
            .store()
            .predictions()
            .charge_and_record(charge)
            .await?
        {
            Charged::Recorded {
                prediction_id,
                charged,
                balance,
            } => {
                self.0.0.counters.predicted(rows, charged);
                Ok(Predicted {
                    id: prediction_id,
                    predictions,
                    charged,
                    balance,
                    replayed: false,
                })
            }
            // Equal rows, equal model: what was computed now is what was answered then.
            Charged::Replayed {
                prediction,
                balance,
            } => Ok(Predicted {
                id: prediction.id,
                predictions: prediction.answer.map_or(predictions, JsonText::into_json),
                charged: prediction.price,
                balance,
                replayed: true,
            }),
        }
    }

    /// Answers rows, and says what of it is charged and remembered.
    async fn ask(
        &self,
        model: &Arc<LoadedModel>,
        rows: Vec<Value>,
        probabilities: bool,
    ) -> Result<Asked> {
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let input = json!({ "model": model.id, "rows": rows, "probabilities": probabilities });
        let input_digest = blake3::hash(input.to_string().as_bytes())
            .to_hex()
            .to_string();
        let answers = self.answer(model, rows, probabilities).await?;
        let predictions = serde_json::to_value(answers)
            .map_err(|error| PlatformError::internal("write an answer", error))?;
        Ok(Asked {
            input_digest,
            rows: count,
            predictions,
        })
    }

    async fn answer(
        &self,
        model: &Arc<LoadedModel>,
        rows: Vec<Value>,
        probabilities: bool,
    ) -> Result<Vec<RowAnswer>> {
        let answers = if rows.len() <= ON_THE_SPOT {
            let work = || model.fitted.predict_rows(&rows, probabilities);
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).map_err(|panic| {
                PlatformError::Internal(format!(
                    "predict: panicked: {}",
                    panic_text(panic.as_ref())
                ))
            })?
        } else {
            let model = Arc::clone(model);
            self.0
                .compute("predict", move || {
                    model.fitted.predict_rows(&rows, probabilities)
                })
                .await?
        };
        answers.map_err(|error| match error {
            TrainError::Data(detail) => {
                PlatformError::field("/rows", crate::error::sentence(&detail))
            }
            TrainError::Spec(problems) => PlatformError::Validation(
                problems
                    .into_iter()
                    .map(|problem| FieldProblem::new("/rows", problem.detail))
                    .collect(),
            ),
            other => PlatformError::internal("predict", other),
        })
    }

    /// The answer, when it is small enough to keep.
    pub(crate) fn kept(&self, predictions: &Value) -> Option<Value> {
        let longest = self
            .0
            .store()
            .settings()
            .current()
            .integer(&settings::STORED_ANSWER_BYTES);
        let length = predictions.to_string().len();
        (u64::try_from(longest).is_ok_and(|longest| length as u64 <= longest))
            .then(|| predictions.clone())
    }
}
