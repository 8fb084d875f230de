//! Predictions in all their forms: files as bodies, reasons, curves, and the contract.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{Answer, Person, TestApp};

/// Thirty numbers and colours, some missing, and what they mean.
pub(crate) const FRUIT: &str = "weight,colour,ripe,fruit\n";

/// A table that a tree learns by heart: heavy red ones are apples, heavy green ones melons, light ones grapes.
pub(crate) fn fruit(rows: usize) -> String {
    let mut text = FRUIT.to_owned();
    for row in 0..rows {
        let (weight, colour, fruit) = match row % 4 {
            0 => (150 + row % 40, "red", "apple"),
            1 => (1_000 + row % 60, "green", "melon"),
            2 => (4 + row % 3, "green", "grape"),
            _ => (5 + row % 3, "red", "grape"),
        };
        let ripe = if row % 3 == 0 { "no" } else { "yes" };
        text.push_str(&format!("{weight},{colour},{ripe},{fruit}\n"));
    }
    text
}

/// A model of fruit; gives its identifier.
pub(crate) async fn fruit_model(app: &TestApp, person: &Person, algorithm: &str) -> String {
    let dataset = app.upload(person, "fruit.csv", fruit(240)).await.json();
    assert_eq!(dataset["status"], "ready", "{dataset}");
    let request = json!({ "dataset_id": dataset["id"], "target": "fruit", "algorithm": algorithm,
        "features": ["weight", "colour", "ripe"] });
    let model = app.train(person, request).await.json();
    assert_eq!(model["status"], "ready", "{model}");
    model["id"].as_str().unwrap().to_owned()
}

/// Somebody with tokens for a long day.
pub(crate) async fn rich(app: &TestApp, name: &str) -> Person {
    let person = app.register(name).await;
    let admin = Person::of(
        &app.log_in("admin@example.com", crate::app::PASSWORD)
            .send()
            .await,
    );
    let path = format!("/api/v1/admin/users/{}/tokens", person.id);
    let gift = json!({ "tokens": 10_000, "reason": "a long day" });
    let given = app.post(&path).by(&admin).json(gift).send().await;
    assert!(given.status.is_success(), "{given:?}");
    person
}

pub(crate) async fn ask(app: &TestApp, person: &Person, model: &str, body: Value) -> Answer {
    let path = format!("/api/v1/models/{model}/predictions");
    app.post(&path).by(person).json(body).send().await
}

pub(crate) async fn ask_file(
    app: &TestApp,
    person: &Person,
    model: &str,
    kind: &str,
    bytes: impl Into<Vec<u8>>,
) -> Answer {
    let path = format!("/api/v1/models/{model}/predictions?proba=true");
    let call = app.post(&path).by(person).header("content-type", kind);
    call.body(bytes).send().await
}

async fn policies(app: &TestApp, person: &Person, model: &str, policies: Value) -> Answer {
    let path = format!("/api/v1/models/{model}/contract");
    let call = app.call(Method::PATCH, &path).by(person);
    call.json(json!({ "policies": policies })).send().await
}

fn answers(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.json());
    answer.json()["predictions"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_answered_alike_by_name_by_position_and_in_files() {
    let app = TestApp::start().await;
    let ana = rich(&app, "ana").await;
    let model = fruit_model(&app, &ana, "random_forest").await;
    let rows = json!([
        { "weight": 160, "colour": "red", "ripe": "yes" },
        { "weight": 1005, "colour": "green", "ripe": "no" },
        { "weight": null, "colour": "red", "ripe": "yes" },
        { "weight": 5.5, "colour": "green", "ripe": null }
    ]);
    let named = answers(&ask(&app, &ana, &model, json!({ "rows": rows, "proba": true })).await);
    assert_eq!(
        named
            .iter()
            .map(|one| &one["value"])
            .take(2)
            .collect::<Vec<_>>(),
        ["apple", "melon"]
    );
    let placed: Vec<Value> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| json!([row["weight"], row["colour"], row["ripe"]]))
        .collect();
    let by_position = ask(&app, &ana, &model, json!({ "rows": placed, "proba": true })).await;
    assert_eq!(answers(&by_position), named);
    let text = "ripe,weight,colour\nyes,160,red\nno,1005,green\nyes,,red\n,5.5,green\n";
    let by_file = ask_file(&app, &ana, &model, "text/csv", text).await;
    assert_eq!(answers(&by_file), named);
    let by_tabs = ask_file(
        &app,
        &ana,
        &model,
        "text/tab-separated-values",
        text.replace(',', "\t"),
    )
    .await;
    assert_eq!(answers(&by_tabs), named);
    // Without a header, the columns stand in the order of the signature.
    let bare = "160,red,yes\n1005,green,no\n,red,yes\n5.5,green,\n";
    assert_eq!(
        answers(&ask_file(&app, &ana, &model, "text/csv", bare).await),
        named
    );
    let lines: String = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| format!("{row}\n"))
        .collect();
    for json_text in [lines, rows.to_string()] {
        let answered = ask_file(&app, &ana, &model, "application/x-ndjson", json_text).await;
        assert_eq!(answers(&answered), named);
    }
    assert_eq!(app.balance(&ana).await, 10_015 - 1 - 7 * 5);
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_none_are_refused_and_cost_nothing() {
    let app = TestApp::start().await;
    let ana = rich(&app, "ana").await;
    let model = fruit_model(&app, &ana, "decision_tree").await;
    let before = app.balance(&ana).await;
    let refused = async |kind: &str, bytes: Vec<u8>, status: u16, code: &str| {
        let answer = ask_file(&app, &ana, &model, kind, bytes).await;
        answer.problem(status, code)["detail"].to_string()
    };
    let parquet = "application/vnd.apache.parquet";
    for (kind, bytes, word) in [
        ("text/csv", b"weight,colour,ripe\n".to_vec(), "no rows"),
        ("text/csv", Vec::new(), "empty"),
        (
            "text/csv",
            b"weight,colour,ripe\n1,red\n".to_vec(),
            "line 2",
        ),
        (parquet, b"PAR1 and then nothing".to_vec(), "cut off"),
        (
            "application/x-ndjson",
            b"{\"weight\": 1}\n{\"wei".to_vec(),
            "line 2",
        ),
        (
            "application/x-ndjson",
            b"[{\"weight\": 1}".to_vec(),
            "never closed",
        ),
    ] {
        let detail = refused(kind, bytes, 422, "unreadable_file").await;
        assert!(detail.to_lowercase().contains(word), "{detail}");
    }
    let detail = refused(
        "text/csv",
        b"weight,hue\n1,red\n".to_vec(),
        422,
        "validation",
    )
    .await;
    assert!(detail.contains("colour, ripe"), "{detail}");
    let many = format!("weight,colour,ripe\n{}", "1,red,yes\n".repeat(1_001));
    let detail = refused("text/csv", many.into_bytes(), 422, "validation").await;
    assert!(detail.contains("batch"), "{detail}");
    let large = vec![b'x'; (8 << 20) + 1];
    refused("text/csv", large, 413, "payload_too_large").await;
    refused("image/png", b"x".to_vec(), 415, "unsupported_media_type").await;
    assert_eq!(app.balance(&ana).await, before);
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reasons_and_curves_come_with_the_answer() {
    let app = TestApp::start().await;
    let ana = rich(&app, "ana").await;
    for (algorithm, method) in [
        ("random_forest", "trees"),
        ("logistic_regression", "linear"),
        ("knn", "sampled"),
    ] {
        let model = fruit_model(&app, &ana, algorithm).await;
        let row = json!({ "weight": 1010, "colour": "green", "ripe": "yes" });
        let body =
            json!({ "rows": [row], "explain": true, "what_if": { "points": 5 }, "proba": true });
        let answer = ask(&app, &ana, &model, body).await;
        let one = answers(&answer).remove(0);
        assert_eq!(one["value"], "melon", "{algorithm}");
        let explanation = &one["explanation"];
        assert_eq!(explanation["method"], method, "{explanation}");
        let reasons = explanation["reasons"].as_array().unwrap();
        assert_eq!(reasons[0]["column"], "weight", "{algorithm}: {explanation}");
        assert!(reasons[0]["contribution"].as_f64().unwrap() > 0.0);
        assert_eq!(reasons[0]["value"], 1010);
        if explanation["scale"] == "probability" {
            let sum: f64 = reasons
                .iter()
                .map(|reason| reason["contribution"].as_f64().unwrap())
                .sum::<f64>()
                + explanation["base"].as_f64().unwrap()
                + explanation["rest"].as_f64().unwrap();
            let told = one["probabilities"]["melon"].as_f64().unwrap();
            assert!((sum - told).abs() < 1e-6, "{algorithm}: {sum} for {told}");
        }
        let curves = one["what_if"].as_array().unwrap();
        let weight = curves
            .iter()
            .find(|curve| curve["column"] == "weight")
            .unwrap();
        let grid = weight["grid"].as_array().unwrap();
        let here = grid.iter().position(|value| *value == json!(1010)).unwrap();
        // Where the curve has the row's own value it is the answer itself.
        let curve = weight["probabilities"]["melon"].as_array().unwrap();
        assert_eq!(curve[here], one["probabilities"]["melon"], "{algorithm}");
        assert!(curve[0].as_f64().unwrap() < curve[here].as_f64().unwrap());
        let colour = curves
            .iter()
            .find(|curve| curve["column"] == "colour")
            .unwrap();
        assert_eq!(colour["grid"].as_array().unwrap().len(), 2);
        // One call, one price.
        assert_eq!(answer.json()["charged"], 5);
    }
    let model = fruit_model(&app, &ana, "dummy").await;
    let before = app.balance(&ana).await;
    let two = json!([[1, "red", "yes"], [2, "red", "yes"]]);
    let many = vec![json!({}); 101];
    for (body, pointer) in [
        (json!({ "rows": two, "what_if": {} }), "/what_if"),
        (
            json!({ "rows": [{}], "what_if": { "points": 1 } }),
            "/what_if/points",
        ),
        (json!({ "rows": many, "explain": true }), "/explain"),
        (
            json!({ "rows": [{}], "what_if": { "columns": ["size"] } }),
            "/what_if/columns/0",
        ),
    ] {
        let problem = ask(&app, &ana, &model, body)
            .await
            .problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    assert_eq!(app.balance(&ana).await, before);
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_column_has_its_policy() {
    let app = TestApp::start().await;
    let ana = rich(&app, "ana").await;
    let model = fruit_model(&app, &ana, "decision_tree").await;
    let odd = [
        (
            json!({ "colour": "red", "ripe": "yes" }),
            "weight",
            "missing",
        ),
        (
            json!({ "weight": "heavy", "colour": "red", "ripe": "yes" }),
            "weight",
            "wrong_type",
        ),
        (
            json!({ "weight": 9_999, "colour": "red", "ripe": "yes" }),
            "weight",
            "out_of_range",
        ),
        (
            json!({ "weight": 150, "colour": "blue", "ripe": "yes" }),
            "colour",
            "unknown_category",
        ),
    ];
    for (row, column, code) in &odd {
        let one = answers(&ask(&app, &ana, &model, json!({ "rows": [row] })).await).remove(0);
        assert_eq!(
            (&one["warnings"][0]["column"], &one["warnings"][0]["code"]),
            (&json!(column), &json!(code)),
            "{one}"
        );
    }
    let changed = policies(
        &app,
        &ana,
        &model,
        json!({ "weight": "reject", "colour": "reject" }),
    )
    .await;
    assert_eq!(
        changed.json()["columns"][0]["policy"],
        "reject",
        "{changed:?}"
    );
    let before = app.balance(&ana).await;
    for (row, column, _) in &odd {
        let fine = json!({ "weight": 150, "colour": "red", "ripe": "yes" });
        let rows = json!({ "rows": [fine, row] });
        let problem = ask(&app, &ana, &model, rows)
            .await
            .problem(422, "validation");
        let pointer = format!("/rows/1/{column}");
        assert_eq!(
            problem["errors"][0]["pointer"],
            pointer.as_str(),
            "{problem}"
        );
        assert!(
            problem["detail"].as_str().unwrap().contains("refuses"),
            "{problem}"
        );
    }
    let file = "weight,colour,ripe\n150,red,yes\nheavy,blue,no\n";
    let problem = ask_file(&app, &ana, &model, "text/csv", file)
        .await
        .problem(422, "validation");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 2, "{problem}");
    assert_eq!(app.balance(&ana).await, before, "refusals cost nothing");
    let changed = policies(
        &app,
        &ana,
        &model,
        json!({ "weight": "impute", "colour": "impute" }),
    )
    .await;
    assert_eq!(changed.status, StatusCode::OK);
    let filled = answers(
        &ask(
            &app,
            &ana,
            &model,
            json!({ "rows": [{ "colour": "red", "ripe": "yes" }] }),
        )
        .await,
    );
    for (row, _, _) in odd.iter().take(3) {
        let one = answers(&ask(&app, &ana, &model, json!({ "rows": [row] })).await);
        assert_eq!(one, filled, "filled in as a gap, without a word");
    }
    // A column that may be filled in may also be left out of a file; the others may not.
    let short = ask_file(&app, &ana, &model, "text/csv", "ripe,colour\nyes,red\n").await;
    assert_eq!(answers(&short)[0]["value"], filled[0]["value"]);
    ask_file(&app, &ana, &model, "text/csv", "weight,colour\n1,red\n")
        .await
        .problem(422, "validation");
    for (wrong, pointer) in [
        (json!({ "size": "warn" }), "/policies/size"),
        (json!({ "weight": "ignore" }), "/policies/weight"),
    ] {
        let problem = policies(&app, &ana, &model, wrong)
            .await
            .problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    app.platform.stop().await;
}
