//! How much the place is used.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use trainyard_platform::Period;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::OwnerBody;
use crate::App;
use crate::extract::{Json, Query, SignedIn};
use crate::problem::Problem;
use crate::routes::times::moment;

/// Days that are told unless somebody says.
const USUAL_DAYS: u32 = 30;

/// How much the place is used.
#[derive(Serialize, ToSchema)]
#[schema(as = Statistics)]
pub(crate) struct StatisticsBody {
    now: StockBody,
    /// Since midnight, UTC.
    today: PeriodBody,
    /// The last seven times 24 hours.
    last_7_days: PeriodBody,
    /// The last thirty times 24 hours.
    last_30_days: PeriodBody,
}

/// What there is now.
#[derive(Serialize, ToSchema)]
#[schema(as = Stock)]
pub(crate) struct StockBody {
    users: u64,
    active_users: u64,
    datasets: u64,
    models: u64,
    /// Tokens all accounts have together.
    tokens: u64,
    /// Accounts that are switched on and have no tokens left.
    users_without_tokens: u64,
    /// Bytes of files, each counted once however many need it.
    storage_bytes: u64,
    /// Jobs that no worker has taken up yet.
    jobs_waiting: u64,
    /// Jobs that a worker holds.
    jobs_running: u64,
    /// For how long the one that waits longest does; null when none waits.
    oldest_waiting_seconds: Option<u64>,
}

/// What happened in a span of time.
#[derive(Serialize, ToSchema)]
#[schema(as = Period)]
pub(crate) struct PeriodBody {
    #[schema(format = DateTime)]
    since: String,
    sign_ins: u64,
    new_users: u64,
    trainings_ready: u64,
    trainings_failed: u64,
    /// Calls that were answered.
    predictions: u64,
    predicted_rows: u64,
    /// Tokens charged, refunds not subtracted.
    tokens_spent: u64,
    /// Tokens administrators gave.
    tokens_granted: u64,
    /// Tokens given back for what failed.
    tokens_refunded: u64,
    /// What was not allowed.
    refusals: u64,
}

impl From<Period> for PeriodBody {
    fn from(period: Period) -> Self {
        let usage = period.usage;
        Self {
            since: moment(period.since),
            sign_ins: usage.sign_ins,
            new_users: usage.new_users,
            trainings_ready: usage.jobs_done,
            trainings_failed: usage.jobs_failed,
            predictions: usage.predictions,
            predicted_rows: usage.predicted_rows,
            tokens_spent: usage.tokens_spent,
            tokens_granted: usage.tokens_granted,
            tokens_refunded: usage.tokens_refunded,
            refusals: usage.refusals,
        }
    }
}

/// How much this server is used
#[utoipa::path(
    get, path = "/admin/stats", operation_id = "statistics", tag = "admin",
    responses((status = 200, body = StatisticsBody))
)]
pub(crate) async fn show(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
) -> Result<Json<StatisticsBody>, Problem> {
    let statistics = app.platform.administration().statistics(&caller).await?;
    let now = statistics.now;
    Ok(Json(StatisticsBody {
        now: StockBody {
            users: now.users,
            active_users: now.active_users,
            datasets: now.datasets,
            models: now.models,
            tokens: now.tokens,
            users_without_tokens: now.users_without_tokens,
            storage_bytes: now.storage_bytes,
            jobs_waiting: now.jobs_waiting,
            jobs_running: now.jobs_running,
            oldest_waiting_seconds: statistics.longest_wait.map(|wait| wait.as_secs()),
        },
        today: statistics.today.into(),
        last_7_days: statistics.week.into(),
        last_30_days: statistics.month.into(),
    }))
}

/// Which days are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DaysQuery {
    /// How many, today among them: 1 to 366; 30 unless said.
    #[param(minimum = 1, maximum = 366)]
    days: Option<u32>,
}

/// How this server was used day by day.
#[derive(Serialize, ToSchema)]
#[schema(as = DailyUse)]
pub(crate) struct DaysBody {
    /// Every day, the earliest first; the last is today, UTC.
    days: Vec<DayBody>,
    /// The at most 20 accounts that spent most in these days, most first.
    spenders: Vec<SpenderBody>,
}

/// A day.
#[derive(Serialize, ToSchema)]
#[schema(as = Day)]
pub(crate) struct DayBody {
    #[schema(format = Date, example = "2026-11-22")]
    day: String,
    /// Calls that were answered.
    predictions: u64,
    /// Trainings that gave a model.
    trainings: u64,
    /// Tokens charged, refunds not subtracted.
    tokens: u64,
    /// What was not allowed.
    refused: u64,
    /// Accounts that did anything that is written down.
    active_users: u64,
}

/// What an account spent.
#[derive(Serialize, ToSchema)]
#[schema(as = Spender)]
pub(crate) struct SpenderBody {
    user_id: Uuid,
    /// Null when the account is gone.
    user: Option<OwnerBody>,
    /// Tokens charged, refunds not subtracted.
    tokens: u64,
}

/// How this server was used day by day
#[utoipa::path(
    get, path = "/admin/stats/days", operation_id = "daily_use", tag = "admin", params(DaysQuery),
    responses((status = 200, body = DaysBody))
)]
pub(crate) async fn days(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(query): Query<DaysQuery>,
) -> Result<Json<DaysBody>, Problem> {
    let administration = app.platform.administration();
    let daily = administration
        .days(&caller, query.days.unwrap_or(USUAL_DAYS))
        .await?;
    let days = daily.days.into_iter().map(|day| DayBody {
        day: day.begin.date().to_string(),
        predictions: day.usage.predictions,
        trainings: day.usage.jobs_done,
        tokens: day.usage.tokens_spent,
        refused: day.usage.refusals,
        active_users: day.usage.active_users,
    });
    let spenders = daily.spenders.into_iter().map(|spender| SpenderBody {
        user_id: spender.user_id,
        user: spender.owner.map(OwnerBody::from),
        tokens: spender.tokens,
    });
    Ok(Json(DaysBody {
        days: days.collect(),
        spenders: spenders.collect(),
    }))
}
