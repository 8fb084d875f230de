//! One account.

use axum::extract::State;

use super::AccountBody;
use crate::App;
use crate::extract::{Id, SignedIn, Tagged};
use crate::problem::Problem;
use crate::routes::auth::version;

/// An account
#[utoipa::path(
    get, path = "/admin/users/{id}", operation_id = "user", tag = "admin",
    params(("id" = uuid::Uuid, Path, description = "The account")),
    responses((status = 200, body = AccountBody, headers(("ETag" = String, description = "Its version, for `If-Match`"))))
)]
pub(crate) async fn get(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<Tagged<AccountBody>, Problem> {
    let user = app.platform.administration().user(&caller, id).await?;
    Ok(Tagged(version(&user), user.into()))
}
