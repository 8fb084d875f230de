//! Attack 22: other sites' pages. No header lets them read, no cookie lets them act, no frame lets them show ours, and
//! a name that is not ours reaches nothing, on any route and with any answer.

use axum::http::Method;
use serde_json::json;

use super::walk::{Things, Walk};
use crate::app::{PASSWORD, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn attack_22_no_other_sites_page_changes_anything_with_the_cookie() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let login = json!({ "login": "ana", "password": PASSWORD });
    let session = app
        .post("/api/v1/auth/login")
        .header("x-trainyard-client", "web")
        .json(login)
        .send()
        .await;
    let value = |name: &str| {
        session
            .cookie(name)
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned()
    };
    let cookie = format!(
        "trainyard_session={}; trainyard_refresh={}",
        value("trainyard_session"),
        value("trainyard_refresh")
    );
    let walk = Walk::new();
    let things = Things::of_person(&app, &walk, &ana).await;
    let changing: Vec<_> = walk
        .operations()
        .into_iter()
        .filter(|operation| operation.method != Method::GET)
        .collect();
    assert!(changing.len() > 12);
    for operation in changing {
        for headers in [
            &[
                ("origin", "https://evil.example"),
                ("sec-fetch-site", "cross-site"),
            ][..],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            &[("sec-fetch-site", "same-site")],
            &[("origin", "http://127.0.0.1:8000.evil.example")],
            &[("origin", "http://127.0.0.1:9999")],
        ] {
            let headers: Vec<(&str, &str)> = headers
                .iter()
                .copied()
                .chain([("cookie", cookie.as_str())])
                .collect();
            let answer = walk.ask(&app, &operation, &things, &headers).await;
            assert_eq!(
                answer.status, 403,
                "{} {} {headers:?}",
                operation.method, operation.path
            );
            answer.problem(403, "csrf");
        }
    }
    // The session is as good as before: nothing signed it out.
    assert_eq!(
        app.get("/api/v1/me")
            .header("cookie", &cookie)
            .send()
            .await
            .status,
        200
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_22_every_answer_is_closed_to_other_sites() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let walk = Walk::new();
    let things = Things::of_person(&app, &walk, &ana).await;
    let bearer = format!("Bearer {}", ana.token);
    let mut answers = Vec::new();
    for operation in walk.operations() {
        let other = app.register(&format!("p{}", answers.len())).await;
        let own = format!("Bearer {}", other.token);
        for credential in [None, Some(&own)] {
            let mut headers = vec![("origin", "http://127.0.0.1:8000")];
            headers.extend(credential.map(|own| ("authorization", own.as_str())));
            let what = format!("{} {}", operation.method, operation.path);
            answers.push((what, walk.ask(&app, &operation, &things, &headers).await));
        }
    }
    for path in [
        "/",
        "/models/7",
        "/assets/none.js",
        "/docs/",
        "/docs/swagger-ui.css",
        "/openapi.json",
        "/redoc",
        "/api/nothing",
        "/%ff",
    ] {
        answers.push((
            path.to_owned(),
            app.get(path)
                .header("origin", "https://evil.example")
                .send()
                .await,
        ));
    }
    let preflight = app
        .call(Method::OPTIONS, "/api/v1/me")
        .header("origin", "https://evil.example")
        .header("access-control-request-method", "PATCH");
    answers.push((
        "preflight".to_owned(),
        preflight.header("authorization", &bearer).send().await,
    ));
    for (what, answer) in answers {
        let header = |name: &str| {
            answer
                .headers
                .get(name)
                .map(|value| value.to_str().unwrap())
        };
        assert!(
            !answer
                .headers
                .keys()
                .any(|name| name.as_str().starts_with("access-control-")),
            "{what}"
        );
        assert_eq!(header("x-frame-options"), Some("DENY"), "{what}");
        assert_eq!(header("x-content-type-options"), Some("nosniff"), "{what}");
        assert_eq!(header("referrer-policy"), Some("same-origin"), "{what}");
        assert_eq!(
            header("cross-origin-resource-policy"),
            Some("same-origin"),
            "{what}"
        );
        assert!(
            header("content-security-policy")
                .is_some_and(|policy| policy.contains("frame-ancestors 'none'")),
            "{what}"
        );
        assert!(header("x-request-id").is_some(), "{what}");
        if what.contains("/api/") {
            assert_eq!(header("cache-control"), Some("no-store"), "{what}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_22_a_name_that_is_not_ours_reaches_nothing() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let paths = Walk::new()
        .operations()
        .into_iter()
        .map(|operation| operation.path);
    for path in paths.chain(["/", "/docs/", "/openapi.json"].map(str::to_owned)) {
        for host in [
            "rebound.example:8000",
            "127.0.0.1.rebound.example",
            "localhost.",
            "127.0.0.1@rebound.example",
            "",
        ] {
            let request = axum::http::Request::builder()
                .uri(&path)
                .header("host", host);
            let request = request.header("authorization", format!("Bearer {}", ana.token));
            let request = request.body(axum::body::Body::empty()).unwrap();
            let response = tower::ServiceExt::oneshot(app.router.clone(), request)
                .await
                .unwrap();
            assert_eq!(response.status(), 400, "{path} as {host:?}");
        }
    }
}
