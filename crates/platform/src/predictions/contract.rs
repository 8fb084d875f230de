//! What the owner of a model wants done with cells that are not as its columns were: shown, and changed. A change holds
//! for every answer that is asked for after it.

use std::collections::BTreeMap;

use serde_json::json;
use trainyard_training::{Contract, Policy, SignatureField};
use uuid::Uuid;

use super::Predictions;
use crate::Platform;
use crate::caller::{Action, Caller};
use crate::error::{PlatformError, Result, sentence};
use crate::models::ready;

/// The columns of a model and the policy of each.
#[derive(Clone, Debug)]
pub struct ModelContract {
    /// Which version.
    pub model_id: Uuid,
    /// Each column as it was learned, with its policy.
    pub columns: Vec<(SignatureField, Policy)>,
}

impl Predictions<'_> {
    /// The contract of a model of the caller's, or of one shared with them.
    ///
    /// # Errors
    /// `NotFound`; `NotReady`.
    pub async fn contract(&self, caller: &Caller, id_or_name: &str) -> Result<ModelContract> {
        caller.may(Action::Read)?;
        let model = self.0.models().find(caller, id_or_name).await?;
        ready(&model)?;
        let contract = self.0.contract_of(model.id).await?;
        self.described(model.id, &contract).await
    }

    /// Changes the policies of some columns.
    ///
    /// # Errors
    /// `NotFound`; `NotReady`; `Validation` for a column that the model does not look at.
    pub async fn change_contract(
        &self,
        caller: &Caller,
        id: Uuid,
        policies: BTreeMap<String, Policy>,
    ) -> Result<ModelContract> {
        caller.may(Action::Train)?;
        let store = self.0.store();
        let model = store.models().get(caller.id, id).await?;
        ready(&model)?;
        let signature = self.signature(id).await?;
        let mut contract = self.0.contract_of(id).await?;
        let entry = caller
            .entry("model.contract")
            .details(json!({ "policies": policies }));
        contract.change(policies, &signature).map_err(|problems| {
            let worded = problems.into_iter().map(|mut problem| {
                problem.detail = sentence(&problem.detail);
                problem
            });
            PlatformError::Validation(worded.collect())
        })?;
        store
            .models()
            .set_contract(caller.id, id, json!(contract), entry)
            .await?;
        self.0.0.models.forget(id).await;
        self.described(id, &contract).await
    }

    async fn described(&self, id: Uuid, contract: &Contract) -> Result<ModelContract> {
        let signature = self.signature(id).await?;
        let columns = signature.into_iter().map(|field| {
            let policy = contract.policy(&field.name);
            (field, policy)
        });
        Ok(ModelContract {
            model_id: id,
            columns: columns.collect(),
        })
    }

    async fn signature(&self, id: Uuid) -> Result<Vec<SignatureField>> {
        let report = self.0.store().models().report(id).await?;
        serde_json::from_value(report.signature.into_json())
            .map_err(|error| PlatformError::internal("read a signature", error))
    }
}

impl Platform {
    /// The contract of a model.
    pub(crate) async fn contract_of(&self, id: Uuid) -> Result<Contract> {
        match self.store().models().contract(id).await? {
            None => Ok(Contract::default()),
            Some(stored) => serde_json::from_value(stored)
                .map_err(|error| PlatformError::internal("read a contract", error)),
        }
    }
}
