//! Trainyard's web app: built by `build.rs` from the repository's `ui/` folder, embedded here, and
//! served by [`router`]. Knows nothing of the product: the pages speak to `/api/v1` like any other client.
//! `policy.rs` holds the content policies; the pages themselves start at `ui/src/main.tsx`.

mod encoding;
mod policy;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// One embedded file with the compressed copies made when the binary was built.
pub(crate) struct Page {
    path: &'static str,
    content_type: &'static str,
    etag: &'static str,
    bytes: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

const WITHOUT_PAGES: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Trainyard</title>\
    <p>This build has no web pages. The API is at /api/v1, its reference at /docs. Rebuild without TRAINYARD_UI=off.</p></html>";
const NOT_FOUND: &str = "{\"type\":\"/errors/not_found\",\"title\":\"Not found\",\"status\":404,\"code\":\"not_found\",\
    \"detail\":\"Nothing is served at this address. The API reference is at /docs.\"}";
const NOT_ALLOWED: &str = "{\"type\":\"/errors/method_not_allowed\",\"title\":\"Method not allowed\",\"status\":405,\
    \"code\":\"method_not_allowed\",\"detail\":\"Pages are only read, with GET. The API is under /api/v1.\"}";

/// Serves the embedded pages: `/assets/*` for ever, the app's page for every other address that a browser asks for,
/// ReDoc at `/redoc`. Meant as the fallback under the API's router; an address under `/api` is always 404 here.
/// `prefix` is the path of the host that browsers reach all this under (`/ml`, or nothing): the pages ask for everything
/// there. Here it has been taken away already.
pub fn router(prefix: &str) -> Router {
    let prefix: Arc<str> = prefix.into();
    Router::new().fallback(move |request| async move { answer(&prefix, &request) })
}

fn answer(prefix: &str, request: &Request<Body>) -> Response<Body> {
    let path = request.uri().path();
    let headers = request.headers();
    if path == "/api" || path.starts_with("/api/") {
        return problem(StatusCode::NOT_FOUND, NOT_FOUND);
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return problem(StatusCode::METHOD_NOT_ALLOWED, NOT_ALLOWED);
    }
    if path == "/redoc" || path == "/redoc/" {
        return document("/redoc.html", prefix, headers, policy::redoc);
    }
    match find(path) {
        Some(page) if !page.path.ends_with(".html") => file(page, headers),
        // The front page is there for whoever asks.
        None if path == "/" || (!path.starts_with("/assets/") && wants_html(headers)) => {
            document("/index.html", prefix, headers, policy::app)
        }
        _ => problem(StatusCode::NOT_FOUND, NOT_FOUND),
    }
}

fn find(path: &str) -> Option<&'static Page> {
    PAGES.iter().find(|page| page.path == path)
}

/// Only an explicit wish counts: scripts that accept `*/*` get a plain 404 for an unknown address.
fn wants_html(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

fn file(page: &'static Page, headers: &HeaderMap) -> Response<Body> {
    let lifetime = if page.path.starts_with("/assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=3600"
    };
    let mut response = if is_known(headers, page.etag) {
        status(StatusCode::NOT_MODIFIED)
    } else {
        let (bytes, name) = encoding::choose(page, headers);
        let mut response = Response::new(Body::from(bytes));
        set(&mut response, CONTENT_TYPE, page.content_type);
        if let Some(name) = name {
            set(&mut response, CONTENT_ENCODING, name);
        }
        response
    };
    set(&mut response, CACHE_CONTROL, lifetime);
    set(&mut response, ETAG, page.etag);
    set(&mut response, VARY, "accept-encoding");
    harden(&mut response);
    response
}

/// A page with its content policy. Its nonce is new for each answer, except on a 304: the browser then
/// shows its own copy, whose nonce belongs to the policy that came with it, so none is sent.
fn document(
    path: &str,
    prefix: &str,
    headers: &HeaderMap,
    policy: fn(&str) -> String,
) -> Response<Body> {
    let Some(page) = find(path) else {
        let mut response = Response::new(Body::from(WITHOUT_PAGES));
        set(&mut response, CONTENT_TYPE, "text/html; charset=utf-8");
        set(&mut response, CACHE_CONTROL, "no-cache");
        harden(&mut response);
        return response;
    };
    // Under another prefix it is another page.
    let etag = format!("{}{prefix}\"", page.etag.trim_end_matches('"'));
    let mut response = if is_known(headers, &etag) {
        status(StatusCode::NOT_MODIFIED)
    } else {
        let nonce = policy::nonce();
        let text = String::from_utf8_lossy(page.bytes)
            .replace(policy::PLACE, &nonce)
            .replace(policy::PREFIX, prefix);
        let mut response = Response::new(Body::from(text));
        set(&mut response, CONTENT_TYPE, page.content_type);
        if let Ok(value) = HeaderValue::from_str(&policy(&nonce)) {
            response
                .headers_mut()
                .insert(axum::http::header::CONTENT_SECURITY_POLICY, value);
        }
        response
    };
    set(&mut response, CACHE_CONTROL, "no-cache");
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        response.headers_mut().insert(ETAG, etag);
    }
    harden(&mut response);
    response
}

fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get(IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|known| {
            known
                .split(',')
                .any(|one| one.trim().trim_start_matches("W/") == etag)
        })
}

fn problem(code: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = code;
    set(&mut response, CONTENT_TYPE, "application/problem+json");
    harden(&mut response);
    response
}

fn status(code: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = code;
    response
}

fn harden(response: &mut Response<Body>) {
    set(
        response,
        HeaderName::from_static("x-content-type-options"),
        "nosniff",
    );
    set(
        response,
        HeaderName::from_static("referrer-policy"),
        "same-origin",
    );
}

fn set(response: &mut Response<Body>, name: HeaderName, value: &'static str) {
    response
        .headers_mut()
        .insert(name, HeaderValue::from_static(value));
}
