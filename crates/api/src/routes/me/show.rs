//! Who am I.

use axum::extract::State;

use crate::App;
use crate::extract::{SignedIn, Tagged};
use crate::problem::Problem;
use crate::routes::auth::{UserBody, version};

/// Your account
#[utoipa::path(
    get, path = "/me", operation_id = "me", tag = "me",
    responses((status = 200, body = UserBody, headers(("ETag" = String, description = "Its version, for `If-Match`"))))
)]
pub(crate) async fn show(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
) -> Result<Tagged<UserBody>, Problem> {
    let user = app.platform.accounts().me(&caller).await?;
    Ok(Tagged(version(&user), user.into()))
}
