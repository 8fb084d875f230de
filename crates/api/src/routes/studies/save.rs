//! The best becomes a model.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::App;
use crate::extract::{Id, Json, SignedIn};
use crate::problem::Problem;
use crate::routes::models::ModelBody;

/// What the model is called.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SaveStudy {
    /// The study's name unless said. A name that exists gets another version.
    name: Option<String>,
}

/// Save the best of a study as a model
///
/// It is fitted already: this costs nothing. Asked again, the same model answers.
#[utoipa::path(
    post, path = "/studies/{id}/save", operation_id = "save_study", tag = "studies", request_body = SaveStudy,
    params(("id" = uuid::Uuid, Path, description = "The study")),
    responses((status = 200, body = ModelBody))
)]
pub(crate) async fn save(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
    Json(body): Json<SaveStudy>,
) -> Result<Json<ModelBody>, Problem> {
    let name = body.name.as_deref().map(str::trim);
    let name = name.filter(|name| !name.is_empty());
    let model = app.platform.studies().save(&caller, id, name).await?;
    let models = app.platform.models();
    Ok(Json(
        models.get(&caller, &model.id.to_string()).await?.into(),
    ))
}
