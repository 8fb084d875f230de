//! The large answers about a model, apart from the row that lists read.

use sea_orm::entity::prelude::*;

use crate::json::JsonText;

/// What training found out.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "model_reports")]
pub struct Model {
    /// Of which model.
    #[sea_orm(primary_key, auto_increment = false)]
    pub model_id: Uuid,
    /// The classes, for a classification.
    pub classes: JsonText,
    /// Which columns a prediction takes.
    pub signature: JsonText,
    /// The whole report.
    pub report: JsonText,
    /// From what, by what and with what it was made.
    pub lineage: JsonText,
}

no_relations!();
