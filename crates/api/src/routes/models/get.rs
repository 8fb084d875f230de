//! One model.

use axum::extract::State;

use super::{ModelBody, version};
use crate::App;
use crate::extract::{Name, SignedIn, Tagged};
use crate::problem::Problem;

/// A model
#[utoipa::path(
    get, path = "/models/{id}", operation_id = "model", tag = "models",
    params(("id" = String, Path, description = "The model's identifier, its name (the latest version that is ready), `name@3` (that version) or `name@champion` (the version an alias points to)")),
    responses((status = 200, body = ModelBody, headers(("ETag" = String, description = "Its version, for `If-Match`"))))
)]
pub(crate) async fn get(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Name(id): Name,
) -> Result<Tagged<ModelBody>, Problem> {
    let model = app.platform.models().get(&caller, &id).await?;
    Ok(Tagged(version(&model), model.into()))
}
