//! Slow work: followed, cancelled, and put back when the server stops.

use std::time::Duration;

use axum::http::StatusCode;
use futures_util::StreamExt;
use serde_json::{Value, json};
use trainyard_platform::Platform;

use crate::app::{Person, TestApp, options};

/// A training that takes far longer than a test.
pub(crate) async fn long_training(app: &TestApp, ana: &Person) -> Value {
    let dataset = app.sample(ana, "digits_8x8").await;
    let request = json!({ "dataset_id": dataset["id"], "target": "digit", "algorithm": "random_forest", "params": { "n_estimators": 10_000 } });
    let answer = app
        .post("/api/v1/models")
        .by(ana)
        .json(request)
        .send()
        .await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{answer:?}");
    answer.json()
}

pub(crate) async fn running(app: &TestApp, ana: &Person, job: &str) -> Value {
    for _ in 0..200 {
        let job = app
            .get(&format!("/api/v1/jobs/{job}"))
            .by(ana)
            .send()
            .await
            .json();
        if job["status"] == "running" {
            return job;
        }
        assert_eq!(job["status"], "queued", "{job}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the job does not begin");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_training_is_cancelled_and_paid_back() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let model = long_training(&app, &ana).await;
    let job = model["job_id"].as_str().unwrap();
    // One worker: the second waits.
    let waiting = long_training_on(&app, &ana, &model).await;
    assert_eq!(app.balance(&ana).await, 13);
    let running = running(&app, &ana, job).await;
    assert_eq!(
        (&running["cancelable"], &running["attempt"]),
        (&json!(true), &json!(1))
    );
    let before_begin = format!(
        "/api/v1/jobs/{}/cancel",
        waiting["job_id"].as_str().unwrap()
    );
    let cancelled = app.post(&before_begin).by(&ana).send().await.json();
    assert_eq!(cancelled["status"], "cancelled");
    assert_eq!(app.balance(&ana).await, 14);

    let begun = std::time::Instant::now();
    let path = format!("/api/v1/jobs/{job}/cancel");
    assert_eq!(app.post(&path).by(&ana).send().await.status, StatusCode::OK);
    let ended = app.ended(&ana, job).await;
    assert_eq!(ended["status"], "cancelled");
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(app.balance(&ana).await, 15);
    // Once more changes nothing and gives nothing back.
    assert_eq!(
        app.post(&path).by(&ana).send().await.json()["status"],
        "cancelled"
    );
    assert_eq!(app.balance(&ana).await, 15);
    let model = app
        .get(&format!("/api/v1/models/{}", model["id"].as_str().unwrap()))
        .by(&ana)
        .send()
        .await
        .json();
    assert_eq!(model["status"], "cancelled");
    app.platform.stop().await;
}

async fn long_training_on(app: &TestApp, ana: &Person, model: &Value) -> Value {
    let path = format!("/api/v1/models/{}", model["id"].as_str().unwrap());
    let dataset = app.get(&path).by(ana).send().await.json()["dataset_id"].clone();
    let request = json!({ "dataset_id": dataset, "target": "digit", "algorithm": "random_forest", "params": { "n_estimators": 10_000 } });
    app.post("/api/v1/models")
        .by(ana)
        .json(request)
        .send()
        .await
        .json()
}

/// The `data:` lines of a stream of events, as JSON.
fn events(text: &str) -> Vec<Value> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("data: "));
    lines
        .map(|data| serde_json::from_str(data).unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_followed_to_its_end() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let dataset = app.sample(&ana, "iris").await;
    let request = json!({ "dataset_id": dataset["id"], "target": "species", "algorithm": "auto", "effort": "quick" });
    let accepted = app
        .post("/api/v1/models")
        .by(&ana)
        .json(request)
        .send()
        .await
        .json();
    let path = format!(
        "/api/v1/jobs/{}/events",
        accepted["job_id"].as_str().unwrap()
    );
    let answer = app.get(&path).by(&ana).send().await;
    assert!(
        answer.headers["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/event-stream")
    );
    let text = String::from_utf8(answer.bytes).unwrap();
    assert!(text.contains("event: job\n"), "{text}");
    let events = events(&text);
    let last = events.last().unwrap();
    assert_eq!(
        (&last["status"], &last["progress"]["stage"]),
        (&json!("done"), &json!("done"))
    );
    let contenders = last["progress"]["contenders"].as_array().unwrap();
    assert!(contenders.len() >= 3, "{last}");
    assert!(
        contenders
            .iter()
            .any(|one| one["algorithm"] == "dummy" && one["value"].is_number()),
        "{last}"
    );
    assert_eq!(
        contenders
            .iter()
            .filter(|one| one["chosen"] == true)
            .count(),
        1,
        "{last}"
    );
    assert_eq!(
        events
            .iter()
            .filter(|event| event["status"] == "done")
            .count(),
        1
    );
    // What is over answers once and ends.
    let again = app.get(&path).by(&ana).send().await;
    assert_eq!(
        super::jobs::events(std::str::from_utf8(&again.bytes).unwrap()).len(),
        1
    );
    let list = app
        .get("/api/v1/jobs?status=done")
        .by(&ana)
        .send()
        .await
        .json();
    let kinds: Vec<_> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|job| job["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["train", "profile"]);
    app.platform.stop().await;
}

/// Stopping ends open streams, puts the running job back without counting the try, and loses nothing.
#[tokio::test(flavor = "multi_thread")]
async fn stopping_puts_a_running_job_back() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let model = long_training(&app, &ana).await;
    let job = model["job_id"].as_str().unwrap();
    running(&app, &ana, job).await;
    let stream = app
        .get(&format!("/api/v1/jobs/{job}/events"))
        .by(&ana)
        .open()
        .await;
    let mut body = stream.into_body().into_data_stream();
    assert!(body.next().await.is_some());

    app.stopping.cancel();
    let ended = tokio::time::timeout(Duration::from_secs(5), async {
        while body.next().await.is_some() {}
    })
    .await;
    assert!(ended.is_ok(), "the stream ends when the server stops");
    tokio::time::timeout(Duration::from_secs(20), app.platform.stop())
        .await
        .unwrap();

    let mut again = options(app.folder.path());
    again.workers = 0;
    let platform = Platform::start(again).await.unwrap();
    let origin = trainyard_platform::Origin {
        door: trainyard_platform::Door::Api,
        address: None,
        agent: None,
        request_id: None,
    };
    let caller = platform
        .accounts()
        .caller(&ana.token, origin)
        .await
        .unwrap();
    let job = platform
        .jobs()
        .get(&caller, job.parse().unwrap())
        .await
        .unwrap();
    assert_eq!(
        (job.status, job.attempt),
        (trainyard_platform::JobStatus::Queued, 0)
    );
    platform.stop().await;
}
