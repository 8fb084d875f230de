//! Requests that are turned away are remembered: 403 for whatever reason, and 402. A wrong password is remembered by the
//! sign-in itself, which knows more about it.

use std::sync::{Arc, OnceLock};

use axum::http::Method;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use trainyard_platform::{Caller, Origin};

use crate::App;
use crate::problem::{Code, Problem};

/// Who asked, once the extractor found out. The frame lends it to the request and looks at it when the answer is there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Witness(Arc<OnceLock<Caller>>);

impl Witness {
    /// Notes who asks.
    pub(crate) fn note(parts: &Parts, caller: &Caller) {
        if let Some(Self(slot)) = parts.extensions.get() {
            // A request asks as one person; a second extractor finds the same.
            let _ = slot.set(caller.clone());
        }
    }

    /// Remembers the answer when it is a refusal. An answer that cannot be remembered is not given.
    pub(crate) async fn remember(
        &self,
        app: &App,
        origin: &Origin,
        method: &Method,
        route: &str,
        response: Response,
    ) -> Response {
        let code = response.extensions().get::<Problem>().map(Problem::code);
        let Some(code @ (Code::Forbidden | Code::Csrf | Code::InsufficientTokens)) = code else {
            return response;
        };
        let caller = self.0.get();
        if caller.is_none() && code == Code::Forbidden {
            // Registration that is closed: its use case said so.
            return response;
        }
        let audit = app.platform.audit();
        let written = audit.refused(caller, origin, method.as_str(), route, code.name());
        match written.await {
            Ok(()) => response,
            Err(error) => Problem::from(error).into_response(),
        }
    }
}
