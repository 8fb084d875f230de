//! A new password for somebody else.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::App;
use crate::extract::{Id, Json, SignedIn};
use crate::problem::Problem;
use crate::routes::times::moment;

/// How somebody gets a new password.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Way {
    /// One is generated; the old one ends now.
    Generate,
    /// A link lets them choose one, once; the old one is good until then.
    Link,
}

/// How somebody gets a new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPasswordRequest {
    way: Way,
}

/// What to hand over. It is shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct NewPasswordBody {
    /// The generated password.
    password: Option<String>,
    /// The page of the link, on this server's address. The secret stands behind `#`, where no server logs it.
    #[schema(example = "/reset#PxXA…")]
    page: Option<String>,
    /// What `/auth/reset` takes.
    token: Option<String>,
    /// When the link ends by itself.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

/// Give somebody a new password
#[utoipa::path(
    post, path = "/admin/users/{id}/password", operation_id = "new_password", tag = "admin",
    params(("id" = uuid::Uuid, Path, description = "The account")),
    request_body = NewPasswordRequest, responses((status = 200, body = NewPasswordBody))
)]
pub(crate) async fn renew(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
    Json(request): Json<NewPasswordRequest>,
) -> Result<Json<NewPasswordBody>, Problem> {
    let administration = app.platform.administration();
    Ok(Json(match request.way {
        Way::Generate => NewPasswordBody {
            password: Some(administration.generate_password(&caller, id).await?),
            page: None,
            token: None,
            expires_at: None,
        },
        Way::Link => {
            let link = administration.make_reset_link(&caller, id).await?;
            NewPasswordBody {
                password: None,
                page: Some(format!("/reset#{}", link.secret)),
                token: Some(link.secret),
                expires_at: Some(moment(link.expires_at)),
            }
        }
    }))
}
