//! The first administrator.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use trainyard_platform::{NewAdministrator, Setup};
use utoipa::ToSchema;

use super::{SessionBody, answer};
use crate::App;
use crate::extract::{Json, RequestOrigin};
use crate::problem::Problem;

/// Whether the first administrator is still to be made.
#[derive(Serialize, ToSchema)]
pub(crate) struct SetupState {
    needed: bool,
    /// Whether people may make accounts themselves.
    registration_open: bool,
}

/// Whether the first administrator is still to be made
#[utoipa::path(get, path = "/setup", operation_id = "setup_state", tag = "auth", security(()), responses((status = 200, body = SetupState)))]
pub(crate) async fn state(State(app): State<App>) -> Result<Json<SetupState>, Problem> {
    let state = app.platform.accounts().setup_state().await?;
    Ok(Json(SetupState {
        needed: state.needed,
        registration_open: state.registration_open,
    }))
}

/// Who runs the place, and how it begins.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetupRequest {
    #[schema(example = "ana@example.com")]
    email: String,
    /// At least 8 characters.
    password: String,
    display_name: Option<String>,
    /// Whether people may make accounts themselves; true unless said.
    registration_open: Option<bool>,
    /// Tokens of a new account; 15 unless said.
    starting_tokens: Option<i64>,
}

/// Make the first administrator and sign in
///
/// Works exactly once; afterwards it is 409.
#[utoipa::path(
    post, path = "/setup", operation_id = "set_up", tag = "auth", security(()), request_body = SetupRequest,
    responses((status = 200, body = SessionBody))
)]
pub(crate) async fn set_up(
    State(app): State<App>,
    RequestOrigin(origin): RequestOrigin,
    headers: HeaderMap,
    Json(request): Json<SetupRequest>,
) -> Result<Response, Problem> {
    let setup = Setup {
        administrator: NewAdministrator {
            email: request.email,
            password: request.password,
        },
        display_name: request.display_name,
        registration_open: request.registration_open,
        starting_tokens: request.starting_tokens,
    };
    let session = app.platform.accounts().set_up(setup, origin).await?;
    Ok(answer(&app, &headers, session, StatusCode::OK))
}
