//! The Open Inference Protocol: the same models in tensors, at the same price.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::app::{Answer, Person, TestApp};
use crate::asking::{fruit_model, rich};

async fn infer(app: &TestApp, person: &Person, model: &str, body: Value) -> Answer {
    let path = format!("/v2/models/{model}/infer");
    app.post(&path).by(person).json(body).send().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_and_its_models_say_what_they_are() {
    let app = TestApp::start().await;
    assert_eq!(app.get("/v2").send().await.json()["name"], "trainyard");
    assert_eq!(
        app.get("/v2/health/live").send().await.json(),
        json!({ "live": true })
    );
    assert_eq!(
        app.get("/v2/health/ready").send().await.json(),
        json!({ "ready": true })
    );
    let ana = rich(&app, "ana").await;
    let model = fruit_model(&app, &ana, "decision_tree").await;
    let path = format!("/v2/models/{model}");
    let metadata = app.get(&path).by(&ana).send().await.json();
    assert_eq!(metadata["versions"], json!([model]));
    assert_eq!(
        metadata["inputs"],
        json!([
            { "name": "weight", "datatype": "INT64", "shape": [-1] },
            { "name": "colour", "datatype": "BYTES", "shape": [-1] },
            { "name": "ripe", "datatype": "BOOL", "shape": [-1] }
        ])
    );
    assert_eq!(metadata["outputs"][3]["name"], "probability:melon");
    let ready = app
        .get(&format!("{path}/ready"))
        .by(&ana)
        .send()
        .await
        .json();
    assert_eq!(ready, json!({ "name": model, "ready": true }));
    let bo = app.register("bo").await;
    for path in [
        path.clone(),
        format!("{path}/ready"),
        "/v2/models/none".to_owned(),
    ] {
        let problem = app
            .get(&path)
            .by(&bo)
            .send()
            .await
            .problem(404, "not_found");
        assert_eq!(
            problem["error"], problem["detail"],
            "the protocol's name for it"
        );
        app.get(&path).send().await.problem(401, "unauthenticated");
    }
    app.get("/v2/repository/index")
        .send()
        .await
        .problem(404, "not_found");
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_are_tensors_and_answers_too() {
    let app = TestApp::start().await;
    let ana = rich(&app, "ana").await;
    let model = fruit_model(&app, &ana, "random_forest").await;
    let before = app.balance(&ana).await;
    let body = json!({ "id": "7", "inputs": [
        { "name": "weight", "shape": [3], "datatype": "FP64", "data": [160.5, 1005, null] },
        { "name": "ripe", "shape": [3, 1], "datatype": "BOOL", "data": [[true], [false], [true]] },
        { "name": "colour", "shape": [3], "datatype": "BYTES", "data": ["red", "green", "blue"] }
    ]});
    let answer = infer(&app, &ana, &model, body.clone()).await;
    assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.json());
    let inferred = answer.json();
    assert_eq!(
        (&inferred["id"], &inferred["model_version"]),
        (&json!("7"), &json!(model))
    );
    assert_eq!(inferred["parameters"]["warnings"], 2, "{inferred}");
    let rows = json!([
        { "weight": 160.5, "ripe": "yes", "colour": "red" },
        { "weight": 1005, "ripe": "no", "colour": "green" },
        { "weight": null, "ripe": "yes", "colour": "blue" }
    ]);
    let path = format!("/api/v1/models/{model}/predictions");
    let call = app.post(&path).by(&ana);
    let plain = call
        .json(json!({ "rows": rows, "proba": true }))
        .send()
        .await
        .json();
    let outputs = inferred["outputs"].as_array().unwrap();
    assert_eq!(outputs.len(), 4);
    assert_eq!(
        (&outputs[0]["datatype"], &outputs[0]["shape"]),
        (&json!("BYTES"), &json!([3]))
    );
    for row in 0..3 {
        let one = &plain["predictions"][row];
        assert_eq!(outputs[0]["data"][row], one["value"]);
        assert_eq!(outputs[3]["data"][row], one["probabilities"]["melon"]);
    }
    assert_eq!(app.balance(&ana).await, before - 10);
    let receipts = app
        .get("/api/v1/predictions?door=v2")
        .by(&ana)
        .send()
        .await
        .json();
    assert_eq!(
        receipts["items"][0]["id"],
        inferred["parameters"]["prediction_id"]
    );
    let mut one = body;
    one["outputs"] = json!([{ "name": "probability:apple" }]);
    let one = infer(&app, &ana, &model, one).await.json();
    assert_eq!(one["outputs"].as_array().unwrap().len(), 1);
    assert_eq!(one["outputs"][0]["name"], "probability:apple");
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tensors_that_do_not_fit_are_refused_and_cost_nothing() {
    let app = TestApp::start().await;
    let ana = rich(&app, "ana").await;
    let model = fruit_model(&app, &ana, "decision_tree").await;
    let before = app.balance(&ana).await;
    let tensor = |name: &str, shape: Value, datatype: &str, data: Value| json!({ "name": name, "shape": shape, "datatype": datatype, "data": data });
    let weight = tensor("weight", json!([1]), "INT64", json!([5]));
    for (inputs, pointer) in [
        (json!([]), "/inputs"),
        (
            json!([tensor("size", json!([1]), "FP64", json!([1]))]),
            "/inputs/0/name",
        ),
        (json!([weight, weight]), "/inputs/1/name"),
        (
            json!([tensor("weight", json!([1]), "COMPLEX", json!([1]))]),
            "/inputs/0/datatype",
        ),
        (
            json!([tensor("weight", json!([0]), "FP64", json!([]))]),
            "/inputs/0/shape",
        ),
        (
            json!([tensor("weight", json!([1, 2]), "FP64", json!([1, 2]))]),
            "/inputs/0/shape",
        ),
        (
            json!([tensor("weight", json!([1_001]), "FP64", json!([1]))]),
            "/inputs/0/shape",
        ),
        (
            json!([tensor("weight", json!([2]), "FP64", json!([1]))]),
            "/inputs/0/data",
        ),
        (
            json!([
                weight,
                tensor("ripe", json!([2]), "BOOL", json!([true, true]))
            ]),
            "/inputs/1/shape",
        ),
        (
            json!([tensor("weight", json!([1]), "INT64", json!([1.5]))]),
            "/inputs/0/data/0",
        ),
        (
            json!([tensor("weight", json!([1]), "FP64", json!(["1"]))]),
            "/inputs/0/data/0",
        ),
        (
            json!([tensor("ripe", json!([1]), "BOOL", json!([1]))]),
            "/inputs/0/data/0",
        ),
    ] {
        let answer = infer(&app, &ana, &model, json!({ "inputs": inputs })).await;
        let problem = answer.problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        assert!(problem["error"].is_string(), "{problem}");
    }
    let wanted = json!({ "inputs": [weight], "outputs": [{ "name": "label" }] });
    infer(&app, &ana, &model, wanted)
        .await
        .problem(422, "validation");
    assert_eq!(app.balance(&ana).await, before);
    app.platform.stop().await;
}
