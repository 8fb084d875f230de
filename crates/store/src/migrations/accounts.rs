//! What accounts gained: one-time links to a new password, the count of guests' calls a model's owner pays for in a
//! day, and the way to the ledger's last days that the statistics take.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct Accounts;

impl MigrationName for Accounts {
    fn name(&self) -> &str {
        "2026_11_22_accounts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Accounts {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let resets = Table::create()
            .table("password_resets")
            .col(ColumnDef::new("hash").text().not_null().primary_key())
            .col(ColumnDef::new("user_id").uuid().not_null())
            .col(ColumnDef::new("expires_at").big_integer().not_null())
            .foreign_key(&mut of_user("password_resets", "user_id"))
            .to_owned();
        manager.create_table(resets).await?;
        let of_one = Index::create()
            .name("ix_password_resets_user_id")
            .table("password_resets")
            .col("user_id")
            .to_owned();
        manager.create_index(of_one).await?;
        let guests = Table::create()
            .table("guest_days")
            .col(ColumnDef::new("owner_id").uuid().not_null())
            .col(ColumnDef::new("day").big_integer().not_null())
            .col(ColumnDef::new("calls").big_integer().not_null())
            .primary_key(Index::create().col("owner_id").col("day"))
            .foreign_key(&mut of_user("guest_days", "owner_id"))
            .to_owned();
        manager.create_table(guests).await?;
        let ledger = Index::create()
            .name("ix_ledger_at")
            .table("ledger")
            .col("at")
            .to_owned();
        manager.create_index(ledger).await
    }
}

/// Rows that go with the account they belong to.
fn of_user(table: &'static str, column: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("fk_{table}_{column}"))
        .from(table, column)
        .to("users", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}
