//! The canonical HTTP door: routes, their documents, and one shape for everything that goes wrong. Decides nothing:
//! who may do what, and what it costs, is `platform`'s.
//!
//! Where to go next: `routes` is the table of contents; [`problem`] is the table of error codes; `extract` turns
//! requests into arguments; `frame` is what happens around every request.

mod client_address;
mod cookies;
mod extract;
mod foreign;
mod frame;
mod metrics;
mod openapi;
mod prefix;
pub mod problem;
mod rates;
mod refusals;
mod routes;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::any;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::{CsrfLayer, ProtectionError};
use trainyard_platform::Platform;

use crate::problem::{Code, Problem};

pub use client_address::Network;
pub use foreign::{Foreign, UnknownHere};
pub use openapi::openapi_json;
pub use prefix::prefix_of;
pub use routes::PUBLIC;

/// What the program that serves decides.
#[derive(Clone, Debug)]
pub struct ApiOptions {
    /// The address people use, when it is not the one listened on. With https, cookies are `Secure`. With a path,
    /// everything is answered below that path too.
    pub public_url: Option<String>,
    /// The address listened on. On a loopback address only its names (and the public one) are answered to.
    pub listen: SocketAddr,
    /// Proxies that are believed when they say for whom they ask.
    pub trusted_proxies: Vec<Network>,
    /// Cancelled when the server stops, so that streams of events end.
    pub stopping: CancellationToken,
    /// How long to wait for the other side.
    pub patience: Patience,
}

/// How long to wait for the other side.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For a request that neither uploads nor streams, from its head to its answer. More than the longest `Prefer: wait`.
    pub request: Duration,
    /// For the next piece of a file.
    pub piece: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            request: Duration::from_secs(75),
            piece: Duration::from_secs(30),
        }
    }
}

/// What every handler is lent.
#[derive(Clone, Debug)]
pub(crate) struct App(Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) platform: Platform,
    pub(crate) cookies: cookies::Cookies,
    pub(crate) hosts: frame::Hosts,
    pub(crate) trusted_proxies: Vec<Network>,
    /// Whether a proxy is said to be in front.
    pub(crate) behind_proxy: bool,
    pub(crate) metrics: metrics::Metrics,
    /// Changes that name a version take turns.
    pub(crate) changes: tokio::sync::Mutex<()>,
    pub(crate) stopping: CancellationToken,
    pub(crate) patience: Patience,
}

impl std::ops::Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// The whole HTTP surface: the API, its reference, and under everything else the web app's pages.
pub fn router(platform: Platform, ui: Router, options: ApiOptions) -> Router {
    router_beside(platform, ui, Foreign::default(), options)
}

/// The same beside doors that speak in their own ways. They stand in the same frame (identifiers, own names, headers) but
/// outside of what guards cookies: they take none.
pub fn router_beside(
    platform: Platform,
    ui: Router,
    foreign: Foreign,
    options: ApiOptions,
) -> Router {
    let public_url = options
        .public_url
        .as_deref()
        .map(|url| url.trim_end_matches('/'));
    let prefix = public_url.map_or("", prefix_of);
    let app = App(Arc::new(Inner {
        platform,
        cookies: cookies::Cookies::of(public_url, prefix),
        hosts: frame::Hosts::of(options.listen, public_url),
        behind_proxy: public_url.is_some() || !options.trusted_proxies.is_empty(),
        trusted_proxies: options.trusted_proxies,
        metrics: metrics::Metrics::default(),
        changes: tokio::sync::Mutex::default(),
        stopping: options.stopping,
        patience: options.patience,
    }));
    let (api, _) = routes::table_of_contents().split_for_parts();
    let router = api
        .with_state(app.clone())
        .merge(openapi::reference(prefix))
        .route("/api", any(unknown))
        .route("/api/{*rest}", any(unknown))
        .route("/v2/{*rest}", any(unknown))
        .fallback_service(ui)
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::custom(frame::panicked));
    let router = match cross_site(public_url) {
        Some(layer) => router.layer(layer),
        None => router.layer(CsrfLayer::new().with_rejection_response(refuse_cross_site)),
    };
    let framed = |router: Router| router.layer(from_fn_with_state(app.clone(), frame::frame));
    prefix::under(prefix, foreign.beside(framed(router), framed))
}

type CrossSite = CsrfLayer<fn(ProtectionError) -> axum::response::Response>;

/// The guard against other sites' pages, which also knows the public address behind a proxy.
fn cross_site(public_url: Option<&str>) -> Option<CrossSite> {
    let answer: fn(ProtectionError) -> axum::response::Response = refuse_cross_site;
    let layer = CsrfLayer::new().with_rejection_response(answer);
    let url = public_url?;
    let origin = url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    match layer.add_trusted_origin(origin.to_lowercase()) {
        Ok(layer) => Some(layer),
        Err(error) => {
            tracing::warn!(%error, "the public address is no origin; pages there may not sign in");
            None
        }
    }
}

/// Under `/api` and `/v2` nothing but the API answers, whatever the pages do with addresses they do not know.
async fn unknown() -> Problem {
    Problem::of_status(StatusCode::NOT_FOUND)
}

fn refuse_cross_site(_: ProtectionError) -> axum::response::Response {
    Problem::new(Code::Csrf, "This request came from another site's page and was refused. Open the app itself and try again.")
        .into_response()
}
