//! Sessions of the old doors. Their tokens carry what their clients read in them, which differs from door to door; beside
//! it stands what this house goes by: the account, the number of its sessions, and the door as `aud`. There are no refresh
//! tokens and no cookies.

use serde_json::{Map, Value};
use trainyard_store::{User, UserChanges};

use super::{Accounts, first_of_family, none_or, sign_in::Known};
use crate::caller::{Action, Caller, Credential, Origin};
use crate::error::{PlatformError, Result};
use crate::tokens::{self, DoorToken};

/// Why a token of an old door is not good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFault {
    /// It is none of this door's, or was ended.
    Invalid,
    /// It was good once.
    Expired,
    /// It names nobody.
    Nameless,
    /// Its account is gone, or switched off.
    Gone,
}

/// Whom a sign-in at an old door found.
#[derive(Clone, Debug)]
pub enum SignIn {
    /// The right password of an account that may sign in.
    Welcome(Box<User>),
    /// The right password of an account that is switched off.
    Inactive,
    /// Anything else.
    Wrong,
}

impl Accounts<'_> {
    /// Finds out whether name and password belong together, and notes the sign-in.
    ///
    /// # Errors
    /// `TooManyRequests`.
    pub async fn sign_in(&self, login: &str, password: &str, origin: &Origin) -> Result<SignIn> {
        match self.known(login, password, origin).await? {
            Known::Right(user, hash) => {
                let (_, digest) = tokens::one_time_secret();
                let entry = origin.entry("session.open").by(user.id, &user.display_name);
                let session = first_of_family(&digest);
                let users = self.0.store().users();
                let user = users.signed_in(user.id, &hash, session, entry).await?;
                Ok(SignIn::Welcome(Box::new(user)))
            }
            Known::Inactive => Ok(SignIn::Inactive),
            Known::Wrong => Ok(SignIn::Wrong),
        }
    }

    /// Signs a token of the door's for an account: `spoken` is what the door's clients read.
    ///
    /// # Errors
    /// Only our own.
    pub fn door_token(
        &self,
        user: &User,
        spoken: Map<String, Value>,
        lifetime: std::time::Duration,
        origin: &Origin,
    ) -> Result<String> {
        self.0
            .0
            .tokens
            .sign_spoken(user, spoken, lifetime, origin.door)
    }

    /// Whose a token of this door is, and the account as it is now.
    ///
    /// # Errors
    /// Only our own; what is wrong with a token is the inner error.
    pub async fn at_door(
        &self,
        token: &str,
        origin: Origin,
    ) -> Result<std::result::Result<(Caller, User), TokenFault>> {
        let (id, version) = match self.0.0.tokens.read_spoken(token, origin.door) {
            DoorToken::Good { user, version, .. } => (user, version),
            DoorToken::Expired => return Ok(Err(TokenFault::Expired)),
            DoorToken::Nameless => return Ok(Err(TokenFault::Nameless)),
            DoorToken::Invalid => return Ok(Err(TokenFault::Invalid)),
        };
        let found = self.0.store().users().by_id(id).await;
        let user = match found.map_err(PlatformError::from) {
            Err(PlatformError::NotFound(_)) => return Ok(Err(TokenFault::Gone)),
            other => other?,
        };
        if !user.active {
            return Ok(Err(TokenFault::Gone));
        }
        if user.token_version != version {
            return Ok(Err(TokenFault::Invalid));
        }
        let credential = Credential::Session {
            token_version: version,
        };
        Ok(Ok((Caller::of(&user, credential, origin), user)))
    }

    /// The caller a token of this door names, not yet compared with the account; nothing where the token does not say
    /// enough. Only for what ends in the commit that compares: [`crate::Predictions::predict`].
    pub fn claimed_at_door(&self, token: &str, origin: Origin) -> Option<Caller> {
        let read = self.0.0.tokens.read_spoken(token, origin.door);
        let DoorToken::Good {
            user: id,
            version: token_version,
            known: Some((role, name)),
        } = read
        else {
            return None;
        };
        Some(Caller {
            id,
            name,
            role,
            credential: Credential::Session { token_version },
            origin,
        })
    }

    /// Gives the caller another password, as the old clients do it: with the session alone. All sessions end.
    ///
    /// # Errors
    /// `Forbidden` for an API key; `Validation`.
    pub async fn replace_password(&self, caller: &Caller, new: &str) -> Result<()> {
        caller.may(Action::ChangeAccount)?;
        let problem = self.password_problem(caller.origin.door, "/new_password", new);
        none_or(problem.into_iter().collect())?;
        let hash = self.0.0.passwords.hash(new).await?;
        let entry = caller.entry("user.password");
        let users = self.0.store().users();
        users.set_password(caller.id, &hash, entry).await?;
        Ok(())
    }

    /// Deletes the account that name and password belong to, with everything that is its.
    ///
    /// # Errors
    /// `WrongCredentials`; `Conflict` when nobody would be left to run the place; `TooManyRequests`.
    pub async fn delete_with_password(
        &self,
        login: &str,
        password: &str,
        origin: &Origin,
    ) -> Result<User> {
        match self.known(login, password, origin).await? {
            Known::Right(user, _) => {
                let entry = origin.entry("user.delete").by(user.id, &user.display_name);
                self.0.store().users().delete(user.id, entry).await?;
                Ok(*user)
            }
            Known::Inactive | Known::Wrong => Err(PlatformError::WrongCredentials),
        }
    }

    /// Gives the caller tokens that they asked for themselves, where a setting or a demonstration allows it.
    ///
    /// # Errors
    /// `Forbidden`; `Validation` for an amount that cannot be.
    pub async fn help_oneself(&self, caller: &Caller, amount: i64, allowed: bool) -> Result<i64> {
        caller.may(Action::ChangeAccount)?;
        if !(allowed || self.0.self_service()) {
            return Err(PlatformError::Forbidden(
                "Nobody gives themselves tokens here. Ask an administrator for more.".to_owned(),
            ));
        }
        if amount <= 0 {
            return Err(PlatformError::field("/amount", "Give a number above 0."));
        }
        let entry = caller
            .entry("tokens.grant")
            .details(serde_json::json!({ "tokens": amount, "reason": "self-service" }));
        let ledger = self.0.store().ledger();
        let granted = ledger
            .grant(caller.id, amount, Some("self-service"), None, entry)
            .await?;
        Ok(granted.movement.balance_after)
    }

    /// What the caller's account remembers under a name.
    ///
    /// # Errors
    /// `NotFound` when it is gone.
    pub async fn remembered(&self, caller: &Caller, name: &str) -> Result<Option<Value>> {
        let user = self.0.store().users().by_id(caller.id).await?;
        Ok(user
            .settings
            .get(name)
            .filter(|value| !value.is_null())
            .cloned())
    }

    /// Remembers something under a name with the caller's account; `Null` forgets it.
    ///
    /// # Errors
    /// `NotFound` when it is gone.
    pub async fn remember(&self, caller: &Caller, name: &str, value: Value) -> Result<()> {
        let users = self.0.store().users();
        let user = users.by_id(caller.id).await?;
        let mut settings = match user.settings.into_json() {
            Value::Object(settings) => settings,
            _ => Map::new(),
        };
        if settings.get(name).unwrap_or(&Value::Null) == &value {
            return Ok(());
        }
        settings.insert(name.to_owned(), value);
        let changes = UserChanges {
            settings: Some(Value::Object(settings)),
            ..UserChanges::default()
        };
        let entry = caller.entry("user.change");
        users.update(caller.id, changes, entry).await?;
        Ok(())
    }
}
