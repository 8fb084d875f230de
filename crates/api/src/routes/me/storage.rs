//! How much room one's things take.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;
use crate::extract::{Json, SignedIn};
use crate::problem::Problem;

/// What an account's data sets and models take.
#[derive(Serialize, ToSchema)]
#[schema(as = Storage)]
pub(crate) struct StorageBody {
    /// Bytes taken; what several of your things share counts once.
    used: u64,
    /// Bytes allowed; null is no limit.
    limit: Option<u64>,
}

/// Room your data sets and models take
#[utoipa::path(get, path = "/me/storage", operation_id = "storage", tag = "me", responses((status = 200, body = StorageBody)))]
pub(crate) async fn storage(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
) -> Result<Json<StorageBody>, Problem> {
    let storage = app.platform.accounts().storage(&caller).await?;
    Ok(Json(StorageBody {
        used: storage.used,
        limit: storage.limit,
    }))
}
