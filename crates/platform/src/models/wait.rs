//! A training that is waited for, as the old APIs answer: the model with its report, or why there is none.

use std::time::Duration;

use serde_json::Value;
use trainyard_store::{Model, ModelStatus};
use uuid::Uuid;

use super::train::{NameRule, NewTraining, Price};
use crate::Platform;
use crate::caller::Caller;
use crate::error::{PlatformError, Result};

/// As long as a job takes: what ends it is its own ceiling.
const FOR_EVER: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// A finished training.
#[derive(Clone, Debug)]
pub struct Trained {
    /// The model.
    pub model: Model,
    /// Its report, as the trainer wrote it.
    pub report: Value,
    /// What was charged.
    pub charged: i64,
    /// The balance after.
    pub balance: i64,
}

impl Platform {
    /// Checks, charges and queues a training, and waits until it has ended.
    ///
    /// # Errors
    /// Those of [`Models::train`](crate::Models::train); `Untrained` when it ended without a model, its price given back;
    /// `Unavailable` when the server stops meanwhile (the training then goes on later).
    pub async fn train_and_wait(
        &self,
        caller: &Caller,
        training: NewTraining,
        rule: NameRule,
    ) -> Result<Trained> {
        self.trained(caller, training, rule, Price::Usual).await
    }

    /// Several trainings, one after another, for the price of one: it is paid with the first that becomes a model. Each has
    /// its own answer; one that cannot be paid ends the row.
    ///
    /// # Errors
    /// In each place those of [`Platform::train_and_wait`].
    pub async fn train_several_and_wait(
        &self,
        caller: &Caller,
        trainings: Vec<NewTraining>,
    ) -> Vec<Result<Trained>> {
        let mut price = Price::Usual;
        let mut answers = Vec::with_capacity(trainings.len());
        for training in trainings {
            let answer = self.trained(caller, training, NameRule::Version, price);
            let answer = answer.await;
            if answer.is_ok() {
                price = Price::PaidAlready;
            }
            let unpaid = matches!(answer, Err(PlatformError::InsufficientTokens { .. }));
            answers.push(answer);
            if unpaid {
                break;
            }
        }
        answers
    }

    async fn trained(
        &self,
        caller: &Caller,
        training: NewTraining,
        rule: NameRule,
        price: Price,
    ) -> Result<Trained> {
        // One commit: a client that goes away has paid, and finds the model when it comes back, or has not.
        let accepted = self.models().queue(caller, training, rule, price).await?;
        self.ended(caller, accepted.job_id).await?;
        // Whoever is told of a model means it by its name from then on.
        self.0.models.forget_names();
        let id = accepted.model.id;
        let model = self.store().models().get(caller.id, id).await?;
        let model = ready(model)?;
        let report = self.store().models().report(id).await?.report.into_json();
        Ok(Trained {
            model,
            report,
            charged: accepted.charged,
            balance: accepted.balance,
        })
    }

    /// Returns once a job has ended.
    pub(crate) async fn ended(&self, caller: &Caller, job: Uuid) -> Result<()> {
        let job = self.jobs().wait(caller, job, FOR_EVER).await?;
        if job.status.is_final() {
            return Ok(());
        }
        Err(PlatformError::Unavailable(
            "The server is stopping. What was begun goes on when it is back.".to_owned(),
        ))
    }
}

/// The model, if it became one.
fn ready(model: Model) -> Result<Model> {
    if model.status == ModelStatus::Ready {
        return Ok(model);
    }
    let said = |field: &str| {
        let error = model.error.as_ref()?;
        error.get(field)?.as_str().map(str::to_owned)
    };
    Err(PlatformError::Untrained {
        code: said("code").unwrap_or_else(|| "cancelled".to_owned()),
        detail: said("detail").unwrap_or_else(|| "The training was cancelled.".to_owned()),
    })
}
