//! Two ways to one database, be it a SQLite file or a PostgreSQL server: one writer, whose changes follow each other, and
//! a pool of readers that nobody holds up. What decides over tokens, names and the audit's chain reads and writes in one
//! change, and need not think about another one beside it.

mod postgres;
mod sqlite;
pub(crate) mod together;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::time::Duration;

use sea_orm::{
    ConnectOptions, DatabaseConnection, DatabaseTransaction, DbBackend, TransactionTrait,
};

use crate::error::Result;
use crate::migrations;

pub(crate) use postgres::{Residence, announce, listen};

/// How long a statement waits for another process's lock.
const BUSY: Duration = Duration::from_secs(10);
/// How long a request waits for its turn at the writer or at a reader.
const TURN: Duration = Duration::from_secs(30);

/// Where the database is.
#[derive(Clone)]
pub enum DatabasePlace {
    /// A SQLite file, made when it is not there.
    File(PathBuf),
    /// A database on a PostgreSQL server, as `postgres://user:password@host:port/database`. Its tables are made in the
    /// first schema of the search path (`?options=-csearch_path=…`), which is made when it is not there.
    Server(String),
}

impl fmt::Debug for DatabasePlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => formatter.debug_tuple("File").field(path).finish(),
            // It holds a password.
            Self::Server(_) => formatter.debug_tuple("Server").finish_non_exhaustive(),
        }
    }
}

/// The two ways to one database.
#[derive(Debug)]
pub(crate) struct Database {
    writer: DatabaseConnection,
    readers: DatabaseConnection,
    /// Holds the server's lock that says who runs the place.
    residence: Option<Arc<Residence>>,
}

impl Database {
    /// Opens the database. A `resident` runs the place: nobody else does on the same database server.
    pub(crate) async fn open(place: &DatabasePlace, readers: u32, resident: bool) -> Result<Self> {
        match place {
            DatabasePlace::File(path) => sqlite::open(path, readers).await,
            DatabasePlace::Server(url) => postgres::open(url, readers, resident).await,
        }
    }

    /// The writer itself, for the group-commit writer.
    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Brings the schema up to date.
    pub(crate) async fn migrate(&self) -> Result<()> {
        let migrating = migrations::run(&self.writer);
        match self.writer.get_database_backend() {
            DbBackend::Postgres => postgres::alone(&self.writer, migrating).await,
            _ => migrating.await,
        }
    }

    /// Where queries that change nothing go.
    pub(crate) fn read(&self) -> &DatabaseConnection {
        &self.readers
    }

    /// Begins a change. Dropped without a commit it leaves nothing behind.
    pub(crate) async fn write(&self) -> Result<DatabaseTransaction> {
        begin(&self.writer).await
    }

    /// Begins to read the database as it is now, whatever is written meanwhile.
    pub(crate) async fn snapshot(&self) -> Result<DatabaseTransaction> {
        match self.readers.get_database_backend() {
            DbBackend::Postgres => postgres::snapshot(&self.readers).await,
            // A transaction of SQLite does so in any case.
            _ => Ok(self.readers.begin().await?),
        }
    }

    /// Who runs the place, where the database knows.
    pub(crate) fn residence(&self) -> Weak<Residence> {
        self.residence
            .as_ref()
            .map(Arc::downgrade)
            .unwrap_or_default()
    }

    pub(crate) async fn close(&self) -> Result<()> {
        self.readers.close_by_ref().await?;
        self.writer.close_by_ref().await?;
        if let Some(residence) = &self.residence {
            residence.leave().await;
        }
        Ok(())
    }
}

/// Begins a change on `writer`.
pub(crate) async fn begin(writer: &DatabaseConnection) -> Result<DatabaseTransaction> {
    match writer.get_database_backend() {
        DbBackend::Postgres => postgres::begin(writer).await,
        _ => sqlite::begin(writer).await,
    }
}

/// What both databases' pools have in common; the address only names the driver.
fn pool_options(driver: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(driver);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(TURN)
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
    options
}
