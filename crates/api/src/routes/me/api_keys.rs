//! Keys for scripts.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use trainyard_platform::{ApiKey, KeyScope, NewKey, Timestamp};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::App;
use crate::extract::{Id, Json, PageQuery, Query, SignedIn};
use crate::problem::Problem;
use crate::routes::times::moment;

/// A key without its secret.
#[derive(Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub(crate) struct KeyBody {
    id: Uuid,
    name: String,
    /// The key's first letters.
    #[schema(example = "tyk_3fXq9Zab")]
    prefix: String,
    /// `read`, `upload`, `train`, `predict`, `admin`.
    #[schema(value_type = Vec<String>)]
    scopes: Value,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// To the minute.
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
}

impl From<ApiKey> for KeyBody {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            prefix: key.prefix,
            scopes: key.scopes.into(),
            created_at: moment(key.created_at),
            expires_at: key.expires_at.map(moment),
            last_used_at: key.last_used_at.map(moment),
        }
    }
}

/// One page of keys, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct KeyPage {
    items: Vec<KeyBody>,
    next_cursor: Option<String>,
}

/// A key with its secret.
#[derive(Serialize, ToSchema)]
pub(crate) struct MadeKeyBody {
    /// The secret, shown this once: `Authorization: Bearer …` or `X-API-Key: …`.
    key: String,
    #[serde(flatten)]
    about: KeyBody,
}

/// What a new key is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewKeyRequest {
    #[schema(example = "nightly report")]
    name: String,
    /// Some of `read`, `upload`, `train`, `predict`, `admin`.
    #[schema(value_type = Vec<String>, example = json!(["read", "predict"]))]
    scopes: Vec<KeyScope>,
    /// When it ends by itself; never unless said.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// Your API keys
#[utoipa::path(
    get, path = "/me/api-keys", operation_id = "my_api_keys", tag = "me", params(PageQuery),
    responses((status = 200, body = KeyPage))
)]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(page): Query<PageQuery>,
) -> Result<Json<KeyPage>, Problem> {
    let keys = app.platform.accounts().keys(&caller, &page.into()).await?;
    let page = keys.map(KeyBody::from);
    Ok(Json(KeyPage {
        items: page.items,
        next_cursor: page.next_cursor,
    }))
}

/// Make an API key
///
/// It never does more than your role allows, and never what needs your password: other keys, passwords, the account.
#[utoipa::path(
    post, path = "/me/api-keys", operation_id = "make_api_key", tag = "me", request_body = NewKeyRequest,
    responses((status = 201, body = MadeKeyBody))
)]
pub(crate) async fn make(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Json(request): Json<NewKeyRequest>,
) -> Result<(StatusCode, Json<MadeKeyBody>), Problem> {
    let new = NewKey {
        name: request.name,
        scopes: request.scopes,
        expires_at: request.expires_at,
    };
    let made = app.platform.accounts().make_key(&caller, new).await?;
    let body = MadeKeyBody {
        key: made.secret,
        about: made.key.into(),
    };
    Ok((StatusCode::CREATED, Json(body)))
}

/// End an API key
#[utoipa::path(
    delete, path = "/me/api-keys/{id}", operation_id = "end_api_key", tag = "me",
    params(("id" = uuid::Uuid, Path, description = "The key")), responses((status = 204))
)]
pub(crate) async fn end(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    app.platform.accounts().end_key(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
