//! Every reading of a dataset's upload: with which options, what came out, and its profile. The newest is the
//! dataset's; older ones stay because models were trained on them.

use sea_orm::entity::prelude::*;

use crate::json::JsonText;

use crate::clock::Timestamp;

/// One reading of an upload.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "dataset_revisions")]
pub struct Model {
    /// Of which dataset.
    #[sea_orm(primary_key, auto_increment = false)]
    pub dataset_id: Uuid,
    /// From 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i32,
    /// How the upload is read: separator, types, … as the reader's own JSON.
    pub options: JsonText,
    /// The table that came out.
    pub table_hash: Option<String>,
    /// Its rows.
    pub rows: Option<i64>,
    /// Its columns.
    pub columns: Option<i32>,
    /// Its profile.
    pub profile: Option<JsonText>,
    /// When the reading was asked for.
    pub created_at: Timestamp,
}

no_relations!();
