//! Every name somebody can sign in with: user names and e-mail addresses, trimmed and lower-cased, unique
//! across both by the primary key. A race of two registrations ends here.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue, TryInsertResult};

use crate::error::{Result as StoreResult, StoreError};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "login_names")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub user_id: Uuid,
}

no_relations!();

/// The form in which two spellings of one name are equal.
pub(crate) fn normalise(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Makes exactly these names `user`'s, or says which of them is another's.
pub(crate) async fn claim(
    database: &impl ConnectionTrait,
    user: Uuid,
    user_name: Option<&str>,
    email: Option<&str>,
) -> StoreResult<()> {
    Entity::delete_many()
        .filter(Column::UserId.eq(user))
        .exec(database)
        .await?;
    for (what, name) in [("user_name", user_name), ("email", email)] {
        let Some(name) = name else { continue };
        let name = normalise(name);
        let row = ActiveModel {
            name: ActiveValue::Set(name.clone()),
            user_id: ActiveValue::Set(user),
        };
        let inserted = Entity::insert(row)
            .on_conflict(OnConflict::column(Column::Name).do_nothing().to_owned())
            .try_insert()
            .exec_without_returning(database)
            .await?;
        if matches!(inserted, TryInsertResult::Inserted(1)) {
            continue;
        }
        let holder = Entity::find_by_id(name).one(database).await?;
        if holder.is_none_or(|holder| holder.user_id != user) {
            return Err(StoreError::conflict(what));
        }
    }
    Ok(())
}
