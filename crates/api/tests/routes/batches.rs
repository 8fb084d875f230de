//! Files answered by jobs: counted and paid for at once, answered as single rows are, given back when they fail.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{Answer, Person, TestApp};
use crate::asking::{fruit, fruit_model, rich};

async fn send(
    app: &TestApp,
    person: &Person,
    model: &str,
    query: &str,
    bytes: impl Into<Vec<u8>>,
) -> Answer {
    let path = format!("/api/v1/models/{model}/batch-predictions?{query}");
    let call = app.post(&path).by(person).header("prefer", "wait=60");
    call.body(bytes).send().await
}

async fn result(app: &TestApp, person: &Person, batch: &Value) -> Answer {
    let id = batch["id"].as_str().unwrap();
    let path = format!("/api/v1/batch-predictions/{id}/result");
    app.get(&path).by(person).send().await
}

/// A file of so many rows without the target, and what single predictions say of them.
async fn single(app: &TestApp, person: &Person, model: &str, rows: &[Value]) -> Vec<Value> {
    let path = format!("/api/v1/models/{model}/predictions");
    let body = json!({ "rows": rows, "proba": true });
    let answer = app.post(&path).by(person).json(body).send().await.json();
    answer["predictions"].as_array().unwrap().clone()
}

fn rows(count: usize) -> (String, Vec<Value>) {
    let mut text = "note,colour,weight,ripe\n".to_owned();
    let mut rows = Vec::new();
    for row in 0..count {
        let (colour, ripe) = (["red", "green"][row % 2], ["yes", "no"][row % 3 / 2]);
        let weight = row * 37 % 1_060;
        if row % 10 == 9 {
            text.push_str(&format!("\"a, b\",{colour},,{ripe}\n"));
            rows.push(json!({ "colour": colour, "weight": null, "ripe": ripe }));
        } else {
            text.push_str(&format!("x,{colour},{weight}.5,{ripe}\n"));
            rows.push(json!({ "colour": colour, "weight": weight as f64 + 0.5, "ripe": ripe }));
        }
    }
    (text, rows)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_answered_as_its_rows_are() {
    let app = TestApp::start().await;
    let ana = rich(&app, "ana").await;
    let model = fruit_model(&app, &ana, "random_forest").await;
    let (text, rows) = rows(1_000);
    let expected = single(&app, &ana, &model, &rows).await;
    let before = app.balance(&ana).await;
    let sent = send(
        &app,
        &ana,
        &model,
        "proba=true&file_name=my%20fruit.csv",
        text.clone(),
    )
    .await;
    assert_eq!(sent.status, StatusCode::OK, "{:?}", sent.json());
    let batch = sent.json();
    assert_eq!(
        (
            &batch["status"],
            &batch["rows"],
            &batch["charged"],
            &batch["balance"]
        ),
        (&json!("done"), &json!(1_000), &json!(5), &json!(before - 5)),
        "{batch}"
    );
    assert_eq!(batch["job"]["progress"]["stage"], "done");
    let job = batch["job"]["id"].as_str().unwrap();
    assert_eq!(
        sent.headers["location"],
        format!("/api/v1/jobs/{job}").as_str()
    );
    let answers = result(&app, &ana, &batch).await;
    assert_eq!(answers.headers["content-type"], "text/csv; charset=utf-8");
    let disposition = answers.headers["content-disposition"].to_str().unwrap();
    assert!(
        disposition.contains("my fruit-answers.csv"),
        "{disposition}"
    );
    let csv = String::from_utf8(answers.bytes.clone()).unwrap();
    let mut lines = csv.lines();
    assert_eq!(
        lines.next().unwrap(),
        "prediction,probability:apple,probability:grape,probability:melon"
    );
    let mut count = 0;
    for (line, one) in lines.zip(&expected) {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells[0], one["value"].as_str().unwrap(), "{line}");
        let melon: f64 = cells[3].parse().unwrap();
        assert_eq!(melon, one["probabilities"]["melon"].as_f64().unwrap());
        count += 1;
    }
    assert_eq!(count, 1_000);
    // The same rows as JSON lines and as one document, and the answers as Parquet, which is read back as a file of rows.
    let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
    for document in [lines, json!(rows).to_string()] {
        let batch = send(&app, &ana, &model, "proba=true&file_name=r.jsonl", document)
            .await
            .json();
        assert_eq!(
            (&batch["status"], &batch["format"]),
            (&json!("done"), &json!("json_lines"))
        );
        assert_eq!(result(&app, &ana, &batch).await.bytes, answers.bytes);
    }
    let batch = send(&app, &ana, &model, "format=parquet", text.clone())
        .await
        .json();
    let parquet = result(&app, &ana, &batch).await;
    assert_eq!(
        parquet.headers["content-type"],
        "application/vnd.apache.parquet"
    );
    let read = app
        .upload(&ana, "answers.parquet", parquet.bytes)
        .await
        .json();
    assert_eq!(
        (&read["rows"], &read["columns"]),
        (&json!(1_000), &json!(1)),
        "{read}"
    );
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_started_thousand_rows_is_paid_for_at_once() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let model = fruit_model(&app, &ana, "decision_tree").await;
    assert_eq!(app.balance(&ana).await, 14);
    let (text, _) = rows(2_001);
    let problem = send(&app, &ana, &model, "", text)
        .await
        .problem(402, "insufficient_tokens");
    assert_eq!(
        (&problem["needed"], &problem["balance"]),
        (&json!(15), &json!(14))
    );
    let (text, _) = rows(1_001);
    let path = format!("/api/v1/models/{model}/batch-predictions");
    let again = async |text: &str| {
        let call = app.post(&path).by(&ana).header("idempotency-key", "one");
        call.body(text.to_owned()).send().await
    };
    let first = again(&text).await;
    assert_eq!(
        (&first.json()["charged"], &first.json()["balance"]),
        (&json!(10), &json!(4))
    );
    let second = again(&text).await;
    assert_eq!(second.headers["idempotency-replayed"], "true");
    assert_eq!(second.json()["id"], first.json()["id"]);
    again("weight,colour,ripe\n1,red,yes\n")
        .await
        .problem(422, "idempotency_key_reused");
    assert_eq!(app.balance(&ana).await, 4);
    // Not even one row can be paid for: told before the file is looked at.
    send(&app, &ana, &model, "", "no table")
        .await
        .problem(402, "insufficient_tokens");
    let findings = app.platform.verify().await.unwrap();
    assert!(findings.is_sound(), "{:?}", findings.problems);
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_answered_is_refused_or_given_back() {
    let app = TestApp::start().await;
    let ana = rich(&app, "ana").await;
    let model = fruit_model(&app, &ana, "decision_tree").await;
    let before = app.balance(&ana).await;
    for (query, bytes, status, code, word) in [
        (
            "",
            &b"weight,colour,ripe\n"[..],
            422,
            "unreadable_file",
            "no rows",
        ),
        ("", b"", 422, "unreadable_file", "empty"),
        (
            "",
            b"weight,hue\n1,red\n",
            422,
            "unreadable_file",
            "colour, ripe",
        ),
        (
            "",
            b"weight,colour,ripe\n1,red\n",
            422,
            "unreadable_file",
            "line 2",
        ),
        (
            "file_name=a.parquet",
            b"PAR1 half a file",
            422,
            "unreadable_file",
            "cut off",
        ),
        (
            "file_name=a.jsonl",
            b"{\"weight\":1}\n{\"we",
            422,
            "unreadable_file",
            "line 2",
        ),
        (
            "format=xml",
            b"weight,colour,ripe\n1,red,yes\n",
            400,
            "bad_request",
            "xml",
        ),
    ] {
        let problem = send(&app, &ana, &model, query, bytes)
            .await
            .problem(status, code);
        let detail = problem["detail"].as_str().unwrap().to_lowercase();
        assert!(detail.contains(word), "{problem}");
    }
    assert_eq!(app.balance(&ana).await, before);
    let list = app
        .get("/api/v1/batch-predictions")
        .by(&ana)
        .send()
        .await
        .json();
    assert_eq!(list["items"], json!([]), "nothing of them stays");
    // A cell that the contract refuses fails the whole file, and its price comes back.
    let path = format!("/api/v1/models/{model}/contract");
    let policies = json!({ "policies": { "colour": "reject", "weight": "impute" } });
    app.call(Method::PATCH, &path)
        .by(&ana)
        .json(policies)
        .send()
        .await;
    let mut text = fruit(3_000).replace(",fruit\n", ",ignored\n");
    let fine = send(&app, &ana, &model, "", text.clone()).await.json();
    assert_eq!(
        (&fine["status"], &fine["warnings"]),
        (&json!("done"), &json!([])),
        "{fine}"
    );
    text.push_str("heavy,blue,yes,x\n");
    let before = app.balance(&ana).await;
    let failed = send(&app, &ana, &model, "", text).await.json();
    assert_eq!(failed["status"], "failed", "{failed}");
    let detail = failed["error"]["detail"].as_str().unwrap();
    assert!(
        detail.contains("3001") && detail.contains("blue"),
        "{detail}"
    );
    assert_eq!(app.balance(&ana).await, before);
    result(&app, &ana, &failed).await.problem(409, "not_ready");
    let findings = app.platform.verify().await.unwrap();
    assert!(findings.is_sound(), "{:?}", findings.problems);
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_odd_is_counted_by_column() {
    let app = TestApp::start().await;
    let ana = rich(&app, "ana").await;
    let model = fruit_model(&app, &ana, "decision_tree").await;
    let text = "weight,colour,ripe\nheavy,red,yes\n9999,blue,no\n8888,blue,\n";
    let batch = send(&app, &ana, &model, "", text).await.json();
    let told: Vec<(&str, &str, u64)> = batch["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let text = |field: &str| one[field].as_str().unwrap();
            (text("column"), text("code"), one["rows"].as_u64().unwrap())
        })
        .collect();
    assert_eq!(
        told,
        [
            ("colour", "unknown_category", 2),
            ("weight", "wrong_type", 1),
            ("weight", "out_of_range", 2)
        ]
    );
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_are_their_owners_alone_and_go_with_their_answers() {
    let app = TestApp::start().await;
    let ana = rich(&app, "ana").await;
    let bo = app.register("bo").await;
    let model = fruit_model(&app, &ana, "decision_tree").await;
    let (text, _) = rows(30);
    let batch = send(&app, &ana, &model, "", text.clone()).await.json();
    let path = format!(
        "/api/v1/batch-predictions/{}",
        batch["id"].as_str().unwrap()
    );
    send(&app, &bo, &model, "", text)
        .await
        .problem(404, "not_found");
    app.get(&path)
        .by(&bo)
        .send()
        .await
        .problem(404, "not_found");
    result(&app, &bo, &batch).await.problem(404, "not_found");
    app.post(&format!("{path}/cancel"))
        .by(&bo)
        .send()
        .await
        .problem(404, "not_found");
    app.call(Method::DELETE, &path)
        .by(&bo)
        .send()
        .await
        .problem(404, "not_found");
    let list = app
        .get("/api/v1/batch-predictions")
        .by(&ana)
        .send()
        .await
        .json();
    assert_eq!(list["items"][0]["id"], batch["id"]);
    assert_eq!(
        app.post(&format!("{path}/cancel"))
            .by(&ana)
            .send()
            .await
            .json()["status"],
        "done"
    );
    // The model may go; its answers stay until the batch goes.
    let gone = format!("/api/v1/models/{model}");
    app.call(Method::DELETE, &gone).by(&ana).send().await;
    assert_eq!(result(&app, &ana, &batch).await.status, StatusCode::OK);
    let files = || {
        std::fs::read_dir(app.folder.path().join("artifacts"))
            .unwrap()
            .count()
    };
    let before = files();
    let deleted = app.call(Method::DELETE, &path).by(&ana).send().await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    app.get(&path)
        .by(&ana)
        .send()
        .await
        .problem(404, "not_found");
    result(&app, &ana, &batch).await.problem(404, "not_found");
    assert!(files() <= before);
    app.platform.stop().await;
}

/// A batch that runs is stopped, by name or by deleting it, and its price comes back once.
#[tokio::test(flavor = "multi_thread")]
async fn a_running_batch_can_be_stopped() {
    let app = TestApp::start().await;
    let ana = rich(&app, "ana").await;
    let model = fruit_model(&app, &ana, "knn").await;
    let before = app.balance(&ana).await;
    let (text, _) = rows(60_000);
    for way in ["cancel", "delete"] {
        let path = format!("/api/v1/models/{model}/batch-predictions");
        let batch = app.post(&path).by(&ana).body(text.clone()).send().await;
        assert_eq!(batch.status, StatusCode::ACCEPTED, "{batch:?}");
        let batch = batch.json();
        assert_eq!(batch["charged"], 300);
        let path = format!(
            "/api/v1/batch-predictions/{}",
            batch["id"].as_str().unwrap()
        );
        match way {
            "cancel" => {
                app.post(&format!("{path}/cancel")).by(&ana).send().await;
                let job = batch["job"]["id"].as_str().unwrap();
                assert_eq!(app.ended(&ana, job).await["status"], "cancelled");
                result(&app, &ana, &batch).await.problem(409, "not_ready");
            }
            _ => {
                app.call(Method::DELETE, &path).by(&ana).send().await;
                app.get(&path)
                    .by(&ana)
                    .send()
                    .await
                    .problem(404, "not_found");
            }
        }
        assert_eq!(app.balance(&ana).await, before, "{way}");
    }
    let findings = app.platform.verify().await.unwrap();
    assert!(findings.is_sound(), "{:?}", findings.problems);
    app.platform.stop().await;
}
