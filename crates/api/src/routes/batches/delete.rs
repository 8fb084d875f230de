//! A batch is deleted.

use axum::extract::State;
use axum::http::StatusCode;

use crate::App;
use crate::extract::{Id, SignedIn};
use crate::problem::Problem;

/// Delete a batch
///
/// Its answers go with it. One that still runs is stopped and its price given back.
#[utoipa::path(
    delete, path = "/batch-predictions/{id}", operation_id = "delete_batch", tag = "predictions",
    params(("id" = uuid::Uuid, Path, description = "The batch's identifier")),
    responses((status = 204, description = "It is gone"))
)]
pub(crate) async fn delete(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    app.platform.batches().delete(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
