//! A token for name and password.

use std::time::Duration;

use axum::Json as Reply;
use axum::extract::State;
use serde_json::{Value, json};
use trainyard_platform::SignIn;

use crate::App;
use crate::body::Json;
use crate::caller::{Stranger, claims, user_name};
use crate::refusal::{Answer, Refusal};

/// How long a token is good.
const LIFETIME: Duration = Duration::from_secs(60 * 60);

pub(super) async fn request_token(
    State(app): State<App>,
    Stranger(origin): Stranger,
    Json(mut body): Json,
) -> Answer<Reply<Value>> {
    let name = body.text("username");
    let password = body.text("password");
    body.done()?;
    let accounts = app.platform.accounts();
    let SignIn::Welcome(user) = accounts.sign_in(&name, &password, &origin).await? else {
        return Err(Refusal::unauthorized("Unauthorized access"));
    };
    let said = claims([("sub", user_name(&user).into())]);
    let token = accounts.door_token(&user, said, LIFETIME, &origin)?;
    Ok(Reply(json!({ "token": token })))
}
