//! Stop a job.

use axum::extract::State;

use super::JobBody;
use crate::App;
use crate::extract::{Id, Json, SignedIn};
use crate::problem::Problem;

/// Cancel a job
///
/// One that waits ends at once, one that runs at its next step; the price is given back. One that has ended stays as
/// it is.
#[utoipa::path(
    post, path = "/jobs/{id}/cancel", operation_id = "cancel_job", tag = "jobs",
    params(("id" = uuid::Uuid, Path, description = "The job")),
    responses((status = 200, body = JobBody))
)]
pub(crate) async fn cancel(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<Json<JobBody>, Problem> {
    Ok(Json(app.platform.jobs().cancel(&caller, id).await?.into()))
}
