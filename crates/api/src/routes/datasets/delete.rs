//! The end of a data set.

use axum::extract::State;
use axum::http::StatusCode;

use crate::App;
use crate::extract::{Id, SignedIn};
use crate::problem::Problem;

/// Delete a data set
///
/// Its file goes with it; models trained on it stay.
#[utoipa::path(
    delete, path = "/datasets/{id}", operation_id = "delete_dataset", tag = "datasets",
    params(("id" = uuid::Uuid, Path, description = "The data set")),
    responses((status = 204))
)]
pub(crate) async fn delete(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    app.platform.datasets().delete(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
