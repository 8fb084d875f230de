//! Serving through the front door: a request in, the answer's status, headers and bytes out.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use tower::ServiceExt as _;

async fn ask(method: &str, path: &str, headers: &[(&str, &str)]) -> Response<Body> {
    ask_below("", method, path, headers).await
}

async fn ask_below(
    prefix: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> Response<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    trainyard_ui::router(prefix)
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap()
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(
        to_bytes(response.into_body(), 8_000_000)
            .await
            .unwrap()
            .to_vec(),
    )
    .unwrap()
}

fn header<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    response
        .headers()
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

const BROWSER: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");

#[tokio::test]
async fn never_answers_for_the_api() {
    for path in ["/api", "/api/v1/models", "/api/v1/nothing"] {
        let response = ask("GET", path, &[BROWSER]).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(
            header(&response, "content-type"),
            "application/problem+json"
        );
    }
}

#[tokio::test]
async fn scripts_get_a_plain_404_and_writes_are_refused() {
    let front = ask("GET", "/", &[("accept", "*/*")]).await;
    assert_eq!(
        front.status(),
        200,
        "the front page is there for whoever asks"
    );
    assert_eq!(
        ask("GET", "/models/7", &[("accept", "*/*")]).await.status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        ask("GET", "/assets/gone.js", &[BROWSER]).await.status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        ask("POST", "/models/7", &[BROWSER]).await.status(),
        StatusCode::METHOD_NOT_ALLOWED
    );
}

#[tokio::test]
async fn every_page_address_opens_the_app_with_a_fresh_nonce() {
    if trainyard_ui::UI == "off" {
        return;
    }
    let mut nonces = Vec::new();
    for path in ["/", "/models/7", "/data/new"] {
        let response = ask("GET", path, &[BROWSER]).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(header(&response, "cache-control"), "no-cache");
        let policy = header(&response, "content-security-policy").to_owned();
        let nonce = policy
            .split("'nonce-")
            .nth(1)
            .unwrap()
            .split('\'')
            .next()
            .unwrap()
            .to_owned();
        let page = text(response).await;
        assert!(page.contains(&format!("nonce=\"{nonce}\"")));
        assert!(!page.contains("__CSP_NONCE__"));
        nonces.push(nonce);
    }
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 3);
}

#[tokio::test]
async fn a_known_page_is_304_without_a_policy() {
    if trainyard_ui::UI == "off" {
        return;
    }
    let first = ask("GET", "/", &[BROWSER]).await;
    let etag = header(&first, "etag").to_owned();
    let second = ask("GET", "/", &[BROWSER, ("if-none-match", &etag)]).await;
    assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(header(&second, "content-security-policy"), "");
}

#[tokio::test]
async fn pages_ask_for_everything_below_the_path_they_are_served_under() {
    if trainyard_ui::UI == "off" {
        return;
    }
    for path in ["/models/7", "/redoc"] {
        let root = text(ask("GET", path, &[BROWSER]).await).await;
        let first = ask_below("/tools/ml", "GET", path, &[BROWSER]).await;
        let etag = header(&first, "etag").to_owned();
        let below = text(first).await;
        let addresses = |page: &str| {
            let parts = page.split(['"', '\'']).map(str::to_owned);
            let ours = parts.filter(|part| part.contains("/assets/") || part.ends_with(".svg"));
            ours.collect::<Vec<_>>()
        };
        assert!(addresses(&root).iter().all(|one| one.starts_with('/')));
        assert!(addresses(&root).len() >= 2, "{root}");
        let moved = addresses(&root)
            .into_iter()
            .map(|one| format!("/tools/ml{one}"));
        assert_eq!(addresses(&below), moved.collect::<Vec<_>>());
        assert!(below.contains("data-prefix=\"/tools/ml\""));
        assert!(root.contains("data-prefix=\"\""));
        let known = [BROWSER, ("if-none-match", &*etag)];
        let again = ask_below("/tools/ml", "GET", path, &known).await;
        assert_eq!(again.status(), 304);
        let moved = ask_below("/other", "GET", path, &known).await;
        assert_eq!(moved.status(), 200, "another page");
    }
}

#[tokio::test]
async fn assets_are_immutable_and_precompressed() {
    if trainyard_ui::UI == "off" {
        return;
    }
    let page = text(ask("GET", "/redoc", &[BROWSER]).await).await;
    let script = page
        .split("src=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    assert!(script.starts_with("/assets/"), "{script}");
    let plain = ask("GET", script, &[]).await;
    assert!(header(&plain, "cache-control").contains("immutable"));
    assert_eq!(header(&plain, "content-encoding"), "");

    // Small files gain nothing: the largest stylesheet is the one to ask for.
    let app = text(ask("GET", "/", &[BROWSER]).await).await;
    let (mut stylesheet, mut whole) = (String::new(), 0);
    for name in app
        .split("href=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
    {
        let size = to_bytes(ask("GET", name, &[]).await.into_body(), 8_000_000)
            .await
            .unwrap()
            .len();
        if name.ends_with(".css") && size > whole {
            (stylesheet, whole) = (name.to_owned(), size);
        }
    }
    for (accept, expected) in [("gzip, br", "br"), ("gzip", "gzip")] {
        let response = ask("GET", &stylesheet, &[("accept-encoding", accept)]).await;
        assert_eq!(header(&response, "content-encoding"), expected);
        assert!(
            to_bytes(response.into_body(), 8_000_000)
                .await
                .unwrap()
                .len()
                < whole / 2
        );
    }
}

#[tokio::test]
async fn a_build_without_pages_says_so() {
    if trainyard_ui::UI == "on" {
        return;
    }
    let response = ask("GET", "/", &[BROWSER]).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert!(text(response).await.contains("This build has no web pages"));
}
