//! Everybody's batches, in a list; one is deleted.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use trainyard_platform::{BatchesWanted, JobStatus};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::OwnerBody;
use crate::App;
use crate::extract::{Id, Json, PageQuery, Query, SignedIn};
use crate::problem::Problem;
use crate::routes::batches::BatchBody;

/// What the list holds.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct BatchesWantedQuery {
    /// Only this account's.
    owner_id: Option<Uuid>,
    /// Only `queued`, `running`, `done`, `failed` or `cancelled` ones.
    #[param(value_type = Option<String>)]
    status: Option<JobStatus>,
}

/// Somebody's batch.
#[derive(Serialize, ToSchema)]
pub(crate) struct OwnedBatch {
    /// Whose it is; null when the account went while the list was read.
    owner: Option<OwnerBody>,
    #[serde(flatten)]
    batch: BatchBody,
}

/// One page of everybody's batches, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct OwnedBatchPage {
    items: Vec<OwnedBatch>,
    next_cursor: Option<String>,
}

/// Everybody's batches
///
/// Where they stand and what they cost, not what was answered. One that runs is stopped by its job.
#[utoipa::path(
    get, path = "/admin/batch-predictions", operation_id = "all_batches", tag = "admin",
    params(PageQuery, BatchesWantedQuery), responses((status = 200, body = OwnedBatchPage))
)]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(page): Query<PageQuery>,
    Query(query): Query<BatchesWantedQuery>,
) -> Result<Json<OwnedBatchPage>, Problem> {
    let wanted = BatchesWanted {
        owner_id: query.owner_id,
        pictures: false,
        status: query.status,
    };
    let administration = app.platform.administration();
    let page = administration
        .batches(&caller, wanted, &page.into())
        .await?;
    let page = page.map(|owned| OwnedBatch {
        owner: owned.owner.map(OwnerBody::from),
        batch: owned.item.into(),
    });
    Ok(Json(OwnedBatchPage {
        items: page.items,
        next_cursor: page.next_cursor,
    }))
}

/// Delete somebody's batch
///
/// Anybody's, with its answers. One that still runs is stopped and its price given back.
#[utoipa::path(
    delete, path = "/admin/batch-predictions/{id}", operation_id = "delete_anybodys_batch", tag = "admin",
    params(("id" = Uuid, Path, description = "The batch")), responses((status = 204))
)]
pub(crate) async fn delete(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    let administration = app.platform.administration();
    administration.delete_batch(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
