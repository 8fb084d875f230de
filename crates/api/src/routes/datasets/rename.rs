//! Another name for a data set.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::DatasetBody;
use crate::App;
use crate::extract::{Id, Json, SignedIn};
use crate::problem::Problem;

/// The new name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rename {
    /// 1 to 200 characters.
    pub(crate) name: String,
}

/// Rename a data set
#[utoipa::path(
    patch, path = "/datasets/{id}", operation_id = "rename_dataset", tag = "datasets",
    params(("id" = uuid::Uuid, Path, description = "The data set")),
    request_body = Rename, responses((status = 200, body = DatasetBody))
)]
pub(crate) async fn rename(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
    Json(request): Json<Rename>,
) -> Result<Json<DatasetBody>, Problem> {
    Ok(Json(
        app.platform
            .datasets()
            .rename(&caller, id, &request.name)
            .await?
            .into(),
    ))
}
