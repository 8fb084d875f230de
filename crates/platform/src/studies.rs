//! Studies: a search for the best parameters of one algorithm, paid for once. While it runs its trials can be read; it can
//! be stopped early and keeps the best; the best is a fitted model that its owner saves as a version, or lets go.

use serde_json::{Value, json};
use trainyard_store::{
    Idempotency, Job, Model, NewJob, NewStudy, Page, PageRequest, Sort, StoreError, Study,
    StudyStatus, StudyTrial,
};
use trainyard_training::TrainSpec;
use uuid::Uuid;

use crate::Platform;
use crate::caller::{Action, Caller};
use crate::datasets::look::table_hash;
use crate::error::{PlatformError, Result};
use crate::models::train::{digest, name_or, stored};

/// The kind of job that searches.
pub(crate) const STUDY_JOB: &str = "study";

/// Use cases of studies; from [`Platform::studies`].
#[derive(Clone, Copy, Debug)]
pub struct Studies<'a>(pub(crate) &'a Platform);

/// What is asked: a name and everything the trainer reads, a search among it.
#[derive(Clone, Debug)]
pub struct NewStudying {
    /// What to learn from.
    pub dataset_id: Uuid,
    /// What the best will be called; the data set's name when nothing is given.
    pub name: Option<String>,
    /// What to learn, and what to try.
    pub spec: TrainSpec,
    /// The caller's key for a request that may come twice.
    pub idempotency_key: Option<String>,
}

/// An accepted study.
#[derive(Clone, Debug)]
pub struct AcceptedStudying {
    /// The study.
    pub study: Study,
    /// What was charged.
    pub charged: i64,
    /// The balance after.
    pub balance: i64,
    /// Whether this answers a request that had come before.
    pub replayed: bool,
}

impl Studies<'_> {
    /// Checks, charges and queues a study.
    ///
    /// # Errors
    /// Those of [`Models::train`](crate::Models::train).
    pub async fn begin(&self, caller: &Caller, asked: NewStudying) -> Result<AcceptedStudying> {
        caller.may(Action::Train)?;
        let mut spec = asked.spec;
        let Some(method) = spec.search.as_ref().map(|search| search.method) else {
            return Err(PlatformError::field(
                "/search",
                "Say what to try; {} tries 40 settings of the usual parameters.",
            ));
        };
        let (dataset, profile) = self
            .0
            .models()
            .checked(caller, asked.dataset_id, &mut spec)
            .await?;
        let stored_spec = stored(&spec)?;
        let method = serde_json::to_value(method).unwrap_or_default();
        let idempotency = asked.idempotency_key.map(|key| Idempotency {
            key,
            request_digest: digest(asked.dataset_id, asked.name.as_deref(), &stored_spec),
        });
        let new = NewStudy {
            owner_id: caller.id,
            name: name_or(asked.name, &dataset),
            dataset_id: dataset.id,
            dataset_hash: table_hash(&dataset)?.to_owned(),
            target: spec.target.clone(),
            algorithm: spec.algorithm.clone(),
            method: method.as_str().unwrap_or_default().to_owned(),
            metric: spec.metric.clone(),
            spec: stored_spec,
            price: self.0.prices_at(caller.origin.door).tune,
            job: NewJob::new(
                STUDY_JOB,
                json!({ "data_hash": dataset.upload_hash, "ceiling": self.0.ceiling(&spec, &profile) }),
            ),
            idempotency,
        };
        let entry = caller.entry("study.begin").details(json!({
            "dataset_id": dataset.id, "target": spec.target, "algorithm": spec.algorithm,
        }));
        let accepted = match self.0.store().studies().create_with_job(new, entry).await {
            // The table went between the look and the commit, with the data set it belongs to.
            Err(StoreError::NotFound { what: "artifact" }) => {
                return Err(PlatformError::NotFound("dataset"));
            }
            other => other?,
        };
        if !accepted.replayed {
            self.0.0.counters.trained(accepted.charged);
        }
        Ok(AcceptedStudying {
            study: accepted.study,
            charged: accepted.charged,
            balance: accepted.balance,
            replayed: accepted.replayed,
        })
    }

    /// One page of the caller's studies, newest first.
    ///
    /// # Errors
    /// `Validation` for a foreign cursor.
    pub async fn list(
        &self,
        caller: &Caller,
        search: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<Study>> {
        caller.may(Action::Read)?;
        let studies = self.0.store().studies();
        Ok(studies.list(caller.id, search, page).await?)
    }

    /// One of the caller's studies.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn get(&self, caller: &Caller, id: Uuid) -> Result<Study> {
        caller.may(Action::Read)?;
        Ok(self.0.store().studies().get(caller.id, id).await?)
    }

    /// One page of what a study tried, in the order tried.
    ///
    /// # Errors
    /// `NotFound`; `Validation` for a foreign cursor.
    pub async fn trials(
        &self,
        caller: &Caller,
        id: Uuid,
        mut page: PageRequest,
    ) -> Result<Page<StudyTrial>> {
        let study = self.get(caller, id).await?;
        page.sort = Sort::Oldest;
        Ok(self.0.store().studies().trials(study.id, &page).await?)
    }

    /// Ends a study that runs with the best so far. One that waits has tried nothing: it is cancelled and its price given
    /// back. One that has ended stays as it is.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn stop(&self, caller: &Caller, id: Uuid) -> Result<Study> {
        caller.may(Action::Train)?;
        let study = self.0.store().studies().get(caller.id, id).await?;
        if let Some(job) = study.job_id {
            self.0.jobs().stop(caller, job).await?;
        }
        Ok(self.0.store().studies().get(caller.id, id).await?)
    }

    /// Makes the best of a study a version of a name: the study's, or another. Asked again, the same version answers.
    ///
    /// # Errors
    /// `NotFound`; `NotReady` for one that has no best; `Validation` for the name.
    pub async fn save(&self, caller: &Caller, id: Uuid, name: Option<&str>) -> Result<Model> {
        caller.may(Action::Train)?;
        let studies = self.0.store().studies();
        let entry = caller.entry("study.save");
        match studies.save(caller.id, id, name, entry).await {
            Ok(saved) => Ok(saved.model),
            Err(StoreError::Conflict { what: "study" }) => {
                Err(nothing_waits(&studies.get(caller.id, id).await?))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Lets the best of a study go; what was tried stays.
    ///
    /// # Errors
    /// `NotFound`; `NotReady` for one whose best does not wait.
    pub async fn revert(&self, caller: &Caller, id: Uuid) -> Result<Study> {
        caller.may(Action::Train)?;
        let studies = self.0.store().studies();
        let entry = caller.entry("study.revert");
        match studies.revert(caller.id, id, entry).await {
            Err(StoreError::Conflict { what: "study" }) => {
                Err(nothing_waits(&studies.get(caller.id, id).await?))
            }
            other => Ok(other?),
        }
    }

    /// Deletes a study; one that runs is cancelled and its price given back. The model it was saved as stays.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete(&self, caller: &Caller, id: Uuid) -> Result<()> {
        caller.may(Action::Train)?;
        let entry = caller.entry("study.delete");
        let studies = self.0.store().studies();
        Ok(studies.delete(caller.id, id, entry).await?)
    }

    /// The job of a study.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn job(&self, caller: &Caller, study: &Study) -> Result<Job> {
        let job = study.job_id.ok_or(PlatformError::NotFound("job"))?;
        self.0.jobs().get(caller, job).await
    }
}

/// Why there is nothing to save or to let go.
fn nothing_waits(study: &Study) -> PlatformError {
    let name = &study.name;
    PlatformError::NotReady(match study.status {
        StudyStatus::Queued | StudyStatus::Running => format!(
            "The study '{name}' still runs. Wait for it, or stop it to keep the best so far."
        ),
        StudyStatus::Saved => format!(
            "The best of the study '{name}' was saved as a model. Delete the model to let it go."
        ),
        StudyStatus::Reverted => {
            format!("The best of the study '{name}' was let go. Begin another study.")
        }
        StudyStatus::Cancelled => {
            format!("The study '{name}' was cancelled and has no best. Begin another one.")
        }
        StudyStatus::Failed => {
            let reason = study
                .error
                .as_ref()
                .and_then(|error| error.get("detail"))
                .and_then(Value::as_str);
            format!(
                "The study '{name}' found nothing: {}",
                reason.unwrap_or("begin another one.")
            )
        }
        StudyStatus::Done => format!("The best of the study '{name}' cannot be read."),
    })
}
