//! Sessions: made by `setup`, `register` and `login`, renewed by `refresh`, ended by `logout`; `reset` sets a password
//! from a one-time link. The web app keeps
//! its session in cookies and says so with `X-Trainyard-Client: web`; scripts read the tokens from the body.

pub(super) mod login;
pub(super) mod logout;
pub(super) mod refresh;
pub(super) mod register;
pub(super) mod reset;
pub(super) mod setup;

use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use trainyard_platform::{Session, User};
use utoipa::ToSchema;
use uuid::Uuid;

use super::times::moment;
use crate::extract::{Json, Version};
use crate::{App, cookies};

/// A session. In the web app's, both tokens are null: they are in cookies no script can read.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionBody {
    /// For `Authorization: Bearer …`.
    access_token: Option<String>,
    #[schema(example = "bearer")]
    token_type: &'static str,
    /// Seconds the access token lives.
    #[schema(example = 1800)]
    expires_in: u64,
    /// Good once, at `/auth/refresh`.
    refresh_token: Option<String>,
    user: UserBody,
}

/// An account.
#[derive(Serialize, ToSchema)]
#[schema(as = User)]
pub(crate) struct UserBody {
    id: Uuid,
    /// The small number people see.
    number: i32,
    user_name: Option<String>,
    email: Option<String>,
    display_name: String,
    /// `admin`, `data-scientist`, `ml-engineer`, `analyst`, `user` or `guest`.
    #[schema(example = "user")]
    role: &'static str,
    /// The balance.
    tokens: i64,
    #[schema(format = DateTime)]
    created_at: String,
}

impl From<User> for UserBody {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            number: user.number,
            user_name: user.user_name,
            email: user.email,
            display_name: user.display_name,
            role: user.role.name(),
            tokens: user.tokens,
            created_at: moment(user.created_at),
        }
    }
}

/// Which version of an account this is.
pub(crate) fn version(user: &User) -> Version {
    Version::since(user.updated_at)
}

/// A session as its client wants it: tokens in the body, or in cookies.
pub(super) fn answer(
    app: &App,
    headers: &HeaderMap,
    session: Session,
    status: StatusCode,
) -> Response {
    let mut set = HeaderMap::new();
    let in_cookies = cookies::is_web_app(headers);
    if in_cookies {
        app.cookies.set(&mut set, &session);
    }
    let body = SessionBody {
        access_token: (!in_cookies).then_some(session.access_token),
        token_type: "bearer",
        expires_in: session.expires_in,
        refresh_token: (!in_cookies).then_some(session.refresh_token),
        user: session.user.into(),
    };
    (status, set, Json(body)).into_response()
}
