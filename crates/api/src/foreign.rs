//! Doors that speak in their own ways, and stand beside the API in the same frame. What they answer leaves as they wrote
//! it. One of them may also answer at the root, where people's pages stay what they are.

use axum::Router;
use axum::extract::Request;
use axum::http::{Method, header};
use axum::middleware::{Next, from_fn, map_response};
use axum::response::Response;
use tower::ServiceExt;

/// Where the API and its reference answer themselves, whoever else answers at the root.
const OWN: &[&str] = &[
    "/api/v1",
    "/dialects",
    "/docs",
    "/redoc",
    "/healthz",
    "/readyz",
    "/metrics",
    "/v2",
];

/// Doors beside the API.
#[derive(Clone, Debug, Default)]
pub struct Foreign {
    /// Those with addresses of their own.
    pub mounted: Router,
    /// The one that answers at the root.
    pub root: Option<Router>,
}

/// Marks an answer that leaves as it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spoken;

/// Marks an answer of a door that knows nothing of the address.
#[derive(Clone, Copy, Debug)]
pub struct UnknownHere;

impl Foreign {
    /// Puts the doors beside the rest, each in the same frame.
    pub(crate) fn beside(self, rest: Router, framed: impl Fn(Router) -> Router) -> Router {
        let spoken = |router: Router| {
            framed(router.layer(map_response(async |mut response: Response| {
                response.extensions_mut().insert(Spoken);
                response
            })))
        };
        let rest = rest.merge(spoken(self.mounted));
        match self.root.map(spoken) {
            Some(root) => rest.layer(from_fn(move |request, next| {
                at_root(root.clone(), request, next)
            })),
            None => rest,
        }
    }
}

/// Sends a request to the door at the root, unless it is somebody looking at a page, or for what is answered elsewhere.
async fn at_root(root: Router, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let own = |prefix: &str| {
        path.strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if OWN.iter().any(|prefix| own(prefix)) {
        return next.run(request).await;
    }
    let looks = matches!(*request.method(), Method::GET | Method::HEAD);
    if !looks {
        return whatever(root.oneshot(request).await);
    }
    let mut accepted = request.headers().get_all(header::ACCEPT).iter();
    if accepted.any(|value| {
        value
            .to_str()
            .is_ok_and(|value| value.contains("text/html"))
    }) {
        return next.run(request).await;
    }
    // The pages' own files are asked for like this too: what the door does not know is looked for there.
    let (parts, body) = request.into_parts();
    let asked = Request::from_parts(parts.clone(), axum::body::Body::empty());
    let answer = whatever(root.oneshot(asked).await);
    if answer.extensions().get::<UnknownHere>().is_some() {
        return next.run(Request::from_parts(parts, body)).await;
    }
    answer
}

fn whatever(answer: Result<Response, std::convert::Infallible>) -> Response {
    match answer {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
