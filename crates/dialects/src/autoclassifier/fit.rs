//! A training by form: a table, a kind of classifier, and how it is judged.

use axum::Json as Reply;
use axum::extract::State;
use serde_json::{Value, json};
use trainyard_platform::{
    Kind as ColumnKind, NameRule, NewTraining, PlatformError, Profile, SplitSpec, TaskChoice,
    Timestamp, TrainRequest, Trained,
};

use super::models::{LOADED, legal_name};
use super::parameters::{self, Kind};
use crate::App;
use crate::body::{File, Form};
use crate::caller::Signed;
use crate::refusal::{Answer, Refusal};
use crate::times;

pub(super) async fn fit(
    State(app): State<App>,
    signed: Signed,
    mut form: Form,
) -> Answer<Reply<Value>> {
    let file = form.file("file");
    let fields = &mut form.fields;
    let model_type = fields.text("model_type");
    let target = fields.text("target").trim().to_owned();
    let file_name = fields.optional_text("file_name").unwrap_or_default();
    let test_size = fields.number_or("test_size", 0.2);
    let folds = fields.optional_integer("k_folds").unwrap_or(0);
    let params = fields.optional_text("params").unwrap_or_default();
    fields.done()?;
    let params = parameters::parameters(&params)?;
    let kind = parameters::kind(&model_type)?;
    let name = match file_name.trim() {
        "" => automatic_name(&signed, &model_type),
        given if legal_name(given) => given.to_owned(),
        _ => return Err(Refusal::bad("Invalid filename.")),
    };
    let (dataset, profile) = brought(&app, &signed, file).await?;
    let features = features(&profile, &target)?;
    check_classes(&profile, &target, kind)?;
    let folds = usize::try_from(folds).unwrap_or(0);
    let judged_by_folds = folds > 1;
    let request = TrainRequest {
        target,
        task: Some(TaskChoice::Classification),
        algorithm: Some(kind.algorithm.to_owned()),
        metric: Some("accuracy".to_owned()),
        params: Some(params),
        features: Some(features),
        test_size: (!judged_by_folds).then_some(test_size),
        split: Some(if judged_by_folds {
            SplitSpec::Everything
        } else {
            SplitSpec::SklearnLegacy
        }),
        folds: judged_by_folds.then_some(folds),
        ..TrainRequest::default()
    };
    let training = NewTraining {
        dataset_id: dataset.id,
        name: Some(name),
        spec: request.into(),
        idempotency_key: None,
    };
    let trained = app
        .platform
        .train_and_wait(&signed.caller, training, NameRule::Version)
        .await?;
    let accounts = app.platform.accounts();
    let id = trained.model.id.to_string();
    accounts.remember(&signed.caller, LOADED, id.into()).await?;
    Ok(Reply(json!({
        "accuracy": accuracy(&trained),
        "file_name": format!("{}.{}", trained.model.name, kind.ending),
    })))
}

/// What the model is worth: over the folds where there are some, else on the rows held out.
fn accuracy(trained: &Trained) -> Option<f64> {
    let report = &trained.report;
    let folds = report.pointer("/folds/metrics/accuracy/mean");
    let held_out = report.pointer("/metrics/accuracy/value");
    folds.or(held_out).and_then(Value::as_f64)
}

fn automatic_name(signed: &Signed, model_type: &str) -> String {
    let stamp = times::compact(Timestamp::now());
    format!("{}_{}_{stamp}", model_type.trim(), signed.user.number)
}

async fn brought(
    app: &App,
    signed: &Signed,
    file: Option<File>,
) -> Answer<(trainyard_platform::Dataset, Profile)> {
    let file = file.ok_or_else(|| Refusal::bad("No file."))?;
    if file.too_large {
        return Err(PlatformError::TooLarge {
            limit: crate::body::FILE_BYTES as u64,
        }
        .into());
    }
    let datasets = app.platform.datasets();
    Ok(datasets
        .bring(&signed.caller, "upload.csv", file.bytes)
        .await?)
}

/// Every column but the target; each has to hold numbers.
fn features(profile: &Profile, target: &str) -> Answer<Vec<String>> {
    if !profile.columns.iter().any(|column| column.name == target) {
        return Err(Refusal::bad(format!(
            "Target column '{target}' not found in dataset."
        )));
    }
    let mut features = Vec::new();
    for column in &profile.columns {
        if column.name == target {
            continue;
        }
        if let Some(shown) = words(profile, &column.name) {
            let shown: String = shown.chars().take(60).collect();
            return Err(Refusal::bad(format!(
                "could not convert string to float: '{shown}'"
            )));
        }
        if column.missing > 0 {
            return Err(Refusal::bad(format!(
                "Input X contains NaN: '{}' is empty in {} rows.",
                column.name, column.missing
            )));
        }
        features.push(column.name.clone());
    }
    Ok(features)
}

/// One of the words in a column that does not hold numbers. The two truths count as 0 and 1, however they are written, and
/// names of rows as numbers where they are some.
fn words<'a>(profile: &'a Profile, name: &str) -> Option<&'a str> {
    let column = profile.columns.iter().find(|column| column.name == name)?;
    let mut told = column.top.iter().flatten();
    let is_truth =
        |label: &str| label.eq_ignore_ascii_case("true") || label.eq_ignore_ascii_case("false");
    match column.kind {
        ColumnKind::Integer | ColumnKind::Number => None,
        ColumnKind::Boolean => {
            let mut labels = column.labels.iter().flatten().map(String::as_str);
            labels.find(|label| !is_truth(label))
        }
        ColumnKind::Identifier => told
            .find(|told| told.value.parse::<f64>().is_err())
            .map(|told| told.value.as_str()),
        ColumnKind::Category | ColumnKind::Text | ColumnKind::Date => {
            Some(told.next().map_or("", |told| told.value.as_str()))
        }
    }
}

/// The old network told two classes apart and no more.
fn check_classes(profile: &Profile, target: &str, kind: &Kind) -> Answer<()> {
    let column = profile.columns.iter().find(|column| column.name == target);
    let classes = column.map_or(0, |column| column.distinct);
    if kind.name == "neuralnet" && classes != 2 {
        return Err(Refusal::bad(format!(
            "Binary classification only: found {classes} unique classes."
        )));
    }
    Ok(())
}
