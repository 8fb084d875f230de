//! What models gained: tags and notes, findings that are worked out after the training, studies with their trials; and
//! jobs that end early with what they have.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Models;

impl MigrationName for Models {
    fn name(&self) -> &str {
        "2026_11_22_models"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Models {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [
            (
                "models",
                ColumnDef::new("tags")
                    .text()
                    .not_null()
                    .default("[]")
                    .take(),
            ),
            ("models", ColumnDef::new("notes").text().take()),
            (
                "jobs",
                ColumnDef::new("stop_requested")
                    .boolean()
                    .not_null()
                    .default(false)
                    .take(),
            ),
        ] {
            let alter = Table::alter().table(table).add_column(column).to_owned();
            manager.alter_table(alter).await?;
        }
        // Texts are ordered by their bytes, as SQLite orders them, whatever the server's language is.
        let bytewise = manager.get_database_backend() == DbBackend::Postgres;
        let text = move |name: &'static str| {
            let mut column = ColumnDef::new(name).text().take();
            if bytewise {
                column.extra("COLLATE \"C\"");
            }
            column
        };
        manager.create_table(findings(text)).await?;
        manager.create_table(studies(text)).await?;
        manager.create_table(trials()).await?;
        for (name, columns) in [
            ("ix_studies_number", ["number"].as_slice()),
            ("ix_studies_owner_id_number", &["owner_id", "number"]),
            ("ix_studies_dataset_id", &["dataset_id"]),
        ] {
            let mut index = Index::create();
            index.name(name).table("studies");
            for &column in columns {
                index.col(column);
            }
            if columns.len() == 1 && columns[0] == "number" {
                index.unique();
            }
            manager.create_index(index).await?;
        }
        let mut counter = Query::insert();
        counter
            .into_table("counters")
            .columns(["name", "value"])
            .values_panic(["studies".into(), 0.into()]);
        manager.get_connection().execute(&counter).await?;
        Ok(())
    }
}

fn findings(text: impl Fn(&'static str) -> ColumnDef) -> TableCreateStatement {
    Table::create()
        .table("model_findings")
        .col(ColumnDef::new("model_id").uuid().not_null())
        .col(text("kind").not_null())
        .col(text("body").not_null())
        .col(ColumnDef::new("created_at").big_integer().not_null())
        .primary_key(Index::create().col("model_id").col("kind"))
        .foreign_key(&mut belongs(
            "model_findings",
            "model_id",
            "models",
            ForeignKeyAction::Cascade,
        ))
        .to_owned()
}

fn studies(text: impl Fn(&'static str) -> ColumnDef) -> TableCreateStatement {
    let mut table = Table::create();
    table
        .table("studies")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("number").integer().not_null())
        .col(ColumnDef::new("owner_id").uuid().not_null());
    for name in [
        "name",
        "dataset_name",
        "target",
        "algorithm",
        "method",
        "spec",
        "status",
        "search_key",
    ] {
        table.col(text(name).not_null());
    }
    for name in [
        "dataset_hash",
        "metric",
        "best",
        "stopped",
        "outcome",
        "artifact_hash",
        "error",
    ] {
        table.col(text(name));
    }
    for name in ["dataset_id", "job_id", "model_id"] {
        table.col(ColumnDef::new(name).uuid());
    }
    table
        .col(ColumnDef::new("trials").integer().not_null())
        .col(ColumnDef::new("bytes").big_integer())
        .col(ColumnDef::new("created_at").big_integer().not_null())
        .col(ColumnDef::new("updated_at").big_integer().not_null())
        .col(ColumnDef::new("finished_at").big_integer());
    let set_null = ForeignKeyAction::SetNull;
    table
        .foreign_key(&mut belongs(
            "studies",
            "owner_id",
            "users",
            ForeignKeyAction::Cascade,
        ))
        .foreign_key(&mut belongs("studies", "dataset_id", "datasets", set_null))
        .foreign_key(&mut belongs("studies", "model_id", "models", set_null));
    table
}

fn trials() -> TableCreateStatement {
    Table::create()
        .table("study_trials")
        .col(ColumnDef::new("study_id").uuid().not_null())
        .col(ColumnDef::new("number").integer().not_null())
        .col(ColumnDef::new("body").text().not_null())
        .primary_key(Index::create().col("study_id").col("number"))
        .foreign_key(&mut belongs(
            "study_trials",
            "study_id",
            "studies",
            ForeignKeyAction::Cascade,
        ))
        .to_owned()
}

fn belongs(
    table: &'static str,
    column: &'static str,
    to: &'static str,
    action: ForeignKeyAction,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("fk_{table}_{column}"))
        .from(table, column)
        .to(to, "id")
        .on_delete(action)
        .to_owned()
}
