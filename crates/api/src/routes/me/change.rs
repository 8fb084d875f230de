//! Change one's own account.

use axum::extract::State;
use serde::Deserialize;
use trainyard_platform::ProfileChanges;
use utoipa::ToSchema;

use crate::App;
use crate::extract::{IfMatch, Json, SignedIn, Tagged, present};
use crate::problem::Problem;
use crate::routes::auth::{UserBody, version};

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
    params(("If-Match" = Option<String>, Header, description = "The `ETag` of what you saw: 412 when it changed since")),
    responses((status = 200, body = UserBody, headers(("ETag" = String, description = "Its version, for `If-Match`"))))
)]
pub(crate) async fn change(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    if_match: IfMatch,
    Json(request): Json<ChangeMe>,
) -> Result<Tagged<UserBody>, Problem> {
    let changes = ProfileChanges {
        display_name: request.display_name,
        user_name: request.user_name,
        email: request.email,
    };
    let accounts = app.platform.accounts();
    let seen = async || Ok(version(&accounts.me(&caller).await?));
    let _turn = if_match.turn(&app, seen).await?;
    let user = accounts.change_me(&caller, changes).await?;
    Ok(Tagged(version(&user), user.into()))
}
