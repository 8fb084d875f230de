//! Everybody's accounts.

pub(crate) mod change;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod password;
pub(crate) mod tokens;

use serde::Serialize;
use trainyard_platform::User;
use utoipa::ToSchema;

use crate::routes::auth::UserBody;
use crate::routes::times::moment;

/// An account as administrators see it.
#[derive(Serialize, ToSchema)]
#[schema(as = Account)]
pub(crate) struct AccountBody {
    #[serde(flatten)]
    user: UserBody,
    /// Whether it is switched on.
    active: bool,
    /// When the person last signed in with the password.
    #[schema(format = DateTime)]
    last_login_at: Option<String>,
    #[schema(format = DateTime)]
    updated_at: String,
}

impl From<User> for AccountBody {
    fn from(user: User) -> Self {
        Self {
            active: user.active,
            last_login_at: user.last_login_at.map(moment),
            updated_at: moment(user.updated_at),
            user: user.into(),
        }
    }
}
