//! Who asks where nobody has to be signed in: a person by token, a program by API key, or a guest. Whoever shows something
//! that is not good is told so, and is no guest.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use trainyard_platform::{Asker, Caller, Origin, PlatformError, RateClass, Role};

use crate::App;
use crate::caller::{Anybody, Signed, bearer};
use crate::frame::origin;
use crate::refusal::{Answer, Refusal};

/// Somebody, or a guest.
pub(super) enum Visitor {
    /// Somebody.
    Known(Box<Caller>),
    /// Nobody in particular.
    Guest(Origin),
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Answer<Self> {
        if bearer(parts).is_some() {
            let signed = Signed::from_request_parts(parts, app).await?;
            return Ok(Self::Known(Box::new(signed.caller)));
        }
        let Some(key) = parts.headers.get("x-api-key") else {
            let Anybody(origin) = Anybody::from_request_parts(parts, app).await?;
            return Ok(Self::Guest(origin));
        };
        let key = key.to_str().unwrap_or_default().trim().to_owned();
        let origin = origin(&parts.extensions, app.voice.dialect);
        match app.platform.accounts().caller(&key, origin).await {
            Ok(caller) => {
                let class = RateClass::Dialect(app.voice.dialect);
                let rates = app.platform.rates();
                if let Some(allowance) = rates.ask(class, Asker::Account(caller.id)) {
                    allowance.check()?;
                }
                Ok(Self::Known(Box::new(caller)))
            }
            Err(PlatformError::Unauthenticated(_)) => {
                Anybody::from_request_parts(parts, app).await?;
                Err(Refusal::unauthorized("Invalid API key").by_frame())
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Lets data scientists and administrators on, and nobody else.
pub(super) fn scientist(signed: &Signed) -> Answer<()> {
    match signed.user.role {
        Role::DataScientist | Role::Admin => Ok(()),
        _ => Err(Refusal::forbidden(
            "Access denied. Required role: data-scientist or admin",
        )),
    }
}
