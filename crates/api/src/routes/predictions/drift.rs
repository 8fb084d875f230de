//! How far the rows a model is asked with have moved from those it was made with.

use axum::extract::State;
use serde::Serialize;
use trainyard_platform::Shift;
use utoipa::ToSchema;
use uuid::Uuid;

use super::WindowQuery;
use crate::App;
use crate::extract::{Json, Name, Query, SignedIn};
use crate::problem::Problem;
use crate::routes::times::moment;

/// With fewer rows a shift is mostly chance.
const FEWEST_ROWS: u64 = 100;

/// How far a model's rows and answers have moved over time.
#[derive(Serialize, ToSchema)]
#[schema(as = Drift)]
pub(crate) struct DriftBody {
    model_id: Uuid,
    /// The periods in which something was asked, oldest first.
    periods: Vec<DriftPeriodBody>,
    /// Whether there was more than is read for one answer; a shorter time shows the rest.
    cut_short: bool,
}

/// How far they have moved in one period.
#[derive(Serialize, ToSchema)]
#[schema(as = DriftPeriod)]
pub(crate) struct DriftPeriodBody {
    #[schema(format = DateTime)]
    from: String,
    /// Rows that were asked about, batches included.
    rows: u64,
    /// The columns, the one that moved most first; at most 64 are watched.
    columns: Vec<ShiftBody>,
    /// The answers.
    answers: Option<ShiftBody>,
}

/// How far one column has moved.
#[derive(Serialize, ToSchema)]
#[schema(as = Shift)]
pub(crate) struct ShiftBody {
    #[schema(example = "age")]
    column: String,
    /// The population stability index.
    #[schema(example = 0.07)]
    psi: f64,
    /// `stable` (below 0.1), `moderate`, `major` (above 0.25), or `few_rows` (below 100 rows).
    #[schema(example = "stable")]
    level: &'static str,
    /// The bins, in words.
    bins: Vec<String>,
    /// The share of each bin when the model was made.
    expected: Vec<f64>,
    /// The share of each bin in this period.
    actual: Vec<f64>,
}

impl ShiftBody {
    fn of(shift: Shift, rows: u64) -> Self {
        Self {
            level: match shift.psi {
                _ if rows < FEWEST_ROWS => "few_rows",
                psi if psi < 0.1 => "stable",
                psi if psi <= 0.25 => "moderate",
                _ => "major",
            },
            column: shift.column,
            psi: shift.psi,
            bins: shift.bins,
            expected: shift.expected,
            actual: shift.actual,
        }
    }
}

/// How far a model's rows have moved over time
///
/// For its owner, over everybody's questions: the population stability index of each column and of the answers.
#[utoipa::path(
    get, path = "/models/{id}/drift", operation_id = "model_drift", tag = "predictions",
    params(("id" = String, Path, description = "The model's identifier, or its name for the latest version that is ready"), WindowQuery),
    responses((status = 200, body = DriftBody))
)]
pub(crate) async fn drift(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Name(id): Name,
    Query(query): Query<WindowQuery>,
) -> Result<Json<DriftBody>, Problem> {
    let predictions = app.platform.predictions();
    let drift = predictions.drift(&caller, &id, query.window()?).await?;
    let periods = drift.periods.into_iter().map(|period| {
        let rows = period.rows;
        let mut columns: Vec<ShiftBody> = period
            .columns
            .into_iter()
            .map(|shift| ShiftBody::of(shift, rows))
            .collect();
        columns.sort_by(|one, other| other.psi.total_cmp(&one.psi));
        DriftPeriodBody {
            from: moment(period.from),
            rows,
            columns,
            answers: period.answers.map(|shift| ShiftBody::of(shift, rows)),
        }
    });
    Ok(Json(DriftBody {
        model_id: drift.model_id,
        periods: periods.collect(),
        cut_short: drift.cut_short,
    }))
}
