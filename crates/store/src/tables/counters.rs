//! The small numbers people see beside identifiers. A counter only grows, so a deleted thing's number never
//! comes back as another thing.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait;

use crate::error::{Result as StoreResult, StoreError};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "counters")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub value: i32,
}

no_relations!();

/// The next number of `table`.
pub(crate) async fn next(database: &impl ConnectionTrait, table: &'static str) -> StoreResult<i32> {
    let rows = Entity::update_many()
        .col_expr(Column::Value, Expr::col(Column::Value).add(1))
        .filter(Column::Name.eq(table))
        .exec_with_returning(database)
        .await?;
    rows.first()
        .map(|row| row.value)
        .ok_or_else(|| StoreError::Corrupt {
            what: "counters",
            detail: format!("no counter for {table}"),
        })
}
