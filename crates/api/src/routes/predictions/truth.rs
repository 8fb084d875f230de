//! What turned out to be true.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use trainyard_platform::Truth;
use utoipa::ToSchema;
use uuid::Uuid;

use super::get::ReceiptDetailBody;
use crate::App;
use crate::extract::{Id, Json, SignedIn};
use crate::problem::Problem;

/// What turned out to be true of one prediction.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TruthBody {
    /// One value a row (null where it is not known), or the value alone of a prediction of one row.
    #[schema(value_type = Value, example = "yes")]
    truth: Value,
}

/// What turned out to be true of many predictions.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TruthsBody {
    /// 1 to 1,000 of them; all are noted, or when one does not fit none.
    #[schema(min_items = 1, max_items = 1000)]
    truths: Vec<OneTruth>,
}

/// What turned out to be true of one of them.
#[derive(Deserialize, ToSchema)]
#[schema(as = PredictionTruth)]
#[serde(deny_unknown_fields)]
pub(crate) struct OneTruth {
    id: Uuid,
    /// One value a row (null where it is not known), or the value alone of a prediction of one row.
    #[schema(value_type = Value, example = "yes")]
    truth: Value,
}

/// Say what turned out to be true
///
/// From then on the prediction counts for the accuracy of its model. Said again, it replaces what was said before.
#[utoipa::path(
    post, path = "/predictions/{id}/truth", operation_id = "tell_truth", tag = "predictions", request_body = TruthBody,
    params(("id" = uuid::Uuid, Path, description = "The prediction's identifier")),
    responses((status = 200, body = ReceiptDetailBody))
)]
pub(crate) async fn tell(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
    Json(body): Json<TruthBody>,
) -> Result<Json<ReceiptDetailBody>, Problem> {
    let predictions = app.platform.predictions();
    let receipt = predictions.tell_truth(&caller, id, body.truth).await?;
    Ok(Json(receipt.into()))
}

/// Say what turned out to be true of many predictions
#[utoipa::path(
    post, path = "/predictions/truth", operation_id = "tell_truths", tag = "predictions", request_body = TruthsBody,
    responses((status = 204, description = "All are noted"))
)]
pub(crate) async fn tell_all(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Json(body): Json<TruthsBody>,
) -> Result<StatusCode, Problem> {
    let truths = body.truths.into_iter().map(|one| Truth {
        id: one.id,
        truth: one.truth,
    });
    let predictions = app.platform.predictions();
    predictions.tell_truths(&caller, truths.collect()).await?;
    Ok(StatusCode::NO_CONTENT)
}
