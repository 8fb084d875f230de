//! Trained models: listed, asked and deleted by name.

use std::borrow::Borrow;

use axum::Json as Reply;
use axum::extract::State;
use serde_json::{Map, Value, json};
use trainyard_platform::{
    Caller, Dialect, Model, ModelStatus, PlatformError, PredictRequest, PredictRows, Unwanted,
};

use super::{hyperparameters, refused};
use crate::App;
use crate::address::Path;
use crate::body::Json;
use crate::caller::{Asking, Signed};
use crate::fields::Fields;
use crate::refusal::{Answer, Refusal};
use crate::{registry, times};

pub(super) async fn list(State(app): State<App>, signed: Signed) -> Answer<Reply<Value>> {
    let models =
        registry::own_models(&app.platform, &signed.caller, Dialect::TokenPlatform).await?;
    let names: Vec<&str> = models.iter().map(|model| model.name.as_str()).collect();
    Ok(Reply(json!(names)))
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(name): Path<String>,
) -> Answer<Reply<Value>> {
    let model = named(&app, &signed, &name).await?;
    let kind = hyperparameters::TYPES
        .iter()
        .find(|kind| kind.algorithm == model.algorithm);
    let created = model.finished_at.unwrap_or(model.created_at);
    Ok(Reply(json!({
        "model_name": model.name,
        "model_type": kind.map_or(model.algorithm.as_str(), |kind| kind.name),
        "feature_cols": model.features.map_or(Value::Null, Value::from),
        "created_at": times::spaced(created),
    })))
}

pub(super) async fn predict(
    State(app): State<App>,
    asking: Asking,
    Path(name): Path<String>,
    Json(body): Json,
) -> Answer<Reply<Value>> {
    // Twice where the token was older than the account.
    match answer(&app, &asking.caller, &name, &body).await {
        Err(refusal) => match asking.corrected(&app).await? {
            Some(caller) => answer(&app, &caller, &name, &body).await,
            None => Err(refusal),
        },
        answered => answered,
    }
}

async fn answer(app: &App, caller: &Caller, name: &str, body: &Fields) -> Answer<Reply<Value>> {
    let given = match body.raw("features") {
        None | Some(Value::Null) => {
            return Err(Refusal::bad("Missing 'features' in request body"));
        }
        Some(Value::Object(given)) => given.clone(),
        Some(_) => {
            return Err(failed(
                "'features' has to be an object of columns and values",
            ));
        }
    };
    legal(name)?;
    let found = app.platform.models().recent_row(caller, name).await;
    let model = own(found, caller, name)?;
    let row = row(&model, &given)?;
    let request = PredictRequest {
        rows: PredictRows::Json(vec![Value::Object(row)]),
        probabilities: false,
        idempotency_key: None,
        explain: false,
        what_if: None,
    };
    let odd = ["missing", "unknown_category", "wrong_type"];
    let id = model.id.to_string();
    let predictions = app.platform.predictions();
    let predicted = match predictions.predict_unless(caller, &id, request, &odd).await {
        Err(PlatformError::Validation(problems)) => {
            let details: Vec<String> = problems.into_iter().map(|problem| problem.detail).collect();
            return Err(failed(&details.join(" ")));
        }
        other => other.map_err(refused)?,
    };
    let value = predicted.answer.pointer("/0/value");
    let prediction = value
        .and_then(crate::fields::number)
        .ok_or_else(|| failed("the model answers with words, and this door with numbers"))?;
    Ok(Reply(json!({
        "status": "success", "prediction": prediction, "tokens_deducted": predicted.charged,
    })))
}

/// The features of the model and nothing else; each has to be there.
fn row(model: &Model, given: &Map<String, Value>) -> Answer<Map<String, Value>> {
    let features = model.features.as_ref().and_then(|names| names.as_array());
    let names = features.into_iter().flatten().filter_map(Value::as_str);
    names
        .map(|name| match given.get(name) {
            Some(value) if !value.is_null() => Ok((name.to_owned(), value.clone())),
            _ => Err(failed(&format!("'{name}' has no value"))),
        })
        .collect()
}

fn failed(why: &str) -> Refusal {
    Refusal::bad(format!("Prediction failed: {why}"))
}

pub(super) async fn delete(
    State(app): State<App>,
    signed: Signed,
    Path(name): Path<String>,
) -> Answer<Reply<Value>> {
    let model = named(&app, &signed, &name).await?;
    let unwanted = Unwanted::Named(model.name);
    let models = app.platform.models();
    match models.delete_several(&signed.caller, unwanted).await {
        Err(PlatformError::NotFound(_)) => return Err(none(&name)),
        other => other?,
    };
    Ok(Reply(
        json!({ "status": "success", "message": format!("Model '{name}' deleted successfully") }),
    ))
}

/// The caller's model of this name that came through this door.
async fn named(app: &App, signed: &Signed, name: &str) -> Answer<Model> {
    legal(name)?;
    let found = app.platform.models().row(&signed.caller, name).await;
    own(found, &signed.caller, name)
}

fn legal(name: &str) -> Answer<()> {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if name.bytes().all(legal) {
        return Ok(());
    }
    Err(Refusal::bad(
        "Invalid model name: contains illegal characters",
    ))
}

/// What was found, where it is the caller's, ready, and came through this door.
fn own<M: Borrow<Model>>(
    found: Result<M, PlatformError>,
    caller: &Caller,
    name: &str,
) -> Answer<M> {
    let found = match found {
        Err(PlatformError::NotFound(_)) => return Err(none(name)),
        other => other?,
    };
    let model = found.borrow();
    let fits = model.owner_id == caller.id
        && model.status == ModelStatus::Ready
        && registry::is_of(model, Dialect::TokenPlatform);
    if fits { Ok(found) } else { Err(none(name)) }
}

fn none(name: &str) -> Refusal {
    Refusal::not_found(format!(
        "Model '{name}' not found or you don't have access to it"
    ))
}
