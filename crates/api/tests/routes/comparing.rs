//! Several algorithms for one price, and models side by side.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{Person, TestApp};

async fn compare_train(app: &TestApp, person: &Person, body: Value) -> Value {
    let call = app.post("/api/v1/compare-train").by(person).json(body);
    let answer = call.header("prefer", "wait=60").send().await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn several_are_trained_for_one_price_and_the_best_is_named() {
    let app = TestApp::start().await;
    let (ana, ben) = (app.register("ana").await, app.register("ben").await);
    let dataset = app.sample(&ana, "iris").await;
    let body = json!({
        "dataset_id": dataset["id"], "target": "species", "name": "flowers", "metric": "balanced_accuracy",
        "algorithms": [
            { "algorithm": "dummy" },
            { "algorithm": "decision_tree", "params": { "max_depth": 1 } },
            { "algorithm": "logistic_regression" },
        ],
    });
    let found = compare_train(&app, &ana, body).await;
    assert_eq!(found["status"], "done", "{found}");
    assert_eq!(app.balance(&ana).await, 14, "one price");
    let models = found["models"].as_array().unwrap();
    let line = |model: &Value| {
        (
            model["algorithm"].clone(),
            model["version"].clone(),
            model["status"].clone(),
        )
    };
    assert_eq!(line(&models[0]), (json!("dummy"), json!(1), json!("ready")));
    assert_eq!(
        line(&models[2]),
        (json!("logistic_regression"), json!(3), json!("ready"))
    );
    assert_eq!(found["best"], models[2]["id"], "{found}");
    let path = format!(
        "/api/v1/compare-train/{}",
        found["job_id"].as_str().unwrap()
    );
    assert_eq!(app.get(&path).by(&ana).send().await.json(), found);
    app.get(&path)
        .by(&ben)
        .send()
        .await
        .problem(404, "not_found");
    let job = app
        .get(&format!(
            "/api/v1/jobs/{}",
            found["job_id"].as_str().unwrap()
        ))
        .by(&ana)
        .send()
        .await
        .json();
    assert_eq!(job["result"]["best"], found["best"]);
    // A job of another kind is no comparison.
    let train = models[0]["job_id"].clone();
    assert_eq!(train, found["job_id"]);
    let other = format!(
        "/api/v1/compare-train/{}",
        dataset["job_id"].as_str().unwrap()
    );
    app.get(&other)
        .by(&ana)
        .send()
        .await
        .problem(404, "not_found");

    let ids: Vec<&str> = models
        .iter()
        .map(|model| model["id"].as_str().unwrap())
        .collect();
    let side = app
        .get(&format!("/api/v1/models/compare?ids={}", ids.join(",")))
        .by(&ana)
        .send()
        .await
        .json();
    let accuracy = side["metrics"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["metric"] == "accuracy")
        .unwrap();
    assert_eq!(accuracy["winner"], ids[2], "{accuracy}");
    assert_eq!(accuracy["values"].as_array().unwrap().len(), 3);
    let loss = side["metrics"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["metric"] == "log_loss")
        .unwrap();
    assert_eq!(
        (&loss["higher_is_better"], &loss["winner"]),
        (&json!(false), &json!(ids[2]))
    );
    let settings: Vec<&str> = side["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["setting"].as_str().unwrap())
        .collect();
    assert!(
        settings.contains(&"algorithm") && settings.contains(&"params.max_depth"),
        "{settings:?}"
    );
    assert!(
        !settings.contains(&"seed") && !settings.contains(&"target"),
        "{settings:?}"
    );
    assert_eq!(
        side["roc"][2].as_array().unwrap().len(),
        3,
        "one curve a class"
    );
    assert_eq!(side["notes"], json!([]));
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn models_tested_on_other_rows_are_said_to_be() {
    let app = TestApp::start().await;
    let (ana, ben) = (app.register("ana").await, app.register("ben").await);
    let dataset = app.sample(&ana, "iris").await;
    for seed in [1, 2] {
        let request = json!({ "dataset_id": dataset["id"], "target": "species", "algorithm": "decision_tree", "name": "t", "seed": seed });
        assert_eq!(app.train(&ana, request).await.json()["status"], "ready");
    }
    let compare = |ids: &str, person: &Person| {
        app.get(&format!("/api/v1/models/compare?ids={ids}"))
            .by(person)
            .send()
    };
    let side = compare("t@1,t@2", &ana).await.json();
    assert!(
        side["notes"][0]
            .as_str()
            .unwrap()
            .contains("different rows"),
        "{side}"
    );
    for ids in ["", "t@1", "t@1,t@1", "t@1,t@2,t@1,t@2,t"] {
        compare(ids, &ana).await.problem(422, "validation");
    }
    compare("t@1,t@9", &ana).await.problem(404, "not_found");
    compare("t@1,t@2", &ben).await.problem(404, "not_found");
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_is_listed_and_holds_nobody_up() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    // Weights that no schema shows to be wrong: the rows do.
    let rows: String = (0..60)
        .map(|row| format!("{},{},{}\n", row % 7, row % 5, i32::from(row > 50) - 1))
        .collect();
    let dataset = app
        .upload(&ana, "t.csv", format!("x,y,w\n{rows}"))
        .await
        .json();
    let body = json!({
        "dataset_id": dataset["id"], "target": "y", "task": "regression", "weights": "w",
        "algorithms": [{ "algorithm": "linear_regression" }, { "algorithm": "dummy" }],
    });
    let found = compare_train(&app, &ana, body).await;
    assert_eq!(found["status"], "failed", "{found}");
    assert_eq!(
        app.balance(&ana).await,
        15,
        "none could be trained: given back"
    );
    for model in found["models"].as_array().unwrap() {
        assert_eq!(model["status"], "failed");
        assert!(
            model["error"]["detail"].as_str().unwrap().contains("'w'"),
            "{model}"
        );
    }

    // One that runs out of memory does not hold the other up.
    let app = TestApp::with(|options| options.memory_budget = 1_000).await;
    app.set_up().await;
    let ana = app.register("ana").await;
    let dataset = app.sample(&ana, "iris").await;
    let body = json!({
        "dataset_id": dataset["id"], "target": "species",
        "algorithms": [{ "algorithm": "dummy" }, { "algorithm": "neural_net" }],
    });
    let call = app.post("/api/v1/compare-train").by(&ana).json(body);
    // Found before anything is paid, and named by its place.
    let problem = call.send().await.problem(422, "validation");
    assert_eq!(
        problem["errors"][0]["pointer"], "/algorithms/1/algorithm",
        "{problem}"
    );
    assert_eq!(app.balance(&ana).await, 15);
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comparison_is_checked_charged_once_and_cancelled_whole() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let dataset = app.sample(&ana, "titanic").await;
    let with = |algorithms: Value| json!({ "dataset_id": dataset["id"], "target": "survived", "algorithms": algorithms });
    for (algorithms, pointer) in [
        (json!([]), "/algorithms"),
        (json!([{ "algorithm": "dummy" }]), "/algorithms"),
        (
            json!(vec![json!({ "algorithm": "dummy" }); 11]),
            "/algorithms",
        ),
        (
            json!([{ "algorithm": "dummy" }, { "algorithm": "dummy" }]),
            "/algorithms/1",
        ),
        (
            json!([{ "algorithm": "dummy" }, { "algorithm": "auto" }]),
            "/algorithms/1",
        ),
        (
            json!([{ "algorithm": "dummy" }, { "algorithm": "forest" }]),
            "/algorithms/1/algorithm",
        ),
        (
            json!([{ "algorithm": "dummy" }, { "algorithm": "knn", "params": { "k": 1 } }]),
            "/algorithms/1/params/k",
        ),
        (json!(["dummy", "knn"]), "/algorithms/0"),
    ] {
        let problem = app
            .post("/api/v1/compare-train")
            .by(&ana)
            .json(with(algorithms))
            .send()
            .await
            .problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    assert_eq!(app.balance(&ana).await, 15);
    let slow = with(json!([
        { "algorithm": "dummy" },
        { "algorithm": "random_forest", "params": { "n_estimators": 3000 } },
        { "algorithm": "extra_trees", "params": { "n_estimators": 3000 } },
    ]));
    let ask = || {
        app.post("/api/v1/compare-train")
            .by(&ana)
            .json(slow.clone())
            .header("idempotency-key", "k")
            .send()
    };
    let first = ask().await;
    assert_eq!(first.status, StatusCode::ACCEPTED);
    let first = first.json();
    let second = ask().await;
    assert_eq!(second.headers["idempotency-replayed"], "true");
    let second = second.json();
    assert_eq!(second["job_id"], first["job_id"]);
    assert_eq!(app.balance(&ana).await, 14);
    // One that is deleted leaves the others to it.
    let gone = format!(
        "/api/v1/models/{}",
        first["models"][2]["id"].as_str().unwrap()
    );
    assert_eq!(
        app.call(Method::DELETE, &gone).by(&ana).send().await.status,
        StatusCode::NO_CONTENT
    );
    let job = first["job_id"].as_str().unwrap();
    let state = app
        .get(&format!("/api/v1/jobs/{job}"))
        .by(&ana)
        .send()
        .await
        .json();
    assert!(
        ["queued", "running"].contains(&state["status"].as_str().unwrap()),
        "{state}"
    );
    app.post(&format!("/api/v1/jobs/{job}/cancel"))
        .by(&ana)
        .send()
        .await
        .json();
    assert_eq!(app.ended(&ana, job).await["status"], "cancelled");
    assert_eq!(app.balance(&ana).await, 15);
    let after = app
        .get(&format!("/api/v1/compare-train/{job}"))
        .by(&ana)
        .send()
        .await
        .json();
    let states: Vec<&str> = after["models"]
        .as_array()
        .unwrap()
        .iter()
        .map(|model| model["status"].as_str().unwrap())
        .collect();
    assert_eq!(states.len(), 2);
    assert_eq!(states[1], "cancelled", "{after}");
    assert!(app.platform.verify().await.unwrap().is_sound());
    app.platform.stop().await;
}
