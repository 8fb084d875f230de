//! The best is let go.

use axum::extract::State;

use super::StudyBody;
use crate::App;
use crate::extract::{Id, Json, SignedIn};
use crate::problem::Problem;

/// Let the best of a study go
///
/// Its file is deleted; the trials stay.
#[utoipa::path(
    post, path = "/studies/{id}/revert", operation_id = "revert_study", tag = "studies",
    params(("id" = uuid::Uuid, Path, description = "The study")),
    responses((status = 200, body = StudyBody))
)]
pub(crate) async fn revert(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<Json<StudyBody>, Problem> {
    Ok(Json(
        app.platform.studies().revert(&caller, id).await?.into(),
    ))
}
