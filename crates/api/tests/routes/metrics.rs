//! Figures for Prometheus: who may see them, that they are right, and that they tell nothing about anybody.

use std::collections::BTreeMap;

use axum::Router;
use axum::http::StatusCode;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use trainyard_api::{ApiOptions, Patience};

use crate::app::{Person, TestApp};

/// Every line by what stands before its value; asserts that the page is in the text format.
async fn page(app: &TestApp, admin: &Person) -> BTreeMap<String, f64> {
    let answer = app.get("/metrics").by(admin).send().await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        answer.headers["content-type"],
        "text/plain; version=0.0.4; charset=utf-8"
    );
    let text = String::from_utf8(answer.bytes).unwrap();
    let mut family = String::new();
    let mut lines = BTreeMap::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            family = rest.split(' ').next().unwrap().to_owned();
            continue;
        }
        if line.starts_with("# HELP ") {
            continue;
        }
        assert!(line.starts_with(&family), "{line} is not of {family}");
        let (name, value) = line.rsplit_once(' ').unwrap();
        let labels = name.split_once('{');
        assert!(
            labels.is_none_or(|(_, labels)| labels.ends_with("\"}")),
            "{line}"
        );
        let known = lines.insert(name.to_owned(), value.parse().unwrap());
        assert!(known.is_none(), "{name} is there twice");
    }
    lines
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_count_what_happens_and_name_nobody() {
    let app = TestApp::empty().await;
    let admin = app.set_up().await;
    let ana = app.register("ana-secret-name").await;
    let dataset = app.sample(&ana, "iris").await;
    let request = json!({ "dataset_id": dataset["id"], "target": "species", "algorithm": "decision_tree", "name": "secret-model" });
    let model = app.train(&ana, request).await.json();
    for route in [model["id"].as_str().unwrap(), "secret-model"] {
        let path = format!("/api/v1/models/{route}/predictions");
        let rows = json!({ "rows": [{}, {}] });
        let answer = app.post(&path).by(&ana).json(rows).send().await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    app.get("/api/v1/me")
        .send()
        .await
        .problem(401, "unauthenticated");
    app.get("/secret-page").send().await;
    app.call("BREW".parse().unwrap(), "/secret-page")
        .send()
        .await;

    let lines = page(&app, &admin).await;
    let of = |name: &str| {
        lines
            .get(name)
            .copied()
            .unwrap_or_else(|| panic!("no {name}: {lines:#?}"))
    };
    assert_eq!(of("trainyard_predictions_total"), 2.0);
    assert_eq!(of("trainyard_predicted_rows_total"), 4.0);
    assert_eq!(of("trainyard_tokens_charged_total{for=\"predict\"}"), 10.0);
    assert_eq!(of("trainyard_tokens_charged_total{for=\"train\"}"), 1.0);
    assert_eq!(
        of("trainyard_job_attempts_total{kind=\"train\",outcome=\"done\"}"),
        1.0
    );
    assert_eq!(
        of("trainyard_problems_total{code=\"unauthenticated\"}"),
        1.0
    );
    assert_eq!(of("trainyard_database_up"), 1.0);
    assert_eq!(of("trainyard_queue_length"), 0.0);
    let predict = "route=\"/api/v1/models/{id}/predictions\",method=\"POST\",status=\"200\"";
    let requests = "trainyard_http_request_duration_seconds";
    assert_eq!(of(&format!("{requests}_count{{{predict}}}")), 2.0);
    assert_eq!(
        of(&format!("{requests}_bucket{{{predict},le=\"+Inf\"}}")),
        2.0
    );
    assert!(of(&format!("{requests}_sum{{{predict}}}")) > 0.0);
    assert_eq!(
        of(&format!(
            "{requests}_count{{route=\"other\",method=\"other\",status=\"200\"}}"
        )),
        1.0
    );
    if cfg!(target_os = "linux") {
        assert!(of("process_resident_memory_bytes") > 1e6);
    }
    let text = format!("{lines:?}");
    for private in [
        "secret",
        "ana",
        model["id"].as_str().unwrap(),
        &ana.id,
        "example.com",
    ] {
        assert!(!text.contains(private), "{private} is in the figures");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_for_administrators_and_for_this_machine() {
    let app = TestApp::empty().await;
    let admin = app.set_up().await;
    let ana = app.register("ana").await;
    app.get("/metrics")
        .send()
        .await
        .problem(401, "unauthenticated");
    app.get("/metrics")
        .by(&ana)
        .send()
        .await
        .problem(403, "forbidden");
    // This server was told of a proxy: whoever comes from this machine may be anybody.
    let near = app.get("/metrics").from("127.0.0.1").send().await;
    near.problem(401, "unauthenticated");
    page(&app, &admin).await;

    let status = async |public_url: Option<&str>, peer: &str, sign: Option<&str>| {
        let options = ApiOptions {
            public_url: public_url.map(str::to_owned),
            listen: "127.0.0.1:8000".parse().unwrap(),
            trusted_proxies: Vec::new(),
            stopping: CancellationToken::new(),
            patience: Patience::default(),
        };
        let router = trainyard_api::router(app.platform.clone(), Router::new(), options);
        let peer = std::net::SocketAddr::new(peer.parse().unwrap(), 50_000);
        let mut request = axum::http::Request::builder()
            .uri("/metrics")
            .header("host", "127.0.0.1:8000")
            .extension(axum::extract::ConnectInfo(peer));
        if let Some(sign) = sign {
            request = request.header(sign, "127.0.0.1");
        }
        let request = request.body(axum::body::Body::empty()).unwrap();
        router.oneshot(request).await.unwrap().status().as_u16()
    };
    assert_eq!(status(None, "127.0.0.1", None).await, 200);
    assert_eq!(status(None, "::1", None).await, 200);
    assert_eq!(status(None, "203.0.113.7", None).await, 401);
    for sign in [
        "x-forwarded-for",
        "forwarded",
        "via",
        "x-real-ip",
        "x-forwarded-proto",
    ] {
        assert_eq!(status(None, "127.0.0.1", Some(sign)).await, 401, "{sign}");
    }
    assert_eq!(
        status(Some("https://ml.example.com"), "127.0.0.1", None).await,
        401
    );
}
