//! What can go wrong, named by meaning so that every door can answer with the right status without
//! reading texts. Nothing in here may reach a person unmapped: `Database` carries driver texts for the log.

use std::borrow::Cow;
use std::io::ErrorKind;

use sea_orm::sqlx::Error;
use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// Every failure of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no such row, or the caller's scope does not include it (which is the same answer).
    #[error("there is no such {what}")]
    NotFound {
        /// The kind of thing that was asked for, such as `"model"`.
        what: &'static str,
    },
    /// The change collides with something that exists.
    #[error("{what} collides with something that exists already")]
    Conflict {
        /// Which value collides: `"user_name"`, `"email"`, `"name"`, `"setup"`, `"idempotency_key"`, …
        what: &'static str,
    },
    /// A value that may not be stored, found before anything was written.
    #[error("{what}: {detail}")]
    Invalid {
        /// The field.
        what: &'static str,
        /// What is wrong and what would be right, fit for a person to read.
        detail: String,
    },
    /// The balance does not cover the price; nothing was charged.
    #[error("this costs {needed} tokens and the balance is {balance}")]
    InsufficientTokens {
        /// The price.
        needed: i64,
        /// What the user has.
        balance: i64,
    },
    /// A model's owner has paid for as many calls of guests today as they may; nothing was charged.
    #[error("no more calls of guests today")]
    SpentForToday {
        /// Until the next day.
        seconds: u64,
    },
    /// The account is gone, switched off, or its sessions were ended since the caller signed in.
    #[error("the session is no longer valid")]
    Unauthenticated,
    /// The account's role is no longer the one the caller acted with.
    #[error("the account's role changed")]
    Forbidden,
    /// The job was given to somebody else, cancelled or settled in the meantime: stop working on it.
    #[error("this job is no longer held under this lease")]
    LostLease,
    /// Stored bytes or rows do not match their checksum.
    #[error("{what} is damaged: {detail}")]
    Corrupt {
        /// What was being read.
        what: &'static str,
        /// Which one, and how it differs.
        detail: String,
    },
    /// Another process holds the data folder.
    #[error("another Trainyard is running on this data folder")]
    Locked,
    /// The database server cannot be worked with: no answer, no right to come in, or no such database.
    #[error("the database server: {0}")]
    Unreachable(String),
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// The database failed.
    #[error("database: {0}")]
    Database(#[source] DbErr),
    /// The disk failed.
    #[error("{what}: {source}")]
    Disk {
        /// What was being done.
        what: &'static str,
        /// The operating system's reason.
        source: std::io::Error,
    },
}

/// The result of every query here.
pub type Result<T> = std::result::Result<T, StoreError>;

/// PostgreSQL's `character_not_in_repertoire`: a text with a NUL.
const BAD_CHARACTER: &str = "22021";
/// SQLite's `SQLITE_FULL` and PostgreSQL's `disk_full`.
const DISK_FULL: [&str; 2] = ["13", "53100"];

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        // SQLite compares such a text with what it has, which never holds one; PostgreSQL refuses to look.
        if code(&error).is_some_and(|code| code == BAD_CHARACTER) {
            return Self::invalid("text", "A text may not hold a NUL character.");
        }
        Self::Database(error)
    }
}

/// The driver's own error.
fn driver(error: &DbErr) -> Option<&Error> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error))
        | DbErr::Conn(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}

/// The database's own name for the error.
fn code(error: &DbErr) -> Option<Cow<'_, str>> {
    driver(error)?.as_database_error()?.code()
}

impl StoreError {
    /// Whether there was no room left, on the disk or in its owner's quota.
    #[must_use]
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::Disk { source, .. } => matches!(
                source.kind(),
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded
            ),
            Self::Database(error) => {
                code(error).is_some_and(|code| DISK_FULL.contains(&code.as_ref()))
            }
            _ => false,
        }
    }

    /// Whether the database could not be asked at all; it may answer again later.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Database(DbErr::ConnectionAcquire(_)) => true,
            Self::Database(error) => match driver(error) {
                Some(Error::Io(_) | Error::PoolTimedOut | Error::WorkerCrashed) => true,
                // An administrator stops the server.
                Some(Error::Database(error)) => {
                    error.code().is_some_and(|code| code.starts_with("57P"))
                }
                _ => false,
            },
            _ => false,
        }
    }

    pub(crate) fn not_found(what: &'static str) -> Self {
        Self::NotFound { what }
    }

    pub(crate) fn conflict(what: &'static str) -> Self {
        Self::Conflict { what }
    }

    pub(crate) fn invalid(what: &'static str, detail: impl Into<String>) -> Self {
        Self::Invalid {
            what,
            detail: detail.into(),
        }
    }

    pub(crate) fn disk(what: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Disk { what, source }
    }

    /// Turns a violated unique index into `Conflict { what }` and passes everything else on.
    pub(crate) fn unique(what: &'static str) -> impl FnOnce(DbErr) -> Self {
        move |error| match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Self::Conflict { what },
            _ => Self::Database(error),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
    use super::*;
    use sea_orm::{ConnectOptions, ConnectionTrait, Database};

    #[tokio::test]
    async fn a_full_database_and_a_full_disk_are_known_as_such() {
        let mut options = ConnectOptions::new("sqlite::memory:");
        options.max_connections(1);
        let database = Database::connect(options).await.unwrap();
        let few_pages = "CREATE TABLE kept (bytes BLOB); PRAGMA max_page_count = 3";
        database.execute_unprepared(few_pages).await.unwrap();
        let large = "INSERT INTO kept VALUES (randomblob(100000))";
        let full = database.execute_unprepared(large).await.unwrap_err();
        assert!(StoreError::from(full).is_disk_full());
        let wrong = database.execute_unprepared("no SQL").await.unwrap_err();
        assert!(!StoreError::from(wrong).is_disk_full());

        let disk = |kind: ErrorKind| StoreError::disk("write")(kind.into());
        assert!(disk(ErrorKind::StorageFull).is_disk_full());
        assert!(!disk(ErrorKind::PermissionDenied).is_disk_full());
    }
}
