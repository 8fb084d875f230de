//! The list of entries.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::{AuditEventBody, AuditQuery};
use crate::App;
use crate::extract::{Json, PageQuery, Query, SignedIn};
use crate::problem::Problem;

/// One page of entries, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuditEventPage {
    items: Vec<AuditEventBody>,
    next_cursor: Option<String>,
}

/// Who did what
///
/// For administrators.
#[utoipa::path(
    get, path = "/admin/audit-events", operation_id = "audit_events", tag = "admin", params(PageQuery, AuditQuery),
    responses((status = 200, body = AuditEventPage))
)]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(page): Query<PageQuery>,
    Query(query): Query<AuditQuery>,
) -> Result<Json<AuditEventPage>, Problem> {
    let filter = query.filter()?;
    let page = app
        .platform
        .audit()
        .list(&caller, &filter, &page.into())
        .await?
        .map(AuditEventBody::from);
    Ok(Json(AuditEventPage {
        items: page.items,
        next_cursor: page.next_cursor,
    }))
}
