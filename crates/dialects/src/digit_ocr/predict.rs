//! A picture is read.

use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};
use trainyard_platform::{PictureInput, PictureRequest, PlatformError};

use super::envelope::success_saying;
use super::visitor::Visitor;
use crate::App;
use crate::body::{File, Form, Query};
use crate::caller::Anybody;
use crate::fields;
use crate::refusal::{Answer, Refusal};

/// The largest picture.
const MOST_BYTES: usize = 5 << 20;
/// How many possible digits are told.
const ALTERNATIVES: usize = 3;

pub(super) async fn health(_: Anybody) -> Reply<Value> {
    Reply(json!({ "status": "ok", "service": "digit-ocr-api" }))
}

pub(super) async fn predict(
    State(app): State<App>,
    visitor: Visitor,
    Query(mut query): Query,
    mut form: Form,
) -> Answer<Reply<Value>> {
    let _ = query.switch_or("save_debug", false);
    let file = form.file("file");
    query.and(form.fields);
    query.done()?;
    let Some(file) = file else {
        return Err(Refusal::bad("File is empty"));
    };
    let name = file.name.clone();
    let read = read(&app, &visitor, file).await;
    if let Err(refusal) = &read
        && refusal.status == StatusCode::BAD_REQUEST
    {
        let (caller, origin) = match &visitor {
            Visitor::Known(caller) => (Some(&**caller), &caller.origin),
            Visitor::Guest(origin) => (None, origin),
        };
        let pictures = app.platform.pictures();
        pictures
            .note_refusal(caller, origin, &name, &refusal.text())
            .await?;
    }
    read
}

async fn read(app: &App, visitor: &Visitor, file: File) -> Answer<Reply<Value>> {
    if !file.kind.starts_with("image/") {
        return Err(Refusal::bad("File must be an image"));
    }
    if file.too_large || file.bytes.len() > MOST_BYTES {
        return Err(Refusal::bad("File size exceeds 5MB limit"));
    }
    if file.bytes.is_empty() {
        return Err(Refusal::bad("File is empty"));
    }
    let began = tokio::time::Instant::now();
    let request = PictureRequest {
        noted_as: Some(file.name),
        ..PictureInput::File(file.bytes).into()
    };
    let digits = app.platform.digits();
    let answer = match visitor {
        Visitor::Known(caller) => {
            let read = digits.predict(caller, request).await;
            read.map_err(refused)?.answer
        }
        Visitor::Guest(origin) => {
            let read = digits.predict_for_guest(request, origin.clone()).await;
            read.map_err(refused)?
        }
    };
    let took = u64::try_from(began.elapsed().as_millis()).unwrap_or_default();
    let digit = |value: Option<&Value>| value.and_then(|value| fields::whole_number(value).ok());
    let alternatives = answer.get("alternatives").and_then(Value::as_array);
    let alternatives: Vec<Value> = alternatives
        .into_iter()
        .flatten()
        .take(ALTERNATIVES)
        .map(|other| {
            json!({
                "digit": digit(other.get("value")),
                "confidence": percent(other.get("confidence")),
            })
        })
        .collect();
    let data = json!({
        "digit": digit(answer.get("value")),
        "confidence": percent(answer.get("confidence")),
        "processing_time_ms": took,
        "alternatives": alternatives,
    });
    Ok(success_saying(data, None))
}

/// A share in percent with two decimals.
pub(super) fn percent(share: Option<&Value>) -> f64 {
    let share = share.and_then(Value::as_f64).unwrap_or_default();
    (share * 10_000.0).round() / 100.0
}

/// What the platform refuses, in this door's words.
pub(super) fn refused(error: PlatformError) -> Refusal {
    let unavailable = |text: &str| Refusal::detail(StatusCode::SERVICE_UNAVAILABLE, text);
    match error {
        PlatformError::Preparing { .. } => {
            unavailable("Model is still training. Please try again in a moment.")
        }
        PlatformError::NotReady(text) if text.contains("model of digits") => {
            unavailable("Model is not available: training has not been started or has failed.")
        }
        PlatformError::TooLarge { .. } => Refusal::bad("The picture is larger than is read here."),
        other => other.into(),
    }
}
