//! The end of an account.

use axum::extract::State;
use axum::http::StatusCode;

use crate::App;
use crate::extract::{Id, SignedIn};
use crate::problem::Problem;

/// Delete somebody's account
///
/// With every data set, model, key and job of it, at once and for good. Your own you delete at `/me`.
#[utoipa::path(
    delete, path = "/admin/users/{id}", operation_id = "delete_user", tag = "admin",
    params(("id" = uuid::Uuid, Path, description = "The account")), responses((status = 204))
)]
pub(crate) async fn delete(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    let administration = app.platform.administration();
    administration.delete_user(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
