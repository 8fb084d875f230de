//! A model leaves as a file.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::App;
use crate::extract::{Name, Query, SignedIn};
use crate::problem::Problem;

/// In which form.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExportQuery {
    /// `trainyard`: our own, to be brought to another server or asked on the command line; trainyard unless said.
    #[param(value_type = Option<String>)]
    format: Option<Format>,
}

/// A form of a model file.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Format {
    Trainyard,
}

/// Download a model
///
/// The model file (`.tym`) with its whole preparation. Nothing in it can run.
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
    let Format::Trainyard = query.format.unwrap_or(Format::Trainyard);
    let file = app.platform.models().export(&caller, &id).await?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/octet-stream"),
        ),
        (
            header::CONTENT_DISPOSITION,
            disposition(&file.name, file.version),
        ),
    ];
    Ok((headers, file.bytes).into_response())
}

/// The file's name: letters and figures of the model's, and its version.
fn disposition(name: &str, version: i32) -> HeaderValue {
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
    let value = format!("attachment; filename=\"{plain}-{version}.tym\"");
    HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("attachment"))
}
