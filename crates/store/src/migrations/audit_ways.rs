//! Ways to entries of the audit by what its filters ask for most and a look at every entry would not find in time: from
//! which address, in which request, about which thing.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

pub(super) struct AuditWays;

impl MigrationName for AuditWays {
    fn name(&self) -> &str {
        "2026_11_22_audit_ways"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for AuditWays {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["address", "request_id", "subject_id"] {
            // Lists come newest first: the identifier goes along.
            let index = Index::create()
                .name(format!("ix_audit_{column}_id"))
                .table("audit")
                .col(column)
                .col("id")
                .to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
