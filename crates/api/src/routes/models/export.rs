//! A model leaves as a file.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use trainyard_platform::ModelFormat;
use utoipa::IntoParams;

use crate::App;
use crate::extract::{Name, Query, SignedIn};
use crate::problem::Problem;

/// In which form.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExportQuery {
    /// `trainyard`: our own, to be brought to another server or asked on the command line; `onnx`: for other programs.
    /// `trainyard` unless said.
    #[param(value_type = Option<String>)]
    format: Option<Format>,
}

/// A form of a model file.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Format {
    Trainyard,
    Onnx,
}

impl From<Format> for ModelFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Trainyard => Self::Trainyard,
            Format::Onnx => Self::Onnx,
        }
    }
}

impl Format {
    const fn suffix(self) -> &'static str {
        match self {
            Self::Trainyard => "tym",
            Self::Onnx => "onnx",
        }
    }
}

/// Download a model
///
/// The model file (`.tym`) with its whole preparation; nothing in it can run. Or as ONNX: one input a column, named as the
/// column, of shape `[rows, 1]` (text for categories, missing as ""; doubles for everything else, missing as NaN, dates as
/// seconds since 1970 UTC); the first output is the label or the value, the second the probabilities. Models of pictures have
/// one input a pixel, as brought to the form they learned from. Models of free text stay with Trainyard: 422 says so.
#[utoipa::path(
    get, path = "/models/{id}/export", operation_id = "export_model", tag = "models",
    params(("id" = String, Path, description = "The model's identifier, or its name for the latest version that is ready"), ExportQuery),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"))
)]
pub(crate) async fn export(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Name(id): Name,
    Query(query): Query<ExportQuery>,
) -> Result<Response, Problem> {
    let format = query.format.unwrap_or(Format::Trainyard);
    let models = app.platform.models();
    let file = models.export(&caller, &id, format.into()).await?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/octet-stream"),
        ),
        (
            header::CONTENT_DISPOSITION,
            disposition(&file.name, file.version, format.suffix()),
        ),
    ];
    Ok((headers, file.bytes).into_response())
}

/// The file's name: letters and figures of the model's, and its version.
fn disposition(name: &str, version: i32, suffix: &str) -> HeaderValue {
    let plain: String = name
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '-'
            }
        })
        .take(60)
        .collect();
    let plain = plain.trim_matches('-');
    let plain = if plain.is_empty() { "model" } else { plain };
    let value = format!("attachment; filename=\"{plain}-{version}.{suffix}\"");
    HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("attachment"))
}
