//! A model is asked.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use trainyard_platform::PredictRequest;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::App;
use crate::extract::{Claimed, IdempotencyKey, Json, Name};
use crate::problem::Problem;

/// What a model is asked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PredictBody {
    /// 1 to 1,000 rows: objects by column name, or arrays in the signature's order. Values are numbers, texts, true,
    /// false or null.
    #[schema(value_type = Vec<Object>, min_items = 1, max_items = 1000, example = json!([{"age": 30, "sex": "female"}]))]
    rows: Vec<Value>,
    /// Whether the probability of every class is wanted.
    #[serde(default)]
    proba: bool,
}

/// What came of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct PredictionsBody {
    id: Uuid,
    /// One answer a row, in order.
    #[schema(value_type = Vec<AnswerBody>)]
    predictions: Value,
    /// Tokens this request was charged.
    #[schema(example = 5)]
    charged: i64,
    #[schema(example = 9)]
    balance: i64,
}

/// The answer for one row.
#[derive(Serialize, ToSchema)]
#[schema(as = Prediction)]
pub(crate) struct AnswerBody {
    /// The class or the number.
    #[schema(example = "yes")]
    value: Value,
    /// By class, where asked for.
    #[schema(value_type = Option<std::collections::BTreeMap<String, f64>>)]
    probabilities: Option<Value>,
    /// What was odd about the row.
    warnings: Vec<AnswerWarning>,
}

/// Something odd about a cell; the row is answered all the same.
#[derive(Serialize, ToSchema)]
#[schema(as = PredictionWarning)]
pub(crate) struct AnswerWarning {
    column: String,
    /// `missing`, `unknown_category`, `out_of_range`, `wrong_type` or `unknown_column`.
    code: String,
    detail: String,
}

/// Predict
///
/// Charged once the answer is there; an answer that fails costs nothing. With `Idempotency-Key`, the same request
/// under the same key is charged once.
#[utoipa::path(
    post, path = "/models/{id}/predictions", operation_id = "predict", tag = "predictions", request_body = PredictBody,
    params(
        ("id" = String, Path, description = "The model's identifier, or its name for the latest version that is ready"),
        ("Idempotency-Key" = Option<String>, Header, description = "Charges the same request once")
    ),
    responses((status = 200, body = PredictionsBody))
)]
pub(crate) async fn predict(
    State(app): State<App>,
    Claimed(caller): Claimed,
    IdempotencyKey(idempotency_key): IdempotencyKey,
    Name(id): Name,
    Json(request): Json<PredictBody>,
) -> Result<Response, Problem> {
    let request = PredictRequest {
        rows: request.rows,
        probabilities: request.proba,
        idempotency_key,
    };
    let predicted = app
        .platform
        .predictions()
        .predict(&caller, &id, request)
        .await?;
    let replayed = predicted
        .replayed
        .then_some([("idempotency-replayed", "true")]);
    let body = PredictionsBody {
        id: predicted.id,
        predictions: predicted.predictions,
        charged: predicted.charged,
        balance: predicted.balance,
    };
    Ok((replayed, Json(body)).into_response())
}
