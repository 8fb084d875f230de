//! Keys for scripts: what opens what, and how they end.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{Answer, Person, TestApp};

async fn make(app: &TestApp, person: &Person, body: Value) -> Answer {
    let call = app.post("/api/v1/me/api-keys").by(person).json(body);
    call.send().await
}

/// A key with these scopes, as somebody who is signed in with it.
async fn key(app: &TestApp, person: &Person, scopes: &[&str]) -> Person {
    let made = make(app, person, json!({ "name": "script", "scopes": scopes })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    Person {
        token: made.json()["key"].as_str().unwrap().to_owned(),
        ..person.clone()
    }
}

async fn listed(app: &TestApp, person: &Person) -> Vec<Value> {
    let list = app.get("/api/v1/me/api-keys").by(person).send().await;
    list.json()["items"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_21_a_key_opens_what_its_scopes_say_and_never_its_owners_account() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let dataset = app.sample(&ana, "iris").await;
    let training =
        json!({ "dataset_id": dataset["id"], "target": "species", "algorithm": "decision_tree" });
    let model = app.train(&ana, training.clone()).await.json();
    let predictions = format!(
        "/api/v1/models/{}/predictions",
        model["id"].as_str().unwrap()
    );
    let script = key(&app, &ana, &["read", "predict"]).await;
    assert!(script.token.starts_with("tyk_") && script.token.len() == 47);

    let me = app.get("/api/v1/me").by(&script).send().await.json();
    assert_eq!(me["user_name"], "ana");
    let by_header = app.get("/api/v1/models").header("x-api-key", &script.token);
    assert_eq!(by_header.send().await.json()["items"][0]["id"], model["id"]);
    let rows = json!({ "rows": [{}] });
    let answer = app.post(&predictions).by(&script).json(rows.clone()).send();
    assert_eq!(answer.await.json()["balance"], 15 - 1 - 5);

    let problem = app.train(&script, training).await.problem(403, "forbidden");
    assert!(problem["detail"].as_str().unwrap().contains("'train'"));
    app.upload(&script, "a.csv", "a,b\n1,2\n")
        .await
        .problem(403, "forbidden");
    let only_predicts = key(&app, &ana, &["predict"]).await;
    for path in ["/api/v1/me", "/api/v1/me/tokens", "/api/v1/models"] {
        let answer = app.get(path).by(&only_predicts).send().await;
        answer.problem(403, "forbidden");
    }

    // Nor with all scopes.
    let all = key(&app, &ana, &["read", "upload", "train", "predict"]).await;
    let id = listed(&app, &ana).await[0]["id"].clone();
    let password =
        json!({ "current_password": crate::app::PASSWORD, "new_password": "another password" });
    let own: [(Method, String, Value); 6] = [
        (Method::GET, "/api/v1/me/api-keys".into(), json!({})),
        (
            Method::POST,
            "/api/v1/me/api-keys".into(),
            json!({ "name": "child", "scopes": ["read"] }),
        ),
        (
            Method::DELETE,
            format!("/api/v1/me/api-keys/{}", id.as_str().unwrap()),
            json!({}),
        ),
        (Method::POST, "/api/v1/me/password".into(), password),
        (
            Method::PATCH,
            "/api/v1/me".into(),
            json!({ "display_name": "Eve" }),
        ),
        (
            Method::DELETE,
            "/api/v1/me".into(),
            json!({ "password": crate::app::PASSWORD }),
        ),
    ];
    for (method, path, body) in own {
        let answer = app.call(method, &path).by(&all).json(body).send().await;
        answer.problem(403, "forbidden");
    }
    assert_eq!(
        app.get("/api/v1/me").by(&ana).send().await.json()["display_name"],
        "ana"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_21_a_keys_secret_is_shown_once_and_kept_nowhere() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let wish = json!({ "name": "nightly report", "scopes": ["predict", "read", "read"], "expires_at": "2099-01-01T00:00:00Z" });
    let made = make(&app, &ana, wish).await.json();
    let secret = made["key"].as_str().unwrap();
    assert_eq!(made["scopes"], json!(["read", "predict"]));
    assert!(secret.starts_with(made["prefix"].as_str().unwrap()));
    let list = listed(&app, &ana).await;
    assert_eq!(list.len(), 1);
    assert!(!Value::from(list.clone()).to_string().contains(secret));
    assert_eq!(list[0]["name"], "nightly report");
    assert_eq!(list[0]["expires_at"], "2099-01-01T00:00:00Z");
    assert_eq!(list[0]["last_used_at"], Value::Null);

    let script = Person {
        token: secret.to_owned(),
        ..ana.clone()
    };
    app.get("/api/v1/me").by(&script).send().await;
    let used = listed(&app, &ana).await[0]["last_used_at"].clone();
    assert!(used.is_string());
    app.get("/api/v1/me").by(&script).send().await;
    // To the minute: a busy key does not write with each request.
    assert_eq!(listed(&app, &ana).await[0]["last_used_at"], used);

    for name in ["trainyard.db", "trainyard.db-wal"] {
        if let Ok(bytes) = std::fs::read(app.folder.path().join(name)) {
            let found = bytes
                .windows(secret.len())
                .any(|at| at == secret.as_bytes());
            assert!(!found, "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_ends_by_hand_by_time_and_with_its_owners_rights() {
    let app = TestApp::empty().await;
    let admin = app.set_up().await;
    let ana = app.register("ana").await;
    let by = |person: &Person| app.get("/api/v1/datasets").by(person).send();

    let first = key(&app, &ana, &["read"]).await;
    assert_eq!(by(&first).await.status, StatusCode::OK);
    let path = format!(
        "/api/v1/me/api-keys/{}",
        listed(&app, &ana).await[0]["id"].as_str().unwrap()
    );
    let end = || app.call(Method::DELETE, &path).by(&ana).send();
    assert_eq!(end().await.status, StatusCode::NO_CONTENT);
    by(&first).await.problem(401, "unauthenticated");
    end().await.problem(404, "not_found");
    assert!(listed(&app, &ana).await.is_empty());

    let soon = time::OffsetDateTime::from(
        std::time::SystemTime::now() + std::time::Duration::from_secs(2),
    );
    let soon = soon
        .format(&time::format_description::well_known::Rfc3339)
        .unwrap();
    let body = json!({ "name": "short", "scopes": ["read"], "expires_at": soon });
    let short = make(&app, &ana, body).await.json();
    let short = Person {
        token: short["key"].as_str().unwrap().to_owned(),
        ..ana.clone()
    };
    assert_eq!(by(&short).await.status, StatusCode::OK);
    tokio::time::sleep(std::time::Duration::from_millis(2_100)).await;
    by(&short).await.problem(401, "unauthenticated");

    // A key made as an administrator is worth what its owner is now.
    let all = ["read", "upload", "train", "predict", "admin"];
    let strong = key(&app, &admin, &all).await;
    assert_eq!(by(&strong).await.status, StatusCode::OK);
    let weak = key(&app, &ana, &["read"]).await;
    let account = format!("/api/v1/admin/users/{}", ana.id);
    let change = |body| {
        app.call(Method::PATCH, &account)
            .by(&admin)
            .json(body)
            .send()
    };
    assert_eq!(
        change(json!({ "role": "guest" })).await.status,
        StatusCode::OK
    );
    by(&weak).await.problem(403, "forbidden");
    assert_eq!(
        change(json!({ "role": "analyst" })).await.status,
        StatusCode::OK
    );
    assert_eq!(by(&weak).await.status, StatusCode::OK);
    assert_eq!(
        change(json!({ "active": false })).await.status,
        StatusCode::OK
    );
    by(&weak).await.problem(401, "unauthenticated");
    assert_eq!(
        change(json!({ "active": true })).await.status,
        StatusCode::OK
    );
    assert_eq!(by(&weak).await.status, StatusCode::OK);
    let gone = app.call(Method::DELETE, &account).by(&admin).send().await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    by(&weak).await.problem(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_key_is_refused() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    for (body, pointer) in [
        (json!({ "name": "a", "scopes": [] }), "/scopes"),
        (
            json!({ "name": "a", "scopes": ["everything"] }),
            "/scopes/0",
        ),
        (json!({ "name": "a", "scopes": ["admin"] }), "/scopes"),
        (json!({ "name": " ", "scopes": ["read"] }), "/name"),
        (json!({ "name": "a\nb", "scopes": ["read"] }), "/name"),
        (
            json!({ "name": "a", "scopes": ["read"], "expires_at": "2001-01-01T00:00:00Z" }),
            "/expires_at",
        ),
        (
            json!({ "name": "a", "scopes": ["read"], "expires_at": "soon" }),
            "/expires_at",
        ),
        (
            json!({ "name": "a", "scopes": ["read"], "hash": "x" }),
            "/hash",
        ),
    ] {
        let problem = make(&app, &ana, body).await.problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    for wrong in ["tyk_", "tyk_x", "nonsense", "Bearer x", ""] {
        let call = app.get("/api/v1/me").header("x-api-key", wrong);
        let answer = call.send().await;
        answer.problem(401, "unauthenticated");
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
    }
    for number in 0..100 {
        let body = json!({ "name": number.to_string(), "scopes": ["read"] });
        assert_eq!(make(&app, &ana, body).await.status, StatusCode::CREATED);
    }
    let problem = make(&app, &ana, json!({ "name": "a", "scopes": ["read"] })).await;
    assert_eq!(problem.problem(409, "conflict")["field"], "api_keys");
}
