//! The table of contents: one line an address, the method and document beside the handler. Folder = noun,
//! file = verb.

mod accepted;
mod admin;
mod algorithms;
mod auth;
mod batches;
mod datasets;
mod digits;
mod guests;
mod inference;
mod jobs;
mod me;
mod models;
mod pictures;
mod predictions;
mod settings;
mod studies;
mod system;
mod times;

use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::{App, frame, openapi};

/// The only routes that answer somebody who is not signed in. Each also says so in its document (`security(())`);
/// the two are compared, so that neither opens a route by itself.
pub const PUBLIC: &[(&str, &str)] = &[
    ("GET", "/api/v1/digits"),
    ("GET", "/api/v1/g/{slug}"),
    ("GET", "/api/v1/settings/public"),
    ("GET", "/api/v1/setup"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("POST", "/api/v1/auth/login"),
    ("POST", "/api/v1/auth/logout"),
    ("POST", "/api/v1/auth/refresh"),
    ("POST", "/api/v1/auth/register"),
    ("POST", "/api/v1/auth/reset"),
    ("POST", "/api/v1/digits/guest-predictions"),
    ("POST", "/api/v1/g/{slug}/pictures"),
    ("POST", "/api/v1/g/{slug}/predictions"),
    ("POST", "/api/v1/setup"),
    ("GET", "/v2"),
    ("GET", "/v2/health/live"),
    ("GET", "/v2/health/ready"),
];

/// Every route of the API.
pub(crate) fn table_of_contents() -> OpenApiRouter<App> {
    let prompt = OpenApiRouter::new()
        .routes(routes!(auth::setup::state, auth::setup::set_up))
        .routes(routes!(auth::register::register))
        .routes(routes!(auth::login::login))
        .routes(routes!(auth::refresh::refresh))
        .routes(routes!(auth::logout::logout))
        .routes(routes!(auth::reset::reset))
        .routes(routes!(
            me::show::show,
            me::change::change,
            me::delete::delete
        ))
        .routes(routes!(me::password::change))
        .routes(routes!(me::api_keys::list, me::api_keys::make))
        .routes(routes!(me::api_keys::end))
        .routes(routes!(me::storage::storage))
        .routes(routes!(me::tokens::tokens))
        .routes(routes!(settings::public))
        .routes(routes!(datasets::list::list))
        .routes(routes!(
            datasets::get::get,
            datasets::rename::rename,
            datasets::delete::delete
        ))
        .routes(routes!(datasets::profile::profile))
        .routes(routes!(datasets::rows::rows))
        .routes(routes!(datasets::schema::show, datasets::schema::change))
        .routes(routes!(datasets::samples::list))
        .routes(routes!(datasets::samples::take))
        .routes(routes!(algorithms::list))
        .routes(routes!(
            models::list::list,
            models::train::train,
            models::delete_several::delete_several
        ))
        .routes(routes!(models::compare::compare))
        .routes(routes!(models::compare_train::compare_train))
        .routes(routes!(models::compare_train::comparison))
        .routes(routes!(
            models::get::get,
            models::change::change,
            models::delete::delete
        ))
        .routes(routes!(models::report::report))
        .merge(reports())
        .routes(routes!(models::lineage::lineage))
        .routes(routes!(models::aliases::list))
        .routes(routes!(models::aliases::point, models::aliases::remove))
        .routes(routes!(studies::list::list, studies::begin::begin))
        .routes(routes!(studies::get::get, studies::delete::delete))
        .routes(routes!(studies::trials::trials))
        .routes(routes!(studies::stop::stop))
        .routes(routes!(studies::save::save))
        .routes(routes!(studies::revert::revert))
        .routes(routes!(digits::status))
        .routes(routes!(predictions::predict::predict))
        .routes(routes!(predictions::list::list))
        .routes(routes!(predictions::truth::tell_all))
        .routes(routes!(predictions::get::get))
        .routes(routes!(predictions::truth::tell))
        .routes(routes!(
            predictions::contract::show,
            predictions::contract::change
        ))
        .routes(routes!(predictions::accuracy::accuracy))
        .routes(routes!(predictions::drift::drift))
        .routes(routes!(batches::list::list))
        .routes(routes!(batches::get::get, batches::delete::delete))
        .routes(routes!(batches::cancel::cancel))
        .routes(routes!(batches::result::result))
        .routes(routes!(guests::show))
        .routes(routes!(guests::predict))
        .routes(routes!(jobs::list::list))
        .routes(routes!(jobs::get::get))
        .routes(routes!(jobs::events::events))
        .routes(routes!(jobs::cancel::cancel))
        .routes(routes!(jobs::stop::stop))
        .merge(administration())
        .layer(from_fn(frame::in_time));
    // Files take as long as they take; each piece has its own time, and their size is counted on the way.
    let files = OpenApiRouter::new()
        .routes(routes!(datasets::preview::preview))
        .routes(routes!(datasets::upload::upload))
        .routes(routes!(pictures::predict))
        .routes(routes!(digits::predict))
        .routes(routes!(digits::predict_for_guest))
        .routes(routes!(guests::predict_picture))
        .routes(routes!(models::export::export))
        .routes(routes!(models::import::import))
        .routes(routes!(batches::create::create))
        .layer(DefaultBodyLimit::disable());
    OpenApiRouter::with_openapi(openapi::foundation())
        .nest("/api/v1", prompt.merge(files))
        .merge(inference())
        .routes(routes!(system::healthz))
        .routes(routes!(system::readyz))
        .routes(routes!(system::metrics))
}

/// Reports part by part, and what is found out about a model afterwards.
fn reports() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(models::parts::metrics))
        .routes(routes!(models::parts::confusion_matrix))
        .routes(routes!(models::cells::rows))
        .routes(routes!(models::parts::roc_curve))
        .routes(routes!(models::parts::pr_curve))
        .routes(routes!(models::parts::calibration))
        .routes(routes!(models::parts::threshold_sweep))
        .routes(routes!(models::parts::residuals))
        .routes(routes!(models::parts::importance))
        .routes(routes!(models::parts::training_history))
        .routes(routes!(models::parts::contenders))
        .routes(routes!(models::parts::certificate))
        .routes(routes!(models::dependence::dependence))
        .routes(routes!(models::tree::tree))
        .routes(routes!(
            models::checks::learning_curve,
            models::checks::begin_learning_curve
        ))
        .routes(routes!(
            models::checks::self_tests,
            models::checks::begin_self_tests
        ))
        .routes(routes!(
            models::checks::retraining,
            models::checks::begin_retraining
        ))
}

/// The Open Inference Protocol, version 2.
fn inference() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(inference::server::metadata))
        .routes(routes!(inference::server::live))
        .routes(routes!(inference::server::ready))
        .routes(routes!(inference::model::metadata))
        .routes(routes!(inference::model::ready))
        .routes(routes!(inference::infer::infer))
        .layer(from_fn(frame::in_time))
}

/// What administrators do.
fn administration() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(
            admin::users::list::list,
            admin::users::create::create
        ))
        .routes(routes!(
            admin::users::get::get,
            admin::users::change::change,
            admin::users::delete::delete
        ))
        .routes(routes!(
            admin::users::tokens::list,
            admin::users::tokens::grant
        ))
        .routes(routes!(admin::users::password::renew))
        .routes(routes!(digits::models, digits::train))
        .routes(routes!(digits::choose))
        .routes(routes!(admin::models::list))
        .routes(routes!(admin::models::delete))
        .routes(routes!(admin::datasets::list))
        .routes(routes!(admin::datasets::delete))
        .routes(routes!(admin::batches::list))
        .routes(routes!(admin::batches::delete))
        .routes(routes!(admin::jobs::list))
        .routes(routes!(admin::jobs::cancel))
        .routes(routes!(admin::stats::show))
        .routes(routes!(admin::stats::days))
        .routes(routes!(admin::settings::list, admin::settings::change))
        .routes(routes!(admin::audit_events::list::list))
        .routes(routes!(admin::audit_events::export::export))
        .routes(routes!(admin::audit_events::verify::verify))
}
