//! What somebody asked.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use trainyard_platform::ReceiptsWanted;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::ReceiptBody;
use crate::App;
use crate::extract::{Json, PageQuery, Query, SignedIn};
use crate::problem::Problem;
use crate::routes::times::read_moment;

/// What the list holds.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReceiptQuery {
    /// Only by this model.
    model_id: Option<Uuid>,
    /// Only through this door: `api`, `guest` or `v2`.
    door: Option<String>,
    /// Only those whose truth is known, or only the others.
    with_truth: Option<bool>,
    /// From this moment on, as 2026-11-22T10:00:00Z.
    #[param(format = DateTime)]
    from: Option<String>,
    /// Before this moment.
    #[param(format = DateTime)]
    until: Option<String>,
}

/// One page of receipts, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReceiptPage {
    items: Vec<ReceiptBody>,
    next_cursor: Option<String>,
}

/// What you asked
///
/// Receipts of single calls; files are in the list of batches.
#[utoipa::path(
    get, path = "/predictions", operation_id = "predictions", tag = "predictions", params(PageQuery, ReceiptQuery),
    responses((status = 200, body = ReceiptPage))
)]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(page): Query<PageQuery>,
    Query(query): Query<ReceiptQuery>,
) -> Result<Json<ReceiptPage>, Problem> {
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let wanted = ReceiptsWanted {
        model_id: query.model_id,
        door: given(query.door),
        with_truth: query.with_truth,
        from: read_moment("/from", given(query.from))?,
        until: read_moment("/until", given(query.until))?,
    };
    let page = app
        .platform
        .predictions()
        .list(&caller, wanted, &page.into())
        .await?;
    Ok(Json(ReceiptPage {
        items: page.items.iter().map(ReceiptBody::from).collect(),
        next_cursor: page.next_cursor,
    }))
}
