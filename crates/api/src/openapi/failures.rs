//! How each operation can fail: one response a status, with the codes it comes with. Most follows from what an operation
//! is (whom it asks who they are, what it takes, where it looks); the rest is in [`ALSO`]. The tests hold every answer
//! they get against it, so that a status nobody wrote down is a failed test.

use std::collections::BTreeSet;

use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Response, ResponseBuilder};

use super::operations;
use crate::problem::{Code, MEDIA_TYPE};
use crate::routes::PUBLIC;

/// What does not follow from the operation itself.
const ALSO: &[(&str, &str, &[u16])] = &[
    ("POST", "/api/v1/setup", &[409]),
    ("POST", "/api/v1/auth/register", &[409]),
    ("POST", "/api/v1/auth/login", &[401]),
    ("POST", "/api/v1/auth/refresh", &[401]),
    ("PATCH", "/api/v1/me", &[409]),
    ("DELETE", "/api/v1/me", &[409]),
    ("POST", "/api/v1/me/api-keys", &[409]),
    ("GET", "/api/v1/datasets/{id}/profile", &[409, 422]),
    ("GET", "/api/v1/datasets/{id}/rows", &[409, 422]),
    ("POST", "/api/v1/datasets/{id}/schema", &[409]),
    ("POST", "/api/v1/models", &[404, 409]),
    ("PATCH", "/api/v1/models/{id}", &[409]),
    ("DELETE", "/api/v1/models", &[404, 422]),
    ("GET", "/api/v1/models/compare", &[404, 409, 422]),
    ("POST", "/api/v1/models/import", &[409]),
    ("GET", "/api/v1/models/{id}/export", &[422]),
    ("PUT", "/api/v1/models/{id}/aliases/{alias}", &[422]),
    ("GET", "/api/v1/models/{id}/confusion-matrix/rows", &[422]),
    ("GET", "/api/v1/models/{id}/partial-dependence", &[422]),
    ("GET", "/api/v1/models/{id}/tree", &[422]),
    ("GET", "/api/v1/models/{id}/accuracy", &[422]),
    ("GET", "/api/v1/models/{id}/drift", &[422]),
    ("POST", "/api/v1/predictions/truth", &[404]),
    ("GET", "/api/v1/batch-predictions/{id}/result", &[409]),
    ("POST", "/api/v1/compare-train", &[404, 409]),
    ("POST", "/api/v1/studies", &[404, 409]),
    ("POST", "/api/v1/jobs/{id}/stop", &[409]),
    ("POST", "/api/v1/datasets", &[409]),
    ("POST", "/api/v1/samples/{name}", &[409]),
    ("POST", "/api/v1/digits/predictions", &[404, 409]),
    ("POST", "/api/v1/digits/guest-predictions", &[401, 409]),
    ("POST", "/api/v1/admin/digits/models", &[404, 409]),
    ("PATCH", "/api/v1/admin/digits", &[404, 409]),
    ("POST", "/api/v1/g/{slug}/predictions", &[409]),
    ("POST", "/api/v1/g/{slug}/pictures", &[409]),
    ("POST", "/api/v1/admin/users", &[409]),
    ("PATCH", "/api/v1/admin/users/{id}", &[409]),
    ("DELETE", "/api/v1/admin/users/{id}", &[409]),
    ("GET", "/api/v1/admin/audit-events/export", &[422]),
    ("GET", "/api/v1/admin/stats/days", &[422]),
];

/// Gives every operation of the document its failures.
pub(super) fn add(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            for status in statuses(method, path, operation) {
                let failure = RefOr::Ref(Ref::from_response_name(name(status)));
                let known = &mut operation.responses.responses;
                known.entry(status.to_string()).or_insert(failure);
            }
        }
    }
    let components = document.components.get_or_insert_default();
    let all: BTreeSet<u16> = Code::ALL
        .iter()
        .map(|code| code.status().as_u16())
        .collect();
    for status in all {
        let problem = RefOr::T(problem(status));
        components.responses.insert(name(status), problem);
    }
}

fn name(status: u16) -> String {
    format!("Problem{status}")
}

/// A problem of this status, and what it can mean.
fn problem(status: u16) -> Response {
    let codes = Code::ALL
        .iter()
        .filter(|code| code.status().as_u16() == status)
        .map(|code| format!("`{}`: {}", code.name(), code.doc()));
    let schema = Ref::from_schema_name("Problem");
    ResponseBuilder::new()
        .description(codes.collect::<Vec<_>>().join("\n\n"))
        .content(MEDIA_TYPE, Content::new(Some(schema)))
        .build()
}

fn statuses(method: &str, path: &str, operation: &Operation) -> BTreeSet<u16> {
    let takes = |place: ParameterIn, name: &str| {
        let mut all = operation.parameters.iter().flatten();
        all.any(|one| match one {
            RefOr::T(one) => one.parameter_in == place && one.name.eq_ignore_ascii_case(name),
            RefOr::Ref(_) => false,
        })
    };
    let body = operation.request_body.as_ref();
    let takes_json = match body {
        Some(RefOr::T(body)) => body.content.contains_key("application/json"),
        _ => false,
    };
    // Whatever is asked: a name that is not ours, a query that cannot be read; and mistakes of our own.
    let mut all = BTreeSet::from([400, 500]);
    let mut when = |so: bool, statuses: &[u16]| {
        if so {
            all.extend(statuses);
        }
    };
    when(path != "/healthz", &[429, 503]);
    when(
        path.starts_with("/api/") || path.starts_with("/v2/"),
        &[408],
    );
    when(!PUBLIC.contains(&(method, path)), &[401, 403]);
    // Another site's page is refused whatever it wants to change.
    when(method != "GET", &[403]);
    when(path.contains('{'), &[404]);
    // A model or a study that has not come so far, or cannot any more.
    let inside = [
        "/api/v1/models/{id}/",
        "/api/v1/studies/{id}/",
        "/v2/models/{id}",
    ];
    when(inside.iter().any(|noun| path.starts_with(noun)), &[409]);
    when(body.is_some(), &[413, 422]);
    when(takes_json, &[415]);
    when(takes(ParameterIn::Query, "cursor"), &[422]);
    when(takes(ParameterIn::Header, "Idempotency-Key"), &[402, 422]);
    when(takes(ParameterIn::Header, "If-Match"), &[412]);
    let also = ALSO
        .iter()
        .find(|(its, at, _)| (*its, *at) == (method, path));
    when(true, also.map_or(&[][..], |(.., statuses)| statuses));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_operation_exists() {
        let mut document = crate::openapi::document();
        for (method, path, _) in ALSO {
            let item = document.paths.paths.get_mut(*path);
            let found = item.is_some_and(|item| operations(item).any(|(its, _)| its == *method));
            assert!(found, "{method} {path}");
        }
    }
}
