//! Trainings: one kind of model, or several for one price. The columns are fixed unless a form names others.

use axum::Json as Reply;
use axum::extract::State;
use serde_json::{Map, Value, json};
use trainyard_platform::{
    Dataset, Kind as ColumnKind, NameRule, NewTraining, PlatformError, Profile, SplitSpec,
    TaskChoice, TrainRequest, Trained,
};

use super::parameters::{self, Kind};
use super::refused;
use crate::App;
use crate::body::{File, Form};
use crate::caller::Signed;
use crate::refusal::{Answer, Refusal};
use crate::times;

/// The columns that are learned from.
const FEATURES: [&str; 6] = [
    "subject",
    "student_level",
    "lesson_minutes",
    "teacher_experience_years",
    "is_online",
    "city",
];
/// The column that is predicted.
const LABEL: &str = "lesson_price";
/// The seed of every split.
const SEED: u64 = 42;

pub(super) async fn train(
    State(app): State<App>,
    signed: Signed,
    mut form: Form,
) -> Answer<Reply<Value>> {
    let file = form.file("file");
    let name = form.fields.text("model_name");
    let params = form.fields.optional_text("model_params");
    let wanted = form.fields.optional_text("features");
    form.fields.done()?;
    affordable(&app, &signed)?;
    let (dataset, profile) = brought(&app, &signed, file).await?;
    let params = match params.as_deref().map(str::trim) {
        None | Some("") => Map::new(),
        Some(text) => match serde_json::from_str(text) {
            Ok(Value::Object(params)) => params,
            Ok(Value::Null) => Map::new(),
            _ => return Err(Refusal::bad("model_params must be valid JSON")),
        },
    };
    let kind = parameters::kind(&name)
        .ok_or_else(|| Refusal::bad(format!("Unknown model name: {}", name.trim())))?;
    let features = features(wanted.as_deref(), &profile)?;
    let training = training(&dataset, &features, &name, kind, params);
    let trained = app
        .platform
        .train_and_wait(&signed.caller, training, NameRule::Version)
        .await
        .map_err(refused)?;
    let model = &trained.model;
    let (numerical, categorical) = by_kind(&profile, &features);
    Ok(Reply(json!({
        "status": "success",
        "message": "Model was trained successfully and is ready for predictions.",
        "model_info": {
            "model_id": model.number,
            "model_name": model.name,
            "model_type": kind.class,
            "trained_at": times::iso(model.finished_at.unwrap_or(model.created_at)),
            "features_used": features,
            "label_column": LABEL,
            "n_samples": profile.rows,
            "categorical_columns": categorical,
            "numerical_columns": numerical,
            "metrics": metrics(&trained),
            "model_path": format!("saved_models/{}_{}", model.name.trim(), model.number),
        },
    })))
}

pub(super) async fn train_several(
    State(app): State<App>,
    signed: Signed,
    mut form: Form,
) -> Answer<Reply<Value>> {
    let file = form.file("file");
    let names = form.fields.text("model_names");
    form.fields.done()?;
    affordable(&app, &signed)?;
    let wrong = || Refusal::bad("model_names must be a JSON list of strings");
    let names: Vec<String> = serde_json::from_str(&names).map_err(|_| wrong())?;
    if names.len() > 20 {
        return Err(wrong());
    }
    let (dataset, profile) = brought(&app, &signed, file).await?;
    let features = features(None, &profile)?;
    let known: Vec<(String, &Kind)> = names
        .into_iter()
        .filter_map(|name| parameters::kind(&name).map(|kind| (name, kind)))
        .collect();
    let trainings = known
        .iter()
        .map(|(name, kind)| training(&dataset, &features, name, kind, Map::new()))
        .collect();
    let answers = app
        .platform
        .train_several_and_wait(&signed.caller, trainings);
    let mut trained = Vec::new();
    let mut best: Option<(f64, &str)> = None;
    for ((name, _), answer) in known.iter().zip(answers.await) {
        // What cannot be trained is skipped; what could not be paid or is our own mistake is told, unless there are models.
        let model = match answer {
            Ok(model) => model,
            Err(PlatformError::Validation(_) | PlatformError::Untrained { .. }) => continue,
            Err(_) if !trained.is_empty() => continue,
            Err(error) => return Err(refused(error)),
        };
        let scores = metrics(&model);
        let r2 = scores.get("r2").and_then(Value::as_f64);
        if let Some(r2) = r2.filter(|r2| best.is_none_or(|(most, _)| *r2 > most)) {
            best = Some((r2, name));
        }
        trained.push(json!({ "model_name": name, "metrics": scores }));
    }
    Ok(Reply(json!({
        "status": "success",
        "trained_models": trained,
        "best_model": best.map(|(_, name)| name),
    })))
}

/// Whoever cannot pay is told before the file is looked at, as the old server did; what counts is said at the till.
fn affordable(app: &App, signed: &Signed) -> Answer<()> {
    let price = app.platform.prices_at(signed.caller.origin.door).train;
    if signed.user.tokens >= price {
        return Ok(());
    }
    Err(refused(PlatformError::InsufficientTokens {
        needed: price,
        balance: signed.user.tokens,
    }))
}

async fn brought(app: &App, signed: &Signed, file: Option<File>) -> Answer<(Dataset, Profile)> {
    let unreadable = |why: &str| Refusal::bad(format!("Could not read CSV file: {why}"));
    let Some(file) = file else {
        return Err(unreadable("there is none"));
    };
    if file.too_large {
        return Err(unreadable("it is larger than is taken here"));
    }
    let datasets = app.platform.datasets();
    let brought = datasets.bring(&signed.caller, "lessons.csv", file.bytes);
    match brought.await {
        Err(PlatformError::UnreadableFile { detail, .. }) => Err(unreadable(&detail)),
        other => other.map_err(refused),
    }
}

/// The columns to learn from: the usual ones, or those a form names; all have to be there, and the label too.
fn features(wanted: Option<&str>, profile: &Profile) -> Answer<Vec<String>> {
    let features: Vec<String> = match wanted.map(str::trim).filter(|text| !text.is_empty()) {
        None => FEATURES.map(str::to_owned).to_vec(),
        Some(text) => serde_json::from_str(text)
            .map_err(|_| Refusal::bad("features must be a JSON list of strings"))?,
    };
    let has = |name: &str| profile.columns.iter().any(|column| column.name == name);
    let needed = features.iter().map(String::as_str).chain([LABEL]);
    let absent: Vec<String> = needed
        .filter(|name| !has(name))
        .map(|name| format!("'{name}'"))
        .collect();
    if absent.is_empty() {
        return Ok(features);
    }
    let absent = absent.join(", ");
    Err(Refusal::bad(format!(
        "Missing required columns in dataset: [{absent}]"
    )))
}

fn training(
    dataset: &Dataset,
    features: &[String],
    name: &str,
    kind: &Kind,
    params: Map<String, Value>,
) -> NewTraining {
    let request = TrainRequest {
        target: LABEL.to_owned(),
        task: Some(TaskChoice::Regression),
        algorithm: Some(kind.algorithm.to_owned()),
        params: Some(parameters::keywords(params)),
        features: Some(features.to_vec()),
        test_size: Some(0.2),
        split: Some(SplitSpec::SklearnLegacy),
        seed: Some(SEED),
        ..TrainRequest::default()
    };
    NewTraining {
        dataset_id: dataset.id,
        name: Some(name.to_owned()),
        spec: request.into(),
        idempotency_key: None,
    }
}

fn by_kind(profile: &Profile, features: &[String]) -> (Vec<String>, Vec<String>) {
    let is_number = |name: &String| {
        let column = profile.columns.iter().find(|column| column.name == *name);
        column.is_some_and(|column| matches!(column.kind, ColumnKind::Integer | ColumnKind::Number))
    };
    features.iter().cloned().partition(is_number)
}

/// All scores to two decimals.
fn metrics(trained: &Trained) -> Value {
    let metric = |name: &str| {
        let found = trained.report.get("metrics").and_then(|all| all.get(name));
        found.and_then(|metric| metric.get("value")?.as_f64())
    };
    let rmse = metric("rmse");
    json!({
        "r2": metric("r2").map(rounded),
        "mae": metric("mae").map(rounded),
        "mse": rmse.map(|root| rounded(root * root)),
        "rmse": rmse.map(rounded),
    })
}

/// To two decimals.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
