//! Requests that cannot be done: each refused before anything is stored or charged.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{Person, TestApp};

async fn nothing_charged(app: &TestApp, ana: &Person) {
    assert_eq!(app.balance(ana).await, 15);
    let models = app.get("/api/v1/models").by(ana).send().await.json();
    assert_eq!(models["items"], json!([]));
}

fn pointers(problem: &Value) -> Vec<&str> {
    problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_training_that_cannot_work_is_refused_before_it_is_paid() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let rows: String = (0..40)
        .map(|row| {
            format!(
                "{row}.5,{},same,,{row},word{row},2024-01-{:02}\n",
                ["a", "b"][row % 2],
                row % 28 + 1
            )
        })
        .collect();
    let table = format!("x,y,constant,empty,number,words,day\n{rows}");
    let dataset = app.upload(&ana, "t.csv", table).await.json();
    assert_eq!(dataset["status"], "ready", "{dataset}");
    let cases = [
        (json!({ "target": "nothing" }), "/target"),
        (json!({ "target": "constant" }), "/target"),
        (
            json!({ "target": "constant", "task": "classification" }),
            "/target",
        ),
        (json!({ "target": "empty" }), "/target"),
        (json!({ "target": "words" }), "/target"),
        (json!({ "target": "day" }), "/target"),
        (
            json!({ "target": "number", "task": "classification" }),
            "/target",
        ),
        (json!({ "target": "y", "task": "regression" }), "/task"),
        (json!({ "target": "y", "algorithm": "magic" }), "/algorithm"),
        (
            json!({ "target": "y", "algorithm": "linear_regression" }),
            "/algorithm",
        ),
        (
            json!({ "target": "y", "algorithm": "random_forest", "params": { "magic": 1 } }),
            "/params/magic",
        ),
        (
            json!({ "target": "y", "algorithm": "random_forest", "params": { "n_estimators": 0 } }),
            "/params/n_estimators",
        ),
        (
            json!({ "target": "y", "algorithm": "random_forest", "params": { "n_estimators": 1_000_000_000 } }),
            "/params/n_estimators",
        ),
        (
            json!({ "target": "y", "algorithm": "random_forest", "params": { "n_estimators": "many" } }),
            "/params/n_estimators",
        ),
        (json!({ "target": "y", "features": [] }), "/features"),
        (
            json!({ "target": "y", "features": ["x", "z"] }),
            "/features/1",
        ),
        (json!({ "target": "y", "features": ["y"] }), "/features/0"),
        (
            json!({ "target": "y", "features": ["x", "x"] }),
            "/features/1",
        ),
        (json!({ "target": "y", "test_size": 0.9 }), "/test_size"),
        (json!({ "target": "y", "test_size": -1 }), "/test_size"),
        (json!({ "target": "y", "folds": 1 }), "/folds"),
        (json!({ "target": "y", "folds": 1_000_000 }), "/folds"),
        (json!({ "target": "y", "metric": "luck" }), "/metric"),
        (json!({ "target": "y", "metric": "rmse" }), "/metric"),
        (
            json!({ "target": "y", "positive_class": "c" }),
            "/positive_class",
        ),
        (
            json!({ "target": "y", "seed": 18_446_744_073_709_551_615_u64 }),
            "/seed",
        ),
        (json!({ "target": "y", "task": "guess" }), "/task"),
        (json!({ "target": "y", "surprise": 1 }), "/surprise"),
        (json!({ "target": 3 }), "/target"),
        (json!({ "target": "y", "params": [1] }), "/params"),
        (json!({}), "/target"),
        (json!({ "target": "y", "name": "x".repeat(201) }), "/name"),
        (json!({ "target": "y", "name": "a\u{0}b" }), "/name"),
    ];
    for (mut request, pointer) in cases {
        request["dataset_id"] = dataset["id"].clone();
        let problem = app
            .train(&ana, request.clone())
            .await
            .problem(422, "validation");
        assert_eq!(pointers(&problem), [pointer], "{request}: {problem}");
        nothing_charged(&app, &ana).await;
    }
    let many = json!({ "dataset_id": dataset["id"], "target": "y", "test_size": 2, "folds": 1, "algorithm": "magic" });
    let problem = app.train(&ana, many).await.problem(422, "validation");
    assert_eq!(pointers(&problem), ["/algorithm", "/test_size", "/folds"]);
    let unknown = json!({ "dataset_id": "01999999-9999-7999-9999-999999999999", "target": "y" });
    app.train(&ana, unknown).await.problem(404, "not_found");
    let no_id = json!({ "dataset_id": "../../etc/passwd", "target": "y" });
    let problem = app.train(&ana, no_id).await.problem(422, "validation");
    assert_eq!(pointers(&problem), ["/dataset_id"]);
    nothing_charged(&app, &ana).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_few_rows_are_refused() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let few = app
        .upload(&ana, "few.csv", "x,y\n1,a\n2,b\n3,a\n4,b\n")
        .await
        .json();
    let problem = app
        .train(&ana, json!({ "dataset_id": few["id"], "target": "y" }))
        .await
        .problem(422, "validation");
    assert!(
        problem["detail"].as_str().unwrap().contains("10"),
        "{problem}"
    );
    let gaps: String = (0..50)
        .map(|row| format!("{row},{}\n", if row < 4 { ["a", "b"][row % 2] } else { "" }))
        .collect();
    let gaps = app
        .upload(&ana, "gaps.csv", format!("x,y\n{gaps}"))
        .await
        .json();
    let problem = app
        .train(&ana, json!({ "dataset_id": gaps["id"], "target": "y" }))
        .await
        .problem(422, "validation");
    assert_eq!(pointers(&problem), ["/target"]);
    nothing_charged(&app, &ana).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prediction_that_cannot_work_is_free() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let predict = |id: &str, body: Value| {
        app.post(&format!("/api/v1/models/{id}/predictions"))
            .by(&ana)
            .json(body)
            .send()
    };
    let asked = json!({ "rows": [{ "petal_length_cm": 1.4 }] });
    for id in [
        "01999999-9999-7999-9999-999999999999",
        "nothing",
        "..%2F..%2Fsecret",
        "%00",
        "a%5C..%5Cb",
        "%252e%252e%252f",
    ] {
        predict(id, asked.clone()).await.problem(404, "not_found");
    }
    let dataset = app.sample(&ana, "iris").await;
    let model = app.train(&ana, json!({ "dataset_id": dataset["id"], "target": "species", "algorithm": "decision_tree" })).await.json();
    let id = model["id"].as_str().unwrap();
    let before = app.balance(&ana).await;
    let cases = [
        (json!({ "rows": [] }), "/rows"),
        (json!({ "rows": vec![json!({}); 1_001] }), "/rows"),
        (json!({ "rows": [1] }), "/rows"),
        (json!({ "rows": ["text"] }), "/rows"),
        (json!({ "rows": [[1]] }), "/rows"),
        (json!({ "rows": {} }), "/rows"),
        (json!({}), "/rows"),
        (json!({ "rows": [{}], "proba": "yes" }), "/proba"),
        (json!({ "rows": [{}], "explain": "yes" }), "/explain"),
    ];
    for (body, pointer) in cases {
        let problem = predict(id, body.clone()).await.problem(422, "validation");
        assert_eq!(pointers(&problem), [pointer], "{problem}");
    }
    assert_eq!(app.balance(&ana).await, before);
    let odd = json!({ "rows": [{ "petal_length_cm": "<script>", "petal_width_cm": [1], "sepal_length_cm": {}, "extra": 1, "sepal_width_cm": true }] });
    let answer = predict(id, odd).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
}

/// Attack 15 and the shape of every refusal that no handler saw.
#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_is_a_problem() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let raw = |body: &str, kind: &str| {
        let call = app.post("/api/v1/auth/login").header("content-type", kind);
        call.body(body).send()
    };
    raw("{\"login\": ", "application/json")
        .await
        .problem(400, "bad_request");
    raw(
        "{\"login\": \"a\", \"password\": \"b\"} {}",
        "application/json",
    )
    .await
    .problem(400, "bad_request");
    raw("\u{0}", "application/json")
        .await
        .problem(400, "bad_request");
    raw("login=a", "application/x-www-form-urlencoded")
        .await
        .problem(415, "unsupported_media_type");
    raw("{}", "text/plain")
        .await
        .problem(415, "unsupported_media_type");
    raw(
        &format!("{{\"login\": \"{}\"}}", "x".repeat(3 << 20)),
        "application/json",
    )
    .await
    .problem(413, "payload_too_large");
    let deep = format!(
        "{{\"params\":{{\"a\":{}{}}}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    app.post("/api/v1/models")
        .by(&ana)
        .header("content-type", "application/json")
        .body(deep)
        .send()
        .await
        .problem(400, "bad_request");
    app.get("/api/v1/nothing")
        .send()
        .await
        .problem(404, "not_found");
    app.get("/api/v2").send().await.problem(404, "not_found");
    app.get("/api").send().await.problem(404, "not_found");
    let method = app
        .call(Method::PUT, "/api/v1/models")
        .by(&ana)
        .send()
        .await;
    method.problem(405, "method_not_allowed");
    assert!(method.headers["allow"].to_str().unwrap().contains("POST"));
    for query in ["limit=many", "limit=-1", "status=odd", "dataset_id=7"] {
        app.get(&format!("/api/v1/models?{query}"))
            .by(&ana)
            .send()
            .await
            .problem(400, "bad_request");
    }
    let problem = app
        .get("/api/v1/models?cursor=nonsense")
        .by(&ana)
        .send()
        .await
        .problem(422, "validation");
    assert_eq!(pointers(&problem), ["/cursor"]);
    app.get("/api/v1/models?search=%25%27%3B%20drop%20table%20models%3B--%00")
        .by(&ana)
        .send()
        .await;
    for id in ["7", "..%2f..%2fx", "%2e%2e", "%ff"] {
        app.get(&format!("/api/v1/datasets/{id}"))
            .by(&ana)
            .send()
            .await
            .problem(404, "not_found");
    }
    let key = app
        .post("/api/v1/models")
        .by(&ana)
        .header("idempotency-key", &"k".repeat(256))
        .json(json!({}));
    key.send().await.problem(400, "bad_request");
    app.post("/api/v1/samples/nothing")
        .by(&ana)
        .send()
        .await
        .problem(404, "not_found");
    let headers = app.get("/api/v1/me").by(&ana).send().await.headers;
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(
        headers["content-security-policy"],
        "default-src 'none'; frame-ancestors 'none'"
    );
}

/// Attack 16: when our own side breaks, the answer says nothing of how.
#[tokio::test(flavor = "multi_thread")]
async fn attack_16_our_own_mistakes_leak_nothing() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let dataset = app.sample(&ana, "iris").await;
    for entry in std::fs::read_dir(app.folder.path().join("artifacts")).unwrap() {
        let path = entry.unwrap().path();
        for file in std::fs::read_dir(&path).unwrap() {
            std::fs::write(file.unwrap().path(), "damaged").unwrap();
        }
    }
    let path = format!("/api/v1/datasets/{}/rows", dataset["id"].as_str().unwrap());
    let answer = app.get(&path).by(&ana).send().await;
    answer.problem(500, "internal");
    let text = String::from_utf8(answer.bytes).unwrap();
    let folder = app.folder.path().to_str().unwrap();
    for secret in [
        folder, "artifact", "hash", "blake", "SELECT", "panicked", "src/", ".rs", "sqlx",
    ] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    // A training on damaged data fails, is paid back, and says as little.
    let model = app
        .train(
            &ana,
            json!({ "dataset_id": dataset["id"], "target": "species" }),
        )
        .await
        .json();
    assert_eq!(model["status"], "failed", "{model}");
    assert_eq!(model["error"]["code"], "internal");
    let text = model["error"].to_string();
    assert!(
        !text.contains(folder) && !text.contains("hash") && !text.contains("artifact"),
        "{text}"
    );
    assert_eq!(app.balance(&ana).await, 15);
    app.platform.stop().await;
    let answer = app.get("/api/v1/me").by(&ana).send().await;
    assert!(answer.status.is_server_error());
    let text = String::from_utf8(answer.bytes).unwrap();
    assert!(
        !text.contains("sql") && !text.contains("database") && !text.contains("closed"),
        "{text}"
    );
}

/// What a parser says about a body or a query is told in words for people, without the names of our types.
#[tokio::test(flavor = "multi_thread")]
async fn parsers_are_translated() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    for body in ["null", "[]", " [[{\"x\":1}],true]", "\"rows\"", "5"] {
        let predict = app
            .post("/api/v1/models/any/predictions")
            .by(&ana)
            .header("content-type", "application/json")
            .body(body);
        let problem = predict.send().await.problem(422, "validation");
        assert!(
            problem["detail"].as_str().unwrap().contains("JSON object"),
            "{body}: {problem}"
        );
    }
    for (body, word) in [
        (json!({ "dataset_id": [] , "target": "y" }), "/dataset_id"),
        (
            json!({ "target": "y", "folds": -1 }),
            "a whole number from 0",
        ),
        (
            json!({ "target": "y", "seed": 1.5 }),
            "a whole number from 0",
        ),
        (json!({ "target": "y", "params": [] }), "an object"),
        (json!({ "target": "y", "features": {} }), "a list"),
    ] {
        let train = app.post("/api/v1/models").by(&ana).json(body.clone());
        let problem = train.send().await.problem(422, "validation").to_string();
        assert!(problem.contains(word), "{body}: {problem}");
        for ours in ["usize", "u64", "struct", "TrainBody"] {
            assert!(!problem.contains(ours), "{body}: {problem}");
        }
    }
    for query in [
        "limit=-1",
        "limit=many",
        "limit=",
        "limit=99999999999999999999",
    ] {
        let list = app.get(&format!("/api/v1/models?{query}")).by(&ana);
        let problem = list.send().await.problem(400, "bad_request");
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            detail.contains("limit") && detail.contains("number"),
            "{query}: {detail}"
        );
    }
}

/// What a training would take is told by the profile: too much is refused with the estimate, and with what would fit.
#[tokio::test(flavor = "multi_thread")]
async fn attack_18_a_training_beyond_the_limits_is_refused_before_it_is_paid() {
    let app = TestApp::with(|options| options.training_seconds = 3e-4).await;
    let ana = app.set_up().await;
    let before = app.balance(&ana).await;
    let dataset = app.sample(&ana, "diabetes").await;
    let path = "/api/v1/models";
    let request = |algorithm: &str| json!({ "dataset_id": dataset["id"], "target": "target", "algorithm": algorithm });
    let refused = app.post(path).by(&ana).json(request("svm")).send().await;
    let problem = refused.problem(422, "validation");
    assert_eq!(pointers(&problem), ["/algorithm"]);
    let said = problem["errors"][0]["detail"].as_str().unwrap();
    assert!(
        said.starts_with("Support vector machine on 354 rows would take about 1 second and ")
            && said.ends_with("use linear regression or fewer rows."),
        "{said}"
    );
    assert_eq!(app.balance(&ana).await, before);
    let model = app.train(&ana, request("linear_regression")).await.json();
    assert_eq!(model["status"], "ready", "{model}");
    app.platform.stop().await;
}
