//! Who asks and from where. A bearer token goes before the cookie: a script that names its own wants to be itself.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, header};
use trainyard_platform::{Caller, Door, Origin};

use crate::client_address::ClientAddress;
use crate::frame::RequestId;
use crate::problem::{Code, Problem};
use crate::refusals::Witness;
use crate::{App, cookies, rates};

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
        let found = match token(&parts.headers) {
            Ok(token) => {
                let caller = app
                    .platform
                    .accounts()
                    .caller(token, origin(&parts.headers, &parts.extensions))
                    .await;
                caller.map_err(Problem::from)
            }
            Err(problem) => Err(problem),
        };
        let caller = rates::admit(app, parts, found)?;
        Witness::note(parts, &caller);
        Ok(Self(caller))
    }
}

/// Somebody whose token is good; what ends in the commit that compares it with the account may take this.
#[derive(Clone, Debug)]
pub(crate) struct Claimed(pub(crate) Caller);

impl FromRequestParts<App> for Claimed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let found = token(&parts.headers).and_then(|token| {
            let caller = app
                .platform
                .accounts()
                .claimed_caller(token, origin(&parts.headers, &parts.extensions));
            caller.map_err(Problem::from)
        });
        let caller = rates::admit(app, parts, found)?;
        Witness::note(parts, &caller);
        Ok(Self(caller))
    }
}

fn token(headers: &HeaderMap) -> Result<&str, Problem> {
    let Some(header) = headers.get(header::AUTHORIZATION) else {
        return cookies::access_token(headers).ok_or_else(|| {
            Problem::new(
                Code::Unauthenticated,
                "You are not signed in. Sign in and try again.",
            )
        });
    };
    let bearer = header.to_str().ok().and_then(|value| value.split_once(' '));
    match bearer {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        _ => Err(Problem::new(
            Code::Unauthenticated,
            "Send the header Authorization: Bearer followed by your access token.",
        )),
    }
}
