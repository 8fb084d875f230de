//! For whoever runs the place: does it live, can it answer, what does it do.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use trainyard_platform::Action;
use utoipa::ToSchema;

use crate::App;
use crate::extract::{Json, SignedIn};
use crate::problem::Problem;

/// A state of the server.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    #[schema(example = "ok")]
    status: &'static str,
}

/// Whether the server lives
#[utoipa::path(get, path = "/healthz", tag = "system", security(()), responses((status = 200, body = Health)))]
pub(crate) async fn healthz() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Whether the server can answer
#[utoipa::path(get, path = "/readyz", tag = "system", security(()), responses((status = 200, body = Health)))]
pub(crate) async fn readyz(State(app): State<App>) -> Result<Json<Health>, Problem> {
    app.platform.ready().await?;
    Ok(Json(Health { status: "ok" }))
}

/// Whoever may see the figures: an administrator, or a program on this machine that asks directly.
pub(crate) struct Watcher;

/// What a proxy adds. With any of these a request came from somewhere else, whatever its last hop is.
const SIGNS_OF_A_PROXY: [&str; 6] = [
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
];

impl FromRequestParts<App> for Watcher {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let is_near = peer.is_some_and(|peer| peer.0.ip().to_canonical().is_loopback());
        let direct = !SIGNS_OF_A_PROXY
            .iter()
            .any(|name| parts.headers.contains_key(*name));
        // With a public address there is a proxy, and it may be on this machine without leaving a sign.
        if is_near && direct && !app.behind_proxy {
            return Ok(Self);
        }
        let SignedIn(caller) = SignedIn::from_request_parts(parts, app).await?;
        caller.may(Action::Statistics)?;
        Ok(Self)
    }
}

/// Figures for Prometheus
///
/// Requests, jobs, predictions, tokens, refusals and memory; no identifiers. For administrators (an API key of scope
/// `admin` will do), and without signing in for programs on the same machine while no proxy is in front.
#[utoipa::path(
    get, path = "/metrics", tag = "system",
    responses((status = 200, body = String, content_type = "text/plain"))
)]
pub(crate) async fn metrics(State(app): State<App>, _: Watcher) -> Response {
    let page = app.metrics.page(&app.platform.figures().await);
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], page).into_response()
}
