//! From a request to a handler's arguments. Each extractor is a type with its own refusals; all refusals are
//! [`Problem`]s.

mod body;
mod caller;
mod files;
mod preferences;
mod version;

use axum::extract::{FromRequestParts, Path, rejection::QueryRejection};
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use trainyard_platform::PageRequest;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::problem::{Code, Problem};

pub(crate) use body::{Json, RowsBody, is_json, json_within, present};
pub(crate) use caller::{API_KEY, Claimed, RequestOrigin, SignedIn, origin};
pub(crate) use files::with_files;
pub(crate) use preferences::{IdempotencyKey, Wait};
pub(crate) use version::{IfMatch, Tagged, Version};

/// The identifier in a path. What is no identifier names nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Id(pub(crate) Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Name(text) = Name::from_request_parts(parts, state).await?;
        Uuid::try_parse(&text).map(Self).map_err(|_| {
            Problem::new(
                Code::NotFound,
                "There is no such thing: this is not an identifier.",
            )
        })
    }
}

/// The identifier or name in a path.
#[derive(Clone, Debug)]
pub(crate) struct Name(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Name {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(text)) => Ok(Self(text)),
            Err(_) => Err(Problem::new(
                Code::NotFound,
                "There is no such thing: its name cannot be read.",
            )),
        }
    }
}

/// The two identifiers or names in a path.
#[derive(Clone, Debug)]
pub(crate) struct Names(pub(crate) [String; 2]);

impl<S: Send + Sync> FromRequestParts<S> for Names {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<(String, String)>::from_request_parts(parts, state).await {
            Ok(Path((first, second))) => Ok(Self([first, second])),
            Err(_) => Err(Problem::new(
                Code::NotFound,
                "There is no such thing: its name cannot be read.",
            )),
        }
    }
}

/// A query string.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(QueryRejection::FailedToDeserializeQueryString(error)) => {
                let text = error.body_text();
                let reason = text
                    .split_once(": ")
                    .map_or(text.as_str(), |(_, reason)| reason);
                let reason = body::plain_words(reason);
                Err(Problem::new(
                    Code::BadRequest,
                    format!("The address's query cannot be read: {reason}."),
                ))
            }
            Err(_) => Err(Problem::new(
                Code::BadRequest,
                "The address's query cannot be read.",
            )),
        }
    }
}

/// Which page of a list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// How many, 1 to 200; 50 unless said.
    #[param(minimum = 1, maximum = 200)]
    pub(crate) limit: Option<u32>,
    /// The previous page's `next_cursor`.
    pub(crate) cursor: Option<String>,
}

impl From<PageQuery> for PageRequest {
    fn from(query: PageQuery) -> Self {
        let cursor = query.cursor.filter(|cursor| !cursor.is_empty());
        Self::after(query.limit.unwrap_or(50), cursor)
    }
}
