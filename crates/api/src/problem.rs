//! Everything that goes wrong has one shape (RFC 9457) and one table of codes. A handler returns a [`Problem`];
//! `frame` writes it, with the request's identifier, whoever made it.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use trainyard_platform::{FieldProblem, PlatformError};
use utoipa::ToSchema;

macro_rules! codes {
    ($($variant:ident, $name:literal, $status:literal, $title:literal, $doc:literal;)*) => {
        /// A stable name of what went wrong, for programs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $(#[doc = $doc] $variant),* }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The code's name in JSON.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The HTTP status it comes with.
            #[must_use]
            pub fn status(self) -> StatusCode {
                let number = match self { $(Self::$variant => $status),* };
                StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }

            /// Its title for people.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),* }
            }

            /// When it comes.
            #[must_use]
            pub const fn doc(self) -> &'static str {
                match self { $(Self::$variant => $doc),* }
            }
        }
    };
}

codes! {
    BadRequest, "bad_request", 400, "Bad request", "The request is not well-formed: broken JSON, a bad header or query.";
    Unauthenticated, "unauthenticated", 401, "Not signed in", "No session or token, or it has ended.";
    WrongCredentials, "wrong_credentials", 401, "Wrong name or password", "Name and password do not belong together.";
    InsufficientTokens, "insufficient_tokens", 402, "Not enough tokens", "The balance does not cover the price; see `needed` and `balance`.";
    Forbidden, "forbidden", 403, "Not allowed", "The role does not allow it, or it is switched off.";
    Csrf, "csrf", 403, "Request from another site", "A page of another site sent it.";
    NotFound, "not_found", 404, "Not found", "There is none, or none that you may see.";
    MethodNotAllowed, "method_not_allowed", 405, "Method not allowed", "The address exists, but not for this method; see `Allow`.";
    Timeout, "timeout", 408, "Too slow", "The request's body did not arrive in time.";
    Conflict, "conflict", 409, "Conflict", "It collides with something that exists; see `field`.";
    NotReady, "not_ready", 409, "Not ready", "The data set or model cannot be used yet.";
    PreconditionFailed, "precondition_failed", 412, "Changed meanwhile", "It is no longer the version that `If-Match` names; read it again.";
    QuotaExceeded, "quota_exceeded", 409, "No room left", "Your data sets and models take all the room you may have; see `used` and `limit`.";
    PayloadTooLarge, "payload_too_large", 413, "Too large", "The body is larger than allowed; see `limit`.";
    UnsupportedMediaType, "unsupported_media_type", 415, "Unsupported media type", "The body is not of a type that is read here.";
    Validation, "validation", 422, "Some fields need a change", "Fields are wrong; `errors` names each.";
    KeyReused, "idempotency_key_reused", 422, "Key of another request", "The `Idempotency-Key` was used for another request; a new request needs a new key.";
    UnreadableFile, "unreadable_file", 422, "Not a readable file", "The file is no table, or no model file, that can be read; see `reason`.";
    UnreadablePicture, "unreadable_picture", 422, "Not a readable picture", "The file is no picture, or one that shows nothing; see `reason`.";
    TooManyRequests, "too_many_requests", 429, "Too many requests", "Too much at once; see `Retry-After`.";
    Internal, "internal", 500, "Our mistake", "Something went wrong on our side.";
    Unavailable, "unavailable", 503, "Not available", "It cannot be done right now.";
}

/// What went wrong, as RFC 9457 writes it.
#[derive(Clone, Debug)]
pub struct Problem {
    code: Code,
    detail: String,
    errors: Vec<FieldProblem>,
    extras: Map<String, Value>,
    headers: HeaderMap,
}

/// A problem in JSON, as the reference describes it.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody {
    /// A stable path, `/errors/<code>`.
    #[serde(rename = "type")]
    kind: String,
    /// What kind of problem, for people.
    title: String,
    /// The HTTP status.
    status: u16,
    /// A stable name, for programs.
    #[schema(example = "validation")]
    code: String,
    /// What happened and what to do.
    detail: String,
    /// The request, for whoever reads the log.
    request_id: String,
    /// Wrong fields, by JSON pointer into the request.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldBody>,
    #[serde(flatten)]
    #[schema(ignore)]
    extras: Map<String, Value>,
}

/// One wrong field.
#[derive(Serialize, ToSchema)]
#[schema(as = FieldProblem)]
pub(crate) struct FieldBody {
    /// JSON pointer into the request.
    #[schema(example = "/params/max_depth")]
    pointer: String,
    /// What is wrong and what to do.
    detail: String,
}

/// The media type of problems.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

impl Problem {
    /// A problem of this code.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            errors: Vec::new(),
            extras: Map::new(),
            headers: HeaderMap::new(),
        }
    }

    pub(crate) fn field(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let mut problem = Self::new(Code::Validation, detail.clone());
        problem.errors.push(FieldProblem::new(pointer, detail));
        problem
    }

    fn extra(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.extras.insert(name.to_owned(), value.into());
        self
    }

    /// The same with its text under the name `error` as well.
    pub(crate) fn with_error(self) -> Self {
        let detail = self.detail.clone();
        self.extra("error", detail)
    }

    pub(crate) fn header(mut self, name: HeaderName, value: impl Into<HeaderValue>) -> Self {
        self.headers.insert(name, value.into());
        self
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// The problem that a bare status stands for: what a library refused before a handler saw it.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        let (code, detail) = match status.as_u16() {
            401 => (
                Code::Unauthenticated,
                "You are not signed in. Sign in and try again.",
            ),
            403 => (Code::Forbidden, "This is not allowed."),
            404 => (
                Code::NotFound,
                "Nothing is served at this address. The API reference is at /docs.",
            ),
            405 => (
                Code::MethodNotAllowed,
                "This address does not take this method; the Allow header names those it takes.",
            ),
            408 => (
                Code::Timeout,
                "The request did not arrive in time. Try again.",
            ),
            413 => (
                Code::PayloadTooLarge,
                "The body is larger than allowed here.",
            ),
            415 => (
                Code::UnsupportedMediaType,
                "The body is not of a type that is read here. Send application/json.",
            ),
            422 => (
                Code::Validation,
                "The request cannot be read as what is expected here.",
            ),
            429 => (
                Code::TooManyRequests,
                "Too many requests at once. Try again in a moment.",
            ),
            503 => (
                Code::Unavailable,
                "This cannot be done right now. Try again in a moment.",
            ),
            500..=599 => return Self::internal(),
            _ => (Code::BadRequest, "The request is not well-formed."),
        };
        Self::new(code, detail)
    }

    /// Our own mistake; says nothing of what it was.
    pub(crate) fn internal() -> Self {
        Self::from(PlatformError::Internal(String::new()))
    }

    /// The answer, for this request.
    pub(crate) fn render(self, request_id: &str) -> Response {
        let body = ProblemBody {
            kind: format!("/errors/{}", self.code.name()),
            title: self.code.title().to_owned(),
            status: self.code.status().as_u16(),
            code: self.code.name().to_owned(),
            detail: self.detail,
            request_id: request_id.to_owned(),
            errors: self
                .errors
                .into_iter()
                .map(|error| FieldBody {
                    pointer: error.pointer,
                    detail: error.detail,
                })
                .collect(),
            extras: self.extras,
        };
        let text = serde_json::to_string(&body).unwrap_or_default();
        let mut response = (self.code.status(), text).into_response();
        response.headers_mut().extend(self.headers);
        let media = HeaderValue::from_static(MEDIA_TYPE);
        response.headers_mut().insert(header::CONTENT_TYPE, media);
        if self.code == Code::Unauthenticated {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl IntoResponse for Problem {
    /// Hands the problem to `frame`, which knows the request's identifier.
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<PlatformError> for Problem {
    fn from(error: PlatformError) -> Self {
        let text = error.to_string();
        match error {
            PlatformError::Unauthenticated(_) => Self::new(Code::Unauthenticated, text),
            PlatformError::WrongCredentials => Self::new(Code::WrongCredentials, text),
            PlatformError::Forbidden(_) => Self::new(Code::Forbidden, text),
            PlatformError::NotFound(_) => Self::new(Code::NotFound, text),
            PlatformError::Conflict {
                what: "idempotency_key",
                ..
            } => Self::new(Code::KeyReused, text),
            PlatformError::Conflict { what, .. } => {
                Self::new(Code::Conflict, text).extra("field", what)
            }
            PlatformError::NotReady(_) => Self::new(Code::NotReady, text),
            PlatformError::Validation(errors) => Self {
                errors,
                ..Self::new(Code::Validation, text)
            },
            PlatformError::UnreadableFile { reason, .. } => {
                Self::new(Code::UnreadableFile, text).extra("reason", reason)
            }
            PlatformError::UnreadablePicture { reason, .. } => {
                Self::new(Code::UnreadablePicture, text).extra("reason", reason)
            }
            PlatformError::Preparing {
                progress,
                retry_after_seconds,
                ..
            } => Self::new(Code::Unavailable, text)
                .extra("progress", progress)
                .header(header::RETRY_AFTER, retry_after_seconds),
            PlatformError::QuotaExceeded { used, limit } => Self::new(Code::QuotaExceeded, text)
                .extra("used", used)
                .extra("limit", limit),
            PlatformError::TooLarge { limit } => {
                Self::new(Code::PayloadTooLarge, text).extra("limit", limit)
            }
            PlatformError::InsufficientTokens { needed, balance } => {
                Self::new(Code::InsufficientTokens, text)
                    .extra("needed", needed)
                    .extra("balance", balance)
            }
            PlatformError::TooManyRequests {
                retry_after_seconds,
                ..
            } => Self::new(Code::TooManyRequests, text)
                .header(header::RETRY_AFTER, retry_after_seconds),
            PlatformError::Unavailable(_) | PlatformError::DiskFull => {
                Self::new(Code::Unavailable, text)
            }
            error => {
                let cause = error.cause();
                if !cause.is_empty() {
                    tracing::error!(cause, "a request failed by our mistake");
                }
                Self::new(Code::Internal, text)
            }
        }
    }
}
