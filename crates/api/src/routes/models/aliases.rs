//! Words that point to one version of a name, such as `champion`.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use trainyard_platform::AliasCard;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ModelBody;
use crate::App;
use crate::extract::{Json, Name, Names, SignedIn};
use crate::problem::Problem;
use crate::routes::times::moment;

/// An alias.
#[derive(Serialize, ToSchema)]
#[schema(as = Alias)]
pub(crate) struct AliasBody {
    #[schema(example = "champion")]
    alias: String,
    /// The version it points to.
    version: i32,
    model_id: Uuid,
    /// When it was last pointed.
    #[schema(format = DateTime)]
    since: String,
}

impl From<AliasCard> for AliasBody {
    fn from(card: AliasCard) -> Self {
        Self {
            alias: card.alias,
            version: card.model.version,
            model_id: card.model.id,
            since: moment(card.since),
        }
    }
}

/// The aliases of a name.
#[derive(Serialize, ToSchema)]
pub(crate) struct AliasList {
    items: Vec<AliasBody>,
}

/// The aliases of a model's name
#[utoipa::path(
    get, path = "/models/{id}/aliases", operation_id = "aliases", tag = "models",
    params(("id" = String, Path, description = "A model's identifier or its name")),
    responses((status = 200, body = AliasList))
)]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Name(id): Name,
) -> Result<Json<AliasList>, Problem> {
    let cards = app.platform.models().aliases(&caller, &id).await?;
    let items = cards.into_iter().map(AliasBody::from).collect();
    Ok(Json(AliasList { items }))
}

/// Point an alias to a model
///
/// The alias belongs to the model's name and moves away from wherever it pointed. `name@alias` then names this version
/// wherever a model is named.
#[utoipa::path(
    put, path = "/models/{id}/aliases/{alias}", operation_id = "point_alias", tag = "models",
    params(
        ("id" = String, Path, description = "The model's identifier, `name@3`, or its name for the latest version that is ready"),
        ("alias" = String, Path, description = "A word such as `champion`; no number")
    ),
    responses((status = 200, body = ModelBody))
)]
pub(crate) async fn point(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Names(names): Names,
) -> Result<Json<ModelBody>, Problem> {
    let ([id, alias], models) = (names, app.platform.models());
    Ok(Json(models.point_alias(&caller, &id, &alias).await?.into()))
}

/// Take an alias back
#[utoipa::path(
    delete, path = "/models/{id}/aliases/{alias}", operation_id = "remove_alias", tag = "models",
    params(
        ("id" = String, Path, description = "A model's identifier or its name"),
        ("alias" = String, Path, description = "The alias")
    ),
    responses((status = 204))
)]
pub(crate) async fn remove(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Names(names): Names,
) -> Result<StatusCode, Problem> {
    let ([id, alias], models) = (names, app.platform.models());
    models.remove_alias(&caller, &id, &alias).await?;
    Ok(StatusCode::NO_CONTENT)
}
