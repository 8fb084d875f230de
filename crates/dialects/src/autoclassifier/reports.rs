//! What the old server promised and lacked: how good a model is class by class, what it takes for what, its curves, what it
//! looks at, and its file.

use axum::Json as Reply;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::models;
use trainyard_platform::ModelFormat;

use crate::App;
use crate::body::Query;
use crate::caller::Signed;
use crate::fields::Fields;
use crate::refusal::{Answer, Refusal};

/// The report of one's own model.
async fn report(app: &App, signed: &Signed, mut query: Fields) -> Answer<(String, Value)> {
    let name = query.text("file_name");
    query.done()?;
    let owned = models::known(app, signed, &name).await?;
    if owned.model.owner_id != signed.caller.id {
        return Err(Refusal::forbidden("You do not have access to this model."));
    }
    let models = app.platform.models();
    let id = owned.model.id.to_string();
    let report = models.report(&signed.caller, &id).await?;
    Ok((owned.model.name.clone(), report))
}

fn part(report: &Value, name: &str) -> Value {
    report.get(name).cloned().unwrap_or_default()
}

pub(super) async fn classes(
    State(app): State<App>,
    signed: Signed,
    Query(query): Query,
) -> Answer<Reply<Value>> {
    let (name, report) = report(&app, &signed, query).await?;
    Ok(Reply(json!({
        "file_name": name,
        "accuracy": report.pointer("/metrics/accuracy/value"),
        "classes": part(&report, "per_class"),
        "warnings": part(&report, "warnings"),
    })))
}

pub(super) async fn confusion_matrix(
    State(app): State<App>,
    signed: Signed,
    Query(query): Query,
) -> Answer<Reply<Value>> {
    let (name, report) = report(&app, &signed, query).await?;
    Ok(Reply(json!({
        "file_name": name,
        "labels": report.pointer("/confusion_matrix/classes"),
        "matrix": report.pointer("/confusion_matrix/counts"),
    })))
}

pub(super) async fn roc_curve(
    State(app): State<App>,
    signed: Signed,
    Query(query): Query,
) -> Answer<Reply<Value>> {
    let (name, report) = report(&app, &signed, query).await?;
    Ok(Reply(
        json!({ "file_name": name, "curves": part(&report, "roc") }),
    ))
}

pub(super) async fn importance(
    State(app): State<App>,
    signed: Signed,
    Query(query): Query,
) -> Answer<Reply<Value>> {
    let (name, report) = report(&app, &signed, query).await?;
    Ok(Reply(
        json!({ "file_name": name, "importance": part(&report, "importance") }),
    ))
}

/// The model's file in this house's own form, which holds no code.
pub(super) async fn export(
    State(app): State<App>,
    signed: Signed,
    Query(mut query): Query,
) -> Answer<Response> {
    let name = query.text("file_name");
    query.done()?;
    let owned = models::known(&app, &signed, &name).await?;
    let models = app.platform.models();
    let id = owned.model.id.to_string();
    let file = models
        .export(&signed.caller, &id, ModelFormat::Trainyard)
        .await?;
    let mut response = file.bytes.into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, kind);
    let shown = format!("attachment; filename=\"{}.tym\"", owned.model.name);
    if let Ok(shown) = HeaderValue::from_str(&shown) {
        headers.insert(header::CONTENT_DISPOSITION, shown);
    }
    Ok(response)
}
