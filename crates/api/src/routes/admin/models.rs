//! Everybody's models.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use trainyard_platform::{ModelStatus, ModelsWanted, Visibility};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{OwnerBody, words};
use crate::App;
use crate::extract::{Json, PageQuery, Query, SignedIn};
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
