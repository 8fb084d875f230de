//! Enough was tried.

use axum::extract::State;

use super::StudyBody;
use crate::App;
use crate::extract::{Id, Json, SignedIn};
use crate::problem::Problem;

/// End a study with the best so far
///
/// The best so far is fitted and waits to be saved. A study that waits has tried nothing: it is cancelled and its price
/// given back. One that has ended stays as it is.
#[utoipa::path(
    post, path = "/studies/{id}/stop", operation_id = "stop_study", tag = "studies",
    params(("id" = uuid::Uuid, Path, description = "The study")),
    responses((status = 200, body = StudyBody))
)]
pub(crate) async fn stop(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<Json<StudyBody>, Problem> {
    Ok(Json(app.platform.studies().stop(&caller, id).await?.into()))
}
