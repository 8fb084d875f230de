//! Trained models: listed, and asked for the price of a lesson.

use axum::Json as Reply;
use axum::extract::State;
use serde_json::{Map, Value, json};
use trainyard_platform::{Caller, Dialect, Model, PlatformError, PredictRequest, PredictRows};

use super::{parameters, refused, train};
use crate::App;
use crate::address::Path;
use crate::body::Json;
use crate::caller::{Asking, Signed};
use crate::refusal::{Answer, Refusal};
use crate::registry::{self, Owned};
use crate::times;

pub(super) async fn list(State(app): State<App>, signed: Signed) -> Answer<Reply<Value>> {
    let number = signed.user.number;
    let dialect = Dialect::LessonPrices;
    let mut models = registry::owned(&app.platform, &signed.caller, number, dialect).await?;
    models.sort_by_key(|owned| owned.model.number);
    let rows: Vec<Value> = models
        .iter()
        .map(|Owned { model, .. }| {
            json!({
                "model_id": model.number,
                "model_name": model.name,
                "model_type": parameters::class_name(&model.algorithm),
                "trained_at": times::iso(model.finished_at.unwrap_or(model.created_at)),
                "r2": metric(model, "r2"),
                "mae": metric(model, "mae"),
                "mse": metric(model, "rmse").map(|root| train::rounded(root.powi(2))),
            })
        })
        .collect();
    Ok(Reply(json!({ "models": rows })))
}

fn metric(model: &Model, name: &str) -> Option<f64> {
    let metrics = model.metrics.as_ref()?;
    let value = metrics.get(name)?.get("value")?.as_f64()?;
    Some(if name == "rmse" {
        value
    } else {
        train::rounded(value)
    })
}

pub(super) async fn predict(
    State(app): State<App>,
    asking: Asking,
    Path(name): Path<String>,
    Json(mut body): Json,
) -> Answer<Reply<Value>> {
    let data = body.object("data");
    body.done()?;
    // Twice where the token was older than the account.
    match answer(&app, &asking.caller, &name, &data).await {
        Err(refusal) => match asking.corrected(&app).await? {
            Some(caller) => answer(&app, &caller, &name, &data).await,
            None => Err(refusal),
        },
        answered => answered,
    }
}

async fn answer(
    app: &App,
    caller: &Caller,
    name: &str,
    data: &Map<String, Value>,
) -> Answer<Reply<Value>> {
    let (platform, door) = (&app.platform, Dialect::LessonPrices);
    let model = registry::own_model(platform, caller, name.trim(), door).await?;
    let Some(model) = model else {
        return Err(Refusal::not_found(format!(
            "No model found for name '{name}'"
        )));
    };
    let request = PredictRequest {
        rows: PredictRows::Json(vec![Value::Object(row(&model, data)?)]),
        probabilities: false,
        idempotency_key: None,
        explain: false,
        what_if: None,
    };
    let predictions = app.platform.predictions();
    let id = model.id.to_string();
    let odd = ["missing", "wrong_type"];
    let predicted = predictions.predict_unless(caller, &id, request, &odd);
    let predicted = match predicted.await {
        Err(PlatformError::Validation(problems)) => {
            let details: Vec<String> = problems.into_iter().map(|problem| problem.detail).collect();
            return Err(failed(&details.join(" ")));
        }
        other => other.map_err(refused)?,
    };
    let value = predicted.answer.pointer("/0/value");
    let value = value
        .and_then(Value::as_f64)
        .ok_or_else(|| failed("the model answers with words"))?;
    Ok(Reply(json!({
        "model_name": model.name, "model_id": model.number, "prediction": train::rounded(value),
    })))
}

/// The columns of the model and nothing else; each has to be there.
fn row(model: &Model, data: &Map<String, Value>) -> Answer<Map<String, Value>> {
    let features = model.features.as_ref().and_then(|names| names.as_array());
    let names = features.into_iter().flatten().filter_map(Value::as_str);
    names
        .map(|name| match data.get(name) {
            Some(value) if !value.is_null() => Ok((name.to_owned(), value.clone())),
            _ => Err(failed(&format!("columns are missing: {{'{name}'}}"))),
        })
        .collect()
}

fn failed(why: &str) -> Refusal {
    Refusal::bad(format!("Prediction failed: {why}"))
}
