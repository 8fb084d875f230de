//! What a study tried, one row a setting, written while it runs. What a trial holds is the searcher's.

use sea_orm::IntoActiveModel;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;

use crate::error::Result as StoreResult;
use crate::json::JsonText;

/// A setting and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "study_trials")]
pub struct Model {
    /// Of which study.
    #[sea_orm(primary_key, auto_increment = false)]
    pub study_id: Uuid,
    /// From 0, in the order tried.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// The setting, its scores and why it has none.
    pub body: JsonText,
}

no_relations!();

/// Writes trials; one that is there stays as it is.
pub(crate) async fn add(
    database: &impl ConnectionTrait,
    study_id: Uuid,
    trials: Vec<(i32, Json)>,
) -> StoreResult<()> {
    if trials.is_empty() {
        return Ok(());
    }
    let rows = trials.into_iter().map(|(number, body)| {
        let row = Model {
            study_id,
            number,
            body: body.into(),
        };
        row.into_active_model()
    });
    Entity::insert_many(rows)
        .on_conflict(
            OnConflict::columns([Column::StudyId, Column::Number])
                .do_nothing()
                .to_owned(),
        )
        .try_insert()
        .exec_without_returning(database)
        .await?;
    Ok(())
}

/// Forgets what was tried.
pub(crate) async fn clear(database: &impl ConnectionTrait, study_id: Uuid) -> StoreResult<()> {
    Entity::delete_many()
        .filter(Column::StudyId.eq(study_id))
        .exec(database)
        .await?;
    Ok(())
}
