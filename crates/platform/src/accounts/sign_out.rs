//! The end of sessions, at once: the account's token version moves on, so every access token signed before is
//! refused, and its refresh tokens are revoked in the same commit.

use super::Accounts;
use crate::caller::{Action, Caller, Origin};
use crate::error::Result;
use crate::tokens;

impl Accounts<'_> {
    /// Ends every session of a signed-in person.
    ///
    /// # Errors
    /// `Forbidden` for an API key.
    pub async fn log_out(&self, caller: &Caller) -> Result<()> {
        caller.may(Action::ChangeAccount)?;
        let entry = caller.entry("session.end");
        self.0
            .store()
            .users()
            .bump_token_version(caller.id, entry)
            .await?;
        Ok(())
    }

    /// Ends the sessions of whoever holds this refresh token: for a browser whose access token has expired. A
    /// token that is unknown ends nothing.
    ///
    /// # Errors
    /// Only our own.
    pub async fn log_out_by_refresh_token(&self, token: &str, origin: &Origin) -> Result<()> {
        let digest = tokens::digest(token);
        if let Some((_, user_id)) = self.0.store().refresh_tokens().family_of(&digest).await? {
            let entry = origin.entry("session.end");
            self.0
                .store()
                .users()
                .bump_token_version(user_id, entry)
                .await?;
        }
        Ok(())
    }
}
