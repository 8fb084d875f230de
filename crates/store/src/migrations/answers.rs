//! What answers gained: files answered by jobs, what a model's owner wants done with odd cells, and where the rows of a
//! prediction fall among those its model learned from.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Answers;

impl MigrationName for Answers {
    fn name(&self) -> &str {
        "2026_11_22_answers"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Answers {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let batches = Table::create()
            .table("batches")
            .col(ColumnDef::new("id").uuid().not_null().primary_key())
            .col(ColumnDef::new("owner_id").uuid().not_null())
            .col(ColumnDef::new("model_id").uuid().not_null())
            .col(ColumnDef::new("model_owner_id").uuid().not_null())
            .col(ColumnDef::new("model_name").text().not_null())
            .col(ColumnDef::new("file_name").text().not_null())
            .col(ColumnDef::new("format").text().not_null())
            .col(ColumnDef::new("bytes").big_integer().not_null())
            .col(ColumnDef::new("rows").big_integer().not_null())
            .col(ColumnDef::new("result_format").text().not_null())
            .col(ColumnDef::new("probabilities").boolean().not_null())
            .col(ColumnDef::new("price").big_integer().not_null())
            .col(ColumnDef::new("job_id").uuid().not_null())
            .col(ColumnDef::new("result_hash").text())
            .col(ColumnDef::new("result_bytes").big_integer())
            .col(ColumnDef::new("warnings").text())
            .col(ColumnDef::new("tally").text())
            .col(ColumnDef::new("created_at").big_integer().not_null())
            .col(ColumnDef::new("finished_at").big_integer())
            .foreign_key(
                ForeignKey::create()
                    .name("fk_batches_owner_id")
                    .from("batches", "owner_id")
                    .to("users", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        manager.create_table(batches).await?;
        for columns in [["owner_id", "id"], ["model_id", "id"]] {
            let [first, second] = columns;
            let index = Index::create()
                .name(format!("ix_batches_{first}_{second}"))
                .table("batches")
                .col(first)
                .col(second)
                .to_owned();
            manager.create_index(index).await?;
        }
        let old = Index::create()
            .name("ix_batches_finished_at")
            .table("batches")
            .col("finished_at")
            .to_owned();
        manager.create_index(old).await?;
        let contracts = Table::create()
            .table("model_contracts")
            .col(ColumnDef::new("model_id").uuid().not_null().primary_key())
            .col(ColumnDef::new("policies").text().not_null())
            .col(ColumnDef::new("updated_at").big_integer().not_null())
            .foreign_key(
                ForeignKey::create()
                    .name("fk_model_contracts_model_id")
                    .from("model_contracts", "model_id")
                    .to("models", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        manager.create_table(contracts).await?;
        let tally = Table::alter()
            .table("predictions")
            .add_column(ColumnDef::new("tally").text())
            .to_owned();
        manager.alter_table(tally).await
    }
}
