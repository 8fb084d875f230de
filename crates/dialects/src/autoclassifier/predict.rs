//! The loaded model is asked: rows of numbers in the order of the table's columns, or a file of them.

use axum::Json as Reply;
use axum::extract::State;
use serde_json::{Map, Value, json};
use trainyard_platform::{Model, ModelStatus, PlatformError, PredictRequest, PredictRows};

use super::models::LOADED;
use crate::body::{Form, Json, Query};
use crate::caller::Signed;
use crate::refusal::{Answer, Refusal};
use crate::{App, csv, fields};

/// The most rows of a call.
const MOST: usize = 500;
const NOT_LOADED: &str = "Model not trained or loaded yet";

pub(super) async fn predict(
    State(app): State<App>,
    signed: Signed,
    Json(mut body): Json,
) -> Answer<Reply<Value>> {
    let given = body.list("input_data");
    let probabilities = body.switch_or("return_proba", false);
    for (place, row) in given.iter().enumerate() {
        match row {
            Value::Array(cells) => {
                for (column, cell) in cells.iter().enumerate() {
                    if fields::number(cell).is_none() {
                        let place = vec!["input_data".into(), place.into(), column.into()];
                        let (kind, message) = if cell.is_string() {
                            (
                                "float_parsing",
                                "Input should be a valid number, unable to parse string as a number",
                            )
                        } else {
                            ("float_type", "Input should be a valid number")
                        };
                        body.wrong_inside(place, kind, message, cell.clone());
                    }
                }
            }
            Value::Object(_) => {}
            other => {
                let place = vec!["input_data".into(), place.into()];
                let message = "Input should be a valid list";
                body.wrong_inside(place, "list_type", message, other.clone());
            }
        }
    }
    body.done()?;
    if given.len() > MOST {
        return Err(Refusal::bad(format!(
            "Batch too large. Max allowed is {MOST} samples."
        )));
    }
    let answer = answer(&app, &signed, given, probabilities).await?;
    Ok(Reply(answer))
}

pub(super) async fn predict_file(
    State(app): State<App>,
    signed: Signed,
    Query(mut query): Query,
    mut form: Form,
) -> Answer<Reply<Value>> {
    let probabilities = query.switch_or("return_proba", false);
    let file = form.file("file");
    query.and(form.fields);
    query.done()?;
    let file = file.ok_or_else(|| Refusal::bad("No file."))?;
    if file.too_large {
        return Err(Refusal::bad("The file is larger than is taken here."));
    }
    let text = file.text();
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(&text);
    csv::record(&mut rest);
    let mut rows = Vec::new();
    while !rest.is_empty() {
        let cells = csv::record(&mut rest);
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if rows.len() == MOST {
            return Err(Refusal::bad(format!(
                "Batch too large. Max allowed is {MOST} rows."
            )));
        }
        let mut row = Vec::with_capacity(cells.len());
        for cell in cells {
            let number = fields::number(&Value::String(cell.clone()));
            let shown: String = cell.chars().take(60).collect();
            row.push(Value::from(number.ok_or_else(|| {
                Refusal::bad(format!("could not convert string to float: '{shown}'"))
            })?));
        }
        rows.push(Value::Array(row));
    }
    let count = rows.len();
    let mut answer = answer(&app, &signed, rows, probabilities).await?;
    if let Some(answer) = answer.as_object_mut() {
        answer.insert("rows_predicted".to_owned(), count.into());
    }
    Ok(Reply(answer))
}

async fn answer(
    app: &App,
    signed: &Signed,
    given: Vec<Value>,
    probabilities: bool,
) -> Answer<Value> {
    let model = loaded(app, signed).await?;
    let listed = model.features.as_ref().and_then(|names| names.as_array());
    let names: Vec<&str> = listed
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if given.is_empty() {
        return Err(Refusal::bad("There are no rows to predict."));
    }
    let rows: Vec<Value> = given
        .into_iter()
        .map(|row| row_of(&names, row))
        .collect::<Answer<_>>()?;
    let request = PredictRequest {
        rows: PredictRows::Json(rows),
        probabilities,
        idempotency_key: None,
        explain: false,
        what_if: None,
    };
    let odd = ["missing", "wrong_type", "unknown_category"];
    let predictions = app.platform.predictions();
    let id = model.id.to_string();
    let predicted = predictions.predict_unless(&signed.caller, &id, request, &odd);
    let predicted = predicted.await?;
    let answers = predicted.answer.as_array().into_iter().flatten();
    let rows = answers.enumerate();
    if !probabilities {
        let rows: Vec<Value> = rows
            .map(|(index, answer)| json!({ "index": index, "value": label(answer) }))
            .collect();
        return Ok(json!({ "file_name": model.name, "predictions": rows }));
    }
    let rows: Vec<Value> = rows
        .map(|(index, answer)| {
            let scores = answer.get("probabilities").and_then(Value::as_object);
            let scores: Vec<&Value> = scores.into_iter().flat_map(Map::values).collect();
            json!({ "index": index, "scores": scores })
        })
        .collect();
    Ok(json!({ "file_name": model.name, "probabilities": rows }))
}

/// A row by name: what comes as a list is in the order of the columns.
fn row_of(names: &[&str], row: Value) -> Answer<Value> {
    let cells = match row {
        Value::Array(cells) => cells,
        other => return Ok(other),
    };
    if cells.len() != names.len() {
        return Err(Refusal::bad(format!(
            "X has {} features, but the model is expecting {} features as input.",
            cells.len(),
            names.len()
        )));
    }
    let named = names.iter().map(|name| (*name).to_owned()).zip(cells);
    Ok(Value::Object(named.collect()))
}

/// The class as the table has it: a number where it is one.
fn label(answer: &Value) -> Value {
    let value = answer.get("value").cloned().unwrap_or_default();
    let Some(text) = value.as_str() else {
        return value;
    };
    if let Ok(whole) = text.parse::<i64>() {
        return whole.into();
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => number.into(),
        _ => value,
    }
}

/// The model that the caller trained or loaded last.
async fn loaded(app: &App, signed: &Signed) -> Answer<Model> {
    let not_loaded = || Refusal::bad(NOT_LOADED);
    let accounts = app.platform.accounts();
    let id = accounts.remembered(&signed.caller, LOADED).await?;
    let Some(id) = id.as_ref().and_then(Value::as_str) else {
        return Err(not_loaded());
    };
    match app.platform.models().get(&signed.caller, id).await {
        Ok(found) if found.card.model.status == ModelStatus::Ready => Ok(found.card.model),
        Ok(_) | Err(PlatformError::NotFound(_)) => Err(not_loaded()),
        Err(error) => Err(error.into()),
    }
}
