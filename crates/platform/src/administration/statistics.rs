//! How much the place is used.

use std::time::Duration;

use trainyard_store::{Stock, Timestamp, Usage};

use super::Administration;
use crate::caller::{Action, Caller};
use crate::error::Result;
use crate::models::TRAIN_JOB;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What happened in a span of time that ends now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// From when on.
    pub since: Timestamp,
    /// How much.
    pub usage: Usage,
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
