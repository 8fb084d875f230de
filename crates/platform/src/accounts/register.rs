//! An account made by the person it is for. Its role is always `user`: a request has no say in that.

use trainyard_store::{NewUser, Role, User};
use trainyard_training::FieldProblem;

use super::{Accounts, Session, email_problem, none_or};
use crate::caller::Origin;
use crate::error::{PlatformError, Result};

/// What somebody who wants an account gives.
#[derive(Clone)]
pub struct Registration {
    /// Optional when there is a user name.
    pub email: Option<String>,
    /// Optional when there is an e-mail address.
    pub user_name: Option<String>,
    /// What pages call them.
    pub display_name: Option<String>,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for Registration {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Registration")
            .field("email", &self.email)
            .field("user_name", &self.user_name)
            .finish_non_exhaustive()
    }
}

impl Accounts<'_> {
    /// Makes an account and signs it in.
    ///
    /// # Errors
    /// Those of [`Accounts::join`].
    pub async fn register(&self, registration: Registration, origin: Origin) -> Result<Session> {
        let user = self.join(registration, &origin).await?;
        self.open_session(user, origin.door).await
    }

    /// Makes an account.
    ///
    /// # Errors
    /// `Forbidden` when registration is closed or the first administrator is not made yet; `Validation`;
    /// `Conflict` naming what is taken.
    pub async fn join(&self, registration: Registration, origin: &Origin) -> Result<User> {
        let state = self.setup_state().await?;
        if state.needed {
            return Err(PlatformError::Forbidden(
                "This server is not set up yet. Open /welcome and make the first administrator."
                    .to_owned(),
            ));
        }
        if !state.registration_open {
            self.refuse(origin, "user.register", "closed").await?;
            return Err(PlatformError::Forbidden(
                "Registration is closed. Ask an administrator for an account.".to_owned(),
            ));
        }
        let given =
            |name: &Option<String>| name.as_deref().is_some_and(|name| !name.trim().is_empty());
        let mut problems = Vec::new();
        if given(&registration.email) {
            problems.extend(registration.email.as_deref().and_then(email_problem));
        } else if !given(&registration.user_name) {
            problems.push(FieldProblem::new(
                "/email",
                "Give an e-mail address or a user name.",
            ));
        }
        problems.extend(self.password_problem(origin.door, "/password", &registration.password));
        none_or(problems)?;
        let new = NewUser {
            password_hash: Some(self.0.0.passwords.hash(&registration.password).await?),
            user_name: registration.user_name,
            email: registration.email,
            display_name: registration.display_name.unwrap_or_default(),
            role: Role::User,
            tokens: self.starting_tokens_at(origin.door),
        };
        let entry = origin.entry("user.register");
        Ok(self.0.store().users().create(new, entry).await?)
    }
}
