//! Another name for a model.

use axum::extract::State;

use super::ModelBody;
use crate::App;
use crate::extract::{Id, Json, SignedIn};
use crate::problem::Problem;
use crate::routes::datasets::rename::Rename;

/// Rename a model
///
/// All its versions move.
#[utoipa::path(
    patch, path = "/models/{id}", operation_id = "rename_model", tag = "models",
    params(("id" = uuid::Uuid, Path, description = "The model")),
    request_body = Rename, responses((status = 200, body = ModelBody))
)]
pub(crate) async fn rename(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
    Json(request): Json<Rename>,
) -> Result<Json<ModelBody>, Problem> {
    Ok(Json(
        app.platform
            .models()
            .rename(&caller, id, &request.name)
            .await?
            .into(),
    ))
}
