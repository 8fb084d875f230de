//! Sessions opened with a password and renewed with a refresh token.

use trainyard_store::Rotation;

use super::{Accounts, Session};
use crate::caller::Origin;
use crate::error::{PlatformError, Result};
use crate::{passwords, tokens};

impl Accounts<'_> {
    /// Opens a session. Unknown name, wrong password and switched-off account get the same answer after the same
    /// work.
    ///
    /// # Errors
    /// `WrongCredentials`; `TooManyRequests` when too many sign in at once.
    pub async fn log_in(&self, login: &str, password: &str, origin: Origin) -> Result<Session> {
        let user = if login.len() > 320 {
            None
        } else {
            self.0.store().users().by_login(login).await?
        };
        let hash = user.as_ref().and_then(|user| user.password_hash.as_deref());
        let shortened = password.get(..passwords::LONGEST + 1).unwrap_or(password);
        let right = self.0.0.passwords.verify(shortened, hash).await?;
        match user.filter(|user| right && user.active) {
            Some(user) => {
                let entry = origin.entry("session.open").by(user.id, &user.display_name);
                self.0.store().users().signed_in(user.id, entry).await?;
                self.open_session(user, origin.door).await
            }
            None => {
                self.refuse(&origin, "session.open", "wrong credentials")
                    .await?;
                Err(PlatformError::WrongCredentials)
            }
        }
    }

    /// Renews a session: the refresh token is used up and replaced. One that comes a second time was copied, and
    /// its whole family ends.
    ///
    /// # Errors
    /// `Unauthenticated`.
    pub async fn refresh(&self, refresh_token: &str, origin: Origin) -> Result<Session> {
        let old = tokens::digest(refresh_token);
        let (token, new) = tokens::refresh_token();
        let lifetime = tokens::REFRESH_LIFETIME;
        match self
            .0
            .store()
            .refresh_tokens()
            .rotate(&old, &new, lifetime)
            .await?
        {
            Rotation::Rotated(user) => self.session(*user, token, origin.door),
            Rotation::Reused { user_id, .. } => {
                let entry = origin
                    .entry("session.reuse")
                    .outcome("refused")
                    .about("user", user_id);
                self.0.store().audit().append(entry).await?;
                Err(PlatformError::signed_out())
            }
            Rotation::Expired | Rotation::Unknown => Err(PlatformError::signed_out()),
        }
    }
}
