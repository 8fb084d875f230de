//! What a data set holds.

use axum::extract::State;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

use crate::App;
use crate::extract::{Id, Json, Query, SignedIn};
use crate::problem::Problem;

/// What is to be predicted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProfileQuery {
    /// With it, each column says how strongly it goes together with this one.
    target: Option<String>,
}

/// What a data set holds
///
/// `rows`, `duplicate_rows`, one description a column (`missing`, `distinct`, five numbers, `histogram` or `top`
/// values), `correlations`, `warnings` with the most harmful first, and a `suggested_target`.
#[utoipa::path(
    get, path = "/datasets/{id}/profile", operation_id = "profile", tag = "datasets",
    params(("id" = uuid::Uuid, Path, description = "The data set"), ProfileQuery),
    responses((status = 200, body = Object))
)]
pub(crate) async fn profile(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
    Query(query): Query<ProfileQuery>,
) -> Result<Json<Value>, Problem> {
    let profile = app
        .platform
        .datasets()
        .profile(&caller, id, query.target.as_deref())
        .await?;
    serde_json::to_value(profile)
        .map(Json)
        .map_err(|_| Problem::internal())
}
