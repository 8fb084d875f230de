//! What a training may be asked for over HTTP, and what it is said to take before it is.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::app::{Person, TestApp};

/// A table with a number to predict, a group, a weight and two columns to learn from.
async fn table(app: &TestApp, person: &Person) -> Value {
    let rows: String = (0..240)
        .map(|row| {
            let (a, b) = (row * 37 % 101, row * 53 % 97);
            let kind = if a + b / 2 > 70 { "high" } else { "low" };
            format!("{a},{b},g{},{},{kind}\n", row % 12, 1 + row % 3)
        })
        .collect();
    let answer = app
        .upload(person, "t.csv", format!("a,b,grp,weight,kind\n{rows}"))
        .await;
    let dataset = answer.json();
    assert_eq!(dataset["status"], "ready", "{dataset}");
    dataset
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_what_it_takes_and_does_nothing() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let dataset = table(&app, &ana).await;
    let ask = |request: Value| {
        app.post("/api/v1/models?dry_run=true")
            .by(&ana)
            .json(request)
            .send()
    };
    let mut small =
        json!({ "dataset_id": dataset["id"], "target": "kind", "algorithm": "random_forest" });
    let answer = ask(small.clone()).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    let estimate = answer.json();
    let seconds = estimate["seconds"].as_f64().unwrap();
    assert!(seconds > 0.0 && seconds < 60.0, "{estimate}");
    assert!(estimate["bytes"].as_u64().unwrap() > 0, "{estimate}");
    assert!(estimate["ceiling_seconds"].as_f64().unwrap() > seconds);
    assert_eq!(
        (&estimate["tokens"], &estimate["balance"]),
        (&json!(1), &json!(15))
    );

    small["params"] = json!({ "n_estimators": 2000 });
    let more = ask(small.clone()).await.json();
    assert!(more["seconds"].as_f64().unwrap() > 2.0 * seconds, "{more}");
    let race =
        ask(json!({ "dataset_id": dataset["id"], "target": "kind", "effort": "thorough" })).await;
    assert!(race.json()["seconds"].as_f64().unwrap() > 1.0, "{race:?}");

    small["params"] = json!({ "n_estimators": 0 });
    let problem = ask(small).await.problem(422, "validation");
    assert_eq!(problem["errors"][0]["pointer"], "/params/n_estimators");
    let list = app.get("/api/v1/models").by(&ana).send().await.json();
    assert_eq!(list["items"], json!([]));
    assert_eq!(app.balance(&ana).await, 15);
    let jobs = app.get("/api/v1/jobs").by(&ana).send().await.json();
    assert_eq!(
        jobs["items"].as_array().unwrap().len(),
        1,
        "only the reading of the table"
    );
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_the_trainer_knows_can_be_asked_for() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let dataset = table(&app, &ana).await;
    let train = async |extra: Value| {
        let mut request = json!({ "dataset_id": dataset["id"], "target": "kind", "algorithm": "logistic_regression" });
        request
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        app.train(&ana, request).await
    };
    let model = train(json!({
        "weights": "weight", "split": { "kind": "group", "column": "grp" }, "folds": 3, "positive_class": "high",
        "metric": "f1", "params": { "class_weight": "balanced" }, "test_size": 0.25, "seed": 7,
    }))
    .await
    .json();
    assert_eq!(model["status"], "ready", "{model}");
    assert_eq!(model["request"]["weights"], "weight");
    assert_eq!(
        model["request"]["split"],
        json!({ "kind": "group", "column": "grp" })
    );
    // Neither the group nor the weight is learned from.
    let names: Vec<&str> = model["signature"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| field["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["a", "b"]);
    let report = format!("/api/v1/models/{}/report", model["id"].as_str().unwrap());
    let report = app.get(&report).by(&ana).send().await.json();
    assert_eq!(report["folds"]["count"], 3);
    assert_eq!(report["positive_class"], "high");
    assert_eq!(app.balance(&ana).await, 14);

    // A search costs what a study costs, and its trials are in the report.
    let searched = train(json!({
        "search": { "method": "grid", "space": { "C": [0.1, 1.0, 10.0] }, "folds": 2, "pruning": false },
    }))
    .await
    .json();
    assert_eq!(searched["status"], "ready", "{searched}");
    let contenders = format!(
        "/api/v1/models/{}/contenders",
        searched["id"].as_str().unwrap()
    );
    let contenders = app.get(&contenders).by(&ana).send().await.json();
    assert_eq!(contenders["search"]["trials"].as_array().unwrap().len(), 3);
    assert_eq!(app.balance(&ana).await, 13);

    let raced = train(json!({ "algorithm": "auto", "budget": { "work": 300.0 } }))
        .await
        .json();
    assert_eq!(raced["status"], "ready", "{raced}");
    let contenders = format!(
        "/api/v1/models/{}/contenders",
        raced["id"].as_str().unwrap()
    );
    let contenders = app.get(&contenders).by(&ana).send().await.json();
    assert_eq!(contenders["automatic"]["budget"], json!({ "work": 300.0 }));
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_wrong_field_is_named_and_nothing_is_charged() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let dataset = table(&app, &ana).await;
    for (extra, pointer) in [
        (json!({ "weights": "kind" }), "/weights"),
        (json!({ "weights": "nothing" }), "/weights"),
        (
            json!({ "split": { "kind": "group", "column": "nothing" } }),
            "/split/column",
        ),
        (json!({ "split": { "kind": "somehow" } }), "/split"),
        (json!({ "budget": { "work": 10.0 } }), "/budget"),
        (json!({ "budget": { "hours": 1 } }), "/budget"),
        (json!({ "search": { "folds": 1 } }), "/search/folds"),
        (json!({ "search": { "trials": 0 } }), "/search/trials"),
        (
            json!({ "search": { "space": { "depth": [1] } } }),
            "/search/space/depth",
        ),
        (json!({ "search": { "seconds": -1.0 } }), "/search/seconds"),
        (json!({ "folds": 1 }), "/folds"),
        (json!({ "positive_class": "middle" }), "/positive_class"),
        (
            json!({ "features": ["weight"], "weights": "weight" }),
            "/weights",
        ),
    ] {
        let mut request =
            json!({ "dataset_id": dataset["id"], "target": "kind", "algorithm": "decision_tree" });
        request
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        for path in ["/api/v1/models", "/api/v1/models?dry_run=true"] {
            let answer = app.post(path).by(&ana).json(request.clone()).send().await;
            let problem = answer.problem(422, "validation");
            let pointers: Vec<&str> = problem["errors"]
                .as_array()
                .unwrap()
                .iter()
                .map(|error| error["pointer"].as_str().unwrap())
                .collect();
            assert!(
                pointers.iter().any(|found| found.starts_with(pointer)),
                "{extra}: {pointers:?}"
            );
        }
    }
    assert_eq!(app.balance(&ana).await, 15);
    app.platform.stop().await;
}

/// An estimate is a ceiling: what takes far longer is stopped, says so, and costs nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_training_beyond_its_ceiling_is_stopped_and_given_back() {
    let app = TestApp::with(|options| {
        options.patience_seconds = 0.0;
        options.patience_times = 1e-9;
    })
    .await;
    app.set_up().await;
    let ana = app.register("ana").await;
    let dataset = table(&app, &ana).await;
    let request = json!({ "dataset_id": dataset["id"], "target": "kind", "algorithm": "random_forest", "params": { "n_estimators": 3000 } });
    let model = app.train(&ana, request).await.json();
    assert_eq!(model["status"], "failed", "{model}");
    assert_eq!(model["error"]["code"], "out_of_budget", "{model}");
    assert_eq!(app.balance(&ana).await, 15);
    app.platform.stop().await;
}
