//! How good a model is, where it is wrong, and what it looks at.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::App;
use crate::extract::{Json, Name, Query, SignedIn};
use crate::problem::Problem;
use crate::routes::times::moment;

/// In which form.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReportQuery {
    /// `json`, or `html`: one file to keep, send and print; json unless said.
    #[param(value_type = Option<String>)]
    format: Option<Format>,
}

/// A form of a report.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Format {
    Json,
    Html,
}

/// The report of a model
///
/// `metrics` with intervals and the baseline's value, `confusion_matrix`, `roc`, `pr`, `calibration`,
/// `threshold_sweep` or `residuals`, `importance`, `contenders`, `preparation`, `warnings`, `lineage` and a `verdict`. As
/// `html` it is a page that needs nothing else, sent as a file.
#[utoipa::path(
    get, path = "/models/{id}/report", operation_id = "report", tag = "models",
    params(("id" = String, Path, description = "The model's identifier, or its name for the latest version that is ready"), ReportQuery),
    responses((status = 200, content((Object = "application/json"), (String = "text/html"))))
)]
pub(crate) async fn report(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Name(id): Name,
    Query(query): Query<ReportQuery>,
) -> Result<Response, Problem> {
    let models = app.platform.models();
    if !matches!(query.format, Some(Format::Html)) {
        return Ok(Json(models.report(&caller, &id).await?).into_response());
    }
    let page = models.report_page(&caller, &id, moment).await?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment; filename=\"report.html\""),
        ),
    ];
    Ok((headers, page).into_response())
}
