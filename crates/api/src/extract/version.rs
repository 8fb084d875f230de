//! Which version of a thing is meant (RFC 9110): an answer names its own in `ETag`, a change names in `If-Match` the one
//! that its author saw. Of two who change what both have seen, the second one is told.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tokio::sync::MutexGuard;
use trainyard_platform::Timestamp;

use super::body::Json;
use crate::App;
use crate::problem::{Code, Problem};

/// A version of a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Version(String);

impl Version {
    /// The one that a thing has since it last changed.
    pub(crate) fn since(changed: Timestamp) -> Self {
        Self(format!("\"{:x}\"", changed.microseconds()))
    }

    /// The one of a thing that is nothing but this text.
    pub(crate) fn of_text(text: &str) -> Self {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        Self(format!("\"{:x}\"", hasher.finish()))
    }
}

/// An answer in JSON with the version it shows.
#[derive(Clone, Debug)]
pub(crate) struct Tagged<T>(pub(crate) Version, pub(crate) T);

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let Self(Version(tag), body) = self;
        let mut headers = HeaderMap::new();
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, tag);
        }
        (headers, Json(body)).into_response()
    }
}

/// `If-Match`: the versions a change is meant for; nothing is whatever there is.
#[derive(Clone, Debug)]
pub(crate) struct IfMatch(Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let lines = parts.headers.get_all(header::IF_MATCH).iter();
        let lines: Result<Vec<&str>, _> = lines.map(HeaderValue::to_str).collect();
        match lines {
            Ok(lines) if lines.is_empty() => Ok(Self(None)),
            Ok(lines) => Ok(Self(Some(lines.join(",")))),
            Err(_) => Err(Problem::new(
                Code::BadRequest,
                "If-Match names no version. Send the ETag of what you saw.",
            )),
        }
    }
}

impl IfMatch {
    /// Waits for this change's turn and looks whether it is meant for what there is. Changes take turns while the guard
    /// lives, so that nothing happens between the look and the change; they take turns in the database anyway.
    ///
    /// # Errors
    /// `precondition_failed`; whatever `now` finds.
    pub(crate) async fn turn<'a>(
        &self,
        app: &'a App,
        now: impl AsyncFnOnce() -> Result<Version, Problem>,
    ) -> Result<MutexGuard<'a, ()>, Problem> {
        let guard = app.changes.lock().await;
        let Some(wanted) = &self.0 else {
            return Ok(guard);
        };
        let now = now().await?;
        // A proxy that compresses weakens the tag it passes on, and the version is the same.
        let mut tags = wanted
            .split(',')
            .map(|tag| tag.trim().trim_start_matches("W/"));
        if tags.any(|tag| tag == "*" || tag == now.0) {
            return Ok(guard);
        }
        Err(Problem::new(
            Code::PreconditionFailed,
            "Somebody changed it since you looked. Read it again and repeat your change.",
        ))
    }
}
