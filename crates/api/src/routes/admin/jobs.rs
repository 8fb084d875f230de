//! Everybody's jobs: listed, and stopped.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use trainyard_platform::{JobStatus, JobsWanted};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::OwnerBody;
use crate::App;
use crate::extract::{Id, Json, PageQuery, Query, SignedIn};
use crate::problem::Problem;
use crate::routes::jobs::JobBody;

/// What the list holds.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct JobWanted {
    /// Only this account's.
    owner_id: Option<Uuid>,
    /// Only `profile` or `train` jobs.
    kind: Option<String>,
    /// Only `queued`, `running`, `done`, `failed` or `cancelled` ones.
    #[param(value_type = Option<String>)]
    status: Option<JobStatus>,
}

/// Somebody's job.
#[derive(Serialize, ToSchema)]
pub(crate) struct OwnedJob {
    /// Whose it is; null when the account went while the list was read.
    owner: Option<OwnerBody>,
    #[serde(flatten)]
    job: JobBody,
}

/// One page of everybody's jobs, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct OwnedJobPage {
    items: Vec<OwnedJob>,
    next_cursor: Option<String>,
}

/// Everybody's jobs
#[utoipa::path(
    get, path = "/admin/jobs", operation_id = "all_jobs", tag = "admin",
    params(PageQuery, JobWanted), responses((status = 200, body = OwnedJobPage))
)]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(page): Query<PageQuery>,
    Query(query): Query<JobWanted>,
) -> Result<Json<OwnedJobPage>, Problem> {
    let wanted = JobsWanted {
        owner_id: query.owner_id,
        kind: query.kind.filter(|kind| !kind.is_empty()),
        status: query.status,
    };
    let administration = app.platform.administration();
    let page = administration.jobs(&caller, wanted, &page.into()).await?;
    let page = page.map(|owned| OwnedJob {
        owner: owned.owner.map(OwnerBody::from),
        job: owned.item.into(),
    });
    Ok(Json(OwnedJobPage {
        items: page.items,
        next_cursor: page.next_cursor,
    }))
}

/// Cancel somebody's job
///
/// One that waits ends at once, one that runs at its next step; its owner gets the price back. One that has ended stays
/// as it is.
#[utoipa::path(
    post, path = "/admin/jobs/{id}/cancel", operation_id = "cancel_anybodys_job", tag = "admin",
    params(("id" = Uuid, Path, description = "The job")), responses((status = 200, body = JobBody))
)]
pub(crate) async fn cancel(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<Json<JobBody>, Problem> {
    let administration = app.platform.administration();
    Ok(Json(administration.cancel_job(&caller, id).await?.into()))
}
