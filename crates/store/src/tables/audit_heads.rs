//! Where each writer's audit chain ends. Read and moved in the transaction that appends, so that two appends
//! cannot follow the same entry, and kept apart from the entries so that cutting off the end shows.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_heads")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub writer: String,
    pub sequence: i64,
    pub hash: String,
}

no_relations!();
