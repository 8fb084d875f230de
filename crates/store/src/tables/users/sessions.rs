//! What a person signs in with, and the end of what was opened with it: passwords, sign-ins, the token version.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait;

use super::{ActiveModel, Column, Entity, Model, SYSTEM_USER, Users, locked, only};
use crate::clock::Timestamp;
use crate::error::{Result as StoreResult, StoreError};
use crate::tables::audit::AuditEntry;
use crate::tables::refresh_tokens::NewSession;
use crate::tables::{audit, password_resets, refresh_tokens};

impl Users<'_> {
    /// Stores a new password hash and ends every session of the account.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn set_password(
        &self,
        id: Uuid,
        password_hash: &str,
        entry: AuditEntry,
    ) -> StoreResult<Model> {
        let transaction = self.0.write().await?;
        let user = new_password(&transaction, id, password_hash, entry).await?;
        transaction.commit().await?;
        Ok(user)
    }

    /// As [`Users::set_password`], and the one session that goes on is opened anew; unless the hash is no longer
    /// `old_hash`: somebody else was faster.
    ///
    /// # Errors
    /// `NotFound`; `Unauthenticated` when the password was changed meanwhile.
    pub async fn change_password(
        &self,
        id: Uuid,
        old_hash: &str,
        password_hash: &str,
        session: NewSession<'_>,
        entry: AuditEntry,
    ) -> StoreResult<Model> {
        let transaction = self.0.write().await?;
        let before = locked(&transaction, id).await?;
        if before.password_hash.as_deref() != Some(old_hash) || !before.active {
            return Err(StoreError::Unauthenticated);
        }
        let user = new_password(&transaction, id, password_hash, entry).await?;
        refresh_tokens::open(&transaction, id, session).await?;
        transaction.commit().await?;
        Ok(user)
    }

    /// Ends every session of the account.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn bump_token_version(&self, id: Uuid, entry: AuditEntry) -> StoreResult<Model> {
        let transaction = self.0.write().await?;
        let nothing = <ActiveModel as Default>::default();
        let user = end_sessions(&transaction, id, nothing, entry).await?;
        transaction.commit().await?;
        Ok(user)
    }

    /// Replaces the password's hash by another of the same password (stronger parameters); sessions go on.
    ///
    /// # Errors
    /// Only the database's; the change is skipped when the password was changed meanwhile.
    pub async fn rehash_password(
        &self,
        id: Uuid,
        old_hash: &str,
        new_hash: &str,
    ) -> StoreResult<()> {
        let transaction = self.0.write().await?;
        Entity::update_many()
            .set(ActiveModel {
                password_hash: Set(Some(new_hash.to_owned())),
                ..Default::default()
            })
            .filter(Column::Id.eq(id))
            .filter(Column::PasswordHash.eq(old_hash))
            .exec(&transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Notes that an account which was just made is signed in, and stores the first refresh token of its family.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn opened(&self, id: Uuid, session: NewSession<'_>) -> StoreResult<Model> {
        let transaction = self.0.write().await?;
        let signed_in = Entity::update_many()
            .set(ActiveModel {
                last_login_at: Set(Some(Timestamp::now())),
                ..Default::default()
            })
            .filter(Column::Id.eq(id))
            .exec_with_returning(&transaction)
            .await?;
        let user = only(signed_in)?;
        refresh_tokens::open(&transaction, id, session).await?;
        transaction.commit().await?;
        Ok(user)
    }

    /// Notes a sign-in and stores the first refresh token of its family, unless the account was switched off or got
    /// another password since the one given was compared with `password_hash`.
    ///
    /// # Errors
    /// `Unauthenticated` then.
    pub async fn signed_in(
        &self,
        id: Uuid,
        password_hash: &str,
        session: NewSession<'_>,
        entry: AuditEntry,
    ) -> StoreResult<Model> {
        let transaction = self.0.write().await?;
        let signed_in = Entity::update_many()
            .set(ActiveModel {
                last_login_at: Set(Some(Timestamp::now())),
                ..Default::default()
            })
            .filter(Column::Id.eq(id))
            .filter(Column::Active.eq(true))
            .filter(Column::PasswordHash.eq(password_hash))
            .exec_with_returning(&transaction)
            .await?;
        let user = only(signed_in).map_err(|_| StoreError::Unauthenticated)?;
        refresh_tokens::open(&transaction, id, session).await?;
        audit::append(&transaction, &[entry.about("user", id)]).await?;
        transaction.commit().await?;
        Ok(user)
    }
}

/// Stores a new password hash and ends every session, inside the caller's transaction.
pub(crate) async fn new_password(
    database: &impl ConnectionTrait,
    id: Uuid,
    password_hash: &str,
    entry: AuditEntry,
) -> StoreResult<Model> {
    let change = ActiveModel {
        password_hash: Set(Some(password_hash.to_owned())),
        ..Default::default()
    };
    password_resets::remove_of(database, id).await?;
    end_sessions(database, id, change, entry).await
}

async fn end_sessions(
    database: &impl ConnectionTrait,
    id: Uuid,
    mut change: ActiveModel,
    entry: AuditEntry,
) -> StoreResult<Model> {
    let now = Timestamp::now();
    change.updated_at = Set(now);
    let updated = Entity::update_many()
        .set(change)
        .col_expr(Column::TokenVersion, Expr::col(Column::TokenVersion).add(1))
        .filter(Column::Id.eq(id))
        .filter(Column::Id.ne(SYSTEM_USER))
        .exec_with_returning(database)
        .await?;
    let user = only(updated)?;
    refresh_tokens::revoke_user(database, id, now).await?;
    audit::append(database, &[entry.about("user", id)]).await?;
    Ok(user)
}

/// Ends the account's access tokens; its refresh tokens go on.
pub(crate) async fn end_access(database: &impl ConnectionTrait, id: Uuid) -> StoreResult<()> {
    Entity::update_many()
        .col_expr(Column::TokenVersion, Expr::col(Column::TokenVersion).add(1))
        .filter(Column::Id.eq(id))
        .exec(database)
        .await?;
    Ok(())
}
