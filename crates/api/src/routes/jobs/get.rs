//! One job.

use axum::extract::State;

use super::JobBody;
use crate::App;
use crate::extract::{Id, Json, SignedIn};
use crate::problem::Problem;

/// A job
#[utoipa::path(
    get, path = "/jobs/{id}", operation_id = "job", tag = "jobs",
    params(("id" = uuid::Uuid, Path, description = "The job")),
    responses((status = 200, body = JobBody))
)]
pub(crate) async fn get(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<Json<JobBody>, Problem> {
    Ok(Json(app.platform.jobs().get(&caller, id).await?.into()))
}
