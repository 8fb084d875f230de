//! Change one's own account.

use axum::extract::State;
use serde::Deserialize;
use trainyard_platform::ProfileChanges;
use utoipa::ToSchema;

use crate::App;
use crate::extract::{Json, SignedIn, present};
use crate::problem::Problem;
use crate::routes::auth::UserBody;

/// What to change. What is absent stays; null clears it (a user name or an address only while the other one is there).
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeMe {
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    display_name: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    user_name: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    email: Option<Option<String>>,
}

/// Change your account
#[utoipa::path(
    patch, path = "/me", operation_id = "change_me", tag = "me", request_body = ChangeMe,
    responses((status = 200, body = UserBody))
)]
pub(crate) async fn change(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Json(request): Json<ChangeMe>,
) -> Result<Json<UserBody>, Problem> {
    let changes = ProfileChanges {
        display_name: request.display_name,
        user_name: request.user_name,
        email: request.email,
    };
    Ok(Json(
        app.platform
            .accounts()
            .change_me(&caller, changes)
            .await?
            .into(),
    ))
}
