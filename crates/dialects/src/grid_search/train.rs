//! The search, and what its best model answers.

use axum::Json as Reply;
use axum::extract::State;
use serde_json::{Map, Value, json};
use trainyard_platform::{
    Dialect, Method, Model, NameRule, NewTraining, PredictRequest, PredictRows, SearchSpec,
    SplitSpec, TaskChoice, TrainRequest,
};

use super::grid::{self, Grid};
use crate::App;
use crate::body::Json;
use crate::caller::Signed;
use crate::refusal::{Answer, Refusal};
use crate::{fields, registry};

/// What an account's model is called; each search is another version of it.
const NAME: &str = "grid-search-iris";
/// The sample that is learned from, what of it is predicted, and from what, in the order clients send it.
const SAMPLE: &str = "iris";
const TARGET: &str = "species";
const FEATURES: [&str; 4] = [
    "sepal_length_cm",
    "sepal_width_cm",
    "petal_length_cm",
    "petal_width_cm",
];
/// The folds that judge each setting.
const FOLDS: usize = 5;

pub(super) async fn train(
    State(app): State<App>,
    signed: Signed,
    Json(mut body): Json,
) -> Answer<Reply<Value>> {
    let name = body.text("algorithm");
    let given = body.object("param_grid");
    for (param, values) in &given {
        if !values.is_array() {
            let place = vec!["param_grid".into(), param.as_str().into()];
            let message = "Input should be a valid list";
            body.wrong_inside(place, "list_type", message, values.clone());
        }
    }
    body.done()?;
    let algorithm = grid::algorithm(&name)?;
    let Grid { space, aside } = grid::grid(algorithm, given)?;
    let datasets = app.platform.datasets();
    let (dataset, _) = datasets.bring_sample(&signed.caller, SAMPLE).await?;
    let request = TrainRequest {
        target: TARGET.to_owned(),
        task: Some(TaskChoice::Classification),
        algorithm: Some(algorithm.to_owned()),
        metric: Some("accuracy".to_owned()),
        features: Some(FEATURES.map(str::to_owned).to_vec()),
        split: Some(SplitSpec::Everything),
        search: Some(SearchSpec {
            method: Method::Grid,
            folds: FOLDS,
            space: Some(space),
            pruning: false,
            ..SearchSpec::default()
        }),
        ..TrainRequest::default()
    };
    let training = NewTraining {
        dataset_id: dataset.id,
        name: Some(NAME.to_owned()),
        spec: request.into(),
        idempotency_key: None,
    };
    let trained = app
        .platform
        .train_and_wait(&signed.caller, training, NameRule::Version)
        .await?;
    let (mut params, score) = best(&trained.report);
    params.extend(aside);
    Ok(Reply(json!({
        "message": "Successfully trained model.", "best_params_": params, "best_score": score,
    })))
}

/// The best setting and its score.
fn best(report: &Value) -> (Map<String, Value>, Option<f64>) {
    let search = report.get("search");
    let place = search
        .and_then(|search| search.get("best")?.as_u64())
        .and_then(|place| usize::try_from(place).ok());
    let trial = search
        .zip(place)
        .and_then(|(search, place)| search.get("trials")?.get(place));
    let params = trial.and_then(|trial| trial.get("params")?.as_object().cloned());
    let score = trial.and_then(|trial| trial.get("score")?.as_f64());
    (params.unwrap_or_default(), score)
}

pub(super) async fn predict(
    State(app): State<App>,
    signed: Signed,
    Json(mut body): Json,
) -> Answer<Reply<Value>> {
    let input = body.list("input");
    let mut numbers = Vec::with_capacity(input.len());
    for (place, value) in input.iter().enumerate() {
        match fields::number(value) {
            Some(number) => numbers.push(number),
            None => {
                let (kind, message) = if value.is_string() {
                    (
                        "float_parsing",
                        "Input should be a valid number, unable to parse string as a number",
                    )
                } else {
                    ("float_type", "Input should be a valid number")
                };
                let place = vec!["input".into(), place.into()];
                body.wrong_inside(place, kind, message, value.clone());
            }
        }
    }
    body.done()?;
    let Some(model) = model(&app, &signed).await? else {
        return Err(Refusal::bad("Model is not trained yet."));
    };
    if numbers.len() != FEATURES.len() {
        return Err(Refusal::bad(format!(
            "Input should hold {} numbers: sepal length and width, petal length and width.",
            FEATURES.len()
        )));
    }
    let row: Map<String, Value> = FEATURES
        .iter()
        .zip(numbers)
        .map(|(name, number)| ((*name).to_owned(), number.into()))
        .collect();
    let request = PredictRequest {
        rows: PredictRows::Json(vec![Value::Object(row)]),
        probabilities: true,
        idempotency_key: None,
        explain: false,
        what_if: None,
    };
    let predictions = app.platform.predictions();
    let id = model.id.to_string();
    let predicted = predictions.predict(&signed.caller, &id, request).await?;
    // Clients know the classes by their place in the alphabet.
    let answer = predicted.answer.get(0);
    let value = answer.and_then(|answer| answer.get("value")?.as_str());
    let classes = answer.and_then(|answer| answer.get("probabilities")?.as_object());
    let mut classes: Vec<&str> = classes
        .into_iter()
        .flat_map(|classes| classes.keys().map(String::as_str))
        .collect();
    classes.sort_unstable();
    let place = classes.iter().position(|class| Some(*class) == value);
    Ok(Reply(json!({ "prediction": place })))
}

pub(super) async fn status(State(app): State<App>, signed: Signed) -> Answer<Reply<Value>> {
    let Some(model) = model(&app, &signed).await? else {
        return Ok(Reply(json!({
            "is_trained": false,
            "model_algorithm": null,
            "best_params": null,
            "training_accuracy": null,
        })));
    };
    let models = app.platform.models();
    let report = models.report(&signed.caller, &model.id.to_string()).await?;
    let (params, _) = best(&report);
    let accuracy = report.pointer("/metrics/accuracy/value").cloned();
    Ok(Reply(json!({
        "is_trained": true,
        "model_algorithm": model.algorithm,
        "best_params": params,
        "training_accuracy": accuracy,
    })))
}

/// The caller's model, once there is one.
async fn model(app: &App, signed: &Signed) -> Answer<Option<Model>> {
    let models = registry::own_models(&app.platform, &signed.caller, Dialect::GridSearch);
    Ok(models.await?.into_iter().find(|model| model.name == NAME))
}
