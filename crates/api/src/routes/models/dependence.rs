//! How answers depend on a column.

use axum::extract::State;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

use crate::App;
use crate::extract::{Json, Name, Query, SignedIn};
use crate::problem::Problem;

/// Which column.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DependenceQuery {
    /// A column that the model uses.
    #[serde(default)]
    column: String,
    /// How many values to try, 2 to 200; 30 unless said.
    #[param(minimum = 2, maximum = 200)]
    points: Option<usize>,
}

/// How answers change with one column
///
/// Partial dependence on the test rows: `grid` holds the values tried, `mean` the mean answer at each (`outputs` numbers a
/// point: one a class, or 1), `curves` those of single rows. Worked out when it is asked for and kept with the model; the
/// data has to be there the first time.
#[utoipa::path(
    get, path = "/models/{id}/partial-dependence", operation_id = "partial_dependence", tag = "reports",
    params(("id" = String, Path, description = "The model's identifier, or its name for the latest version that is ready"), DependenceQuery),
    responses((status = 200, body = Object))
)]
pub(crate) async fn dependence(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Name(id): Name,
    Query(query): Query<DependenceQuery>,
) -> Result<Json<Value>, Problem> {
    let models = app.platform.models();
    let found = models
        .partial_dependence(&caller, &id, &query.column, query.points)
        .await?;
    Ok(Json(found))
}
