//! One's own tokens, and where they went.

use axum::extract::State;
use serde::Serialize;
use trainyard_platform::{LedgerEntry, Page};
use utoipa::ToSchema;

use crate::App;
use crate::extract::{Json, PageQuery, Query, SignedIn};
use crate::problem::Problem;
use crate::routes::settings::Prices;
use crate::routes::times::moment;

/// A balance and how it came about.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokensBody {
    #[schema(example = 15)]
    balance: i64,
    entries: EntryPage,
    prices: Prices,
}

/// One page of movements, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct EntryPage {
    items: Vec<EntryBody>,
    next_cursor: Option<String>,
}

impl From<Page<LedgerEntry>> for EntryPage {
    fn from(page: Page<LedgerEntry>) -> Self {
        let page = page.map(EntryBody::from);
        Self {
            items: page.items,
            next_cursor: page.next_cursor,
        }
    }
}

/// One movement of tokens.
#[derive(Serialize, ToSchema)]
#[schema(as = LedgerEntry)]
pub(crate) struct EntryBody {
    id: i64,
    #[schema(format = DateTime)]
    at: String,
    /// Above 0 they came, below 0 they went.
    delta: i64,
    /// `opening`, `train`, `predict`, `refund`, `grant`.
    reason: String,
    /// What for: a model, prediction or job, or a remark.
    reference: Option<String>,
    balance_after: i64,
}

impl From<LedgerEntry> for EntryBody {
    fn from(entry: LedgerEntry) -> Self {
        Self {
            id: entry.id,
            at: moment(entry.at),
            delta: entry.delta,
            reason: entry.reason,
            reference: entry.reference,
            balance_after: entry.balance_after,
        }
    }
}

/// Your tokens, and where they went
#[utoipa::path(
    get, path = "/me/tokens", operation_id = "my_tokens", tag = "me", params(PageQuery),
    responses((status = 200, body = TokensBody))
)]
pub(crate) async fn tokens(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(page): Query<PageQuery>,
) -> Result<Json<TokensBody>, Problem> {
    let statement = app
        .platform
        .accounts()
        .statement(&caller, &page.into())
        .await?;
    Ok(Json(TokensBody {
        balance: statement.balance,
        entries: statement.entries.into(),
        prices: statement.prices.into(),
    }))
}
