//! An account for somebody.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use trainyard_platform::{NewAccount, Role};
use utoipa::ToSchema;

use super::AccountBody;
use crate::App;
use crate::extract::{Json, SignedIn};
use crate::problem::Problem;

/// A new account: a user name, an e-mail address, or both.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAccountRequest {
    user_name: Option<String>,
    email: Option<String>,
    display_name: Option<String>,
    /// `admin`, `data-scientist`, `ml-engineer`, `analyst`, `user` or `guest`; `user` unless said.
    #[schema(value_type = Option<String>)]
    role: Option<Role>,
    /// The opening balance; what every new account gets unless said.
    tokens: Option<i64>,
}

/// A new account with its password.
#[derive(Serialize, ToSchema)]
pub(crate) struct MadeAccountBody {
    /// Generated, and shown this once.
    password: String,
    user: AccountBody,
}

/// Make an account
///
/// Its password is generated and shown once: hand it over, and have it changed.
#[utoipa::path(
    post, path = "/admin/users", operation_id = "create_user", tag = "admin",
    request_body = NewAccountRequest, responses((status = 201, body = MadeAccountBody))
)]
pub(crate) async fn create(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Json(request): Json<NewAccountRequest>,
) -> Result<(StatusCode, Json<MadeAccountBody>), Problem> {
    let new = NewAccount {
        user_name: request.user_name,
        email: request.email,
        display_name: request.display_name,
        role: request.role.unwrap_or(Role::User),
        tokens: request.tokens,
    };
    let administration = app.platform.administration();
    let made = administration.create_user(&caller, new).await?;
    let body = MadeAccountBody {
        password: made.password,
        user: made.user.into(),
    };
    Ok((StatusCode::CREATED, Json(body)))
}
