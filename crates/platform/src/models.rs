//! Models: `train` checks, charges and queues in one commit; the rest reads, renames and deletes.

mod check;
pub(crate) mod compare;
mod compare_train;
mod estimate;
mod files;
mod findings;
mod registry;
mod request;
mod share;
pub(crate) mod train;
mod tree;
mod wait;

use trainyard_store::{
    Model, ModelFilter, ModelStatus, Page, PageRequest, Scope, StoreError, Timestamp,
};
use trainyard_training::Report;
use trainyard_training::report_page::{self, Heading};
use uuid::Uuid;

use crate::Platform;
use crate::caller::{Action, Caller};
use crate::error::{PlatformError, Result};

pub use compare::{MetricRow, SettingRow, SideBySide};
pub use compare_train::{AcceptedComparing, AlgorithmChoice, NewComparing};
pub use estimate::{Ceiling, TrainingEstimate};
pub use files::{ModelFile, ModelFormat, ModelUpload};
pub(crate) use findings::CHECK_JOB;
pub use findings::{Check, ReportPart};
pub use registry::{AliasCard, Annotations, Lineage, Unwanted};
pub use request::TrainRequest;
pub use train::{AcceptedTraining, NameRule, NewTraining};
pub use wait::Trained;

/// The kind of job that trains a model.
pub(crate) const TRAIN_JOB: &str = "train";
/// The kind of job that trains several.
pub(crate) const COMPARE_JOB: &str = "compare";

/// Use cases of models; from [`Platform::models`].
#[derive(Clone, Copy, Debug)]
pub struct Models<'a>(pub(crate) &'a Platform);

/// A model as lists show it.
#[derive(Clone, Debug)]
pub struct ModelCard {
    /// The row.
    pub model: Model,
    /// Who shares it; nothing for one's own.
    pub shared_by: Option<String>,
    /// The aliases that point to it; nothing for others'.
    pub aliases: Vec<String>,
}

/// A model with what only its own page shows.
#[derive(Clone, Debug)]
pub struct ModelDetail {
    /// The row, and whose it is.
    pub card: ModelCard,
    /// The classes, once trained; nothing for a regression.
    pub classes: Option<serde_json::Value>,
    /// What it wants to be asked, once trained.
    pub signature: Option<serde_json::Value>,
}

impl Models<'_> {
    /// One page of the models others share with everybody who has an account, newest first.
    ///
    /// # Errors
    /// `Validation` for a foreign cursor.
    pub async fn shared(
        &self,
        caller: &Caller,
        search: Option<String>,
        page: &PageRequest,
    ) -> Result<Page<ModelCard>> {
        caller.may(Action::Read)?;
        let filter = ModelFilter {
            search,
            ..ModelFilter::default()
        };
        let models = self.0.store().models();
        let page = models.shared_with(caller.id, &filter, page).await?;
        let owners = page.items.iter().map(|model| model.owner_id);
        let owners = self.0.store().users().by_ids(owners).await?;
        Ok(page.map(|model| {
            let owner = owners.get(&model.owner_id);
            let shared_by = owner.map(|owner| owner.display_name.clone());
            ModelCard {
                model,
                shared_by: Some(shared_by.unwrap_or_default()),
                aliases: Vec::new(),
            }
        }))
    }

    /// One page of the caller's models, newest first.
    ///
    /// # Errors
    /// `Validation` for a foreign cursor.
    pub async fn list(
        &self,
        caller: &Caller,
        filter: &ModelFilter,
        page: &PageRequest,
    ) -> Result<Page<ModelCard>> {
        caller.may(Action::Read)?;
        let models = self.0.store().models();
        let page = models.list(Scope::Owner(caller.id), filter, page).await?;
        let ids = page.items.iter().map(|model| model.id).collect();
        let mut aliases = models.aliases_of(ids).await?;
        Ok(page.map(|model| ModelCard {
            aliases: aliases.remove(&model.id).unwrap_or_default(),
            model,
            shared_by: None,
        }))
    }

    /// One of the caller's models, by identifier or by name (the latest version that is ready), or by identifier one
    /// that is shared with them.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn get(&self, caller: &Caller, id_or_name: &str) -> Result<ModelDetail> {
        caller.may(Action::Read)?;
        let model = self.find(caller, id_or_name).await?;
        self.detail(caller, model).await
    }

    /// Its row alone, for who asks often.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn row(&self, caller: &Caller, id_or_name: &str) -> Result<Model> {
        caller.may(Action::Read)?;
        self.find(caller, id_or_name).await
    }

    /// The report of a trained model, as the trainer wrote it.
    ///
    /// # Errors
    /// `NotFound`; `NotReady` while it is being trained or when that failed.
    pub async fn report(&self, caller: &Caller, id_or_name: &str) -> Result<serde_json::Value> {
        caller.may(Action::Read)?;
        let model = self.find(caller, id_or_name).await?;
        ready(&model)?;
        let stored = self.0.store().models().report(model.id).await?.report;
        if stored.is_null() {
            return Err(without_report());
        }
        Ok(stored.into_json())
    }

    /// The same as one page of HTML that needs nothing else; `moment` writes a time as people read it.
    ///
    /// # Errors
    /// `NotFound`; `NotReady` while it is being trained or when that failed, and for a model that was brought as a file.
    pub async fn report_page(
        &self,
        caller: &Caller,
        id_or_name: &str,
        moment: impl Fn(Timestamp) -> String,
    ) -> Result<String> {
        caller.may(Action::Read)?;
        let model = self.find(caller, id_or_name).await?;
        ready(&model)?;
        let stored = self.0.store().models().report(model.id).await?.report;
        if stored.is_null() {
            return Err(without_report());
        }
        let report: Report = serde_json::from_value(stored.into_json())
            .map_err(|error| PlatformError::internal("read a report", error))?;
        let finished = model.finished_at.map(moment).unwrap_or_default();
        let page = self.0.compute("write a report", move || {
            let heading = Heading {
                name: &model.name,
                version: model.version,
                dataset: &model.dataset_name,
                finished: &finished,
            };
            report_page::html(&report, &heading)
        });
        page.await
    }

    /// Gives all versions of a model another name.
    ///
    /// # Errors
    /// `NotFound`; `Conflict`; `Validation`.
    pub async fn rename(&self, caller: &Caller, id: Uuid, name: &str) -> Result<ModelDetail> {
        caller.may(Action::Train)?;
        let entry = caller.entry("model.rename");
        let model = self
            .0
            .store()
            .models()
            .rename(caller.id, id, name, entry)
            .await?;
        self.0.0.models.forget_names();
        self.detail(caller, model).await
    }

    /// Deletes one version; a training that still runs is cancelled and its price given back.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete(&self, caller: &Caller, id: Uuid) -> Result<()> {
        caller.may(Action::Train)?;
        let entry = caller.entry("model.delete");
        self.0.store().models().delete(caller.id, id, entry).await?;
        self.0.0.models.forget(id).await;
        Ok(())
    }

    pub(crate) async fn find(&self, caller: &Caller, id_or_name: &str) -> Result<Model> {
        let models = self.0.store().models();
        Ok(match Uuid::try_parse(id_or_name) {
            Ok(id) if caller.sees_shared() => models.visible(caller.id, id).await?,
            Ok(id) => models.get(caller.id, id).await?,
            Err(_) => self.find_by_text(caller, id_or_name).await?,
        })
    }

    async fn detail(&self, caller: &Caller, model: Model) -> Result<ModelDetail> {
        let shared_by = if model.owner_id == caller.id {
            None
        } else {
            Some(
                self.0
                    .store()
                    .users()
                    .by_id(model.owner_id)
                    .await?
                    .display_name,
            )
        };
        let aliases = match shared_by {
            Some(_) => Vec::new(),
            None => {
                let models = self.0.store().models();
                let mut all = models.aliases_of(vec![model.id]).await?;
                all.remove(&model.id).unwrap_or_default()
            }
        };
        let card = ModelCard {
            model,
            shared_by,
            aliases,
        };
        if card.model.status != ModelStatus::Ready {
            return Ok(ModelDetail {
                card,
                classes: None,
                signature: None,
            });
        }
        match self.0.store().models().report(card.model.id).await {
            Ok(report) => Ok(ModelDetail {
                card,
                classes: report
                    .classes
                    .as_array()
                    .is_some_and(|list| !list.is_empty())
                    .then_some(report.classes.into_json()),
                signature: Some(report.signature.into_json()),
            }),
            Err(StoreError::NotFound { .. }) => Err(PlatformError::NotFound("model")),
            Err(error) => Err(error.into()),
        }
    }
}

/// What a model that came as a file has not.
pub(crate) fn without_report() -> PlatformError {
    PlatformError::NotReady(
        "This model was brought as a file, which holds no report. Train it here to have one."
            .to_owned(),
    )
}

/// Lets a model on that predicts, or says why it does not.
pub(crate) fn ready(model: &Model) -> Result<()> {
    let why = match model.status {
        ModelStatus::Ready => return Ok(()),
        ModelStatus::Queued | ModelStatus::Training => {
            "is still being trained. Wait for its job to finish and try again.".to_owned()
        }
        ModelStatus::Cancelled => "was cancelled before it was trained. Train it again.".to_owned(),
        ModelStatus::Failed => {
            let reason = model
                .error
                .as_ref()
                .and_then(|error| error.get("detail")?.as_str());
            format!(
                "could not be trained: {}",
                reason.unwrap_or("train it again")
            )
        }
    };
    Err(PlatformError::NotReady(format!("'{}' {why}", model.name)))
}
