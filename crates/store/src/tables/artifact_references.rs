//! Who needs which bytes, and for what. Bytes go when the last row that names them went.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{Condition, IntoActiveModel};

use crate::clock::Timestamp;
use crate::error::{Result as StoreResult, StoreError};
use crate::tables::{batches, datasets, jobs, models, studies};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "artifact_references")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_kind: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub purpose: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub created_at: Timestamp,
}

no_relations!();

/// Notes that `owner` needs the bytes of `hash`, which must have been stored.
pub(crate) async fn add(
    database: &impl ConnectionTrait,
    owner_kind: &'static str,
    owner_id: Uuid,
    purpose: &'static str,
    hash: &str,
) -> StoreResult<()> {
    let row = Model {
        owner_kind: owner_kind.to_owned(),
        owner_id,
        purpose: purpose.to_owned(),
        hash: hash.to_owned(),
        created_at: Timestamp::now(),
    };
    let key = [
        Column::OwnerKind,
        Column::OwnerId,
        Column::Purpose,
        Column::Hash,
    ];
    Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::columns(key).do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(database)
        .await
        .map_err(|error| match error.sql_err() {
            Some(sea_orm::SqlErr::ForeignKeyConstraintViolation(_)) => {
                StoreError::not_found("artifact")
            }
            _ => StoreError::Database(error),
        })?;
    Ok(())
}

/// Forgets everything `owner` needed; returns the hashes.
pub(crate) async fn drop_of(
    database: &impl ConnectionTrait,
    owner_kind: &'static str,
    owner_id: Uuid,
) -> StoreResult<Vec<String>> {
    drop_where(
        database,
        Condition::all()
            .add(Column::OwnerKind.eq(owner_kind))
            .add(Column::OwnerId.eq(owner_id)),
    )
    .await
}

/// Forgets that `owner` needed these bytes for this.
pub(crate) async fn drop_one(
    database: &impl ConnectionTrait,
    owner_kind: &'static str,
    owner_id: Uuid,
    purpose: &'static str,
    hash: &str,
) -> StoreResult<()> {
    let which = Condition::all()
        .add(Column::OwnerKind.eq(owner_kind))
        .add(Column::OwnerId.eq(owner_id))
        .add(Column::Purpose.eq(purpose))
        .add(Column::Hash.eq(hash));
    drop_where(database, which).await.map(drop)
}

/// Forgets everything any of a user's things needed; returns the hashes.
pub(crate) async fn drop_of_user(
    database: &impl ConnectionTrait,
    user: Uuid,
) -> StoreResult<Vec<String>> {
    drop_where(database, of_user(user)).await
}

/// The references of a user's things.
pub(crate) fn of_user(user: Uuid) -> Condition {
    let datasets = Query::select()
        .column(datasets::Column::Id)
        .from(datasets::Entity)
        .and_where(datasets::Column::OwnerId.eq(user))
        .to_owned();
    let models = Query::select()
        .column(models::Column::Id)
        .from(models::Entity)
        .and_where(models::Column::OwnerId.eq(user))
        .to_owned();
    let jobs = Query::select()
        .column(jobs::Column::Id)
        .from(jobs::Entity)
        .and_where(jobs::Column::OwnerId.eq(user))
        .to_owned();
    let batches = Query::select()
        .column(batches::Column::Id)
        .from(batches::Entity)
        .and_where(batches::Column::OwnerId.eq(user))
        .to_owned();
    let studies = Query::select()
        .column(studies::Column::Id)
        .from(studies::Entity)
        .and_where(studies::Column::OwnerId.eq(user))
        .to_owned();
    Condition::any()
        .add(Column::OwnerId.in_subquery(batches))
        .add(Column::OwnerId.in_subquery(studies))
        .add(Column::OwnerId.in_subquery(datasets))
        .add(Column::OwnerId.in_subquery(models))
        .add(Column::OwnerId.in_subquery(jobs))
}

async fn drop_where(
    database: &impl ConnectionTrait,
    condition: Condition,
) -> StoreResult<Vec<String>> {
    let rows = Entity::find()
        .filter(condition.clone())
        .all(database)
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    Entity::delete_many()
        .filter(condition)
        .exec(database)
        .await?;
    let mut hashes: Vec<String> = rows.into_iter().map(|row| row.hash).collect();
    hashes.sort();
    hashes.dedup();
    Ok(hashes)
}
