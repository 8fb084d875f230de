//! Every movement of tokens, appended and never changed. An account's tokens only move in the statement whose
//! transaction writes the entry, so the sum of its entries is its balance.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryOrder, QuerySelect, TryInsertResult};

use crate::Store;
use crate::clock::Timestamp;
use crate::error::{Result as StoreResult, StoreError};
use crate::page::{self, Page, PageRequest};
use crate::tables::audit::{self, AuditEntry};
use crate::tables::idempotency_keys::{self, Idempotency};
use crate::tables::users;

/// The largest single movement and the largest balance: far from where 64-bit sums overflow.
pub const MAX_TOKENS: i64 = 1_000_000_000_000;
const VERIFY_STEP: u64 = 1_000;

/// One movement.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "ledger")]
pub struct Model {
    /// Grows with time.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Whose tokens.
    pub user_id: Uuid,
    /// When.
    pub at: Timestamp,
    /// How many came (above 0) or went (below).
    pub delta: i64,
    /// Why: `opening`, `train`, `predict`, `refund`, `grant`, …
    pub reason: String,
    /// What for: a job's, model's or prediction's identifier, or an administrator's remark.
    pub reference: Option<String>,
    /// The job whose price this gives back; unique.
    pub refund_of: Option<Uuid>,
    /// Who moved them, when it was not their owner.
    pub actor_id: Option<Uuid>,
    /// The balance after.
    pub balance_after: i64,
}

no_relations!();

/// A movement to write.
pub(crate) struct Entry {
    pub(crate) user_id: Uuid,
    pub(crate) delta: i64,
    pub(crate) reason: String,
    pub(crate) reference: Option<String>,
    pub(crate) actor_id: Option<Uuid>,
    pub(crate) balance_after: i64,
}

impl Entry {
    pub(crate) fn new(user_id: Uuid, delta: i64, reason: &str, balance_after: i64) -> Self {
        Self {
            user_id,
            delta,
            reason: reason.to_owned(),
            reference: None,
            actor_id: None,
            balance_after,
        }
    }

    pub(crate) fn reference(mut self, reference: impl ToString) -> Self {
        self.reference = Some(reference.to_string());
        self
    }

    pub(crate) fn row(self, at: Timestamp) -> ActiveModel {
        ActiveModel {
            id: NotSet,
            user_id: Set(self.user_id),
            at: Set(at),
            delta: Set(self.delta),
            reason: Set(self.reason),
            reference: Set(self.reference),
            refund_of: Set(None),
            actor_id: Set(self.actor_id),
            balance_after: Set(self.balance_after),
        }
    }
}

/// What a verification found in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many entries were summed.
    pub entries: u64,
    /// What they sum to, which is the balance.
    pub balance: i64,
}

/// What giving or taking answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    /// What was written.
    pub movement: Model,
    /// Whether it was written for a request that had come before.
    pub replayed: bool,
}

/// The kind of thing a giver's key names.
const GRANT: &str = "grant";

/// A movement's number in the place of an identifier.
fn identifier_of(movement: i64) -> Uuid {
    Uuid::from_u128(u128::from(movement.unsigned_abs()))
}

fn number_of(identifier: Uuid) -> i64 {
    i64::try_from(identifier.as_u128()).unwrap_or_default()
}

/// Reasons of charges for a job; each names what the job makes.
pub(crate) const FOR_JOBS: &[&str] = &["train", "study", "check", "batch"];

/// Queries on the ledger; from [`Store::ledger`].
#[derive(Clone, Copy, Debug)]
pub struct Ledger<'a>(pub(crate) &'a Store);

impl Ledger<'_> {
    /// One page of a user's movements.
    ///
    /// # Errors
    /// `Invalid` for a foreign cursor.
    pub async fn entries(&self, user_id: Uuid, request: &PageRequest) -> StoreResult<Page<Model>> {
        let select = Entity::find().filter(Column::UserId.eq(user_id));
        page::fetch(self.0.read(), select, request, Column::Id, None, |row| {
            (row.id, String::new())
        })
        .await
    }

    /// A user's tokens.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn balance(&self, user_id: Uuid) -> StoreResult<i64> {
        Ok(self.0.users().by_id(user_id).await?.tokens)
    }

    /// Gives tokens, or takes them when `delta` is negative. The audit entry's actor is the giver, and it is the giver's
    /// requests that may come twice under one key: the second moves nothing and answers the first one's movement.
    ///
    /// # Errors
    /// `Invalid` for 0 or an absurd amount, `NotFound`, `InsufficientTokens` when the balance would go below 0,
    /// `Conflict { what: "idempotency_key" }`.
    pub async fn grant(
        &self,
        user_id: Uuid,
        delta: i64,
        remark: Option<&str>,
        idempotency: Option<&Idempotency>,
        entry: AuditEntry,
    ) -> StoreResult<Granted> {
        check_amount(delta)?;
        if delta == 0 {
            return Err(StoreError::invalid(
                "tokens",
                "Give or take at least 1 token.",
            ));
        }
        let transaction = self.0.write().await?;
        let giver = entry.actor_id.unwrap_or(users::SYSTEM_USER);
        if let Some(id) = idempotency_keys::earlier(&transaction, giver, GRANT, idempotency).await?
        {
            let found = Entity::find_by_id(number_of(id)).one(&transaction).await?;
            let movement = found.ok_or(StoreError::not_found("ledger_entry"))?;
            return Ok(Granted {
                movement,
                replayed: true,
            });
        }
        let moved = users::Entity::update_many()
            .col_expr(
                users::Column::Tokens,
                Expr::col(users::Column::Tokens).add(delta),
            )
            .filter(users::Column::Id.eq(user_id))
            .filter(users::Column::Id.ne(users::SYSTEM_USER))
            .filter(
                Expr::col(users::Column::Tokens)
                    .add(delta)
                    .between(0, MAX_TOKENS),
            )
            .exec_with_returning(&transaction)
            .await?;
        let Some(user) = moved.into_iter().next() else {
            let user =
                users::Entity::find_by_id(user_id).filter(users::Column::Id.ne(users::SYSTEM_USER));
            let user = user
                .one(&transaction)
                .await?
                .ok_or(StoreError::not_found("user"))?;
            return Err(if delta < 0 {
                StoreError::InsufficientTokens {
                    needed: -delta,
                    balance: user.tokens,
                }
            } else {
                StoreError::invalid(
                    "tokens",
                    format!("A balance cannot pass {MAX_TOKENS} tokens."),
                )
            });
        };
        let mut movement = Entry::new(user_id, delta, "grant", user.tokens);
        movement.reference = remark.map(str::to_owned);
        movement.actor_id = entry.actor_id;
        let movement = record(&transaction, movement).await?;
        let id = identifier_of(movement.id);
        idempotency_keys::keep(&transaction, giver, GRANT, id, idempotency).await?;
        audit::append(&transaction, &[entry.about("user", user_id)]).await?;
        transaction.commit().await?;
        Ok(Granted {
            movement,
            replayed: false,
        })
    }

    /// Sums a user's entries and compares every step and the balance.
    ///
    /// # Errors
    /// `Corrupt` naming the first entry that does not add up; `NotFound`.
    pub async fn verify(&self, user_id: Uuid) -> StoreResult<Verified> {
        // One transaction, so that a charge between two reads is not mistaken for damage.
        let database = self.0.snapshot().await?;
        let user = users::Entity::find_by_id(user_id)
            .one(&database)
            .await?
            .ok_or(StoreError::not_found("user"))?;
        let (mut balance, mut last, mut entries) = (0_i64, 0_i64, 0_u64);
        loop {
            let rows = Entity::find()
                .filter(Column::UserId.eq(user_id))
                .filter(Column::Id.gt(last))
                .order_by_asc(Column::Id)
                .limit(VERIFY_STEP)
                .all(&database)
                .await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                balance = balance.saturating_add(row.delta);
                if balance != row.balance_after || balance < 0 {
                    let detail = format!(
                        "entry {} says {} after it, the sum is {balance}",
                        row.id, row.balance_after
                    );
                    return Err(StoreError::Corrupt {
                        what: "ledger",
                        detail,
                    });
                }
                last = row.id;
                entries += 1;
            }
        }
        if balance != user.tokens {
            let detail = format!(
                "user {} has {} tokens, the entries sum to {balance}",
                user.number, user.tokens
            );
            return Err(StoreError::Corrupt {
                what: "ledger",
                detail,
            });
        }
        Ok(Verified { entries, balance })
    }
}

/// Refuses amounts no honest request has.
pub(crate) fn check_amount(amount: i64) -> StoreResult<()> {
    if (-MAX_TOKENS..=MAX_TOKENS).contains(&amount) {
        Ok(())
    } else {
        Err(StoreError::invalid(
            "tokens",
            format!("Use an amount of at most {MAX_TOKENS} tokens."),
        ))
    }
}

/// Writes a movement that the caller's transaction made.
pub(crate) async fn record(database: &impl ConnectionTrait, entry: Entry) -> StoreResult<Model> {
    Ok(Entity::insert(entry.row(Timestamp::now()))
        .exec_with_returning(database)
        .await?)
}

/// Takes `price` from an active user who has it, with its entry; returns the balance after.
pub(crate) async fn debit(
    database: &impl ConnectionTrait,
    user_id: Uuid,
    price: i64,
    reason: &str,
    reference: Uuid,
) -> StoreResult<i64> {
    check_amount(price)?;
    if price < 0 {
        return Err(StoreError::invalid("price", "A price is not negative."));
    }
    // What the house does for itself costs nobody anything.
    if price == 0 && user_id == users::SYSTEM_USER {
        return Ok(0);
    }
    let moved = users::Entity::update_many()
        .col_expr(
            users::Column::Tokens,
            Expr::col(users::Column::Tokens).sub(price),
        )
        .filter(users::Column::Id.eq(user_id))
        .filter(users::Column::Active.eq(true))
        .filter(users::Column::Tokens.gte(price))
        .exec_with_returning(database)
        .await?;
    let Some(user) = moved.into_iter().next() else {
        let user = users::Entity::find_by_id(user_id).one(database).await?;
        return Err(match user {
            Some(user) if user.active => StoreError::InsufficientTokens {
                needed: price,
                balance: user.tokens,
            },
            _ => StoreError::Unauthenticated,
        });
    };
    if price > 0 {
        record(
            database,
            Entry::new(user_id, -price, reason, user.tokens).reference(reference),
        )
        .await?;
    }
    Ok(user.tokens)
}

/// Gives `price` back for a job, once however often it is asked; returns whether this was the time.
pub(crate) async fn refund(
    database: &impl ConnectionTrait,
    user_id: Uuid,
    price: i64,
    job: Uuid,
) -> StoreResult<bool> {
    if price <= 0 {
        return Ok(false);
    }
    let user = users::Entity::find_by_id(user_id)
        .lock_exclusive()
        .one(database)
        .await?;
    let Some(user) = user else { return Ok(false) };
    let mut row = Entry::new(user_id, price, "refund", user.tokens + price)
        .reference(job)
        .row(Timestamp::now());
    row.refund_of = Set(Some(job));
    // The unique index decides, and only then the balance moves.
    let written = Entity::insert(row)
        .on_conflict(OnConflict::column(Column::RefundOf).do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(database)
        .await?;
    if !matches!(written, TryInsertResult::Inserted(1)) {
        return Ok(false);
    }
    users::Entity::update_many()
        .col_expr(
            users::Column::Tokens,
            Expr::col(users::Column::Tokens).add(price),
        )
        .filter(users::Column::Id.eq(user_id))
        .exec(database)
        .await?;
    Ok(true)
}
