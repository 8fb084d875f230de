//! The registry: versions, aliases, words and notes, lineage, the end of many, files that go out and come back.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{Person, TestApp};

async fn tree(app: &TestApp, person: &Person, dataset: &Value, name: &str, depth: u32) -> String {
    let request = json!({
        "dataset_id": dataset["id"], "target": "species", "algorithm": "decision_tree", "name": name,
        "params": { "max_depth": depth },
    });
    let model = app.train(person, request).await.json();
    assert_eq!(model["status"], "ready", "{model}");
    model["id"].as_str().unwrap().to_owned()
}

async fn get(app: &TestApp, person: &Person, path: &str) -> Value {
    let answer = app.get(&format!("/api/v1{path}")).by(person).send().await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {answer:?}");
    answer.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alias_names_a_version_wherever_a_model_is_named() {
    let app = TestApp::start().await;
    let (ana, ben) = (app.register("ana").await, app.register("ben").await);
    let dataset = app.sample(&ana, "iris").await;
    let first = tree(&app, &ana, &dataset, "flowers", 1).await;
    let second = tree(&app, &ana, &dataset, "flowers", 2).await;
    let put = |path: &str, person: &Person| {
        let path = format!("/api/v1/models/{path}");
        app.call(Method::PUT, &path).by(person).send()
    };
    let pointed = put(&format!("{first}/aliases/champion"), &ana).await;
    assert_eq!(pointed.json()["aliases"], json!(["champion"]));
    assert_eq!(
        get(&app, &ana, "/models/flowers@champion").await["id"],
        first
    );
    assert_eq!(get(&app, &ana, "/models/flowers").await["id"], second);
    assert_eq!(get(&app, &ana, "/models/flowers@1").await["id"], first);
    assert_eq!(get(&app, &ana, "/models/flowers@2").await["id"], second);
    let asked = app
        .post("/api/v1/models/flowers@champion/predictions")
        .by(&ana);
    let asked = asked.json(json!({ "rows": [{}] })).send().await;
    assert_eq!(asked.status, StatusCode::OK, "{asked:?}");

    // It moves to another version, and with the name.
    put("flowers@2/aliases/champion", &ana).await.json();
    assert_eq!(
        get(&app, &ana, "/models/flowers@champion").await["id"],
        second
    );
    let rename = app
        .call(Method::PATCH, &format!("/api/v1/models/{first}"))
        .by(&ana);
    rename.json(json!({ "name": "irises" })).send().await.json();
    assert_eq!(
        get(&app, &ana, "/models/irises@champion").await["id"],
        second
    );
    let list = get(&app, &ana, "/models/irises/aliases").await;
    assert_eq!(list["items"][0]["version"], 2);
    let page = get(&app, &ana, "/models?name=irises").await;
    assert_eq!(page["items"][0]["aliases"], json!(["champion"]));

    for (path, status, code) in [
        (format!("{first}/aliases/3"), 422, "validation"),
        (format!("{first}/aliases/a@b"), 422, "validation"),
        (format!("{first}/aliases/%20"), 422, "validation"),
        (format!("{first}/aliases/my%20best"), 422, "validation"),
        (format!("{first}/aliases/my%C2%A0best"), 422, "validation"),
        ("nothing/aliases/champion".to_owned(), 404, "not_found"),
        ("irises@9/aliases/champion".to_owned(), 404, "not_found"),
    ] {
        put(&path, &ana).await.problem(status, code);
    }
    put(&format!("{first}/aliases/mine"), &ben)
        .await
        .problem(404, "not_found");
    let remove = |person: &Person| {
        let path = "/api/v1/models/irises/aliases/champion";
        app.call(Method::DELETE, path).by(person).send()
    };
    remove(&ben).await.problem(404, "not_found");
    assert_eq!(remove(&ana).await.status, StatusCode::NO_CONTENT);
    remove(&ana).await.problem(404, "not_found");
    app.get("/api/v1/models/irises@champion")
        .by(&ana)
        .send()
        .await
        .problem(404, "not_found");
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn models_are_filed_and_found_by_words_and_notes() {
    let app = TestApp::start().await;
    let (ana, ben) = (app.register("ana").await, app.register("ben").await);
    let dataset = app.sample(&ana, "iris").await;
    let id = tree(&app, &ana, &dataset, "flowers", 1).await;
    tree(&app, &ana, &dataset, "flowers", 2).await;
    let path = format!("/api/v1/models/{id}");
    let change =
        |person: &Person, body: Value| app.call(Method::PATCH, &path).by(person).json(body).send();
    let filed = change(
        &ana,
        json!({ "tags": ["Garden", "garden", " for Ben "], "notes": "Made\nin spring." }),
    )
    .await
    .json();
    assert_eq!(filed["tags"], json!(["garden", "for ben"]), "{filed}");
    assert_eq!(filed["notes"], "Made\nin spring.");
    for (tag, found) in [
        ("garden", 1),
        ("GARDEN", 1),
        ("gard", 0),
        ("%25", 0),
        ("for%20ben", 1),
    ] {
        let page = get(&app, &ana, &format!("/models?tag={tag}")).await;
        assert_eq!(page["items"].as_array().unwrap().len(), found, "{tag}");
    }
    assert_eq!(
        change(&ana, json!({ "notes": null })).await.json()["notes"],
        Value::Null
    );
    for body in [
        json!({ "tags": ["a\"b"] }),
        json!({ "tags": [""] }),
        json!({ "tags": vec!["x"; 21] }),
        json!({ "tags": ["x".repeat(51)] }),
        json!({ "notes": "x".repeat(10_001) }),
        json!({ "notes": "a\u{0}b" }),
        json!({ "tags": "x" }),
        json!({}),
    ] {
        change(&ana, body).await.problem(422, "validation");
    }
    change(&ben, json!({ "notes": "mine" }))
        .await
        .problem(404, "not_found");
    // Whoever it is shared with sees neither.
    change(
        &ana,
        json!({ "visibility": "signed-in", "notes": "secret" }),
    )
    .await
    .json();
    let seen = app.get(&path).by(&ben).send().await.json();
    assert_eq!(
        (&seen["tags"], &seen["notes"], &seen["request"]),
        (&json!([]), &Value::Null, &Value::Null)
    );
    app.platform.stop().await;
}

fn artifacts(app: &TestApp) -> usize {
    fn count(folder: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(folder).unwrap();
        entries
            .map(|entry| entry.unwrap().path())
            .map(|path| if path.is_dir() { count(&path) } else { 1 })
            .sum()
    }
    count(&app.folder.path().join("artifacts"))
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_many_wants_to_be_meant_and_takes_the_bytes_along() {
    let app = TestApp::start().await;
    let (ana, ben) = (app.register("ana").await, app.register("ben").await);
    let dataset = app.sample(&ana, "iris").await;
    let before = artifacts(&app);
    let mut ids = Vec::new();
    for depth in 1..=4 {
        ids.push(tree(&app, &ana, &dataset, "flowers", depth).await);
    }
    // Of the same settings: the same bytes, kept until the last of both goes.
    let twin = tree(&app, &ana, &dataset, "plants", 1).await;
    assert_eq!(artifacts(&app), before + 4);
    let delete = |query: String, person: &Person| {
        app.call(Method::DELETE, &format!("/api/v1/models{query}"))
            .by(person)
            .send()
    };
    let all = ids.join(",");
    for query in [
        "".to_owned(),
        format!("?ids={all}"),
        "?name=flowers".to_owned(),
        "?confirm=false".to_owned(),
    ] {
        delete(query, &ana).await.problem(422, "validation");
    }
    for query in [
        "?ids=x&confirm=true",
        "?ids=&confirm=true",
        "?ids=x&name=y&confirm=true",
    ] {
        delete(query.to_owned(), &ana)
            .await
            .problem(422, "validation");
    }
    delete(format!("?ids={all}&confirm=true"), &ben)
        .await
        .problem(404, "not_found");
    let stranger = format!(
        "?ids={},{}&confirm=true",
        ids[0], "0190d5b4-2f6e-7d2e-8d0a-0242ac120002"
    );
    delete(stranger, &ana).await.problem(404, "not_found");
    assert_eq!(
        get(&app, &ana, "/models").await["items"]
            .as_array()
            .unwrap()
            .len(),
        5,
        "none went"
    );

    let two = format!("?ids={},{}&confirm=true", ids[0], ids[1]);
    assert_eq!(delete(two, &ana).await.json(), json!({ "deleted": 2 }));
    assert_eq!(
        artifacts(&app),
        before + 3,
        "the twin's bytes are still needed"
    );
    assert_eq!(
        delete("?name=plants&confirm=true".to_owned(), &ana)
            .await
            .json()["deleted"],
        1
    );
    assert_eq!(artifacts(&app), before + 2);
    app.get(&format!("/api/v1/models/{twin}"))
        .by(&ana)
        .send()
        .await
        .problem(404, "not_found");
    assert_eq!(
        delete("?confirm=true".to_owned(), &ana).await.json()["deleted"],
        2
    );
    assert_eq!(artifacts(&app), before);
    assert_eq!(
        delete("?confirm=true".to_owned(), &ana).await.json()["deleted"],
        0
    );
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lineage_says_enough_to_make_the_same_bytes_again() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let dataset = app.sample(&ana, "titanic").await;
    let request = json!({ "dataset_id": dataset["id"], "target": "survived", "algorithm": "random_forest", "params": { "n_estimators": 7 }, "seed": 5 });
    let model = app.train(&ana, request).await.json();
    let path = format!("/models/{}", model["id"].as_str().unwrap());
    let lineage = get(&app, &ana, &format!("{path}/lineage")).await;
    for field in ["data_hash", "table_hash", "model_hash"] {
        assert_eq!(
            lineage[field].as_str().unwrap().len(),
            64,
            "{field}: {lineage}"
        );
    }
    assert_eq!(
        (&lineage["seed"], &lineage["table_kept"]),
        (&json!(5), &json!(true))
    );
    assert_eq!(lineage["request"]["params"]["n_estimators"], 7);
    assert!(!lineage["kernel"].as_str().unwrap().is_empty());
    assert_eq!(lineage["version_of_program"], env!("CARGO_PKG_VERSION"));

    let retrain = |key: &str| {
        let call = app.post(&format!("/api/v1{path}/retraining")).by(&ana);
        call.header("prefer", "wait=60")
            .header("idempotency-key", key)
            .send()
    };
    app.get(&format!("/api/v1{path}/retraining"))
        .by(&ana)
        .send()
        .await
        .problem(404, "not_found");
    let found = retrain("once").await.json();
    assert_eq!(found["same"], true, "{found}");
    assert_eq!(found["hash_again"], lineage["model_hash"]);
    let balance = app.balance(&ana).await;
    assert_eq!(retrain("once").await.json()["same"], true);
    assert_eq!(
        app.balance(&ana).await,
        balance,
        "the same request is paid once"
    );
    assert_eq!(
        get(&app, &ana, &format!("{path}/retraining")).await["same"],
        true
    );

    // Without the table it cannot be done again, and nothing is charged for finding that out.
    let card = format!("/api/v1/datasets/{}", dataset["id"].as_str().unwrap());
    app.call(Method::DELETE, &card).by(&ana).send().await;
    assert_eq!(
        get(&app, &ana, &format!("{path}/lineage")).await["table_kept"],
        false
    );
    retrain("again").await.problem(409, "not_ready");
    assert_eq!(app.balance(&ana).await, balance);
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_file_goes_out_and_comes_back_and_nothing_else_does() {
    let app = TestApp::start().await;
    let (ana, ben) = (app.register("ana").await, app.register("ben").await);
    let dataset = app.sample(&ana, "iris").await;
    let id = tree(&app, &ana, &dataset, "flo\"wers / 1", 3).await;
    let path = format!("/api/v1/models/{id}/export");
    app.get(&path)
        .by(&ben)
        .send()
        .await
        .problem(404, "not_found");
    app.get(&format!("{path}?format=pickle"))
        .by(&ana)
        .send()
        .await
        .problem(400, "bad_request");
    let file = app.get(&path).by(&ana).send().await;
    assert_eq!(file.status, StatusCode::OK);
    assert_eq!(
        file.headers["content-disposition"],
        "attachment; filename=\"flo-wers---1-1.tym\""
    );
    assert!(file.bytes.starts_with(b"TRNYARD\n"));
    let onnx = app.get(&format!("{path}?format=onnx"));
    let onnx = onnx.by(&ana).send().await;
    assert_eq!(onnx.status, StatusCode::OK, "{onnx:?}");
    assert_eq!(
        onnx.headers["content-disposition"],
        "attachment; filename=\"flo-wers---1-1.onnx\""
    );
    let holds = |text: &[u8]| onnx.bytes.windows(text.len()).any(|part| part == text);
    assert!(holds(b"petal_length_cm") && holds(b"TreeEnsembleRegressor") && !holds(b"TRNYARD"));
    let certificate = get(&app, &ana, &format!("/models/{id}/certificate")).await;
    let ways = certificate["certificate"]["paths"].as_array().unwrap();
    let ways: Vec<&str> = ways.iter().filter_map(|way| way["path"].as_str()).collect();
    assert_eq!(ways, ["form", "json", "csv", "parquet", "onnx"]);

    let bring = |person: &Person, bytes: Vec<u8>| {
        app.post("/api/v1/models/import?name=brought")
            .by(person)
            .body(bytes)
            .send()
    };
    let brought = bring(&ben, file.bytes.clone()).await;
    assert_eq!(brought.status, StatusCode::CREATED, "{brought:?}");
    let brought = brought.json();
    assert_eq!(
        (&brought["status"], &brought["target"]),
        (&json!("ready"), &json!("species"))
    );
    assert_eq!(app.balance(&ben).await, 15, "bringing is free");
    let rows = json!({ "rows": [{ "petal_length_cm": 1.4, "petal_width_cm": 0.2 }] });
    let answer = |id: &str, person: &Person| {
        let path = format!("/api/v1/models/{id}/predictions");
        app.post(&path).by(person).json(rows.clone()).send()
    };
    let own = answer(&id, &ana).await.json();
    let theirs = answer(brought["id"].as_str().unwrap(), &ben).await.json();
    assert_eq!(own["predictions"], theirs["predictions"]);
    let brought = format!("/api/v1/models/{}", brought["id"].as_str().unwrap());
    for part in [
        "report",
        "report?format=html",
        "metrics",
        "confusion-matrix/rows?actual=setosa&predicted=setosa",
        "partial-dependence?column=petal_length_cm",
    ] {
        app.get(&format!("{brought}/{part}"))
            .by(&ben)
            .send()
            .await
            .problem(409, "not_ready");
    }
    app.post(&format!("{brought}/self-tests"))
        .by(&ben)
        .send()
        .await
        .problem(409, "not_ready");
    let lineage = app
        .get(&format!("{brought}/lineage"))
        .by(&ben)
        .send()
        .await
        .json();
    assert_eq!(
        (&lineage["data_hash"], &lineage["table_kept"]),
        (&Value::Null, &json!(false))
    );

    let before = artifacts(&app);
    let mut wrong: Vec<(&str, Vec<u8>, &str)> = vec![
        ("nothing", Vec::new(), "not_a_model"),
        (
            "a pickle",
            b"\x80\x04\x95\x1f\0\0\0\0\0\0\0\x8c\x05posix".to_vec(),
            "not_a_model",
        ),
        (
            "ONNX",
            b"\x08\x08\x12\x07pytorch:\x10\n\x05input".to_vec(),
            "not_a_model",
        ),
        ("a zip", b"PK\x03\x04\x14\0\0\0\0\0".to_vec(), "not_a_model"),
        ("a table", b"a,b\n1,2\n".to_vec(), "not_a_model"),
        ("a beginning", b"TRNYARD\n".to_vec(), "damaged"),
        (
            "cut",
            file.bytes[..file.bytes.len() - 1].to_vec(),
            "damaged",
        ),
    ];
    for place in [8, 12, 20, 40, file.bytes.len() / 2, file.bytes.len() - 1] {
        let mut changed = file.bytes.clone();
        changed[place] ^= 1;
        wrong.push(("changed", changed, ""));
    }
    for (what, bytes, reason) in wrong {
        let problem = bring(&ben, bytes).await.problem(422, "unreadable_file");
        assert!(
            reason.is_empty() || problem["reason"] == reason,
            "{what}: {problem}"
        );
    }
    assert_eq!(artifacts(&app), before);
    let list = app.get("/api/v1/models").by(&ben).send().await.json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_fills_no_more_room_than_it_may() {
    let app = TestApp::empty().await;
    let admin = app.set_up().await;
    let ana = app.register("ana").await;
    let limit = async |bytes: u64| {
        let call = app.call(Method::PATCH, "/api/v1/admin/settings").by(&admin);
        let answer = call.json(json!({ "storage_bytes": bytes })).send().await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    };
    let dataset = app.sample(&ana, "iris").await;
    let storage = async || app.get("/api/v1/me/storage").by(&ana).send().await.json();
    let used = storage().await["used"].as_u64().unwrap();
    assert!(used > 1_000);
    assert_eq!(storage().await["limit"], Value::Null);
    limit(used + 100).await;
    let rows = "1,2\n".repeat(100);
    let refused = app.upload(&ana, "t.csv", format!("a,b\n{rows}")).await;
    let problem = refused.problem(409, "quota_exceeded");
    assert_eq!(
        (&problem["used"], &problem["limit"]),
        (&json!(used), &json!(used + 100))
    );
    let id = tree(&app, &ana, &dataset, "flowers", 2).await;
    let training =
        json!({ "dataset_id": dataset["id"], "target": "species", "algorithm": "dummy" });
    let file = app
        .get(&format!("/api/v1/models/{id}/export"))
        .by(&ana)
        .send()
        .await;
    app.post("/api/v1/models")
        .by(&ana)
        .json(training.clone())
        .send()
        .await
        .problem(409, "quota_exceeded");
    app.post("/api/v1/models/import")
        .by(&ana)
        .body(file.bytes)
        .send()
        .await
        .problem(409, "quota_exceeded");
    assert_eq!(app.balance(&ana).await, 14);
    // What is deleted makes room.
    app.call(Method::DELETE, &format!("/api/v1/models/{id}"))
        .by(&ana)
        .send()
        .await;
    assert_eq!(storage().await["used"], used);
    assert_eq!(app.train(&ana, training).await.json()["status"], "ready");
    app.platform.stop().await;
}
