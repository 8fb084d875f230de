//! A model comes as a file.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::ModelBody;
use crate::App;
use crate::extract::{Json, Query, SignedIn, with_files};
use crate::problem::Problem;

/// What the model is called.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImportQuery {
    /// The model's name; its target's unless said. A name that exists gets another version.
    name: Option<String>,
}

/// Bring a model
///
/// A model file of this program (`.tym`), as the body or as the part `file` of a form. It is checked by its content: other
/// kinds of files (pickles, ONNX, archives) and files of which a single byte was changed are refused and not kept. It comes
/// without a report, since its file holds none.
#[utoipa::path(
    post, path = "/models/import", operation_id = "import_model", tag = "models", params(ImportQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = ModelBody))
)]
pub(crate) async fn import(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(query): Query<ImportQuery>,
    request: Request,
) -> Result<Response, Problem> {
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse().ok());
    let models = app.platform.models();
    let detail = with_files(request, async |file| {
        let mut upload = models
            .begin_import(&caller, query.name.clone(), announced)
            .await?;
        while let Some(piece) = file.piece().await? {
            upload.push(&piece)?;
        }
        Ok(upload.finish().await?)
    })
    .await?;
    Ok((StatusCode::CREATED, Json(ModelBody::from(detail))).into_response())
}
