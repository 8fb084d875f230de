//! A server that dies in the middle: what was accepted runs again.

use std::time::Duration;

use serde_json::json;
use trainyard_platform::{Door, JobStatus, Origin, Platform};

use crate::app::{TestApp, options};
use crate::asking::{fruit, fruit_model, rich};
use crate::jobs::{long_training, running};

/// The runtime is torn down while a training runs, as a killed process would leave things; the next server takes the
/// job up again as the second try, and after the third it fails with its price given back.
#[test]
fn a_job_whose_server_died_runs_again() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = || {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap()
    };
    let first = runtime();
    let (token, job, folder) = first.block_on(async {
        let app = TestApp::on(folder, |_| {}).await;
        app.set_up().await;
        let ana = app.register("ana").await;
        let model = long_training(&app, &ana).await;
        let job = model["job_id"].as_str().unwrap().to_owned();
        running(&app, &ana, &job).await;
        (ana.token, job, app.into_folder())
    });
    first.shutdown_background();
    let id = job.parse().unwrap();
    for attempt in 2..=4 {
        let runtime = runtime();
        let (status, tries, balance, error) = runtime.block_on(async {
            let platform = Platform::start(options(folder.path())).await.unwrap();
            let origin = Origin {
                door: Door::Api,
                address: None,
                agent: None,
                request_id: None,
            };
            let caller = platform.accounts().caller(&token, origin).await.unwrap();
            let mut job = platform.jobs().get(&caller, id).await.unwrap();
            for _ in 0..200 {
                if job.status != JobStatus::Queued {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
                job = platform.jobs().get(&caller, id).await.unwrap();
            }
            let balance = platform.accounts().me(&caller).await.unwrap().tokens;
            (job.status, job.attempt, balance, job.error)
        });
        if attempt <= 3 {
            assert_eq!((status, tries, balance), (JobStatus::Running, attempt, 14));
        } else {
            assert_eq!((status, tries, balance), (JobStatus::Failed, 3, 15));
            assert_eq!(error.unwrap()["code"], json!("attempts_exhausted"));
        }
        runtime.shutdown_background();
    }
}

/// The same for a file: the next server answers it from its beginning, whole and for one price.
#[test]
fn a_batch_whose_server_died_is_answered_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = || {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap()
    };
    let first = runtime();
    let rows = 200_000;
    let (ana, batch, balance, folder) = first.block_on(async {
        let app = TestApp::on(folder, |_| {}).await;
        app.set_up().await;
        let ana = rich(&app, "ana").await;
        let model = fruit_model(&app, &ana, "knn").await;
        let text = fruit(rows).replace(",fruit\n", ",ignored\n");
        let path = format!("/api/v1/models/{model}/batch-predictions");
        let batch = app.post(&path).by(&ana).body(text).send().await.json();
        running(&app, &ana, batch["job"]["id"].as_str().unwrap()).await;
        let balance = app.balance(&ana).await;
        (ana, batch, balance, app.into_folder())
    });
    first.shutdown_background();
    let folder = std::sync::Arc::into_inner(folder).unwrap();
    let second = runtime();
    second.block_on(async {
        let app = TestApp::on(folder, |_| {}).await;
        let job = app.ended(&ana, batch["job"]["id"].as_str().unwrap()).await;
        assert_eq!(
            (&job["status"], &job["attempt"]),
            (&json!("done"), &json!(2)),
            "{job}"
        );
        let path = format!(
            "/api/v1/batch-predictions/{}",
            batch["id"].as_str().unwrap()
        );
        let result = app.get(&format!("{path}/result")).by(&ana).send().await;
        let lines = result.bytes.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(lines, rows + 1);
        assert_eq!(app.balance(&ana).await, balance);
        let findings = app.platform.verify().await.unwrap();
        assert!(findings.is_sound(), "{:?}", findings.problems);
        app.platform.stop().await;
    });
}
