//! What happens around every request: it gets an identifier, is refused when it was addressed to somebody else's
//! name, its problems are written, and its answer leaves with the headers that keep browsers safe.

use std::net::{IpAddr, SocketAddr};

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;
use uuid::Uuid;

use crate::client_address::ClientAddress;
use crate::extract::origin;
use crate::foreign::Spoken;
use crate::problem::{Code, Problem};
use crate::rates::Standing;
use crate::refusals::Witness;
use crate::{App, Patience};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The identifier of a request. Always our own: a caller's would let them write into our log.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(pub(crate) String);

/// The names this server answers to. On a loopback address a page of another site could otherwise reach it by
/// pointing its own name here (DNS rebinding).
#[derive(Clone, Debug)]
pub(crate) struct Hosts(Option<Vec<String>>);

impl Hosts {
    pub(crate) fn of(listen: SocketAddr, public_url: Option<&str>) -> Self {
        if !listen.ip().is_loopback() {
            return Self(None);
        }
        let own = ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned);
        let address = match listen.ip() {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("[{address}]"),
        };
        let public = public_url
            .and_then(|url| url.split_once("://"))
            .map(|(_, rest)| {
                without_port(rest.split('/').next().unwrap_or_default()).to_lowercase()
            });
        Self(Some(
            own.into_iter().chain([address]).chain(public).collect(),
        ))
    }

    fn allow(&self, headers: &HeaderMap) -> bool {
        let (Some(names), Some(host)) = (&self.0, headers.get(header::HOST)) else {
            return true;
        };
        host.to_str()
            .is_ok_and(|host| names.contains(&without_port(host).to_lowercase()))
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Around every request.
pub(crate) async fn frame(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = Uuid::now_v7().to_string();
    let began = tokio::time::Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let client = ClientAddress::of(
        request.extensions(),
        request.headers(),
        &app.trusted_proxies,
    );
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(String::new, |route| route.as_str().to_owned());
    let (standing, admitted) = Standing::begin(&app, &method, &route, client);
    let extensions = request.extensions_mut();
    extensions.insert(RequestId(id.clone()));
    extensions.insert(client);
    extensions.insert(app.patience);
    extensions.insert(standing.clone());
    let witness = Witness::default();
    extensions.insert(witness.clone());
    let origin = origin(request.headers(), request.extensions());
    request.extensions_mut().insert(origin.clone());
    let mut response = if !app.hosts.allow(request.headers()) {
        Problem::new(
            Code::BadRequest,
            "This server does not answer to that name. Open it under its own address, or start it with --public-url.",
        )
        .into_response()
    } else if let Err(problem) = admitted {
        problem.into_response()
    } else {
        let span = tracing::info_span!("request", request_id = id);
        next.run(request).instrument(span).await
    };
    response = witness
        .remember(&app, &origin, &method, &route, response)
        .await;
    response = written(&app, response, &path, &id);
    standing.write(response.headers_mut());
    protect(&mut response, &path);
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    log(&method, &path, response.status(), &id);
    app.metrics
        .answered(&method, &route, response.status(), began.elapsed());
    response
}

/// Writes the problem a response stands for. A bare error status of a library under `/api` becomes one too.
fn written(app: &App, mut response: Response, path: &str, id: &str) -> Response {
    let status = response.status();
    let failed = status.is_client_error() || status.is_server_error();
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None if response.extensions().get::<Spoken>().is_some() => return response,
        None if failed && (is_api(path) || status.is_server_error()) => Problem::of_status(status),
        None => return response,
    };
    app.metrics.refused(problem.code());
    // Clients of the inference protocol look for the reason there.
    let problem = match is_inference(path) {
        true => problem.with_error(),
        false => problem,
    };
    let mut written = problem.render(id);
    for kept in [header::ALLOW, header::SET_COOKIE] {
        for value in response.headers().get_all(&kept) {
            written.headers_mut().append(kept.clone(), value.clone());
        }
    }
    written
}

fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/") || is_inference(path)
}

fn is_inference(path: &str) -> bool {
    path == "/v2" || path.starts_with("/v2/")
}

/// What an answer may do in a browser that has no policy of its own: nothing.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";

fn protect(response: &mut Response, path: &str) {
    let unchanged = response.status() == StatusCode::NOT_MODIFIED;
    let headers = response.headers_mut();
    let mut unless_set = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    unless_set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    unless_set(header::X_FRAME_OPTIONS, "DENY");
    unless_set(header::REFERRER_POLICY, "same-origin");
    unless_set(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    unless_set(
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    // With "unchanged" a browser shows the copy it has, under the policy that came with that one.
    if !unchanged {
        unless_set(header::CONTENT_SECURITY_POLICY, NOTHING);
    }
    if is_api(path) {
        unless_set(header::CACHE_CONTROL, "no-store");
    }
}

fn log(method: &Method, path: &str, status: StatusCode, id: &str) {
    // The path is shortened and quoted: a log line stays one line, whatever was asked for.
    let path: String = path.chars().take(200).collect();
    let status = status.as_u16();
    if status >= 500 {
        tracing::warn!(%method, ?path, status, request_id = id, "answered");
    } else {
        tracing::debug!(%method, ?path, status, request_id = id, "answered");
    }
}

/// Ends a request that takes too long.
pub(crate) async fn in_time(request: Request, next: Next) -> Response {
    let patience = request.extensions().get::<Patience>().copied();
    let longest = patience.unwrap_or_default().request;
    match tokio::time::timeout(longest, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(
            Code::Timeout,
            "This took too long and was given up. Try again.",
        )
        .into_response(),
    }
}

/// What a request gets whose handler panicked: nothing of what it said.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the layer hands the panic over"
)]
pub(crate) fn panicked(
    panic: Box<dyn std::any::Any + Send + 'static>,
) -> axum::http::Response<Body> {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!(panic = text.unwrap_or("no text"), "a handler panicked");
    Problem::internal().into_response()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
    use super::*;

    fn allowed(listen: &str, public_url: Option<&str>, host: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_str(host).unwrap());
        Hosts::of(listen.parse().unwrap(), public_url).allow(&headers)
    }

    #[test]
    fn on_loopback_only_own_names_are_answered_to() {
        assert!(allowed("127.0.0.1:8000", None, "127.0.0.1:8000"));
        assert!(allowed("127.0.0.1:8000", None, "LOCALHOST:8000"));
        assert!(allowed("[::1]:8000", None, "[::1]:8000"));
        assert!(!allowed("127.0.0.1:8000", None, "evil.example:8000"));
        assert!(!allowed("127.0.0.1:8000", None, "localhost.evil.example"));
        assert!(allowed(
            "127.0.0.1:8000",
            Some("https://ml.example.com/x"),
            "ml.example.com"
        ));
        assert!(allowed("0.0.0.0:8000", None, "anything.example"));
    }
}
