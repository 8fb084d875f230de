//! Sign in.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{SessionBody, answer};
use crate::App;
use crate::extract::{Json, RequestOrigin};
use crate::problem::Problem;

/// A user name or e-mail address, and the password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LoginRequest {
    #[schema(example = "ana@example.com")]
    login: String,
    password: String,
}

/// Sign in
#[utoipa::path(
    post, path = "/auth/login", tag = "auth", security(()), request_body = LoginRequest,
    responses((status = 200, body = SessionBody))
)]
pub(crate) async fn login(
    State(app): State<App>,
    RequestOrigin(origin): RequestOrigin,
    headers: HeaderMap,
    Json(request): Json<LoginRequest>,
) -> Result<Response, Problem> {
    let session = app
        .platform
        .accounts()
        .log_in(&request.login, &request.password, origin)
        .await?;
    Ok(answer(&app, &headers, session, StatusCode::OK))
}
