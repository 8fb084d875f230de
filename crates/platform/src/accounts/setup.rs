//! The first administrator: made exactly once, by whoever starts the server or opens its first page.

use std::collections::BTreeMap;

use serde_json::json;
use trainyard_store::settings::SettingKind;
use trainyard_store::{NewUser, Role, User, settings};
use trainyard_training::FieldProblem;

use super::{Accounts, Session, email_problem, none_or};
use crate::Platform;
use crate::caller::{Door, Origin};
use crate::error::{PlatformError, Result};

/// Who runs the place.
#[derive(Clone)]
pub struct NewAdministrator {
    /// To sign in with.
    pub email: String,
    /// At least 8 characters.
    pub password: String,
}

impl std::fmt::Debug for NewAdministrator {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("NewAdministrator")
            .field("email", &self.email)
            .finish_non_exhaustive()
    }
}

/// What the first page asks.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Who runs the place.
    pub administrator: NewAdministrator,
    /// What pages call them.
    pub display_name: Option<String>,
    /// Whether people may make accounts themselves.
    pub registration_open: Option<bool>,
    /// What a new account starts with.
    pub starting_tokens: Option<i64>,
}

/// Whether the first administrator is still to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetupState {
    /// It is.
    pub needed: bool,
    /// Whether people may make accounts themselves.
    pub registration_open: bool,
}

impl Accounts<'_> {
    /// Whether the first administrator is still to be made.
    ///
    /// # Errors
    /// Only our own.
    pub async fn setup_state(&self) -> Result<SetupState> {
        let needed = self.0.store().users().setup_needed().await?;
        let registration_open = self.0.public_settings().registration_open;
        Ok(SetupState {
            needed,
            registration_open,
        })
    }

    /// Makes the first administrator and signs them in. Of any number of simultaneous calls one succeeds.
    ///
    /// # Errors
    /// `Validation`; `Conflict` when it was done.
    pub async fn set_up(&self, setup: Setup, origin: Origin) -> Result<Session> {
        let changes = setup_changes(&setup);
        let starting_tokens = setup
            .starting_tokens
            .unwrap_or_else(|| self.starting_tokens());
        none_or(tokens_problem(starting_tokens).into_iter().collect())?;
        if !self.0.store().users().setup_needed().await? {
            return Err(done_already());
        }
        let mut new = self.new_administrator(&setup.administrator).await?;
        new.display_name = setup.display_name.unwrap_or_default();
        new.tokens = starting_tokens;
        let user = self
            .0
            .store()
            .users()
            .setup_first_admin(new, origin.entry("setup"))
            .await?;
        if !changes.is_empty() {
            let entry = origin
                .entry("settings.change")
                .by(user.id, &user.display_name);
            self.0.store().settings().set(&changes, entry).await?;
        }
        self.open_session(user, origin.door).await
    }

    async fn new_administrator(&self, administrator: &NewAdministrator) -> Result<NewUser> {
        let problems = [
            email_problem(&administrator.email),
            self.password_problem(Door::Api, "/password", &administrator.password),
        ];
        none_or(problems.into_iter().flatten().collect())?;
        Ok(NewUser {
            user_name: None,
            email: Some(administrator.email.clone()),
            display_name: String::new(),
            password_hash: Some(self.0.0.passwords.hash(&administrator.password).await?),
            role: Role::Admin,
            tokens: self.starting_tokens(),
        })
    }
}

fn setup_changes(setup: &Setup) -> BTreeMap<String, serde_json::Value> {
    let open = setup
        .registration_open
        .map(|open| (settings::REGISTRATION_OPEN.key, json!(open)));
    let tokens = setup
        .starting_tokens
        .map(|tokens| (settings::STARTING_TOKENS.key, json!(tokens)));
    [open, tokens]
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

fn tokens_problem(tokens: i64) -> Option<FieldProblem> {
    let SettingKind::Integer { min, max, .. } = settings::STARTING_TOKENS.kind else {
        return None;
    };
    let detail = format!("Give a whole number from {min} to {max}.");
    (!(min..=max).contains(&tokens)).then(|| FieldProblem::new("/starting_tokens", detail))
}

fn done_already() -> PlatformError {
    PlatformError::Conflict {
        what: "setup",
        detail: "The first administrator was made already. Sign in instead.".to_owned(),
    }
}

impl Platform {
    /// Makes the first administrator, or leaves everything as it is when there is one.
    ///
    /// # Errors
    /// `Validation`.
    pub async fn ensure_administrator(&self, administrator: NewAdministrator) -> Result<()> {
        if !self.store().users().setup_needed().await? {
            return Ok(());
        }
        let accounts = self.accounts();
        let new = accounts.new_administrator(&administrator).await?;
        let entry = Origin::command_line().entry("setup");
        match self
            .store()
            .users()
            .setup_first_admin(new, entry)
            .await
            .map_err(PlatformError::from)
        {
            Err(PlatformError::Conflict { what: "setup", .. }) => Ok(()),
            other => other.map(drop),
        }
    }

    /// Makes another administrator, or the first one.
    ///
    /// # Errors
    /// `Validation`; `Conflict` when the address is taken.
    pub async fn create_administrator(&self, administrator: NewAdministrator) -> Result<User> {
        let new = self.accounts().new_administrator(&administrator).await?;
        let entry = Origin::command_line().entry("user.create");
        Ok(self.store().users().create(new, entry).await?)
    }
}
