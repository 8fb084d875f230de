//! One's own account: who, how many tokens, and where they went.

use trainyard_store::{LedgerEntry, Page, PageRequest, User, UserChanges};

use super::{Accounts, email_problem, none_or};
use crate::caller::{Action, Caller};
use crate::config::Prices;
use crate::error::Result;

/// What to change about one's own account; nothing stays as it is.
#[derive(Clone, Debug, Default)]
pub struct ProfileChanges {
    /// What pages call the person; `Some(None)` goes back to what the names suggest.
    pub display_name: Option<Option<String>>,
    /// `Some(None)` removes it.
    pub user_name: Option<Option<String>>,
    /// `Some(None)` removes it.
    pub email: Option<Option<String>>,
}

/// A balance and how it came about.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Tokens now.
    pub balance: i64,
    /// Movements, newest first.
    pub entries: Page<LedgerEntry>,
    /// What things cost now.
    pub prices: Prices,
}

impl Accounts<'_> {
    /// The caller's account.
    ///
    /// # Errors
    /// `Unauthenticated` when it is gone.
    pub async fn me(&self, caller: &Caller) -> Result<User> {
        caller.may(Action::SeeAccount)?;
        Ok(self.0.store().users().by_id(caller.id).await?)
    }

    /// Changes the caller's account.
    ///
    /// # Errors
    /// `Validation`; `Conflict` naming what is taken.
    pub async fn change_me(&self, caller: &Caller, changes: ProfileChanges) -> Result<User> {
        caller.may(Action::ChangeAccount)?;
        let email = changes.email.as_ref().and_then(Option::as_deref);
        none_or(email.and_then(email_problem).into_iter().collect())?;
        let display_name = match changes.display_name {
            Some(Some(name)) => Some(name),
            Some(None) => Some(suggested_name(&self.me(caller).await?, &changes)),
            None => None,
        };
        let changes = UserChanges {
            display_name,
            user_name: changes.user_name,
            email: changes.email,
            ..UserChanges::default()
        };
        let entry = caller.entry("user.change");
        Ok(self
            .0
            .store()
            .users()
            .update(caller.id, changes, entry)
            .await?)
    }

    /// The caller's tokens and a page of their movements.
    ///
    /// # Errors
    /// `Validation` for a foreign cursor.
    pub async fn statement(&self, caller: &Caller, page: &PageRequest) -> Result<Statement> {
        caller.may(Action::SeeAccount)?;
        Ok(Statement {
            balance: self.0.store().ledger().balance(caller.id).await?,
            entries: self.0.store().ledger().entries(caller.id, page).await?,
            prices: self.0.prices(),
        })
    }
}

/// What an account without a display name is called, once the changes are made.
fn suggested_name(user: &User, changes: &ProfileChanges) -> String {
    let user_name = changes.user_name.as_ref().unwrap_or(&user.user_name);
    let email = changes.email.as_ref().unwrap_or(&user.email);
    let local = email.as_deref().and_then(|email| email.split('@').next());
    user_name
        .as_deref()
        .or(local)
        .unwrap_or_default()
        .to_owned()
}
