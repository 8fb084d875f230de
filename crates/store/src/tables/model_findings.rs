//! What is found out about a model after its training, each kind once: kept with the model, also when the table it was
//! trained on is gone.

use sea_orm::IntoActiveModel;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;

use crate::clock::Timestamp;
use crate::error::{Result as StoreResult, StoreError};
use crate::json::JsonText;
use crate::tables::models::Models;

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "model_findings")]
pub struct Model {
    /// About which model.
    #[sea_orm(primary_key, auto_increment = false)]
    pub model_id: Uuid,
    /// What was looked for.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    /// What was found.
    pub body: JsonText,
    /// When.
    pub created_at: Timestamp,
}

no_relations!();

impl Models<'_> {
    /// What was found out about a model, if it was looked for.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn finding(&self, model: Uuid, kind: &str) -> StoreResult<Option<Model>> {
        let key = (model, kind.to_owned());
        Ok(Entity::find_by_id(key).one(self.0.read()).await?)
    }

    /// Keeps a finding in the place of an earlier one of its kind.
    ///
    /// # Errors
    /// `NotFound` when the model is gone.
    pub async fn keep_finding(&self, model: Uuid, kind: &str, body: Json) -> StoreResult<()> {
        let transaction = self.0.write().await?;
        keep(&transaction, model, kind, body).await?;
        transaction.commit().await?;
        Ok(())
    }
}

pub(crate) async fn keep(
    database: &impl ConnectionTrait,
    model_id: Uuid,
    kind: &str,
    body: Json,
) -> StoreResult<()> {
    let row = Model {
        model_id,
        kind: kind.to_owned(),
        body: body.into(),
        created_at: Timestamp::now(),
    };
    let replace = OnConflict::columns([Column::ModelId, Column::Kind])
        .update_columns([Column::Body, Column::CreatedAt])
        .to_owned();
    Entity::insert(row.into_active_model())
        .on_conflict(replace)
        .exec_without_returning(database)
        .await
        .map_err(|error| match error.sql_err() {
            Some(sea_orm::SqlErr::ForeignKeyConstraintViolation(_)) => {
                StoreError::not_found("model")
            }
            _ => StoreError::Database(error),
        })?;
    Ok(())
}
