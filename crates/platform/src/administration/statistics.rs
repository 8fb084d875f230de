//! How much the place is used.

use std::time::Duration;

use trainyard_store::{DayUsage, Stock, Timestamp, Usage};
use uuid::Uuid;

use super::{Administration, Owner};
use crate::caller::{Action, Caller};
use crate::error::{PlatformError, Result};
use crate::models::TRAIN_JOB;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Days that can be looked at together.
const MOST_DAYS: u32 = 366;
/// Accounts that are named for what they spent.
const MOST_SPENDERS: u64 = 20;

/// What happened in a span of time that ends now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// From when on.
    pub since: Timestamp,
    /// How much.
    pub usage: Usage,
}

/// One day, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// When it began.
    pub begin: Timestamp,
    /// What happened.
    pub usage: DayUsage,
}

/// What was spent by an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spender {
    /// The account's identifier.
    pub user_id: Uuid,
    /// Who it is; nothing when the account is gone.
    pub owner: Option<Owner>,
    /// Tokens charged, refunds not subtracted.
    pub tokens: u64,
}

/// How the place was used day by day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DailyUse {
    /// Every day, the earliest first; the last is today.
    pub days: Vec<Day>,
    /// Who spent most in these days.
    pub spenders: Vec<Spender>,
}

/// How much the place is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// What there is now.
    pub now: Stock,
    /// For how long the job that waits longest does.
    pub longest_wait: Option<Duration>,
    /// Since midnight, UTC.
    pub today: Period,
    /// The last seven times 24 hours.
    pub week: Period,
    /// The last thirty times 24 hours.
    pub month: Period,
}

impl Administration<'_> {
    /// How much the place was used today, in a week and in a month, and what there is now.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn statistics(&self, caller: &Caller) -> Result<Statistics> {
        caller.may(Action::Statistics)?;
        let now = Timestamp::now();
        let stock = self.0.store().statistics().now().await?;
        let waited = |since: Timestamp| now.microseconds().saturating_sub(since.microseconds());
        Ok(Statistics {
            longest_wait: stock.waiting_since.map(|since| {
                Duration::from_micros(u64::try_from(waited(since)).unwrap_or_default())
            }),
            now: stock,
            today: self.period(midnight(now)).await?,
            week: self.period(now.minus(DAY * 7)).await?,
            month: self.period(now.minus(DAY * 30)).await?,
        })
    }

    /// How the place was used on each of the last `count` days, today among them.
    ///
    /// # Errors
    /// `Forbidden`; `Validation` for a count that is not within 1 and 366.
    pub async fn days(&self, caller: &Caller, count: u32) -> Result<DailyUse> {
        caller.may(Action::Statistics)?;
        if !(1..=MOST_DAYS).contains(&count) {
            let detail = format!("Ask for 1 to {MOST_DAYS} days.");
            return Err(PlatformError::field("/days", detail));
        }
        let today = midnight(Timestamp::now());
        let first = today.minus(DAY * (count - 1));
        let statistics = self.0.store().statistics();
        let found = statistics.days(first, TRAIN_JOB).await?;
        let days = (0..count).map(|number| {
            let begin = first.plus(DAY * number);
            let usage = found.get(&begin.unix_timestamp().div_euclid(86_400));
            Day {
                begin,
                usage: usage.copied().unwrap_or_default(),
            }
        });
        let spent = statistics.spenders(first, MOST_SPENDERS).await?;
        let users = self.0.store().users();
        let users = users.by_ids(spent.iter().map(|(id, _)| *id)).await?;
        let spenders = spent.into_iter().map(|(user_id, tokens)| Spender {
            user_id,
            owner: users.get(&user_id).map(Owner::from),
            tokens,
        });
        Ok(DailyUse {
            days: days.collect(),
            spenders: spenders.collect(),
        })
    }

    async fn period(&self, since: Timestamp) -> Result<Period> {
        let statistics = self.0.store().statistics();
        let usage = statistics.since(since, TRAIN_JOB).await?;
        Ok(Period { since, usage })
    }
}

/// The beginning of the day, in UTC.
fn midnight(moment: Timestamp) -> Timestamp {
    let into_the_day =
        u64::try_from(moment.unix_timestamp().rem_euclid(86_400)).unwrap_or_default();
    let whole = moment.minus(Duration::from_secs(into_the_day));
    whole.minus(Duration::from_micros(u64::from(moment.microsecond())))
}
