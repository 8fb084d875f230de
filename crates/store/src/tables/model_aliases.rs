//! Names that point to one version of a model, such as `champion`.

use std::collections::BTreeMap;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{IntoActiveModel, QueryOrder};

use crate::clock::Timestamp;
use crate::error::Result as StoreResult;

/// A pointer to a version.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "model_aliases")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: Uuid,
    /// Under which model name.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// The alias.
    #[sea_orm(primary_key, auto_increment = false)]
    pub alias: String,
    /// The version it points to.
    pub model_id: Uuid,
    /// When it was last pointed.
    pub updated_at: Timestamp,
}

no_relations!();

pub(crate) async fn point(database: &impl ConnectionTrait, row: Model) -> StoreResult<()> {
    let replace = OnConflict::columns([Column::OwnerId, Column::Name, Column::Alias])
        .update_columns([Column::ModelId, Column::UpdatedAt])
        .to_owned();
    Entity::insert(row.into_active_model())
        .on_conflict(replace)
        .exec_without_returning(database)
        .await?;
    Ok(())
}

pub(crate) async fn remove(
    database: &impl ConnectionTrait,
    owner_id: Uuid,
    name: &str,
    alias: &str,
) -> StoreResult<bool> {
    let removed = Entity::delete_by_id((owner_id, name.to_owned(), alias.to_owned()))
        .exec(database)
        .await?;
    Ok(removed.rows_affected > 0)
}

pub(crate) async fn of(
    database: &impl ConnectionTrait,
    owner_id: Uuid,
    name: &str,
) -> StoreResult<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::OwnerId.eq(owner_id))
        .filter(Column::Name.eq(name))
        .order_by_asc(Column::Alias)
        .all(database)
        .await?)
}

/// The aliases of each of some models, in alphabetical order.
pub(crate) async fn pointing_to(
    database: &impl ConnectionTrait,
    ids: Vec<Uuid>,
) -> StoreResult<BTreeMap<Uuid, Vec<String>>> {
    let rows = Entity::find()
        .filter(Column::ModelId.is_in(ids))
        .order_by_asc(Column::Alias)
        .all(database)
        .await?;
    let mut found: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    for row in rows {
        found.entry(row.model_id).or_default().push(row.alias);
    }
    Ok(found)
}

pub(crate) async fn rename(
    database: &impl ConnectionTrait,
    owner_id: Uuid,
    from: &str,
    to: &str,
) -> StoreResult<()> {
    Entity::update_many()
        .set(ActiveModel {
            name: Set(to.to_owned()),
            ..Default::default()
        })
        .filter(Column::OwnerId.eq(owner_id))
        .filter(Column::Name.eq(from))
        .exec(database)
        .await?;
    Ok(())
}
