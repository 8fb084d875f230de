//! Who gets in. The routes come from the API's own document, so a new one is tested the day it appears.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use trainyard_store::{AuditEntry, Role, Store, UserChanges};

use crate::app::{Person, TestApp, store_options};

/// Every operation of the document: method, path, and whether it is declared public.
fn operations() -> Vec<(Method, String, bool)> {
    let document: Value = serde_json::from_str(&trainyard_api::openapi_json()).unwrap();
    let paths = document["paths"].as_object().unwrap().clone();
    let operations = paths.into_iter().flat_map(|(path, item)| {
        item.as_object()
            .unwrap()
            .clone()
            .into_iter()
            .map(move |(method, operation)| {
                let public = operation["security"] == json!([{}]);
                (method.to_uppercase().parse().unwrap(), path.clone(), public)
            })
    });
    operations.collect()
}

#[test]
fn only_the_listed_operations_are_public() {
    let mut public: Vec<String> = operations()
        .into_iter()
        .filter(|(.., public)| *public)
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    public.sort();
    let listed: Vec<String> = trainyard_api::PUBLIC
        .iter()
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    assert_eq!(public, listed);
    assert!(operations().len() > 30);
}

/// Attacks 3 and 20: no route is forgotten; no token but a good one opens any.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_good_token_nothing_else_answers() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let mut parts = ana.token.split('.');
    let (_, body, signature) = (
        parts.next().unwrap(),
        parts.next().unwrap(),
        parts.next().unwrap(),
    );
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{body}.");
    let swapped = format!("eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.{body}.{signature}");
    let credentials = [
        None,
        Some("Bearer ".to_owned()),
        Some("Bearer nonsense".to_owned()),
        Some(format!("Bearer {unsigned}")),
        Some(format!("Bearer {swapped}")),
        Some(format!("Bearer {}x", ana.token)),
        Some(format!("Bearer {}", "x".repeat(100_000))),
        Some(format!("Bearer {}", ana.refresh_token)),
        Some("Basic YWRtaW46YWRtaW4=".to_owned()),
        Some(format!("Bearer tyk_{}", "x".repeat(43))),
        Some(ana.token.clone()),
    ];
    for (method, path, public) in operations() {
        if public {
            continue;
        }
        let path = path.replace("{id}", &ana.id).replace("{name}", "iris");
        let path = path.replace("{alias}", "mine");
        for credential in &credentials {
            let call = app.call(method.clone(), &path).json(json!({}));
            let call = match credential {
                Some(value) => call.header("authorization", value),
                None => call,
            };
            let answer = call.send().await;
            answer.problem(401, "unauthenticated");
            assert_eq!(
                answer.headers["www-authenticate"], "Bearer",
                "{method} {path}"
            );
        }
    }
}

/// Attack 7: what belongs to one person does not exist for another, whatever the verb, for an administrator too.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_anothers_does_not_exist() {
    let app = TestApp::empty().await;
    let admin = app.set_up().await;
    let ana = app.register("ana").await;
    let ben = app.register("ben").await;
    let dataset = app.sample(&ana, "iris").await;
    let request =
        json!({ "dataset_id": dataset["id"], "target": "species", "algorithm": "decision_tree" });
    let model = app.train(&ana, request).await.json();
    assert_eq!(model["status"], "ready", "{model}");
    let study = json!({
        "dataset_id": dataset["id"], "target": "species", "algorithm": "decision_tree",
        "search": { "method": "grid", "space": { "max_depth": [1, 2] }, "folds": 2 },
    });
    let study = app.post("/api/v1/studies").by(&ana).json(study);
    let study = study.send().await.json();
    let both = json!({
        "dataset_id": dataset["id"], "target": "species",
        "algorithms": [{ "algorithm": "dummy" }, { "algorithm": "decision_tree" }],
    });
    let both = app.post("/api/v1/compare-train").by(&ana).json(both);
    let both = both.send().await.json();
    let key = json!({ "name": "a key", "scopes": ["read"] });
    let key = app.post("/api/v1/me/api-keys").by(&ana).json(key);
    let key = key.send().await.json();

    for other in [&ben, &admin] {
        let mut tried = 0;
        for (method, path, _) in operations() {
            let Some((noun, _)) = path.split_once("/{id}") else {
                continue;
            };
            if noun.starts_with("/api/v1/admin/") {
                continue;
            }
            let id = match noun {
                "/api/v1/datasets" => &dataset["id"],
                "/api/v1/models" => &model["id"],
                "/api/v1/jobs" => &model["job_id"],
                "/api/v1/studies" => &study["id"],
                "/api/v1/compare-train" => &both["job_id"],
                "/api/v1/me/api-keys" => &key["id"],
                other => panic!("no example of {other}"),
            };
            let path = path.replace("{id}", id.as_str().unwrap());
            let path = path.replace("{alias}", "mine");
            let body = if path.ends_with("/predictions") {
                json!({ "rows": [{}] })
            } else {
                json!({ "name": "mine" })
            };
            app.call(method, &path)
                .by(other)
                .json(body)
                .send()
                .await
                .problem(404, "not_found");
            tried += 1;
        }
        assert!(tried >= 13, "{tried}");
        let stolen = json!({ "dataset_id": dataset["id"], "target": "species" });
        app.train(other, stolen).await.problem(404, "not_found");
        let by_name = json!({ "rows": [{}] });
        app.post("/api/v1/models/iris/predictions")
            .by(other)
            .json(by_name)
            .send()
            .await
            .problem(404, "not_found");
        for list in ["datasets", "models", "jobs"] {
            let list = app
                .get(&format!("/api/v1/{list}"))
                .by(other)
                .send()
                .await
                .json();
            assert_eq!(list["items"], json!([]));
        }
        assert_eq!(app.balance(other).await, 15);
    }
    // The owner lost nothing by it.
    let path = format!("/api/v1/models/{}", model["id"].as_str().unwrap());
    assert_eq!(app.get(&path).by(&ana).send().await.json()["name"], "iris");
    // Not even when the model is in the cache and the token names the owner's role.
    let path = format!("{path}/predictions");
    let asked = json!({ "rows": [{}] });
    assert_eq!(
        app.post(&path)
            .by(&ana)
            .json(asked.clone())
            .send()
            .await
            .status,
        StatusCode::OK
    );
    app.post(&path)
        .by(&ben)
        .json(asked)
        .send()
        .await
        .problem(404, "not_found");
}

/// Nobody but an administrator administers, whatever the verb, nor does an administrator's key without that
/// scope.
#[tokio::test(flavor = "multi_thread")]
async fn attack_07_only_administrators_administer() {
    let app = TestApp::empty().await;
    let admin = app.set_up().await;
    let ana = app.register("ana").await;
    let all = json!({ "name": "a key", "scopes": ["read", "upload", "train", "predict"] });
    let made = app.post("/api/v1/me/api-keys").by(&admin).json(all);
    let key = Person {
        token: made.send().await.json()["key"].as_str().unwrap().to_owned(),
        ..admin.clone()
    };
    let mut tried = 0;
    for (method, path, _) in operations() {
        if !path.starts_with("/api/v1/admin/") {
            continue;
        }
        let path = path.replace("{id}", &ana.id);
        for other in [&ana, &key] {
            let body = match path.rsplit('/').next() {
                Some("tokens") => json!({ "tokens": 5, "reason": "mine" }),
                Some("password") => json!({ "way": "generate" }),
                Some("users") => json!({ "user_name": "eve" }),
                _ => json!({}),
            };
            let call = app.call(method.clone(), &path).by(other).json(body);
            call.send().await.problem(403, "forbidden");
            tried += 1;
        }
    }
    assert!(tried >= 24, "{tried}");
    assert_eq!(app.balance(&ana).await, 15);
}

async fn set_role(app: &TestApp, person: &Person, role: Role) {
    let store = Store::open(store_options(app.folder.path()).visiting())
        .await
        .unwrap();
    let changes = UserChanges {
        role: Some(role),
        ..UserChanges::default()
    };
    store
        .users()
        .update(person.id.parse().unwrap(), changes, AuditEntry::new("test"))
        .await
        .unwrap();
    store.close().await.unwrap();
}

/// Attack 20: the role in a token decides nothing once the account has another one.
#[tokio::test(flavor = "multi_thread")]
async fn attack_20_a_demotion_counts_at_once() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let dataset = app.sample(&ana, "iris").await;
    let request =
        json!({ "dataset_id": dataset["id"], "target": "species", "algorithm": "decision_tree" });
    let model = app.train(&ana, request.clone()).await.json();
    let predictions = format!(
        "/api/v1/models/{}/predictions",
        model["id"].as_str().unwrap()
    );
    let asked = json!({ "rows": [{}] });
    assert_eq!(
        app.post(&predictions)
            .by(&ana)
            .json(asked.clone())
            .send()
            .await
            .status,
        StatusCode::OK
    );

    set_role(&app, &ana, Role::Analyst).await;
    app.get("/api/v1/me")
        .by(&ana)
        .send()
        .await
        .problem(401, "unauthenticated");
    app.post(&predictions)
        .by(&ana)
        .json(asked.clone())
        .send()
        .await
        .problem(401, "unauthenticated");

    let login = json!({ "login": "ana", "password": crate::app::PASSWORD });
    let analyst = Person::of(&app.post("/api/v1/auth/login").json(login).send().await);
    app.train(&analyst, request).await.problem(403, "forbidden");
    app.upload(&analyst, "a.csv", "a,b\n1,2\n")
        .await
        .problem(403, "forbidden");
    app.post("/api/v1/samples/iris")
        .by(&analyst)
        .send()
        .await
        .problem(403, "forbidden");
    let path = format!("/api/v1/datasets/{}", dataset["id"].as_str().unwrap());
    app.call(Method::DELETE, &path)
        .by(&analyst)
        .send()
        .await
        .problem(403, "forbidden");
    assert_eq!(
        app.post(&predictions)
            .by(&analyst)
            .json(asked)
            .send()
            .await
            .status,
        StatusCode::OK
    );
    assert_eq!(app.balance(&analyst).await, 15 - 1 - 5 - 5);
}
