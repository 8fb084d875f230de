//! The end of a study.

use axum::extract::State;
use axum::http::StatusCode;

use crate::App;
use crate::extract::{Id, SignedIn};
use crate::problem::Problem;

/// Delete a study
///
/// With its trials. One that runs is cancelled and its price given back; the model it was saved as stays.
#[utoipa::path(
    delete, path = "/studies/{id}", operation_id = "delete_study", tag = "studies",
    params(("id" = uuid::Uuid, Path, description = "The study")),
    responses((status = 204))
)]
pub(crate) async fn delete(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    app.platform.studies().delete(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
