//! An account of one's own.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use trainyard_platform::Registration;
use utoipa::ToSchema;

use super::{SessionBody, answer};
use crate::App;
use crate::extract::{Json, RequestOrigin};
use crate::problem::Problem;

/// A new account: a user name, an e-mail address, or both.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegisterRequest {
    email: Option<String>,
    user_name: Option<String>,
    /// At least 8 characters.
    password: String,
    display_name: Option<String>,
}

/// Make an account and sign in
#[utoipa::path(
    post, path = "/auth/register", tag = "auth", security(()), request_body = RegisterRequest,
    responses((status = 201, body = SessionBody))
)]
pub(crate) async fn register(
    State(app): State<App>,
    RequestOrigin(origin): RequestOrigin,
    headers: HeaderMap,
    Json(request): Json<RegisterRequest>,
) -> Result<Response, Problem> {
    let registration = Registration {
        email: request.email,
        user_name: request.user_name,
        display_name: request.display_name,
        password: request.password,
    };
    let session = app
        .platform
        .accounts()
        .register(registration, origin)
        .await?;
    Ok(answer(&app, &headers, session, StatusCode::CREATED))
}
