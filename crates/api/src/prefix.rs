//! The path of the public address, where the server shares a host with others (`https://example.com/ml`). A proxy in
//! front may hand requests on with that path or without it: both are answered, and what leaves names the public one.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::uri::{PathAndQuery, Uri};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use tower::ServiceExt;

/// The path of a public address without its last slash: `/ml` of `https://example.com/ml/`, nothing of one without a path.
#[must_use]
pub fn prefix_of(public_url: &str) -> &str {
    let after_scheme = public_url.split_once("://").map_or("", |(_, rest)| rest);
    let path = after_scheme.find('/').map(|start| &after_scheme[start..]);
    path.unwrap_or_default().trim_end_matches('/')
}

/// Answers under the prefix what the router answers at its root, and at the root too. Without a prefix, the router itself.
pub(crate) fn under(prefix: &str, router: Router) -> Router {
    if prefix.is_empty() {
        return router;
    }
    let prefix: Arc<str> = prefix.into();
    Router::new().fallback(move |mut request: Request| {
        let (prefix, router) = (Arc::clone(&prefix), router.clone());
        async move {
            if let Some(inner) = inside(&prefix, request.uri()) {
                *request.uri_mut() = inner;
            }
            let mut response = match router.oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            relocate(&prefix, &mut response);
            response
        }
    })
}

/// The address below the prefix, for one that begins with it.
fn inside(prefix: &str, uri: &Uri) -> Option<Uri> {
    let below = uri.path().strip_prefix(prefix)?;
    let slash = match below.chars().next() {
        Some('/') => "",
        None => "/",
        Some(_) => return None,
    };
    let query = uri.query().map(|query| format!("?{query}"));
    let address = format!("{slash}{below}{}", query.unwrap_or_default());
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(address).ok()?);
    Uri::from_parts(parts).ok()
}

/// What an answer points to on this host lies below the prefix.
fn relocate(prefix: &str, response: &mut Response) {
    let Some(location) = response.headers().get(header::LOCATION) else {
        return;
    };
    let Ok(location) = location.to_str() else {
        return;
    };
    if !location.starts_with('/') || location.starts_with("//") {
        return;
    }
    if let Ok(public) = HeaderValue::from_str(&format!("{prefix}{location}")) {
        response.headers_mut().insert(header::LOCATION, public);
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use super::*;

    #[test]
    fn a_public_address_names_the_path_it_is_served_under() {
        for (url, prefix) in [
            ("https://example.com", ""),
            ("https://example.com/", ""),
            ("https://example.com/ml", "/ml"),
            ("https://example.com:8443/tools/ml/", "/tools/ml"),
        ] {
            assert_eq!(prefix_of(url), prefix, "{url}");
        }
    }

    #[test]
    fn only_whole_segments_are_taken_away() {
        let inside = |path: &str| inside("/ml", &path.parse().unwrap()).map(|uri| uri.to_string());
        assert_eq!(inside("/ml").as_deref(), Some("/"));
        assert_eq!(inside("/ml/").as_deref(), Some("/"));
        assert_eq!(inside("/ml?q=1").as_deref(), Some("/?q=1"));
        assert_eq!(
            inside("/ml/models?q=/ml/").as_deref(),
            Some("/models?q=/ml/")
        );
        assert_eq!(inside("/ml/a%2Fb").as_deref(), Some("/a%2Fb"));
        assert_eq!(inside("/ml/ml/x").as_deref(), Some("/ml/x"));
        for other in ["/mlx", "/models", "/", "/x/ml"] {
            assert_eq!(inside(other), None, "{other}");
        }
    }
}
