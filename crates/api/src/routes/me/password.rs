//! Another password.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::App;
use crate::extract::{Json, SignedIn};
use crate::problem::Problem;
use crate::routes::auth::{SessionBody, answer};

/// The password that is, and the one that shall be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangePassword {
    current_password: String,
    /// At least 8 characters.
    new_password: String,
}

/// Change your password
///
/// Every session of the account ends but the one in the answer. API keys stay.
#[utoipa::path(
    post, path = "/me/password", operation_id = "change_my_password", tag = "me", request_body = ChangePassword,
    responses((status = 200, body = SessionBody))
)]
pub(crate) async fn change(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    headers: HeaderMap,
    Json(request): Json<ChangePassword>,
) -> Result<Response, Problem> {
    let session = app
        .platform
        .accounts()
        .change_password(&caller, &request.current_password, &request.new_password)
        .await?;
    Ok(answer(&app, &headers, session, StatusCode::OK))
}
