//! Passwords that change, sessions that end with them, and accounts that go.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::app::{PASSWORD, Person, TestApp};

const ANOTHER: &str = "another password";

fn change(current: &str, new: &str) -> serde_json::Value {
    json!({ "current_password": current, "new_password": new })
}

/// Whoever else is signed in is out.
#[tokio::test(flavor = "multi_thread")]
async fn attack_20_a_new_password_ends_every_other_session() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let elsewhere = Person::of(&app.log_in("ana", PASSWORD).send().await);
    let call = |body| app.post("/api/v1/me/password").by(&ana).json(body).send();
    for (new, pointer) in [("short", "/new_password"), ("", "/new_password")] {
        let problem = call(change(PASSWORD, new)).await.problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    let answer = call(change(PASSWORD, ANOTHER)).await;
    assert_eq!(answer.status, StatusCode::OK);
    let here = Person::of(&answer);

    let me = |person: &Person| app.get("/api/v1/me").by(person).send();
    assert_eq!(me(&here).await.status, StatusCode::OK);
    for ended in [&ana, &elsewhere] {
        me(ended).await.problem(401, "unauthenticated");
        let refresh = json!({ "refresh_token": ended.refresh_token });
        let renewed = app.post("/api/v1/auth/refresh").json(refresh).send().await;
        renewed.problem(401, "unauthenticated");
    }
    // A renewal that was refused because its family had ended already ends nobody else's.
    assert_eq!(me(&here).await.status, StatusCode::OK);
    let refresh = json!({ "refresh_token": here.refresh_token });
    let renewed = app.post("/api/v1/auth/refresh").json(refresh).send().await;
    assert_eq!(renewed.status, StatusCode::OK);
    let old = app.log_in("ana", PASSWORD).send().await;
    old.problem(401, "wrong_credentials");
    let new = app.log_in("ana@example.com", ANOTHER).send().await;
    assert_eq!(new.status, StatusCode::OK);
}

/// Of two changes at once one counts, and the other's session is out.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_new_passwords_at_once_one_stays() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let calls = ["first new password", "second new password"].map(|new| {
        let body = change(PASSWORD, new);
        app.post("/api/v1/me/password").by(&ana).json(body).send()
    });
    let answers = futures_util::future::join_all(calls).await;
    let statuses: Vec<_> = answers
        .iter()
        .map(|answer| answer.status.as_u16())
        .collect();
    assert!(
        statuses == [200, 401] || statuses == [401, 200],
        "{statuses:?}"
    );
}

/// A refresh token that comes twice ends its family, the access tokens that came of it included; other
/// browsers go on with theirs.
#[tokio::test(flavor = "multi_thread")]
async fn attack_20_of_two_simultaneous_renewals_one_works_and_then_none() {
    let app = TestApp::start().await;
    app.register("ana").await;
    let ana = Person::of(&app.log_in("ana", PASSWORD).send().await);
    let other = Person::of(&app.log_in("ana", PASSWORD).send().await);
    let refresh = |token: &str| {
        let body = json!({ "refresh_token": token });
        app.post("/api/v1/auth/refresh").json(body).send()
    };
    let calls = (0..6).map(|_| refresh(&ana.refresh_token));
    let answers = futures_util::future::join_all(calls).await;
    let won: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == StatusCode::OK)
        .collect();
    assert_eq!(won.len(), 1);
    let thief = Person::of(won[0]);
    refresh(&thief.refresh_token)
        .await
        .problem(401, "unauthenticated");
    for token in [&thief, &ana] {
        let me = app.get("/api/v1/me").by(token).send().await;
        me.problem(401, "unauthenticated");
    }
    let renewed = Person::of(&refresh(&other.refresh_token).await);
    let me = app.get("/api/v1/me").by(&renewed).send().await;
    assert_eq!(me.status, StatusCode::OK);
    // The dead family shown again ends nothing more.
    refresh(&ana.refresh_token)
        .await
        .problem(401, "unauthenticated");
    let me = app.get("/api/v1/me").by(&renewed).send().await;
    assert_eq!(me.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_ones_account_takes_everything_and_the_last_administrator_stays() {
    let app = TestApp::empty().await;
    let admin = app.set_up().await;
    let ana = app.register("ana").await;
    let dataset = app.sample(&ana, "iris").await;
    let training =
        json!({ "dataset_id": dataset["id"], "target": "species", "algorithm": "decision_tree" });
    let model = app.train(&ana, training).await.json();
    assert_eq!(model["status"], "ready");
    let predictions = format!(
        "/api/v1/models/{}/predictions",
        model["id"].as_str().unwrap()
    );
    let ask = || {
        let call = app.post(&predictions).by(&ana);
        call.json(json!({ "rows": [{}] })).send()
    };
    assert_eq!(ask().await.status, StatusCode::OK);
    let files = || {
        let folder = app.folder.path().join("artifacts");
        walk(&folder)
    };
    assert!(files() > 0);
    let end = |person: &Person, password: &str| {
        let call = app.call(Method::DELETE, "/api/v1/me").by(person);
        call.json(json!({ "password": password })).send()
    };
    let problem = end(&ana, "wrong password").await.problem(422, "validation");
    assert_eq!(problem["errors"][0]["pointer"], "/password");
    let gone = end(&ana, PASSWORD).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert!(
        gone.cookie("trainyard_session")
            .unwrap()
            .contains("Max-Age=0")
    );
    let me = app.get("/api/v1/me").by(&ana).send().await;
    me.problem(401, "unauthenticated");
    // Not even for a model that is kept ready.
    ask().await.problem(401, "unauthenticated");
    app.log_in("ana", PASSWORD)
        .send()
        .await
        .problem(401, "wrong_credentials");
    assert_eq!(files(), 0);
    // The name is free again.
    app.register("ana").await;

    let problem = end(&admin, PASSWORD).await.problem(409, "conflict");
    assert_eq!(problem["field"], "last_admin");
    assert_eq!(
        app.get("/api/v1/me").by(&admin).send().await.status,
        StatusCode::OK
    );
}

/// How many files are below a folder.
fn walk(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| {
            let path = entry.path();
            if path.is_dir() { walk(&path) } else { 1 }
        })
        .sum()
}
