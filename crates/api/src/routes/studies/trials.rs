//! What a study tried, also while it runs.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::App;
use crate::extract::{Id, Json, PageQuery, Query, SignedIn};
use crate::problem::Problem;
use crate::routes::models::typed;

/// A setting and what became of it.
#[derive(Serialize, ToSchema)]
#[schema(as = Trial)]
pub(crate) struct TrialBody {
    /// From 0, in the order tried.
    number: i32,
    #[serde(flatten)]
    tried: TriedBody,
}

/// What became of a setting.
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct TriedBody {
    /// What was tried, beside the parameters that are fixed; empty for the defaults.
    #[schema(value_type = Object)]
    params: Value,
    /// Mean of the metric over the folds that were judged.
    score: Option<f64>,
    /// Standard deviation over the folds.
    std: Option<f64>,
    /// The metric fold by fold.
    values: Vec<f64>,
    /// Whether it was given up before the last fold.
    pruned: bool,
    /// Why it could not be fitted or judged.
    error: Option<String>,
    seconds: f64,
}

/// One page of trials, in the order tried.
#[derive(Serialize, ToSchema)]
pub(crate) struct TrialPage {
    items: Vec<TrialBody>,
    next_cursor: Option<String>,
}

/// The trials of a study
///
/// Also while it runs: the job's events say when there are more.
#[utoipa::path(
    get, path = "/studies/{id}/trials", operation_id = "trials", tag = "studies",
    params(("id" = uuid::Uuid, Path, description = "The study"), PageQuery),
    responses((status = 200, body = TrialPage))
)]
pub(crate) async fn trials(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
    Query(page): Query<PageQuery>,
) -> Result<Json<TrialPage>, Problem> {
    let studies = app.platform.studies();
    let page = studies.trials(&caller, id, page.into()).await?;
    let items = page.items.into_iter().filter_map(|row| {
        Some(TrialBody {
            number: row.number,
            tried: typed(row.body)?,
        })
    });
    Ok(Json(TrialPage {
        items: items.collect(),
        next_cursor: page.next_cursor,
    }))
}
