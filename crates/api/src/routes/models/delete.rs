//! The end of a model.

use axum::extract::State;
use axum::http::StatusCode;

use crate::App;
use crate::extract::{Id, SignedIn};
use crate::problem::Problem;

/// Delete a model
///
/// One version, with its file and report. A training that still runs is cancelled and its price given back.
#[utoipa::path(
    delete, path = "/models/{id}", operation_id = "delete_model", tag = "models",
    params(("id" = uuid::Uuid, Path, description = "The model")),
    responses((status = 204))
)]
pub(crate) async fn delete(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    app.platform.models().delete(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
