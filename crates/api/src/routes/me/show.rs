//! Who am I.

use axum::extract::State;

use crate::App;
use crate::extract::{Json, SignedIn};
use crate::problem::Problem;
use crate::routes::auth::UserBody;

/// Your account
#[utoipa::path(get, path = "/me", operation_id = "me", tag = "me", responses((status = 200, body = UserBody)))]
pub(crate) async fn show(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
) -> Result<Json<UserBody>, Problem> {
    Ok(Json(app.platform.accounts().me(&caller).await?.into()))
}
