//! Enough was seen.

use axum::extract::State;

use super::JobBody;
use crate::App;
use crate::extract::{Id, Json, SignedIn};
use crate::problem::Problem;

/// End a job with the best so far
///
/// For jobs that look for something: a race of algorithms, a search for parameters, a study. What is best so far is fitted
/// and kept, and the price stays paid. One that waits has nothing yet and is cancelled; a single training goes on to its
/// end. One that has ended stays as it is.
#[utoipa::path(
    post, path = "/jobs/{id}/stop", operation_id = "stop_job", tag = "jobs",
    params(("id" = uuid::Uuid, Path, description = "The job")),
    responses((status = 200, body = JobBody))
)]
pub(crate) async fn stop(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<Json<JobBody>, Problem> {
    Ok(Json(app.platform.jobs().stop(&caller, id).await?.into()))
}
