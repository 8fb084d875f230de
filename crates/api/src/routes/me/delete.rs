//! The end of one's own account.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::App;
use crate::extract::{Json, SignedIn};
use crate::problem::Problem;

/// The account's password, once more.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeleteMe {
    password: String,
}

/// Delete your account
///
/// With every data set, model, key and job of it, at once and for good. The last administrator stays.
#[utoipa::path(
    delete, path = "/me", operation_id = "delete_me", tag = "me", request_body = DeleteMe,
    responses((status = 204))
)]
pub(crate) async fn delete(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Json(request): Json<DeleteMe>,
) -> Result<Response, Problem> {
    let accounts = app.platform.accounts();
    accounts.delete_me(&caller, &request.password).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    app.cookies.clear(response.headers_mut());
    Ok(response)
}
