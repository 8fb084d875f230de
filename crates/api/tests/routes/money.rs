//! Tokens: nothing is charged twice, nothing below zero, and what fails is given back.

use axum::http::StatusCode;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::app::{PASSWORD, Person, TestApp};

pub(crate) async fn with_model(app: &TestApp, ana: &Person) -> (Value, String) {
    let dataset = app.sample(ana, "iris").await;
    let request =
        json!({ "dataset_id": dataset["id"], "target": "species", "algorithm": "decision_tree" });
    let model = app.train(ana, request).await.json();
    assert_eq!(model["status"], "ready", "{model}");
    let path = format!(
        "/api/v1/models/{}/predictions",
        model["id"].as_str().unwrap()
    );
    (dataset, path)
}

/// Attack 19: many at once on the last tokens.
#[tokio::test(flavor = "multi_thread")]
async fn attack_19_the_last_tokens_are_spent_once() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let (dataset, path) = with_model(&app, &ana).await;
    let asked = json!({ "rows": [{ "petal_length_cm": 1.4 }] });
    let answers =
        join_all((0..12).map(|_| app.post(&path).by(&ana).json(asked.clone()).send())).await;
    let paid = answers
        .iter()
        .filter(|answer| answer.status == StatusCode::OK)
        .count();
    assert_eq!(paid, 2, "14 tokens are two predictions of 5");
    for answer in answers
        .iter()
        .filter(|answer| answer.status != StatusCode::OK)
    {
        let problem = answer.problem(402, "insufficient_tokens");
        assert_eq!(
            (&problem["needed"], &problem["balance"]),
            (&json!(5), &json!(4))
        );
    }
    assert_eq!(app.balance(&ana).await, 4);
    for _ in 0..4 {
        let request =
            json!({ "dataset_id": dataset["id"], "target": "species", "algorithm": "dummy" });
        assert_eq!(app.train(&ana, request).await.status, StatusCode::OK);
    }
    let request = json!({ "dataset_id": dataset["id"], "target": "species" });
    let problem = app
        .train(&ana, request)
        .await
        .problem(402, "insufficient_tokens");
    assert_eq!(
        (&problem["needed"], &problem["balance"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(app.balance(&ana).await, 0);
    let models = app.get("/api/v1/models").by(&ana).send().await.json();
    assert_eq!(models["items"].as_array().unwrap().len(), 5);
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_19_the_same_key_is_charged_once() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let (dataset, path) = with_model(&app, &ana).await;
    let asked = json!({ "rows": [{ "petal_length_cm": 1.4 }] });
    let predict = |key: &str, body: Value| {
        app.post(&path)
            .by(&ana)
            .header("idempotency-key", key)
            .json(body)
            .send()
    };
    let answers = join_all((0..5).map(|_| predict("one", asked.clone()))).await;
    let first = answers[0].json();
    for answer in &answers {
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.json()["id"], first["id"]);
        assert_eq!(answer.json()["predictions"], first["predictions"]);
    }
    let fresh = answers
        .iter()
        .filter(|answer| !answer.headers.contains_key("idempotency-replayed"))
        .count();
    assert_eq!(fresh, 1);
    assert_eq!(app.balance(&ana).await, 9);
    predict("one", json!({ "rows": [{}] }))
        .await
        .problem(422, "idempotency_key_reused");
    assert_eq!(app.balance(&ana).await, 9);

    let request =
        json!({ "dataset_id": dataset["id"], "target": "species", "algorithm": "decision_tree" });
    let train = |key: &str, body: Value| {
        app.post("/api/v1/models")
            .by(&ana)
            .header("idempotency-key", key)
            .json(body)
            .send()
    };
    let (first, second) = (
        train("two", request.clone()).await,
        train("two", request.clone()).await,
    );
    assert_eq!(first.json()["id"], second.json()["id"]);
    assert_eq!(second.headers["idempotency-replayed"], "true");
    assert_eq!(app.balance(&ana).await, 8);
    let mut other = request.clone();
    other["seed"] = json!(7);
    for (key, request) in [("two", other), ("one", request)] {
        let answer = train(key, request).await;
        answer.problem(422, "idempotency_key_reused");
    }
    // Keys belong to their person.
    let ben = app.register("ben").await;
    let theirs = app
        .post(&path)
        .by(&ben)
        .header("idempotency-key", "one")
        .json(asked)
        .send()
        .await;
    theirs.problem(404, "not_found");
    app.platform.stop().await;
}

/// A training that fails gives its token back, once, and leaves no half a model.
#[tokio::test(flavor = "multi_thread")]
async fn attack_19_a_failed_training_is_paid_back() {
    let app = TestApp::empty().await;
    let admin = json!({ "email": "admin@example.com", "password": PASSWORD });
    let ana = Person::of(&app.post("/api/v1/setup").json(admin).send().await);
    let dataset = app.sample(&ana, "diabetes").await;
    // Only the numbers themselves show that this kernel leaves what can be computed with.
    let request = json!({
        "dataset_id": dataset["id"], "target": "target", "algorithm": "svm",
        "params": { "kernel": "poly", "degree": 20, "gamma": 1e9 },
    });
    let model = app.train(&ana, request).await.json();
    assert_eq!(model["status"], "failed", "{model}");
    assert_eq!(model["error"]["code"], "untrainable_data", "{model}");
    assert!(model["metrics"].is_null() && model["signature"].is_null() && model["bytes"].is_null());
    assert_eq!(app.balance(&ana).await, 15);
    let entries = app.get("/api/v1/me/tokens").by(&ana).send().await.json();
    let entries: Vec<_> = entries["entries"]["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["delta"].as_i64().unwrap())
        .collect();
    assert_eq!(entries, [1, -1, 15]);
    let id = model["id"].as_str().unwrap();
    let asked = json!({ "rows": [{}] });
    app.post(&format!("/api/v1/models/{id}/predictions"))
        .by(&ana)
        .json(asked)
        .send()
        .await
        .problem(409, "not_ready");
    app.get(&format!("/api/v1/models/{id}/report"))
        .by(&ana)
        .send()
        .await
        .problem(409, "not_ready");
    app.get("/api/v1/models/diabetes")
        .by(&ana)
        .send()
        .await
        .problem(404, "not_found");
    app.platform.stop().await;
}
