//! Somebody else's long work holds nobody up: with one thread for each job and a worker busy for minutes, rows are
//! still shown, models still answer, and a file that comes is still read.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::time::Duration;

use serde_json::json;
use trainyard_platform::{
    Caller, Door, JobStatus, NewAdministrator, NewTraining, Origin, Platform, PlatformOptions,
    PredictRequest, PredictRows, RowQuery, Setup, TrainRequest,
};

#[path = "../../store/tests/support/server.rs"]
mod server;

/// Far more than any of it takes, far less than the training.
const SOON: Duration = Duration::from_secs(20);

async fn administrator(platform: &Platform) -> Caller {
    let origin = Origin {
        door: Door::Api,
        address: None,
        agent: None,
        request_id: None,
    };
    let setup = Setup {
        administrator: NewAdministrator {
            email: "ana@example.com".to_owned(),
            password: "correct horse battery".to_owned(),
        },
        display_name: None,
        registration_open: None,
        starting_tokens: Some(100),
    };
    let session = platform
        .accounts()
        .set_up(setup, origin.clone())
        .await
        .unwrap();
    let accounts = platform.accounts();
    accounts
        .caller(&session.access_token, origin)
        .await
        .unwrap()
}

fn forest(dataset_id: uuid::Uuid, target: &str, name: &str, trees: u32) -> NewTraining {
    let request = TrainRequest {
        target: target.to_owned(),
        algorithm: Some("random_forest".to_owned()),
        params: json!({ "n_estimators": trees }).as_object().cloned(),
        ..TrainRequest::default()
    };
    NewTraining {
        dataset_id,
        name: Some(name.to_owned()),
        spec: request.into(),
        idempotency_key: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_training_holds_up_neither_answers_nor_files() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = PlatformOptions::new(folder.path());
    options.database_url = server::database_for(folder.path());
    options.threads = 1;
    options.workers = 2;
    let platform = Platform::start(options).await.unwrap();
    let ana = administrator(&platform).await;
    let jobs = platform.jobs();

    let iris = platform.datasets().from_sample(&ana, "iris").await.unwrap();
    let digits = platform
        .datasets()
        .from_sample(&ana, "digits_8x8")
        .await
        .unwrap();
    for dataset in [&iris, &digits] {
        let job = jobs
            .wait(&ana, dataset.job_id.unwrap(), SOON)
            .await
            .unwrap();
        assert_eq!(job.status, JobStatus::Done);
    }
    let small = forest(iris.id, "species", "small", 5);
    let small = platform.models().train(&ana, small).await.unwrap();
    let job = jobs.wait(&ana, small.job_id, SOON).await.unwrap();
    assert_eq!(job.status, JobStatus::Done);

    let long = forest(digits.id, "digit", "long", 10_000);
    let long = platform.models().train(&ana, long).await.unwrap();
    for _ in 0..400 {
        let job = jobs.get(&ana, long.job_id).await.unwrap();
        let training = job.progress["stage"] == "training";
        if job.status == JobStatus::Running && training {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }

    // Neither the table nor the model is in memory yet.
    let rows = tokio::time::timeout(
        SOON,
        platform
            .datasets()
            .rows(&ana, iris.id, RowQuery::default(), 0, 10),
    )
    .await;
    assert_eq!(rows.unwrap().unwrap().rows.len(), 10);
    let request = PredictRequest {
        rows: PredictRows::Json(vec![json!({ "petal_length": 1.4 }); 500]),
        probabilities: true,
        explain: false,
        what_if: None,
        idempotency_key: None,
    };
    let predictions = platform.predictions();
    let predicted = tokio::time::timeout(SOON, predictions.predict(&ana, "small", request)).await;
    let predicted = predicted.unwrap().unwrap();
    assert_eq!(predicted.answer.as_array().unwrap().len(), 500);
    let another = platform
        .datasets()
        .from_sample(&ana, "penguins")
        .await
        .unwrap();
    let job = jobs
        .wait(&ana, another.job_id.unwrap(), SOON)
        .await
        .unwrap();
    assert_eq!(job.status, JobStatus::Done);

    let still = jobs.get(&ana, long.job_id).await.unwrap();
    assert_eq!(
        still.status,
        JobStatus::Running,
        "the long training has to outlast the others for this to say anything"
    );
    jobs.cancel(&ana, long.job_id).await.unwrap();
    let ended = jobs.wait(&ana, long.job_id, SOON).await.unwrap();
    assert_eq!(ended.status, JobStatus::Cancelled);
    platform.stop().await;
}
