//! The envelope that everything is in.

use axum::Json as Reply;
use axum::http::StatusCode;
use serde_json::{Value, json};
use trainyard_platform::Timestamp;

use crate::frame::by_frame;
use crate::refusal::{Refusal, Says};
use crate::times;

/// What went well.
pub(super) fn success(data: impl Into<Value>) -> Reply<Value> {
    Reply(json!({ "success": true, "data": data.into(), "timestamp": now() }))
}

/// What went well, with a word about it.
pub(super) fn success_saying(data: impl Into<Value>, message: Option<&str>) -> Reply<Value> {
    Reply(json!({
        "success": true, "data": data.into(), "message": message, "timestamp": now(),
    }))
}

pub(super) fn now() -> String {
    times::iso(Timestamp::now())
}

/// What did not.
pub(super) fn refused(refusal: &Refusal) -> Value {
    let mut error = json!({ "code": code(refusal), "message": message(refusal) });
    let details = match &refusal.says {
        Says::Issues(_) => refusal.plain().get("detail").cloned(),
        _ if by_frame(refusal) || code(refusal) == "HTTP_ERROR" => None,
        _ => Some(json!({})),
    };
    if let (Some(details), Some(error)) = (details, error.as_object_mut()) {
        error.insert("details".to_owned(), details);
    }
    json!({ "success": false, "error": error, "timestamp": now() })
}

fn code(refusal: &Refusal) -> &'static str {
    if matches!(refusal.says, Says::Issues(_)) {
        return "VALIDATION_ERROR";
    }
    match refusal.status {
        StatusCode::INTERNAL_SERVER_ERROR => "INTERNAL_ERROR",
        _ if by_frame(refusal) => "HTTP_ERROR",
        StatusCode::BAD_REQUEST => "VALIDATION_ERROR",
        StatusCode::UNAUTHORIZED => "AUTHENTICATION_ERROR",
        StatusCode::FORBIDDEN => "AUTHORIZATION_ERROR",
        StatusCode::NOT_FOUND => "NOT_FOUND",
        _ => "HTTP_ERROR",
    }
}

fn message(refusal: &Refusal) -> String {
    if refusal.status == StatusCode::INTERNAL_SERVER_ERROR {
        return "An internal error occurred".to_owned();
    }
    refusal.text()
}
