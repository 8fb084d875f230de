//! What the product does, without HTTP: every use case takes a [`Caller`], decides whether they may, and moves
//! rows, bytes and tokens through the store. Doors (`api`, the old dialects, the command line) translate to and
//! from these calls and decide nothing themselves.
//!
//! Where to go next: `caller` is the table of rights; `accounts`, `datasets`, `models`, `predictions` and `jobs`
//! have one file a verb; `worker` runs what was queued.

mod accounts;
mod administration;
mod algorithms;
mod attempts;
mod audit;
mod backup;
mod batches;
mod caller;
mod config;
mod datasets;
mod dialects;
mod digits;
mod error;
mod figures;
mod jobs;
mod models;
mod passwords;
mod pictures;
mod predictions;
mod quota;
mod rates;
mod samples;
mod secret;
mod studies;
mod tables;
mod tokens;
mod worker;

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use trainyard_store::{AnchorKey, Presence, Store, StoreError, StoreOptions, settings};

pub use accounts::{
    Accounts, MadeKey, NewAdministrator, NewKey, ProfileChanges, Registration, Session, Setup,
    SetupState, SignIn, Statement, TokenFault,
};
pub use administration::{
    AccountChanges, Administration, BatchesWanted, DailyUse, DatasetsWanted, Day, Grant,
    JobsWanted, MadeAccount, ModelsWanted, NewAccount, Owned, Owner, Period, ResetLink,
    ServerFacts, SettingCard, Spender, Statistics,
};
pub use algorithms::{AlgorithmCard, ParamCard, algorithms};
pub use audit::{Audit, ChainState};
pub use backup::RestoreRequest;
pub use batches::{
    BatchCard, BatchRequest, BatchResult, BatchUpload, Batches, TakenBatch, ZippedResult,
};
pub use caller::{Action, Caller, Credential, Door, KeyScope, Origin};
pub use config::{Limits, PlatformOptions, Prices, PublicSettings};
pub use datasets::{
    DatasetCard, Datasets, Reading, ReadingChange, RowsPage, Upload, UploadRequest,
};
pub use dialects::Dialect;
pub use digits::{DIGIT_ALGORITHMS, DigitModel, Digits, DigitsState, DigitsStatus};
pub use error::{PlatformError, Result};
pub use figures::Figures;
pub use jobs::Jobs;
pub use models::{
    AcceptedComparing, AcceptedTraining, AlgorithmChoice, AliasCard, Annotations, Ceiling, Check,
    Lineage, MetricRow, ModelCard, ModelDetail, ModelFile, ModelFormat, ModelUpload, Models,
    NameRule, NewComparing, NewTraining, ReportPart, SettingRow, SideBySide, TrainRequest, Trained,
    TrainingEstimate, Unwanted,
};
pub use passwords::generate as generate_password;
pub use pictures::{Alternative, Occlusion, PictureAnswer, PictureInput, PictureRequest, Pictures};
pub use predictions::{
    AccuracyPeriod, Drift, DriftPeriod, GuestModel, GuestRequest, Interval, Judged, MAX_ROWS,
    ModelContract, ModelFace, PredictRequest, PredictRows, Predicted, Predictions, ReceiptsWanted,
    Truth, Window,
};
pub use quota::Storage;
pub use rates::{Allowance, Asker, RateClass, Rates};
pub use samples::{SAMPLES, Sample};
pub use studies::{AcceptedStudying, NewStudying, Studies};
pub use trainyard_estimators::preparation::{PictureOptions, Shifts};
pub use trainyard_images::Drawing;
pub use trainyard_store::{
    AcceptedJob, ApiKey, AuditFilter, AuditRow, Dataset, DatasetFilter, DatasetStatus, Findings,
    Granted, Job, JobStatus, LedgerEntry, Model, ModelFilter, ModelStatus, Page, PageRequest,
    Prediction, Role, Stock, Study, StudyStatus, StudyTrial, Timestamp, Usage, User, UserFilter,
    Visibility,
    settings::{Setting, SettingKind},
};
pub use trainyard_table::PictureContent;
pub use trainyard_table::{
    Field, Kind, Operator, Preview, Profile, ReadOptions, RowFilter, RowOrder, RowQuery, Schema,
    seconds_of_date,
};
pub use trainyard_training::{
    BatchWarning, Budget, Curves, Effort, FieldProblem, Method, Policy, ResultFormat, RowAnswer,
    RowWarning, SearchSpec, Shift, SignatureField, SplitSpec, TaskChoice, TrainSpec,
};

/// The running product. Cheap to clone; all clones are the same one.
#[derive(Clone, Debug)]
pub struct Platform(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    options: PlatformOptions,
    anchor_key: AnchorKey,
    refusals: audit::Refusals,
    passwords: passwords::Passwords,
    attempts: attempts::Attempts,
    tokens: tokens::Tokens,
    tables: tables::Tables,
    models: predictions::LoadedModels,
    asked: rates::Asked,
    decoding: pictures::Decoding,
    counters: figures::Counters,
    stopping: CancellationToken,
    tasks: std::sync::Mutex<Vec<JoinHandle<()>>>,
}

impl Platform {
    /// Opens the data folder, makes the signing secret when there is none, and starts the workers.
    ///
    /// # Errors
    /// When the folder cannot be used, or another server runs on it.
    pub async fn start(options: PlatformOptions) -> Result<Self> {
        let mut places = StoreOptions::in_folder(&options.data_dir);
        if let Some(url) = &options.database_url {
            places = places.at_server(url);
        }
        if options.workers == 0 {
            places.presence = Presence::Visitor;
        }
        let store = Store::open(places).await.map_err(|error| match error {
            // Whoever starts the server can mend these and is told the whole reason.
            StoreError::Disk { .. } | StoreError::Locked | StoreError::Unreachable(_) => {
                PlatformError::Unavailable(error.to_string())
            }
            other => other.into(),
        })?;
        let secret = match &options.secret {
            Some(secret) => secret.clone(),
            None => secret::read_or_make(&options.data_dir)?,
        };
        let passwords = passwords::Passwords::new().await?;
        let platform = Self(Arc::new(Inner {
            passwords,
            anchor_key: AnchorKey::of(&secret),
            refusals: audit::Refusals::default(),
            attempts: attempts::Attempts::default(),
            tokens: tokens::Tokens::new(&secret),
            tables: tables::Tables::new(options.table_cache_bytes),
            models: predictions::LoadedModels::new(options.model_cache_bytes),
            asked: rates::Asked::default(),
            decoding: pictures::Decoding::default(),
            counters: figures::Counters::default(),
            stopping: CancellationToken::new(),
            tasks: std::sync::Mutex::new(Vec::new()),
            store,
            options,
        }));
        let mut tasks = Vec::new();
        for number in 0..platform.0.options.workers {
            let worker = worker::Worker::new(&platform, number)?;
            tasks.push(tokio::spawn(worker.run()));
        }
        if platform.0.options.workers > 0 {
            tasks.push(tokio::spawn(worker::keep_house(platform.clone())));
            if platform.0.options.digits {
                tasks.push(tokio::spawn(digits::see_to(platform.clone())));
            }
        }
        *lock(&platform.0.tasks) = tasks;
        Ok(platform)
    }

    /// Tells the workers to put back what they run and to take nothing more, and whoever waits for a job to wait no
    /// longer. Everything else goes on until [`Platform::stop`].
    pub fn halt_jobs(&self) {
        self.0.stopping.cancel();
    }

    /// Stops the workers (what they run is put back into the queue), commits what waits, closes the store.
    pub async fn stop(&self) {
        self.halt_jobs();
        let tasks = std::mem::take(&mut *lock(&self.0.tasks));
        for task in tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a worker ended badly");
            }
        }
        if let Err(error) = self.settle_refusals(true).await {
            tracing::error!(%error, "refusals that were counted could not be written");
        }
        if let Err(error) = self.0.store.close().await {
            tracing::error!(%error, "the store did not close cleanly");
        }
    }

    /// Whether requests can be answered.
    ///
    /// # Errors
    /// When the database does not answer within two seconds.
    pub async fn ready(&self) -> Result<()> {
        match tokio::time::timeout(Duration::from_secs(2), self.store().ping()).await {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(PlatformError::Unavailable(
                "The database does not answer. Try again in a moment.".to_owned(),
            )),
        }
    }

    /// Goes through the books: ledger, charges, refunds and audit, beside whatever is being written. For whoever has
    /// the data folder; nobody is asked who they are.
    ///
    /// # Errors
    /// Only our own: what does not fit is a finding.
    pub async fn verify(&self) -> Result<Findings> {
        Ok(self.store().verify(&self.0.anchor_key).await?)
    }

    /// What anybody may know about this server.
    #[must_use]
    pub fn public_settings(&self) -> PublicSettings {
        let current = self.store().settings().current();
        PublicSettings {
            registration_open: current.boolean(&settings::REGISTRATION_OPEN),
            prices: self.prices(),
            limits: Limits {
                upload_bytes: self.upload_limit(),
            },
            contact: current.text(&settings::CONTACT).to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// What things cost.
    #[must_use]
    pub fn prices(&self) -> Prices {
        let current = self.store().settings().current();
        Prices {
            train: current.integer(&settings::PRICE_TRAIN),
            predict: current.integer(&settings::PRICE_PREDICT),
            tune: current.integer(&settings::PRICE_TUNE),
            batch: current.integer(&settings::PRICE_BATCH),
        }
    }

    pub(crate) fn upload_limit(&self) -> u64 {
        let current = self.store().settings().current();
        u64::try_from(current.integer(&settings::UPLOAD_BYTES)).unwrap_or_default()
    }

    /// Accounts and sessions.
    #[must_use]
    pub fn accounts(&self) -> Accounts<'_> {
        Accounts(self)
    }

    /// Running the place.
    #[must_use]
    pub fn administration(&self) -> Administration<'_> {
        Administration(self)
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

    /// Searches for parameters.
    #[must_use]
    pub fn studies(&self) -> Studies<'_> {
        Studies(self)
    }

    /// Answers of models.
    #[must_use]
    pub fn predictions(&self) -> Predictions<'_> {
        Predictions(self)
    }

    /// Files answered by models.
    #[must_use]
    pub fn batches(&self) -> Batches<'_> {
        Batches(self)
    }

    /// Who did what.
    #[must_use]
    pub fn audit(&self) -> Audit<'_> {
        Audit(self)
    }

    /// Slow work.
    #[must_use]
    pub fn jobs(&self) -> Jobs<'_> {
        Jobs(self)
    }

    /// What this process has done so far and has to do.
    pub async fn figures(&self) -> Figures {
        Figures::of(self).await
    }

    /// How often somebody may ask.
    #[must_use]
    pub fn rates(&self) -> Rates<'_> {
        Rates(self)
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    /// Runs work somebody waits for beside the threads that serve. It shares no threads with jobs: a training that
    /// takes minutes must not hold an answer back.
    pub(crate) async fn compute<T: Send + 'static>(
        &self,
        what: &'static str,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        guarded(what, work).await
    }
}

/// Runs work on a thread of its own. A panic in it becomes an error whose text stays in the log.
pub(crate) async fn guarded<T: Send + 'static>(
    what: &'static str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    let caught = move || std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    match tokio::task::spawn_blocking(caught).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(panic)) => Err(PlatformError::Internal(format!(
            "{what}: panicked: {}",
            error::panic_text(panic.as_ref())
        ))),
        Err(error) => Err(PlatformError::internal(what, error)),
    }
}

/// The value behind a lock, also after a holder panicked: what is kept behind one is replaced whole.
pub(crate) fn lock<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
