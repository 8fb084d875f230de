//! What roles may do. That nobody else gets in is in `attacks/doors.rs`.

use axum::http::{Method, StatusCode};
use serde_json::json;
use trainyard_store::{AuditEntry, Role, Store, UserChanges};

use crate::app::{Person, TestApp, store_options};
use crate::attacks::walk::Walk;

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
    for operation in Walk::new().operations() {
        if !operation.path.starts_with("/api/v1/admin/") {
            continue;
        }
        let path = operation.path.replace("{id}", &ana.id);
        for other in [&ana, &key] {
            let body = match path.rsplit('/').next() {
                Some("tokens") => json!({ "tokens": 5, "reason": "mine" }),
                Some("password") => json!({ "way": "generate" }),
                Some("digits") => json!({ "model_id": ana.id }),
                Some("users") => json!({ "user_name": "eve" }),
                _ => json!({}),
            };
            let call = app
                .call(operation.method.clone(), &path)
                .by(other)
                .json(body);
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
