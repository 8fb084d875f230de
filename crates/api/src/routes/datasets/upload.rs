//! A file is brought.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use trainyard_platform::{Caller, UploadRequest};
use utoipa::IntoParams;

use super::DatasetBody;
use super::schema::FormQuery;
use crate::App;
use crate::extract::{Json, Query, SignedIn, Wait, with_files};
use crate::problem::Problem;
use crate::routes::accepted;

/// What the data set and its file are called.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UploadQuery {
    /// The data set's name; the file's name without its ending unless said.
    name: Option<String>,
    /// Helps to recognise the format.
    file_name: Option<String>,
}

/// Bring a file
///
/// CSV, TSV, XLSX, Parquet or JSON lines, as the body or as the part `file` of a form. Its content is checked while it
/// arrives; what is no table is refused and not kept. A job then reads it: follow `Location`, or send
/// `Prefer: wait=N`.
#[utoipa::path(
    post, path = "/datasets", operation_id = "upload", tag = "datasets", params(UploadQuery, FormQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 202, body = DatasetBody), (status = 200, body = DatasetBody, description = "Read in time"))
)]
pub(crate) async fn upload(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    wait: Wait,
    Query(query): Query<UploadQuery>,
    Query(form): Query<FormQuery>,
    request: Request,
) -> Result<Response, Problem> {
    let reading = form.reading()?;
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced_bytes = announced.and_then(|length| length.to_str().ok()?.parse().ok());
    let dataset = with_files(request, async |file| {
        let begun = UploadRequest {
            name: query.name.clone(),
            file_name: query.file_name.clone().or_else(|| file.file_name()),
            reading: reading.clone(),
            announced_bytes,
        };
        let mut upload = app.platform.datasets().begin_upload(&caller, begun).await?;
        while let Some(piece) = file.piece().await? {
            upload.push(piece).await?;
        }
        Ok(upload.finish().await?)
    })
    .await?;
    accepted(&app, &caller, wait, dataset).await
}

/// The answer to a file that was taken: at once, or when it is read.
pub(super) async fn accepted(
    app: &App,
    caller: &Caller,
    wait: Wait,
    card: impl Into<DatasetBody>,
) -> Result<Response, Problem> {
    let body = card.into();
    let headers = accepted::headers(body.job_id, false);
    let ended = accepted::ended(app, caller, &wait, body.job_id).await?;
    let (status, body) = match ended {
        Some(_) => {
            let dataset = app.platform.datasets().get(caller, body.id).await?;
            (StatusCode::OK, DatasetBody::from(dataset))
        }
        None => (StatusCode::ACCEPTED, body),
    };
    Ok((status, headers, Json(body)).into_response())
}
