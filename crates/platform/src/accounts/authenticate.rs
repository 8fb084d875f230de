//! Who a token belongs to. For everything but predictions the account is read, so that a demotion or deletion
//! counts from the next request on. A prediction's own commit checks the same things under its lock, so there the
//! token's word is enough until then, and a warm prediction reads nothing.

use super::Accounts;
use crate::caller::{Caller, Credential, Origin};
use crate::error::{PlatformError, Result};

impl Accounts<'_> {
    /// The caller a token belongs to, as the account is now.
    ///
    /// # Errors
    /// `Unauthenticated`.
    pub async fn caller(&self, token: &str, origin: Origin) -> Result<Caller> {
        let claims = self.0.0.tokens.read(token, origin.door)?;
        let user = match self
            .0
            .store()
            .users()
            .by_id(claims.sub)
            .await
            .map_err(PlatformError::from)
        {
            Err(PlatformError::NotFound(_)) => return Err(PlatformError::signed_out()),
            other => other?,
        };
        if !user.active || user.token_version != claims.ver {
            return Err(PlatformError::signed_out());
        }
        let credential = Credential::Session {
            token_version: user.token_version,
        };
        Ok(Caller::of(&user, credential, origin))
    }

    /// The caller a token names, not yet compared with the account. Only for what ends in the commit that
    /// compares: [`crate::Predictions::predict`].
    ///
    /// # Errors
    /// `Unauthenticated`.
    pub fn claimed_caller(&self, token: &str, origin: Origin) -> Result<Caller> {
        let claims = self.0.0.tokens.read(token, origin.door)?;
        Ok(Caller {
            id: claims.sub,
            name: claims.name,
            role: claims.role,
            credential: Credential::Session {
                token_version: claims.ver,
            },
            origin,
        })
    }
}
