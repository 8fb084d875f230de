//! Tokens given and taken.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use trainyard_platform::Grant;
use utoipa::ToSchema;

use crate::App;
use crate::extract::{Id, IdempotencyKey, Json, PageQuery, Query, SignedIn};
use crate::problem::Problem;
use crate::routes::me::tokens::{EntryBody, EntryPage};

/// Tokens to give, or to take.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GrantRequest {
    /// Above 0 they are given, below 0 they are taken.
    #[schema(example = 100)]
    tokens: i64,
    /// Why, in a line; the account's owner reads it.
    #[schema(example = "for the course in spring")]
    reason: String,
}

/// What was moved.
#[derive(Serialize, ToSchema)]
pub(crate) struct GrantBody {
    /// The account's balance after it.
    balance: i64,
    entry: EntryBody,
}

/// Where somebody's tokens went
#[utoipa::path(
    get, path = "/admin/users/{id}/tokens", operation_id = "movements", tag = "admin",
    params(("id" = uuid::Uuid, Path, description = "The account"), PageQuery),
    responses((status = 200, body = EntryPage))
)]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
    Query(page): Query<PageQuery>,
) -> Result<Json<EntryPage>, Problem> {
    let administration = app.platform.administration();
    let page = administration.movements(&caller, id, &page.into()).await?;
    Ok(Json(page.into()))
}

/// Give or take tokens
///
/// A balance never goes below 0. With `Idempotency-Key`, the same request under the same key moves them once.
#[utoipa::path(
    post, path = "/admin/users/{id}/tokens", operation_id = "grant_tokens", tag = "admin",
    params(
        ("id" = uuid::Uuid, Path, description = "The account"),
        ("Idempotency-Key" = Option<String>, Header, description = "Moves the same tokens once")
    ),
    request_body = GrantRequest, responses((status = 200, body = GrantBody))
)]
pub(crate) async fn grant(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    IdempotencyKey(idempotency_key): IdempotencyKey,
    Id(id): Id,
    Json(request): Json<GrantRequest>,
) -> Result<Response, Problem> {
    let grant = Grant {
        tokens: request.tokens,
        reason: request.reason,
        idempotency_key,
    };
    let administration = app.platform.administration();
    let granted = administration.grant(&caller, id, grant).await?;
    let replayed = granted
        .replayed
        .then_some([("idempotency-replayed", "true")]);
    let body = GrantBody {
        balance: granted.movement.balance_after,
        entry: granted.movement.into(),
    };
    Ok((replayed, Json(body)).into_response())
}
