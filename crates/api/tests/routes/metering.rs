//! Attack 19: the ways to get more than was paid for, or tokens out of nothing. Many at once on the last tokens and
//! repeated requests are in `money`, what administrators give and take in `administration`.

use axum::http::{Method, StatusCode};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::app::{PASSWORD, Person, TestApp};
use crate::money::with_model;

async fn assert_books(app: &TestApp) {
    let findings = app.platform.verify().await.unwrap();
    assert!(findings.is_sound(), "{:?}", findings.problems);
}

async fn movements(app: &TestApp, person: &Person) -> Vec<(String, i64)> {
    let (mut cursor, mut found) = (String::new(), Vec::new());
    loop {
        let path = format!("/api/v1/me/tokens?limit=2&cursor={cursor}");
        let page = app.get(&path).by(person).send().await.json();
        let items = page["entries"]["items"].as_array().unwrap().clone();
        assert!(items.len() <= 2);
        found.extend(items.iter().map(|item| {
            let reason = item["reason"].as_str().unwrap().to_owned();
            (reason, item["delta"].as_i64().unwrap())
        }));
        match page["entries"]["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => return found,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_19_an_answer_that_fails_costs_nothing_and_a_large_one_is_not_split() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let (_, path) = with_model(&app, &ana).await;
    let predict = async |rows: Value| {
        app.post(&path)
            .by(&ana)
            .json(json!({ "rows": rows }))
            .send()
            .await
    };
    for rows in [
        json!([]),
        json!([1]),
        json!(["x"]),
        json!([[1, 2, 3, 4, 5, 6, 7, 8, 9]]),
        json!(vec![json!({}); 1_001]),
    ] {
        predict(rows).await.problem(422, "validation");
    }
    assert_eq!(app.balance(&ana).await, 14);
    let answer = predict(json!(vec![json!({}); 1_000])).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        (&answer.json()["charged"], &answer.json()["balance"]),
        (&json!(5), &json!(9))
    );
    // Two of one row are two calls.
    predict(json!([{}])).await;
    assert_eq!(app.balance(&ana).await, 4);
    predict(json!([{}]))
        .await
        .problem(402, "insufficient_tokens");
    let expected = [
        ("predict", -5),
        ("predict", -5),
        ("train", -1),
        ("opening", 15),
    ];
    assert_eq!(
        movements(&app, &ana).await,
        expected.map(|(reason, delta)| (reason.to_owned(), delta))
    );
    assert_books(&app).await;
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_19_nobody_gives_themselves_tokens_or_names_their_price() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let (dataset, path) = with_model(&app, &ana).await;
    let before = app.balance(&ana).await;
    let credit = json!({ "tokens": 1_000_000, "reason": "thanks" });
    let own = format!("/api/v1/admin/users/{}/tokens", ana.id);
    app.post(&own)
        .by(&ana)
        .json(credit.clone())
        .send()
        .await
        .problem(403, "forbidden");
    app.call(Method::PATCH, "/api/v1/me")
        .by(&ana)
        .json(json!({ "tokens": 1_000_000 }))
        .send()
        .await
        .problem(422, "validation");
    let rich = json!({ "email": "b@example.com", "password": PASSWORD, "tokens": 1_000_000 });
    app.post("/api/v1/auth/register")
        .json(rich)
        .send()
        .await
        .problem(422, "validation");
    let again =
        json!({ "email": "c@example.com", "password": PASSWORD, "starting_tokens": 1_000_000 });
    app.post("/api/v1/setup")
        .json(again)
        .send()
        .await
        .problem(409, "conflict");
    for field in ["price", "charged", "payer_id", "caller_id"] {
        app.post(&path)
            .by(&ana)
            .json(json!({ "rows": [{}], field: 0 }))
            .send()
            .await
            .problem(422, "validation");
        let training = json!({ "dataset_id": dataset["id"], "target": "species", field: 0 });
        app.post("/api/v1/models")
            .by(&ana)
            .json(training)
            .send()
            .await
            .problem(422, "validation");
    }
    app.post(&format!("{path}?price=0"))
        .by(&ana)
        .json(json!({ "rows": [{}] }))
        .send()
        .await;
    assert_eq!(app.balance(&ana).await, before - 5);
    assert_books(&app).await;
    app.platform.stop().await;
}

/// However often and by whatever ways a paid training is stopped, its price comes back once.
#[tokio::test(flavor = "multi_thread")]
async fn attack_19_a_price_is_given_back_once() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let (dataset, _) = with_model(&app, &ana).await;
    let before = app.balance(&ana).await;
    for round in 0..4 {
        let training = json!({ "dataset_id": dataset["id"], "target": "species", "algorithm": "random_forest", "params": { "n_estimators": 300 } });
        let call = app.post("/api/v1/models").by(&ana).json(training);
        let model = call.send().await.json();
        let (id, job) = (
            model["id"].as_str().unwrap().to_owned(),
            model["job_id"].as_str().unwrap().to_owned(),
        );
        let cancel = format!("/api/v1/jobs/{job}/cancel");
        let delete = format!("/api/v1/models/{id}");
        let cancels = (0..6).map(|_| app.post(&cancel).by(&ana).send());
        let deletes = (0..round).map(|_| app.call(Method::DELETE, &delete).by(&ana).send());
        join_all(cancels.chain(deletes).collect::<Vec<_>>()).await;
        let ended = app.ended(&ana, &job).await;
        let kept = ended["status"] == "done";
        let refunds = movements(&app, &ana)
            .await
            .iter()
            .filter(|(reason, _)| reason == "refund")
            .count();
        let spent = before - app.balance(&ana).await;
        assert!(
            refunds <= round + 1,
            "{refunds} refunds after {} trainings",
            round + 1
        );
        assert_eq!(
            spent + refunds as i64,
            round as i64 + 1,
            "each is paid for or given back ({kept})"
        );
    }
    assert_books(&app).await;
    app.platform.stop().await;
}
