//! The browser's session: two cookies no script can read. The access token goes everywhere, the refresh token only
//! to the routes that renew and end sessions.

use axum::http::{HeaderMap, HeaderValue, header};
use trainyard_platform::Session;

const ACCESS: &str = "trainyard_session";
const REFRESH: &str = "trainyard_refresh";
const REFRESH_PATH: &str = "/api/v1/auth";

/// Whether a request comes from the web app, which keeps its session in cookies.
pub(crate) fn is_web_app(headers: &HeaderMap) -> bool {
    headers
        .get("x-trainyard-client")
        .is_some_and(|client| client == "web")
}

/// The access token in a request's cookies.
pub(crate) fn access_token(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, ACCESS)
}

/// The refresh token in a request's cookies.
pub(crate) fn refresh_token(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, REFRESH)
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| value)
}

/// Adds a session's cookies to an answer.
pub(crate) fn set(headers: &mut HeaderMap, session: &Session, secure: bool) {
    write(
        headers,
        ACCESS,
        &session.access_token,
        "/",
        session.refresh_expires_in,
        secure,
    );
    write(
        headers,
        REFRESH,
        &session.refresh_token,
        REFRESH_PATH,
        session.refresh_expires_in,
        secure,
    );
}

/// Removes the session's cookies from the browser.
pub(crate) fn clear(headers: &mut HeaderMap, secure: bool) {
    write(headers, ACCESS, "", "/", 0, secure);
    write(headers, REFRESH, "", REFRESH_PATH, 0, secure);
}

/// The access token's cookie outlives the token: an expired one is answered with 401, and the page renews it.
fn write(headers: &mut HeaderMap, name: &str, value: &str, path: &str, seconds: u64, secure: bool) {
    let secure = if secure { "; Secure" } else { "" };
    let line =
        format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(line) = HeaderValue::from_str(&line) {
        headers.append(header::SET_COOKIE, line);
    }
}
