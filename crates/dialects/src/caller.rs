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
        counted(app, parts, &origin, found, |signed| &signed.caller)
    }
}

/// Counts whoever was found, and tells the frame who it is; counts the address of who was not.
fn counted<T>(
    app: &App,
    parts: &Parts,
    origin: &Origin,
    found: Answer<T>,
    caller: impl Fn(&T) -> &Caller,
) -> Answer<T> {
    match found {
        Ok(found) => {
            count(app, Asker::Account(caller(&found).id))?;
            if let Some(Witness(slot)) = parts.extensions.get() {
                let _ = slot.set(caller(&found).clone());
            }
            Ok(found)
        }
        Err(refusal) => {
            count_address(app, class_of(app), origin)?;
            Err(refusal)
        }
    }
}

/// Somebody who wants an answer of a model: as their token has it, since the commit that charges compares it with the
/// account.
#[derive(Clone, Debug)]
pub(crate) struct Asking {
    pub(crate) caller: Caller,
    /// The token, while it alone says so.
    claimed: Option<String>,
}

impl FromRequestParts<App> for Asking {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Answer<Self> {
        let origin = origin(&parts.extensions, app.voice.dialect);
        let accounts = app.platform.accounts();
        let claimed = bearer(parts).and_then(|token| {
            let caller = accounts.claimed_at_door(&token, origin.clone())?;
            Some((caller, token))
        });
        let Some((caller, token)) = claimed else {
            let Signed { caller, .. } = Signed::from_request_parts(parts, app).await?;
            return Ok(Self {
                caller,
                claimed: None,
            });
        };
        let asking = Self {
            caller,
            claimed: Some(token),
        };
        counted(app, parts, &origin, Ok(asking), |asking| &asking.caller)
    }
}

impl Asking {
    /// After a refusal: who it is by their account, where that is not what their token said; nothing where the refusal
    /// stands.
    ///
    /// # Errors
    /// What is wrong with the account.
    pub(crate) async fn corrected(self, app: &App) -> Answer<Option<Caller>> {
        let Some(token) = self.claimed else {
            return Ok(None);
        };
        let Signed { caller, .. } = signed(app, &token, self.caller.origin.clone()).await?;
        Ok((caller != self.caller).then_some(caller))
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
