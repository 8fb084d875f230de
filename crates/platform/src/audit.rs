//! The audit as an administrator reads it: searched, exported, verified. Nothing here changes an entry; `refusals` says
//! how requests that were turned away get into it.

mod refusals;

use futures_util::{Stream, stream};
use serde_json::json;
use trainyard_store::{AuditEntry, AuditFilter, AuditRow, MAX_PAGE, Page, PageRequest};

use crate::Platform;
use crate::caller::{Action, Caller, Origin};
use crate::error::Result;

pub(crate) use refusals::Refusals;

/// Use cases of the audit; from [`Platform::audit`].
#[derive(Clone, Copy, Debug)]
pub struct Audit<'a>(pub(crate) &'a Platform);

/// What following the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainState {
    /// How many entries there are, when every one is as it was written.
    pub entries: Option<u64>,
    /// The first thing that does not fit.
    pub problem: Option<String>,
    /// Where the chains end: writer, place, hash.
    pub heads: Vec<(String, i64, String)>,
}

impl Audit<'_> {
    /// One page of entries, newest first.
    ///
    /// # Errors
    /// `Forbidden`; `Validation` for a foreign cursor.
    pub async fn list(
        &self,
        caller: &Caller,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> Result<Page<AuditRow>> {
        caller.may(Action::Audit)?;
        Ok(self.0.store().audit().list(filter, page).await?)
    }

    /// All entries, newest first, some at a time: however many there are, few are in memory. That they were taken away is
    /// an entry itself.
    ///
    /// # Errors
    /// `Forbidden`; in the stream only our own.
    pub async fn export(
        &self,
        caller: &Caller,
        filter: AuditFilter,
    ) -> Result<impl Stream<Item = Result<Vec<AuditRow>>> + Send + use<>> {
        caller.may(Action::Audit)?;
        let entry = caller.entry("audit.export").about("audit", "all");
        self.0.store().audit().append(entry).await?;
        let store = self.0.store().clone();
        let first = Some(PageRequest::first(MAX_PAGE));
        Ok(stream::try_unfold(
            (store, filter, first),
            |(store, filter, request)| async move {
                let Some(request) = request else {
                    return Ok(None);
                };
                let page = store.audit().list(&filter, &request).await?;
                let next = page
                    .next_cursor
                    .map(|cursor| PageRequest::after(MAX_PAGE, Some(cursor)));
                Ok(Some((page.items, (store, filter, next))))
            },
        ))
    }

    /// Follows the chain from its beginning to its end.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn verify(&self, caller: &Caller) -> Result<ChainState> {
        caller.may(Action::Audit)?;
        let chain = self.0.store().audit().chain(&self.0.0.anchor_key).await?;
        let state = ChainState {
            entries: chain.entries.as_ref().ok().copied(),
            problem: chain.entries.err(),
            heads: chain.heads,
        };
        let sound = state.problem.is_none();
        let entry = caller.entry("audit.verify").about("audit", "all");
        let entry = entry.outcome(if sound { "ok" } else { "failed" });
        self.0.store().audit().append(entry).await?;
        Ok(state)
    }

    /// Remembers that a request was turned away: which route, and by which error code. Repetitions within a minute are
    /// counted and not written one by one.
    ///
    /// # Errors
    /// Only our own. Who asked must then not be told that all is well.
    pub async fn refused(
        &self,
        caller: Option<&Caller>,
        origin: &Origin,
        method: &str,
        route: &str,
        code: &str,
    ) -> Result<()> {
        let entry = match caller {
            Some(caller) => caller.entry("request"),
            None => origin.entry("request"),
        };
        let details = json!({ "reason": code, "method": method, "route": route });
        self.0.refused(entry.details(details)).await
    }
}

impl Platform {
    /// Remembers a refusal, unless as many as are written in a minute were.
    pub(crate) async fn refused(&self, entry: AuditEntry) -> Result<()> {
        let entry = entry.outcome("refused");
        if let Some(entry) = self.0.refusals.note(entry) {
            self.store().audit().append(entry).await?;
        }
        Ok(())
    }

    /// Writes what was only counted: what is a minute old or, when the platform `stops`, everything.
    pub(crate) async fn settle_refusals(&self, stops: bool) -> Result<u64> {
        let entries = self.0.refusals.settled(stops);
        for entry in &entries {
            self.store().audit().append(entry.clone()).await?;
        }
        Ok(entries.len() as u64)
    }
}
