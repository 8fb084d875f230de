//! Renew a session.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{SessionBody, answer};
use crate::extract::{Json, RequestOrigin};
use crate::problem::{Code, Problem};
use crate::{App, cookies};

/// The refresh token; the web app's is in its cookie.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefreshRequest {
    refresh_token: Option<String>,
}

/// Renew a session
///
/// A refresh token is good once. One that comes a second time was copied: every session that descends from the same
/// sign-in ends.
#[utoipa::path(
    post, path = "/auth/refresh", tag = "auth", security(()), request_body = RefreshRequest,
    responses((status = 200, body = SessionBody))
)]
pub(crate) async fn refresh(
    State(app): State<App>,
    RequestOrigin(origin): RequestOrigin,
    headers: HeaderMap,
    Json(request): Json<RefreshRequest>,
) -> Result<Response, Problem> {
    let token = request
        .refresh_token
        .as_deref()
        .or_else(|| cookies::refresh_token(&headers));
    let token = token.ok_or_else(|| {
        Problem::new(
            Code::Unauthenticated,
            "There is no session to renew. Sign in.",
        )
    })?;
    let session = app.platform.accounts().refresh(token, origin).await?;
    Ok(answer(&app, &headers, session, StatusCode::OK))
}
