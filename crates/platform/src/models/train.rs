//! A training is asked for: everything that can be found wrong is found before anything is paid, then price, model,
//! job and audit entry are one commit.

use serde_json::{Value, json};
use trainyard_store::{Dataset, Idempotency, Model, NewJob, NewModel, StoreError};
use trainyard_table::Profile;
use trainyard_training::spec::AUTO;
use trainyard_training::{TaskChoice, TrainSpec};
use uuid::Uuid;

use super::{Models, TRAIN_JOB, check};
use crate::caller::{Action, Caller, Door};
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

/// What a training does whose name is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameRule {
    /// It makes another version of it.
    #[default]
    Version,
    /// It is refused.
    New,
}

/// What a training costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Price {
    /// What trainings cost at the door it was asked for.
    Usual,
    /// Nothing: another one of the same request was paid for.
    PaidAlready,
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
        self.queue(caller, training, NameRule::Version, Price::Usual)
            .await
    }

    /// The same, with a say in what happens when the name is taken, and in what it costs.
    pub(super) async fn queue(
        &self,
        caller: &Caller,
        training: NewTraining,
        rule: NameRule,
        price: Price,
    ) -> Result<AcceptedTraining> {
        caller.may(Action::Train)?;
        let mut spec = training.spec;
        let (dataset, profile) = self.checked(caller, training.dataset_id, &mut spec).await?;
        let stored_spec = stored(&spec)?;
        let idempotency = training.idempotency_key.map(|key| Idempotency {
            key,
            request_digest: digest(training.dataset_id, training.name.as_deref(), &stored_spec),
        });
        let name = name_or(training.name, &dataset);
        let mut new = row(caller, &dataset, name, &spec, stored_spec)?;
        new.price = match price {
            Price::Usual => self.price_of(&spec, caller.origin.door),
            Price::PaidAlready => 0,
        };
        new.name_must_be_new = rule == NameRule::New;
        new.job.payload["ceiling"] = json!(self.0.ceiling(&spec, &profile));
        new.idempotency = idempotency;
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

    /// The data set of a request and its profile, once nothing is found wrong with the request. A set of pictures says how
    /// its columns make them, unless the request does.
    pub(crate) async fn checked(
        &self,
        caller: &Caller,
        dataset_id: Uuid,
        spec: &mut TrainSpec,
    ) -> Result<(Dataset, Profile)> {
        let datasets = self.0.datasets();
        let (dataset, profile) = datasets.described(caller.id, dataset_id).await?;
        spec.adopt_pictures(profile.pictures);
        let mut problems = spec
            .check(&schema_of(&profile), profile.rows)
            .err()
            .unwrap_or_default();
        check::against_profile(spec, &profile, self.0.0.options.limits(), &mut problems);
        for problem in &mut problems {
            problem.detail = sentence(&problem.detail);
        }
        if !problems.is_empty() {
            return Err(PlatformError::Validation(problems));
        }
        self.0.room_for(caller.id, 0).await?;
        Ok((dataset, profile))
    }

    /// Tokens that a training costs; one that searches costs what a study does.
    pub(crate) fn price_of(&self, spec: &TrainSpec, door: Door) -> i64 {
        let prices = self.0.prices_at(door);
        if spec.search.is_some() {
            prices.tune
        } else {
            prices.train
        }
    }
}

/// The name that was given, or the data set's.
pub(crate) fn name_or(given: Option<String>, dataset: &Dataset) -> String {
    let given = given.map(|name| name.trim().to_owned());
    given
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| dataset.name.clone())
}

/// The row of a training that was checked, free of charge as yet.
pub(super) fn row(
    caller: &Caller,
    dataset: &Dataset,
    name: String,
    spec: &TrainSpec,
    stored_spec: Value,
) -> Result<NewModel> {
    let effort = stored_spec.get("effort").and_then(Value::as_str);
    Ok(NewModel {
        owner_id: caller.id,
        name,
        dataset_id: dataset.id,
        dataset_hash: table_hash(dataset)?.to_owned(),
        target: spec.target.clone(),
        task: match spec.task {
            TaskChoice::Auto => None,
            TaskChoice::Classification => Some("classification".to_owned()),
            TaskChoice::Regression => Some("regression".to_owned()),
        },
        algorithm: spec.algorithm.clone(),
        effort: effort.filter(|_| spec.algorithm == AUTO).map(str::to_owned),
        metric: spec.metric.clone(),
        positive_class: spec.positive_class.clone(),
        params: Value::Object(spec.params.clone()),
        features: spec.features.as_ref().map(|names| json!(names)),
        test_size: spec.test_size,
        folds: i32::try_from(spec.folds).unwrap_or_default(),
        seed: i64::try_from(spec.seed)
            .map_err(|_| PlatformError::field("/seed", "Use a seed below 2^53."))?,
        spec: stored_spec,
        // By this word an old door finds its own among what the account has.
        tags: match caller.origin.door {
            Door::Dialect(dialect) => json!([dialect.name()]),
            _ => json!([]),
        },
        price: 0,
        name_must_be_new: false,
        job: NewJob::new(TRAIN_JOB, json!({ "data_hash": dataset.upload_hash })),
        idempotency: None,
    })
}

/// A request as the store keeps it.
pub(crate) fn stored(spec: &TrainSpec) -> Result<Value> {
    serde_json::to_value(spec)
        .map_err(|error| PlatformError::internal("write a training request", error))
}

pub(crate) fn digest(dataset: Uuid, name: Option<&str>, spec: &Value) -> String {
    let request = json!({ "dataset_id": dataset, "name": name, "spec": spec });
    blake3::hash(request.to_string().as_bytes())
        .to_hex()
        .to_string()
}
