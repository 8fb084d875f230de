//! What the password is asked for again: changing it, and the end of the account. A session that somebody left open, or
//! that was stolen, is not enough for either. Who has forgotten theirs gets a one-time link from an administrator.

use trainyard_store::{StoreError, User};

use super::{Accounts, Session, first_of_family, none_or};
use crate::caller::{Action, Caller, Origin};
use crate::error::{PlatformError, Result};
use crate::tokens;

impl Accounts<'_> {
    /// Changes the caller's password. Every session ends but the one that is handed back; API keys stay.
    ///
    /// # Errors
    /// `Forbidden` for an API key; `Validation`; `TooManyRequests` after too many wrong passwords.
    pub async fn change_password(
        &self,
        caller: &Caller,
        current: &str,
        new: &str,
    ) -> Result<Session> {
        caller.may(Action::ChangeAccount)?;
        none_or(
            self.password_problem(caller.origin.door, "/new_password", new)
                .into_iter()
                .collect(),
        )?;
        let (user, old_hash) = self
            .confirmed(caller, "/current_password", current, "user.password")
            .await?;
        let hash = self.0.0.passwords.hash(new).await?;
        let (token, digest) = tokens::one_time_secret();
        let entry = caller.entry("user.password");
        let user = self
            .0
            .store()
            .users()
            .change_password(user.id, &old_hash, &hash, first_of_family(&digest), entry)
            .await?;
        self.session(user, token, caller.origin.door)
    }

    /// Deletes the caller's account with everything that is theirs. What they did stays in the audit.
    ///
    /// # Errors
    /// `Forbidden` for an API key; `Validation` for a wrong password; `Conflict` when nobody would be left to run the
    /// place; `TooManyRequests`.
    pub async fn delete_me(&self, caller: &Caller, password: &str) -> Result<()> {
        caller.may(Action::ChangeAccount)?;
        self.confirmed(caller, "/password", password, "user.delete")
            .await?;
        let entry = caller.entry("user.delete");
        Ok(self.0.store().users().delete(caller.id, entry).await?)
    }

    /// Sets a password with the secret of a one-time link, which is used up. Every session of the account ends.
    ///
    /// # Errors
    /// `Validation`, also when the link is not or no longer good.
    pub async fn reset_password(&self, secret: &str, new: &str, origin: Origin) -> Result<()> {
        none_or(
            self.password_problem(origin.door, "/new_password", new)
                .into_iter()
                .collect(),
        )?;
        let resets = self.0.store().password_resets();
        let digest = tokens::digest(secret);
        // Looked up before anything is hashed: guessing links must not cost a core.
        let redeemed = match resets.user_of(&digest).await {
            Ok(_) => {
                let hash = self.0.0.passwords.hash(new).await?;
                let entry = origin.entry("user.reset");
                resets.redeem(&digest, &hash, entry).await
            }
            Err(error) => Err(error),
        };
        match redeemed {
            Ok(_) => Ok(()),
            Err(StoreError::NotFound { .. }) => {
                self.0.refused(origin.entry("user.reset")).await?;
                Err(PlatformError::field(
                    "/token",
                    "This link was used already, or is too old. Ask an administrator for a new one.",
                ))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The caller's account and its hash, if this is its password.
    async fn confirmed(
        &self,
        caller: &Caller,
        pointer: &str,
        password: &str,
        action: &str,
    ) -> Result<(User, String)> {
        let user = self.0.store().users().by_id(caller.id).await?;
        let name = caller.id.to_string();
        let right = self
            .is_password(Some(&user), &name, password, &caller.origin, action)
            .await?;
        match right {
            Some(hash) => Ok((user, hash)),
            None => {
                self.0.refused(caller.entry(action)).await?;
                Err(PlatformError::field(
                    pointer,
                    "This is not your password. Check it and try again.",
                ))
            }
        }
    }
}
