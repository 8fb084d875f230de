//! The first start: the house gets the pictures that come with the program, and a model of them. Every step is a job like
//! any other, so that a start that was interrupted goes on where it was.

use std::time::Duration;

use serde_json::{Map, Value, json};
use trainyard_images::set::LABEL;
use trainyard_store::{
    AuditEntry, Dataset, DatasetFilter, DatasetStatus, Model, ModelStatus, NewJob, NewModel,
    PageRequest, SYSTEM_USER, Scope, Visibility,
};
use trainyard_training::{TaskChoice, TrainSpec};

use super::{DIGIT_ALGORITHMS, NAME, is_open};
use crate::Platform;
use crate::datasets::look::{schema_of, table_hash};
use crate::error::{PlatformError, Result, sentence};
use crate::models::TRAIN_JOB;
use crate::samples::DIGITS;

/// Between two looks at whether the pictures are read.
const PAUSE: Duration = Duration::from_millis(200);
/// Share of the pictures that the model is judged on: a thousand, and as many as can be are learned from.
const TEST_SIZE: f64 = 0.05;
/// What the support vector machine of digits pays for a picture on the wrong side, unless somebody says otherwise.
const USUAL_PENALTY: f64 = 5.0;

/// Sees to it that there is a model of digits, or one on its way. What goes wrong is in the log and in the status.
pub(crate) async fn see_to(platform: Platform) {
    let stopping = platform.0.stopping.clone();
    loop {
        match step(&platform).await {
            Ok(true) => return,
            Ok(false) => {}
            Err(PlatformError::Unavailable(_)) if stopping.is_cancelled() => return,
            Err(error) => {
                tracing::error!(
                    cause = error.cause(),
                    "the model of digits could not be seen to"
                );
                return;
            }
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = stopping.cancelled() => return,
        }
    }
}

/// The next step; whether it was the last.
async fn step(platform: &Platform) -> Result<bool> {
    let versions = platform.digits().versions().await?;
    if versions
        .iter()
        .any(|model| model.status == ModelStatus::Ready || is_open(model))
    {
        return Ok(true);
    }
    let Some(dataset) = dataset(platform).await? else {
        let entry = AuditEntry::new("dataset.create");
        platform
            .datasets()
            .sample_for(SYSTEM_USER, &DIGITS, entry)
            .await?;
        return Ok(false);
    };
    match dataset.status {
        DatasetStatus::Profiling => Ok(false),
        DatasetStatus::Ready => {
            queue(
                platform,
                DIGIT_ALGORITHMS[0],
                Map::new(),
                AuditEntry::new("digits.train"),
            )
            .await?;
            Ok(true)
        }
        DatasetStatus::Failed => Err(PlatformError::internal("read the digits", dataset.id)),
    }
}

/// The house's own pictures.
async fn dataset(platform: &Platform) -> Result<Option<Dataset>> {
    let filter = DatasetFilter {
        search: None,
        status: None,
    };
    let page = PageRequest::after(200, None);
    let scope = Scope::Owner(SYSTEM_USER);
    let page = platform
        .store()
        .datasets()
        .list(scope, &filter, &page)
        .await?;
    Ok(page
        .items
        .into_iter()
        .find(|dataset| dataset.sample.as_deref() == Some(DIGITS.name)))
}

/// Queues the training of one more version, with the usual parameters where `params` names none. It costs nothing and is shared with everybody who has an account.
pub(super) async fn queue(
    platform: &Platform,
    algorithm: &str,
    params: Map<String, Value>,
    entry: AuditEntry,
) -> Result<Model> {
    let not_ready = || {
        PlatformError::NotReady(
            "The pictures of digits are still being read. Try again in a moment.".to_owned(),
        )
    };
    let dataset = match dataset(platform).await? {
        Some(dataset) => dataset,
        None => {
            let entry = AuditEntry::new("dataset.create");
            platform
                .datasets()
                .sample_for(SYSTEM_USER, &DIGITS, entry)
                .await?;
            return Err(not_ready());
        }
    };
    if dataset.status != DatasetStatus::Ready {
        return Err(not_ready());
    }
    let (dataset, profile) = platform
        .datasets()
        .described(SYSTEM_USER, dataset.id)
        .await?;
    let mut spec = TrainSpec::new(LABEL, algorithm);
    spec.task = TaskChoice::Classification;
    spec.test_size = TEST_SIZE;
    spec.adopt_pictures(profile.pictures);
    spec.params = params;
    if algorithm == "svm" {
        spec.params
            .entry("C")
            .or_insert_with(|| json!(USUAL_PENALTY));
    }
    if let Err(mut problems) = spec.check(&schema_of(&profile), profile.rows) {
        for problem in &mut problems {
            problem.detail = sentence(&problem.detail);
        }
        return Err(PlatformError::Validation(problems));
    }
    let stored = serde_json::to_value(&spec)
        .map_err(|error| PlatformError::internal("write a training request", error))?;
    let new = NewModel {
        owner_id: SYSTEM_USER,
        name: NAME.to_owned(),
        dataset_id: dataset.id,
        dataset_hash: table_hash(&dataset)?.to_owned(),
        target: spec.target.clone(),
        task: Some("classification".to_owned()),
        algorithm: spec.algorithm.clone(),
        effort: None,
        metric: None,
        positive_class: None,
        params: Value::Object(spec.params.clone()),
        features: None,
        test_size: spec.test_size,
        folds: 0,
        seed: i64::try_from(spec.seed).unwrap_or_default(),
        spec: stored,
        tags: json!([]),
        price: 0,
        name_must_be_new: false,
        job: NewJob::new(TRAIN_JOB, json!({ "data_hash": dataset.upload_hash })),
        idempotency: None,
    };
    let store = platform.store();
    let model = store.models().create_with_job(new, entry).await?.model;
    let entry = AuditEntry::new("model.share");
    Ok(store
        .models()
        .set_visibility(SYSTEM_USER, model.id, Visibility::SignedIn, None, entry)
        .await?)
}
