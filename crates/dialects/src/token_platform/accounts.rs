//! One's own account: made, signed in to, its tokens and its password.

use std::time::Duration;

use axum::Json as Reply;
use axum::extract::State;
use serde_json::{Value, json};
use trainyard_platform::{PlatformError, Registration, SignIn};

use crate::App;
use crate::body::Json;
use crate::caller::{Signed, Stranger, address, claims};
use crate::refusal::{Answer, Refusal};

/// How long a token is good.
const LIFETIME: Duration = Duration::from_secs(60 * 60);
/// Characters of a password.
pub(super) const PASSWORD: (usize, usize) = (4, 72);

pub(super) async fn create(
    State(app): State<App>,
    Stranger(origin): Stranger,
    Json(mut body): Json,
) -> Answer<Reply<Value>> {
    let email = body.email("email");
    let password = body.text_within("pwd", PASSWORD.0, PASSWORD.1);
    body.done()?;
    let registration = Registration {
        email: Some(email.clone()),
        user_name: None,
        display_name: None,
        password,
    };
    match app.platform.accounts().join(registration, &origin).await {
        Ok(_) => {}
        Err(PlatformError::Conflict { .. }) => {
            return Err(Refusal::bad("User already exists or error creating user"));
        }
        Err(error) => return Err(error.into()),
    }
    Ok(Reply(json!({
        "status": "success",
        "message": "User created successfully. Please log in to get an access token.",
        "email": email,
    })))
}

pub(super) async fn login(
    State(app): State<App>,
    Stranger(origin): Stranger,
    Json(mut body): Json,
) -> Answer<Reply<Value>> {
    let email = body.text("email");
    let password = body.text("pwd");
    body.done()?;
    let accounts = app.platform.accounts();
    let SignIn::Welcome(user) = accounts.sign_in(&email, &password, &origin).await? else {
        return Err(Refusal::unauthorized("Invalid email or password"));
    };
    let said = claims([("sub", address(&user).into())]);
    let token = accounts.door_token(&user, said, LIFETIME, &origin)?;
    Ok(Reply(
        json!({ "status": "OK", "access_token": token, "token_type": "bearer" }),
    ))
}

pub(super) async fn tokens(signed: Signed) -> Reply<Value> {
    Reply(json!({ "username": address(&signed.user), "tokens": signed.user.tokens }))
}

pub(super) async fn reset_password(
    State(app): State<App>,
    signed: Signed,
    Json(mut body): Json,
) -> Answer<Reply<Value>> {
    let email = body.email("email");
    let password = body.text_within("new_password", PASSWORD.0, PASSWORD.1);
    body.done()?;
    if email.to_lowercase() != address(&signed.user).to_lowercase() {
        return Err(Refusal::forbidden(
            "You can only reset your own password. Email must match your account.",
        ));
    }
    let accounts = app.platform.accounts();
    accounts.replace_password(&signed.caller, &password).await?;
    Ok(Reply(json!({
        "status": "success",
        "message": "Password updated successfully. Please log in with your new password.",
    })))
}

/// Somebody else's account, and only by administrators.
pub(super) async fn remove_user(
    State(app): State<App>,
    signed: Signed,
    Json(mut body): Json,
) -> Answer<Reply<Value>> {
    let number = body.integer("user_id");
    body.done()?;
    if number == i64::from(signed.user.number) {
        return Err(Refusal::forbidden("You cannot delete your own account"));
    }
    signed.administrator("Admin access required")?;
    let administration = app.platform.administration();
    let none = || Refusal::not_found(format!("User with ID {number} not found"));
    let user = match administration.user_numbered(&signed.caller, number).await {
        Err(PlatformError::NotFound(_)) => return Err(none()),
        other => other?,
    };
    match administration.delete_user(&signed.caller, user.id).await {
        Err(PlatformError::NotFound(_)) => return Err(none()),
        other => other?,
    }
    Ok(Reply(
        json!({ "status": "success", "message": format!("User with ID {number} deleted") }),
    ))
}
