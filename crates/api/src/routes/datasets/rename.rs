//! Another name for a data set.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{DatasetBody, version};
use crate::App;
use crate::extract::{Id, IfMatch, Json, SignedIn, Tagged};
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
    params(
        ("id" = uuid::Uuid, Path, description = "The data set"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of what you saw: 412 when it changed since")
    ),
    request_body = Rename,
    responses((status = 200, body = DatasetBody, headers(("ETag" = String, description = "Its version, for `If-Match`"))))
)]
pub(crate) async fn rename(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
    if_match: IfMatch,
    Json(request): Json<Rename>,
) -> Result<Tagged<DatasetBody>, Problem> {
    let datasets = app.platform.datasets();
    let seen = async || Ok(version(&datasets.get(&caller, id).await?));
    let _turn = if_match.turn(&app, seen).await?;
    let card = datasets.rename(&caller, id, &request.name).await?;
    Ok(Tagged(version(&card), card.into()))
}
