//! Tokens given and taken by hand.

use serde_json::json;
use trainyard_store::{Granted, Idempotency, LedgerEntry, Page, PageRequest, StoreError};
use uuid::Uuid;

use super::Administration;
use crate::caller::{Action, Caller};
use crate::error::{PlatformError, Result};

/// The longest reason, in characters.
const LONGEST_REASON: usize = 200;

/// Tokens to give, or to take.
#[derive(Clone, Debug)]
pub struct Grant {
    /// How many; below 0 they are taken.
    pub tokens: i64,
    /// Why; the account's owner reads it.
    pub reason: String,
    /// The caller's key for a request that may come twice.
    pub idempotency_key: Option<String>,
}

impl Administration<'_> {
    /// One page of an account's movements, newest first.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound`; `Validation` for a foreign cursor.
    pub async fn movements(
        &self,
        caller: &Caller,
        id: Uuid,
        page: &PageRequest,
    ) -> Result<Page<LedgerEntry>> {
        caller.may(Action::Tokens)?;
        self.0.store().users().by_id(id).await?;
        Ok(self.0.store().ledger().entries(id, page).await?)
    }

    /// Gives tokens to an account, or takes them. A balance never goes below 0.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound`; `Validation` for an amount or a reason that cannot be, or that is more than there is
    /// to take; `Conflict` for a key used for another request.
    pub async fn grant(&self, caller: &Caller, id: Uuid, grant: Grant) -> Result<Granted> {
        caller.may(Action::Tokens)?;
        let reason = grant.reason.trim();
        let length = reason.chars().count();
        if !(1..=LONGEST_REASON).contains(&length) || reason.chars().any(char::is_control) {
            let detail = format!("Say why in one line of 1 to {LONGEST_REASON} characters.");
            return Err(PlatformError::field("/reason", detail));
        }
        let digest = json!({ "user": id, "tokens": grant.tokens, "reason": reason });
        let digest = blake3::hash(digest.to_string().as_bytes());
        let idempotency = grant.idempotency_key.map(|key| Idempotency {
            key,
            request_digest: digest.to_hex().to_string(),
        });
        let entry = caller
            .entry("tokens.grant")
            .details(json!({ "tokens": grant.tokens, "reason": reason }));
        let granted = self
            .0
            .store()
            .ledger()
            .grant(id, grant.tokens, Some(reason), idempotency.as_ref(), entry)
            .await;
        granted.map_err(|error| match error {
            StoreError::InsufficientTokens { balance, .. } => PlatformError::field(
                "/tokens",
                format!("The account has {balance} tokens; take at most as many."),
            ),
            other => other.into(),
        })
    }
}
