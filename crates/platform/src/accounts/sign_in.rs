//! Sessions opened with a password and renewed with a refresh token.

use serde_json::json;
use trainyard_store::{Rotation, Timestamp, User};

use super::{Accounts, Session, first_of_family};
use crate::caller::Origin;
use crate::error::{PlatformError, Result};
use crate::passwords::LONGEST;
use crate::tokens;

/// Whom a name and a password belong to.
pub(super) enum Known {
    /// Somebody who may sign in, and the hash of their password.
    Right(Box<User>, String),
    /// Somebody whose account is switched off.
    Inactive,
    /// Nobody.
    Wrong,
}

impl Accounts<'_> {
    /// Opens a session. Unknown name, wrong password and switched-off account get the same answer after the same
    /// work.
    ///
    /// # Errors
    /// `WrongCredentials`; `TooManyRequests` after too many wrong passwords from this address, or when too many sign
    /// in at once.
    pub async fn log_in(&self, login: &str, password: &str, origin: Origin) -> Result<Session> {
        let Known::Right(user, hash) = self.known(login, password, &origin).await? else {
            return Err(PlatformError::WrongCredentials);
        };
        let (token, digest) = tokens::one_time_secret();
        let entry = origin.entry("session.open").by(user.id, &user.display_name);
        let user = self
            .0
            .store()
            .users()
            .signed_in(user.id, &hash, first_of_family(&digest), entry)
            .await?;
        self.session(user, token, origin.door)
    }

    /// Whom name and password belong to; all answers take the same work, and refusals are remembered.
    ///
    /// # Errors
    /// `TooManyRequests`.
    pub(super) async fn known(
        &self,
        login: &str,
        password: &str,
        origin: &Origin,
    ) -> Result<Known> {
        let user = if login.len() > 320 {
            None
        } else {
            self.0.store().users().by_login(login).await?
        };
        let right = self
            .is_password(user.as_ref(), login, password, origin, "session.open")
            .await?;
        let id = user.as_ref().map(|user| user.id);
        let known = match user.zip(right) {
            Some((user, hash)) if user.active => return Ok(Known::Right(Box::new(user), hash)),
            Some(_) => Known::Inactive,
            None => Known::Wrong,
        };
        // The name that was given is not remembered: people type passwords there.
        let details = json!({ "reason": "wrong credentials" });
        let entry = origin.entry("session.open").details(details);
        let entry = match id {
            Some(id) => entry.about("user", id),
            None => entry,
        };
        self.0.refused(entry).await?;
        Ok(known)
    }

    /// The hash that the password belongs to, if it is `user`'s, after the same work in any case. `name` is what the
    /// failures are counted under.
    ///
    /// # Errors
    /// `TooManyRequests`.
    pub(super) async fn is_password(
        &self,
        user: Option<&User>,
        name: &str,
        password: &str,
        origin: &Origin,
        action: &str,
    ) -> Result<Option<String>> {
        let attempts = &self.0.0.attempts;
        let attempt = match attempts.begin(name, origin.address, Timestamp::now()) {
            Ok(attempt) => attempt,
            Err(wait) => {
                if wait.first {
                    self.refuse(origin, action, "too many wrong passwords")
                        .await?;
                }
                return Err(wait.into());
            }
        };
        let hash = user.and_then(|user| user.password_hash.as_deref());
        let shortened = password.get(..LONGEST + 1).unwrap_or(password);
        let right = self.0.0.passwords.verify(shortened, hash).await?;
        if !right {
            return Ok(None);
        }
        attempts.succeeded(attempt);
        Ok(hash.map(str::to_owned))
    }

    /// Renews a session: the refresh token is used up and replaced. One that comes a second time was copied, and
    /// its whole family ends.
    ///
    /// # Errors
    /// `Unauthenticated`.
    pub async fn refresh(&self, refresh_token: &str, origin: Origin) -> Result<Session> {
        let old = tokens::digest(refresh_token);
        let (token, new) = tokens::one_time_secret();
        let entry = origin.entry("session.renew");
        match self
            .0
            .store()
            .refresh_tokens()
            .rotate(&old, &new, tokens::REFRESH_LIFETIME, entry)
            .await?
        {
            Rotation::Rotated(user) => self.session(*user, token, origin.door),
            Rotation::Reused { .. } | Rotation::Expired | Rotation::Unknown => {
                Err(PlatformError::signed_out())
            }
        }
    }
}
