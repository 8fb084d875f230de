//! The list of models.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use trainyard_platform::{ModelFilter, ModelStatus};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::ModelSummary;
use crate::App;
use crate::extract::{Json, PageQuery, Query, SignedIn};
use crate::problem::Problem;

/// What the list holds.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ModelQuery {
    /// `mine`, or what others share with everybody who has an account: `shared`; `mine` unless said.
    #[param(value_type = Option<String>)]
    whose: Option<Whose>,
    /// Words in the name.
    search: Option<String>,
    /// Only versions of exactly this name.
    name: Option<String>,
    /// Only filed under this tag.
    tag: Option<String>,
    /// Only trained on this data set.
    dataset_id: Option<Uuid>,
    /// Only `queued`, `training`, `ready`, `failed` or `cancelled` ones.
    #[param(value_type = Option<String>)]
    status: Option<ModelStatus>,
    /// Only `classification` or `regression`.
    #[param(value_type = Option<String>)]
    task: Option<Kind>,
    /// Only of this algorithm, by its name in `GET /algorithms`.
    algorithm: Option<String>,
}

/// What models predict.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Classification,
    Regression,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Classification => "classification",
            Self::Regression => "regression",
        }
    }
}

/// Whose models are wanted.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Whose {
    Mine,
    Shared,
}

/// One page of models, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct ModelPage {
    items: Vec<ModelSummary>,
    next_cursor: Option<String>,
}

/// Your models
#[utoipa::path(
    get, path = "/models", operation_id = "models", tag = "models", params(PageQuery, ModelQuery),
    responses((status = 200, body = ModelPage))
)]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(page): Query<PageQuery>,
    Query(query): Query<ModelQuery>,
) -> Result<Json<ModelPage>, Problem> {
    let search = query.search.filter(|words| !words.is_empty());
    let filter = ModelFilter {
        search: search.clone(),
        dataset_id: query.dataset_id,
        status: query.status,
        name: query.name,
        tag: query.tag.map(|tag| tag.to_lowercase()),
        task: query.task.map(|kind| kind.name().to_owned()),
        algorithm: query.algorithm.filter(|name| !name.is_empty()),
        ..ModelFilter::default()
    };
    let models = app.platform.models();
    let page = match query.whose.unwrap_or(Whose::Mine) {
        Whose::Mine => models
            .list(&caller, &filter, &page.into())
            .await?
            .map(ModelSummary::from),
        Whose::Shared => models
            .shared(&caller, search, &page.into())
            .await?
            .map(ModelSummary::from),
    };
    Ok(Json(ModelPage {
        items: page.items,
        next_cursor: page.next_cursor,
    }))
}
