//! Refresh tokens, as hashes only. Each use replaces a token by the next of its family; a token that comes a
//! second time was copied, and the whole family ends.

use std::time::Duration;

use sea_orm::ActiveValue::Set;
use sea_orm::IntoActiveModel;
use sea_orm::entity::prelude::*;

use crate::Store;
use crate::clock::Timestamp;
use crate::error::{Result as StoreResult, StoreError};
use crate::tables::audit::{self, AuditEntry};
use crate::tables::users;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub family: Uuid,
    pub user_id: Uuid,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

no_relations!();

/// The first token of a new family.
#[derive(Clone, Copy, Debug)]
pub struct NewSession<'a> {
    /// A digest of the token, never the token.
    pub hash: &'a str,
    /// The family: what descends from one sign-in.
    pub family: Uuid,
    /// How long it is good when it is not used.
    pub lifetime: Duration,
}

/// What became of a refresh token that was shown.
#[derive(Clone, Debug, PartialEq)]
pub enum Rotation {
    /// The token was good and is now replaced; here is whose it is.
    Rotated(Box<users::Model>),
    /// The token had been used or revoked before: its family is now revoked.
    Reused {
        /// Whose family it was.
        user_id: Uuid,
        /// The family.
        family: Uuid,
    },
    /// The token was good once.
    Expired,
    /// Nobody was ever given this token, or its account is gone or switched off.
    Unknown,
}

/// Queries on refresh tokens; from [`Store::refresh_tokens`].
#[derive(Clone, Copy, Debug)]
pub struct RefreshTokens<'a>(pub(crate) &'a Store);

impl RefreshTokens<'_> {
    /// Stores the first token of a new family.
    ///
    /// # Errors
    /// `Conflict` when the hash exists.
    pub async fn insert(&self, user_id: Uuid, session: NewSession<'_>) -> StoreResult<()> {
        let transaction = self.0.write().await?;
        open(&transaction, user_id, session).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Replaces `old_hash` by `new_hash` in its family. A copy that shows up while the family lives ends the family
    /// and every access token of the account: which of them the thief holds cannot be told, and who holds an honest
    /// refresh token of another family gets the next access token with it.
    ///
    /// # Errors
    /// Only the database's: what the token was is in the answer.
    pub async fn rotate(
        &self,
        old_hash: &str,
        new_hash: &str,
        lifetime: Duration,
        entry: AuditEntry,
    ) -> StoreResult<Rotation> {
        let now = Timestamp::now();
        let transaction = self.0.write().await?;
        // The condition is in the update: of two simultaneous uses one finds the token used.
        let used = Entity::update_many()
            .set(ActiveModel {
                used_at: Set(Some(now)),
                ..Default::default()
            })
            .filter(Column::Hash.eq(old_hash))
            .filter(Column::UsedAt.is_null())
            .filter(Column::RevokedAt.is_null())
            .filter(Column::ExpiresAt.gt(now))
            .exec_with_returning(&transaction)
            .await?;
        let outcome = match used.into_iter().next() {
            Some(token) => {
                let user = users::Entity::find_by_id(token.user_id)
                    .one(&transaction)
                    .await?;
                match user.filter(|user| user.active) {
                    Some(user) => {
                        let next = Model {
                            hash: new_hash.to_owned(),
                            created_at: now,
                            expires_at: now.plus(lifetime),
                            ..token
                        };
                        let next = Model {
                            used_at: None,
                            ..next
                        };
                        Entity::insert(next.into_active_model())
                            .exec_without_returning(&transaction)
                            .await
                            .map_err(StoreError::unique("refresh_token"))?;
                        let entry = entry.by(user.id, &user.display_name).about("user", user.id);
                        audit::append(&transaction, &[entry]).await?;
                        Rotation::Rotated(Box::new(user))
                    }
                    None => Rotation::Unknown,
                }
            }
            None => match Entity::find_by_id(old_hash).one(&transaction).await? {
                None => Rotation::Unknown,
                Some(token) if token.used_at.is_some() || token.revoked_at.is_some() => {
                    let family = Column::Family.eq(token.family);
                    if revoke(&transaction, family, now).await? > 0 {
                        users::end_access(&transaction, token.user_id).await?;
                    }
                    let mut entry = entry.outcome("refused").about("user", token.user_id);
                    "session.reuse".clone_into(&mut entry.action);
                    audit::append(&transaction, &[entry]).await?;
                    Rotation::Reused {
                        user_id: token.user_id,
                        family: token.family,
                    }
                }
                Some(_) => Rotation::Expired,
            },
        };
        transaction.commit().await?;
        Ok(outcome)
    }

    /// The family and owner of a token, whatever its state.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn family_of(&self, hash: &str) -> StoreResult<Option<(Uuid, Uuid)>> {
        let token = Entity::find_by_id(hash).one(self.0.read()).await?;
        Ok(token.map(|token| (token.family, token.user_id)))
    }

    /// Ends a family: the sign-out of one browser.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn revoke_family(&self, family: Uuid) -> StoreResult<()> {
        let transaction = self.0.write().await?;
        revoke(&transaction, Column::Family.eq(family), Timestamp::now()).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Ends every family of a user.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn revoke_user(&self, user_id: Uuid) -> StoreResult<()> {
        let transaction = self.0.write().await?;
        revoke_user(&transaction, user_id, Timestamp::now()).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Removes tokens that expired longer ago than `age`; returns how many.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn remove_expired(&self, age: Duration) -> StoreResult<u64> {
        let transaction = self.0.write().await?;
        let removed = Entity::delete_many()
            .filter(Column::ExpiresAt.lt(Timestamp::now().minus(age)))
            .exec(&transaction)
            .await?;
        transaction.commit().await?;
        Ok(removed.rows_affected)
    }
}

pub(crate) async fn open(
    database: &impl ConnectionTrait,
    user_id: Uuid,
    session: NewSession<'_>,
) -> StoreResult<()> {
    let now = Timestamp::now();
    let row = Model {
        hash: session.hash.to_owned(),
        family: session.family,
        user_id,
        created_at: now,
        expires_at: now.plus(session.lifetime),
        used_at: None,
        revoked_at: None,
    };
    Entity::insert(row.into_active_model())
        .exec_without_returning(database)
        .await
        .map_err(StoreError::unique("refresh_token"))?;
    Ok(())
}

pub(crate) async fn revoke_user(
    database: &impl ConnectionTrait,
    user_id: Uuid,
    now: Timestamp,
) -> StoreResult<()> {
    revoke(database, Column::UserId.eq(user_id), now).await?;
    Ok(())
}

/// Revokes what is not yet revoked; returns how many that were.
async fn revoke(database: &impl ConnectionTrait, which: Expr, now: Timestamp) -> StoreResult<u64> {
    let revoked = Entity::update_many()
        .set(ActiveModel {
            revoked_at: Set(Some(now)),
            ..Default::default()
        })
        .filter(which)
        .filter(Column::RevokedAt.is_null())
        .exec(database)
        .await?;
    Ok(revoked.rows_affected)
}
