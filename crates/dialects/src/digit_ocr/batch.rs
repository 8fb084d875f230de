//! Many pictures at once, for people and programs that are known: taken in together, read by a job, fetched when it is done.

use axum::Json as Reply;
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use trainyard_platform::{
    BatchCard, BatchRequest, BatchesWanted, Caller, JobStatus, Owned, PageRequest, PlatformError,
};
use uuid::Uuid;

use super::administration::administrator;
use super::envelope::success;
use super::paging::Paging;
use super::predict::refused;
use super::visitor::Visitor;
use crate::App;
use crate::address::Path;
use crate::body::{Form, Query};
use crate::caller::Signed;
use crate::refusal::{Answer, Refusal};
use crate::times;

/// What clients call where a job stands.
const STATUSES: [(JobStatus, &str); 5] = [
    (JobStatus::Queued, "queued"),
    (JobStatus::Running, "processing"),
    (JobStatus::Done, "completed"),
    (JobStatus::Failed, "failed"),
    (JobStatus::Cancelled, "cancelled"),
];
/// The most that one page of the platform's lists holds.
const PAGE: u32 = 200;

pub(super) async fn create(
    State(app): State<App>,
    visitor: Visitor,
    mut form: Form,
) -> Answer<(StatusCode, Reply<Value>)> {
    let caller = known(visitor)?;
    let files = form.files("files");
    form.fields.done()?;
    if files.iter().any(|file| file.too_large) {
        return Err(Refusal::bad("The files are larger than is taken here."));
    }
    let mut files = files.into_iter();
    let first = files.next().ok_or_else(|| Refusal::bad("File is empty"))?;
    let request = BatchRequest {
        file_name: Some(first.name),
        ..BatchRequest::default()
    };
    let digits = app.platform.digits();
    let mut upload = digits
        .begin_batch(&caller, request)
        .await
        .map_err(refused)?;
    upload.push(first.bytes).await.map_err(refused)?;
    for file in files {
        let next = upload.next_file(Some(&file.name)).await;
        next.map_err(refused)?;
        upload.push(file.bytes).await.map_err(refused)?;
    }
    let taken = upload.finish().await.map_err(refused)?;
    let data = json!({
        "job_id": taken.batch.id,
        "status": "queued",
        "total_images": taken.batch.rows,
    });
    Ok((StatusCode::ACCEPTED, success(data)))
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Answer<Reply<Value>> {
    let caller = known(visitor)?;
    let batches = app.platform.batches();
    let card = batches.get(&caller, identifier(&id)?).await;
    let card = card.map_err(|error| not_found(error, &id))?;
    let (done, total) = (processed(&card), card.batch.rows);
    let percentage = if total > 0 {
        (done as f64 / total as f64 * 1_000.0).round() / 10.0
    } else {
        0.0
    };
    Ok(success(json!({
        "job_id": card.batch.id,
        "status": status(&card),
        "total_images": total,
        "processed_images": done,
        "progress_percentage": percentage,
    })))
}

/// What was read, as an archive of one table: a line a picture.
pub(super) async fn results(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Answer<Response> {
    let caller = known(visitor)?;
    let batches = app.platform.batches();
    let zipped = batches.zipped_result(&caller, identifier(&id)?).await;
    let pieces = zipped.map_err(|error| not_found(error, &id))?.into_pieces();
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=batch_{id}.zip"),
        ),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// Everybody's, for administrators.
pub(super) async fn list(
    State(app): State<App>,
    signed: Signed,
    Query(mut query): Query,
) -> Answer<Reply<Value>> {
    administrator(&signed)?;
    let wanted = query.optional_words("status");
    let paging = Paging::of(&mut query);
    query.done()?;
    let status = match wanted {
        None => None,
        Some(wanted) => {
            let found = STATUSES.iter().find(|(_, name)| *name == wanted);
            let names: Vec<&str> = STATUSES.iter().map(|(_, name)| *name).collect();
            let unknown = || {
                let names = names.join(", ");
                Refusal::bad(format!("Invalid status. Must be one of: {names}"))
            };
            Some(found.ok_or_else(unknown)?.0)
        }
    };
    let before = paging.before();
    let mut rows = Vec::new();
    let (mut passed, mut cursor) = (0, None);
    loop {
        let wanted = BatchesWanted {
            owner_id: None,
            pictures: true,
            status,
        };
        let request = PageRequest::after(PAGE, cursor);
        let administration = app.platform.administration();
        let some = administration
            .batches(&signed.caller, wanted, &request)
            .await?;
        let skipped = before.saturating_sub(passed).min(some.items.len());
        passed += skipped;
        rows.extend(some.items.iter().skip(skipped).map(row));
        cursor = some.next_cursor;
        if cursor.is_none() || rows.len() >= paging.size {
            rows.truncate(paging.size);
            return Ok(success(rows));
        }
    }
}

/// Anybody's, for administrators.
pub(super) async fn find(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Answer<Reply<Value>> {
    administrator(&signed)?;
    let administration = app.platform.administration();
    let found = administration
        .batch(&signed.caller, identifier(&id)?)
        .await
        .map_err(|error| not_found(error, &id))?;
    Ok(success(row(&found)))
}

fn row(owned: &Owned<BatchCard>) -> Value {
    let card = &owned.item;
    json!({
        "id": card.batch.id,
        "job_id": card.batch.id,
        "user_id": owned.owner.as_ref().map(|owner| owner.number),
        "status": status(card),
        "total_images": card.batch.rows,
        "processed_images": processed(card),
        "created_at": times::iso(card.batch.created_at),
        "completed_at": card.batch.finished_at.map(times::iso),
    })
}

/// Lets everybody on who shows who they are.
fn known(visitor: Visitor) -> Answer<Box<Caller>> {
    match visitor {
        Visitor::Known(caller) => Ok(caller),
        Visitor::Guest(_) => Err(Refusal::unauthorized(
            "Authentication required for batch processing",
        )),
    }
}

fn identifier(id: &str) -> Answer<Uuid> {
    Uuid::parse_str(id).map_err(|_| unknown(id))
}

fn not_found(error: PlatformError, id: &str) -> Refusal {
    match error {
        PlatformError::NotFound(_) => unknown(id),
        other => other.into(),
    }
}

fn unknown(id: &str) -> Refusal {
    let shown: String = id.chars().take(60).collect();
    Refusal::not_found(format!("Batch job {shown} not found"))
}

fn status(card: &BatchCard) -> &'static str {
    let found = STATUSES
        .iter()
        .find(|(status, _)| *status == card.job.status);
    found.map_or("queued", |(_, name)| *name)
}

/// How many pictures were looked at.
fn processed(card: &BatchCard) -> i64 {
    if card.job.status == JobStatus::Done {
        return card.batch.rows;
    }
    let progress = card.job.progress.clone().into_json();
    progress
        .get("done")
        .and_then(Value::as_i64)
        .unwrap_or_default()
}
