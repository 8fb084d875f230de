//! The list of studies.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::StudyBody;
use crate::App;
use crate::extract::{Json, PageQuery, Query, SignedIn};
use crate::problem::Problem;

/// What the list holds.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct StudyQuery {
    /// Words in the name.
    search: Option<String>,
}

/// One page of studies, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct StudyPage {
    items: Vec<StudyBody>,
    next_cursor: Option<String>,
}

/// Your studies
#[utoipa::path(
    get, path = "/studies", operation_id = "studies", tag = "studies", params(PageQuery, StudyQuery),
    responses((status = 200, body = StudyPage))
)]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(page): Query<PageQuery>,
    Query(query): Query<StudyQuery>,
) -> Result<Json<StudyPage>, Problem> {
    let search = query.search.as_deref().filter(|words| !words.is_empty());
    let studies = app.platform.studies();
    let page = studies.list(&caller, search, &page.into()).await?;
    let page = page.map(StudyBody::from);
    Ok(Json(StudyPage {
        items: page.items,
        next_cursor: page.next_cursor,
    }))
}
