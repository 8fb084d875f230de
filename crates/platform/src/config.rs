//! What the program that starts the platform decides, and what anybody may read about a running one.

use std::path::{Path, PathBuf};

use serde::Serialize;
use trainyard_training::limits::MOST_SECONDS;

/// How to start. What an administrator may change while it runs is a setting in the store, not here.
#[derive(Clone)]
pub struct PlatformOptions {
    /// The folder of artifacts, secret and, unless it is on a server, the database.
    pub data_dir: PathBuf,
    /// The database on a PostgreSQL server, as `postgres://user:password@host:port/database`; nothing: a SQLite file in
    /// the folder.
    pub database_url: Option<String>,
    /// Threads of each job; 0 is one for each core.
    pub threads: usize,
    /// Jobs worked on at once. 0 is none: a command that visits the folder, perhaps beside a running server.
    pub workers: usize,
    /// Whether a model of handwritten digits is trained at the first start.
    pub digits: bool,
    /// The signing secret, at least 32 bytes; nothing: the file `secret` in the folder, made when it is missing.
    pub secret: Option<Vec<u8>>,
    /// Bytes a training may allocate beyond its table.
    pub memory_budget: usize,
    /// Seconds of one core that a training may be estimated to take; what would take longer is refused before it is paid.
    pub training_seconds: f64,
    /// Seconds that any training may take, however little was estimated.
    pub patience_seconds: f64,
    /// How many times its estimate a training may take beyond that.
    pub patience_times: f64,
    /// Bytes of model files whose models are kept ready for predictions.
    pub model_cache_bytes: u64,
    /// Bytes of tables kept ready for paging through rows.
    pub table_cache_bytes: u64,
    /// Gives the system back what the thread that calls it has freed; called on the threads of jobs when none are left.
    pub give_back: fn(),
}

impl PlatformOptions {
    /// The usual way for this folder, without a model of digits.
    #[must_use]
    pub fn new(data_dir: &Path) -> Self {
        Self {
            data_dir: data_dir.to_owned(),
            database_url: None,
            threads: 0,
            workers: 2,
            digits: false,
            secret: None,
            memory_budget: 4 << 30,
            training_seconds: MOST_SECONDS,
            patience_seconds: 120.0,
            patience_times: 10.0,
            model_cache_bytes: 512 << 20,
            table_cache_bytes: 256 << 20,
            give_back: || {},
        }
    }

    /// What a training may take.
    pub(crate) fn limits(&self) -> trainyard_training::Limits {
        trainyard_training::Limits {
            memory: self.memory_budget,
            seconds: self.training_seconds,
        }
    }
}

impl std::fmt::Debug for PlatformOptions {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("PlatformOptions")
            .field("data_dir", &self.data_dir)
            .field("threads", &self.threads)
            .field("workers", &self.workers)
            .finish_non_exhaustive()
    }
}

/// What things cost, in tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Prices {
    /// A training.
    pub train: i64,
    /// A call of up to 1,000 predicted rows.
    pub predict: i64,
    /// A study, or a training that searches for parameters.
    pub tune: i64,
    /// Each started 1,000 rows of a batch.
    pub batch: i64,
}

/// How much is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Limits {
    /// The largest upload.
    pub upload_bytes: u64,
}

/// What anybody may know about a server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicSettings {
    /// Whether people may make accounts themselves.
    pub registration_open: bool,
    /// What things cost.
    pub prices: Prices,
    /// How much is taken.
    pub limits: Limits,
    /// Whom people ask for tokens or help; empty for nobody.
    pub contact: String,
    /// Which Trainyard this is.
    pub version: String,
}
