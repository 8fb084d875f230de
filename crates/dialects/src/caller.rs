//! Who asks: a token in the header, never a cookie. Whoever is found is counted, and known to whoever remembers refusals.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use serde_json::{Map, Value};
use trainyard_platform::{Asker, Caller, Dialect, Origin, RateClass, Role, User};

use crate::App;
use crate::frame::{Witness, origin};
use crate::refusal::{Answer, Refusal};

/// Somebody who is signed in at this door, and their account as it is now.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    pub(crate) caller: Caller,
    pub(crate) user: User,
}

/// From where a request comes that needs nobody to be signed in; its address is counted.
#[derive(Clone, Debug)]
pub(crate) struct Anybody(pub(crate) Origin);

/// The same for what tries a password.
#[derive(Clone, Debug)]
pub(crate) struct Stranger(pub(crate) Origin);

impl FromRequestParts<App> for Signed {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Answer<Self> {
        let origin = origin(&parts.extensions, app.voice.dialect);
        let found = match bearer(parts) {
            Some(token) => signed(app, &token, origin.clone()).await,
            None => Err(Refusal::unauthorized("Not authenticated").by_frame()),
        };
        match found {
            Ok(signed) => {
                count(app, Asker::Account(signed.caller.id))?;
                if let Some(Witness(slot)) = parts.extensions.get() {
                    let _ = slot.set(signed.caller.clone());
                }
                Ok(signed)
            }
            Err(refusal) => {
                count_address(app, class_of(app), &origin)?;
                Err(refusal)
            }
        }
    }
}

impl Signed {
    /// Lets administrators on.
    pub(crate) fn administrator(&self, otherwise: &str) -> Answer<()> {
        if self.user.role == Role::Admin {
            return Ok(());
        }
        Err(Refusal::forbidden(otherwise))
    }
}

/// Whose a token is.
pub(crate) async fn signed(app: &App, token: &str, origin: Origin) -> Answer<Signed> {
    match app.platform.accounts().at_door(token, origin).await? {
        Ok((caller, user)) => Ok(Signed { caller, user }),
        Err(fault) => Err((app.voice.fault)(fault).by_frame()),
    }
}

/// The token of the `Authorization` header.
pub(crate) fn bearer(parts: &Parts) -> Option<String> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim().to_owned())
}

fn class_of(app: &App) -> RateClass {
    RateClass::Dialect(app.voice.dialect)
}

fn count(app: &App, asker: Asker) -> Answer<()> {
    match app.platform.rates().ask(class_of(app), asker) {
        Some(allowance) => Ok(allowance.check()?),
        None => Ok(()),
    }
}

fn count_address(app: &App, class: RateClass, origin: &Origin) -> Answer<()> {
    let Some(address) = origin.address else {
        return Ok(());
    };
    match app.platform.rates().ask(class, Asker::Address(address)) {
        Some(allowance) => Ok(allowance.check()?),
        None => Ok(()),
    }
}

impl FromRequestParts<App> for Anybody {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Answer<Self> {
        let origin = origin(&parts.extensions, app.voice.dialect);
        let class = match app.voice.dialect {
            Dialect::DigitOcr => RateClass::DigitGuests,
            dialect => RateClass::Dialect(dialect),
        };
        count_address(app, class, &origin)?;
        Ok(Self(origin))
    }
}

impl FromRequestParts<App> for Stranger {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Answer<Self> {
        let origin = origin(&parts.extensions, app.voice.dialect);
        count_address(app, RateClass::SignIn, &origin)?;
        Ok(Self(origin))
    }
}

/// What a token says, by name.
pub(crate) fn claims<const N: usize>(said: [(&str, Value); N]) -> Map<String, Value> {
    said.into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// What an account is called at a door that asks for user names.
pub(crate) fn user_name(user: &User) -> String {
    let name = user.user_name.as_ref().or(user.email.as_ref());
    name.cloned().unwrap_or_default()
}

/// What an account is called at a door that asks for addresses.
pub(crate) fn address(user: &User) -> String {
    let name = user.email.as_ref().or(user.user_name.as_ref());
    name.cloned().unwrap_or_default()
}
