//! The names models live under. Each remembers the highest version it ever gave out.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait;
use sea_orm::sea_query::OnConflict;

use crate::error::{Result as StoreResult, StoreError};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "model_names")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub last_version: i32,
}

no_relations!();

/// The next version under `name`.
pub(crate) async fn next_version(
    database: &impl ConnectionTrait,
    owner_id: Uuid,
    name: &str,
) -> StoreResult<i32> {
    let row = ActiveModel {
        owner_id: Set(owner_id),
        name: Set(name.to_owned()),
        last_version: Set(0),
    };
    Entity::insert(row)
        .on_conflict(
            OnConflict::columns([Column::OwnerId, Column::Name])
                .do_nothing()
                .to_owned(),
        )
        .try_insert()
        .exec_without_returning(database)
        .await?;
    let rows = Entity::update_many()
        .col_expr(Column::LastVersion, Expr::col(Column::LastVersion).add(1))
        .filter(Column::OwnerId.eq(owner_id))
        .filter(Column::Name.eq(name))
        .exec_with_returning(database)
        .await?;
    rows.first()
        .map(|row| row.last_version)
        .ok_or(StoreError::not_found("model"))
}

/// Moves a name with its count.
pub(crate) async fn rename(
    database: &impl ConnectionTrait,
    owner_id: Uuid,
    from: &str,
    to: &str,
) -> StoreResult<()> {
    let moved = Entity::update_many()
        .set(ActiveModel {
            name: Set(to.to_owned()),
            ..Default::default()
        })
        .filter(Column::OwnerId.eq(owner_id))
        .filter(Column::Name.eq(from))
        .exec(database)
        .await
        .map_err(StoreError::unique("name"))?;
    if moved.rows_affected == 0 {
        Err(StoreError::not_found("model"))
    } else {
        Ok(())
    }
}

/// Frees a name nothing lives under any more.
pub(crate) async fn remove(
    database: &impl ConnectionTrait,
    owner_id: Uuid,
    name: &str,
) -> StoreResult<()> {
    Entity::delete_many()
        .filter(Column::OwnerId.eq(owner_id))
        .filter(Column::Name.eq(name))
        .exec(database)
        .await?;
    Ok(())
}
