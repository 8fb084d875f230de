//! Everything that is answered instead of a result, before a door puts it into its own shape. What the platform refuses
//! becomes one of these by one table.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use trainyard_platform::PlatformError;

/// What is said about it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Says {
    /// A sentence, under `detail`.
    Detail(String),
    /// A sentence, under `error`.
    Error(String),
    /// Wrong fields of a request.
    Issues(Vec<Issue>),
}

/// Who refuses: some doors tell it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// What stands around every handler: addresses, methods, credentials.
    Frame,
    /// A handler.
    Handler,
}

/// A refusal.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) says: Says,
    pub(crate) by: By,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// One wrong field, as pydantic tells it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Issue {
    kind: &'static str,
    place: Vec<Value>,
    message: String,
    input: Value,
    context: Option<Value>,
}

/// The result of everything here.
pub(crate) type Answer<T> = Result<T, Refusal>;

impl Issue {
    pub(crate) fn new(
        kind: &'static str,
        place: Vec<Value>,
        message: impl Into<String>,
        input: Value,
    ) -> Self {
        Self {
            kind,
            place,
            message: message.into(),
            input,
            context: None,
        }
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        let mut context = Map::new();
        context.insert(name.to_owned(), value.into());
        self.context = Some(Value::Object(context));
        self
    }

    pub(crate) fn json(&self) -> Value {
        let mut issue = json!({
            "type": self.kind, "loc": self.place, "msg": self.message, "input": self.input,
        });
        if let (Some(context), Some(issue)) = (&self.context, issue.as_object_mut()) {
            issue.insert("ctx".to_owned(), context.clone());
        }
        issue
    }
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, says: Says) -> Self {
        Self {
            status,
            says,
            by: By::Handler,
            headers: Vec::new(),
        }
    }

    /// A sentence under `detail`.
    pub(crate) fn detail(status: StatusCode, text: impl Into<String>) -> Self {
        Self::new(status, Says::Detail(text.into()))
    }

    /// A sentence under `error`.
    pub(crate) fn error(status: StatusCode, text: impl Into<String>) -> Self {
        Self::new(status, Says::Error(text.into()))
    }

    pub(crate) fn bad(text: impl Into<String>) -> Self {
        Self::detail(StatusCode::BAD_REQUEST, text)
    }

    pub(crate) fn not_found(text: impl Into<String>) -> Self {
        Self::detail(StatusCode::NOT_FOUND, text)
    }

    pub(crate) fn forbidden(text: impl Into<String>) -> Self {
        Self::detail(StatusCode::FORBIDDEN, text)
    }

    /// Nobody who may ask; tells how to sign in.
    pub(crate) fn unauthorized(text: impl Into<String>) -> Self {
        Self::detail(StatusCode::UNAUTHORIZED, text)
            .header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
    }

    /// Fields are wrong.
    pub(crate) fn issues(issues: Vec<Issue>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, Says::Issues(issues))
    }

    pub(crate) fn header(mut self, name: HeaderName, value: impl Into<HeaderValue>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Says that this was found before any handler was asked.
    pub(crate) fn by_frame(mut self) -> Self {
        self.by = By::Frame;
        self
    }

    /// The sentence, whatever its key.
    pub(crate) fn text(&self) -> String {
        match &self.says {
            Says::Detail(text) | Says::Error(text) => text.clone(),
            Says::Issues(_) => "Validation error".to_owned(),
        }
    }

    /// The body as most doors write it.
    pub(crate) fn plain(&self) -> Value {
        match &self.says {
            Says::Detail(text) => json!({ "detail": text }),
            Says::Error(text) => json!({ "error": text }),
            Says::Issues(issues) => {
                json!({ "detail": issues.iter().map(Issue::json).collect::<Vec<_>>() })
            }
        }
    }

    /// The answer with this body.
    pub(crate) fn written(&self, body: &Value) -> Response {
        let mut response = (self.status, axum::Json(body)).into_response();
        for (name, value) in &self.headers {
            response.headers_mut().insert(name.clone(), value.clone());
        }
        response
    }
}

impl IntoResponse for Refusal {
    /// Hands the refusal to the frame, which knows the door's shape.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<PlatformError> for Refusal {
    fn from(error: PlatformError) -> Self {
        let text = error.to_string();
        match error {
            PlatformError::Unauthenticated(_) => Self::unauthorized("Not authenticated").by_frame(),
            PlatformError::WrongCredentials => Self::detail(StatusCode::UNAUTHORIZED, text),
            PlatformError::Forbidden(_) => Self::forbidden(text),
            PlatformError::NotFound(_) => Self::not_found(text),
            PlatformError::Validation(problems) => {
                let details: Vec<&str> = problems
                    .iter()
                    .map(|problem| problem.detail.as_str())
                    .collect();
                Self::bad(details.join(" "))
            }
            PlatformError::Conflict { .. }
            | PlatformError::NotReady(_)
            | PlatformError::UnreadableFile { .. }
            | PlatformError::UnreadablePicture { .. } => Self::bad(text),
            PlatformError::Untrained { code, .. } if code != "internal" => Self::bad(text),
            PlatformError::TooLarge { .. } | PlatformError::QuotaExceeded { .. } => {
                Self::detail(StatusCode::PAYLOAD_TOO_LARGE, text)
            }
            PlatformError::InsufficientTokens { .. } => {
                Self::detail(StatusCode::PAYMENT_REQUIRED, text)
            }
            PlatformError::TooManyRequests {
                retry_after_seconds,
                ..
            } => Self::detail(StatusCode::TOO_MANY_REQUESTS, text)
                .header(header::RETRY_AFTER, retry_after_seconds),
            PlatformError::Preparing {
                retry_after_seconds,
                ..
            } => Self::detail(StatusCode::SERVICE_UNAVAILABLE, text)
                .header(header::RETRY_AFTER, retry_after_seconds),
            PlatformError::Unavailable(_) | PlatformError::DiskFull => {
                Self::detail(StatusCode::SERVICE_UNAVAILABLE, text)
            }
            error => {
                tracing::error!(cause = error.cause(), "a request failed by our mistake");
                Self::internal()
            }
        }
    }
}

impl Refusal {
    /// Our own mistake; says nothing of what it was.
    pub(crate) fn internal() -> Self {
        Self::detail(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
    }
}
