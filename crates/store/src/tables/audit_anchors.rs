//! Where an audit chain begins after retention removed its oldest entries: the last removed entry's place and
//! hash, signed by whoever removed them.

use sea_orm::entity::prelude::*;

use crate::clock::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_anchors")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub writer: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    pub hash: String,
    pub signature: Option<String>,
    pub created_at: Timestamp,
}

no_relations!();
