//! Who a token or an API key belongs to. For everything but predictions the account is read, so that a demotion or
//! deletion counts from the next request on. A prediction's own commit checks the same things under its lock, so there
//! a session token's word is enough until then, and a warm prediction reads nothing.

use serde_json::Value;

use super::Accounts;
use crate::caller::{Caller, Credential, KeyScope, Origin};
use crate::error::{PlatformError, Result};
use crate::tokens;

impl Accounts<'_> {
    /// The caller a session's token or an API key belongs to, as the account is now.
    ///
    /// # Errors
    /// `Unauthenticated`.
    pub async fn caller(&self, credential: &str, origin: Origin) -> Result<Caller> {
        if tokens::is_api_key(credential) {
            return self.keys_caller(credential, origin).await;
        }
        let claims = self.0.0.tokens.read(credential, origin.door)?;
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

    /// The caller a session's token names, not yet compared with the account; an API key's as it is now. Only for
    /// what ends in the commit that compares: [`crate::Predictions::predict`].
    ///
    /// # Errors
    /// `Unauthenticated`.
    pub async fn claimed_caller(&self, credential: &str, origin: Origin) -> Result<Caller> {
        if tokens::is_api_key(credential) {
            return self.keys_caller(credential, origin).await;
        }
        let claims = self.0.0.tokens.read(credential, origin.door)?;
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

    /// The key is found by its digest, so that nothing is compared letter by letter with a secret.
    async fn keys_caller(&self, secret: &str, origin: Origin) -> Result<Caller> {
        let keys = self.0.store().api_keys();
        let found = keys.by_hash(&tokens::digest(secret)).await?;
        let (key, user) = found.ok_or_else(|| {
            PlatformError::Unauthenticated(
                "This API key is not known, or no longer good. Make a new one on your account's page."
                    .to_owned(),
            )
        })?;
        if let Err(error) = keys.used(&key).await {
            tracing::warn!(%error, "the use of a key could not be noted");
        }
        let credential = Credential::Key {
            scopes: scopes(&key.scopes),
            prefix: key.prefix,
        };
        Ok(Caller::of(&user, credential, origin))
    }
}

/// The scopes a key was stored with. A name this version does not know allows nothing.
fn scopes(stored: &Value) -> Vec<KeyScope> {
    let names = stored.as_array().into_iter().flatten();
    names
        .filter_map(|name| KeyScope::parse(name.as_str()?))
        .collect()
}
