//! The list of data sets.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::DatasetBody;
use crate::App;
use crate::extract::{Json, PageQuery, Query, SignedIn};
use crate::problem::Problem;

/// What the list holds.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DatasetQuery {
    /// Words in the name or file name.
    search: Option<String>,
}

/// One page of data sets, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct DatasetPage {
    items: Vec<DatasetBody>,
    next_cursor: Option<String>,
}

/// Your data sets
#[utoipa::path(
    get, path = "/datasets", operation_id = "datasets", tag = "datasets", params(PageQuery, DatasetQuery),
    responses((status = 200, body = DatasetPage))
)]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(page): Query<PageQuery>,
    Query(query): Query<DatasetQuery>,
) -> Result<Json<DatasetPage>, Problem> {
    let search = query.search.filter(|words| !words.is_empty());
    let page = app
        .platform
        .datasets()
        .list(&caller, search, &page.into())
        .await?
        .map(DatasetBody::from);
    Ok(Json(DatasetPage {
        items: page.items,
        next_cursor: page.next_cursor,
    }))
}
