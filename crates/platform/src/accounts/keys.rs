//! Keys for scripts. The secret is shown once and stored as a digest; what a key may do is the table of rights with the
//! key's scopes beside its owner's role.

use trainyard_store::{ApiKey, NewApiKey, Page, PageRequest, Timestamp};
use trainyard_training::FieldProblem;
use uuid::Uuid;

use super::{Accounts, none_or};
use crate::caller::{Action, Caller, KeyScope, can_use};
use crate::error::Result;
use crate::tokens;

/// What somebody who wants a key gives.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// What they call it.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<KeyScope>,
    /// When it ends by itself; nothing: when it is ended by hand.
    pub expires_at: Option<Timestamp>,
}

/// A key with its secret, which is never seen again.
#[derive(Clone)]
pub struct MadeKey {
    /// What stays.
    pub key: ApiKey,
    /// What a script sends.
    pub secret: String,
}

impl std::fmt::Debug for MadeKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("MadeKey")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

impl Accounts<'_> {
    /// One page of the caller's keys, newest first, without their secrets.
    ///
    /// # Errors
    /// `Forbidden` for an API key; `Validation` for a foreign cursor.
    pub async fn keys(&self, caller: &Caller, page: &PageRequest) -> Result<Page<ApiKey>> {
        caller.may(Action::ChangeAccount)?;
        Ok(self.0.store().api_keys().list(caller.id, page).await?)
    }

    /// Makes a key of the caller's.
    ///
    /// # Errors
    /// `Forbidden` for an API key; `Validation`; `Conflict` when there are too many.
    pub async fn make_key(&self, caller: &Caller, mut new: NewKey) -> Result<MadeKey> {
        caller.may(Action::ChangeAccount)?;
        new.scopes.sort();
        new.scopes.dedup();
        none_or(problems(caller, &new))?;
        let (secret, prefix, hash) = tokens::api_key();
        let scopes: Vec<&str> = new.scopes.iter().map(|scope| scope.name()).collect();
        let entry = caller.entry("api_key.create").details(serde_json::json!({
            "name": new.name, "prefix": prefix, "scopes": scopes
        }));
        let key = NewApiKey {
            user_id: caller.id,
            name: new.name,
            prefix,
            hash,
            scopes: scopes.into_iter().map(str::to_owned).collect(),
            expires_at: new.expires_at,
        };
        let key = self.0.store().api_keys().create(key, entry).await?;
        Ok(MadeKey { key, secret })
    }

    /// Ends a key of the caller's at once.
    ///
    /// # Errors
    /// `Forbidden` for an API key; `NotFound`.
    pub async fn end_key(&self, caller: &Caller, id: Uuid) -> Result<()> {
        caller.may(Action::ChangeAccount)?;
        let entry = caller.entry("api_key.end");
        let keys = self.0.store().api_keys();
        Ok(keys.revoke(caller.id, id, entry).await?)
    }
}

fn problems(caller: &Caller, new: &NewKey) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if new.scopes.is_empty() {
        let names = KeyScope::ALL.map(KeyScope::name).join(", ");
        let detail = format!("Say what the key may be used for: some of {names}.");
        problems.push(FieldProblem::new("/scopes", detail));
    }
    let idle = new
        .scopes
        .iter()
        .find(|scope| !can_use(caller.role, **scope));
    if let Some(scope) = idle {
        let detail = format!(
            "Your role ({}) has no use for '{}'. Leave it out.",
            caller.role.name(),
            scope.name()
        );
        problems.push(FieldProblem::new("/scopes", detail));
    }
    if new.expires_at.is_some_and(|end| end <= Timestamp::now()) {
        let detail = "Give a moment that is still to come, or leave it out.";
        problems.push(FieldProblem::new("/expires_at", detail));
    }
    problems
}
