//! What was asked, what turned out to be true, and how a model does over time.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::app::{Person, TestApp};
use crate::asking::{ask, ask_file, fruit, fruit_model, rich};

#[tokio::test(flavor = "multi_thread")]
async fn receipts_take_down_what_turned_out_to_be_true() {
    let app = TestApp::start().await;
    let ana = rich(&app, "ana").await;
    let bo = app.register("bo").await;
    let model = fruit_model(&app, &ana, "decision_tree").await;
    let apple = json!([160, "red", "yes"]);
    let melon = json!([1_005, "green", "no"]);
    let mut ids = Vec::new();
    for rows in [json!([apple]), json!([melon, apple]), json!([melon])] {
        let answer = ask(&app, &ana, &model, json!({ "rows": rows })).await;
        ids.push(answer.json()["id"].as_str().unwrap().to_owned());
    }
    let list = async |query: &str| {
        let path = format!("/api/v1/predictions?{query}");
        app.get(&path).by(&ana).send().await.json()
    };
    let first = list("limit=2").await;
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    assert_eq!(first["items"][0]["id"], ids[2].as_str());
    assert_eq!(first["items"][0]["first_value"], "melon");
    assert_eq!(first["items"][0]["charged"], 5);
    let next = list(&format!(
        "limit=2&cursor={}",
        first["next_cursor"].as_str().unwrap()
    ))
    .await;
    assert_eq!(next["items"][0]["id"], ids[0].as_str());
    assert_eq!(list("door=v2").await["items"], json!([]));
    assert_eq!(list("until=2001-01-01T00:00:00Z").await["items"], json!([]));
    let truth = async |person: &Person, id: &str, truth: Value| {
        let path = format!("/api/v1/predictions/{id}/truth");
        let call = app.post(&path).by(person);
        call.json(json!({ "truth": truth })).send().await
    };
    let told = truth(&ana, &ids[0], json!("apple")).await;
    assert_eq!(told.json()["truth"], json!(["apple"]), "{told:?}");
    assert_eq!(told.json()["predictions"][0]["value"], "apple");
    truth(&ana, &ids[1], json!("apple"))
        .await
        .problem(422, "validation");
    truth(&ana, &ids[0], json!({ "a": 1 }))
        .await
        .problem(422, "validation");
    truth(&bo, &ids[0], json!("apple"))
        .await
        .problem(404, "not_found");
    let many = async |truths: Value| {
        let call = app.post("/api/v1/predictions/truth").by(&ana);
        call.json(json!({ "truths": truths })).send().await
    };
    let problem = many(json!([
        { "id": ids[1], "truth": ["melon", "apple"] }, { "id": ids[2], "truth": ["melon", "x"] }
    ]))
    .await
    .problem(422, "validation");
    assert_eq!(problem["errors"][0]["pointer"], "/truths/1/truth");
    assert_eq!(
        list("with_truth=true").await["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let noted = many(json!([
        { "id": ids[1], "truth": ["melon", null] }, { "id": ids[2], "truth": "grape" }
    ]))
    .await;
    assert_eq!(noted.status, StatusCode::NO_CONTENT);
    let path = format!("/api/v1/models/{model}/accuracy");
    let accuracy = app.get(&path).by(&ana).send().await.json();
    assert_eq!(accuracy["metric"], "accuracy");
    assert_eq!(accuracy["periods"][0]["rows"], 3, "{accuracy}");
    let value = accuracy["periods"][0]["value"].as_f64().unwrap();
    assert!((value - 2.0 / 3.0).abs() < 1e-12, "{accuracy}");
    assert!(accuracy["expected"].as_f64().unwrap() > 0.9, "{accuracy}");
    app.get(&path)
        .by(&bo)
        .send()
        .await
        .problem(404, "not_found");
    app.get(&format!("{path}?from=2031-01-01T00:00:00Z"))
        .by(&ana)
        .send()
        .await
        .problem(422, "validation");
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_move_away_are_seen_to_move() {
    let app = TestApp::start().await;
    let ana = rich(&app, "ana").await;
    let model = fruit_model(&app, &ana, "random_forest").await;
    let drift = async || {
        let path = format!("/api/v1/models/{model}/drift?interval=hour");
        let drift = app.get(&path).by(&ana).send().await.json();
        assert_eq!(drift["cut_short"], false);
        drift["periods"].as_array().unwrap().clone()
    };
    assert_eq!(drift().await, Vec::<Value>::new());
    let text = fruit(240);
    let same = text.replace(",fruit\n", ",ignored\n");
    let answered = ask_file(&app, &ana, &model, "text/csv", same).await;
    assert_eq!(answered.status, StatusCode::OK, "{answered:?}");
    let periods = drift().await;
    let last = periods.last().unwrap();
    assert_eq!(last["rows"], 240, "{last}");
    for column in last["columns"].as_array().unwrap() {
        assert_eq!(column["level"], "stable", "{column}");
    }
    assert_eq!(last["answers"]["level"], "stable", "{last}");
    let rows = vec![json!({ "weight": 1_010, "colour": "green", "ripe": "yes" }); 1_000];
    assert_eq!(
        ask(&app, &ana, &model, json!({ "rows": rows }))
            .await
            .status,
        200
    );
    let periods = drift().await;
    let last = periods.last().unwrap();
    let columns = last["columns"].as_array().unwrap();
    assert_eq!(
        columns[0]["column"], "weight",
        "the one that moved most comes first"
    );
    assert_eq!(columns[0]["level"], "major", "{last}");
    assert_eq!(last["answers"]["level"], "major", "{last}");
    let actual: f64 = columns[0]["actual"]
        .as_array()
        .unwrap()
        .iter()
        .map(|share| share.as_f64().unwrap())
        .sum();
    assert!((actual - 1.0).abs() < 1e-9, "{last}");
    app.platform.stop().await;
}
