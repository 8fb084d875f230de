//! Another role, other names, on or off.

use axum::extract::State;
use serde::Deserialize;
use trainyard_platform::{AccountChanges, Role};
use utoipa::ToSchema;

use super::AccountBody;
use crate::App;
use crate::extract::{Id, IfMatch, Json, SignedIn, Tagged, present};
use crate::problem::Problem;
use crate::routes::auth::version;

/// What to change. What is absent stays; null clears a user name or an address, while the other one is there.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeAccount {
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    user_name: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    email: Option<Option<String>>,
    display_name: Option<String>,
    /// `admin`, `data-scientist`, `ml-engineer`, `analyst`, `user` or `guest`.
    #[schema(value_type = Option<String>)]
    role: Option<Role>,
    active: Option<bool>,
}

/// Change an account
///
/// Another role, or being switched on or off, ends its sessions at once. The last administrator who is switched on stays
/// one.
#[utoipa::path(
    patch, path = "/admin/users/{id}", operation_id = "change_user", tag = "admin",
    params(
        ("id" = uuid::Uuid, Path, description = "The account"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of what you saw: 412 when it changed since")
    ),
    request_body = ChangeAccount,
    responses((status = 200, body = AccountBody, headers(("ETag" = String, description = "Its version, for `If-Match`"))))
)]
pub(crate) async fn change(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
    if_match: IfMatch,
    Json(request): Json<ChangeAccount>,
) -> Result<Tagged<AccountBody>, Problem> {
    let changes = AccountChanges {
        user_name: request.user_name,
        email: request.email,
        display_name: request.display_name,
        role: request.role,
        active: request.active,
    };
    let administration = app.platform.administration();
    let seen = async || Ok(version(&administration.user(&caller, id).await?));
    let _turn = if_match.turn(&app, seen).await?;
    let user = administration.change_user(&caller, id, changes).await?;
    Ok(Tagged(version(&user), user.into()))
}
