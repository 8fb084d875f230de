//! PostgreSQL: changes take turns by a lock of the server, so that they follow each other as in SQLite, whichever process
//! they come from. Locks belong to a schema: several Trainyards may share a database.

use std::str::FromStr;
use std::sync::{Arc, Weak};
use std::time::Duration;

use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection, PgListener};
use sea_orm::sqlx::{ConnectOptions as _, Connection as _, Error, Executor as _, Row as _};
use sea_orm::{
    AccessMode, ConnectionTrait, Database as Connect, DatabaseConnection, DatabaseTransaction,
    DbBackend, IsolationLevel, TransactionTrait,
};
use tokio::sync::Mutex;

use super::{BUSY, Database, TURN, pool_options};
use crate::error::{Result, StoreError};

/// Where news of queued jobs goes.
const CHANNEL: &str = "trainyard_jobs";
const ANNOUNCE: &str = "NOTIFY trainyard_jobs";
/// How long a resident waits for another one that is about to leave.
const PATIENCE: Duration = Duration::from_secs(5);
const STEP: Duration = Duration::from_millis(100);
/// After how long listening is tried again.
const AGAIN: Duration = Duration::from_secs(5);

/// Waits for the turn to change something in this schema.
const TAKE_TURN: &str =
    "SELECT pg_advisory_xact_lock(hashtextextended('trainyard change in ' || current_schema(), 0))";
/// The same until it is handed back.
const TAKE_OVER: &str =
    "SELECT pg_advisory_lock(hashtextextended('trainyard change in ' || current_schema(), 0))";
const HAND_BACK: &str =
    "SELECT pg_advisory_unlock(hashtextextended('trainyard change in ' || current_schema(), 0))";
/// Whether nobody else runs the place in this schema.
const MOVE_IN: &str = "SELECT pg_try_advisory_lock(hashtextextended('trainyard resident in ' || current_schema(), 0))";
/// The command that makes the schema that is asked for; no row where there is one.
const MISSING_SCHEMA: &str = "SELECT format('CREATE SCHEMA IF NOT EXISTS %I', \
     trim(both ' \"' from split_part(current_setting('search_path'), ',', 1))) \
     WHERE current_schema() IS NULL";

/// Opens the database, making its schema.
pub(super) async fn open(url: &str, readers: u32, resident: bool) -> Result<Database> {
    let options = options(url)?;
    let mut first = connection(&options).await?;
    if let Some(command) = first
        .fetch_optional(MISSING_SCHEMA)
        .await
        .map_err(unusable)?
    {
        let command: String = command.try_get(0).map_err(unusable)?;
        first
            .execute(sea_orm::sqlx::AssertSqlSafe(command))
            .await
            .map_err(unusable)?;
    }
    let residence = if resident {
        Some(Arc::new(Residence::take(first, options.clone()).await?))
    } else {
        let _ = first.close().await;
        None
    };
    let writer = pool(options.clone(), 1).await?;
    // One more, which listens.
    let read_only = options.options([("default_transaction_read_only", "on")]);
    let readers = pool(read_only, readers.max(1) + 1).await?;
    Ok(Database {
        writer,
        readers,
        residence,
    })
}

fn options(url: &str) -> Result<PgConnectOptions> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|error| StoreError::Unreachable(format!("the address is not one: {error}")))?;
    let waits = format!("{}ms", BUSY.as_millis());
    Ok(options
        .application_name("trainyard")
        .statement_cache_capacity(256)
        .options([("lock_timeout", waits)])
        .disable_statement_logging())
}

async fn connection(options: &PgConnectOptions) -> Result<PgConnection> {
    let connecting = tokio::time::timeout(TURN, PgConnection::connect_with(options));
    match connecting.await {
        Ok(connection) => connection.map_err(unusable),
        Err(_) => Err(StoreError::Unreachable(format!(
            "no answer within {} seconds",
            TURN.as_secs()
        ))),
    }
}

/// Why the server cannot be worked with, for whoever gave its address. Drivers do not repeat the address's password.
fn unusable(error: Error) -> StoreError {
    StoreError::Unreachable(match &error {
        Error::Database(said) => said.message().to_owned(),
        other => other.to_string(),
    })
}

async fn pool(postgres: PgConnectOptions, connections: u32) -> Result<DatabaseConnection> {
    let mut options = pool_options("postgres://", connections);
    options.map_sqlx_postgres_opts(move |_| postgres.clone());
    Ok(Connect::connect(options).await?)
}

/// Runs a whole work while no other process changes anything; `writer` has one connection, which holds the lock.
pub(super) async fn alone<T>(
    writer: &DatabaseConnection,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    writer.execute_unprepared(TAKE_OVER).await?;
    let done = work.await;
    writer.execute_unprepared(HAND_BACK).await?;
    done
}

/// Begins a change when it is its turn.
pub(super) async fn begin(writer: &DatabaseConnection) -> Result<DatabaseTransaction> {
    let transaction = writer.begin().await?;
    transaction.execute_unprepared(TAKE_TURN).await?;
    Ok(transaction)
}

/// Begins to read what is there now.
pub(super) async fn snapshot(readers: &DatabaseConnection) -> Result<DatabaseTransaction> {
    let isolation = Some(IsolationLevel::RepeatableRead);
    let access = Some(AccessMode::ReadOnly);
    Ok(readers.begin_with_config(isolation, access).await?)
}

/// A connection that holds the lock of whoever runs the place; the lock goes with it.
#[derive(Debug)]
pub(crate) struct Residence {
    /// Nothing when it was given up.
    connection: Mutex<Option<PgConnection>>,
    options: PgConnectOptions,
}

impl Residence {
    async fn take(mut connection: PgConnection, options: PgConnectOptions) -> Result<Self> {
        let mut waited = Duration::ZERO;
        loop {
            if moved_in(&mut connection).await? {
                return Ok(Self {
                    connection: Mutex::new(Some(connection)),
                    options,
                });
            }
            if waited >= PATIENCE {
                return Err(StoreError::Locked);
            }
            tokio::time::sleep(STEP).await;
            waited += STEP;
        }
    }

    /// Takes the lock again when the connection was lost with it: the server was started anew.
    async fn renew(&self) -> Result<()> {
        let mut held = self.connection.lock().await;
        let Some(lost) = held.as_mut() else {
            return Ok(());
        };
        if lost.ping().await.is_ok() {
            return Ok(());
        }
        let mut fresh = connection(&self.options).await?;
        if !moved_in(&mut fresh).await? {
            return Err(StoreError::Locked);
        }
        *held = Some(fresh);
        Ok(())
    }

    /// Lets go of the lock.
    pub(super) async fn leave(&self) {
        if let Some(connection) = self.connection.lock().await.take() {
            // The server notices in any case.
            let _ = connection.close().await;
        }
    }
}

/// Whether the lock is this connection's now.
async fn moved_in(connection: &mut PgConnection) -> Result<bool> {
    let row = connection.fetch_one(MOVE_IN).await.map_err(unusable)?;
    row.try_get(0).map_err(unusable)
}

/// Tells every process on this database that a job waits, once `change` is committed. With a SQLite file one process
/// works, and knows.
pub(crate) async fn announce(change: &impl ConnectionTrait) -> Result<()> {
    if change.get_database_backend() == DbBackend::Postgres {
        change.execute_unprepared(ANNOUNCE).await?;
    }
    Ok(())
}

/// Calls `heard` when any process queued a job, until the database is closed. Ends at once for a SQLite file.
pub(crate) async fn listen(
    readers: DatabaseConnection,
    residence: Weak<Residence>,
    heard: impl Fn() + Send,
) {
    if readers.get_database_backend() != DbBackend::Postgres {
        return;
    }
    let pool = readers.get_postgres_connection_pool().clone();
    while !pool.is_closed() {
        if let Err(error) = hear(&pool, &heard).await
            && !pool.is_closed()
        {
            tracing::warn!(%error, "not listening for queued jobs; they are looked for every few seconds");
            tokio::time::sleep(AGAIN).await;
            if let Some(residence) = residence.upgrade()
                && let Err(error) = residence.renew().await
            {
                tracing::error!(%error, "the database does not know this server as the one that runs the place");
            }
        }
    }
}

async fn hear(
    pool: &sea_orm::sqlx::PgPool,
    heard: &(impl Fn() + Send),
) -> std::result::Result<(), Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    loop {
        // A connection that was lost comes back by itself, and silently, with `recv`.
        match listener.try_recv().await? {
            Some(_) => heard(),
            None => return Err(Error::Io(std::io::ErrorKind::ConnectionReset.into())),
        }
    }
}
