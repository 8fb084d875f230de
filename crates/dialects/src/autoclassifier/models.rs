//! Models as lists show them, and what a name means.

use axum::Json as Reply;
use axum::extract::State;
use serde_json::{Value, json};
use trainyard_platform::{Dialect, Model, Role};

use super::parameters;
use crate::App;
use crate::body::Query;
use crate::caller::Signed;
use crate::refusal::{Answer, Refusal};
use crate::registry::{self, Owned};
use crate::times;

/// Under this name an account remembers the model it has loaded.
pub(super) const LOADED: &str = "autoclassifier_loaded";

/// Letters, digits, `_`, `-`, dots and spaces.
pub(super) fn legal_name(name: &str) -> bool {
    let legal = |letter: char| letter.is_ascii_alphanumeric() || "_-. ".contains(letter);
    !name.is_empty() && name.len() <= 150 && name.chars().all(legal)
}

/// What a model's file is called.
pub(super) fn file_name(model: &Model) -> String {
    let kind = parameters::of_algorithm(&model.algorithm);
    let ending = kind.map_or("joblib", |kind| kind.ending);
    format!("{}.{ending}", model.name)
}

/// A model as lists show it.
async fn row(app: &App, signed: &Signed, owned: &Owned) -> Answer<Value> {
    let Owned { owner, model } = owned;
    let kind = parameters::of_algorithm(&model.algorithm);
    Ok(json!({
        "id": model.number,
        "user_id": owner,
        "name": model.name,
        "model_type": kind.map_or(model.algorithm.as_str(), |kind| kind.name),
        "accuracy": accuracy(app, signed, model).await?,
        "file_path": format!("saved_models/{}", file_name(model)),
        "created_at": times::iso(model.created_at),
    }))
}

/// Over the folds where there were some, else on the rows held out.
async fn accuracy(app: &App, signed: &Signed, model: &Model) -> Answer<Option<f64>> {
    if model.folds > 1 && model.owner_id == signed.caller.id {
        let models = app.platform.models();
        let report = models.report(&signed.caller, &model.id.to_string()).await?;
        let mean = report.pointer("/folds/metrics/accuracy/mean");
        return Ok(mean.and_then(Value::as_f64));
    }
    let metrics = model.metrics.as_ref();
    Ok(metrics
        .and_then(|metrics| metrics.pointer("/accuracy/value"))
        .and_then(Value::as_f64))
}

/// One's own; administrators see everybody's.
pub(super) async fn list(State(app): State<App>, signed: Signed) -> Answer<Reply<Value>> {
    let mut rows = Vec::new();
    for owned in &all(&app, &signed).await? {
        rows.push(row(&app, &signed, owned).await?);
    }
    Ok(Reply(json!({ "models": rows })))
}

pub(super) async fn all(app: &App, signed: &Signed) -> Answer<Vec<Owned>> {
    let number = signed.user.number;
    registry::owned(
        &app.platform,
        &signed.caller,
        number,
        Dialect::Autoclassifier,
    )
    .await
}

/// Where a name leads.
pub(super) enum Found {
    /// To one's own model, or for an administrator to anybody's.
    Model(Box<Owned>),
    /// To somebody else's.
    Anothers,
    /// Nowhere.
    Nothing,
}

/// The model of this name, without its ending.
pub(super) async fn find(app: &App, signed: &Signed, name: &str) -> Answer<Found> {
    let name = name.trim();
    let mut models = all(app, signed).await?;
    let own = |owned: &Owned| owned.model.owner_id == signed.caller.id;
    models.sort_by_key(|owned| !own(owned));
    if let Some(found) = models.into_iter().find(|owned| owned.model.name == name) {
        return Ok(Found::Model(Box::new(found)));
    }
    let models = app.platform.models();
    let dialect = Dialect::Autoclassifier.name();
    if signed.user.role != Role::Admin
        && models
            .name_is_anothers(&signed.caller, name, dialect)
            .await?
    {
        return Ok(Found::Anothers);
    }
    Ok(Found::Nothing)
}

pub(super) async fn metadata(
    State(app): State<App>,
    signed: Signed,
    Query(mut query): Query,
) -> Answer<Reply<Value>> {
    let name = query.text("file_name");
    query.done()?;
    let owned = known(&app, &signed, &name).await?;
    let mut row = row(&app, &signed, &owned).await?;
    let parameters = owned.model.spec.get("params").cloned();
    if let Some(row) = row.as_object_mut() {
        row.insert("parameters".to_owned(), parameters.unwrap_or(json!({})));
    }
    Ok(Reply(row))
}

/// The model of a name, in the words of what only looks at it.
pub(super) async fn known(app: &App, signed: &Signed, name: &str) -> Answer<Box<Owned>> {
    match find(app, signed, name).await? {
        Found::Model(owned) => Ok(owned),
        Found::Anothers => Err(Refusal::forbidden("You do not have access to this model.")),
        Found::Nothing => Err(Refusal::not_found(
            "Model metadata not found in the database.",
        )),
    }
}

/// Every version of one's own model of a name, newest first.
pub(super) async fn versions(
    State(app): State<App>,
    signed: Signed,
    Query(mut query): Query,
) -> Answer<Reply<Value>> {
    let name = query.text("file_name");
    query.done()?;
    let known = known(&app, &signed, &name).await?;
    let models = registry::versions(&app.platform, &signed.caller, &known.model.name).await?;
    let mut rows = Vec::new();
    for model in models {
        let version = model.version;
        let owned = Owned {
            owner: known.owner,
            model,
        };
        let mut row = row(&app, &signed, &owned).await?;
        if let Some(row) = row.as_object_mut() {
            row.insert("version".to_owned(), version.into());
        }
        rows.push(row);
    }
    Ok(Reply(json!({ "versions": rows })))
}
