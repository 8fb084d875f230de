//! A data set's rows, page by page.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use trainyard_platform::RowsPage;
use utoipa::{IntoParams, ToSchema};

use crate::App;
use crate::extract::{Id, Json, Query, SignedIn};
use crate::problem::Problem;

/// Which rows.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RowsQuery {
    /// How many to pass over.
    offset: Option<usize>,
    /// How many, at most 500; 50 unless said.
    #[param(maximum = 500)]
    limit: Option<usize>,
}

/// Some rows.
#[derive(Serialize, ToSchema)]
pub(crate) struct Rows {
    columns: Vec<ColumnBody>,
    /// Cells: a number, a text, or null when it is missing.
    rows: Vec<Vec<Value>>,
    /// Rows of the whole data set.
    total: usize,
}

/// A column's name and kind.
#[derive(Serialize, ToSchema)]
#[schema(as = Column)]
pub(crate) struct ColumnBody {
    name: String,
    /// `integer`, `number`, `boolean`, `date`, `category`, `text` or `identifier`.
    kind: Value,
}

/// Rows of a data set
#[utoipa::path(
    get, path = "/datasets/{id}/rows", operation_id = "rows", tag = "datasets",
    params(("id" = uuid::Uuid, Path, description = "The data set"), RowsQuery),
    responses((status = 200, body = Rows))
)]
pub(crate) async fn rows(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
    Query(query): Query<RowsQuery>,
) -> Result<Json<Rows>, Problem> {
    let (offset, limit) = (query.offset.unwrap_or(0), query.limit.unwrap_or(50));
    let page = app
        .platform
        .datasets()
        .rows(&caller, id, offset, limit)
        .await?;
    Ok(Json(page.into()))
}

impl From<RowsPage> for Rows {
    fn from(page: RowsPage) -> Self {
        let columns = page.columns.into_iter().map(|field| ColumnBody {
            kind: serde_json::to_value(field.kind).unwrap_or_default(),
            name: field.name,
        });
        Self {
            columns: columns.collect(),
            rows: page.rows,
            total: page.total,
        }
    }
}
