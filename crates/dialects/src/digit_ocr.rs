//! The digit reader: pictures of handwritten digits are read for guests, people and programs; data scientists train and tune
//! what reads them; administrators see to the accounts. Everything it says is in one envelope.

mod accounts;
mod administration;
mod audit;
mod batch;
mod curves;
mod envelope;
mod models;
mod paging;
mod predict;
mod training;
mod visitor;

use axum::Router;
use axum::routing::{MethodRouter, get, post, put};
use trainyard_platform::{Dialect, TokenFault};

use crate::App;
use crate::cors::Cors;
use crate::frame::Voice;
use crate::refusal::Refusal;

pub(crate) static VOICE: Voice = Voice {
    dialect: Dialect::DigitOcr,
    shape: envelope::refused,
    fault: |_: TokenFault| Refusal::unauthorized("Invalid or expired token"),
    cors: Cors::These(&[
        "http://localhost:3000",
        "http://localhost:5173",
        "http://localhost:8080",
    ]),
};

pub(crate) fn routes() -> Router<App> {
    let routes: [(&str, MethodRouter<App>); 28] = [
        ("/health", get(predict::health)),
        ("/api/auth/login", post(accounts::login)),
        ("/api/auth/logout", post(accounts::logout)),
        ("/api/auth/refresh", post(accounts::refresh)),
        ("/api/auth/me", get(accounts::me)),
        ("/api/predict/status", get(training::status)),
        ("/api/predict/train", post(training::train)),
        ("/api/predict", post(predict::predict)),
        ("/api/batch", post(batch::create)),
        ("/api/batch/{id}", get(batch::show)),
        ("/api/batch/{id}/results", get(batch::results)),
        ("/api/models", get(models::list)),
        ("/api/models/train", post(training::train_kind)),
        ("/api/models/{id}", get(models::show)),
        ("/api/models/{id}/metrics", get(models::metrics)),
        (
            "/api/models/{id}/confusion-matrix",
            get(models::confusion_matrix),
        ),
        ("/api/models/{id}/roc-curve", get(models::roc_curve)),
        ("/api/models/{id}/tune", post(training::tune)),
        ("/api/models/{id}/tune/{tune_id}", get(training::tuned)),
        ("/api/models/{id}/export", get(models::export)),
        ("/api/admin/stats", get(administration::stats)),
        (
            "/api/admin/users",
            get(administration::list).post(administration::create),
        ),
        (
            "/api/admin/users/{id}",
            put(administration::change).delete(administration::deactivate),
        ),
        ("/api/admin/api-config", get(administration::api_config)),
        ("/api/admin/batch-jobs", get(batch::list)),
        ("/api/admin/batch-jobs/{id}", get(batch::find)),
        ("/api/admin/audit-logs", get(audit::list)),
        ("/api/admin/audit-logs/export", get(audit::export)),
    ];
    crate::both_forms(routes)
}

/// The addresses, for whoever asks what there is.
const ENDPOINTS: [(&str, &str, &str); 14] = [
    ("/api/predict", "POST", "Read the digit of a picture"),
    ("/api/predict/status", "GET", "Whether digits are read"),
    (
        "/api/batch",
        "POST",
        "Read many pictures, or an archive of them",
    ),
    ("/api/batch/{id}", "GET", "How far a batch is"),
    (
        "/api/batch/{id}/results",
        "GET",
        "What was read, as an archive",
    ),
    ("/api/models", "GET", "List the models"),
    ("/api/models/{id}", "GET", "Show a model"),
    ("/api/models/{id}/metrics", "GET", "How good a model is"),
    (
        "/api/models/{id}/confusion-matrix",
        "GET",
        "What a model takes for what",
    ),
    ("/api/models/{id}/roc-curve", "GET", "A model's curves"),
    (
        "/api/models/{id}/tune",
        "POST",
        "Search for better parameters",
    ),
    ("/api/models/{id}/export", "GET", "Take a model's file away"),
    ("/api/models/train", "POST", "Train another model"),
    ("/api/auth/login", "POST", "Sign in"),
];
