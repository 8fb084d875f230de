//! The models that read digits, and what is known about each. Every figure was worked out on pictures held out when the
//! model was trained.

use axum::Json as Reply;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use trainyard_platform::{DigitModel, Model, PlatformError};

use super::envelope::success;
use super::visitor::scientist;
use super::{curves, training};
use crate::App;
use crate::address::Path;
use crate::caller::{Anybody, Signed};
use crate::fields::Fields;
use crate::refusal::{Answer, Refusal};
use crate::times;

fn row(found: &DigitModel) -> Value {
    let DigitModel { model, active } = found;
    let mut row = json!({
        "id": model.number,
        "model_type": training::kind_name(&model.algorithm),
    });
    if let (Some(row), Value::Object(scores)) = (row.as_object_mut(), scores(model)) {
        row.extend(scores);
        let trained = model.finished_at.unwrap_or(model.created_at);
        row.insert("trained_at".to_owned(), times::iso(trained).into());
        row.insert("is_active".to_owned(), (*active).into());
    }
    row
}

/// Accuracy, and precision, recall and F1 as the mean over the digits.
fn scores(model: &Model) -> Value {
    let metric = |name: &str| {
        let metrics = model.metrics.as_ref()?;
        metrics.get(name)?.get("value")?.as_f64()
    };
    json!({
        "accuracy": metric("accuracy"),
        "precision": metric("precision_macro"),
        "recall": metric("recall_macro"),
        "f1_score": metric("f1_macro"),
    })
}

/// The model of a number in an address.
pub(super) async fn numbered(app: &App, id: &str) -> Answer<DigitModel> {
    let mut path = Fields::of_texts("path", [("model_id".to_owned(), id.to_owned())]);
    let number = path.integer("model_id");
    path.done()?;
    match app.platform.digits().numbered(number).await {
        Err(PlatformError::NotFound(_)) => Err(Refusal::not_found(format!(
            "Model with id {number} not found"
        ))),
        other => Ok(other?),
    }
}

async fn report(app: &App, id: &str) -> Answer<Value> {
    let found = numbered(app, id).await?;
    Ok(app.platform.digits().report(&found).await?)
}

pub(super) async fn list(State(app): State<App>, _: Anybody) -> Answer<Reply<Value>> {
    let models = app.platform.digits().catalogue().await?;
    let rows: Vec<Value> = models.iter().map(row).collect();
    Ok(success(rows))
}

pub(super) async fn show(
    State(app): State<App>,
    _: Anybody,
    Path(id): Path<String>,
) -> Answer<Reply<Value>> {
    let found = numbered(&app, &id).await?;
    let mut row = row(&found);
    if let Some(row) = row.as_object_mut() {
        let params = Value::from(found.model.params.clone());
        row.insert("hyperparameters".to_owned(), params);
    }
    Ok(success(row))
}

pub(super) async fn metrics(
    State(app): State<App>,
    _: Anybody,
    Path(id): Path<String>,
) -> Answer<Reply<Value>> {
    Ok(success(scores(&numbered(&app, &id).await?.model)))
}

pub(super) async fn confusion_matrix(
    State(app): State<App>,
    _: Anybody,
    Path(id): Path<String>,
) -> Answer<Reply<Value>> {
    let report = report(&app, &id).await?;
    let labels = report.pointer("/confusion_matrix/classes");
    let labels: Vec<Value> = labels
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|label| crate::fields::whole_number(label).map_or(label.clone(), Value::from))
        .collect();
    let matrix = report.pointer("/confusion_matrix/counts");
    Ok(success(json!({ "matrix": matrix, "labels": labels })))
}

pub(super) async fn roc_curve(
    State(app): State<App>,
    _: Anybody,
    Path(id): Path<String>,
) -> Answer<Reply<Value>> {
    let report = report(&app, &id).await?;
    let curves =
        curves::of(&report).ok_or_else(|| Refusal::not_found("This model has no ROC curve"))?;
    Ok(success(curves))
}

/// The model's file in this house's own form, which holds no code.
pub(super) async fn export(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Answer<Response> {
    scientist(&signed)?;
    let found = numbered(&app, &id).await?;
    let bytes = match app.platform.digits().export(&signed.caller, &found).await {
        Err(PlatformError::NotFound(_)) => {
            return Err(Refusal::not_found("Model file not found").by_frame());
        }
        other => other?,
    };
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, kind);
    let kind = training::kind_name(&found.model.algorithm);
    let shown = format!(
        "attachment; filename=\"{kind}_model_{}.tym\"",
        found.model.number
    );
    if let Ok(shown) = HeaderValue::from_str(&shown) {
        headers.insert(header::CONTENT_DISPOSITION, shown);
    }
    Ok(response)
}
