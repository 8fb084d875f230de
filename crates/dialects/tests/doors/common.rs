//! What all doors have in common: addresses with and without the last slash, methods, unknown addresses, and whose pages
//! may ask.

use serde_json::{Value, json};
use trainyard_platform::Dialect;

use crate::app::{Answer, TestApp};

/// Every address of the contracts with its methods.
const ADDRESSES: [(&str, &[(&str, &str)]); 5] = [
    (
        "/dialects/autoclassifier",
        &[
            ("POST", "/register"),
            ("POST", "/login"),
            ("POST", "/admin/register"),
            ("GET", "/admin/users"),
            ("DELETE", "/admin/user/1"),
            ("POST", "/fit"),
            ("POST", "/predict"),
            ("POST", "/predict-file"),
            ("GET", "/list-models"),
            ("POST", "/load-model"),
            ("DELETE", "/delete-model"),
            ("DELETE", "/delete-all-models"),
            ("PUT", "/rename-model"),
            ("GET", "/model-metadata"),
        ],
    ),
    (
        "/dialects/token-platform",
        &[
            ("POST", "/user/create"),
            ("POST", "/user/login"),
            ("GET", "/user/tokens"),
            ("POST", "/user/reset_password"),
            ("DELETE", "/user/remove_user"),
            ("GET", "/models"),
            ("GET", "/trained"),
            ("GET", "/trained/x"),
            ("POST", "/create"),
            ("POST", "/predict/x"),
            ("DELETE", "/delete/x"),
            ("GET", "/admin/users"),
            ("POST", "/admin/users/1/tokens"),
            ("POST", "/admin/users/1/reset_password"),
            ("DELETE", "/admin/users/1"),
        ],
    ),
    (
        "/dialects/grid-search",
        &[
            ("POST", "/request_token"),
            ("POST", "/train"),
            ("POST", "/predict"),
            ("GET", "/status"),
        ],
    ),
    (
        "/dialects/digit-ocr",
        &[
            ("GET", "/health"),
            ("POST", "/api/auth/login"),
            ("POST", "/api/auth/logout"),
            ("POST", "/api/auth/refresh"),
            ("GET", "/api/auth/me"),
            ("GET", "/api/predict/status"),
            ("POST", "/api/predict/train"),
            ("POST", "/api/predict"),
            ("POST", "/api/batch"),
            ("GET", "/api/batch/x"),
            ("GET", "/api/models"),
            ("GET", "/api/models/1"),
            ("GET", "/api/models/1/metrics"),
            ("GET", "/api/models/1/confusion-matrix"),
            ("GET", "/api/models/1/roc-curve"),
            ("POST", "/api/models/1/tune"),
            ("GET", "/api/models/1/tune/x"),
            ("GET", "/api/models/1/export"),
            ("POST", "/api/models/train"),
            ("GET", "/api/admin/stats"),
            ("GET", "/api/admin/users"),
            ("POST", "/api/admin/users"),
            ("PUT", "/api/admin/users/1"),
            ("DELETE", "/api/admin/users/1"),
            ("GET", "/api/admin/api-config"),
            ("GET", "/api/admin/audit-logs"),
            ("GET", "/api/admin/audit-logs/export"),
            ("GET", "/api/admin/batch-jobs"),
            ("GET", "/api/admin/batch-jobs/x"),
        ],
    ),
    (
        "/dialects/lesson-prices",
        &[
            ("GET", "/health"),
            ("POST", "/auth/signup"),
            ("POST", "/auth/login"),
            ("GET", "/auth/tokens"),
            ("POST", "/auth/add_tokens"),
            ("DELETE", "/auth/remove_user"),
            ("POST", "/training/train"),
            ("POST", "/training/train_multi"),
            ("GET", "/models"),
            ("POST", "/models/predict/x"),
        ],
    ),
];

/// The answer without what differs from one moment to the next.
fn timeless(answer: &Answer) -> (u16, Value) {
    let mut body = answer.json();
    if let Some(body) = body.as_object_mut() {
        body.remove("timestamp");
    }
    (answer.status, body)
}

/// What a door says in its own shape.
fn says(base: &str, text: &str) -> Value {
    if base.ends_with("digit-ocr") {
        return json!({ "success": false, "error": { "code": "HTTP_ERROR", "message": text } });
    }
    json!({ "detail": text })
}

#[tokio::test]
async fn addresses_answer_with_and_without_the_last_slash() {
    let app = TestApp::start().await;
    for (base, addresses) in ADDRESSES {
        for (method, path) in addresses {
            let door = app.door(base);
            let ask = |path: String| {
                door.call(method, &path)
                    .header("content-type", "application/json")
            };
            let without = ask((*path).to_owned()).send().await;
            let with = ask(format!("{path}/")).send().await;
            assert_eq!(
                timeless(&without),
                timeless(&with),
                "{base} {method} {path}"
            );
            assert_ne!(without.status, 405, "{base} {method} {path}");
            assert_ne!(
                timeless(&without),
                (404, says(base, "Not Found")),
                "{base} {method} {path}"
            );
            assert_eq!(
                without.header("cache-control"),
                "no-store",
                "{base} {method} {path}"
            );
        }
    }
}

#[tokio::test]
async fn other_methods_and_addresses_are_told_in_the_door_s_shape() {
    let app = TestApp::start().await;
    for (base, addresses) in ADDRESSES {
        let door = app.door(base);
        for (_, path) in addresses {
            let answer = door.call("PATCH", path).send().await;
            assert_eq!(
                timeless(&answer),
                (405, says(base, "Method Not Allowed")),
                "{base} {path}"
            );
            let allowed = answer.header("allow");
            let methods = addresses.iter().filter(|(_, other)| other == path);
            for (method, _) in methods {
                assert!(allowed.contains(method), "{base} {path} allows {allowed}");
            }
        }
        for path in ["/nothing", "/", "", "/user/create/more", "/%FF"] {
            for method in ["GET", "POST"] {
                let answer = door.call(method, path).send().await;
                assert_eq!(
                    timeless(&answer),
                    (404, says(base, "Not Found")),
                    "{base} {method} {path}"
                );
            }
        }
    }
}

#[tokio::test]
async fn pages_at_known_origins_may_ask_and_no_others() {
    let app = TestApp::start().await;
    let evil = "http://evil.example";
    for (base, origins, path) in [
        (
            "/dialects/autoclassifier",
            &["http://localhost:5173"][..],
            "/list-models",
        ),
        ("/dialects/token-platform", &[][..], "/models"),
        (
            "/dialects/grid-search",
            &["http://localhost:3000"][..],
            "/status",
        ),
        (
            "/dialects/digit-ocr",
            &["http://localhost:3000", "http://localhost:5173"][..],
            "/api/models",
        ),
        (
            "/dialects/lesson-prices",
            &[evil, "http://localhost:3000"][..],
            "/health",
        ),
    ] {
        let door = app.door(base);
        for origin in ["http://localhost:5173", "http://localhost:3000", evil] {
            let allowed = origins.contains(&origin) || base.ends_with("lesson-prices");
            let wanted = if allowed { origin } else { "" };
            let answer = door.get(path).header("origin", origin).send().await;
            assert_eq!(
                answer.header("access-control-allow-origin"),
                wanted,
                "{base} {origin}"
            );
            let call = door.call("OPTIONS", path).header("origin", origin);
            let call = call.header("access-control-request-method", "GET");
            let answer = call
                .header("access-control-request-headers", "authorization")
                .send()
                .await;
            assert_eq!(
                answer.header("access-control-allow-origin"),
                wanted,
                "{base} {origin}"
            );
            let status = match (allowed, origins.is_empty()) {
                (true, _) => 200,
                (false, true) => 405,
                (false, false) => 400,
            };
            assert_eq!(answer.status, status, "{base} {origin}: {answer:?}");
            if allowed {
                assert_eq!(
                    answer.header("access-control-allow-credentials"),
                    "true",
                    "{base}"
                );
                assert_eq!(
                    answer.header("access-control-allow-headers"),
                    "authorization",
                    "{base}"
                );
                assert_eq!(answer.header("vary"), "Origin", "{base}");
            }
        }
    }
}

#[tokio::test]
async fn a_door_that_is_shut_knows_no_address() {
    let app = TestApp::start().await;
    for dialect in Dialect::ALL {
        let setting = format!("dialect_{}", dialect.name().replace('-', "_"));
        app.set(json!({ setting: false })).await;
    }
    for (base, addresses) in ADDRESSES {
        for (method, path) in addresses {
            let answer = app.door(base).call(method, path).send().await;
            assert_eq!(
                timeless(&answer),
                (404, says(base, "Not Found")),
                "{base} {method} {path}"
            );
        }
    }
}
