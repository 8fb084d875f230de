//! Holds every answer that any test gets against the API's own document: its status and its media type stand there.

use std::sync::OnceLock;

use axum::http::Method;
use axum::response::Response;
use serde_json::Value;

fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| serde_json::from_str(&trainyard_api::openapi_json()).unwrap())
}

/// The path of the document that an address belongs to: of several the one with the fewest parameters, as it is routed.
fn route(address: &str) -> Option<(&'static String, &'static Value)> {
    let parts: Vec<&str> = address.split('/').collect();
    let fits = |path: &str| {
        let wanted: Vec<&str> = path.split('/').collect();
        let fits = |(wanted, part): (&&str, &&str)| {
            wanted == part || wanted.starts_with('{') && !part.is_empty()
        };
        wanted.len() == parts.len() && wanted.iter().zip(&parts).all(fits)
    };
    let paths = document()["paths"].as_object().unwrap().iter();
    let fitting = paths.filter(|(path, _)| fits(path));
    fitting.min_by_key(|(path, _)| path.matches('{').count())
}

/// Asserts that the document has this answer. What it does not describe (pages, addresses that do not exist, methods that
/// are not allowed) is not looked at.
pub(crate) fn check(method: &Method, address: &str, response: &Response) {
    let Some((path, item)) = route(address) else {
        return;
    };
    let Some(operation) = item.get(method.as_str().to_lowercase()) else {
        return;
    };
    let status = response.status();
    let documented = &operation["responses"][status.as_str()];
    assert!(
        documented.is_object(),
        "{method} {path} answers {status}, which its document does not name"
    );
    let documented = match documented["$ref"].as_str() {
        Some(place) => document().pointer(place.trim_start_matches('#')).unwrap(),
        None => documented,
    };
    let kind = response.headers().get("content-type");
    let kind = kind.and_then(|kind| kind.to_str().ok()?.split(';').next());
    let kinds: Vec<&String> = documented["content"]
        .as_object()
        .into_iter()
        .flat_map(|kinds| kinds.keys())
        .collect();
    assert!(
        kind.is_some_and(|kind| kinds.iter().any(|one| *one == kind))
            || kind.is_none() && kinds.is_empty(),
        "{method} {path} answers {status} with {kind:?}; its document names {kinds:?}"
    );
}

#[test]
fn an_address_finds_its_route() {
    let found = |address: &str| route(address).map(|(path, _)| path.as_str());
    assert_eq!(found("/api/v1/models/7"), Some("/api/v1/models/{id}"));
    assert_eq!(
        found("/api/v1/admin/audit-events/export"),
        Some("/api/v1/admin/audit-events/export")
    );
    assert_eq!(found("/api/v1/models/7/nothing"), None);
    assert_eq!(found("/api/v1/models/"), None);
}
