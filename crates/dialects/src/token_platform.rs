//! The token platform: people with e-mail addresses train regressions for a token and ask them for five. What fails costs
//! nothing. Its client is no page, so no other site's may ask.

mod accounts;
mod administration;
mod hyperparameters;
mod models;
mod table;
mod train;

use axum::Router;
use axum::routing::{MethodRouter, delete, get, post};
use trainyard_platform::{Dialect, PlatformError, TokenFault};

use crate::App;
use crate::cors::Cors;
use crate::frame::Voice;
use crate::refusal::Refusal;

pub(crate) static VOICE: Voice = Voice {
    dialect: Dialect::TokenPlatform,
    shape: Refusal::plain,
    fault,
    cors: Cors::None,
};

pub(crate) fn routes() -> Router<App> {
    let routes: [(&str, MethodRouter<App>); 15] = [
        ("/user/create", post(accounts::create)),
        ("/user/login", post(accounts::login)),
        ("/user/tokens", get(accounts::tokens)),
        ("/user/reset_password", post(accounts::reset_password)),
        ("/user/remove_user", delete(accounts::remove_user)),
        ("/models", get(hyperparameters::models)),
        ("/trained", get(models::list)),
        ("/trained/{name}", get(models::show)),
        ("/create", post(train::create)),
        ("/predict/{name}", post(models::predict)),
        ("/delete/{name}", delete(models::delete)),
        ("/admin/users", get(administration::list)),
        ("/admin/users/{id}/tokens", post(administration::tokens)),
        (
            "/admin/users/{id}/reset_password",
            post(administration::reset_password),
        ),
        ("/admin/users/{id}", delete(administration::delete)),
    ];
    crate::both_forms(routes)
}

fn fault(fault: TokenFault) -> Refusal {
    match fault {
        TokenFault::Expired => Refusal::unauthorized("Token expired"),
        TokenFault::Gone => Refusal::not_found("User not found"),
        TokenFault::Invalid | TokenFault::Nameless => Refusal::unauthorized("Invalid token"),
    }
}

/// What the platform refuses, in this door's words.
fn refused(error: PlatformError) -> Refusal {
    match error {
        PlatformError::InsufficientTokens { needed, balance } => Refusal::detail(
            axum::http::StatusCode::PAYMENT_REQUIRED,
            format!("Insufficient tokens. Required: {needed}, Available: {balance}"),
        ),
        other => other.into(),
    }
}
