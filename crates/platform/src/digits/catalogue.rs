//! What anybody may know about the models that read digits: which there are, which one answers, and how good each is.

use bytes::Bytes;
use serde_json::Value;
use trainyard_store::{Model, ModelStatus};

use super::Digits;
use crate::caller::{Action, Caller};
use crate::error::{PlatformError, Result};

/// A model that reads digits.
#[derive(Clone, Debug)]
pub struct DigitModel {
    /// The row.
    pub model: Model,
    /// Whether it is the one that answers.
    pub active: bool,
}

impl Digits<'_> {
    /// Every model of digits that is trained, oldest first.
    ///
    /// # Errors
    /// Only our own.
    pub async fn catalogue(&self) -> Result<Vec<DigitModel>> {
        let active = self.active().await?.map(|model| model.id);
        let mut models = self.versions().await?;
        models.retain(|model| model.status == ModelStatus::Ready);
        models.sort_by_key(|model| model.version);
        let marked = models.into_iter().map(|model| DigitModel {
            active: Some(model.id) == active,
            model,
        });
        Ok(marked.collect())
    }

    /// The model of digits of this number.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn numbered(&self, number: i64) -> Result<DigitModel> {
        let mut models = self.catalogue().await?.into_iter();
        models
            .find(|found| i64::from(found.model.number) == number)
            .ok_or(PlatformError::NotFound("model"))
    }

    /// Its report, as the trainer wrote it.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn report(&self, found: &DigitModel) -> Result<Value> {
        let report = self.0.store().models().report(found.model.id).await?;
        Ok(report.report.into_json())
    }

    /// Its file.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound` when it went meanwhile.
    pub async fn export(&self, caller: &Caller, found: &DigitModel) -> Result<Bytes> {
        caller.may(Action::Read)?;
        let hash = found
            .model
            .artifact_hash
            .as_deref()
            .ok_or(PlatformError::NotFound("model"))?;
        let store = self.0.store();
        let bytes = store.artifacts().read(hash).await?;
        let entry = caller.entry("model.export").about("model", found.model.id);
        store.audit().append(entry).await?;
        Ok(bytes)
    }
}
