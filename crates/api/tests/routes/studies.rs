//! Studies: what is tried can be read while it is tried, stopping keeps the best, and the best is saved or let go.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{Answer, Person, TestApp};

async fn begin(app: &TestApp, person: &Person, body: Value, wait: bool) -> Answer {
    let call = app.post("/api/v1/studies").by(person).json(body);
    let call = if wait {
        call.header("prefer", "wait=60")
    } else {
        call
    };
    call.send().await
}

fn grid(dataset: &Value) -> Value {
    json!({
        "dataset_id": dataset["id"], "target": "species", "algorithm": "decision_tree", "name": "tuned",
        "search": { "method": "grid", "space": { "max_depth": [1, 2, 3], "min_samples_leaf": [1, 5] }, "folds": 3, "pruning": false },
    })
}

async fn post(app: &TestApp, person: &Person, study: &Value, verb: &str) -> Answer {
    let path = format!("/api/v1/studies/{}/{verb}", study["id"].as_str().unwrap());
    app.post(&path).by(person).send().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grid_is_tried_whole_and_its_best_is_saved_once() {
    let app = TestApp::start().await;
    let (ana, ben) = (app.register("ana").await, app.register("ben").await);
    let dataset = app.sample(&ana, "iris").await;
    let answer = begin(&app, &ana, grid(&dataset), true).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    let study = answer.json();
    assert_eq!(
        (&study["status"], &study["trials"], &study["stopped"]),
        (&json!("done"), &json!(6), &json!("all_trials")),
        "{study}"
    );
    assert_eq!(app.balance(&ana).await, 14);
    let path = format!("/api/v1/studies/{}", study["id"].as_str().unwrap());
    let trials = app
        .get(&format!("{path}/trials?limit=4"))
        .by(&ana)
        .send()
        .await
        .json();
    assert_eq!(trials["items"].as_array().unwrap().len(), 4);
    let cursor = trials["next_cursor"].as_str().unwrap();
    let rest = app
        .get(&format!("{path}/trials?cursor={cursor}"))
        .by(&ana)
        .send()
        .await
        .json();
    let all: Vec<Value> = [trials, rest]
        .iter()
        .flat_map(|page| page["items"].as_array().unwrap().clone())
        .collect();
    let numbers: Vec<i64> = all
        .iter()
        .map(|trial| trial["number"].as_i64().unwrap())
        .collect();
    assert_eq!(numbers, [0, 1, 2, 3, 4, 5]);
    let score = |trial: &Value| trial["score"].as_f64().unwrap();
    let best = all.iter().map(score).fold(f64::MIN, f64::max);
    assert_eq!(study["best"]["score"].as_f64().unwrap(), best);
    assert_eq!(
        all[study["best"]["number"].as_u64().unwrap() as usize]["params"],
        study["best"]["params"]
    );

    for verb in ["save", "stop", "revert"] {
        post(&app, &ben, &study, verb)
            .await
            .problem(404, "not_found");
    }
    let saved = post(&app, &ana, &study, "save").await.json();
    assert_eq!(
        (&saved["name"], &saved["version"], &saved["status"]),
        (&json!("tuned"), &json!(1), &json!("ready")),
        "{saved}"
    );
    assert_eq!(
        saved["params"]["max_depth"],
        study["best"]["params"]["max_depth"]
    );
    let again = post(&app, &ana, &study, "save").await.json();
    assert_eq!(again["id"], saved["id"], "saved once");
    assert_eq!(app.balance(&ana).await, 14, "saving is free");
    let asked = app.post("/api/v1/models/tuned/predictions").by(&ana);
    assert_eq!(
        asked.json(json!({ "rows": [{}] })).send().await.status,
        StatusCode::OK
    );
    let report = app
        .get("/api/v1/models/tuned/report")
        .by(&ana)
        .send()
        .await
        .json();
    assert_eq!(report["search"]["trials"].as_array().unwrap().len(), 6);
    post(&app, &ana, &study, "revert")
        .await
        .problem(409, "not_ready");
    let after = app.get(&path).by(&ana).send().await.json();
    assert_eq!(
        (&after["status"], &after["model_id"]),
        (&json!("saved"), &saved["id"])
    );
    // The model stays when the study goes.
    assert_eq!(
        app.call(Method::DELETE, &path).by(&ana).send().await.status,
        StatusCode::NO_CONTENT
    );
    app.get(&path)
        .by(&ana)
        .send()
        .await
        .problem(404, "not_found");
    assert_eq!(
        app.get("/api/v1/models/tuned").by(&ana).send().await.status,
        StatusCode::OK
    );
    assert!(app.platform.verify().await.unwrap().is_sound());
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_best_that_is_let_go_leaves_its_trials_and_no_bytes() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let dataset = app.sample(&ana, "iris").await;
    let storage =
        async || app.get("/api/v1/me/storage").by(&ana).send().await.json()["used"].clone();
    let before = storage().await;
    let study = begin(&app, &ana, grid(&dataset), true).await.json();
    assert_ne!(storage().await, before);
    let reverted = post(&app, &ana, &study, "revert").await.json();
    assert_eq!(
        (&reverted["status"], &reverted["trials"]),
        (&json!("reverted"), &json!(6))
    );
    assert_eq!(storage().await, before);
    for verb in ["revert", "save"] {
        let problem = post(&app, &ana, &study, verb)
            .await
            .problem(409, "not_ready");
        assert!(
            problem["detail"].as_str().unwrap().contains("let go"),
            "{problem}"
        );
    }
    let models = app.get("/api/v1/models").by(&ana).send().await.json();
    assert_eq!(models["items"], json!([]));
    app.platform.stop().await;
}

/// A search that would go on for very long: told to stop it keeps the best so far, told to cancel it gives back its price.
fn endless(dataset: &Value, name: &str) -> Value {
    json!({
        "dataset_id": dataset["id"], "target": "species", "algorithm": "random_forest", "name": name,
        "params": { "n_estimators": 20 },
        "search": { "method": "random", "trials": 10_000, "folds": 3, "pruning": false },
    })
}

async fn tried(app: &TestApp, person: &Person, id: &str, least: usize) {
    for _ in 0..600 {
        let path = format!("/api/v1/studies/{id}/trials");
        let page = app.get(&path).by(person).send().await.json();
        if page["items"].as_array().unwrap().len() >= least {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("no trial can be read while the study runs");
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_keeps_the_best_so_far_and_cancelling_gives_the_price_back() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let dataset = app.sample(&ana, "iris").await;
    let study = begin(&app, &ana, endless(&dataset, "a"), false).await;
    assert_eq!(study.status, StatusCode::ACCEPTED);
    let study = study.json();
    let (id, job) = (
        study["id"].as_str().unwrap(),
        study["job_id"].as_str().unwrap(),
    );
    post(&app, &ana, &study, "save")
        .await
        .problem(409, "not_ready");
    tried(&app, &ana, id, 2).await;
    post(&app, &ana, &study, "stop").await.json();
    assert_eq!(app.ended(&ana, job).await["status"], "done");
    let path = format!("/api/v1/studies/{id}");
    let stopped = app.get(&path).by(&ana).send().await.json();
    assert_eq!(
        (&stopped["status"], &stopped["stopped"]),
        (&json!("done"), &json!("enough")),
        "{stopped}"
    );
    assert!(
        stopped["trials"].as_i64().unwrap() >= 2 && !stopped["best"]["score"].is_null(),
        "{stopped}"
    );
    assert_eq!(
        post(&app, &ana, &study, "save").await.json()["status"],
        "ready"
    );
    assert_eq!(app.balance(&ana).await, 14);

    let study = begin(&app, &ana, endless(&dataset, "b"), false)
        .await
        .json();
    let (id, job) = (
        study["id"].as_str().unwrap(),
        study["job_id"].as_str().unwrap(),
    );
    tried(&app, &ana, id, 1).await;
    app.post(&format!("/api/v1/jobs/{job}/cancel"))
        .by(&ana)
        .send()
        .await
        .json();
    assert_eq!(app.ended(&ana, job).await["status"], "cancelled");
    let path = format!("/api/v1/studies/{id}");
    assert_eq!(
        app.get(&path).by(&ana).send().await.json()["status"],
        "cancelled"
    );
    assert_eq!(app.balance(&ana).await, 14);
    post(&app, &ana, &study, "save")
        .await
        .problem(409, "not_ready");

    // One that is deleted while it runs is given back too.
    let study = begin(&app, &ana, endless(&dataset, "c"), false)
        .await
        .json();
    let path = format!("/api/v1/studies/{}", study["id"].as_str().unwrap());
    assert_eq!(
        app.call(Method::DELETE, &path).by(&ana).send().await.status,
        StatusCode::NO_CONTENT
    );
    app.ended(&ana, study["job_id"].as_str().unwrap()).await;
    assert_eq!(app.balance(&ana).await, 14);
    assert!(app.platform.verify().await.unwrap().is_sound());
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_race_that_is_stopped_keeps_the_best_so_far() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let dataset = app.sample(&ana, "titanic").await;
    let race = json!({ "dataset_id": dataset["id"], "target": "survived", "budget": { "work": 10_000_000.0 } });
    let begun = app
        .post("/api/v1/models")
        .by(&ana)
        .json(race)
        .send()
        .await
        .json();
    let job = begun["job_id"].as_str().unwrap();
    let path = format!("/api/v1/jobs/{job}");
    for _ in 0..600 {
        let progress = app.get(&path).by(&ana).send().await.json();
        let done = |line: &&Value| line["status"] == "done";
        let lines = progress["progress"]["contenders"]
            .as_array()
            .unwrap()
            .clone();
        if lines.iter().filter(done).count() > 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let told = app
        .post(&format!("{path}/stop"))
        .by(&ana)
        .send()
        .await
        .json();
    assert_eq!(told["stopping"], true, "{told}");
    assert_eq!(app.ended(&ana, job).await["status"], "done");
    let model = format!("/api/v1/models/{}", begun["id"].as_str().unwrap());
    assert_eq!(
        app.get(&model).by(&ana).send().await.json()["status"],
        "ready"
    );
    let contenders = app
        .get(&format!("{model}/contenders"))
        .by(&ana)
        .send()
        .await
        .json();
    assert_eq!(
        contenders["automatic"]["reproducible"], false,
        "it ended by somebody's clock"
    );
    assert_eq!(app.balance(&ana).await, 14);
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_searched_is_refused_and_the_same_request_is_paid_once() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let dataset = app.sample(&ana, "iris").await;
    for (change, pointer) in [
        (json!({ "algorithm": "auto" }), "/algorithm"),
        (json!({ "algorithm": "forest" }), "/algorithm"),
        (json!({ "search": { "method": "luck" } }), "/search/method"),
        (
            json!({ "search": { "space": { "max_depth": [] } } }),
            "/search/space/max_depth",
        ),
        (
            json!({ "search": { "method": "grid", "space": { "max_depth": vec![1; 2000] } } }),
            "/search/space",
        ),
        (json!({ "search": null }), "/search"),
        (json!({ "metric": "r2" }), "/metric"),
        (json!({ "folds": 3 }), "/folds"),
        (json!({ "name": "a\u{0}b" }), "/name"),
    ] {
        let mut body = grid(&dataset);
        body.as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        let problem = begin(&app, &ana, body, false)
            .await
            .problem(422, "validation");
        let found = problem["errors"][0]["pointer"].as_str().unwrap().to_owned();
        assert!(found.starts_with(pointer), "{change}: {found}");
    }
    assert_eq!(app.balance(&ana).await, 15);
    let twice = |body: Value| {
        let call = app.post("/api/v1/studies").by(&ana).json(body);
        call.header("idempotency-key", "k")
            .header("prefer", "wait=60")
            .send()
    };
    let first = twice(grid(&dataset)).await.json();
    let second = twice(grid(&dataset)).await;
    assert_eq!(second.headers["idempotency-replayed"], "true");
    assert_eq!(second.json()["id"], first["id"]);
    assert_eq!(app.balance(&ana).await, 14);
    let mut other = grid(&dataset);
    other["seed"] = json!(1);
    twice(other).await.problem(422, "idempotency_key_reused");
    app.platform.stop().await;
}

/// Settings that suit no data of this kind say so in words; where they stand in a request is of no use in a list of trials.
#[tokio::test(flavor = "multi_thread")]
async fn a_trial_that_failed_says_why_in_a_sentence() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let rows: String = (0..80)
        .map(|row| format!("{},{}\n", row % 9, row % 9 - 4))
        .collect();
    let dataset = app
        .upload(&ana, "t.csv", format!("x,y\n{rows}"))
        .await
        .json();
    let study = begin(&app, &ana, json!({
        "dataset_id": dataset["id"], "target": "y", "task": "regression", "algorithm": "gradient_boosting", "name": "tuned",
        "params": { "n_estimators": 3 },
        "search": { "method": "grid", "space": { "loss": ["poisson", "squared_error"] }, "folds": 3, "pruning": false },
    }), true).await.json();
    assert_eq!(study["status"], "done", "{study}");
    let path = format!("/api/v1/studies/{}/trials", study["id"].as_str().unwrap());
    let trials = app.get(&path).by(&ana).send().await.json();
    let trials = trials["items"].as_array().unwrap();
    let failed = trials
        .iter()
        .find(|trial| trial["params"]["loss"] == "poisson");
    assert_eq!(
        failed.unwrap()["error"],
        "The setting loss does not suit: poisson is for counts, and some targets are below 0; use squared_error."
    );
}
