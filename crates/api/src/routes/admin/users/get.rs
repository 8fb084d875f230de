//! One account.

use axum::extract::State;

use super::AccountBody;
use crate::App;
use crate::extract::{Id, Json, SignedIn};
use crate::problem::Problem;

/// An account
#[utoipa::path(
    get, path = "/admin/users/{id}", operation_id = "user", tag = "admin",
    params(("id" = uuid::Uuid, Path, description = "The account")),
    responses((status = 200, body = AccountBody))
)]
pub(crate) async fn get(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<Json<AccountBody>, Problem> {
    let user = app.platform.administration().user(&caller, id).await?;
    Ok(Json(user.into()))
}
