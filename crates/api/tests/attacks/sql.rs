//! Attack 24: SQL is text, wherever it is said and whatever the database is.

use axum::http::Method;
use serde_json::json;

use super::walk::{Things, Walk};
use crate::app::TestApp;

const SQL: [&str; 18] = [
    "' OR '1'='1",
    "'; DROP TABLE users; --",
    "\" OR \"\"=\"",
    "%",
    "_",
    "\\",
    "%' ESCAPE '",
    "x' UNION SELECT password_hash FROM users --",
    "$1",
    "?1",
    ":x",
    "1; SELECT pg_sleep(5)",
    "1 OR 1=1",
    "id DESC, (SELECT 1)",
    "\u{0}",
    "E'\\x27'",
    "/**/",
    "'||(SELECT 1)||'",
];

/// In every parameter of every route, as somebody who sees little and as somebody who sees everything.
#[tokio::test(flavor = "multi_thread")]
async fn attack_24_sql_in_a_query_is_text() {
    let app = TestApp::empty().await;
    let admin = app.set_up().await;
    let ana = app.register("ana").await;
    let ben = app.register("ben").await;
    app.sample(&ana, "iris").await;
    app.sample(&ben, "titanic").await;
    let walk = Walk::new();
    let things = Things::of_person(&app, &walk, &ana).await;
    let mut tried = 0;
    let looks = walk.operations().into_iter();
    let looks: Vec<_> = looks
        .filter(|operation| operation.method == Method::GET)
        .collect();
    for operation in &looks {
        for text in SQL {
            for (path, _) in walk.saying(operation, &things, text) {
                for person in [&ana, &admin] {
                    let answer = app.get(&path).by(person).send().await;
                    let body = String::from_utf8_lossy(&answer.bytes).into_owned();
                    assert!(!answer.status.is_server_error(), "{path}: {body}");
                    assert!(
                        !body.contains("argon2") && !body.to_lowercase().contains("syntax"),
                        "{path}: {body}"
                    );
                    assert!(
                        person.id == admin.id || !body.contains("titanic"),
                        "{path}: {body}"
                    );
                    // What looks for such words finds nothing: nothing is called that.
                    if path.contains("?search=")
                        && !path.contains("/export")
                        && text.contains(['\'', '\"'])
                        && answer.status == 200
                    {
                        assert_eq!(answer.json()["items"], json!([]), "{path}");
                    }
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 500, "{tried}");
    // Wildcards are letters: nothing is called that.
    for wildcard in ["%25", "_", "%5C"] {
        for (list, person) in [
            ("datasets", &ana),
            ("admin/datasets", &admin),
            ("admin/users", &admin),
            ("admin/models", &admin),
        ] {
            let path = format!("/api/v1/{list}?search={wildcard}");
            let list = app.get(&path).by(person).send().await;
            assert_eq!(list.json()["items"], json!([]), "{path}");
        }
    }
    let list = app
        .get("/api/v1/datasets?search=iri")
        .by(&ana)
        .send()
        .await
        .json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(app.balance(&ana).await, 15);
}

/// And in every text that is stored: it comes back as it was said, and nothing else changed.
#[tokio::test(flavor = "multi_thread")]
async fn attack_24_sql_in_a_body_is_text() {
    let app = TestApp::empty().await;
    let admin = app.set_up().await;
    let ana = app.register("ana").await;
    let dataset = app.sample(&ana, "iris").await;
    let training =
        json!({ "dataset_id": dataset["id"], "target": "species", "algorithm": "dummy" });
    app.train(&ana, training).await;
    let walk = Walk::new();
    let things = Things::of_person(&app, &walk, &ana).await;
    for text in SQL {
        for operation in walk.operations() {
            if operation.method == Method::DELETE || operation.path.ends_with("/logout") {
                continue;
            }
            let admins = operation.path.contains("/admin/");
            let person = if admins { &admin } else { &ana };
            for (path, body) in walk.saying(&operation, &things, text) {
                let call = app
                    .call(operation.method.clone(), &path)
                    .by(person)
                    .json(body);
                let answer = call.send().await;
                let said = String::from_utf8_lossy(&answer.bytes).into_owned();
                let what = format!("{} {path} {text:?}: {said}", operation.method);
                assert!(!answer.status.is_server_error(), "{what}");
                assert!(
                    !said.contains("argon2") && !said.to_lowercase().contains("syntax"),
                    "{what}"
                );
            }
        }
        for path in [
            "/api/v1/me",
            &format!("/api/v1/datasets/{}", dataset["id"].as_str().unwrap()),
        ] {
            let field = if path.ends_with("me") {
                "display_name"
            } else {
                "name"
            };
            let call = app.call(Method::PATCH, path).by(&ana);
            let changed = call.json(json!({ field: text })).send().await;
            if changed.status == 200 {
                assert_eq!(app.get(path).by(&ana).send().await.json()[field], text);
            } else {
                assert_eq!((changed.status.as_u16(), text), (422, "\u{0}"));
            }
        }
    }
    let names = app
        .get("/api/v1/admin/users")
        .by(&admin)
        .send()
        .await
        .json();
    assert!(names["items"].as_array().unwrap().len() >= 2, "{names}");
    let findings = app.platform.verify().await.unwrap();
    assert!(findings.is_sound(), "{:?}", findings.problems);
}
