//! Limits at the door: which kind of route a request is for, who is counted (the account, or the address of whoever
//! is not signed in), and the `RateLimit-*` headers of the answer. How many are allowed is `platform`'s. Pages, the
//! reference and `/healthz` are not counted: they cost less than the counting protects.

use std::sync::{Arc, Mutex, PoisonError};

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use trainyard_platform::{Allowance, Asker, Caller, RateClass};

use crate::App;
use crate::client_address::ClientAddress;
use crate::problem::{Code, Problem};
use crate::routes::PUBLIC;

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Routes of a kind that their method does not tell.
const CLASSES: &[(&str, &str, RateClass)] = &[
    ("GET", "/api/v1/g/{slug}", RateClass::Guests),
    (
        "POST",
        "/api/v1/digits/guest-predictions",
        RateClass::Guests,
    ),
    ("POST", "/api/v1/digits/predictions", RateClass::Predictions),
    (
        "POST",
        "/api/v1/models/{id}/pictures",
        RateClass::Predictions,
    ),
    ("POST", "/api/v1/g/{slug}/predictions", RateClass::Guests),
    ("POST", "/api/v1/g/{slug}/pictures", RateClass::Guests),
    ("POST", "/api/v1/auth/login", RateClass::SignIn),
    ("POST", "/api/v1/auth/refresh", RateClass::SignIn),
    ("POST", "/api/v1/auth/register", RateClass::SignIn),
    ("POST", "/api/v1/auth/reset", RateClass::SignIn),
    ("POST", "/api/v1/setup", RateClass::SignIn),
    ("POST", "/api/v1/datasets", RateClass::Uploads),
    ("POST", "/api/v1/datasets/preview", RateClass::Uploads),
    ("POST", "/api/v1/models/import", RateClass::Uploads),
    (
        "POST",
        "/api/v1/models/{id}/predictions",
        RateClass::Predictions,
    ),
    (
        "POST",
        "/api/v1/models/{id}/batch-predictions",
        RateClass::Uploads,
    ),
    ("POST", "/v2/models/{id}/infer", RateClass::Predictions),
];

/// Public routes that are not counted: whoever watches the server asks often and from one address.
const UNCOUNTED: &[&str] = &["/healthz", "/v2/health/live"];

fn class(method: &str, route: &str) -> RateClass {
    let special = CLASSES
        .iter()
        .find(|(its_method, its_route, _)| (*its_method, *its_route) == (method, route));
    match special {
        Some((.., class)) => *class,
        None if method == "GET" => RateClass::Reading,
        None => RateClass::Changes,
    }
}

/// One request on its way: its kind, and how whoever asks stands. The frame lends it to the extractors.
#[derive(Clone, Debug)]
pub(crate) struct Standing(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    class: RateClass,
    allowance: Mutex<Option<Allowance>>,
}

impl Standing {
    /// Of a request for this route. Where nobody has to be signed in, its address is counted here and now.
    ///
    /// # Errors
    /// The problem when it was one too many.
    pub(crate) fn begin(
        app: &App,
        method: &Method,
        route: &str,
        client: ClientAddress,
    ) -> (Self, Result<(), Problem>) {
        // The same handler answers both.
        let method = if method == Method::HEAD {
            "GET"
        } else {
            method.as_str()
        };
        let standing = Self(Arc::new(Inner {
            class: class(method, route),
            allowance: Mutex::new(None),
        }));
        let counted = PUBLIC.contains(&(method, route)) && !UNCOUNTED.contains(&route);
        let admitted = if counted {
            standing.admit_address(app, client)
        } else {
            Ok(())
        };
        (standing, admitted)
    }

    fn admit_address(&self, app: &App, client: ClientAddress) -> Result<(), Problem> {
        match client.0 {
            Some(address) => self.admit(app, Asker::Address(address)),
            None => Ok(()),
        }
    }

    fn admit(&self, app: &App, asker: Asker) -> Result<(), Problem> {
        let allowance = app.platform.rates().ask(self.0.class, asker);
        *self.lock() = allowance;
        match allowance {
            Some(allowance) => Ok(allowance.check()?),
            None => Ok(()),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Allowance>> {
        self.0
            .allowance
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the client how it stands.
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        let Some(allowance) = *self.lock() else {
            return;
        };
        headers.insert(LIMIT, allowance.limit.into());
        headers.insert(REMAINING, allowance.remaining.into());
        headers.insert(RESET, allowance.reset_seconds.into());
        let policy = format!("{};w={}", allowance.limit, Allowance::WINDOW_SECONDS);
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            headers.insert(POLICY, policy);
        }
    }
}

/// Counts a request whose caller was looked for: the account that was found, or the address that showed nothing good.
///
/// # Errors
/// The problem given, or the one that this was one too many.
pub(crate) fn admit(
    app: &App,
    parts: &Parts,
    found: Result<Caller, Problem>,
) -> Result<Caller, Problem> {
    let Some(standing) = parts.extensions.get::<Standing>() else {
        return found;
    };
    match found {
        Ok(caller) => standing
            .admit(app, Asker::Account(caller.id))
            .map(|()| caller),
        Err(problem) if problem.code() == Code::Unauthenticated => {
            let client = parts.extensions.get::<ClientAddress>();
            standing.admit_address(app, client.copied().unwrap_or(ClientAddress(None)))?;
            Err(problem)
        }
        Err(problem) => Err(problem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_route_exists() {
        let document = crate::openapi::document();
        let listed = CLASSES.iter().map(|(method, route, _)| (*method, *route));
        for (method, route) in listed.chain(PUBLIC.iter().copied()) {
            let item = document.paths.paths.get(route);
            let operation = item.and_then(|item| match method {
                "GET" => item.get.as_ref(),
                _ => item.post.as_ref(),
            });
            assert!(operation.is_some(), "{method} {route}");
        }
    }
}
