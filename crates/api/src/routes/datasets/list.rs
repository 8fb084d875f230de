//! The list of data sets.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use trainyard_platform::{DatasetFilter, DatasetStatus, PageRequest, PlatformError};
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
    /// Only `profiling`, `ready` or `failed` ones.
    #[param(value_type = Option<String>)]
    status: Option<DatasetStatus>,
    /// `newest`, `oldest`, `name`, `rows` (most first) or `size` (largest first); `newest` unless said.
    sort: Option<String>,
}

/// One page of data sets, in the order that was asked for.
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
    let filter = DatasetFilter {
        search: query.search.filter(|words| !words.is_empty()),
        status: query.status,
    };
    let mut page = PageRequest::from(page);
    if let Some(word) = query.sort.filter(|word| !word.is_empty()) {
        page.sort = word.parse().map_err(PlatformError::from)?;
    }
    let datasets = app.platform.datasets();
    let page = datasets
        .list(&caller, &filter, &page)
        .await?
        .map(DatasetBody::from);
    Ok(Json(DatasetPage {
        items: page.items,
        next_cursor: page.next_cursor,
    }))
}
