//! Signing in and out.

use std::time::Duration;

use axum::Json as Reply;
use axum::extract::State;
use serde_json::{Value, json};
use trainyard_platform::{Origin, SignIn, User};

use super::envelope::{now, success, success_saying};
use crate::App;
use crate::body::Json;
use crate::caller::{Signed, Stranger, address, claims, signed};
use crate::refusal::{Answer, Refusal};
use crate::times;

/// How long a token is good.
const LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

fn token(app: &App, user: &User, origin: &Origin) -> Answer<String> {
    let said = claims([
        ("sub", user.number.to_string().into()),
        ("email", address(user).into()),
        ("role", user.role.name().into()),
    ]);
    let accounts = app.platform.accounts();
    Ok(accounts.door_token(user, said, LIFETIME, origin)?)
}

pub(super) async fn login(
    State(app): State<App>,
    Stranger(origin): Stranger,
    Json(mut body): Json,
) -> Answer<Reply<Value>> {
    let email = body.email("email");
    let password = body.text("password");
    body.done()?;
    let accounts = app.platform.accounts();
    let user = match accounts.sign_in(&email, &password, &origin).await? {
        SignIn::Welcome(user) => user,
        SignIn::Inactive => return Err(Refusal::unauthorized("User account is inactive")),
        SignIn::Wrong => return Err(Refusal::unauthorized("Invalid email or password")),
    };
    let token = token(&app, &user, &origin)?;
    let data = json!({
        "token": token,
        "user": {
            "id": user.number,
            "email": address(&user),
            "name": user.display_name,
            "role": user.role.name(),
        },
    });
    Ok(success_saying(data, Some("Login successful")))
}

/// Ends every session of the account, tokens already signed among them.
pub(super) async fn logout(State(app): State<App>, signed: Signed) -> Answer<Reply<Value>> {
    app.platform.accounts().log_out(&signed.caller).await?;
    Ok(Reply(
        json!({ "success": true, "message": "Logout successful", "timestamp": now() }),
    ))
}

/// A token that is still good is renewed.
pub(super) async fn refresh(
    State(app): State<App>,
    Stranger(origin): Stranger,
    Json(mut body): Json,
) -> Answer<Reply<Value>> {
    let old = body.text("refresh_token");
    body.done()?;
    let found = signed(&app, &old, origin.clone()).await;
    let signed = found.map_err(|_| Refusal::unauthorized("Invalid refresh token"))?;
    let token = token(&app, &signed.user, &origin)?;
    Ok(success(json!({ "token": token })))
}

pub(super) async fn me(signed: Signed) -> Reply<Value> {
    let user = &signed.user;
    success(json!({
        "id": user.number,
        "email": address(user),
        "name": user.display_name,
        "role": user.role.name(),
        "is_active": user.active,
        "created_at": times::iso(user.created_at),
    }))
}
