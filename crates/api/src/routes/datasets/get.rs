//! One data set.

use axum::extract::State;

use super::{DatasetBody, version};
use crate::App;
use crate::extract::{Id, SignedIn, Tagged};
use crate::problem::Problem;

/// A data set
#[utoipa::path(
    get, path = "/datasets/{id}", operation_id = "dataset", tag = "datasets",
    params(("id" = uuid::Uuid, Path, description = "The data set")),
    responses((status = 200, body = DatasetBody, headers(("ETag" = String, description = "Its version, for `If-Match`"))))
)]
pub(crate) async fn get(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<Tagged<DatasetBody>, Problem> {
    let card = app.platform.datasets().get(&caller, id).await?;
    Ok(Tagged(version(&card), card.into()))
}
