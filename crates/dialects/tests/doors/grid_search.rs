//! The grid search's contract, row by row, and its story.

mod rows;

use serde_json::{Value, json};
use trainyard_dialects::DialectOptions;

use crate::app::{Door, TestApp, claims};

const BASE: &str = "/dialects/grid-search";
const TEST: (&str, &str) = ("test_1", "testpassword");

async fn demo() -> TestApp {
    TestApp::with(DialectOptions { demo: true }, |_| {}).await
}

async fn token(door: Door<'_>, (name, password): (&str, &str)) -> String {
    let body = json!({ "username": name, "password": password });
    let answer = door.post("/request_token").json(body).send().await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let body = answer.json();
    assert_eq!(body.as_object().unwrap().len(), 1);
    body["token"].as_str().unwrap().to_owned()
}

/// A second person, made at another door of the same house.
async fn join(app: &TestApp, name: &str) {
    let body = json!({ "username": name, "password": "secret" });
    let answer = app
        .door("/dialects/lesson-prices")
        .post("/auth/signup")
        .json(body)
        .send()
        .await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn tokens() {
    let app = TestApp::start().await;
    let body = json!({ "username": TEST.0, "password": TEST.1 });
    // The account that everybody knows is there for demonstrations only.
    app.door(BASE)
        .post("/request_token")
        .json(body)
        .refuses(401, "Unauthorized access")
        .await;
    let app = demo().await;
    let door = app.door(BASE);
    let said = claims(&token(door, TEST).await);
    assert_eq!(said["sub"], "test_1");
    assert!(said["exp"].is_i64());
    let wrong = json!({ "username": TEST.0, "password": "no" });
    let answer = door
        .post("/request_token")
        .json(wrong)
        .refuses(401, "Unauthorized access")
        .await;
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    let answer = door
        .post("/request_token")
        .form(&[("username", TEST.0), ("password", TEST.1)])
        .send()
        .await;
    assert_eq!(answer.status, 422);
    door.get("/status").refuses(401, "Not authenticated").await;
    door.get("/status")
        .bearer("a.b.c")
        .refuses(401, "Failed to validate")
        .await;
    let answer = door
        .get("/status")
        .header("origin", "http://localhost:3000")
        .send()
        .await;
    assert_eq!(
        answer.header("access-control-allow-origin"),
        "http://localhost:3000"
    );
    let answer = door
        .get("/status")
        .header("origin", "http://evil.example")
        .send()
        .await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn the_story_outlives_the_server() {
    let app = demo().await;
    let door = app.door(BASE);
    let mine = token(door, TEST).await;
    let untrained = json!({ "is_trained": false, "model_algorithm": null, "best_params": null, "training_accuracy": null });
    door.get("/status")
        .bearer(&mine)
        .gives(200, untrained.clone())
        .await;
    let ask = |input: Value| json!({ "input": input });
    let first = json!([5.1, 3.5, 1.4, 0.2]);
    let call = door.post("/predict").bearer(&mine).json(ask(first.clone()));
    call.refuses(400, "Model is not trained yet.").await;

    for (algorithm, names) in [
        ("decision_tree", ["max_depth", "criterion"]),
        ("random_forest", ["n_estimators", "max_depth"]),
    ] {
        let body = json!({ "algorithm": algorithm, "param_grid": {} });
        let answer = door.post("/train").bearer(&mine).json(body).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let body = answer.json();
        assert_eq!(body["message"], "Successfully trained model.");
        let best = body["best_params_"].as_object().unwrap();
        assert_eq!(best.len(), 2, "{body}");
        assert!(names.iter().all(|name| best.contains_key(*name)), "{body}");
        let score = body["best_score"].as_f64().unwrap();
        assert!((0.93..=1.0).contains(&score), "{body}");
        let status = door.get("/status").bearer(&mine).send().await.json();
        assert_eq!(status["is_trained"], true);
        assert_eq!(status["model_algorithm"], algorithm);
        assert_eq!(status["best_params"], body["best_params_"]);
        assert!(
            status["training_accuracy"].as_f64().unwrap() > 0.95,
            "{status}"
        );
    }
    let grid = json!({ "algorithm": "decision_tree", "param_grid": {
        "max_depth": [3, null], "min_samples_leaf": [2], "random_state": [0],
    }});
    let answer = door.post("/train").bearer(&mine).json(grid).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let best = answer.json()["best_params_"].clone();
    assert_eq!(best["random_state"], 0);
    assert_eq!(best.as_object().unwrap().len(), 3, "{best}");

    for (input, class) in [
        (first.clone(), 0),
        (json!(["6.0", 2.9, "4.5", 1.5]), 1),
        (json!([6.5, 3.0, 5.8, 2.2]), 2),
    ] {
        let call = door.post("/predict").bearer(&mine).json(ask(input));
        call.gives(200, json!({ "prediction": class })).await;
    }
    // Nobody else has it.
    join(&app, "eve").await;
    let eve = token(door, ("eve", "secret")).await;
    door.get("/status").bearer(&eve).gives(200, untrained).await;
    door.post("/predict")
        .bearer(&eve)
        .json(ask(first.clone()))
        .refuses(400, "Model is not trained yet.")
        .await;
    // And it is there after a restart.
    let folder = app.stop().await;
    let app = TestApp::on(folder, DialectOptions { demo: true }, |_| {}).await;
    let door = app.door(BASE);
    let mine = token(door, TEST).await;
    let call = door.post("/predict").bearer(&mine).json(ask(first));
    call.gives(200, json!({ "prediction": 0 })).await;
}

#[tokio::test]
async fn refusals() {
    let app = demo().await;
    let door = app.door(BASE);
    let mine = token(door, TEST).await;
    let train = |body: Value| door.post("/train").bearer(&mine).json(body);
    let answer = train(json!({ "algorithm": "decision_tree" })).send().await;
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.json()["detail"][0]["loc"],
        json!(["body", "param_grid"])
    );
    let answer = train(json!({ "algorithm": "decision_tree", "param_grid": { "max_depth": 3 } }))
        .send()
        .await;
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.json()["detail"][0],
        json!({
            "type": "list_type", "loc": ["body", "param_grid", "max_depth"], "msg": "Input should be a valid list", "input": 3,
        })
    );
    for (algorithm, grid) in [
        ("svm", json!({})),
        ("decision_tree", json!({ "shoe_size": [1] })),
        ("decision_tree", json!({ "max_depth": [] })),
        ("decision_tree", json!({ "max_depth": [-3] })),
        ("random_forest", json!({ "n_estimators": ["many"] })),
        ("random_forest", json!({ "n_estimators": [1_000_000_000] })),
    ] {
        let answer = train(json!({ "algorithm": algorithm, "param_grid": grid }))
            .send()
            .await;
        assert_eq!(answer.status, 400, "{grid}: {}", answer.text());
        assert!(answer.json()["detail"].is_string());
    }
    let answer = train(json!({ "algorithm": "decision_tree", "param_grid": { "max_depth": [2] } }))
        .send()
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let ask = |input: Value| {
        door.post("/predict")
            .bearer(&mine)
            .json(json!({ "input": input }))
    };
    let answer = ask(json!([1, 2, 3])).send().await;
    assert_eq!(answer.status, 400);
    let answer = ask(json!([1, 2, "x", 4])).send().await;
    assert_eq!(
        (answer.status, &answer.json()["detail"][0]["type"]),
        (422, &json!("float_parsing"))
    );
    assert_eq!(
        answer.json()["detail"][0]["loc"],
        json!(["body", "input", 2])
    );
    let answer = ask(json!("1,2,3,4")).send().await;
    assert_eq!(
        (answer.status, &answer.json()["detail"][0]["type"]),
        (422, &json!("list_type"))
    );
}
