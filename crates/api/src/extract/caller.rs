//! Who asks and from where. A header goes before the cookie: a script that names its own token or key wants to be
//! itself.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderValue, header};
use trainyard_platform::{Caller, Door, Origin};

use crate::client_address::ClientAddress;
use crate::frame::RequestId;
use crate::problem::{Code, Problem};
use crate::refusals::Witness;
use crate::{App, cookies, rates};

/// The header some clients send an API key in.
pub(crate) const API_KEY: &str = "x-api-key";

/// From where a request comes.
#[derive(Clone, Debug)]
pub(crate) struct RequestOrigin(pub(crate) Origin);

impl<S: Send + Sync> FromRequestParts<S> for RequestOrigin {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(origin(&parts.headers, &parts.extensions)))
    }
}

/// From where a request with these comes.
pub(crate) fn origin(headers: &HeaderMap, extensions: &Extensions) -> Origin {
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|agent| agent.to_str().ok());
    Origin {
        door: Door::Api,
        address: extensions
            .get::<ClientAddress>()
            .and_then(|client| client.0),
        agent: agent.map(str::to_owned),
        request_id: extensions.get::<RequestId>().map(|id| id.0.clone()),
    }
}

/// Somebody who is signed in, with the rights the account has now.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn(pub(crate) Caller);

impl FromRequestParts<App> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        admitted(parts, app, Check::Account).await.map(Self)
    }
}

/// Somebody whose token is good; what ends in the commit that compares it with the account may take this.
#[derive(Clone, Debug)]
pub(crate) struct Claimed(pub(crate) Caller);

impl FromRequestParts<App> for Claimed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        admitted(parts, app, Check::Token).await.map(Self)
    }
}

/// What a caller's word is compared with.
enum Check {
    /// The account as it is now.
    Account,
    /// The token's signature alone.
    Token,
}

/// Who asks, counted among those who ask, and known to whoever remembers refusals.
async fn admitted(parts: &mut Parts, app: &App, check: Check) -> Result<Caller, Problem> {
    let found = match credential(&parts.headers) {
        Ok(credential) => {
            let accounts = app.platform.accounts();
            let origin = origin(&parts.headers, &parts.extensions);
            let caller = match check {
                Check::Account => accounts.caller(credential, origin).await,
                Check::Token => accounts.claimed_caller(credential, origin).await,
            };
            caller.map_err(Problem::from)
        }
        Err(problem) => Err(problem),
    };
    let caller = rates::admit(app, parts, found)?;
    Witness::note(parts, &caller);
    Ok(caller)
}

/// A session's token or an API key.
fn credential(headers: &HeaderMap) -> Result<&str, Problem> {
    let Some(header) = headers.get(header::AUTHORIZATION) else {
        let key = headers.get(API_KEY).map(HeaderValue::to_str);
        let shown = key.transpose().map_err(|_| not_signed_in())?;
        return shown
            .map(str::trim)
            .or_else(|| cookies::access_token(headers))
            .ok_or_else(not_signed_in);
    };
    let bearer = header.to_str().ok().and_then(|value| value.split_once(' '));
    match bearer {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        _ => Err(Problem::new(
            Code::Unauthenticated,
            "Send the header Authorization: Bearer followed by your access token or API key.",
        )),
    }
}

fn not_signed_in() -> Problem {
    Problem::new(
        Code::Unauthenticated,
        "You are not signed in. Sign in and try again.",
    )
}
