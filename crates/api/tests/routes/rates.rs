//! Limits: so many a minute, for an account wherever it asks from, and for an address that is not signed in.

use axum::http::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use trainyard_store::{AuditEntry, Store};

use crate::app::{Answer, PASSWORD, Person, TestApp, store_options};

/// A server with these settings.
async fn limited(settings: &[(&str, i64)]) -> (TestApp, Person) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(store_options(folder.path())).await.unwrap();
    let changes: BTreeMap<String, Value> = settings
        .iter()
        .map(|(key, value)| ((*key).to_owned(), json!(value)))
        .collect();
    let entry = AuditEntry::new("test");
    store.settings().set(&changes, entry).await.unwrap();
    store.close().await.unwrap();
    let app = TestApp::on(folder, |_| {}).await;
    let admin = app.set_up().await;
    (app, admin)
}

async fn login(app: &TestApp, address: &str, forwarded: Option<&str>) -> Answer {
    let body = json!({ "login": "admin@example.com", "password": PASSWORD });
    let call = app.post("/api/v1/auth/login").from(address).json(body);
    match forwarded {
        Some(forwarded) => call.header("x-forwarded-for", forwarded).send().await,
        None => call.send().await,
    }
}

fn figures(answer: &Answer) -> [&str; 4] {
    ["limit", "remaining", "reset", "policy"].map(|name| {
        answer.headers[&format!("ratelimit-{name}")]
            .to_str()
            .unwrap()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_ins_are_counted_for_an_address() {
    let (app, _) = limited(&[("rate_sign_in", 3)]).await;
    let first = login(&app, "203.0.113.7", None).await;
    assert_eq!(first.status, StatusCode::OK);
    assert_eq!(figures(&first), ["3", "2", "20", "3;w=60"]);
    // What the client says of itself changes nothing.
    login(&app, "203.0.113.7", Some("198.51.100.1")).await;
    login(&app, "203.0.113.7", Some("198.51.100.2")).await;
    let refused = login(&app, "203.0.113.7", Some("198.51.100.3")).await;
    refused.problem(429, "too_many_requests");
    let wait: u64 = refused.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=20).contains(&wait), "{wait}");
    assert_eq!(figures(&refused)[..2], ["3", "0"]);
    // Nobody else is shut out by it: neither elsewhere, nor behind the trusted proxy, nor who is signed in already.
    assert_eq!(
        login(&app, "203.0.113.8", None).await.status,
        StatusCode::OK
    );
    for client in [
        "198.51.100.1",
        "198.51.100.2",
        "198.51.100.3",
        "198.51.100.4",
    ] {
        let answer = login(&app, "127.0.0.1", Some(client)).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    for left in ["2", "1", "0"] {
        let answer = login(&app, "127.0.0.1", Some("6.6.6.6, 198.51.100.9")).await;
        assert_eq!(figures(&answer)[1], left);
    }
    login(&app, "127.0.0.1", Some("7.7.7.7, 198.51.100.9"))
        .await
        .problem(429, "too_many_requests");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ipv6_household_is_one_address() {
    let (app, _) = limited(&[("rate_sign_in", 2)]).await;
    for last in 1..=2 {
        let answer = login(&app, &format!("2001:db8:1:2::{last}"), None).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    login(&app, "2001:db8:1:2:ffff::9", None)
        .await
        .problem(429, "too_many_requests");
    let answer = login(&app, "2001:db8:1:3::1", None).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_counted_wherever_it_asks_from() {
    let (app, admin) = limited(&[("rate_reading", 4), ("rate_changes", 2)]).await;
    let ana = app.register("ana").await;
    let me = |person: &Person, address: &'static str| {
        app.get("/api/v1/me").by(person).from(address).send()
    };
    for (left, address) in [
        ("3", "203.0.113.1"),
        ("2", "203.0.113.2"),
        ("1", "203.0.113.3"),
        ("0", "203.0.113.4"),
    ] {
        assert_eq!(figures(&me(&ana, address).await)[1], left);
    }
    me(&ana, "203.0.113.5")
        .await
        .problem(429, "too_many_requests");
    // Each kind has its own count, and everybody theirs, behind the same address too.
    let rename = app.call(axum::http::Method::PATCH, "/api/v1/me").by(&ana);
    let renamed = rename.json(json!({ "display_name": "Ana" })).send().await;
    assert_eq!(figures(&renamed)[..2], ["2", "1"]);
    assert_eq!(me(&admin, "203.0.113.5").await.status, StatusCode::OK);
    // Who shows nothing good is counted by address.
    for left in ["3", "2", "1", "0"] {
        let answer = app.get("/api/v1/me").from("203.0.113.9").send().await;
        answer.problem(401, "unauthenticated");
        assert_eq!(figures(&answer)[1], left);
    }
    let forged = app.get("/api/v1/me").header("authorization", "Bearer x");
    let forged = forged.from("203.0.113.9").send().await;
    forged.problem(429, "too_many_requests");
    // Whoever cannot leave now is told so.
    let out = || app.post("/api/v1/auth/logout").by(&ana).send();
    assert_eq!(out().await.status, StatusCode::NO_CONTENT);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_defaults_leave_room_for_the_app_and_for_paid_load() {
    let (app, admin) = limited(&[]).await;
    let answer = app.get("/api/v1/me").by(&admin).send().await;
    assert_eq!(figures(&answer)[0], "6000");
    let uncounted = app.get("/healthz").from("203.0.113.9").send().await;
    assert!(!uncounted.headers.contains_key("ratelimit-limit"));
    let asked = app
        .post("/api/v1/models/none/predictions")
        .by(&admin)
        .json(json!({ "rows": [{}] }))
        .send()
        .await;
    asked.problem(404, "not_found");
    assert_eq!(figures(&asked)[0], "6000000");
}
