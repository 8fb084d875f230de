//! Models are loaded, renamed and deleted by name.

use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};
use trainyard_platform::{PlatformError, Unwanted};

use super::models::{self, Found, LOADED, file_name, legal_name};
use crate::App;
use crate::body::{Form, Query};
use crate::caller::Signed;
use crate::refusal::{Answer, Refusal};
use crate::registry::Owned;

const FOREIGN: &str = "You do not have access to this model.";

pub(super) async fn load(
    State(app): State<App>,
    signed: Signed,
    mut form: Form,
) -> Answer<Reply<Value>> {
    let name = form.fields.text("file_name");
    form.fields.done()?;
    let owned = match models::find(&app, &signed, &name).await? {
        Found::Model(owned) if owned.model.owner_id == signed.caller.id => owned,
        Found::Model(_) | Found::Anothers => return Err(Refusal::forbidden(FOREIGN)),
        Found::Nothing => return Err(Refusal::not_found("Model metadata not found in DB")),
    };
    let accounts = app.platform.accounts();
    let id = owned.model.id.to_string();
    accounts.remember(&signed.caller, LOADED, id.into()).await?;
    let message = format!("Model '{}' loaded successfully.", owned.model.name);
    Ok(Reply(json!({ "message": message })))
}

pub(super) async fn rename(
    State(app): State<App>,
    signed: Signed,
    mut form: Form,
) -> Answer<Reply<Value>> {
    let current = form.fields.text("current_name");
    let new = form.fields.text("new_name").trim().to_owned();
    form.fields.done()?;
    let owned = match models::find(&app, &signed, &current).await? {
        Found::Model(owned) if owned.model.owner_id == signed.caller.id => owned,
        Found::Model(_) | Found::Anothers => return Err(Refusal::forbidden(FOREIGN)),
        Found::Nothing => return Err(Refusal::not_found("Model not found in database.")),
    };
    if !legal_name(&new) {
        return Err(Refusal::bad("Invalid filename."));
    }
    let taken = || Refusal::bad("A model with the new name already exists in the database.");
    if new == owned.model.name {
        return Err(taken());
    }
    let models = app.platform.models();
    match models.rename(&signed.caller, owned.model.id, &new).await {
        Err(PlatformError::Conflict { .. }) => return Err(taken()),
        other => other?,
    };
    let message = format!("Model renamed to '{new}' successfully.");
    Ok(Reply(json!({ "message": message })))
}

pub(super) async fn delete(
    State(app): State<App>,
    signed: Signed,
    Query(mut query): Query,
) -> Answer<Reply<Value>> {
    let file = query.text("file_name");
    query.done()?;
    let name = ["joblib", "keras"]
        .iter()
        .find_map(|ending| file.strip_suffix(ending)?.strip_suffix('.'))
        .filter(|name| legal_name(name));
    let Some(name) = name else {
        return Err(Refusal::error(StatusCode::BAD_REQUEST, "Invalid filename."));
    };
    let none = || Refusal::error(StatusCode::NOT_FOUND, "Model metadata not found in DB.");
    match models::find(&app, &signed, name).await? {
        Found::Model(owned) => gone(&app, &signed, &owned).await?,
        Found::Anothers => {
            return Err(Refusal::forbidden(
                "You do not have permission to delete this model.",
            ));
        }
        Found::Nothing => return Err(none()),
    }
    let message = format!("Model file '{file}' deleted successfully.");
    Ok(Reply(json!({ "message": message })))
}

/// All one has; administrators delete everybody's.
pub(super) async fn delete_all(
    State(app): State<App>,
    signed: Signed,
    Query(mut query): Query,
) -> Answer<Reply<Value>> {
    let confirmed = query.switch_or("confirm", false);
    query.done()?;
    if !confirmed {
        return Err(Refusal::error(
            StatusCode::BAD_REQUEST,
            "Confirmation required. Set ?confirm=true to proceed.",
        ));
    }
    let (mut deleted, mut failed) = (Vec::new(), Vec::new());
    for owned in models::all(&app, &signed).await? {
        let file = file_name(&owned.model);
        match gone(&app, &signed, &owned).await {
            Ok(()) => deleted.push(file),
            Err(_) => failed.push(file),
        }
    }
    Ok(Reply(json!({
        "message": format!("Deleted {} model file(s).", deleted.len()),
        "deleted_files": deleted,
        "failed": failed,
    })))
}

/// Deletes one's own model with all versions, or for an administrator the one that is listed.
async fn gone(app: &App, signed: &Signed, owned: &Owned) -> Answer<()> {
    if owned.model.owner_id == signed.caller.id {
        let unwanted = Unwanted::Named(owned.model.name.clone());
        let models = app.platform.models();
        models.delete_several(&signed.caller, unwanted).await?;
    } else {
        let administration = app.platform.administration();
        administration
            .delete_model(&signed.caller, owned.model.id)
            .await?;
    }
    Ok(())
}
