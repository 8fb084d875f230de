//! How a study goes on and ends: trials come in, the best is fitted, and its owner saves it, lets it go or deletes the
//! study.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use super::{ActiveModel, Column, Entity, Model, Studies, StudyStatus, change, locked};
use crate::artifacts::ArtifactRef;
use crate::clock::Timestamp;
use crate::error::{Result as StoreResult, StoreError};
use crate::names;
use crate::page::Scope;
use crate::tables::audit::{self, AuditEntry};
use crate::tables::jobs::{self, Ending, Fence};
use crate::tables::models::{self, NewImport, Source, TrainedModel};
use crate::tables::{artifact_references, study_trials};

/// Who refers to the file of a best that waits.
const STUDY: &str = "study";

/// The best of a study, fitted.
#[derive(Clone, Debug)]
pub struct StudyOutcome {
    /// The model.
    pub trained: TrainedModel,
    /// The metric that decided.
    pub metric: String,
    /// Why no more was tried.
    pub stopped: String,
    /// The best: `{number, params, score}`.
    pub best: Json,
}

/// A study that was saved.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved {
    /// The model.
    pub model: models::Model,
    /// Whether it had been saved before.
    pub before: bool,
}

/// What waits beside its file.
#[derive(Serialize, Deserialize)]
struct Waiting {
    task: String,
    algorithm: String,
    params: Json,
    metrics: Json,
    classes: Json,
    signature: Json,
    report: Json,
    lineage: Json,
    verdict: String,
    fit_seconds: f64,
}

impl Studies<'_> {
    /// Adds trials while the study runs.
    ///
    /// # Errors
    /// `LostLease`.
    pub async fn add_trials(
        &self,
        fence: Fence,
        id: Uuid,
        trials: Vec<(i32, Json)>,
    ) -> StoreResult<()> {
        let transaction = self.0.write().await?;
        jobs::holding(&transaction, fence).await?;
        let so_far = trials.iter().map(|(number, _)| number + 1).max();
        study_trials::add(&transaction, id, trials).await?;
        if let Some(so_far) = so_far {
            let news = ActiveModel {
                trials: Set(so_far),
                ..Default::default()
            };
            change(&transaction, id, news).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Ends a study well: its best waits to be saved.
    ///
    /// # Errors
    /// `LostLease`; `NotFound` for a study that is gone or a file that was not stored.
    pub async fn finish(&self, fence: Fence, outcome: StudyOutcome) -> StoreResult<Model> {
        let transaction = self.0.write().await?;
        let job = jobs::holding(&transaction, fence).await?;
        let id = job.subject_id.ok_or(StoreError::not_found("study"))?;
        let trained = outcome.trained;
        let artifact = trained.artifact.clone();
        let waiting = Waiting {
            task: trained.task,
            algorithm: trained.algorithm,
            params: trained.params,
            metrics: trained.metrics,
            classes: trained.classes,
            signature: trained.signature,
            report: trained.report,
            lineage: trained.lineage,
            verdict: trained.verdict,
            fit_seconds: trained.fit_seconds,
        };
        let waiting = serde_json::to_value(waiting).map_err(|error| corrupt(id, &error))?;
        let done = ActiveModel {
            status: Set(StudyStatus::Done),
            metric: Set(Some(outcome.metric)),
            stopped: Set(Some(outcome.stopped)),
            best: Set(Some(outcome.best.into())),
            outcome: Set(Some(waiting.into())),
            artifact_hash: Set(Some(artifact.hash.clone())),
            bytes: Set(Some(i64::try_from(artifact.size).unwrap_or(i64::MAX))),
            finished_at: Set(Some(Timestamp::now())),
            ..Default::default()
        };
        change(&transaction, id, done).await?;
        artifact_references::add(&transaction, STUDY, id, "model", &artifact.hash).await?;
        let result = serde_json::json!({ "kind": "study", "id": id });
        let (_, freed) = jobs::settle(&transaction, job, Ending::Done(Some(result))).await?;
        let found = Entity::find_by_id(id).one(&transaction).await?;
        transaction.commit().await?;
        self.0.artifacts().settled(&artifact);
        self.0.job_changed(fence.job);
        self.0.artifacts().sweep_these(&freed).await?;
        found.ok_or(StoreError::not_found("study"))
    }

    /// Makes the best a version of a name: the study's, or another. Asked again, the same version answers.
    ///
    /// # Errors
    /// `NotFound`; `Conflict { what: "study" }` for one that has no best; `Invalid` for the name.
    pub async fn save(
        &self,
        scope: impl Into<Scope>,
        id: Uuid,
        name: Option<&str>,
        entry: AuditEntry,
    ) -> StoreResult<Saved> {
        let transaction = self.0.write().await?;
        let study = locked(&transaction, scope.into(), id).await?;
        if let Some(model) = study.model_id {
            let found = models::Entity::find_by_id(model).one(&transaction).await?;
            let model = found.ok_or(StoreError::not_found("model"))?;
            return Ok(Saved {
                model,
                before: true,
            });
        }
        let name = names::checked("name", name.unwrap_or(&study.name))?;
        let (owner_id, new) = (study.owner_id, finished(study)?);
        let model = models::add_finished(&transaction, new, name).await?;
        artifact_references::drop_of(&transaction, STUDY, id).await?;
        let saved = ActiveModel {
            status: Set(StudyStatus::Saved),
            model_id: Set(Some(model.id)),
            outcome: Set(None),
            ..Default::default()
        };
        change(&transaction, id, saved).await?;
        let entry = entry
            .about("study", id)
            .details(serde_json::json!({ "model_id": model.id, "owner_id": owner_id }));
        audit::append(&transaction, &[entry]).await?;
        transaction.commit().await?;
        Ok(Saved {
            model,
            before: false,
        })
    }

    /// Lets the best go; what was tried stays.
    ///
    /// # Errors
    /// `NotFound`; `Conflict { what: "study" }` for one that has no best that waits.
    pub async fn revert(
        &self,
        scope: impl Into<Scope>,
        id: Uuid,
        entry: AuditEntry,
    ) -> StoreResult<Model> {
        let transaction = self.0.write().await?;
        let study = locked(&transaction, scope.into(), id).await?;
        if study.status != StudyStatus::Done {
            return Err(StoreError::conflict("study"));
        }
        let freed = artifact_references::drop_of(&transaction, STUDY, id).await?;
        let reverted = ActiveModel {
            status: Set(StudyStatus::Reverted),
            outcome: Set(None),
            artifact_hash: Set(None),
            bytes: Set(None),
            ..Default::default()
        };
        change(&transaction, id, reverted).await?;
        let found = Entity::find_by_id(id).one(&transaction).await?;
        audit::append(&transaction, &[entry.about("study", id)]).await?;
        transaction.commit().await?;
        self.0.artifacts().sweep_these(&freed).await?;
        found.ok_or(StoreError::not_found("study"))
    }

    /// Deletes a study; one that runs is cancelled and its price given back. The model it was saved as stays.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete(
        &self,
        scope: impl Into<Scope>,
        id: Uuid,
        entry: AuditEntry,
    ) -> StoreResult<()> {
        let transaction = self.0.write().await?;
        let study = locked(&transaction, scope.into(), id).await?;
        let (job, mut freed) = jobs::abandon(&transaction, study.job_id).await?;
        freed.extend(artifact_references::drop_of(&transaction, STUDY, id).await?);
        Entity::delete_many()
            .filter(Column::Id.eq(id))
            .exec(&transaction)
            .await?;
        audit::append(&transaction, &[entry.about("study", id)]).await?;
        transaction.commit().await?;
        if let Some(job) = job {
            self.0.job_changed(job);
        }
        self.0.artifacts().sweep_these(&freed).await
    }
}

/// The model that waits in a study.
fn finished(study: Model) -> StoreResult<NewImport> {
    let nothing = StoreError::conflict("study");
    let (Some(outcome), Some(hash)) = (study.outcome, study.artifact_hash) else {
        return Err(nothing);
    };
    let id = study.id;
    let waiting: Waiting =
        serde_json::from_value(outcome.into_json()).map_err(|error| corrupt(id, &error))?;
    let spec = study.spec.into_json();
    let text = |name: &str| spec.get(name)?.as_str().map(str::to_owned);
    Ok(NewImport {
        owner_id: study.owner_id,
        name: study.name,
        source: Some(Source {
            dataset_id: study.dataset_id,
            dataset_name: study.dataset_name,
            dataset_hash: study.dataset_hash,
        }),
        target: study.target,
        metric: text("metric"),
        positive_class: text("positive_class"),
        features: spec.get("features").filter(|list| list.is_array()).cloned(),
        test_size: spec
            .get("test_size")
            .and_then(Json::as_f64)
            .unwrap_or_default(),
        folds: spec
            .get("folds")
            .and_then(Json::as_i64)
            .and_then(|folds| i32::try_from(folds).ok())
            .unwrap_or_default(),
        seed: spec.get("seed").and_then(Json::as_i64).unwrap_or_default(),
        spec,
        trained: TrainedModel {
            artifact: ArtifactRef {
                hash,
                size: study
                    .bytes
                    .and_then(|bytes| u64::try_from(bytes).ok())
                    .unwrap_or_default(),
            },
            task: waiting.task,
            algorithm: waiting.algorithm,
            params: waiting.params,
            metrics: waiting.metrics,
            classes: waiting.classes,
            signature: waiting.signature,
            report: waiting.report,
            lineage: waiting.lineage,
            verdict: waiting.verdict,
            fit_seconds: waiting.fit_seconds,
        },
    })
}

fn corrupt(study: Uuid, error: &serde_json::Error) -> StoreError {
    StoreError::Corrupt {
        what: "studies",
        detail: format!("the best of study {study} cannot be read: {error}"),
    }
}
