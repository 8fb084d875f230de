//! Accounts and sessions. `setup` makes the first administrator, `register` everybody else, `sign_in` opens and
//! renews sessions, `sign_out` ends them, `authenticate` tells who a token or key belongs to, `me` is one's own account,
//! `keys` its API keys, `passwords` a change of its password and its end; `doors` is what the old APIs do otherwise.

mod authenticate;
mod doors;
mod keys;
mod me;
mod passwords;
mod register;
mod setup;
mod sign_in;
mod sign_out;

use trainyard_store::{NewSession, User, settings};
use trainyard_training::FieldProblem;
use uuid::Uuid;

use crate::caller::{Door, Origin};
use crate::dialects::Dialect;
use crate::error::{PlatformError, Result};
use crate::passwords::LONGEST;
use crate::{Platform, tokens};

pub use doors::{SignIn, TokenFault};
pub use keys::{MadeKey, NewKey};
pub use me::{ProfileChanges, Statement};
pub use register::Registration;
pub use setup::{NewAdministrator, Setup, SetupState};

/// Use cases of accounts; from [`Platform::accounts`].
#[derive(Clone, Copy, Debug)]
pub struct Accounts<'a>(pub(crate) &'a Platform);

/// What a signed-in person carries away.
#[derive(Clone)]
pub struct Session {
    /// For the `Authorization` header, or the session cookie.
    pub access_token: String,
    /// Seconds it lives.
    pub expires_in: u64,
    /// Good once, for the next session.
    pub refresh_token: String,
    /// Seconds that lives when it is not used.
    pub refresh_expires_in: u64,
    /// Whose session.
    pub user: User,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Session")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

impl Accounts<'_> {
    /// Opens a session of a new family.
    async fn open_session(&self, user: User, door: Door) -> Result<Session> {
        let (refresh_token, digest) = tokens::one_time_secret();
        let users = self.0.store().users();
        let user = users.opened(user.id, first_of_family(&digest)).await?;
        self.session(user, refresh_token, door)
    }

    fn session(&self, user: User, refresh_token: String, door: Door) -> Result<Session> {
        Ok(Session {
            access_token: self.0.0.tokens.sign(&user, door)?,
            expires_in: tokens::ACCESS_SECONDS,
            refresh_token,
            refresh_expires_in: tokens::REFRESH_LIFETIME.as_secs(),
            user,
        })
    }

    /// What is wrong with a new password, if anything.
    pub(crate) fn password_problem(
        &self,
        door: Door,
        pointer: &str,
        password: &str,
    ) -> Option<FieldProblem> {
        let current = self.0.store().settings().current();
        let fewest = match door {
            Door::Dialect(_) => current.integer(&settings::DIALECT_PASSWORD_LENGTH),
            _ => current.integer(&settings::PASSWORD_LENGTH),
        };
        let fewest = usize::try_from(fewest).unwrap_or(8);
        let detail = if password.chars().count() < fewest {
            format!("Use at least {fewest} characters.")
        } else if password.len() > LONGEST {
            format!("Use at most {} bytes.", LONGEST)
        } else {
            return None;
        };
        Some(FieldProblem::new(pointer, detail))
    }

    pub(crate) fn starting_tokens(&self) -> i64 {
        self.0
            .store()
            .settings()
            .current()
            .integer(&settings::STARTING_TOKENS)
    }

    /// What an account starts with that is made at this door.
    fn starting_tokens_at(&self, door: Door) -> i64 {
        match door {
            Door::Dialect(Dialect::LessonPrices) => self
                .0
                .store()
                .settings()
                .current()
                .integer(&settings::DIALECT_LESSON_PRICES_START),
            _ => self.starting_tokens(),
        }
    }

    async fn refuse(&self, origin: &Origin, action: &str, reason: &str) -> Result<()> {
        let details = serde_json::json!({ "reason": reason });
        self.0.refused(origin.entry(action).details(details)).await
    }
}

/// A session of a new family.
fn first_of_family(digest: &str) -> NewSession<'_> {
    NewSession {
        hash: digest,
        family: Uuid::now_v7(),
        lifetime: tokens::REFRESH_LIFETIME,
    }
}

/// What is wrong with an e-mail address, if anything. Whether it reaches anybody is not known here.
pub(crate) fn email_problem(email: &str) -> Option<FieldProblem> {
    let email = email.trim();
    let well_formed = email.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && !domain.is_empty()
            && !domain.contains('@')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
    });
    let plain = !email
        .chars()
        .any(|letter| letter.is_whitespace() || letter.is_control());
    if well_formed && plain && email.len() <= 254 {
        return None;
    }
    Some(FieldProblem::new(
        "/email",
        "Give an e-mail address such as ana@example.com.",
    ))
}

pub(crate) fn none_or(problems: Vec<FieldProblem>) -> Result<()> {
    if problems.is_empty() {
        Ok(())
    } else {
        Err(PlatformError::Validation(problems))
    }
}
