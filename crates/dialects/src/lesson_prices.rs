//! The prices of private lessons: people with user names train three kinds of regressions on a table of fixed columns, and
//! ask for the price of a lesson. An administrator gives them tokens, or they do it themselves where that is allowed.

mod accounts;
mod models;
mod parameters;
mod train;

use axum::Json as Reply;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{MethodRouter, delete, get, post};
use serde_json::{Value, json};
use trainyard_platform::{Dialect, PlatformError, TokenFault};

use crate::App;
use crate::caller::Anybody;
use crate::cors::Cors;
use crate::frame::Voice;
use crate::refusal::Refusal;

pub(crate) static VOICE: Voice = Voice {
    dialect: Dialect::LessonPrices,
    shape: Refusal::plain,
    fault,
    cors: Cors::All,
};

pub(crate) fn routes() -> Router<App> {
    let routes: [(&str, MethodRouter<App>); 10] = [
        ("/health", get(health)),
        ("/auth/signup", post(accounts::sign_up)),
        ("/auth/login", post(accounts::login)),
        ("/auth/tokens", get(accounts::tokens)),
        ("/auth/add_tokens", post(accounts::add_tokens)),
        ("/auth/remove_user", delete(accounts::remove_user)),
        ("/training/train", post(train::train)),
        ("/training/train_multi", post(train::train_several)),
        ("/models", get(models::list)),
        ("/models/predict/{model_name}", post(models::predict)),
    ];
    crate::both_forms(routes)
}

async fn health(_: Anybody) -> Reply<Value> {
    Reply(json!({ "status": "ok" }))
}

fn fault(fault: TokenFault) -> Refusal {
    Refusal::unauthorized(match fault {
        TokenFault::Gone => "User not found",
        TokenFault::Invalid | TokenFault::Nameless | TokenFault::Expired => {
            "Invalid or expired token"
        }
    })
}

/// What the platform refuses, in this door's words.
fn refused(error: PlatformError) -> Refusal {
    match error {
        PlatformError::InsufficientTokens { .. } => {
            Refusal::detail(StatusCode::FORBIDDEN, "Not enough tokens for this action.")
        }
        other => other.into(),
    }
}
