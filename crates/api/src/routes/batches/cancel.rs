//! A batch is stopped.

use axum::extract::State;

use super::BatchBody;
use crate::App;
use crate::extract::{Id, Json, SignedIn};
use crate::problem::Problem;

/// Stop a batch
///
/// One that waits ends at once, one that runs at its next step; its price is given back. One that has ended stays as it
/// is.
#[utoipa::path(
    post, path = "/batch-predictions/{id}/cancel", operation_id = "cancel_batch", tag = "predictions",
    params(("id" = uuid::Uuid, Path, description = "The batch's identifier")),
    responses((status = 200, body = BatchBody))
)]
pub(crate) async fn cancel(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<Json<BatchBody>, Problem> {
    Ok(Json(
        app.platform.batches().cancel(&caller, id).await?.into(),
    ))
}
