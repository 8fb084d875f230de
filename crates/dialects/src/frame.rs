//! What happens around every request of a door: it is refused while the door is shut, pages of other sites are told whether
//! they may ask, refusals and panics are put into the door's shape, and what was turned away is remembered.

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tower_http::catch_panic::CatchPanicLayer;
use trainyard_platform::{Caller, Dialect, Door, Origin, TokenFault};

use crate::App;
use crate::cors::Cors;
use crate::refusal::{By, Refusal};

/// How a door speaks.
#[derive(Debug)]
pub(crate) struct Voice {
    /// Which one it is.
    pub(crate) dialect: Dialect,
    /// The body of a refusal.
    pub(crate) shape: fn(&Refusal) -> Value,
    /// What is said of a token that is not good.
    pub(crate) fault: fn(TokenFault) -> Refusal,
    /// Whose pages may ask.
    pub(crate) cors: Cors,
}

/// Marks an answer to an address that the door does not know.
#[derive(Clone, Copy, Debug)]
pub struct Unknown;

/// Who asked, once that is known; lent to the request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Witness(pub(crate) Arc<OnceLock<Caller>>);

/// From where a request comes, at this door.
pub(crate) fn origin(extensions: &axum::http::Extensions, dialect: Dialect) -> Origin {
    let door = Door::Dialect(dialect);
    match extensions.get::<Origin>() {
        Some(origin) => Origin {
            door,
            ..origin.clone()
        },
        None => Origin {
            door,
            address: None,
            agent: None,
            request_id: None,
        },
    }
}

/// Puts the frame around a door's routes.
pub(crate) fn framed(routes: Router<App>, app: App) -> Router {
    routes
        .fallback(unknown)
        .method_not_allowed_fallback(async || {
            Refusal::detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed").by_frame()
        })
        .layer(DefaultBodyLimit::disable())
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), around))
        .with_state(app)
}

async fn unknown() -> Response {
    let mut response = Refusal::not_found("Not Found").by_frame().into_response();
    response.extensions_mut().insert(Unknown);
    response
}

async fn around(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let asking = request.headers().get(header::ORIGIN).cloned();
    let origin = origin(request.extensions(), app.voice.dialect);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let witness = Witness::default();
    request.extensions_mut().insert(witness.clone());
    let mut response = if !app.platform.dialect_is_on(app.voice.dialect) {
        unknown().await
    } else if let Some(answer) = app.voice.cors.preflight(&method, request.headers()) {
        return answer;
    } else {
        next.run(request).await
    };
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        let refusal = remembered(&app, &witness, &origin, &method, &path, refusal).await;
        response = rewritten(&app, &refusal, response);
    }
    app.voice
        .cors
        .write(asking.as_ref(), response.headers_mut());
    no_store(response.headers_mut());
    response
}

/// Remembers that somebody was turned away. An answer that cannot be remembered is not given.
async fn remembered(
    app: &App,
    witness: &Witness,
    origin: &Origin,
    method: &Method,
    path: &str,
    refusal: Refusal,
) -> Refusal {
    let code = match refusal.status {
        StatusCode::FORBIDDEN => "forbidden",
        StatusCode::PAYMENT_REQUIRED => "insufficient_tokens",
        _ => return refusal,
    };
    let Some(caller) = witness.0.get() else {
        return refusal;
    };
    let path: String = path.chars().take(200).collect();
    let audit = app.platform.audit();
    let written = audit.refused(Some(caller), origin, method.as_str(), &path, code);
    match written.await {
        Ok(()) => refusal,
        Err(error) => Refusal::from(error),
    }
}

/// The refusal in the door's shape, with the marks and headers of the answer it stands for.
fn rewritten(app: &App, refusal: &Refusal, response: Response) -> Response {
    let mut written = refusal.written(&(app.voice.shape)(refusal));
    if let Some(allowed) = response.headers().get(header::ALLOW) {
        written.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    if let Some(mark) = response.extensions().get::<Unknown>() {
        written.extensions_mut().insert(*mark);
    }
    written
}

fn no_store(headers: &mut HeaderMap) {
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(axum::http::HeaderValue::from_static("no-store"));
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the layer hands the panic over"
)]
fn panicked(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!(panic = text.unwrap_or("no text"), "a handler panicked");
    Refusal::internal().into_response()
}

/// Whether a refusal came from what stands around the handlers.
pub(crate) fn by_frame(refusal: &Refusal) -> bool {
    refusal.by == By::Frame
}
