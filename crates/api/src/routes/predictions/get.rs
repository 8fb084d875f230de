//! One receipt.

use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use trainyard_platform::Prediction;
use utoipa::ToSchema;

use super::ReceiptBody;
use super::predict::AnswerBody;
use crate::App;
use crate::extract::{Id, Json, SignedIn};
use crate::problem::Problem;

/// A receipt with its answer.
#[derive(Serialize, ToSchema)]
#[schema(as = ReceiptDetail)]
pub(crate) struct ReceiptDetailBody {
    #[serde(flatten)]
    receipt: ReceiptBody,
    /// One answer a row, where it was short enough to be kept.
    #[schema(value_type = Option<Vec<AnswerBody>>)]
    predictions: Option<Value>,
    /// What turned out to be true, one value a row.
    #[schema(value_type = Option<Vec<Value>>)]
    truth: Option<Value>,
}

impl From<Prediction> for ReceiptDetailBody {
    fn from(row: Prediction) -> Self {
        Self {
            receipt: ReceiptBody::from(&row),
            predictions: row.answer.map(Value::from),
            truth: row.truth.map(Value::from),
        }
    }
}

/// One receipt, with its answer
#[utoipa::path(
    get, path = "/predictions/{id}", operation_id = "prediction", tag = "predictions",
    params(("id" = uuid::Uuid, Path, description = "The prediction's identifier")),
    responses((status = 200, body = ReceiptDetailBody))
)]
pub(crate) async fn get(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<Json<ReceiptDetailBody>, Problem> {
    let receipt = app.platform.predictions().get(&caller, id).await?;
    Ok(Json(receipt.into()))
}
