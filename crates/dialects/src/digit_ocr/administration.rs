//! Accounts and figures, for administrators.

use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};
use trainyard_platform::{
    AccountChanges, Dialect, NewAccount, PageRequest, PlatformError, Role, User, UserFilter,
};

use super::ENDPOINTS;
use super::envelope::{now, success};
use crate::App;
use crate::address::Path;
use crate::body::{Json, Query};
use crate::caller::{Signed, address};
use crate::fields::Fields;
use crate::refusal::{Answer, Refusal};
use crate::{registry, times};

/// The roles that accounts of this door have.
const ROLES: [&str; 5] = ["guest", "data-scientist", "admin", "ml-engineer", "analyst"];
/// Characters of a password.
const PASSWORD: (usize, usize) = (4, 1_024);

/// Lets administrators on.
pub(super) fn administrator(signed: &Signed) -> Answer<()> {
    signed.administrator("Access denied. Required role: admin")
}

fn row(user: &User) -> Value {
    json!({
        "id": user.number,
        "email": address(user),
        "name": user.display_name,
        "role": user.role.name(),
        "is_active": user.active,
        "created_at": times::iso(user.created_at),
        "updated_at": times::iso(user.updated_at),
    })
}

/// The role of this name.
fn role(name: &str) -> Answer<Role> {
    let known = ROLES.contains(&name).then(|| Role::parse(name)).flatten();
    known.ok_or_else(|| {
        Refusal::bad(format!(
            "Invalid role. Must be one of: {}",
            ROLES.join(", ")
        ))
    })
}

pub(super) async fn stats(State(app): State<App>, signed: Signed) -> Answer<Reply<Value>> {
    administrator(&signed)?;
    let administration = app.platform.administration();
    let statistics = administration.statistics(&signed.caller).await?;
    let usage = statistics.today.usage;
    let (good, bad) = (usage.predictions as f64, usage.jobs_failed as f64);
    let rate = if good + bad > 0.0 {
        (good / (good + bad) * 1_000.0).round() / 10.0
    } else {
        100.0
    };
    Ok(success(json!({
        "images_processed_today": usage.predictions,
        "success_rate": rate,
        "error_count": usage.jobs_failed,
        "active_users": statistics.now.active_users,
    })))
}

pub(super) async fn list(
    State(app): State<App>,
    signed: Signed,
    Query(mut query): Query,
) -> Answer<Reply<Value>> {
    administrator(&signed)?;
    let filter = UserFilter {
        role: match query.optional_words("role") {
            Some(name) => Some(role(&name)?),
            None => None,
        },
        search: query.optional_words("search"),
        ..UserFilter::default()
    };
    query.done()?;
    let mut users = registry::users(&app.platform, &signed.caller, &filter).await?;
    users.reverse();
    let rows: Vec<Value> = users.iter().map(row).collect();
    Ok(success(rows))
}

pub(super) async fn create(
    State(app): State<App>,
    signed: Signed,
    Json(mut body): Json,
) -> Answer<(StatusCode, Reply<Value>)> {
    administrator(&signed)?;
    let email = body.email("email");
    let name = body.text("name");
    let wanted = body.text("role");
    let password = match body.raw("password") {
        None | Some(Value::Null) => None,
        Some(_) => Some(body.text_within("password", PASSWORD.0, PASSWORD.1)),
    };
    body.done()?;
    let role = role(&wanted)?;
    let account = NewAccount {
        user_name: None,
        email: Some(email.clone()),
        display_name: Some(name),
        role,
        tokens: None,
    };
    let administration = app.platform.administration();
    let made = match password {
        Some(password) => {
            administration
                .create_user_with(&signed.caller, account, &password)
                .await
        }
        // Nobody sees the one that is generated: an administrator hands out a link to choose another.
        None => administration
            .create_user(&signed.caller, account)
            .await
            .map(|made| made.user),
    };
    let user = made.map_err(|error| taken(error, &email))?;
    Ok((StatusCode::CREATED, success(row(&user))))
}

fn taken(error: PlatformError, email: &str) -> Refusal {
    match error {
        PlatformError::Conflict { what: "email", .. } => {
            Refusal::bad(format!("User with email {email} already exists"))
        }
        other => other.into(),
    }
}

async fn numbered(app: &App, signed: &Signed, id: &str) -> Answer<User> {
    let mut path = Fields::of_texts("path", [("user_id".to_owned(), id.to_owned())]);
    let number = path.integer("user_id");
    path.done()?;
    let administration = app.platform.administration();
    match administration.user_numbered(&signed.caller, number).await {
        Err(PlatformError::NotFound(_)) => Err(Refusal::not_found(format!(
            "User with id {number} not found"
        ))),
        other => Ok(other?),
    }
}

pub(super) async fn change(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Json(mut body): Json,
) -> Answer<Reply<Value>> {
    administrator(&signed)?;
    let given = |body: &Fields, name: &str| body.raw(name).is_some_and(|value| !value.is_null());
    let email = given(&body, "email").then(|| body.email("email"));
    let name = body.optional_text("name");
    let wanted = body.optional_text("role");
    let active = given(&body, "is_active").then(|| body.switch_or("is_active", true));
    let password =
        given(&body, "password").then(|| body.text_within("password", PASSWORD.0, PASSWORD.1));
    body.done()?;
    let user = numbered(&app, &signed, &id).await?;
    if active == Some(false) && user.id == signed.caller.id {
        return Err(Refusal::bad("You cannot deactivate your own account"));
    }
    let changes = AccountChanges {
        user_name: None,
        email: email.clone().map(Some),
        display_name: name,
        role: wanted.as_deref().map(role).transpose()?,
        active,
    };
    let administration = app.platform.administration();
    let changed = administration
        .change_user(&signed.caller, user.id, changes)
        .await
        .map_err(|error| taken(error, email.as_deref().unwrap_or_default()))?;
    if let Some(password) = password {
        administration
            .choose_password(&signed.caller, user.id, &password)
            .await?;
    }
    Ok(success(row(&changed)))
}

/// Switches an account off; what it has stays.
pub(super) async fn deactivate(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Answer<Reply<Value>> {
    administrator(&signed)?;
    let user = numbered(&app, &signed, &id).await?;
    if user.id == signed.caller.id {
        return Err(Refusal::bad("You cannot deactivate your own account"));
    }
    let changes = AccountChanges {
        active: Some(false),
        ..AccountChanges::default()
    };
    let administration = app.platform.administration();
    administration
        .change_user(&signed.caller, user.id, changes)
        .await?;
    let message = format!("User {} deactivated", user.number);
    Ok(Reply(
        json!({ "success": true, "message": message, "timestamp": now() }),
    ))
}

pub(super) async fn api_config(State(app): State<App>, signed: Signed) -> Answer<Reply<Value>> {
    administrator(&signed)?;
    let keys = app
        .platform
        .accounts()
        .keys(&signed.caller, &PageRequest::first(1))
        .await?;
    let rate = app.platform.dialect_rate(Dialect::DigitOcr);
    let rate = rate.map_or("no limit".to_owned(), |rate| format!("{rate}/minute"));
    let endpoints: Vec<Value> = ENDPOINTS
        .iter()
        .map(|(path, method, description)| {
            json!({ "path": path, "method": method, "description": description })
        })
        .collect();
    Ok(success(json!({
        "api_base_url": format!("/dialects/{}", Dialect::DigitOcr.name()),
        "api_key_configured": !keys.items.is_empty(),
        "rate_limit": rate,
        "endpoints": endpoints,
    })))
}
