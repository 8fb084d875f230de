//! What the owner of a model wants done with odd cells, as JSON in the words of `training`. A model without a row has the
//! usual contract.

use sea_orm::IntoActiveModel;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;

use crate::clock::Timestamp;
use crate::error::{Result as StoreResult, StoreError};
use crate::json::JsonText;
use crate::page::Scope;
use crate::tables::audit::{self, AuditEntry};
use crate::tables::models::{self, Models};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "model_contracts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub model_id: Uuid,
    pub policies: JsonText,
    pub updated_at: Timestamp,
}

no_relations!();

impl Models<'_> {
    /// The contract of a model, when it has one of its own.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn contract(&self, model: Uuid) -> StoreResult<Option<Json>> {
        let found = Entity::find_by_id(model).one(self.0.read()).await?;
        Ok(found.map(|row| row.policies.into_json()))
    }

    /// Replaces the contract of a model.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn set_contract(
        &self,
        scope: impl Into<Scope>,
        model: Uuid,
        policies: Json,
        entry: AuditEntry,
    ) -> StoreResult<()> {
        let transaction = self.0.write().await?;
        let condition = scope.into().condition(models::Column::OwnerId);
        let found = models::Entity::find_by_id(model)
            .filter(sea_orm::Condition::all().add_option(condition))
            .one(&transaction)
            .await?;
        found.ok_or(StoreError::not_found("model"))?;
        let row = Model {
            model_id: model,
            policies: policies.into(),
            updated_at: Timestamp::now(),
        };
        let replace = OnConflict::column(Column::ModelId)
            .update_columns([Column::Policies, Column::UpdatedAt])
            .to_owned();
        Entity::insert(row.into_active_model())
            .on_conflict(replace)
            .exec_without_returning(&transaction)
            .await?;
        audit::append(&transaction, &[entry.about("model", model)]).await?;
        transaction.commit().await?;
        Ok(())
    }
}
