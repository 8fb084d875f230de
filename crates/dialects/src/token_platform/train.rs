//! A training: everything is checked in the order the old server checked it, paid, and waited for.

use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use trainyard_platform::{
    Kind as ColumnKind, NameRule, NewTraining, PlatformError, Profile, SplitSpec, TaskChoice,
    Timestamp, TrainRequest, Trained,
};

use super::hyperparameters::{self, ModelType};
use super::{refused, table};
use crate::App;
use crate::body::{File, Form};
use crate::caller::Signed;
use crate::refusal::{Answer, Refusal};
use crate::times;

/// The largest file, as the contract has it.
const MOST_BYTES: usize = 50 << 20;
/// The seed of every split.
const SEED: u64 = 42;

/// What a form asks for.
struct Asked {
    model_type: String,
    feature_cols: String,
    label: String,
    train_share: f64,
    params: String,
    file_name: Option<String>,
}

pub(super) async fn create(
    State(app): State<App>,
    signed: Signed,
    mut form: Form,
) -> Answer<Reply<Value>> {
    let fields = &mut form.fields;
    let asked = Asked {
        model_type: fields.text("model_type"),
        feature_cols: fields.text("feature_cols"),
        label: fields.text("label_col").trim().to_owned(),
        train_share: fields.number_or("train_percentage", 0.8),
        params: fields.optional_text("optional_params").unwrap_or_default(),
        file_name: fields.optional_text("model_filename"),
    };
    fields.done()?;
    let place = form.files.iter().position(|file| file.field == "csv_file");
    let file = place.map(|place| form.files.swap_remove(place));
    let file = checked_file(file, asked.train_share)?;
    let features = feature_names(&asked.feature_cols)?;
    let text = file.text();
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    columns_exist(text, &features, &asked.label)?;
    if features.contains(&asked.label) {
        return Err(Refusal::bad(
            "Invalid model parameter: the label column is among the features",
        ));
    }
    let used: Vec<&str> = features
        .iter()
        .chain([&asked.label])
        .map(String::as_str)
        .collect();
    let bytes = table::with_seconds(text, &used).unwrap_or_else(|| file.bytes.clone());
    let datasets = app.platform.datasets();
    let brought = datasets.bring(&signed.caller, "upload.csv", bytes).await;
    let (dataset, profile) = brought.map_err(unreadable)?;
    nothing_missing(&profile, &features, &asked.label)?;
    let kind = hyperparameters::named(asked.model_type.trim())?;
    let params = kind.params(&asked.params)?;
    label_is_number(&profile, &asked.label, kind)?;
    enough_neighbors(&profile, asked.train_share, &params)?;
    let name = name(&signed, kind, asked.file_name.as_deref())?;
    let request = TrainRequest {
        target: asked.label.clone(),
        task: Some(if kind.classifies {
            TaskChoice::Classification
        } else {
            TaskChoice::Regression
        }),
        algorithm: Some(kind.algorithm.to_owned()),
        params: Some(params),
        features: Some(features),
        test_size: Some(1.0 - asked.train_share),
        split: Some(SplitSpec::SklearnLegacy),
        seed: Some(SEED),
        ..TrainRequest::default()
    };
    let training = NewTraining {
        dataset_id: dataset.id,
        name: Some(name.clone()),
        spec: request.into(),
        idempotency_key: None,
    };
    let trained = app
        .platform
        .train_and_wait(&signed.caller, training, NameRule::New)
        .await
        .map_err(untrained)?;
    let metrics = metrics(&trained, kind)?;
    Ok(Reply(json!({
        "status": "success",
        "model_name": name,
        "metrics": metrics,
        "tokens_deducted": trained.charged,
        "file_path": format!("saved_models/{name}"),
        "saved_location": "server/train_models folder",
    })))
}

fn checked_file(file: Option<File>, train_share: f64) -> Answer<File> {
    let file = file.filter(|file| !file.name.is_empty());
    let Some(file) = file else {
        return Err(Refusal::bad("CSV file missing"));
    };
    if !(train_share > 0.0 && train_share < 1.0) {
        return Err(Refusal::bad("train_percentage must be between 0 and 1"));
    }
    if file.too_large || file.bytes.len() > MOST_BYTES {
        return Err(Refusal::bad("CSV file too large. Maximum size is 50MB"));
    }
    if file.bytes.is_empty() {
        return Err(Refusal::bad("CSV file is empty"));
    }
    if !table::has_rows(&file.text()) {
        return Err(Refusal::bad("CSV file has no data"));
    }
    Ok(file)
}

/// Names in a JSON list, or apart by commas.
fn feature_names(text: &str) -> Answer<Vec<String>> {
    let text = text.trim();
    let mut names: Vec<String> = if text.starts_with('[') {
        let wrong = || {
            Refusal::bad(
                "Invalid JSON in parameter 'feature_cols'. Expected JSON format like [\"age\", \"salary\"] or age,salary",
            )
        };
        let list: Vec<Value> = serde_json::from_str(text).map_err(|_| wrong())?;
        let named = |value: &Value| value.as_str().map(|name| name.trim().to_owned());
        list.iter()
            .map(named)
            .collect::<Option<_>>()
            .ok_or_else(wrong)?
    } else {
        text.split(',').map(|name| name.trim().to_owned()).collect()
    };
    names.retain(|name| !name.is_empty());
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    if names.is_empty() {
        return Err(Refusal::bad("feature_cols cannot be empty"));
    }
    Ok(names)
}

fn columns_exist(text: &str, features: &[String], label: &str) -> Answer<()> {
    let header = table::header(text);
    let wanted = features.iter().map(String::as_str).chain([label]);
    let absent: Vec<String> = wanted
        .filter(|name| !header.iter().any(|column| column == name))
        .map(|name| format!("'{name}'"))
        .collect();
    if absent.is_empty() {
        return Ok(());
    }
    let absent = absent.join(", ");
    Err(Refusal::bad(format!(
        "Columns not found in CSV: [{absent}]"
    )))
}

fn nothing_missing(profile: &Profile, features: &[String], label: &str) -> Answer<()> {
    let lacks = |name: &str| {
        let column = profile.columns.iter().find(|column| column.name == name);
        column.is_some_and(|column| column.missing > 0)
    };
    if lacks(label) {
        return Err(Refusal::bad(format!(
            "Label column '{label}' contains missing values. Please clean your data before training."
        )));
    }
    let lacking: Vec<String> = features
        .iter()
        .filter(|name| lacks(name))
        .map(|name| format!("'{name}'"))
        .collect();
    if lacking.is_empty() {
        return Ok(());
    }
    let names = lacking.join(", ");
    Err(Refusal::bad(format!(
        "Feature column(s) [{names}] contain missing values. Please clean your data before training."
    )))
}

/// What is predicted is scored as a number, of classes too: words are refused before anything is paid for. The two truths
/// are numbers to what learns numbers, and no classes that could be scored.
fn label_is_number(profile: &Profile, label: &str, kind: &ModelType) -> Answer<()> {
    let Some(column) = profile.columns.iter().find(|column| column.name == label) else {
        return Ok(());
    };
    let is_truth =
        |label: &String| label.eq_ignore_ascii_case("true") || label.eq_ignore_ascii_case("false");
    let is_number = match column.kind {
        ColumnKind::Integer | ColumnKind::Number => true,
        ColumnKind::Boolean => !kind.classifies && column.labels.iter().flatten().all(is_truth),
        ColumnKind::Identifier => {
            let mut told = column.top.iter().flatten();
            told.all(|told| told.value.parse::<f64>().is_ok())
        }
        ColumnKind::Category | ColumnKind::Text | ColumnKind::Date => false,
    };
    if is_number {
        return Ok(());
    }
    Err(Refusal::bad(format!(
        "Training failed: '{label}' holds words; choose a label column of numbers"
    )))
}

/// As many neighbours as are asked for have to be among the rows that are learned from.
fn enough_neighbors(
    profile: &Profile,
    train_share: f64,
    params: &Map<String, Value>,
) -> Answer<()> {
    let wanted = params.get("n_neighbors").and_then(Value::as_f64);
    let rows = profile.rows as f64;
    let learned = rows - (rows * (1.0 - train_share)).ceil();
    match wanted {
        Some(wanted) if wanted > learned => Err(Refusal::bad(format!(
            "Training failed: Expected n_neighbors <= n_samples_fit, but n_neighbors = {wanted}, n_samples_fit = {learned}"
        ))),
        _ => Ok(()),
    }
}

/// What a model is called: its owner's number, then what was asked for, or what and when.
fn name(signed: &Signed, kind: &ModelType, asked: Option<&str>) -> Answer<String> {
    let number = signed.user.number;
    let Some(asked) = asked.filter(|asked| !asked.trim().is_empty()) else {
        let now = Timestamp::now();
        let (stamp, micros) = (times::compact(now), now.microsecond());
        return Ok(format!("{number}_{}_{stamp}_{micros:06}", kind.name));
    };
    let clean: String = asked
        .trim()
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-') {
                letter
            } else {
                '_'
            }
        })
        .collect();
    let clean = clean.trim_matches('_');
    if clean.is_empty() || clean.len() > 150 {
        return Err(Refusal::bad("Invalid model filename"));
    }
    Ok(format!("{number}_{clean}"))
}

/// Scores of numbers for every kind of model: classes are taken for the numbers they are.
fn metrics(trained: &Trained, kind: &ModelType) -> Answer<Value> {
    if kind.classifies {
        return classes_as_numbers(&trained.report).ok_or_else(|| {
            Refusal::bad("Training failed: the classes of the label are no numbers")
        });
    }
    let metric = |name: &str| {
        let found = trained.report.get("metrics").and_then(|all| all.get(name));
        found.and_then(|metric| metric.get("value")?.as_f64())
    };
    let square = metric("rmse").map(|root| root * root);
    Ok(json!({
        "r2_score": metric("r2"),
        "mean_squared_error": metric("mse").or(square),
        "mean_absolute_error": metric("mae"),
    }))
}

/// From what was taken for what: R², mean squared and mean absolute error of the class numbers.
fn classes_as_numbers(report: &Value) -> Option<Value> {
    let matrix = report.get("confusion_matrix")?;
    let labels: Vec<f64> = matrix
        .get("classes")?
        .as_array()?
        .iter()
        .map(crate::fields::number)
        .collect::<Option<_>>()?;
    let counts = matrix.get("counts")?;
    let (mut rows, mut sum, mut squares, mut squared, mut absolute) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (actual, row) in labels.iter().zip(counts.as_array()?) {
        for (predicted, count) in labels.iter().zip(row.as_array()?) {
            let count = count.as_f64()?;
            rows += count;
            sum += count * actual;
            squares += count * actual * actual;
            squared += count * (actual - predicted).powi(2);
            absolute += count * (actual - predicted).abs();
        }
    }
    let spread = squares - sum * sum / rows;
    let r2 = if spread > 0.0 {
        1.0 - squared / spread
    } else if squared == 0.0 {
        1.0
    } else {
        0.0
    };
    Some(json!({
        "r2_score": r2,
        "mean_squared_error": squared / rows,
        "mean_absolute_error": absolute / rows,
    }))
}

fn unreadable(error: PlatformError) -> Refusal {
    match error {
        PlatformError::UnreadableFile {
            reason: "empty", ..
        } => Refusal::bad("CSV file has no data"),
        PlatformError::UnreadableFile { detail, .. } => {
            Refusal::bad(format!("Training failed: {detail}"))
        }
        PlatformError::TooLarge { .. } => Refusal::bad("CSV file too large. Maximum size is 50MB"),
        other => refused(other),
    }
}

/// Why there is no model, in this door's words. Whatever was paid was given back.
fn untrained(error: PlatformError) -> Refusal {
    match error {
        PlatformError::Conflict { what: "name", .. } => Refusal::detail(
            StatusCode::CONFLICT,
            "Model name already exists or failed to save record.",
        ),
        PlatformError::Validation(problems) => {
            let of_params = problems
                .iter()
                .any(|problem| problem.pointer.starts_with("/params"));
            let details: Vec<&str> = problems
                .iter()
                .map(|problem| problem.detail.as_str())
                .collect();
            let details = details.join(" ");
            Refusal::bad(if of_params {
                format!("Invalid model parameter: {details}")
            } else {
                format!("Training failed: {details}")
            })
        }
        PlatformError::Untrained { code, detail } if code != "internal" => {
            Refusal::bad(format!("Training failed: {detail}"))
        }
        other => refused(other),
    }
}
