//! Connections: one writer whose transactions begin IMMEDIATE, and a pool of readers. A SQLite transaction
//! that reads first and writes later fails outright when another writer slipped in between, whatever the
//! time-out; a single writer that locks at BEGIN cannot meet that.

use std::path::Path;
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, Database as Connect, DatabaseConnection, DatabaseTransaction,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use crate::error::{Result, StoreError};

/// How long a statement waits for another process's lock.
const BUSY: Duration = Duration::from_secs(10);
/// How long a request waits for its turn at the writer or at a reader.
const TURN: Duration = Duration::from_secs(30);

/// The two ways to one database.
#[derive(Debug)]
pub(crate) struct Database {
    writer: DatabaseConnection,
    readers: DatabaseConnection,
}

impl Database {
    /// Opens the file, creating it, readable by its owner only.
    pub(crate) async fn open(path: &Path, readers: u32) -> Result<Self> {
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
        Ok(Self { writer, readers })
    }

    /// The writer itself, for migrations.
    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Where queries that change nothing go.
    pub(crate) fn read(&self) -> &DatabaseConnection {
        &self.readers
    }

    /// Begins a change. Dropped without a commit it leaves nothing behind.
    pub(crate) async fn write(&self) -> Result<DatabaseTransaction> {
        begin(&self.writer).await
    }

    pub(crate) async fn close(&self) -> Result<()> {
        self.readers.close_by_ref().await?;
        self.writer.close_by_ref().await?;
        Ok(())
    }
}

/// Begins a change on `writer`.
pub(crate) async fn begin(writer: &DatabaseConnection) -> Result<DatabaseTransaction> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    writer
        .begin_with_options(options)
        .await
        .map_err(StoreError::from)
}

async fn connect(sqlite: SqliteConnectOptions, connections: u32) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new("sqlite::memory:");
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(TURN)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(move |_| {
            use sea_orm::sqlx::ConnectOptions as _;
            sqlite.clone().disable_statement_logging()
        });
    Connect::connect(options).await.map_err(StoreError::from)
}
