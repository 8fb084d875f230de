//! One's own account: made, signed in to, its tokens and its end.

use std::time::Duration;

use axum::Json as Reply;
use axum::extract::State;
use serde_json::{Value, json};
use trainyard_platform::{PlatformError, Registration, SignIn};

use crate::App;
use crate::body::Json;
use crate::caller::{Signed, Stranger, claims, user_name};
use crate::refusal::{Answer, Refusal};

/// How long a token is good.
const LIFETIME: Duration = Duration::from_secs(60 * 60);
/// Characters of a password.
const PASSWORD: (usize, usize) = (4, 1_024);
const WRONG: &str = "Incorrect username or password";

pub(super) async fn sign_up(
    State(app): State<App>,
    Stranger(origin): Stranger,
    Json(mut body): Json,
) -> Answer<Reply<Value>> {
    let name = body.text("username");
    let password = body.text_within("password", PASSWORD.0, PASSWORD.1);
    body.done()?;
    let not_made = |why: &str| Refusal::bad(format!("Could not create user: {why}"));
    let registration = Registration {
        email: None,
        user_name: Some(name),
        display_name: None,
        password,
    };
    let user = match app.platform.accounts().join(registration, &origin).await {
        Ok(user) => user,
        Err(PlatformError::Conflict { .. }) => return Err(not_made("that name is taken")),
        Err(PlatformError::Validation(problems)) => {
            let details: Vec<String> = problems.into_iter().map(|problem| problem.detail).collect();
            return Err(not_made(&details.join(" ")));
        }
        Err(error) => return Err(error.into()),
    };
    Ok(Reply(
        json!({ "username": user_name(&user), "tokens": user.tokens }),
    ))
}

pub(super) async fn login(
    State(app): State<App>,
    Stranger(origin): Stranger,
    Json(mut body): Json,
) -> Answer<Reply<Value>> {
    let name = body.text("username");
    let password = body.text("password");
    body.done()?;
    let accounts = app.platform.accounts();
    let SignIn::Welcome(user) = accounts.sign_in(&name, &password, &origin).await? else {
        return Err(Refusal::unauthorized(WRONG));
    };
    let said = claims([("sub", user_name(&user).into())]);
    let token = accounts.door_token(&user, said, LIFETIME, &origin)?;
    Ok(Reply(
        json!({ "access_token": token, "token_type": "bearer" }),
    ))
}

pub(super) async fn tokens(signed: Signed) -> Reply<Value> {
    Reply(json!({ "username": user_name(&signed.user), "tokens": signed.user.tokens }))
}

pub(super) async fn add_tokens(
    State(app): State<App>,
    signed: Signed,
    Json(mut body): Json,
) -> Answer<Reply<Value>> {
    let amount = body.integer("amount");
    body.done()?;
    if amount <= 0 {
        return Err(Refusal::bad("Amount must be positive."));
    }
    let accounts = app.platform.accounts();
    let balance = accounts
        .help_oneself(&signed.caller, amount, app.demo)
        .await?;
    Ok(Reply(
        json!({ "username": user_name(&signed.user), "tokens": balance }),
    ))
}

/// Name and password are enough: this is not asked with a token.
pub(super) async fn remove_user(
    State(app): State<App>,
    Stranger(origin): Stranger,
    Json(mut body): Json,
) -> Answer<Reply<Value>> {
    let name = body.text("username");
    let password = body.text("password");
    body.done()?;
    let accounts = app.platform.accounts();
    let gone = accounts.delete_with_password(&name, &password, &origin);
    match gone.await {
        Err(PlatformError::WrongCredentials) => return Err(Refusal::unauthorized(WRONG)),
        other => other?,
    };
    Ok(Reply(
        json!({ "status": "success", "message": format!("User '{name}' deleted.") }),
    ))
}
