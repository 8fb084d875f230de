//! How good a model is, where it is wrong, and what it looks at.

use axum::extract::State;
use serde_json::Value;

use crate::App;
use crate::extract::{Json, Name, SignedIn};
use crate::problem::Problem;

/// The report of a model
///
/// `metrics` with intervals and the baseline's value, `confusion_matrix`, `roc`, `pr`, `calibration`,
/// `threshold_sweep` or `residuals`, `importance`, `contenders`, `preparation`, `warnings`, `lineage` and a `verdict`.
#[utoipa::path(
    get, path = "/models/{id}/report", operation_id = "report", tag = "models",
    params(("id" = String, Path, description = "The model's identifier, or its name for the latest version that is ready")),
    responses((status = 200, body = Object))
)]
pub(crate) async fn report(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Name(id): Name,
) -> Result<Json<Value>, Problem> {
    Ok(Json(app.platform.models().report(&caller, &id).await?))
}
