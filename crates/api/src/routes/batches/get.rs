//! One batch.

use axum::extract::State;

use super::BatchBody;
use crate::App;
use crate::extract::{Id, Json, SignedIn};
use crate::problem::Problem;

/// A batch, and how far it is
#[utoipa::path(
    get, path = "/batch-predictions/{id}", operation_id = "batch", tag = "predictions",
    params(("id" = uuid::Uuid, Path, description = "The batch's identifier")),
    responses((status = 200, body = BatchBody))
)]
pub(crate) async fn get(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<Json<BatchBody>, Problem> {
    Ok(Json(app.platform.batches().get(&caller, id).await?.into()))
}
