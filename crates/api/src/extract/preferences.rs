//! What a caller says in headers about how to be answered.

use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use trainyard_platform::{Action, Caller};

use crate::problem::{Code, Problem};

/// The longest wait for slow work, in seconds.
const LONGEST_WAIT: u64 = 60;
const LONGEST_KEY: usize = 255;

/// `Prefer: wait=N` (RFC 7240): how long to wait for slow work before answering that it is accepted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wait(pub(crate) Option<Duration>);

impl Wait {
    /// The same for what this caller may look at: an API key that may only begin work is told that it has begun.
    pub(crate) fn of(&self, caller: &Caller) -> Option<Duration> {
        self.0.filter(|_| caller.may(Action::Read).is_ok())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Wait {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let lines = parts
            .headers
            .get_all("prefer")
            .iter()
            .filter_map(|line| line.to_str().ok());
        let seconds = lines
            .flat_map(|line| line.split([',', ';']))
            .filter_map(|preference| preference.trim().split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("wait"))
            .and_then(|(_, value)| value.trim().parse::<u64>().ok());
        Ok(Self(seconds.map(|seconds| {
            Duration::from_secs(seconds.min(LONGEST_WAIT))
        })))
    }
}

/// `Idempotency-Key`: the same key with the same request gets the same answer and is charged once.
#[derive(Clone, Debug)]
pub(crate) struct IdempotencyKey(pub(crate) Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get("idempotency-key") else {
            return Ok(Self(None));
        };
        match value.to_str() {
            Ok(key) if (1..=LONGEST_KEY).contains(&key.len()) => Ok(Self(Some(key.to_owned()))),
            _ => Err(Problem::new(
                Code::BadRequest,
                "Use 1 to 255 visible characters for Idempotency-Key.",
            )),
        }
    }
}
