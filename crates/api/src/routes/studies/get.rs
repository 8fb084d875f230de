//! One study.

use axum::extract::State;

use super::StudyBody;
use crate::App;
use crate::extract::{Id, Json, SignedIn};
use crate::problem::Problem;

/// A study
#[utoipa::path(
    get, path = "/studies/{id}", operation_id = "study", tag = "studies",
    params(("id" = uuid::Uuid, Path, description = "The study")),
    responses((status = 200, body = StudyBody))
)]
pub(crate) async fn get(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<Json<StudyBody>, Problem> {
    Ok(Json(app.platform.studies().get(&caller, id).await?.into()))
}
