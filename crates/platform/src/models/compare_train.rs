//! Several algorithms on one table for one price: each becomes a version of the same name, and what cannot be trained is
//! listed with the reason.

use serde_json::{Map, Value, json};
use trainyard_store::{Idempotency, Job, Model, NewComparison, NewJob, NewModel, StoreError};
use trainyard_training::spec::AUTO;
use trainyard_training::{FieldProblem, TrainSpec};
use uuid::Uuid;

use super::train::{digest, name_or, row, stored};
use super::{COMPARE_JOB, Models};
use crate::caller::{Action, Caller};
use crate::error::{PlatformError, Result};

/// How many algorithms one comparison has.
const FEWEST: usize = 2;
const MOST: usize = 10;

/// An algorithm that takes part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlgorithmChoice {
    /// Its name.
    pub algorithm: String,
    /// Its parameters.
    pub params: Map<String, Value>,
}

/// What is asked: what all of them have in common, and who takes part.
#[derive(Clone, Debug)]
pub struct NewComparing {
    /// What to train on.
    pub dataset_id: Uuid,
    /// What the models are called; the data set's name when nothing is given.
    pub name: Option<String>,
    /// What to learn; its algorithm and parameters are not looked at.
    pub spec: TrainSpec,
    /// Who takes part.
    pub algorithms: Vec<AlgorithmChoice>,
    /// The caller's key for a request that may come twice.
    pub idempotency_key: Option<String>,
}

/// An accepted comparison.
#[derive(Clone, Debug)]
pub struct AcceptedComparing {
    /// The job that trains them.
    pub job: Job,
    /// The models to be, in the order asked for.
    pub models: Vec<Model>,
    /// What was charged.
    pub charged: i64,
    /// The balance after.
    pub balance: i64,
    /// Whether this answers a request that had come before.
    pub replayed: bool,
}

impl Models<'_> {
    /// Checks, charges once and queues the training of all.
    ///
    /// # Errors
    /// Those of [`Models::train`], each problem of an algorithm below `/algorithms/<position>`.
    pub async fn compare_train(
        &self,
        caller: &Caller,
        comparing: NewComparing,
    ) -> Result<AcceptedComparing> {
        caller.may(Action::Train)?;
        let mut specs = specs(&comparing)?;
        let mut problems = Vec::new();
        let mut found = None;
        let mut ceilings = Vec::new();
        for (place, spec) in specs.iter_mut().enumerate() {
            match self.checked(caller, comparing.dataset_id, spec).await {
                Ok((dataset, profile)) => {
                    ceilings.push(self.0.ceiling(spec, &profile));
                    found = Some(dataset);
                }
                Err(PlatformError::Validation(wrong)) => {
                    for problem in wrong {
                        let problem = placed(problem, place);
                        if !problems.contains(&problem) {
                            problems.push(problem);
                        }
                    }
                }
                Err(error) => return Err(error),
            }
        }
        if !problems.is_empty() {
            return Err(PlatformError::Validation(problems));
        }
        let dataset = found.ok_or(PlatformError::NotFound("dataset"))?;
        let all: Vec<Value> = specs.iter().map(stored).collect::<Result<_>>()?;
        let request_digest = digest(
            comparing.dataset_id,
            comparing.name.as_deref(),
            &Value::Array(all.clone()),
        );
        let name = name_or(comparing.name, &dataset);
        let models: Vec<NewModel> = specs
            .iter()
            .zip(all)
            .map(|(spec, stored)| row(caller, &dataset, name.clone(), spec, stored))
            .collect::<Result<_>>()?;
        let names: Vec<&str> = specs.iter().map(|spec| spec.algorithm.as_str()).collect();
        let entry = caller.entry("model.compare_train").details(json!({
            "dataset_id": dataset.id, "target": comparing.spec.target, "algorithms": names,
        }));
        let new = NewComparison {
            owner_id: caller.id,
            models,
            price: self.0.prices_at(caller.origin.door).train,
            job: NewJob::new(
                COMPARE_JOB,
                json!({
                    "data_hash": dataset.upload_hash, "metric": comparing.spec.metric, "ceilings": ceilings,
                }),
            ),
            idempotency: comparing.idempotency_key.map(|key| Idempotency {
                key,
                request_digest,
            }),
        };
        let accepted = match self.0.store().models().create_comparison(new, entry).await {
            // The table went between the look and the commit, with the data set it belongs to.
            Err(StoreError::NotFound { what: "artifact" }) => {
                return Err(PlatformError::NotFound("dataset"));
            }
            other => other?,
        };
        if !accepted.replayed {
            self.0.0.counters.trained(accepted.charged);
        }
        Ok(AcceptedComparing {
            job: accepted.job,
            models: accepted.models,
            charged: accepted.charged,
            balance: accepted.balance,
            replayed: accepted.replayed,
        })
    }

    /// A comparison that was asked for: its job and the models that are still there.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn comparison(&self, caller: &Caller, job: Uuid) -> Result<(Job, Vec<Model>)> {
        caller.may(Action::Read)?;
        let store = self.0.store();
        let found = store.jobs().get(caller.id, job).await?;
        if found.kind != COMPARE_JOB {
            return Err(PlatformError::NotFound("comparison"));
        }
        Ok((found, store.models().of_job(job).await?))
    }
}

/// One request an algorithm.
fn specs(comparing: &NewComparing) -> Result<Vec<TrainSpec>> {
    let choices = &comparing.algorithms;
    if !(FEWEST..=MOST).contains(&choices.len()) {
        return Err(PlatformError::field(
            "/algorithms",
            format!("Name {FEWEST} to {MOST} algorithms to compare."),
        ));
    }
    let mut problems = Vec::new();
    for (place, choice) in choices.iter().enumerate() {
        let detail = if choice.algorithm == AUTO {
            "Auto compares by itself; train it alone, or name algorithms here."
        } else if choices[..place].contains(choice) {
            "This is named twice with the same parameters; change one of them."
        } else {
            continue;
        };
        problems.push(FieldProblem::new(format!("/algorithms/{place}"), detail));
    }
    if !problems.is_empty() {
        return Err(PlatformError::Validation(problems));
    }
    let of = |choice: &AlgorithmChoice| TrainSpec {
        algorithm: choice.algorithm.clone(),
        params: choice.params.clone(),
        ..comparing.spec.clone()
    };
    Ok(choices.iter().map(of).collect())
}

/// A problem of one algorithm, where the request has it.
fn placed(mut problem: FieldProblem, place: usize) -> FieldProblem {
    if problem.pointer.starts_with("/algorithm") || problem.pointer.starts_with("/params") {
        problem.pointer = format!("/algorithms/{place}{}", problem.pointer);
    }
    problem
}
