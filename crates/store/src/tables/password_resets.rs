//! One-time links to a new password, as hashes only. An administrator hands one out; a newer one of the same account,
//! a new password and its own use each end it.

use std::time::Duration;

use sea_orm::IntoActiveModel;
use sea_orm::entity::prelude::*;

use crate::Store;
use crate::clock::Timestamp;
use crate::error::{Result as StoreResult, StoreError};
use crate::tables::audit::{self, AuditEntry};
use crate::tables::users;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "password_resets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub user_id: Uuid,
    pub expires_at: Timestamp,
}

no_relations!();

/// Queries on one-time links; from [`Store::password_resets`].
#[derive(Clone, Copy, Debug)]
pub struct PasswordResets<'a>(pub(crate) &'a Store);

impl PasswordResets<'_> {
    /// Stores a link of this account in place of earlier ones; returns when it ends by itself. `hash` is a digest of
    /// the secret in the link, never the secret.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn create(
        &self,
        user_id: Uuid,
        hash: &str,
        lifetime: Duration,
        entry: AuditEntry,
    ) -> StoreResult<Timestamp> {
        let transaction = self.0.write().await?;
        users::locked(&transaction, user_id).await?;
        remove_of(&transaction, user_id).await?;
        let row = Model {
            hash: hash.to_owned(),
            user_id,
            expires_at: Timestamp::now().plus(lifetime),
        };
        Entity::insert(row.clone().into_active_model())
            .exec_without_returning(&transaction)
            .await
            .map_err(StoreError::unique("password_reset"))?;
        audit::append(&transaction, &[entry.about("user", user_id)]).await?;
        transaction.commit().await?;
        Ok(row.expires_at)
    }

    /// The account that a link which is still good belongs to.
    ///
    /// # Errors
    /// `NotFound` for any other.
    pub async fn user_of(&self, hash: &str) -> StoreResult<users::Model> {
        let row = good(self.0.read(), hash).await?;
        self.0.users().by_id(row.user_id).await
    }

    /// Uses a link up: its account gets this password hash, and every session of it ends.
    ///
    /// # Errors
    /// `NotFound` when the link is not or no longer good.
    pub async fn redeem(
        &self,
        hash: &str,
        password_hash: &str,
        entry: AuditEntry,
    ) -> StoreResult<users::Model> {
        let transaction = self.0.write().await?;
        let row = good(&transaction, hash).await?;
        let user = users::locked(&transaction, row.user_id).await?;
        let entry = entry.by(user.id, &user.display_name);
        let user = users::new_password(&transaction, user.id, password_hash, entry).await?;
        transaction.commit().await?;
        Ok(user)
    }
}

async fn good(database: &impl ConnectionTrait, hash: &str) -> StoreResult<Model> {
    let found = Entity::find_by_id(hash)
        .filter(Column::ExpiresAt.gt(Timestamp::now()))
        .one(database)
        .await?;
    found.ok_or(StoreError::not_found("password_reset"))
}

/// Ends the links of an account.
pub(crate) async fn remove_of(database: &impl ConnectionTrait, user_id: Uuid) -> StoreResult<()> {
    Entity::delete_many()
        .filter(Column::UserId.eq(user_id))
        .exec(database)
        .await?;
    Ok(())
}
