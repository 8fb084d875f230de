//! What can go wrong, named by meaning so that every door can answer with the right status without
//! reading texts. Nothing in here may reach a person unmapped: `Database` carries driver texts for the log.

use sea_orm::{DbErr, SqlErr};

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
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// The database failed.
    #[error("database: {0}")]
    Database(#[from] DbErr),
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

impl StoreError {
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
