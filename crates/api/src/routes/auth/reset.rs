//! A new password from a one-time link.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::App;
use crate::extract::{Json, RequestOrigin};
use crate::problem::Problem;

/// What was in the link an administrator handed out, and the new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResetRequest {
    token: String,
    /// At least 8 characters.
    new_password: String,
}

/// Set a password with a one-time link
///
/// The link is used up, and every session of the account ends. Sign in afterwards.
#[utoipa::path(
    post, path = "/auth/reset", operation_id = "reset_password", tag = "auth", security(()),
    request_body = ResetRequest, responses((status = 204))
)]
pub(crate) async fn reset(
    State(app): State<App>,
    RequestOrigin(origin): RequestOrigin,
    Json(request): Json<ResetRequest>,
) -> Result<StatusCode, Problem> {
    app.platform
        .accounts()
        .reset_password(&request.token, &request.new_password, origin)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
