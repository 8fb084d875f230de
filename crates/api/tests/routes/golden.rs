//! The main road: from an empty server to a paid prediction.

use axum::http::StatusCode;
use serde_json::json;

use crate::app::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn from_an_empty_server_to_a_prediction() {
    let app = TestApp::empty().await;
    assert_eq!(
        app.get("/api/v1/setup").send().await.json(),
        json!({ "needed": true, "registration_open": true })
    );
    let admin = app.set_up().await;
    assert_eq!(
        app.get("/api/v1/setup").send().await.json()["needed"],
        false
    );

    let ana = app.register("ana").await;
    let me = app.get("/api/v1/me").by(&ana).send().await.json();
    assert_eq!(me["tokens"], 15);
    assert_eq!(me["role"], "user");
    assert_eq!(
        app.get("/api/v1/me").by(&admin).send().await.json()["role"],
        "admin"
    );

    let dataset = app.sample(&ana, "titanic").await;
    assert_eq!(
        (&dataset["rows"], &dataset["columns"]),
        (&json!(1309), &json!(5))
    );
    assert_eq!(dataset["suggested_target"], "survived");
    let id = dataset["id"].as_str().unwrap();

    let profile = app
        .get(&format!("/api/v1/datasets/{id}/profile?target=survived"))
        .by(&ana)
        .send()
        .await
        .json();
    let age = profile["columns"]
        .as_array()
        .unwrap()
        .iter()
        .find(|column| column["name"] == "age")
        .unwrap();
    assert_eq!(age["missing"], 263);
    assert_eq!(age["association"]["target"], "survived");
    let rows = app
        .get(&format!("/api/v1/datasets/{id}/rows?offset=1300&limit=50"))
        .by(&ana)
        .send()
        .await
        .json();
    assert_eq!(rows["rows"].as_array().unwrap().len(), 9);
    assert_eq!(rows["total"], 1309);

    let request = json!({ "dataset_id": id, "target": "survived", "algorithm": "random_forest", "params": { "n_estimators": 20 }, "name": "titanic" });
    let accepted = app
        .post("/api/v1/models")
        .by(&ana)
        .json(request)
        .send()
        .await;
    assert_eq!(accepted.status, StatusCode::ACCEPTED, "{accepted:?}");
    let body = accepted.json();
    assert_eq!(
        (&body["charged"], &body["balance"], &body["version"]),
        (&json!(1), &json!(14), &json!(1))
    );
    let job = body["job_id"].as_str().unwrap();
    assert_eq!(accepted.headers["location"], format!("/api/v1/jobs/{job}"));
    let job = app.ended(&ana, job).await;
    assert_eq!(job["status"], "done", "{job}");
    assert_eq!(job["progress"]["stage"], "done");
    assert_eq!(job["result"], json!({ "kind": "model", "id": body["id"] }));
    assert!(
        !job["progress"]["contenders"].as_array().unwrap().is_empty(),
        "{job}"
    );

    let id = body["id"].as_str().unwrap();
    let model = app
        .get(&format!("/api/v1/models/{id}"))
        .by(&ana)
        .send()
        .await
        .json();
    assert_eq!(model["status"], "ready");
    assert_eq!(model["task"], "classification");
    assert_eq!(model["classes"], json!(["no", "yes"]));
    assert!(
        model["metrics"]["accuracy"]["value"].as_f64().unwrap() > 0.72,
        "{}",
        model["metrics"]
    );
    assert!(!model["signature"].as_array().unwrap().is_empty());
    let report = app
        .get(&format!("/api/v1/models/{id}/report"))
        .by(&ana)
        .send()
        .await
        .json();
    assert_eq!(report["main_metric"], "accuracy");

    let asked = json!({ "rows": [{ "age": 30, "sex": "female", "passenger_class": "1st" }, { "age": 200, "sex": "robot" }], "proba": true });
    let answer = app
        .post(&format!("/api/v1/models/{id}/predictions"))
        .by(&ana)
        .json(asked)
        .send()
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    let answer = answer.json();
    assert_eq!(
        (&answer["charged"], &answer["balance"]),
        (&json!(5), &json!(9))
    );
    assert_eq!(answer["predictions"][0]["value"], "yes");
    let sum: f64 = answer["predictions"][0]["probabilities"]
        .as_object()
        .unwrap()
        .values()
        .map(|one| one.as_f64().unwrap())
        .sum();
    assert!((sum - 1.0).abs() < 1e-9);
    let codes: Vec<_> = answer["predictions"][1]["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|warning| warning["code"].as_str().unwrap())
        .collect();
    assert!(
        codes.contains(&"out_of_range")
            && codes.contains(&"unknown_category")
            && codes.contains(&"missing"),
        "{codes:?}"
    );

    let by_name = json!({ "rows": [{ "age": 30, "sex": "female", "passenger_class": "1st" }] });
    let answer = app
        .post("/api/v1/models/titanic/predictions")
        .by(&ana)
        .json(by_name)
        .send()
        .await
        .json();
    assert_eq!(answer["balance"], 4);
    let tokens = app.get("/api/v1/me/tokens").by(&ana).send().await.json();
    let reasons: Vec<_> = tokens["entries"]["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["reason"].clone(), entry["delta"].clone()))
        .collect();
    assert_eq!(
        reasons,
        [
            (json!("predict"), json!(-5)),
            (json!("predict"), json!(-5)),
            (json!("train"), json!(-1)),
            (json!("opening"), json!(15))
        ]
    );
    app.platform.stop().await;
}
