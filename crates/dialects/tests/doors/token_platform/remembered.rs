//! What is taken for granted of whoever asks a model, and of its name, gives way at once to what has changed since.

use serde_json::json;

use super::{BASE, EMPLOYEES, join};
use crate::app::{TestApp, data};

#[tokio::test]
async fn changes_count_from_the_next_question_on() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let token = join(door, "ana@example.com").await;
    let call = door.post("/create").bearer(&token);
    let file = data("employees.csv");
    let made = call
        .multipart(&EMPLOYEES, &[("csv_file", "employees.csv", &file)])
        .send()
        .await;
    let name = made.json()["model_name"].as_str().unwrap().to_owned();
    let path = format!("/predict/{name}");
    let ask = || {
        let features = json!({ "features": { "age": 30, "salary": 52000 } });
        door.post(&path).bearer(&token).json(features)
    };
    assert_eq!(ask().send().await.status, 200);

    let root = app.administrator().await;
    let users = app
        .call("GET", "/api/v1/admin/users?search=ana")
        .bearer(&root);
    let users = users.send().await.json();
    let ana = format!(
        "/api/v1/admin/users/{}",
        users["items"][0]["id"].as_str().unwrap()
    );
    let change = |changes| app.call("PATCH", &ana).bearer(&root).json(changes).send();

    // Another name of the model: the old one means nothing any more.
    let known = |name: &str| format!("Model '{name}' not found or you don't have access to it");
    let own = app.call("POST", "/api/v1/auth/login");
    let own = own.json(json!({ "login": "ana@example.com", "password": "secret" }));
    let own = own.send().await.json()["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let listed = app
        .call("GET", "/api/v1/models")
        .bearer(&own)
        .send()
        .await
        .json();
    let id = listed["items"][0]["id"].as_str().unwrap().to_owned();
    let renamed = app
        .call("PATCH", &format!("/api/v1/models/{id}"))
        .bearer(&own);
    let renamed = renamed.json(json!({ "name": "other" })).send().await;
    assert_eq!(renamed.status, 200, "{}", renamed.text());
    ask().gives(404, json!({ "detail": known(&name) })).await;
    let path = "/predict/other";
    let features = json!({ "features": { "age": 30, "salary": 52000 } });
    let other = || door.post(path).bearer(&token).json(features.clone());
    assert_eq!(other().send().await.status, 200);

    // Gone: a model that was just asked.
    let deleted = app
        .call("DELETE", &format!("/api/v1/models/{id}"))
        .bearer(&own);
    assert_eq!(deleted.send().await.status, 204);
    other()
        .gives(404, json!({ "detail": known("other") }))
        .await;

    // Switched off: said before anything about the model.
    assert_eq!(change(json!({ "active": false })).await.status, 200);
    let answer = other().send().await;
    assert_eq!(
        answer.json(),
        json!({ "detail": "User not found" }),
        "{answer:?}"
    );
}
