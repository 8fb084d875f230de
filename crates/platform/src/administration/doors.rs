//! What administrators do through the old doors and nowhere else: they name accounts by their small numbers, and choose
//! passwords for others.

use serde_json::json;
use trainyard_store::{NewUser, Role, SYSTEM_USER, User};
use uuid::Uuid;

use super::{Administration, NewAccount};
use crate::accounts::{email_problem, none_or};
use crate::caller::{Action, Caller};
use crate::error::{PlatformError, Result};

impl Administration<'_> {
    /// The account of this number.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound`.
    pub async fn user_numbered(&self, caller: &Caller, number: i64) -> Result<User> {
        caller.may(Action::Users)?;
        let none = || PlatformError::NotFound("user");
        let number = i32::try_from(number).map_err(|_| none())?;
        let user = self.0.store().users().by_number(number).await?;
        if user.id == SYSTEM_USER {
            return Err(none());
        }
        Ok(user)
    }

    /// The account of this address or name.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound`.
    pub async fn user_called(&self, caller: &Caller, login: &str) -> Result<User> {
        caller.may(Action::Users)?;
        let found = self.0.store().users().by_login(login).await?;
        found
            .filter(|user| user.id != SYSTEM_USER)
            .ok_or(PlatformError::NotFound("user"))
    }

    /// Makes an account with a password that the administrator chose.
    ///
    /// # Errors
    /// `Forbidden`; `Validation`; `Conflict` naming what is taken.
    pub async fn create_user_with(
        &self,
        caller: &Caller,
        new: NewAccount,
        password: &str,
    ) -> Result<User> {
        caller.may(Action::Users)?;
        if new.role == Role::Admin {
            caller.may(Action::Administrators)?;
        }
        let accounts = self.0.accounts();
        let email = new
            .email
            .as_deref()
            .filter(|email| !email.trim().is_empty());
        let problems = [
            email.and_then(email_problem),
            accounts.password_problem(caller.origin.door, "/password", password),
        ];
        none_or(problems.into_iter().flatten().collect())?;
        let tokens = new.tokens.unwrap_or_else(|| accounts.starting_tokens());
        let entry = caller
            .entry("user.create")
            .details(json!({ "role": new.role, "tokens": tokens }));
        let new = NewUser {
            user_name: new.user_name,
            email: new.email,
            display_name: new.display_name.unwrap_or_default(),
            password_hash: Some(self.0.0.passwords.hash(password).await?),
            role: new.role,
            tokens,
        };
        Ok(self.0.store().users().create(new, entry).await?)
    }

    /// Gives somebody a password that the administrator chose, and ends their sessions.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound`; `Validation`.
    pub async fn choose_password(&self, caller: &Caller, id: Uuid, password: &str) -> Result<()> {
        caller.may(Action::Passwords)?;
        self.user(caller, id).await?;
        let accounts = self.0.accounts();
        let problem = accounts.password_problem(caller.origin.door, "/new_password", password);
        none_or(problem.into_iter().collect())?;
        let hash = self.0.0.passwords.hash(password).await?;
        let entry = caller.entry("user.password");
        let users = self.0.store().users();
        users.set_password(id, &hash, entry).await?;
        Ok(())
    }
}
