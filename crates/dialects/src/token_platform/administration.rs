//! Everybody's accounts, for administrators.

use axum::Json as Reply;
use axum::extract::State;
use serde_json::{Map, Value, json};
use trainyard_platform::{Grant, PlatformError, User, UserFilter};

use super::accounts::PASSWORD;
use crate::App;
use crate::address::Path;
use crate::body::{Json, Query};
use crate::caller::{Signed, address};
use crate::fields::Fields;
use crate::refusal::{Answer, Refusal};
use crate::registry;

const DENIED: &str = "Admin access required";

pub(super) async fn list(
    State(app): State<App>,
    signed: Signed,
    Query(mut query): Query,
) -> Answer<Reply<Value>> {
    signed.administrator(DENIED)?;
    let min_tokens = query.optional_integer("min_tokens");
    query.done()?;
    let filter = UserFilter {
        min_tokens,
        ..UserFilter::default()
    };
    let users = registry::users(&app.platform, &signed.caller, &filter).await?;
    let users: Vec<Value> = users
        .iter()
        .map(|user| {
            json!({
                "id": user.number,
                "email": address(user),
                "tokens": user.tokens,
                "is_admin": user.role == trainyard_platform::Role::Admin,
            })
        })
        .collect();
    Ok(Reply(
        json!({ "status": "success", "count": users.len(), "users": users }),
    ))
}

pub(super) async fn tokens(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Json(mut body): Json,
) -> Answer<Reply<Value>> {
    signed.administrator(DENIED)?;
    let number = number(&id);
    let email = body.email("email");
    let _card = body.text("credit_card");
    let amount = body.positive("amount");
    let number = both(number, body)?;
    let user = named(&app, &signed, number, &email).await?;
    let grant = Grant {
        tokens: amount,
        reason: "bought".to_owned(),
        idempotency_key: None,
    };
    let administration = app.platform.administration();
    administration.grant(&signed.caller, user.id, grant).await?;
    Ok(Reply(json!({
        "status": "success",
        "message": format!("Added {amount} tokens to {email}"),
        "email": email,
        "amount": amount,
    })))
}

pub(super) async fn reset_password(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Json(mut body): Json,
) -> Answer<Reply<Value>> {
    signed.administrator(DENIED)?;
    let number = number(&id);
    let email = body.email("email");
    let password = body.text_within("new_password", PASSWORD.0, PASSWORD.1);
    let number = both(number, body)?;
    let user = named(&app, &signed, number, &email).await?;
    let administration = app.platform.administration();
    administration
        .choose_password(&signed.caller, user.id, &password)
        .await?;
    Ok(Reply(json!({
        "status": "success",
        "message": format!("Password reset successfully for {email}"),
    })))
}

pub(super) async fn delete(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Answer<Reply<Value>> {
    signed.administrator(DENIED)?;
    let number = both(number(&id), Fields::of_body(Map::new()))?;
    if number == i64::from(signed.user.number) {
        return Err(Refusal::forbidden("You cannot delete your own account"));
    }
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
    Ok(Reply(json!({
        "status": "success",
        "message": format!("User with ID {number} and all associated models deleted"),
    })))
}

/// The number in an address.
fn number(id: &str) -> Fields {
    let texts = [("user_id".to_owned(), id.to_owned())];
    Fields::of_texts("path", texts)
}

/// What the address names, once neither it nor the body is wrong.
fn both(mut path: Fields, body: Fields) -> Answer<i64> {
    let number = path.integer("user_id");
    path.and(body);
    path.done()?;
    Ok(number)
}

/// The account of this address, which has to be that of the number too.
async fn named(app: &App, signed: &Signed, number: i64, email: &str) -> Answer<User> {
    let administration = app.platform.administration();
    let user = match administration.user_called(&signed.caller, email).await {
        Err(PlatformError::NotFound(_)) => {
            return Err(Refusal::not_found(format!(
                "User with email {email} not found"
            )));
        }
        other => other?,
    };
    if i64::from(user.number) != number {
        return Err(Refusal::bad(format!(
            "Email {email} does not match user ID {number}"
        )));
    }
    Ok(user)
}
