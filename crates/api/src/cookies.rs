//! The browser's session: two cookies no script can read. The access token goes everywhere, the refresh token only
//! to the routes that renew and end sessions.

use axum::http::{HeaderMap, HeaderValue, header};
use trainyard_platform::Session;

const ACCESS: &str = "trainyard_session";
const REFRESH: &str = "trainyard_refresh";

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

/// How the session's cookies are written.
#[derive(Debug)]
pub(crate) struct Cookies {
    secure: bool,
    /// Where they are sent: to everything of this server, and to the routes that renew and end sessions.
    everywhere: String,
    renewal: String,
}

impl Cookies {
    /// For a server at this address, below this path of its host.
    pub(crate) fn of(public_url: Option<&str>, prefix: &str) -> Self {
        Self {
            secure: public_url.is_some_and(|url| url.starts_with("https://")),
            everywhere: format!("{prefix}/"),
            renewal: format!("{prefix}/api/v1/auth"),
        }
    }

    /// Adds a session's cookies to an answer.
    pub(crate) fn set(&self, headers: &mut HeaderMap, session: &Session) {
        let seconds = session.refresh_expires_in;
        let (access, refresh) = (&session.access_token, &session.refresh_token);
        self.write(headers, ACCESS, access, &self.everywhere, seconds);
        self.write(headers, REFRESH, refresh, &self.renewal, seconds);
    }

    /// Removes the session's cookies from the browser.
    pub(crate) fn clear(&self, headers: &mut HeaderMap) {
        self.write(headers, ACCESS, "", &self.everywhere, 0);
        self.write(headers, REFRESH, "", &self.renewal, 0);
    }

    /// The access token's cookie outlives the token: an expired one is answered with 401, and the page renews it.
    fn write(&self, headers: &mut HeaderMap, name: &str, value: &str, path: &str, seconds: u64) {
        let secure = if self.secure { "; Secure" } else { "" };
        let line = format!(
            "{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
        );
        if let Ok(line) = HeaderValue::from_str(&line) {
            headers.append(header::SET_COOKIE, line);
        }
    }
}
