//! The list of jobs.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use trainyard_platform::JobStatus;
use utoipa::{IntoParams, ToSchema};

use super::JobBody;
use crate::App;
use crate::extract::{Json, PageQuery, Query, SignedIn};
use crate::problem::Problem;

/// What the list holds.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct JobQuery {
    /// Only `queued`, `running`, `done`, `failed` or `cancelled` ones.
    #[param(value_type = Option<String>)]
    status: Option<JobStatus>,
}

/// One page of jobs, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct JobPage {
    items: Vec<JobBody>,
    next_cursor: Option<String>,
}

/// Your jobs
#[utoipa::path(
    get, path = "/jobs", operation_id = "jobs", tag = "jobs", params(PageQuery, JobQuery),
    responses((status = 200, body = JobPage))
)]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(page): Query<PageQuery>,
    Query(query): Query<JobQuery>,
) -> Result<Json<JobPage>, Problem> {
    let page = app
        .platform
        .jobs()
        .list(&caller, query.status, &page.into())
        .await?
        .map(JobBody::from);
    Ok(Json(JobPage {
        items: page.items,
        next_cursor: page.next_cursor,
    }))
}
