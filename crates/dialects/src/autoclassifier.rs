//! The classifier hub: people with user names bring a table, train one of three kinds of classifiers on it, load one of
//! their models and ask it. What the old server kept for everybody, the loaded model, each account has for itself.

mod accounts;
mod fit;
mod manage;
mod models;
mod parameters;
mod predict;
mod reports;

use axum::Router;
use axum::routing::{MethodRouter, delete, get, post, put};
use trainyard_platform::{Dialect, TokenFault};

use crate::App;
use crate::cors::Cors;
use crate::frame::Voice;
use crate::refusal::Refusal;

pub(crate) static VOICE: Voice = Voice {
    dialect: Dialect::Autoclassifier,
    shape: Refusal::plain,
    fault,
    cors: Cors::These(&["http://localhost:5173"]),
};

pub(crate) fn routes() -> Router<App> {
    let routes: [(&str, MethodRouter<App>); 20] = [
        ("/register", post(accounts::register)),
        ("/login", post(accounts::login)),
        ("/admin/register", post(accounts::admin_register)),
        ("/admin/users", get(accounts::list)),
        ("/admin/user/{id}", delete(accounts::delete)),
        ("/fit", post(fit::fit)),
        ("/predict", post(predict::predict)),
        ("/predict-file", post(predict::predict_file)),
        ("/list-models", get(models::list)),
        ("/load-model", post(manage::load)),
        ("/delete-model", delete(manage::delete)),
        ("/delete-all-models", delete(manage::delete_all)),
        ("/rename-model", put(manage::rename)),
        ("/model-metadata", get(models::metadata)),
        ("/classification-report", get(reports::classes)),
        ("/confusion-matrix", get(reports::confusion_matrix)),
        ("/roc-curve", get(reports::roc_curve)),
        ("/feature-importance", get(reports::importance)),
        ("/model-versions", get(models::versions)),
        ("/export-model", get(reports::export)),
    ];
    crate::both_forms(routes)
}

fn fault(fault: TokenFault) -> Refusal {
    match fault {
        TokenFault::Gone => Refusal::not_found("User not found"),
        TokenFault::Nameless => Refusal::unauthorized("Invalid token payload"),
        TokenFault::Invalid | TokenFault::Expired => Refusal::unauthorized("Invalid token"),
    }
}
