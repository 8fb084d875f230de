//! How right a model was, where the truth is known by now.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::WindowQuery;
use crate::App;
use crate::extract::{Json, Name, Query, SignedIn};
use crate::problem::Problem;
use crate::routes::times::moment;

/// How right a model was over time.
#[derive(Serialize, ToSchema)]
#[schema(as = Accuracy)]
pub(crate) struct AccuracyBody {
    model_id: Uuid,
    /// `accuracy` (the share of right answers) or `mean_absolute_error`.
    #[schema(example = "accuracy")]
    metric: &'static str,
    /// What it was on the rows the model was tested with, when it was made.
    expected: Option<f64>,
    /// The periods in which something was asked whose truth is known, oldest first.
    periods: Vec<AccuracyPeriodBody>,
    /// Whether there was more than is read for one answer; a shorter time shows the rest.
    cut_short: bool,
}

/// How right it was in one period.
#[derive(Serialize, ToSchema)]
#[schema(as = AccuracyPeriod)]
pub(crate) struct AccuracyPeriodBody {
    #[schema(format = DateTime)]
    from: String,
    /// Rows whose truth is known.
    rows: u64,
    value: f64,
    /// The root of the mean squared distance (regressions).
    rmse: Option<f64>,
}

/// How right a model was over time
///
/// For its owner, over everybody's questions whose truth somebody told.
#[utoipa::path(
    get, path = "/models/{id}/accuracy", operation_id = "model_accuracy", tag = "predictions",
    params(("id" = String, Path, description = "The model's identifier, or its name for the latest version that is ready"), WindowQuery),
    responses((status = 200, body = AccuracyBody))
)]
pub(crate) async fn accuracy(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Name(id): Name,
    Query(query): Query<WindowQuery>,
) -> Result<Json<AccuracyBody>, Problem> {
    let predictions = app.platform.predictions();
    let judged = predictions.accuracy(&caller, &id, query.window()?).await?;
    let periods = judged.periods.into_iter().map(|period| AccuracyPeriodBody {
        from: moment(period.from),
        rows: period.rows,
        value: period.value,
        rmse: period.rmse,
    });
    Ok(Json(AccuracyBody {
        model_id: judged.model_id,
        metric: judged.metric,
        expected: judged.expected,
        periods: periods.collect(),
        cut_short: judged.cut_short,
    }))
}
