//! A training is asked for: everything that can be found wrong is found before anything is paid, then price, model,
//! job and audit entry are one commit.

use serde_json::{Map, Value, json};
use trainyard_estimators::preparation::PictureOptions;
use trainyard_store::{Idempotency, Model, NewJob, NewModel, StoreError};
use trainyard_training::{Effort, TaskChoice, TrainSpec};
use uuid::Uuid;

use super::{Models, TRAIN_JOB, check};
use crate::caller::{Action, Caller};
use crate::datasets::look::{schema_of, table_hash};
use crate::error::{PlatformError, Result, sentence};

/// What is asked: a name and everything the trainer reads.
#[derive(Clone, Debug)]
pub struct NewTraining {
    /// What to train on.
    pub dataset_id: Uuid,
    /// What the model is called; the data set's name when nothing is given.
    pub name: Option<String>,
    /// What to learn and how.
    pub spec: TrainSpec,
    /// The caller's key for a request that may come twice.
    pub idempotency_key: Option<String>,
}

/// The fields of a request, all optional but two, with the defaults of [`TrainSpec`].
#[derive(Clone, Debug, Default)]
pub struct TrainRequest {
    /// The column to predict.
    pub target: String,
    /// `auto`, `classification` or `regression`.
    pub task: Option<TaskChoice>,
    /// An algorithm's name, or `auto`.
    pub algorithm: Option<String>,
    /// How long `auto` looks.
    pub effort: Option<Effort>,
    /// What decides among contenders.
    pub metric: Option<String>,
    /// The class that counts as positive.
    pub positive_class: Option<String>,
    /// Hyperparameters.
    pub params: Option<Map<String, Value>>,
    /// The columns to learn from.
    pub features: Option<Vec<String>>,
    /// How the columns make pictures.
    pub pictures: Option<PictureOptions>,
    /// The share of rows held out.
    pub test_size: Option<f64>,
    /// Folds of a cross-validation.
    pub folds: Option<usize>,
    /// The seed.
    pub seed: Option<u64>,
}

impl From<TrainRequest> for TrainSpec {
    fn from(request: TrainRequest) -> Self {
        let algorithm = request
            .algorithm
            .unwrap_or_else(|| trainyard_training::spec::AUTO.to_owned());
        let mut spec = Self::new(request.target, algorithm);
        spec.task = request.task.unwrap_or(spec.task);
        spec.effort = request.effort.unwrap_or(spec.effort);
        spec.metric = request.metric;
        spec.positive_class = request.positive_class;
        spec.params = request.params.unwrap_or_default();
        spec.features = request.features;
        spec.pictures = request.pictures;
        spec.test_size = request.test_size.unwrap_or(spec.test_size);
        spec.folds = request.folds.unwrap_or(spec.folds);
        spec.seed = request.seed.unwrap_or(spec.seed);
        spec
    }
}

/// An accepted training.
#[derive(Clone, Debug)]
pub struct AcceptedTraining {
    /// The model to be.
    pub model: Model,
    /// The job that trains it.
    pub job_id: Uuid,
    /// What was charged.
    pub charged: i64,
    /// The balance after.
    pub balance: i64,
    /// Whether this answers a request that had come before.
    pub replayed: bool,
}

impl Models<'_> {
    /// Checks, charges and queues a training.
    ///
    /// # Errors
    /// `NotFound` (the data set); `NotReady`; `Validation` with one entry a wrong field; `InsufficientTokens`;
    /// `Conflict` for a key used for another request. Nothing is charged or stored on any of them.
    pub async fn train(&self, caller: &Caller, training: NewTraining) -> Result<AcceptedTraining> {
        caller.may(Action::Train)?;
        let mut spec = training.spec;
        let (dataset, profile) = self
            .0
            .datasets()
            .described(caller.id, training.dataset_id)
            .await?;
        spec.adopt_pictures(profile.pictures);
        let stored_spec = serde_json::to_value(&spec)
            .map_err(|error| PlatformError::internal("write a training request", error))?;
        let idempotency = training.idempotency_key.map(|key| Idempotency {
            key,
            request_digest: digest(training.dataset_id, training.name.as_deref(), &stored_spec),
        });
        let mut problems = spec
            .check(&schema_of(&profile), profile.rows)
            .err()
            .unwrap_or_default();
        check::against_profile(&spec, &profile, self.0.0.options.limits(), &mut problems);
        for problem in &mut problems {
            problem.detail = sentence(&problem.detail);
        }
        if !problems.is_empty() {
            return Err(PlatformError::Validation(problems));
        }
        let name = training
            .name
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty());
        let new = NewModel {
            owner_id: caller.id,
            name: name.unwrap_or_else(|| dataset.name.clone()),
            dataset_id: dataset.id,
            dataset_hash: table_hash(&dataset)?.to_owned(),
            target: spec.target.clone(),
            task: match spec.task {
                TaskChoice::Auto => None,
                TaskChoice::Classification => Some("classification".to_owned()),
                TaskChoice::Regression => Some("regression".to_owned()),
            },
            algorithm: spec.algorithm.clone(),
            effort: (spec.algorithm == trainyard_training::spec::AUTO)
                .then(|| stored_spec.get("effort")?.as_str().map(str::to_owned))
                .flatten(),
            metric: spec.metric.clone(),
            positive_class: spec.positive_class.clone(),
            params: Value::Object(spec.params.clone()),
            features: spec.features.as_ref().map(|names| json!(names)),
            test_size: spec.test_size,
            folds: i32::try_from(spec.folds).unwrap_or_default(),
            seed: i64::try_from(spec.seed)
                .map_err(|_| PlatformError::field("/seed", "Use a seed below 2^53."))?,
            spec: stored_spec,
            price: self.0.prices().train,
            name_must_be_new: false,
            job: NewJob::new(TRAIN_JOB, json!({ "data_hash": dataset.upload_hash })),
            idempotency,
        };
        let entry = caller.entry("model.train").details(json!({
            "dataset_id": dataset.id, "target": spec.target, "algorithm": spec.algorithm,
        }));
        let accepted = match self.0.store().models().create_with_job(new, entry).await {
            // The table went between the look and the commit, with the data set it belongs to.
            Err(StoreError::NotFound { what: "artifact" }) => {
                return Err(PlatformError::NotFound("dataset"));
            }
            other => other?,
        };
        if !accepted.replayed {
            self.0.0.counters.trained(accepted.charged);
        }
        let job_id = accepted.model.job_id;
        Ok(AcceptedTraining {
            job_id: job_id.ok_or_else(|| {
                PlatformError::internal("queue a training", "the model has no job")
            })?,
            charged: accepted.charged,
            balance: accepted.balance,
            replayed: accepted.replayed,
            model: accepted.model,
        })
    }
}

fn digest(dataset: Uuid, name: Option<&str>, spec: &Value) -> String {
    let request = json!({ "dataset_id": dataset, "name": name, "spec": spec });
    blake3::hash(request.to_string().as_bytes())
        .to_hex()
        .to_string()
}
