//! SQLite: one writer whose transactions begin IMMEDIATE, and readers beside it. A transaction that reads first and
//! writes later fails outright when another writer slipped in between, whatever the time-out; a single writer that
//! locks at BEGIN cannot meet that.

use std::path::Path;

use sea_orm::sqlx::Connection as _;
use sea_orm::sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous,
};
use sea_orm::{
    Database as Connect, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};

use super::{BUSY, Database, pool_options};
use crate::error::Result;

/// Opens the file, creating it.
pub(super) async fn open(path: &Path, readers: u32) -> Result<Database> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .statement_cache_capacity(256);
    let writer = connect(options.clone(), 1).await?;
    let readers = connect(options.pragma("query_only", "on"), readers.max(1)).await?;
    Ok(Database {
        writer,
        readers,
        residence: None,
    })
}

/// Begins a change.
pub(super) async fn begin(writer: &DatabaseConnection) -> Result<DatabaseTransaction> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    Ok(writer.begin_with_options(options).await?)
}

async fn connect(sqlite: SqliteConnectOptions, connections: u32) -> Result<DatabaseConnection> {
    let mut options = pool_options("sqlite::memory:", connections);
    options
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(move |_| {
            use sea_orm::sqlx::ConnectOptions as _;
            sqlite.clone().disable_statement_logging()
        })
        .map_sqlx_sqlite_before_acquire(|connection, _| {
            let sound = is_between_transactions(connection);
            Box::pin(async move { Ok(sound) })
        });
    Ok(Connect::connect(options).await?)
}

/// Whether a connection may be used again. When the disk is full or fails, SQLite rolls back by itself; the driver,
/// whose own rollback then finds nothing, goes on counting an open transaction. Every later one would be nested in it
/// and its commit written nowhere. Such a connection is closed and another one opened.
fn is_between_transactions(connection: &SqliteConnection) -> bool {
    let left = connection.is_in_transaction();
    if left {
        tracing::warn!("a connection to the database was left in a transaction and is replaced");
    }
    !left
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
    use super::*;
    use crate::error::StoreError;
    use sea_orm::{ConnectionTrait, Statement};

    async fn count(database: &Database) -> i64 {
        let question = Statement::from_string(
            sea_orm::DbBackend::Sqlite,
            "SELECT count(*) AS rows FROM kept",
        );
        let row = database.read().query_one_raw(question).await.unwrap();
        row.unwrap().try_get("", "rows").unwrap()
    }

    /// SQLite rolls back by itself when the disk is full. The driver goes on counting an open transaction, and what
    /// looked like commits afterwards was lost.
    #[tokio::test]
    async fn what_is_committed_after_a_full_disk_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let database = open(&folder.path().join("test.db"), 1).await.unwrap();
        let begun = "CREATE TABLE kept (bytes BLOB); PRAGMA max_page_count = 4";
        database.writer().execute_unprepared(begun).await.unwrap();

        let too_much = database.write().await.unwrap();
        let large = "INSERT INTO kept VALUES (randomblob(100000))";
        let full = too_much.execute_unprepared(large).await.unwrap_err();
        assert!(StoreError::from(full).is_disk_full());
        drop(too_much);
        drop(database.write().await.unwrap());

        for rows in 1..=3 {
            let small = database.write().await.unwrap();
            let insert = "INSERT INTO kept VALUES (x'00')";
            small.execute_unprepared(insert).await.unwrap();
            small.commit().await.unwrap();
            assert_eq!(count(&database).await, rows);
        }
    }
}
