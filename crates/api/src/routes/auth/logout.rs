//! Sign out.

use axum::extract::FromRequestParts;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use crate::extract::{RequestOrigin, SignedIn};
use crate::problem::{Code, Problem};
use crate::{App, cookies};

/// Whoever wants to leave: also a browser of which only the refresh token is still good.
pub(crate) struct Leaving(Parts);

impl FromRequestParts<App> for Leaving {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.clone()))
    }
}

/// Sign out
///
/// Ends every session of the account at once: access and refresh tokens given out before are refused from now on.
/// Without a session there is nothing to end; the cookies go all the same.
#[utoipa::path(post, path = "/auth/logout", tag = "auth", security(()), responses((status = 204)))]
pub(crate) async fn logout(
    State(app): State<App>,
    RequestOrigin(origin): RequestOrigin,
    Leaving(mut parts): Leaving,
) -> Result<Response, Problem> {
    let accounts = app.platform.accounts();
    match SignedIn::from_request_parts(&mut parts, &app).await {
        Ok(SignedIn(caller)) => accounts.log_out(&caller).await?,
        Err(problem) if problem.code() == Code::Unauthenticated => {
            if let Some(token) = cookies::refresh_token(&parts.headers) {
                accounts.log_out_by_refresh_token(token, &origin).await?;
            }
        }
        // Whoever was not looked at is not told that they are out.
        Err(problem) => return Err(problem),
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    app.cookies.clear(response.headers_mut());
    Ok(response)
}
