//! A file is brought to a model.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use trainyard_platform::{BatchRequest, ResultFormat};
use utoipa::{IntoParams, ToSchema};

use super::BatchBody;
use crate::App;
use crate::extract::{IdempotencyKey, Json, Name, Query, SignedIn, Wait, with_files};
use crate::problem::Problem;

/// How a file is read and its answers are written.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct BatchQuery {
    /// Helps to recognise the format, and names the answers.
    file_name: Option<String>,
    /// Which sheet of a workbook; the first with data unless said.
    sheet: Option<String>,
    /// How answers are written: `csv` or `parquet`; `csv` unless said.
    #[param(value_type = Option<String>)]
    format: Option<ResultFormat>,
    /// Whether the probability of every class is wanted.
    #[serde(default)]
    #[param(required = false)]
    proba: bool,
}

/// An accepted file.
#[derive(Serialize, ToSchema)]
#[schema(as = AcceptedBatch)]
pub(crate) struct AcceptedBody {
    #[serde(flatten)]
    batch: BatchBody,
    /// The balance after it was paid for.
    balance: i64,
}

/// Predict a file
///
/// CSV, TSV, XLSX, JSON lines or Parquet, as the body or as the part `file` of a form, with the model's columns in any
/// order. Its rows are counted and paid for at once: the price of a batch for each started 1,000 rows. A job then answers
/// it, in constant memory: follow `Location`, or send `Prefer: wait=N`. What fails is given back. With `Idempotency-Key`,
/// the same file under the same key is charged once.
///
/// A model of pictures is sent a zip archive of up to 50,000 of them instead, in whatever folders, or that many parts
/// `file` of a form: one line a file comes back, with its name, what it shows and how sure that is, or why it cannot be read.
#[utoipa::path(
    post, path = "/models/{id}/batch-predictions", operation_id = "predict_file", tag = "predictions",
    params(
        ("id" = String, Path, description = "The model's identifier, or its name for the latest version that is ready"),
        ("Idempotency-Key" = Option<String>, Header, description = "Charges the same request once"),
        BatchQuery
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 202, body = AcceptedBody), (status = 200, body = AcceptedBody, description = "Answered in time"))
)]
pub(crate) async fn create(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    wait: Wait,
    IdempotencyKey(idempotency_key): IdempotencyKey,
    Name(id): Name,
    Query(query): Query<BatchQuery>,
    request: Request,
) -> Result<Response, Problem> {
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced_bytes = announced.and_then(|length| length.to_str().ok()?.parse().ok());
    let batches = app.platform.batches();
    let taken = with_files(request, async |files| {
        let begun = BatchRequest {
            file_name: query.file_name.clone().or_else(|| files.file_name()),
            sheet: query.sheet.clone(),
            format: query.format.unwrap_or_default(),
            probabilities: query.proba,
            announced_bytes,
            idempotency_key: idempotency_key.clone(),
        };
        let mut upload = batches.begin(&caller, &id, begun).await?;
        loop {
            while let Some(piece) = files.piece().await? {
                upload.push(piece).await?;
            }
            if !files.advance().await? {
                break;
            }
            upload.next_file(files.file_name().as_deref()).await?;
        }
        Ok(upload.finish().await?)
    })
    .await?;
    let job = taken.batch.job_id;
    if let Some(longest) = wait.of(&caller) {
        app.platform.jobs().wait(&caller, job, longest).await?;
    }
    let card = batches.get(&caller, taken.batch.id).await?;
    let status = match card.job.status.is_final() {
        true => StatusCode::OK,
        false => StatusCode::ACCEPTED,
    };
    let location = [(header::LOCATION, format!("/api/v1/jobs/{job}"))];
    let replayed = taken.replayed.then_some([("idempotency-replayed", "true")]);
    let body = AcceptedBody {
        batch: card.into(),
        balance: taken.balance,
    };
    Ok((status, location, replayed, Json(body)).into_response())
}
