//! Everybody's models: listed, and deleted.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use trainyard_platform::{ModelStatus, ModelsWanted, Visibility};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{OwnerBody, words};
use crate::App;
use crate::extract::{Id, Json, PageQuery, Query, SignedIn};
use crate::problem::Problem;
use crate::routes::models::ModelSummary;

/// What the list holds.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ModelWanted {
    /// Only this account's.
    owner_id: Option<Uuid>,
    /// Words in the name.
    search: Option<String>,
    /// Only `queued`, `training`, `ready`, `failed` or `cancelled` ones.
    #[param(value_type = Option<String>)]
    status: Option<ModelStatus>,
    /// Only `private`, `signed-in` or `guest` ones.
    #[param(value_type = Option<String>)]
    visibility: Option<Visibility>,
}

/// Somebody's model.
#[derive(Serialize, ToSchema)]
pub(crate) struct OwnedModel {
    /// Whose it is; null when the account went while the list was read.
    owner: Option<OwnerBody>,
    #[serde(flatten)]
    model: ModelSummary,
}

/// One page of everybody's models, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct OwnedModelPage {
    items: Vec<OwnedModel>,
    next_cursor: Option<String>,
}

/// Everybody's models
#[utoipa::path(
    get, path = "/admin/models", operation_id = "all_models", tag = "admin",
    params(PageQuery, ModelWanted), responses((status = 200, body = OwnedModelPage))
)]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(page): Query<PageQuery>,
    Query(query): Query<ModelWanted>,
) -> Result<Json<OwnedModelPage>, Problem> {
    let wanted = ModelsWanted {
        owner_id: query.owner_id,
        search: words(query.search),
        status: query.status,
        visibility: query.visibility,
    };
    let administration = app.platform.administration();
    let page = administration.models(&caller, wanted, &page.into()).await?;
    let page = page.map(|owned| OwnedModel {
        owner: owned.owner.map(OwnerBody::from),
        model: owned.item.into(),
    });
    Ok(Json(OwnedModelPage {
        items: page.items,
        next_cursor: page.next_cursor,
    }))
}

/// Delete somebody's model
///
/// One version of anybody's, with its file and report. A training that still runs is cancelled and its price given back.
#[utoipa::path(
    delete, path = "/admin/models/{id}", operation_id = "delete_anybodys_model", tag = "admin",
    params(("id" = Uuid, Path, description = "The model")), responses((status = 204))
)]
pub(crate) async fn delete(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    let administration = app.platform.administration();
    administration.delete_model(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
