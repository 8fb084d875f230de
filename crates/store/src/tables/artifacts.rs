//! Which artifacts exist. The bytes are on the disk, under their hash; a row says they are complete.

use std::collections::BTreeSet;

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{IntoActiveModel, QuerySelect};

use crate::clock::Timestamp;
use crate::error::{Result as StoreResult, StoreError};
use crate::tables::artifact_references;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "artifacts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub size: i64,
    pub created_at: Timestamp,
}

no_relations!();

pub(crate) async fn insert(
    database: &impl ConnectionTrait,
    hash: &str,
    size: u64,
) -> StoreResult<()> {
    let size = i64::try_from(size)
        .map_err(|_| StoreError::invalid("size", "This artifact is too large."))?;
    let row = Model {
        hash: hash.to_owned(),
        size,
        created_at: Timestamp::now(),
    };
    Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::column(Column::Hash).do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(database)
        .await?;
    Ok(())
}

/// The hashes nothing refers to, at most `limit`.
pub(crate) async fn unreferenced(
    database: &impl ConnectionTrait,
    limit: u64,
) -> StoreResult<Vec<String>> {
    let referenced = Query::select()
        .column(artifact_references::Column::Hash)
        .from(artifact_references::Entity)
        .to_owned();
    let rows = Entity::find()
        .filter(Column::Hash.not_in_subquery(referenced))
        .limit(limit)
        .all(database)
        .await?;
    Ok(rows.into_iter().map(|row| row.hash).collect())
}

/// Removes the row of `hash` unless something refers to it; returns whether it was removed.
pub(crate) async fn remove_unreferenced(
    database: &impl ConnectionTrait,
    hash: &str,
) -> StoreResult<bool> {
    let referenced = Query::select()
        .column(artifact_references::Column::Hash)
        .from(artifact_references::Entity)
        .and_where(artifact_references::Column::Hash.eq(hash))
        .to_owned();
    let removed = Entity::delete_many()
        .filter(Column::Hash.eq(hash))
        .filter(Column::Hash.not_in_subquery(referenced))
        .exec(database)
        .await?;
    Ok(removed.rows_affected > 0)
}

/// Whether there is a row for `hash`.
pub(crate) async fn exists(database: &impl ConnectionTrait, hash: &str) -> StoreResult<bool> {
    Ok(Entity::find_by_id(hash).one(database).await?.is_some())
}

/// Bytes that a user's things refer to, each artifact once.
pub(crate) async fn used_by(database: &impl ConnectionTrait, user: Uuid) -> StoreResult<u64> {
    let referenced = Query::select()
        .column(artifact_references::Column::Hash)
        .from(artifact_references::Entity)
        .cond_where(artifact_references::of_user(user))
        .to_owned();
    let sum: Option<i64> = Entity::find()
        .select_only()
        .column_as(
            Expr::cust("CAST(COALESCE(SUM(size), 0) AS BIGINT)"),
            "bytes",
        )
        .filter(Column::Hash.in_subquery(referenced))
        .into_tuple()
        .one(database)
        .await?;
    Ok(sum.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(0))
}

/// Every hash there is a row for.
pub(crate) async fn hashes(database: &impl ConnectionTrait) -> StoreResult<BTreeSet<String>> {
    let rows: Vec<String> = Entity::find()
        .select_only()
        .column(Column::Hash)
        .into_tuple()
        .all(database)
        .await?;
    Ok(rows.into_iter().collect())
}
