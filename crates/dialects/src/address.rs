//! What stands in an address, where a route leaves a place for it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::App;
use crate::refusal::{Answer, Refusal};

/// The names in an address. Bytes that are no text name nothing, and lead nowhere.
pub(crate) struct Path<T>(pub(crate) T);

impl<T> FromRequestParts<App> for Path<T>
where
    axum::extract::Path<T>: FromRequestParts<App>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Answer<Self> {
        let found = axum::extract::Path::from_request_parts(parts, app).await;
        match found {
            Ok(axum::extract::Path(names)) => Ok(Self(names)),
            Err(_) => Err(Refusal::not_found("Not Found").by_frame()),
        }
    }
}
