//! One of the doors at the root, beside the web app and the canonical API.

use serde_json::json;
use trainyard_platform::Dialect;

use crate::app::TestApp;

#[tokio::test]
async fn clients_and_browsers_share_the_root() {
    let app = TestApp::start().await.rooted(Dialect::TokenPlatform);
    let new = json!({ "email": "ana@example.com", "pwd": "secret" });
    let call = app
        .call("POST", "/user/create")
        .header("origin", "https://elsewhere.example");
    assert_eq!(call.json(new).send().await.status, 200);
    let answer = app
        .call("GET", "/models")
        .header("accept", "*/*")
        .send()
        .await;
    assert!(answer.json()["linear"].is_object(), "{}", answer.text());
    // Somebody who looks gets the pages, and so do the pages' own files.
    let call = app
        .call("GET", "/models")
        .header("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    assert_eq!(call.send().await.text(), "a page");
    let answer = app
        .call("GET", "/assets/index.js")
        .header("accept", "*/*")
        .send()
        .await;
    assert_eq!(answer.text(), "a page");
    app.call("POST", "/nothing").refuses(404, "Not Found").await;
    // What is answered elsewhere still is.
    assert_eq!(
        app.call("GET", "/api/v1/settings/public")
            .send()
            .await
            .status,
        200
    );
    assert_eq!(app.call("GET", "/healthz").send().await.status, 200);
    let answer = app
        .call("GET", "/dialects/lesson-prices/health")
        .send()
        .await;
    assert_eq!(answer.json(), json!({ "status": "ok" }));
}

#[tokio::test]
async fn paths_below_api_are_the_digit_reader_s_when_it_is_at_the_root() {
    let app = TestApp::start().await.rooted(Dialect::DigitOcr);
    let answer = app.call("GET", "/api/models").send().await;
    assert_eq!(answer.json()["data"], json!([]), "{}", answer.text());
    assert_eq!(app.call("GET", "/api/v1/models").send().await.status, 401);
}

#[tokio::test]
async fn other_names_are_not_answered_to() {
    let app = TestApp::start().await;
    let request = axum::http::Request::builder()
        .uri("/dialects/lesson-prices/health")
        .header("host", "evil.example");
    let request = request.body(axum::body::Body::empty()).unwrap();
    let answer = tower::ServiceExt::oneshot(app.router.clone(), request)
        .await
        .unwrap();
    assert_eq!(answer.status(), 400);
    let answer = app
        .call("GET", "/dialects/lesson-prices/health")
        .send()
        .await;
    assert_ne!(answer.header("x-request-id"), "");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
}
