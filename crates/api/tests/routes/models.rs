//! Models: versions, names, lists, and the end of one.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{Person, TestApp};

async fn tree(app: &TestApp, ana: &Person, dataset: &Value, name: &str) -> Value {
    let request = json!({ "dataset_id": dataset["id"], "target": "species", "algorithm": "decision_tree", "name": name });
    let model = app.train(ana, request).await.json();
    assert_eq!(model["status"], "ready", "{model}");
    model
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_has_versions_that_move_together() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let dataset = app.sample(&ana, "iris").await;
    let first = tree(&app, &ana, &dataset, "flowers").await;
    let second = tree(&app, &ana, &dataset, "flowers").await;
    let other = tree(&app, &ana, &dataset, "plants").await;
    assert_eq!(
        (&first["version"], &second["version"], &other["version"]),
        (&json!(1), &json!(2), &json!(1))
    );
    assert_eq!(
        app.get("/api/v1/models/flowers")
            .by(&ana)
            .send()
            .await
            .json()["id"],
        second["id"]
    );

    let path = format!("/api/v1/models/{}", first["id"].as_str().unwrap());
    let rename = |name: &str| {
        app.call(Method::PATCH, &path)
            .by(&ana)
            .json(json!({ "name": name }))
            .send()
    };
    rename("plants").await.problem(409, "conflict");
    rename("../../models").await.json();
    assert_eq!(
        app.get("/api/v1/models/flowers")
            .by(&ana)
            .send()
            .await
            .status,
        StatusCode::NOT_FOUND
    );
    rename("blossoms").await.json();
    assert_eq!(
        app.get("/api/v1/models/blossoms")
            .by(&ana)
            .send()
            .await
            .json()["version"],
        2
    );

    let count = |page: Value| page["items"].as_array().unwrap().len();
    assert_eq!(
        count(
            app.get("/api/v1/models?status=ready&search=blos")
                .by(&ana)
                .send()
                .await
                .json()
        ),
        2
    );
    assert_eq!(
        count(
            app.get("/api/v1/models?status=failed")
                .by(&ana)
                .send()
                .await
                .json()
        ),
        0
    );
    let on = format!(
        "/api/v1/models?dataset_id={}",
        dataset["id"].as_str().unwrap()
    );
    assert_eq!(count(app.get(&on).by(&ana).send().await.json()), 3);
    let card = format!("/api/v1/datasets/{}", dataset["id"].as_str().unwrap());
    assert_eq!(app.get(&card).by(&ana).send().await.json()["models"], 3);
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_model_answers_nobody_and_models_outlive_their_data() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let dataset = app.sample(&ana, "iris").await;
    let model = tree(&app, &ana, &dataset, "flowers").await;
    let path = format!("/api/v1/models/{}", model["id"].as_str().unwrap());
    let asked = json!({ "rows": [{ "petal_length_cm": 1.4, "petal_width_cm": 0.2 }] });
    let predict = || {
        app.post(&format!("{path}/predictions"))
            .by(&ana)
            .json(asked.clone())
            .send()
    };

    let card = format!("/api/v1/datasets/{}", dataset["id"].as_str().unwrap());
    app.call(Method::DELETE, &card).by(&ana).send().await;
    assert_eq!(predict().await.json()["predictions"][0]["value"], "setosa");
    assert_eq!(
        app.get(&path).by(&ana).send().await.json()["dataset_id"],
        Value::Null
    );

    assert_eq!(
        app.call(Method::DELETE, &path).by(&ana).send().await.status,
        StatusCode::NO_CONTENT
    );
    let before = app.balance(&ana).await;
    predict().await.problem(404, "not_found");
    app.get(&path)
        .by(&ana)
        .send()
        .await
        .problem(404, "not_found");
    app.get(&format!("{path}/report"))
        .by(&ana)
        .send()
        .await
        .problem(404, "not_found");
    assert_eq!(app.balance(&ana).await, before);
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_training_gives_the_same_file() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let dataset = app.sample(&ana, "titanic").await;
    let mut sizes = Vec::new();
    for _ in 0..2 {
        let request = json!({ "dataset_id": dataset["id"], "target": "survived", "algorithm": "random_forest", "params": { "n_estimators": 8 } });
        sizes.push(app.train(&ana, request).await.json()["bytes"].clone());
    }
    assert_eq!(sizes[0], sizes[1]);
    // Equal bytes are stored once: one upload, one table, one model.
    let files = walk(&app.folder.path().join("artifacts"));
    assert_eq!(files, 3);
    app.platform.stop().await;
}

fn walk(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .map(|path| if path.is_dir() { walk(&path) } else { 1 })
        .sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_algorithm_is_described_for_a_form() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let list = app.get("/api/v1/algorithms").by(&ana).send().await.json();
    let items = list["items"].as_array().unwrap();
    let names: Vec<_> = items
        .iter()
        .map(|item| item["name"].as_str().unwrap())
        .collect();
    for name in [
        "auto",
        "linear_regression",
        "logistic_regression",
        "decision_tree",
        "random_forest",
        "dummy",
    ] {
        assert!(names.contains(&name), "{name}");
    }
    for param in items
        .iter()
        .flat_map(|item| item["params"].as_array().unwrap())
    {
        assert!(!param["type"].as_str().unwrap().is_empty(), "{param}");
        assert!(!param["doc"].as_str().unwrap().is_empty(), "{param}");
        if param["type"] == "choice" {
            assert!(!param["choices"].as_array().unwrap().is_empty(), "{param}");
        }
    }
}
