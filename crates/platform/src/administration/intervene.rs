//! What administrators do to other people's things: stop a job, delete a model, a data set or a batch. The audit remembers whose
//! it was; the owner's refund is the same as if the owner had done it.

use serde_json::json;
use trainyard_store::{AuditEntry, Job, Scope};
use uuid::Uuid;

use super::Administration;
use crate::caller::{Action, Caller};
use crate::error::Result;

impl Administration<'_> {
    /// Asks anybody's job to stop: one that waits ends at once, one that runs at its next step. One that has ended stays
    /// as it is.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound`.
    pub async fn cancel_job(&self, caller: &Caller, id: Uuid) -> Result<Job> {
        caller.may(Action::Intervene)?;
        let jobs = self.0.store().jobs();
        let owner = jobs.get(Scope::Everyone, id).await?.owner_id;
        let entry = of(caller, "job.cancel", owner);
        Ok(jobs.request_cancel(Scope::Everyone, id, entry).await?)
    }

    /// Deletes one version of anybody's model; a training that still runs is cancelled and its price given back.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound`.
    pub async fn delete_model(&self, caller: &Caller, id: Uuid) -> Result<()> {
        caller.may(Action::Intervene)?;
        let models = self.0.store().models();
        let owner = models.get(Scope::Everyone, id).await?.owner_id;
        let entry = of(caller, "model.delete", owner);
        models.delete(Scope::Everyone, id, entry).await?;
        self.0.0.models.forget(id).await;
        Ok(())
    }

    /// Deletes anybody's data set with its bytes; models trained on it stay.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound`.
    pub async fn delete_dataset(&self, caller: &Caller, id: Uuid) -> Result<()> {
        caller.may(Action::Intervene)?;
        let datasets = self.0.store().datasets();
        let owner = datasets.get(Scope::Everyone, id).await?.owner_id;
        let entry = of(caller, "dataset.delete", owner);
        Ok(datasets.delete(Scope::Everyone, id, entry).await?)
    }

    /// Deletes anybody's batch with its answers; one that still runs is stopped and its price given back.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound`.
    pub async fn delete_batch(&self, caller: &Caller, id: Uuid) -> Result<()> {
        caller.may(Action::Intervene)?;
        let batches = self.0.store().batches();
        let (batch, _) = batches.get(Scope::Everyone, id).await?;
        let entry = of(caller, "batch.delete", batch.owner_id);
        Ok(batches.delete(Scope::Everyone, id, entry).await?)
    }
}

/// The entry of something done to what is somebody's.
fn of(caller: &Caller, action: &str, owner: Uuid) -> AuditEntry {
    caller.entry(action).details(json!({ "owner": owner }))
}
