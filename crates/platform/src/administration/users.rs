//! Everybody's accounts, as an administrator sees, makes, changes and ends them. No password is ever chosen here: a new
//! one is generated and shown once, or a one-time link lets its owner choose.

use std::time::Duration;

use serde_json::json;
use trainyard_store::{
    NewUser, Page, PageRequest, Role, SYSTEM_USER, Timestamp, User, UserChanges, UserFilter,
};
use uuid::Uuid;

use super::Administration;
use crate::accounts::{email_problem, none_or};
use crate::caller::{Action, Caller};
use crate::error::{PlatformError, Result};
use crate::{passwords, tokens};

/// How long a one-time link is good.
const LINK_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// What a new account is.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Optional when there is an e-mail address.
    pub user_name: Option<String>,
    /// Optional when there is a user name.
    pub email: Option<String>,
    /// What pages call the person.
    pub display_name: Option<String>,
    /// What the person may do.
    pub role: Role,
    /// The opening balance; nothing: what every new account gets.
    pub tokens: Option<i64>,
}

/// A new account with its password, which is never seen again.
#[derive(Clone)]
pub struct MadeAccount {
    /// The account.
    pub user: User,
    /// To hand over.
    pub password: String,
}

impl std::fmt::Debug for MadeAccount {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("MadeAccount")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// What to change about an account; nothing stays as it is.
#[derive(Clone, Debug, Default)]
pub struct AccountChanges {
    /// `Some(None)` removes it.
    pub user_name: Option<Option<String>>,
    /// `Some(None)` removes it.
    pub email: Option<Option<String>>,
    /// What pages call the person.
    pub display_name: Option<String>,
    /// What the person may do; ends their sessions.
    pub role: Option<Role>,
    /// On or off; ends their sessions.
    pub active: Option<bool>,
}

/// A way to a new password that its owner chooses.
#[derive(Clone)]
pub struct ResetLink {
    /// What the page of the link sends with the new password.
    pub secret: String,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for ResetLink {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ResetLink")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

impl Administration<'_> {
    /// One page of accounts.
    ///
    /// # Errors
    /// `Forbidden`; `Validation` for a foreign cursor.
    pub async fn users(
        &self,
        caller: &Caller,
        filter: &UserFilter,
        page: &PageRequest,
    ) -> Result<Page<User>> {
        caller.may(Action::Users)?;
        Ok(self.0.store().users().list(filter, page).await?)
    }

    /// One account.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound`.
    pub async fn user(&self, caller: &Caller, id: Uuid) -> Result<User> {
        caller.may(Action::Users)?;
        if id == SYSTEM_USER {
            return Err(PlatformError::NotFound("user"));
        }
        Ok(self.0.store().users().by_id(id).await?)
    }

    /// Makes an account with a generated password.
    ///
    /// # Errors
    /// `Forbidden`; `Validation`; `Conflict` naming what is taken.
    pub async fn create_user(&self, caller: &Caller, new: NewAccount) -> Result<MadeAccount> {
        caller.may(Action::Users)?;
        if new.role == Role::Admin {
            caller.may(Action::Administrators)?;
        }
        let email = new
            .email
            .as_deref()
            .filter(|email| !email.trim().is_empty());
        none_or(email.and_then(email_problem).into_iter().collect())?;
        let password = passwords::generate();
        let tokens = new
            .tokens
            .unwrap_or_else(|| self.0.accounts().starting_tokens());
        let entry = caller
            .entry("user.create")
            .details(json!({ "role": new.role, "tokens": tokens }));
        let new = NewUser {
            user_name: new.user_name,
            email: new.email,
            display_name: new.display_name.unwrap_or_default(),
            password_hash: Some(self.0.0.passwords.hash(&password).await?),
            role: new.role,
            tokens,
        };
        let user = self.0.store().users().create(new, entry).await?;
        Ok(MadeAccount { user, password })
    }

    /// Changes an account. Another role, or being switched off or on, ends its sessions at once.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound`; `Validation`; `Conflict` naming what is taken, or when nobody would be left to run
    /// the place.
    pub async fn change_user(
        &self,
        caller: &Caller,
        id: Uuid,
        changes: AccountChanges,
    ) -> Result<User> {
        let before = self.user(caller, id).await?;
        if before.role == Role::Admin || changes.role == Some(Role::Admin) {
            caller.may(Action::Administrators)?;
        }
        let email = changes.email.as_ref().and_then(Option::as_deref);
        none_or(email.and_then(email_problem).into_iter().collect())?;
        let entry = caller.entry("user.change").details(json!({
            "role": changes.role,
            "active": changes.active,
            "user_name": changes.user_name.is_some(),
            "email": changes.email.is_some(),
            "display_name": changes.display_name.is_some(),
        }));
        let changes = UserChanges {
            user_name: changes.user_name,
            email: changes.email,
            display_name: changes.display_name,
            role: changes.role,
            active: changes.active,
            settings: None,
        };
        Ok(self.0.store().users().update(id, changes, entry).await?)
    }

    /// Deletes somebody else's account with everything that is theirs. What they did stays in the audit.
    ///
    /// # Errors
    /// `Forbidden`, also for one's own; `NotFound`; `Conflict` when nobody would be left to run the place.
    pub async fn delete_user(&self, caller: &Caller, id: Uuid) -> Result<()> {
        let user = self.user(caller, id).await?;
        if user.role == Role::Admin {
            caller.may(Action::Administrators)?;
        }
        not_oneself(
            caller,
            id,
            "Delete your own account with your password, at /me.",
        )?;
        let entry = caller.entry("user.delete");
        Ok(self.0.store().users().delete(id, entry).await?)
    }

    /// Gives somebody else a generated password and ends their sessions.
    ///
    /// # Errors
    /// `Forbidden`, also for one's own; `NotFound`.
    pub async fn generate_password(&self, caller: &Caller, id: Uuid) -> Result<String> {
        self.may_reset(caller, id).await?;
        let password = passwords::generate();
        let hash = self.0.0.passwords.hash(&password).await?;
        let entry = caller.entry("user.password");
        self.0
            .store()
            .users()
            .set_password(id, &hash, entry)
            .await?;
        Ok(password)
    }

    /// Makes a link with which somebody else sets a new password, once. An earlier one ends; the password they have
    /// goes on until then.
    ///
    /// # Errors
    /// `Forbidden`, also for one's own; `NotFound`.
    pub async fn make_reset_link(&self, caller: &Caller, id: Uuid) -> Result<ResetLink> {
        self.may_reset(caller, id).await?;
        let (secret, digest) = tokens::one_time_secret();
        let entry = caller.entry("user.reset_link");
        let expires_at = self
            .0
            .store()
            .password_resets()
            .create(id, &digest, LINK_LIFETIME, entry)
            .await?;
        Ok(ResetLink { secret, expires_at })
    }

    async fn may_reset(&self, caller: &Caller, id: Uuid) -> Result<()> {
        caller.may(Action::Passwords)?;
        self.user(caller, id).await?;
        not_oneself(
            caller,
            id,
            "Change your own password with the one you have, at /me/password.",
        )
    }
}

fn not_oneself(caller: &Caller, id: Uuid, instead: &str) -> Result<()> {
    if caller.id == id {
        return Err(PlatformError::Forbidden(instead.to_owned()));
    }
    Ok(())
}
