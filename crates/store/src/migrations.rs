//! The schema, in steps. Each step runs in a transaction on the one writer connection, so that a crash in
//! the middle leaves the step undone; a step that was published is never edited, the next one changes it.

use sea_orm::DatabaseConnection;
use sea_orm_migration::{MigrationTrait, MigratorTrait, async_trait};

use crate::error::Result;

mod accounts;
mod answers;
mod audit_ways;
mod first;
mod models;

pub(crate) struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(first::First),
            Box::new(accounts::Accounts),
            Box::new(audit_ways::AuditWays),
            Box::new(models::Models),
            Box::new(answers::Answers),
        ]
    }
}

/// Brings the schema up to date; does nothing when it is.
pub(crate) async fn run(writer: &DatabaseConnection) -> Result<()> {
    Migrator::up(writer, None).await?;
    Ok(())
}

/// Where the database notes which steps were taken.
pub(crate) const TABLE: &str = "seaql_migrations";

/// The steps' names, in their order.
pub(crate) fn names() -> Vec<String> {
    let steps = Migrator::migrations();
    steps.iter().map(|step| step.name().to_owned()).collect()
}

/// Takes the first steps of an empty database.
pub(crate) async fn begin(writer: &DatabaseConnection, steps: usize) -> Result<()> {
    Migrator::up(writer, u32::try_from(steps).ok()).await?;
    Ok(())
}
