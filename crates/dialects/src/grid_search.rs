//! Grids of parameters, searched by cross-validation on the iris data. Each account has its own model, which stays.

mod grid;
mod session;
mod train;

use axum::Router;
use axum::routing::{MethodRouter, get, post};
use trainyard_platform::{Dialect, TokenFault};

use crate::App;
use crate::cors::Cors;
use crate::frame::Voice;
use crate::refusal::Refusal;

pub(crate) static VOICE: Voice = Voice {
    dialect: Dialect::GridSearch,
    shape: Refusal::plain,
    fault: |_: TokenFault| Refusal::unauthorized("Failed to validate"),
    cors: Cors::These(&["http://localhost:3000"]),
};

pub(crate) fn routes() -> Router<App> {
    let routes: [(&str, MethodRouter<App>); 4] = [
        ("/request_token", post(session::request_token)),
        ("/train", post(train::train)),
        ("/predict", post(train::predict)),
        ("/status", get(train::status)),
    ];
    crate::both_forms(routes)
}
