//! Everything that can be answered instead of a result, by meaning. Doors map meanings to their own codes once;
//! every text but [`PlatformError::Internal`]'s is for the person who asked.

use trainyard_store::StoreError;
use trainyard_table::TableError;
use trainyard_training::FieldProblem;

/// Why a use case gave no result.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlatformError {
    /// Nobody is signed in, or no longer.
    #[error("{0}")]
    Unauthenticated(String),
    /// Name and password do not belong together (or there is no such name: the same answer).
    #[error("The name or the password is wrong. Check both and try again.")]
    WrongCredentials,
    /// The role does not allow it, or a switch is off.
    #[error("{0}")]
    Forbidden(String),
    /// There is none, or none that the caller may see.
    #[error("There is no such {0}, or it is not yours.")]
    NotFound(&'static str),
    /// It collides with something that exists.
    #[error("{detail}")]
    Conflict {
        /// Which value: `user_name`, `email`, `name`, `setup`, `idempotency_key`.
        what: &'static str,
        /// What to do.
        detail: String,
    },
    /// The thing exists but cannot be used yet, or never became usable.
    #[error("{0}")]
    NotReady(String),
    /// Fields of the request are wrong.
    #[error("{}", summary(.0))]
    Validation(Vec<FieldProblem>),
    /// A file is not a table.
    #[error("{detail}")]
    UnreadableFile {
        /// What is wrong, as the reader names it: `ragged`, `empty`, …
        reason: &'static str,
        /// What is wrong, where, and what to do.
        detail: String,
    },
    /// A file is no picture, a picture shows nothing, or an archive is no set of them.
    #[error("{detail}")]
    UnreadablePicture {
        /// What is wrong, as the reader names it: `blank`, `damaged`, …
        reason: &'static str,
        /// What is wrong and what to do.
        detail: String,
    },
    /// A training that was waited for ended without a model.
    #[error("{detail}")]
    Untrained {
        /// Why, for programs: `untrainable_data`, `validation`, `cancelled`, …
        code: String,
        /// Why, for people.
        detail: String,
    },
    /// More bytes than allowed.
    #[error(
        "This is larger than the {limit} bytes allowed. Bring fewer rows or columns, or ask an administrator to raise the limit."
    )]
    TooLarge {
        /// Bytes allowed.
        limit: u64,
    },
    /// The account's room is full.
    #[error(
        "Your data sets and models take {used} of the {limit} bytes you may have, so there is no room for this. Delete what you no longer need, or ask an administrator for more room."
    )]
    QuotaExceeded {
        /// Bytes taken.
        used: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// The balance does not cover the price.
    #[error("This costs {needed} {} and you have {balance}. Ask an administrator for more.", tokens(*.needed))]
    InsufficientTokens {
        /// The price.
        needed: i64,
        /// The balance.
        balance: i64,
    },
    /// Too much at once from one side.
    #[error("{detail}")]
    TooManyRequests {
        /// What to do.
        detail: String,
        /// When to try again.
        retry_after_seconds: u64,
    },
    /// What it needs is being made for the first time.
    #[error("{detail}")]
    Preparing {
        /// What is being made.
        detail: String,
        /// How far it is, as jobs tell it.
        progress: serde_json::Value,
        /// When to try again.
        retry_after_seconds: u64,
    },
    /// It cannot be done right now.
    #[error("{0}")]
    Unavailable(String),
    /// There is no room left where things are kept.
    #[error(
        "The server's disk is full, so nothing was stored and nothing was charged. Ask whoever runs this server to make room, then try again."
    )]
    DiskFull,
    /// Our own mistake. The text is for the log.
    #[error(
        "Something went wrong on our side. Please try again; if it stays, tell whoever runs this server."
    )]
    Internal(String),
}

/// The result of every use case.
pub type Result<T> = std::result::Result<T, PlatformError>;

impl PlatformError {
    /// Our own mistake while doing something, with its cause for the log.
    pub(crate) fn internal(doing: &str, cause: impl std::fmt::Display) -> Self {
        Self::Internal(format!("{doing}: {cause}"))
    }

    /// One wrong field.
    pub(crate) fn field(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Validation(vec![FieldProblem::new(pointer, detail)])
    }

    /// Too much of something; when to try again.
    pub(crate) fn too_many(what: &str, seconds: u64) -> Self {
        let word = if seconds == 1 { "second" } else { "seconds" };
        Self::TooManyRequests {
            detail: format!("{what} Try again in {seconds} {word}."),
            retry_after_seconds: seconds,
        }
    }

    pub(crate) fn signed_out() -> Self {
        Self::Unauthenticated(
            "You are not signed in, or no longer. Sign in and try again.".to_owned(),
        )
    }

    /// What the log should say; for every other kind than our own mistakes the same as the text.
    #[must_use]
    pub fn cause(&self) -> String {
        match self {
            Self::Internal(cause) => cause.clone(),
            other => other.to_string(),
        }
    }
}

fn summary(problems: &[FieldProblem]) -> String {
    match problems {
        [only] => only.detail.clone(),
        _ => format!("{} fields need a change; see errors.", problems.len()),
    }
}

fn tokens(count: i64) -> &'static str {
    if count == 1 { "token" } else { "tokens" }
}

/// What a panic said, for the log.
pub(crate) fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no text")
}

impl From<StoreError> for PlatformError {
    fn from(error: StoreError) -> Self {
        if error.is_disk_full() {
            tracing::error!(%error, "the disk is full");
            return Self::DiskFull;
        }
        match error {
            StoreError::NotFound { what } => Self::NotFound(what),
            StoreError::Conflict { what } => Self::Conflict {
                what,
                detail: conflict(what),
            },
            StoreError::Invalid { what, detail } => Self::field(format!("/{what}"), detail),
            StoreError::InsufficientTokens { needed, balance } => {
                Self::InsufficientTokens { needed, balance }
            }
            StoreError::SpentForToday { seconds } => Self::TooManyRequests {
                detail:
                    "This model has answered as many guests today as it may. Try again tomorrow."
                        .to_owned(),
                retry_after_seconds: seconds,
            },
            StoreError::Unauthenticated => Self::signed_out(),
            StoreError::Forbidden => Self::Forbidden(
                "What you may do here has changed. Sign in again and try once more.".to_owned(),
            ),
            StoreError::Closed => {
                Self::Unavailable("The server is stopping. Try again in a moment.".to_owned())
            }
            StoreError::Locked => Self::Unavailable(error.to_string()),
            gone if gone.is_unreachable() => {
                tracing::error!(error = %gone, "the database cannot be reached");
                Self::Unavailable(
                    "Something this server depends on does not answer. Try again in a moment."
                        .to_owned(),
                )
            }
            other => Self::internal("store", other),
        }
    }
}

fn conflict(what: &str) -> String {
    match what {
        "user_name" => "That user name is taken. Choose another one.",
        "email" => {
            "There is an account with that e-mail address already. Sign in, or use another address."
        }
        "reading" => {
            "This data set is being read already. Wait for its job to finish and try again."
        }
        "setup" => "The first administrator was made already. Sign in instead.",
        "name" => "You have something of that name already. Choose another name.",
        "idempotency_key" => {
            "This Idempotency-Key was used for another request. Use a new key for a new request."
        }
        "api_keys" => {
            "You have as many API keys as one account may have. End one you no longer use."
        }
        "last_admin" => "Nobody would be left to run this place. Make another administrator first.",
        _ => "This collides with something that exists already. Reload and try again.",
    }
    .to_owned()
}

impl From<TableError> for PlatformError {
    fn from(error: TableError) -> Self {
        match error {
            TableError::TooLarge { limit } => Self::TooLarge { limit },
            other => Self::UnreadableFile {
                reason: other.code(),
                detail: sentence(&other.to_string()),
            },
        }
    }
}

/// A text that begins like a sentence and ends like one.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let mut sentence: String = match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    };
    if !sentence.ends_with(['.', '?', '!']) {
        sentence.push('.');
    }
    sentence
}
