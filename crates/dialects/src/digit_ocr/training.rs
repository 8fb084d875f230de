//! The models that read digits are trained and tuned.

use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use trainyard_platform::{
    DigitsState, Method, NewStudying, PlatformError, SearchSpec, StudyStatus, TaskChoice,
    TrainRequest, TrainSpec,
};
use uuid::Uuid;

use super::envelope::success;
use super::models::numbered;
use super::predict::refused;
use super::visitor::scientist;
use crate::App;
use crate::address::Path;
use crate::body::Json;
use crate::caller::{Anybody, Signed};
use crate::refusal::{Answer, Refusal};

/// Kinds of models: the name clients use, and the platform's.
const KINDS: [(&str, &str); 3] = [
    ("svm", "svm"),
    ("random_forest", "random_forest"),
    ("neural_network", "neural_net"),
];
/// The sample that is learned from, and what of it is predicted.
const SAMPLE: &str = "digits";
const LABEL: &str = "label";
/// Settings that a search tries at most.
const MOST_TRIALS: usize = 12;

/// What clients call an algorithm.
pub(super) fn kind_name(algorithm: &str) -> &str {
    let found = KINDS.iter().find(|(_, known)| *known == algorithm);
    found.map_or(algorithm, |(name, _)| name)
}

pub(super) async fn status(State(app): State<App>, _: Anybody) -> Answer<Reply<Value>> {
    let digits = app.platform.digits().status().await?;
    let (status, message) = match digits.state {
        DigitsState::Ready => ("completed", "Model is trained and ready"),
        DigitsState::Preparing => ("in_progress", "Model training is in progress"),
        DigitsState::Failed => ("failed", "Model training failed"),
        DigitsState::Off => ("not_started", "Model training has not been started"),
    };
    let info = match (digits.active, digits.progress) {
        (Some(model), _) => json!({
            "model_id": model.number,
            "model_type": kind_name(&model.algorithm),
            "accuracy": model.metrics.and_then(|all| all.pointer("/accuracy/value").cloned()),
        }),
        (None, Some(progress)) => progress,
        (None, None) => Value::Null,
    };
    Ok(Reply(json!({
        "status": status,
        "message": message,
        "ready": digits.state == DigitsState::Ready,
        "info": info,
    })))
}

pub(super) async fn train(
    State(app): State<App>,
    signed: Signed,
) -> Answer<(StatusCode, Reply<Value>)> {
    scientist(&signed)?;
    let digits = app.platform.digits();
    let (begun, message) = match digits.train(&signed.caller, None, Map::new()).await {
        Ok(_) => (true, "Model training started"),
        Err(PlatformError::NotReady(_)) => (false, "Model training is already in progress"),
        Err(error) => return Err(refused(error)),
    };
    let body = json!({
        "success": begun,
        "message": message,
        "status": "in_progress",
        "estimated_time": "2-5 minutes",
    });
    Ok((StatusCode::ACCEPTED, Reply(body)))
}

pub(super) async fn train_kind(
    State(app): State<App>,
    signed: Signed,
    Json(mut body): Json,
) -> Answer<(StatusCode, Reply<Value>)> {
    scientist(&signed)?;
    let name = body.text("model_type");
    let params = body.optional_object("hyperparameters");
    body.done()?;
    let Some((name, algorithm)) = KINDS.iter().find(|(known, _)| *known == name) else {
        let names: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
        return Err(Refusal::bad(format!(
            "Invalid model_type. Must be one of: {}",
            names.join(", ")
        )));
    };
    let digits = app.platform.digits();
    let model = digits
        .train(&signed.caller, Some(algorithm), params)
        .await
        .map_err(refused)?;
    let data = json!({
        "training_id": model.job_id.unwrap_or(model.id).to_string(),
        "status": "queued",
        "model_type": name,
    });
    Ok((StatusCode::ACCEPTED, success(data)))
}

pub(super) async fn tune(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Json(mut body): Json,
) -> Answer<(StatusCode, Reply<Value>)> {
    scientist(&signed)?;
    let wanted = body.object("hyperparameters");
    let method = body.optional_text("optimization_method");
    body.done()?;
    let method = match method.as_deref() {
        None | Some("grid_search") => Method::Grid,
        Some("bayesian") => Method::Bayesian,
        Some(_) => {
            return Err(Refusal::bad(
                "Invalid optimization_method. Must be one of: grid_search, bayesian",
            ));
        }
    };
    let model = numbered(&app, &id).await?.model;
    let datasets = app.platform.datasets();
    let (dataset, profile) = datasets.bring_sample(&signed.caller, SAMPLE).await?;
    let request = TrainRequest {
        target: LABEL.to_owned(),
        task: Some(TaskChoice::Classification),
        algorithm: Some(model.algorithm.clone()),
        metric: Some("accuracy".to_owned()),
        search: Some(SearchSpec {
            method,
            trials: MOST_TRIALS,
            space: space(wanted),
            ..SearchSpec::default()
        }),
        ..TrainRequest::default()
    };
    let mut spec = TrainSpec::from(request);
    spec.adopt_pictures(profile.pictures);
    let asked = NewStudying {
        dataset_id: dataset.id,
        name: Some("digit-ocr-tuning".to_owned()),
        spec,
        idempotency_key: None,
    };
    let studies = app.platform.studies();
    let accepted = studies.begin(&signed.caller, asked).await?;
    let data = json!({
        "tune_id": accepted.study.id.to_string(),
        "status": "queued",
        "model_id": model.number,
    });
    Ok((StatusCode::ACCEPTED, success(data)))
}

/// What is tried: lists and ranges as they are, single values alone; nothing is the usual.
fn space(wanted: Map<String, Value>) -> Option<Map<String, Value>> {
    let listed = wanted.into_iter().map(|(name, value)| match value {
        Value::Array(_) | Value::Object(_) => (name, value),
        single => (name, json!([single])),
    });
    let space: Map<String, Value> = listed.collect();
    (!space.is_empty()).then_some(space)
}

pub(super) async fn tuned(
    State(app): State<App>,
    signed: Signed,
    Path((id, tune_id)): Path<(String, String)>,
) -> Answer<Reply<Value>> {
    scientist(&signed)?;
    numbered(&app, &id).await?;
    let none = || Refusal::not_found(format!("Tuning job {tune_id} not found"));
    let study_id = Uuid::try_parse(&tune_id).map_err(|_| none())?;
    let studies = app.platform.studies();
    let study = match studies.get(&signed.caller, study_id).await {
        Err(PlatformError::NotFound(_)) => return Err(none()),
        other => other?,
    };
    let status = match study.status {
        StudyStatus::Queued => "queued",
        StudyStatus::Running => "processing",
        StudyStatus::Done | StudyStatus::Saved | StudyStatus::Reverted => "completed",
        StudyStatus::Failed | StudyStatus::Cancelled => "failed",
    };
    let progress = match status {
        "queued" => 0,
        "processing" => match studies.job(&signed.caller, &study).await {
            Ok(job) => share(&job.progress),
            Err(_) => 0,
        },
        _ => 100,
    };
    let best = study.best.as_ref();
    Ok(success(json!({
        "tune_id": tune_id,
        "status": status,
        "progress": progress,
        "best_hyperparameters": best.and_then(|best| best.get("params")),
        "best_score": best.and_then(|best| best.get("score")),
    })))
}

/// Percent of a job that is done.
fn share(progress: &Value) -> u64 {
    let number = |name: &str| progress.get(name).and_then(Value::as_f64).unwrap_or(0.0);
    let of = number("of");
    if of <= 0.0 {
        return 0;
    }
    (number("done") / of * 100.0).clamp(0.0, 99.0) as u64
}
