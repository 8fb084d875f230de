//! Everything Trainyard remembers: rows in a database, bytes on the disk, the queue of slow work, the ledger
//! of tokens and the audit. Nothing here knows machine learning (specifications, profiles and reports are
//! JSON) or who may do what (`platform` decides); what is here is that nothing is lost, halved or done twice.
//!
//! Where to go next: `tables` has one file per table with its row and its queries; `tables::jobs` is the
//! queue; `charges` is the path of a paid prediction; `verify` goes through the books; `backup` is the way
//! out and back; `artifacts` is the disk;
//! `migrations` is the schema.
//!
//! # The whole flow
//! ```
//! use std::time::Duration;
//! use trainyard_store::*;
//! # async fn flow(folder: &std::path::Path) -> Result<()> {
//! # let json = || serde_json::json!({});
//! let store = Store::open(StoreOptions::in_folder(folder)).await?;
//! let admin = NewUser { user_name: Some("ana".into()), email: None, display_name: "Ana".into(),
//!     password_hash: None, role: Role::Admin, tokens: 15 };
//! let ana = store.users().setup_first_admin(admin, AuditEntry::new("setup")).await?;
//! let by = |action: &str| AuditEntry::new(action).by(ana.id, "ana");
//!
//! // An upload becomes a dataset and a job.
//! let upload = store.artifacts().put("age,survived\n30,yes\n").await?;
//! let dataset = store.datasets().create_with_job(NewDataset { owner_id: ana.id, name: "titanic".into(),
//!     file_name: "t.csv".into(), sample: None, format: None, upload, options: json(),
//!     job: NewJob::new("profile", json()), idempotency: None }, by("dataset.create")).await?;
//!
//! // A worker reads it.
//! let job = store.jobs().claim("worker-1", Duration::from_secs(30)).await?.expect("a job waits");
//! let table = store.artifacts().put("the table").await?;
//! store.datasets().mark_ready(job.fence(), ReadDataset { table: table.clone(), format: "csv".into(), rows: 1,
//!     columns: 2, suggested_target: Some("survived".into()), profile: json() }).await?;
//!
//! // A training is paid for, queued, claimed, and ends as a model.
//! let accepted = store.models().create_with_job(NewModel { owner_id: ana.id, name: "titanic".into(),
//!     dataset_id: dataset.id, dataset_hash: table.hash, target: "survived".into(), task: None,
//!     algorithm: "random_forest".into(), effort: None, metric: None, positive_class: None, params: json(),
//!     features: None, test_size: 0.2, folds: 0, seed: 42, spec: json(), tags: json(), price: 1, name_must_be_new: false,
//!     job: NewJob::new("train", json()), idempotency: None }, by("model.train")).await?;
//! let job = store.jobs().claim("worker-1", Duration::from_secs(30)).await?.expect("a job waits");
//! let artifact = store.artifacts().put("the model").await?;
//! let model = store.models().finish(job.fence(), TrainedModel { artifact, task: "classification".into(),
//!     algorithm: "random_forest".into(), params: json(), metrics: json(), classes: json(), signature: json(),
//!     report: json(), lineage: json(), verdict: "Good.".into(), fit_seconds: 0.1 }).await?;
//!
//! // A prediction is charged and recorded in one commit.
//! let charged = store.predictions().charge_and_record(Charge { caller_id: ana.id, payer_id: ana.id,
//!     token_version: Some(ana.token_version), role: ana.role, model_id: model.id, access: Access::Account, price: 5, door: "api".into(),
//!     input_digest: "…".into(), rows: 1, answer: Some(json()), tally: None, idempotency: None, audit: by("predict") }).await?;
//! assert!(matches!(charged, Charged::Recorded { balance: 9, .. }));
//! assert_eq!(accepted.balance, 14);
//! store.close().await
//! # }
//! # let folder = tempfile::tempdir().unwrap();
//! # tokio::runtime::Runtime::new().unwrap().block_on(flow(folder.path())).unwrap();
//! ```

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use sea_orm::{DatabaseConnection, DatabaseTransaction};
use tokio::sync::{Notify, broadcast};
use uuid::Uuid;

mod artifacts;
mod backup;
mod charges;
mod clock;
mod database;
mod error;
mod json;
mod migrations;
mod names;
mod page;
mod statistics;
mod tables;
mod verify;

pub use artifacts::{ArtifactRef, ArtifactWriter, Artifacts};
pub use backup::{Backup, Restoration, Restored, restore};
pub use charges::{Access, Charge, Charged};
pub use clock::Timestamp;
pub use database::DatabasePlace;
pub use error::{Result, StoreError};
pub use json::JsonText;
pub use page::{MAX_PAGE, Page, PageRequest, Scope, Sort};
pub use statistics::{DayUsage, Statistics, Stock, Usage};
pub use tables::api_keys::{ApiKeys, MOST_KEYS, Model as ApiKey, NewApiKey};
pub use tables::audit::verify::Chain;
pub use tables::audit::{Audit, AuditEntry, AuditFilter, Model as AuditRow};
pub use tables::audit_anchors::AnchorKey;
pub use tables::batches::{
    AcceptedBatch, AnsweredBatch, BatchFilter, Batches, Model as Batch, NewBatch,
};
pub use tables::dataset_revisions::Model as DatasetRevision;
pub use tables::datasets::{
    DatasetFilter, DatasetStatus, Datasets, Model as Dataset, NewDataset, ReadDataset,
};
pub use tables::idempotency_keys::Idempotency;
pub use tables::jobs::{
    AcceptedJob, Failure, Fence, Heartbeat, JobFilter, JobStatus, Jobs, MAX_ATTEMPTS, Model as Job,
    NewCheck, NewJob,
};
pub use tables::ledger::{Granted, Ledger, MAX_TOKENS, Model as LedgerEntry, Verified};
pub use tables::model_aliases::Model as ModelAlias;
pub use tables::model_findings::Model as ModelFinding;
pub use tables::model_reports::Model as ModelReport;
pub use tables::models::{
    AcceptedComparison, AcceptedModel, Doomed, Model, ModelFilter, ModelStatus, Models,
    NewComparison, NewImport, NewModel, Source, TrainedModel, Visibility, Which,
};
pub use tables::password_resets::PasswordResets;
pub use tables::predictions::{Model as Prediction, PredictionFilter, Predictions, Receipt};
pub use tables::refresh_tokens::{NewSession, RefreshTokens, Rotation};
pub use tables::studies::{
    AcceptedStudy, Model as Study, NewStudy, Saved, Studies, StudyOutcome, StudyStatus,
};
pub use tables::study_trials::Model as StudyTrial;
pub use tables::users::{
    Model as User, NewUser, Role, SYSTEM_USER, UserChanges, UserFilter, Users,
};
pub use verify::Findings;

/// What administrators can change while the place runs: the declarations and the values.
pub mod settings {
    pub use crate::tables::settings::{
        AUDIT_DAYS, CONTACT, DIALECT_AUTOCLASSIFIER, DIALECT_AUTOCLASSIFIER_PREDICT,
        DIALECT_AUTOCLASSIFIER_RATE, DIALECT_AUTOCLASSIFIER_TRAIN, DIALECT_DIGIT_OCR,
        DIALECT_DIGIT_OCR_GUEST_RATE, DIALECT_DIGIT_OCR_PREDICT, DIALECT_DIGIT_OCR_RATE,
        DIALECT_DIGIT_OCR_TRAIN, DIALECT_GRID_SEARCH, DIALECT_GRID_SEARCH_PREDICT,
        DIALECT_GRID_SEARCH_RATE, DIALECT_GRID_SEARCH_TRAIN, DIALECT_LESSON_PRICES,
        DIALECT_LESSON_PRICES_PREDICT, DIALECT_LESSON_PRICES_RATE,
        DIALECT_LESSON_PRICES_SELF_SERVICE, DIALECT_LESSON_PRICES_START,
        DIALECT_LESSON_PRICES_TRAIN, DIALECT_PASSWORD_LENGTH, DIALECT_TOKEN_PLATFORM,
        DIALECT_TOKEN_PLATFORM_PREDICT, DIALECT_TOKEN_PLATFORM_RATE, DIALECT_TOKEN_PLATFORM_TRAIN,
        DIGITS_GUEST_CALLS, GUEST_ACCESS, GUEST_DAILY_CALLS, PASSWORD_LENGTH, PREDICTION_DAYS,
        PRICE_BATCH, PRICE_PREDICT, PRICE_TRAIN, PRICE_TUNE, RATE_CHANGES, RATE_GUESTS,
        RATE_PREDICTIONS, RATE_READING, RATE_SIGN_IN, RATE_UPLOADS, REGISTRATION_OPEN, SETTINGS,
        STARTING_TOKENS, STORAGE_BYTES, STORED_ANSWER_BYTES, Setting, SettingKind, Settings,
        SettingsTable, UPLOAD_BYTES,
    };
}

/// How long opening waits for another process that is about to let go of the data folder.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);
const LOCK_STEP: Duration = Duration::from_millis(50);
/// How many changes a slow subscriber may be behind before it is told that it missed some.
const CHANGES_KEPT: usize = 1_024;

/// Whether this process runs the place or visits it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The server: holds the folder's lock for as long as it is open, and takes back what a dead server held.
    Resident,
    /// A command beside a server that may be running: takes no lock, starts no cleaning.
    Visitor,
}

/// Where things are kept.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// The database.
    pub database: DatabasePlace,
    /// The folder of artifacts.
    pub artifacts: PathBuf,
    /// The file whose lock says that a server runs here.
    pub lock: PathBuf,
    /// Whether this process runs the place.
    pub presence: Presence,
    /// How many queries may read at once.
    pub readers: u32,
}

impl StoreOptions {
    /// The usual places in a data folder, for the server.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            database: DatabasePlace::File(folder.join("trainyard.db")),
            artifacts: folder.join("artifacts"),
            lock: folder.join("trainyard.lock"),
            presence: Presence::Resident,
            readers: 4,
        }
    }

    /// The same places with the database on a PostgreSQL server.
    #[must_use]
    pub fn at_server(mut self, url: &str) -> Self {
        self.database = DatabasePlace::Server(url.to_owned());
        self
    }

    /// The same places for a command that may run beside the server.
    #[must_use]
    pub fn visiting(mut self) -> Self {
        self.presence = Presence::Visitor;
        self
    }
}

/// Everything remembered. Cheap to clone; all clones are the same store.
#[derive(Clone, Debug)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    database: database::Database,
    charges: charges::Charges,
    shelf: artifacts::Shelf,
    settings: RwLock<Arc<tables::settings::Settings>>,
    changes: broadcast::Sender<Uuid>,
    work: Notify,
    lock: Mutex<Option<File>>,
}

impl Store {
    /// Opens the store, making it when it is not there, brings its schema up to date and, for a resident,
    /// cleans up after a process that died: jobs it held run again (or fail with a refund after their last
    /// attempt), files it was writing are removed.
    ///
    /// # Errors
    /// `Locked` when a server runs on this folder already; `Disk`; `Database`.
    pub async fn open(options: StoreOptions) -> Result<Self> {
        let file = match &options.database {
            DatabasePlace::File(path) => Some(path),
            DatabasePlace::Server(_) => None,
        };
        for path in file.into_iter().chain([&options.lock]) {
            if let Some(folder) = path.parent() {
                artifacts::disk::private_folder(folder)?;
            }
        }
        let resident = options.presence == Presence::Resident;
        let lock = if resident {
            Some(take_lock(&options.lock).await?)
        } else {
            None
        };
        if let Some(path) = file {
            drop(artifacts::disk::close_to_others(path)?);
        }
        let database =
            database::Database::open(&options.database, options.readers, resident).await?;
        database.migrate().await?;
        let shelf = artifacts::Shelf::open(options.artifacts, resident).await?;
        let settings = tables::settings::load(database.read()).await?;
        let charges = charges::Charges::start(database.writer().clone());
        let store = Self(Arc::new(Inner {
            database,
            charges,
            shelf,
            settings: RwLock::new(Arc::new(settings)),
            changes: broadcast::Sender::new(CHANGES_KEPT),
            work: Notify::new(),
            lock: Mutex::new(lock),
        }));
        if resident {
            store.listen();
            let taken_back = store.jobs().requeue_all().await?;
            let swept = store.artifacts().sweep_at_start().await?;
            if taken_back > 0 || swept > 0 {
                tracing::info!(
                    jobs = taken_back,
                    artifacts = swept,
                    "cleaned up after the last process"
                );
            }
        }
        Ok(store)
    }

    /// Commits the charges that wait, closes the database and lets go of the folder. What is asked afterwards
    /// fails.
    ///
    /// # Errors
    /// `Database`.
    pub async fn close(&self) -> Result<()> {
        self.0.charges.close().await;
        self.0.database.close().await?;
        lock(&self.0.lock).take();
        Ok(())
    }

    /// Asks the database something trivial: whether the store can answer.
    ///
    /// # Errors
    /// `Database`.
    pub async fn ping(&self) -> Result<()> {
        self.read().ping().await?;
        Ok(())
    }

    /// Accounts.
    #[must_use]
    pub fn users(&self) -> Users<'_> {
        Users(self)
    }

    /// Refresh tokens of sessions.
    #[must_use]
    pub fn refresh_tokens(&self) -> RefreshTokens<'_> {
        RefreshTokens(self)
    }

    /// Keys for scripts.
    #[must_use]
    pub fn api_keys(&self) -> ApiKeys<'_> {
        ApiKeys(self)
    }

    /// One-time links to a new password.
    #[must_use]
    pub fn password_resets(&self) -> PasswordResets<'_> {
        PasswordResets(self)
    }

    /// Uploaded tables.
    #[must_use]
    pub fn datasets(&self) -> Datasets<'_> {
        Datasets(self)
    }

    /// Trained models.
    #[must_use]
    pub fn models(&self) -> Models<'_> {
        Models(self)
    }

    /// Slow work.
    #[must_use]
    pub fn jobs(&self) -> Jobs<'_> {
        Jobs(self)
    }

    /// Paid answers.
    #[must_use]
    pub fn predictions(&self) -> Predictions<'_> {
        Predictions(self)
    }

    /// Searches for parameters.
    #[must_use]
    pub fn studies(&self) -> Studies<'_> {
        Studies(self)
    }

    /// Files that models answer.
    #[must_use]
    pub fn batches(&self) -> Batches<'_> {
        Batches(self)
    }

    /// Movements of tokens.
    #[must_use]
    pub fn ledger(&self) -> Ledger<'_> {
        Ledger(self)
    }

    /// Who did what.
    #[must_use]
    pub fn audit(&self) -> Audit<'_> {
        Audit(self)
    }

    /// How much the place is used.
    #[must_use]
    pub fn statistics(&self) -> Statistics<'_> {
        Statistics(self)
    }

    /// What administrators can change.
    #[must_use]
    pub fn settings(&self) -> settings::SettingsTable<'_> {
        tables::settings::SettingsTable(self)
    }

    /// Bytes.
    #[must_use]
    pub fn artifacts(&self) -> Artifacts<'_> {
        Artifacts(self)
    }

    pub(crate) fn read(&self) -> &DatabaseConnection {
        self.0.database.read()
    }

    pub(crate) async fn write(&self) -> Result<DatabaseTransaction> {
        self.0.database.write().await
    }

    /// A transaction that sees the database as it is now, whatever is written meanwhile.
    pub(crate) async fn snapshot(&self) -> Result<DatabaseTransaction> {
        self.0.database.snapshot().await
    }

    /// Wakes this process's workers when another process queued a job.
    fn listen(&self) {
        let readers = self.read().clone();
        let inner = Arc::downgrade(&self.0);
        let residence = self.0.database.residence();
        tokio::spawn(database::listen(readers, residence, move || {
            if let Some(inner) = inner.upgrade() {
                inner.work.notify_one();
            }
        }));
    }

    pub(crate) fn charges(&self) -> &charges::Charges {
        &self.0.charges
    }

    pub(crate) fn shelf(&self) -> &artifacts::Shelf {
        &self.0.shelf
    }

    pub(crate) fn current_settings(&self) -> Arc<tables::settings::Settings> {
        Arc::clone(
            &self
                .0
                .settings
                .read()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    pub(crate) async fn refresh_settings(&self) -> Result<Arc<tables::settings::Settings>> {
        let fresh = Arc::new(tables::settings::load(self.read()).await?);
        *self
            .0
            .settings
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Arc::clone(&fresh);
        Ok(fresh)
    }

    pub(crate) fn job_changed(&self, id: Uuid) {
        // Nobody listening is no error.
        let _ = self.0.changes.send(id);
    }

    pub(crate) fn job_queued(&self, id: Uuid) {
        self.job_changed(id);
        self.0.work.notify_one();
    }

    pub(crate) fn job_changes(&self) -> broadcast::Receiver<Uuid> {
        self.0.changes.subscribe()
    }

    pub(crate) async fn work_arrived(&self) {
        self.0.work.notified().await;
    }
}

/// The value behind a lock, also after a holder panicked: everything kept behind one is replaced whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn take_lock(path: &Path) -> Result<File> {
    let file = artifacts::disk::close_to_others(path)?;
    let mut waited = Duration::ZERO;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if waited < LOCK_PATIENCE => {
                tokio::time::sleep(LOCK_STEP).await;
                waited += LOCK_STEP;
            }
            Err(TryLockError::WouldBlock) => return Err(StoreError::Locked),
            Err(TryLockError::Error(error)) => {
                return Err(StoreError::disk("lock the data folder")(error));
            }
        }
    }
}
