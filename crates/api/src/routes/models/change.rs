//! Another name for a model, or other people to share it with.

use axum::extract::State;
use serde::Deserialize;
use trainyard_platform::{Annotations, Visibility};
use utoipa::ToSchema;

use super::{ModelBody, version};
use crate::App;
use crate::extract::{Id, IfMatch, Json, SignedIn, Tagged, present};
use crate::problem::Problem;

/// What to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeModel {
    /// 1 to 200 characters; all versions move.
    name: Option<String>,
    /// Who may ask this version: `private`, `signed-in` (everybody with an account) or `guest` (everybody with the link).
    #[schema(value_type = Option<String>)]
    visibility: Option<Visibility>,
    /// Words this version is filed under, in the place of the earlier ones; at most 20, in lower case.
    tags: Option<Vec<String>>,
    /// What to remember about this version; null forgets it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    notes: Option<Option<String>>,
}

/// Rename, file or share a model
///
/// Shared with accounts, whoever asks pays. Shared with guests, the answer has a `guest_slug`, and its owner pays for so many
/// calls a day; a link that was ended does not come back.
#[utoipa::path(
    patch, path = "/models/{id}", operation_id = "change_model", tag = "models",
    params(
        ("id" = uuid::Uuid, Path, description = "The model"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of what you saw: 412 when it changed since")
    ),
    request_body = ChangeModel,
    responses((status = 200, body = ModelBody, headers(("ETag" = String, description = "Its version, for `If-Match`"))))
)]
pub(crate) async fn change(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
    if_match: IfMatch,
    Json(request): Json<ChangeModel>,
) -> Result<Tagged<ModelBody>, Problem> {
    let models = app.platform.models();
    let seen = async || Ok(version(&models.get(&caller, &id.to_string()).await?));
    let _turn = if_match.turn(&app, seen).await?;
    let annotations = Annotations {
        tags: request.tags,
        notes: request.notes,
    };
    let annotated = annotations.tags.is_some() || annotations.notes.is_some();
    if request.name.is_none() && request.visibility.is_none() && !annotated {
        models.get(&caller, &id.to_string()).await?;
        return Err(Problem::field(
            "",
            "Give a name, a visibility, tags or notes.",
        ));
    }
    let filed = match annotated {
        true => Some(models.annotate(&caller, id, annotations).await?),
        false => None,
    };
    let renamed = match &request.name {
        Some(name) => Some(models.rename(&caller, id, name).await?),
        None => filed,
    };
    let shared = match request.visibility {
        Some(visibility) => Some(models.share(&caller, id, visibility).await?),
        None => renamed,
    };
    let detail = shared.ok_or_else(Problem::internal)?;
    Ok(Tagged(version(&detail), detail.into()))
}
