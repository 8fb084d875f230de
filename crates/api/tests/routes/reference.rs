//! The API's own description: committed as it is served, with a page that shows it.

use std::path::Path;

use axum::http::StatusCode;

use crate::app::TestApp;

#[test]
fn the_committed_document_is_what_the_routes_say() {
    let committed = include_str!("../../openapi.json");
    let now = trainyard_api::openapi_json();
    if committed != now {
        let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("openapi.json");
        std::fs::write(&copy, now).unwrap();
        panic!(
            "openapi.json is not what the routes say; run `cargo xtask openapi` (it is also in {})",
            copy.display()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_is_served_without_a_network() {
    let app = TestApp::empty().await;
    let document = app.get("/openapi.json").send().await;
    assert_eq!(document.status, StatusCode::OK);
    assert!(document.json()["paths"]["/api/v1/models/{id}/predictions"]["post"].is_object());

    let page = app.get("/docs/").send().await;
    assert_eq!(page.status, StatusCode::OK);
    let html = String::from_utf8(page.bytes.clone()).unwrap();
    assert!(
        !html.contains("http://") && !html.contains("https://"),
        "{html}"
    );
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.contains("script-src 'self';") && policy.contains("frame-ancestors 'none'"),
        "{policy}"
    );
    assert!(
        !html.contains("<script>"),
        "a script in the page would be refused by its policy: {html}"
    );
    for name in [
        "swagger-ui.css",
        "swagger-ui-bundle.js",
        "swagger-initializer.js",
    ] {
        let file = app.get(&format!("/docs/{name}")).send().await;
        assert_eq!(file.status, StatusCode::OK, "{name}");
    }
    let initializer = app.get("/docs/swagger-initializer.js").send().await;
    assert!(
        String::from_utf8(initializer.bytes)
            .unwrap()
            .contains("/openapi.json")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn health_and_pages_need_no_account() {
    let app = TestApp::empty().await;
    for path in ["/healthz", "/readyz"] {
        let answer = app.get(path).send().await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.json()["status"], "ok");
    }
    let page = app
        .get("/anything")
        .header("accept", "text/html")
        .send()
        .await;
    assert_eq!(page.bytes, b"a page");
    assert_eq!(page.headers["x-frame-options"], "DENY");
    let settings = app.get("/api/v1/settings/public").send().await.json();
    assert_eq!(settings["prices"]["train"], 1);
    assert_eq!(settings["prices"]["predict"], 5);
    assert_eq!(settings["limits"]["upload_bytes"], 1_073_741_824_u64);
}
