//! The list of batches.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::BatchBody;
use crate::App;
use crate::extract::{Json, PageQuery, Query, SignedIn};
use crate::problem::Problem;

/// What the list holds.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct BatchesQuery {
    /// Only by this model.
    model_id: Option<Uuid>,
}

/// One page of batches, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct BatchPage {
    items: Vec<BatchBody>,
    next_cursor: Option<String>,
}

/// Your batches
#[utoipa::path(
    get, path = "/batch-predictions", operation_id = "batches", tag = "predictions", params(PageQuery, BatchesQuery),
    responses((status = 200, body = BatchPage))
)]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(page): Query<PageQuery>,
    Query(query): Query<BatchesQuery>,
) -> Result<Json<BatchPage>, Problem> {
    let batches = app.platform.batches();
    let page = batches.list(&caller, query.model_id, &page.into()).await?;
    let page = page.map(BatchBody::from);
    Ok(Json(BatchPage {
        items: page.items,
        next_cursor: page.next_cursor,
    }))
}
