//! A model is asked. The model comes from the cache, the rows are answered, and only then are charge, answer and
//! audit entry committed together: an answer that failed is never charged, and a charged answer is always recorded.
//!
//! Where to go next: `ask` answers, `charging` has it paid for, `receipts` tells what was answered and takes down what turned out to be true,
//! `judging` compares the two over time, `contract` is what an owner wants done with odd cells. Files of any size are in
//! [`batches`](crate::batches).

pub(crate) mod ask;
pub(crate) mod charging;
mod contract;
mod guests;
mod judging;
mod loaded;
mod receipts;

use bytes::Bytes;
use serde_json::Value;
use trainyard_training::{Curves, FieldProblem, SignatureField};
use uuid::Uuid;

use crate::Platform;
use crate::caller::{Action, Caller};
use crate::error::{PlatformError, Result};
use ask::Asking;

pub use contract::ModelContract;
pub use guests::{GuestModel, GuestRequest};
pub use judging::{AccuracyPeriod, Drift, DriftPeriod, Interval, Judged, Window};
pub(crate) use loaded::{LoadedModel, LoadedModels};
pub use receipts::{ReceiptsWanted, Truth};

/// The most rows one call answers.
pub const MAX_ROWS: usize = 1_000;

/// Use cases of predictions; from [`Platform::predictions`].
#[derive(Clone, Copy, Debug)]
pub struct Predictions<'a>(pub(crate) &'a Platform);

/// What a model is asked.
#[derive(Clone, Debug)]
pub struct PredictRequest {
    /// The rows.
    pub rows: PredictRows,
    /// Whether the probability of every class is wanted.
    pub probabilities: bool,
    /// Whether the reasons for each answer are wanted.
    pub explain: bool,
    /// Curves around the one row, where they are wanted.
    pub what_if: Option<Curves>,
    /// The caller's key for a request that may come twice.
    pub idempotency_key: Option<String>,
}

/// The rows of a request.
#[derive(Clone, Debug)]
pub enum PredictRows {
    /// Objects by column name, or arrays in the signature's order.
    Json(Vec<Value>),
    /// A small file with the model's columns.
    File {
        /// Its bytes.
        bytes: Bytes,
        /// A name that helps to recognise the format.
        name: String,
    },
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Predicted {
    /// The prediction's identifier.
    pub id: Uuid,
    /// As JSON: for rows one `{value, probabilities?, explanation?, what_if?, warnings}` each, for a picture a
    /// [`PictureAnswer`](crate::PictureAnswer).
    pub answer: Value,
    /// What this request was charged, whenever it first came.
    pub charged: i64,
    /// The balance now.
    pub balance: i64,
    /// Whether this request had come before.
    pub replayed: bool,
}

/// What a model takes and gives, for doors that have to know before they ask.
#[derive(Clone, Debug)]
pub struct ModelFace {
    /// Which version.
    pub id: Uuid,
    /// One field a column.
    pub signature: Vec<SignatureField>,
    /// The classes; nothing for a regression.
    pub classes: Option<Vec<String>>,
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
    /// What a model of the caller's takes and gives, or one that is shared with them. A model that is kept ready tells
    /// without the database being asked: whoever predicts is looked at when they pay.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound`; `NotReady`.
    pub async fn face(&self, caller: &Caller, id_or_name: &str) -> Result<ModelFace> {
        caller.may(Action::Predict)?;
        let model = self.0.loaded_model(caller, id_or_name).await?;
        Ok(ModelFace {
            id: model.id,
            signature: model.fitted.signature().to_vec(),
            classes: model.fitted.classes().map(<[String]>::to_vec),
        })
    }

    /// Answers rows with one of the caller's models, named by identifier or name, or with one that is shared with them.
    /// Whoever asks pays.
    ///
    /// # Errors
    /// `NotFound`; `NotReady`; `Validation`; `UnreadableFile`; and from the charging commit `Unauthenticated`,
    /// `Forbidden`, `InsufficientTokens`, `Conflict`. Nothing is charged on any of them.
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
        let asking = Asking {
            rows: request.rows,
            probabilities: request.probabilities,
            explain: request.explain,
            what_if: request.what_if,
        };
        asking.check()?;
        let model = self.0.loaded_model(caller, id_or_name).await?;
        let answered = self.ask(&model, asking).await?;
        check_oddities(&answered.answer, odd)?;
        let bill = self.bill(caller, request.idempotency_key);
        self.charge(model.id, bill, answered).await
    }
}
