//! The list of accounts.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use trainyard_platform::{Role, UserFilter};
use utoipa::{IntoParams, ToSchema};

use super::AccountBody;
use crate::App;
use crate::extract::{Json, PageQuery, Query, SignedIn};
use crate::problem::Problem;
use crate::routes::admin::words;

/// What the list holds.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AccountsWanted {
    /// Words in the user name, address or display name.
    search: Option<String>,
    /// Only `admin`, `data-scientist`, `ml-engineer`, `analyst`, `user` or `guest`.
    #[param(value_type = Option<String>)]
    role: Option<Role>,
    /// Only switched on, or only switched off.
    active: Option<bool>,
    /// Only balances from here.
    min_tokens: Option<i64>,
}

/// One page of accounts, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountPage {
    items: Vec<AccountBody>,
    next_cursor: Option<String>,
}

/// Everybody's accounts
#[utoipa::path(
    get, path = "/admin/users", operation_id = "users", tag = "admin",
    params(PageQuery, AccountsWanted), responses((status = 200, body = AccountPage))
)]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(page): Query<PageQuery>,
    Query(query): Query<AccountsWanted>,
) -> Result<Json<AccountPage>, Problem> {
    let filter = UserFilter {
        search: words(query.search),
        role: query.role,
        min_tokens: query.min_tokens,
        active: query.active,
    };
    let administration = app.platform.administration();
    let page = administration.users(&caller, &filter, &page.into()).await?;
    let page = page.map(AccountBody::from);
    Ok(Json(AccountPage {
        items: page.items,
        next_cursor: page.next_cursor,
    }))
}
