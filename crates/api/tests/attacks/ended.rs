//! Attacks 20 and 21: what was handed out and has ended, or is shown where it does not belong, opens nothing.

use axum::http::Method;
use serde_json::{Value, json};

use super::doors::{owner, server};
use super::walk::{Things, Walk};
use crate::app::PASSWORD;

/// However a session ended, what was handed out before opens no route any more, from the next request on.
#[tokio::test(flavor = "multi_thread")]
async fn attack_20_an_ended_session_opens_nothing() {
    let app = server().await;
    let admin = app.set_up().await;
    let walk = Walk::new();
    for way in [
        "signed out",
        "another role",
        "switched off",
        "deleted",
        "a new password",
        "a generated password",
    ] {
        let name = way.replace(' ', "-");
        let person = owner(&app, &name).await;
        let things = Things::of_person(&app, &walk, &person).await;
        let account = format!("/api/v1/admin/users/{}", person.id);
        let change = |body: Value| app.call(Method::PATCH, &account).by(&admin).json(body);
        let new_password =
            json!({ "current_password": PASSWORD, "new_password": "quite another one" });
        let end = match way {
            "signed out" => app.post("/api/v1/auth/logout").by(&person),
            "another role" => change(json!({ "role": "analyst" })),
            "switched off" => change(json!({ "active": false })),
            "deleted" => app.call(Method::DELETE, &account).by(&admin),
            "a new password" => app
                .post("/api/v1/me/password")
                .by(&person)
                .json(new_password),
            _ => app
                .post(&format!("{account}/password"))
                .by(&admin)
                .json(json!({ "way": "generate" })),
        };
        assert!(end.send().await.status.is_success(), "{way}");
        let bearer = format!("Bearer {}", person.token);
        let cookie = format!("trainyard_session={}", person.token);
        for headers in [
            [("authorization", bearer.as_str())],
            [("cookie", cookie.as_str())],
        ] {
            for operation in walk.operations() {
                if operation.public {
                    continue;
                }
                let answer = walk.ask(&app, &operation, &things, &headers).await;
                let what = format!("{way}: {} {}", operation.method, operation.path);
                // With the account its models are gone, and a prediction looks for the model first.
                let gone = way == "deleted" && operation.path.ends_with("/{id}/predictions");
                assert!(
                    answer.status == 401 || gone && answer.status == 404,
                    "{what}: {answer:?}"
                );
            }
        }
        let renew = json!({ "refresh_token": person.refresh_token });
        let renew = app.post("/api/v1/auth/refresh").json(renew).send().await;
        renew.problem(401, "unauthenticated");
    }
}

/// A key counts where keys belong, in a header: in an address it would be kept by every log on the way.
#[tokio::test(flavor = "multi_thread")]
async fn attack_21_a_key_in_an_address_opens_nothing() {
    let app = server().await;
    let admin = app.set_up().await;
    let ana = owner(&app, "ana").await;
    let make = async || {
        let wish = json!({ "name": "script", "scopes": ["read", "upload", "train", "predict"] });
        let made = app.post("/api/v1/me/api-keys").by(&ana).json(wish);
        made.send().await.json()["key"].as_str().unwrap().to_owned()
    };
    let (key, other) = (make().await, make().await);
    assert_ne!(key, other, "each is its own");
    let by = |key: &str| app.get("/api/v1/me").header("x-api-key", key).send();
    assert_eq!(by(&key).await.status, 200);
    for wrong in [
        &key[..key.len() - 1],
        &format!("{key}x"),
        &key.to_uppercase(),
        "test_1",
        "secret",
    ] {
        by(wrong).await.problem(401, "unauthenticated");
    }
    let walk = Walk::new();
    let things = Things::of_person(&app, &walk, &ana).await;
    for operation in walk.operations() {
        if operation.public || operation.method != Method::GET {
            continue;
        }
        for name in [
            "api_key",
            "apikey",
            "key",
            "token",
            "access_token",
            "x-api-key",
        ] {
            let path = format!("{}?{name}={key}", things.fill(&operation.path));
            let answer = app.get(&path).send().await;
            assert_eq!(answer.status, 401, "{path}");
            assert!(
                !String::from_utf8_lossy(&answer.bytes).contains(&key),
                "{path}"
            );
        }
    }
    // What is kept of it is its digest and its first letters, in the database and in what leaves it.
    let events = app
        .get("/api/v1/admin/audit-events/export")
        .by(&admin)
        .send()
        .await;
    let events = String::from_utf8(events.bytes).unwrap();
    assert!(events.contains("api_key.create"), "{events}");
    let all = "SELECT name || ' ' || prefix || ' ' || hash || ' ' || scopes FROM api_keys";
    let rows = crate::audit::texts(&app, all).await;
    assert_eq!(rows.len(), 3);
    for kept in [events, rows.join("\n")] {
        assert!(
            kept.contains(&key[..8]),
            "by its first letters it is known: {kept}"
        );
        assert!(!kept.contains(&key) && !kept.contains(&key[12..]), "{kept}");
    }
}
