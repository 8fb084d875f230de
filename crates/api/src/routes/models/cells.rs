//! The rows behind a cell of the confusion matrix.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::App;
use crate::extract::{Json, Name, Query, SignedIn};
use crate::problem::Problem;
use crate::routes::datasets::rows::Rows;

/// Which cell, and which of its rows.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CellQuery {
    /// The class the rows are of.
    #[serde(default)]
    actual: String,
    /// The class they were taken for.
    #[serde(default)]
    predicted: String,
    /// How many to pass over.
    offset: Option<usize>,
    /// How many, at most 500; 50 unless said.
    #[param(maximum = 500)]
    limit: Option<usize>,
}

/// The rows of a cell of the confusion matrix
///
/// Test rows with all their columns, as long as the data is there; `total` is the number in the cell.
#[utoipa::path(
    get, path = "/models/{id}/confusion-matrix/rows", operation_id = "cell_rows", tag = "reports",
    params(("id" = String, Path, description = "The model's identifier, or its name for the latest version that is ready"), CellQuery),
    responses((status = 200, body = Rows))
)]
pub(crate) async fn rows(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Name(id): Name,
    Query(query): Query<CellQuery>,
) -> Result<Json<Rows>, Problem> {
    let (offset, limit) = (query.offset.unwrap_or(0), query.limit.unwrap_or(50));
    let cell = (query.actual.as_str(), query.predicted.as_str());
    let models = app.platform.models();
    let page = models.cell_rows(&caller, &id, cell, offset, limit).await?;
    Ok(Json(page.into()))
}
