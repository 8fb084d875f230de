//! One data set.

use axum::extract::State;

use super::DatasetBody;
use crate::App;
use crate::extract::{Id, Json, SignedIn};
use crate::problem::Problem;

/// A data set
#[utoipa::path(
    get, path = "/datasets/{id}", operation_id = "dataset", tag = "datasets",
    params(("id" = uuid::Uuid, Path, description = "The data set")),
    responses((status = 200, body = DatasetBody))
)]
pub(crate) async fn get(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<Json<DatasetBody>, Problem> {
    Ok(Json(app.platform.datasets().get(&caller, id).await?.into()))
}
