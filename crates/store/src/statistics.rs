//! How much the place is used: counts since a moment, and what there is now. Read for one person who looks at a page, so
//! everything is counted from the rows themselves, along the indexes that lead to a time.

use std::collections::BTreeMap;

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ExprTrait, SimpleExpr};
use sea_orm::{Condition, PaginatorTrait, QueryOrder, QuerySelect};

use crate::Store;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::tables::users::SYSTEM_USER;
use crate::tables::{artifacts, audit, datasets, jobs, ledger, models, predictions, users};

/// What happened since a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Sessions opened with a password.
    pub sign_ins: u64,
    /// Accounts made that still exist.
    pub new_users: u64,
    /// Jobs of the asked kind that ended well.
    pub jobs_done: u64,
    /// Jobs of the asked kind that failed.
    pub jobs_failed: u64,
    /// Calls that were answered.
    pub predictions: u64,
    /// Rows those had.
    pub predicted_rows: u64,
    /// Tokens charged, refunds not subtracted.
    pub tokens_spent: u64,
    /// Tokens administrators gave.
    pub tokens_granted: u64,
    /// Tokens given back for what failed.
    pub tokens_refunded: u64,
    /// What was not allowed.
    pub refusals: u64,
}

/// What happened on one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayUsage {
    /// Calls that were answered.
    pub predictions: u64,
    /// Jobs of the asked kind that ended well.
    pub jobs_done: u64,
    /// Tokens charged, refunds not subtracted.
    pub tokens_spent: u64,
    /// What was not allowed.
    pub refusals: u64,
    /// Accounts that did anything that is written down.
    pub active_users: u64,
}

/// Why tokens go.
const SPENDING: [&str; 3] = ["train", "predict", "batch"];
/// Microseconds of a day, written into queries: a parameter would be another expression wherever it stands.
const DAY: &str = "86400000000";

/// What there is now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stock {
    /// Accounts.
    pub users: u64,
    /// Accounts that are switched on.
    pub active_users: u64,
    /// Data sets.
    pub datasets: u64,
    /// Models, whatever their state.
    pub models: u64,
    /// Tokens all accounts have together.
    pub tokens: u64,
    /// Accounts that are switched on and have no tokens left.
    pub users_without_tokens: u64,
    /// Bytes of files, each counted once however many need it.
    pub storage_bytes: u64,
    /// Jobs that no worker has taken up yet.
    pub jobs_waiting: u64,
    /// Jobs that a worker holds.
    pub jobs_running: u64,
    /// Since when the one that waits longest does.
    pub waiting_since: Option<Timestamp>,
}

/// Counts; from [`Store::statistics`].
#[derive(Clone, Copy, Debug)]
pub struct Statistics<'a>(pub(crate) &'a Store);

impl Statistics<'_> {
    /// What happened since a moment; `kind` is the kind of job that is counted.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn since(&self, moment: Timestamp, kind: &str) -> Result<Usage> {
        let database = self.0.read();
        let at = audit::Column::At.gte(moment);
        let sign_ins = audit::Entity::find()
            .filter(at.clone())
            .filter(audit::Column::Action.eq("session.open"))
            .filter(audit::Column::Outcome.eq("ok"));
        let refusals = audit::Entity::find()
            .filter(at)
            .filter(audit::Column::Outcome.eq("refused"));
        let new_users = users::Entity::find()
            .filter(users::Column::Id.ne(SYSTEM_USER))
            .filter(users::Column::CreatedAt.gte(moment));
        let ended = |status: jobs::JobStatus| {
            jobs::Entity::find()
                .filter(jobs::Column::Kind.eq(kind))
                .filter(jobs::Column::Status.eq(status))
                .filter(jobs::Column::FinishedAt.gte(moment))
        };
        let answered = predictions::Column::CreatedAt.gte(moment);
        let rows = predictions::Column::Rows;
        Ok(Usage {
            sign_ins: sign_ins.count(database).await?,
            new_users: new_users.count(database).await?,
            jobs_done: ended(jobs::JobStatus::Done).count(database).await?,
            jobs_failed: ended(jobs::JobStatus::Failed).count(database).await?,
            predictions: predictions::Entity::find()
                .filter(answered.clone())
                .count(database)
                .await?,
            predicted_rows: self
                .sum::<predictions::Entity>(rows, answered.into())
                .await?,
            tokens_spent: self.moved(moment, &SPENDING).await?,
            tokens_granted: self.granted(moment).await?,
            tokens_refunded: self.moved(moment, &["refund"]).await?,
            refusals: refusals.count(database).await?,
        })
    }

    /// What there is now.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn now(&self) -> Result<Stock> {
        let database = self.0.read();
        let people = || users::Entity::find().filter(users::Column::Id.ne(SYSTEM_USER));
        let active = people().filter(users::Column::Active.eq(true));
        let tokens = users::Column::Tokens;
        let without = active.clone().filter(tokens.lte(0));
        let size = artifacts::Column::Size;
        let jobs =
            |status: jobs::JobStatus| jobs::Entity::find().filter(jobs::Column::Status.eq(status));
        let oldest = jobs(jobs::JobStatus::Queued)
            .order_by_asc(jobs::Column::CreatedAt)
            .limit(1)
            .one(database);
        Ok(Stock {
            users: people().count(database).await?,
            active_users: active.count(database).await?,
            users_without_tokens: without.count(database).await?,
            jobs_waiting: jobs(jobs::JobStatus::Queued).count(database).await?,
            jobs_running: jobs(jobs::JobStatus::Running).count(database).await?,
            waiting_since: oldest.await?.map(|job| job.created_at),
            datasets: datasets::Entity::find().count(database).await?,
            models: models::Entity::find().count(database).await?,
            tokens: self.sum::<users::Entity>(tokens, Condition::all()).await?,
            storage_bytes: self
                .sum::<artifacts::Entity>(size, Condition::all())
                .await?,
        })
    }

    /// What happened on each day (UTC) from the day of a moment on: days on which nothing did are left out. `kind` is the
    /// kind of job that is counted.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn days(&self, moment: Timestamp, kind: &str) -> Result<BTreeMap<i64, DayUsage>> {
        let all = || Expr::cust("COUNT(*)");
        let audited = || Condition::all().add(audit::Column::At.gte(moment));
        let mut days = Days::default();
        days.read::<predictions::Entity>(
            self.0,
            predictions::Column::CreatedAt,
            all(),
            predictions::Column::CreatedAt.gte(moment).into(),
            |day| &mut day.predictions,
        )
        .await?;
        days.read::<jobs::Entity>(
            self.0,
            jobs::Column::FinishedAt,
            all(),
            Condition::all()
                .add(jobs::Column::FinishedAt.gte(moment))
                .add(jobs::Column::Kind.eq(kind))
                .add(jobs::Column::Status.eq(jobs::JobStatus::Done)),
            |day| &mut day.jobs_done,
        )
        .await?;
        days.read::<ledger::Entity>(
            self.0,
            ledger::Column::At,
            ledger::Column::Delta.sum(),
            because(moment, &SPENDING),
            |day| &mut day.tokens_spent,
        )
        .await?;
        days.read::<audit::Entity>(
            self.0,
            audit::Column::At,
            all(),
            audited().add(audit::Column::Outcome.eq("refused")),
            |day| &mut day.refusals,
        )
        .await?;
        days.read::<audit::Entity>(
            self.0,
            audit::Column::At,
            Expr::cust("COUNT(DISTINCT \"actor_id\")"),
            audited().add(audit::Column::ActorId.ne(SYSTEM_USER)),
            |day| &mut day.active_users,
        )
        .await?;
        Ok(days.0)
    }

    /// Who spent most tokens since a moment: at most so many accounts, most first.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn spenders(&self, moment: Timestamp, most: u64) -> Result<Vec<(Uuid, u64)>> {
        let sum: SimpleExpr = Expr::expr(ledger::Column::Delta.sum()).cast_as("BIGINT");
        let spenders: Vec<(Uuid, i64)> = ledger::Entity::find()
            .select_only()
            .column(ledger::Column::UserId)
            .column_as(sum.clone(), "tokens")
            .filter(because(moment, &SPENDING))
            .group_by(ledger::Column::UserId)
            .order_by_asc(sum)
            .order_by_asc(ledger::Column::UserId)
            .limit(most)
            .into_tuple()
            .all(self.0.read())
            .await?;
        let spenders = spenders.into_iter();
        Ok(spenders
            .map(|(user, tokens)| (user, tokens.unsigned_abs()))
            .collect())
    }

    async fn moved(&self, moment: Timestamp, reasons: &[&str]) -> Result<u64> {
        self.sum::<ledger::Entity>(ledger::Column::Delta, because(moment, reasons))
            .await
    }

    /// Only what was given: what was taken again was not spent either.
    async fn granted(&self, moment: Timestamp) -> Result<u64> {
        let which = Condition::all()
            .add(ledger::Column::At.gte(moment))
            .add(ledger::Column::Reason.eq("grant"))
            .add(ledger::Column::Delta.gt(0));
        self.sum::<ledger::Entity>(ledger::Column::Delta, which)
            .await
    }

    /// The sum of a column, without its sign.
    async fn sum<E: EntityTrait>(&self, column: E::Column, which: Condition) -> Result<u64> {
        let sum: SimpleExpr = Expr::expr(column.sum()).cast_as("BIGINT");
        let sums: Vec<Option<i64>> = E::find()
            .select_only()
            .column_as(sum, "total")
            .filter(which)
            .into_tuple()
            .all(self.0.read())
            .await?;
        Ok(sums
            .into_iter()
            .flatten()
            .next()
            .unwrap_or_default()
            .unsigned_abs())
    }
}

/// What happened, by day since 1970 (UTC).
#[derive(Default)]
struct Days(BTreeMap<i64, DayUsage>);

impl Days {
    /// Reads a number for each day by the moment in a column, into its place.
    async fn read<E: EntityTrait>(
        &mut self,
        store: &Store,
        at: E::Column,
        number: SimpleExpr,
        which: Condition,
        place: fn(&mut DayUsage) -> &mut u64,
    ) -> Result<()> {
        let day: SimpleExpr = Expr::col(at.as_column_ref()).div(Expr::cust(DAY));
        let found: Vec<(i64, i64)> = E::find()
            .select_only()
            .column_as(day.clone(), "day")
            .column_as(number.cast_as("BIGINT"), "number")
            .filter(which)
            .group_by(day)
            .into_tuple()
            .all(store.read())
            .await?;
        for (day, number) in found {
            *place(self.0.entry(day).or_default()) = number.unsigned_abs();
        }
        Ok(())
    }
}

/// Tokens that moved since a moment, for one of these reasons.
fn because(moment: Timestamp, reasons: &[&str]) -> Condition {
    Condition::all()
        .add(ledger::Column::At.gte(moment))
        .add(ledger::Column::Reason.is_in(reasons.iter().copied()))
}
