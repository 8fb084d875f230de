//! Accounts: made, signed in to; and everybody's, for administrators.

use std::time::Duration;

use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};
use trainyard_platform::{NewAccount, PlatformError, Registration, Role, SignIn, User, UserFilter};

use crate::App;
use crate::address::Path;
use crate::body::{Form, Json};
use crate::caller::{Signed, Stranger, claims, user_name};
use crate::fields::Fields;
use crate::refusal::{Answer, Refusal};
use crate::registry;

/// How long a token is good.
const LIFETIME: Duration = Duration::from_secs(60 * 60);
/// Characters of a password.
const PASSWORD: (usize, usize) = (4, 1_024);
const DENIED: &str = "Admin access required";

/// What clients send of a new account.
struct New {
    user_name: String,
    email: String,
    name: String,
    password: String,
    role: String,
}

fn new(mut body: Fields) -> Answer<New> {
    let new = New {
        user_name: body.text("username"),
        email: body.email("email"),
        name: body.text("name"),
        password: body.text_within("password", PASSWORD.0, PASSWORD.1),
        role: body
            .optional_text("role")
            .unwrap_or_else(|| "user".to_owned()),
    };
    body.done()?;
    Ok(new)
}

fn taken(error: PlatformError) -> Refusal {
    match error {
        PlatformError::Conflict { .. } => Refusal::bad("Username or email already exists."),
        other => other.into(),
    }
}

/// The role in the body decides nothing.
pub(super) async fn register(
    State(app): State<App>,
    Stranger(origin): Stranger,
    Json(body): Json,
) -> Answer<(StatusCode, Reply<Value>)> {
    let new = new(body)?;
    let registration = Registration {
        email: Some(new.email),
        user_name: Some(new.user_name.clone()),
        display_name: Some(new.name),
        password: new.password,
    };
    let accounts = app.platform.accounts();
    accounts.join(registration, &origin).await.map_err(taken)?;
    let message = format!("User '{}' registered successfully", new.user_name);
    Ok((StatusCode::CREATED, Reply(json!({ "message": message }))))
}

pub(super) async fn login(
    State(app): State<App>,
    Stranger(origin): Stranger,
    mut form: Form,
) -> Answer<Reply<Value>> {
    let name = form.fields.text("username");
    let password = form.fields.text("password");
    form.fields.done()?;
    let accounts = app.platform.accounts();
    let SignIn::Welcome(user) = accounts.sign_in(&name, &password, &origin).await? else {
        return Err(Refusal::unauthorized("Incorrect username or password"));
    };
    let said = claims([
        ("sub", user.number.to_string().into()),
        ("role", role(&user).into()),
    ]);
    let token = accounts.door_token(&user, said, LIFETIME, &origin)?;
    Ok(Reply(
        json!({ "access_token": token, "token_type": "bearer" }),
    ))
}

pub(super) async fn admin_register(
    State(app): State<App>,
    signed: Signed,
    Json(body): Json,
) -> Answer<(StatusCode, Reply<Value>)> {
    signed.administrator(DENIED)?;
    let new = new(body)?;
    let role = match new.role.as_str() {
        "admin" => Role::Admin,
        "user" => Role::User,
        _ => return Err(Refusal::bad("Invalid role.")),
    };
    let account = NewAccount {
        user_name: Some(new.user_name.clone()),
        email: Some(new.email),
        display_name: Some(new.name),
        role,
        tokens: None,
    };
    let administration = app.platform.administration();
    administration
        .create_user_with(&signed.caller, account, &new.password)
        .await
        .map_err(taken)?;
    let message = format!("Admin user '{}' created successfully", new.user_name);
    Ok((StatusCode::CREATED, Reply(json!({ "message": message }))))
}

pub(super) async fn list(State(app): State<App>, signed: Signed) -> Answer<Reply<Value>> {
    signed.administrator(DENIED)?;
    let filter = UserFilter::default();
    let users = registry::users(&app.platform, &signed.caller, &filter).await?;
    let rows: Vec<Value> = users
        .iter()
        .map(|user| {
            json!({
                "id": user.number,
                "username": user_name(user),
                "email": user.email,
                "name": user.display_name,
                "role": role(user),
            })
        })
        .collect();
    Ok(Reply(Value::Array(rows)))
}

pub(super) async fn delete(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Answer<Reply<Value>> {
    signed.administrator(DENIED)?;
    let mut path = Fields::of_texts("path", [("user_id".to_owned(), id)]);
    let number = path.integer("user_id");
    path.done()?;
    if number == i64::from(signed.user.number) {
        return Err(Refusal::bad("You cannot delete yourself."));
    }
    let administration = app.platform.administration();
    let none = |error| match error {
        PlatformError::NotFound(_) => Refusal::not_found("User not found"),
        other => Refusal::from(other),
    };
    let user = administration
        .user_numbered(&signed.caller, number)
        .await
        .map_err(none)?;
    administration
        .delete_user(&signed.caller, user.id)
        .await
        .map_err(none)?;
    let message = format!("User '{}' deleted successfully", user_name(&user));
    Ok(Reply(json!({ "message": message })))
}

/// The two roles that clients know.
fn role(user: &User) -> &'static str {
    if user.role == Role::Admin {
        "admin"
    } else {
        "user"
    }
}
