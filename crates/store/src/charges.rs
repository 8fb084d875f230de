//! The group-commit writer. A durable commit costs a disk flush; requests that arrive while one runs are
//! charged together in the next. One task owns this path: it takes what waits (at most [`BATCH`]), decides
//! each charge in arrival order inside one IMMEDIATE transaction, writes charge, prediction and audit of all
//! of them in a fixed number of statements, commits, and only then answers.
//!
//! Every condition is decided under the transaction's lock, never from a caller's earlier read: the account is
//! active, its sessions and role are the caller's, the model is there, the balance suffices.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::CaseStatement;
use sea_orm::{
    Condition, DatabaseConnection, FromQueryResult, IntoActiveModel, QueryOrder, QueryResult,
    QuerySelect, QueryTrait, UpdateMany,
};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::clock::Timestamp;
use crate::database::{self, together};
use crate::error::{Result, StoreError};
use crate::json::JsonText;
use crate::tables::audit::AuditEntry;
use crate::tables::idempotency_keys::{self, Idempotency};
use crate::tables::users::Role;
use crate::tables::{audit, guest_days, ledger, models, predictions, users};

/// The most charges one commit holds.
const BATCH: usize = 256;
/// How many charges may wait before callers wait to hand theirs over.
const QUEUE: usize = 4_096;

/// On what terms a model is asked. Whoever shared it may have thought better of it since, so the commit looks again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// By its owner, or by somebody else with an account while it is shared with them.
    Account,
    /// Through its guest link, in its owner's name.
    Guest {
        /// How many calls of guests the owner pays in a day.
        daily_calls: i64,
    },
    /// A model that comes with the house, by somebody without an account, in the house's name and free of charge.
    House {
        /// How many such calls there may be in a day.
        daily_calls: i64,
    },
}

impl Charge {
    /// Whether the house answers: its account is switched off, since nobody signs in as it, and answers all the same.
    fn is_house(&self) -> bool {
        matches!(self.access, Access::House { .. })
            && self.price == 0
            && [self.caller_id, self.payer_id] == [users::SYSTEM_USER; 2]
    }
}

/// What is to be charged and recorded for one answer.
#[derive(Clone, Debug)]
pub struct Charge {
    /// Who asked.
    pub caller_id: Uuid,
    /// Who pays; differs from the caller when a model's owner pays for guests.
    pub payer_id: Uuid,
    /// The caller's token version when the session was checked; nothing for an API key, which has none.
    pub token_version: Option<i32>,
    /// The role the caller's rights were decided by.
    pub role: Role,
    /// By which model.
    pub model_id: Uuid,
    /// On what terms.
    pub access: Access,
    /// What it costs; 0 is recorded too.
    pub price: i64,
    /// Through which door.
    pub door: String,
    /// A digest of the input.
    pub input_digest: String,
    /// How many rows.
    pub rows: u32,
    /// The answer to keep; `platform` leaves it out when it is too large.
    pub answer: Option<Json>,
    /// Where the rows fall among those the model learned from.
    pub tally: Option<Json>,
    /// The caller's key for a request that may come twice.
    pub idempotency: Option<Idempotency>,
    /// What to remember about it.
    pub audit: AuditEntry,
}

/// What became of a charge.
#[derive(Clone, Debug, PartialEq)]
pub enum Charged {
    /// Charged and recorded.
    Recorded {
        /// The prediction's identifier.
        prediction_id: Uuid,
        /// What was charged.
        charged: i64,
        /// The payer's balance after.
        balance: i64,
    },
    /// The request had been answered before; nothing was charged.
    Replayed {
        /// What was recorded then, answer included when it was kept.
        prediction: Box<predictions::Model>,
        /// The payer's balance.
        balance: i64,
    },
}

type Waiting = (Charge, oneshot::Sender<Result<Charged>>);

/// The way to the writer's task.
#[derive(Debug)]
pub(crate) struct Charges {
    queue: std::sync::Mutex<Option<mpsc::Sender<Waiting>>>,
    task: std::sync::Mutex<Option<JoinHandle<()>>>,
}

impl Charges {
    /// Starts the task; it ends when this is closed or dropped.
    pub(crate) fn start(writer: DatabaseConnection) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let task = tokio::spawn(run(writer, receiver));
        Self {
            queue: std::sync::Mutex::new(Some(sender)),
            task: std::sync::Mutex::new(Some(task)),
        }
    }

    pub(crate) async fn submit(&self, charge: Charge) -> Result<Charged> {
        let sender = crate::lock(&self.queue).clone().ok_or(StoreError::Closed)?;
        let (answer, answered) = oneshot::channel();
        sender
            .send((charge, answer))
            .await
            .map_err(|_| StoreError::Closed)?;
        drop(sender);
        answered.await.map_err(|_| StoreError::Closed)?
    }

    /// Takes no more charges and returns when those that wait are committed.
    pub(crate) async fn close(&self) {
        crate::lock(&self.queue).take();
        let task = crate::lock(&self.task).take();
        if let Some(task) = task
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the charge writer ended badly");
        }
    }
}

async fn run(writer: DatabaseConnection, mut queue: mpsc::Receiver<Waiting>) {
    let mut waiting = Vec::with_capacity(BATCH);
    while queue.recv_many(&mut waiting, BATCH).await > 0 {
        let (charges, answers): (Vec<_>, Vec<_>) = waiting.drain(..).unzip();
        match commit(&writer, &charges).await {
            Ok(results) => {
                for (answer, result) in answers.into_iter().zip(results) {
                    // A caller that went away has been charged for an answer that is recorded under its key.
                    let _ = answer.send(result);
                }
            }
            Err(error) => {
                tracing::error!(%error, charges = charges.len(), "a batch of charges was not committed");
                let failure = match error {
                    StoreError::Database(failure) => failure,
                    other => sea_orm::DbErr::Custom(other.to_string()),
                };
                for answer in answers {
                    let _ = answer.send(Err(StoreError::Database(failure.clone())));
                }
            }
        }
    }
}

/// Decides and writes one batch. An error here means that nothing of it was written.
async fn commit(writer: &DatabaseConnection, charges: &[Charge]) -> Result<Vec<Result<Charged>>> {
    let transaction = database::begin(writer).await?;
    let mut state = State::read(&transaction, charges).await?;
    let results: Vec<Result<Charged>> = charges.iter().map(|charge| state.decide(charge)).collect();
    state.write(&transaction).await?;
    transaction.commit().await?;
    Ok(results)
}

/// What a charge has to know of an account.
#[derive(FromQueryResult)]
struct Account {
    id: Uuid,
    active: bool,
    token_version: i32,
    role: Role,
    tokens: i64,
}

/// What a charge has to know of a model that is ready.
#[derive(FromQueryResult)]
struct Asked {
    id: Uuid,
    owner_id: Uuid,
    visibility: models::Visibility,
}

/// What a batch is decided from, and what it decided.
struct State {
    now: Timestamp,
    users: BTreeMap<Uuid, Account>,
    models: BTreeMap<Uuid, Asked>,
    /// Where the audit's chain ends.
    chain: Option<QueryResult>,
    guests: guest_days::Today,
    keys: BTreeMap<(Uuid, String), idempotency_keys::Model>,
    earlier: BTreeMap<Uuid, predictions::Model>,
    paid: BTreeSet<Uuid>,
    new_keys: Vec<idempotency_keys::Model>,
    new_predictions: Vec<predictions::Model>,
    new_entries: Vec<ledger::Entry>,
    new_audit: Vec<AuditEntry>,
}

impl State {
    async fn read(database: &impl ConnectionTrait, charges: &[Charge]) -> Result<Self> {
        let user_ids: BTreeSet<Uuid> = charges
            .iter()
            .flat_map(|charge| [charge.caller_id, charge.payer_id])
            .collect();
        let model_ids: BTreeSet<Uuid> = charges.iter().map(|charge| charge.model_id).collect();
        let backend = database.get_database_backend();
        // Locked in the order of their identifiers, so that two writers cannot wait for each other.
        let users = users::Entity::find()
            .select_only()
            .columns([
                users::Column::Id,
                users::Column::Active,
                users::Column::TokenVersion,
                users::Column::Role,
                users::Column::Tokens,
            ])
            .filter(users::Column::Id.is_in(user_ids))
            .order_by_asc(users::Column::Id)
            .lock_exclusive();
        let models = models::Entity::find()
            .select_only()
            .columns([
                models::Column::Id,
                models::Column::OwnerId,
                models::Column::Visibility,
            ])
            .filter(models::Column::Id.is_in(model_ids))
            .filter(models::Column::Status.eq(models::ModelStatus::Ready));
        let questions = [
            users.build(backend),
            models.build(backend),
            audit::head(backend),
        ];
        let [users, models, head] = together::select(database, questions).await?;
        let now = Timestamp::now();
        let guests = charges
            .iter()
            .filter(|charge| charge.access != Access::Account)
            .map(|charge| charge.payer_id);
        let mut state = Self {
            now,
            guests: guest_days::Today::read(database, guests, now).await?,
            users: by_id(&users, |account: &Account| account.id)?,
            models: by_id(&models, |model: &Asked| model.id)?,
            chain: head.into_iter().next(),
            keys: BTreeMap::new(),
            earlier: BTreeMap::new(),
            paid: BTreeSet::new(),
            new_keys: Vec::new(),
            new_predictions: Vec::new(),
            new_entries: Vec::new(),
            new_audit: Vec::new(),
        };
        state.read_earlier(database, charges).await?;
        Ok(state)
    }

    async fn read_earlier(
        &mut self,
        database: &impl ConnectionTrait,
        charges: &[Charge],
    ) -> Result<()> {
        let mut wanted = Condition::any();
        for charge in charges {
            if let Some(idempotency) = &charge.idempotency {
                wanted = wanted.add(
                    Condition::all()
                        .add(idempotency_keys::Column::UserId.eq(charge.caller_id))
                        .add(idempotency_keys::Column::Key.eq(&idempotency.key)),
                );
            }
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let keys = idempotency_keys::Entity::find()
            .filter(wanted)
            .all(database)
            .await?;
        let ids: Vec<Uuid> = keys.iter().map(|key| key.resource_id).collect();
        self.keys = keys
            .into_iter()
            .map(|key| ((key.user_id, key.key.clone()), key))
            .collect();
        if !ids.is_empty() {
            let earlier = predictions::Entity::find()
                .filter(predictions::Column::Id.is_in(ids))
                .all(database)
                .await?;
            self.earlier = earlier.into_iter().map(|row| (row.id, row)).collect();
        }
        Ok(())
    }

    /// Decides one charge from the state as the charges before it left it.
    fn decide(&mut self, charge: &Charge) -> Result<Charged> {
        ledger::check_amount(charge.price)?;
        if charge.price < 0 {
            return Err(StoreError::invalid("price", "A price is not negative."));
        }
        let caller = self
            .users
            .get(&charge.caller_id)
            .ok_or(StoreError::Unauthenticated)?;
        let current = charge
            .token_version
            .is_none_or(|version| version == caller.token_version);
        if !(caller.active || charge.is_house()) || !current {
            return Err(StoreError::Unauthenticated);
        }
        if caller.role != charge.role {
            return Err(StoreError::Forbidden);
        }
        let balance = self
            .users
            .get(&charge.payer_id)
            .filter(|payer| payer.active || charge.is_house())
            .map(|payer| payer.tokens);
        let balance = balance.ok_or(StoreError::Unauthenticated)?;
        if let Some(idempotency) = &charge.idempotency {
            idempotency.check()?;
            if let Some(key) = self.keys.get(&(charge.caller_id, idempotency.key.clone())) {
                idempotency.matches(key, "prediction")?;
                let earlier = self.earlier.get(&key.resource_id).cloned();
                let prediction = Box::new(earlier.ok_or(StoreError::conflict("idempotency_key"))?);
                return Ok(Charged::Replayed {
                    prediction,
                    balance,
                });
            }
        }
        let model = self.models.get(&charge.model_id);
        let model = model.ok_or(StoreError::not_found("model"))?;
        let (model_owner_id, visibility) = (model.owner_id, model.visibility);
        let allowed = match charge.access {
            Access::Account => {
                model_owner_id == charge.caller_id || visibility == models::Visibility::SignedIn
            }
            Access::Guest { .. } => visibility == models::Visibility::Guest,
            Access::House { .. } => charge.is_house() && model_owner_id == charge.caller_id,
        };
        if !allowed {
            return Err(StoreError::not_found("model"));
        }
        if balance < charge.price {
            return Err(StoreError::InsufficientTokens {
                needed: charge.price,
                balance,
            });
        }
        if let Access::Guest { daily_calls } | Access::House { daily_calls } = charge.access {
            self.guests.count(charge.payer_id, daily_calls)?;
        }
        let balance = balance - charge.price;
        if let Some(payer) = self.users.get_mut(&charge.payer_id) {
            payer.tokens = balance;
        }
        Ok(self.record(charge, model_owner_id, balance))
    }

    fn record(&mut self, charge: &Charge, model_owner_id: Uuid, balance: i64) -> Charged {
        let id = Uuid::now_v7();
        let prediction = predictions::Model {
            id,
            model_id: charge.model_id,
            model_owner_id,
            caller_id: charge.caller_id,
            payer_id: charge.payer_id,
            door: charge.door.clone(),
            input_digest: charge.input_digest.clone(),
            rows: i32::try_from(charge.rows).unwrap_or(i32::MAX),
            answer: charge.answer.clone().map(JsonText::from),
            price: charge.price,
            created_at: self.now,
            truth: None,
            truth_at: None,
            tally: charge.tally.clone().map(JsonText::from),
            idempotency_key: charge
                .idempotency
                .as_ref()
                .map(|idempotency| idempotency.key.clone()),
        };
        if charge.price > 0 {
            self.paid.insert(charge.payer_id);
            self.new_entries.push(
                ledger::Entry::new(charge.payer_id, -charge.price, "predict", balance)
                    .reference(id),
            );
        }
        if let Some(idempotency) = &charge.idempotency {
            let key =
                idempotency_keys::row(charge.caller_id, "prediction", id, idempotency, self.now);
            self.keys
                .insert((charge.caller_id, idempotency.key.clone()), key.clone());
            self.earlier.insert(id, prediction.clone());
            self.new_keys.push(key);
        }
        let mut entry = charge.audit.clone().about("model", charge.model_id);
        if let Some(details) = entry.details.as_object_mut() {
            details.insert("prediction".to_owned(), id.to_string().into());
        }
        self.new_audit.push(entry);
        self.new_predictions.push(prediction);
        Charged::Recorded {
            prediction_id: id,
            charged: charge.price,
            balance,
        }
    }

    /// Writes all that was decided, in an order in which nothing refers to what is not there yet.
    async fn write(self, database: &impl ConnectionTrait) -> Result<()> {
        if self.new_predictions.is_empty() {
            return Ok(());
        }
        let backend = database.get_database_backend();
        let mut statements = Vec::new();
        if !self.paid.is_empty() {
            statements.push(self.balances().build(backend));
            let entries = self.new_entries.into_iter();
            let entries = entries.map(|entry| entry.row(self.now));
            statements.push(ledger::Entity::insert_many(entries).build(backend));
        }
        let rows = self.new_predictions.into_iter();
        let rows = rows.map(IntoActiveModel::into_active_model);
        statements.push(predictions::Entity::insert_many(rows).build(backend));
        statements.extend(self.guests.statement(backend));
        if !self.new_keys.is_empty() {
            let keys = self.new_keys.into_iter();
            let keys = keys.map(IntoActiveModel::into_active_model);
            statements.push(idempotency_keys::Entity::insert_many(keys).build(backend));
        }
        let continued = audit::continued(self.chain.as_ref(), &self.new_audit, backend)?;
        statements.extend(continued);
        together::execute(database, statements).await
    }

    /// What gives everybody who paid what they have left.
    fn balances(&self) -> UpdateMany<users::Entity> {
        let mut balances = CaseStatement::new();
        for id in &self.paid {
            if let Some(user) = self.users.get(id) {
                balances = balances.case(users::Column::Id.eq(*id), user.tokens);
            }
        }
        let balances = balances.finally(Expr::col(users::Column::Tokens));
        users::Entity::update_many()
            .col_expr(users::Column::Tokens, balances.into())
            .filter(users::Column::Id.is_in(self.paid.iter().copied()))
    }
}

/// Rows by their identifiers.
fn by_id<T: FromQueryResult>(
    rows: &[QueryResult],
    id: impl Fn(&T) -> Uuid,
) -> Result<BTreeMap<Uuid, T>> {
    let mut found = BTreeMap::new();
    for row in rows {
        let row = T::from_query_result(row, "")?;
        found.insert(id(&row), row);
    }
    Ok(found)
}
