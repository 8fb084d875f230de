//! Keys for scripts: shown once, stored as a hash, limited by scopes, ended by expiry or by hand.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, IntoActiveModel, PaginatorTrait};

use crate::Store;
use crate::clock::Timestamp;
use crate::error::{Result as StoreResult, StoreError};
use crate::json::JsonText;
use crate::names;
use crate::page::{self, Page, PageRequest};
use crate::tables::audit::AuditEntry;
use crate::tables::{audit, users};

/// The most keys a user has at once.
pub const MOST_KEYS: u64 = 100;

/// A key without its secret.
#[derive(Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    pub user_id: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// The first letters of the key, so that its owner recognises it.
    pub prefix: String,
    /// A digest of the key.
    pub hash: String,
    /// What it may be used for: a list of names.
    pub scopes: JsonText,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was ended by hand.
    pub revoked_at: Option<Timestamp>,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ApiKey")
            .field("id", &self.id)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

no_relations!();

/// What a new key is.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    /// Whose it is.
    pub user_id: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// The key's first letters.
    pub prefix: String,
    /// A digest of the key.
    pub hash: String,
    /// What it may be used for.
    pub scopes: Vec<String>,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
}

/// Queries on keys; from [`Store::api_keys`].
#[derive(Clone, Copy, Debug)]
pub struct ApiKeys<'a>(pub(crate) &'a Store);

impl ApiKeys<'_> {
    /// Stores a key.
    ///
    /// # Errors
    /// `Invalid` for a name that may not be; `Conflict { what: "api_keys" }` when the user has [`MOST_KEYS`] already.
    pub async fn create(&self, new: NewApiKey, entry: AuditEntry) -> StoreResult<Model> {
        let row = Model {
            id: Uuid::now_v7(),
            user_id: new.user_id,
            name: names::checked("name", &new.name)?,
            prefix: new.prefix,
            hash: new.hash,
            scopes: serde_json::json!(new.scopes).into(),
            created_at: Timestamp::now(),
            expires_at: new.expires_at,
            last_used_at: None,
            revoked_at: None,
        };
        let transaction = self.0.write().await?;
        let kept = Entity::find()
            .filter(Column::UserId.eq(row.user_id))
            .filter(Column::RevokedAt.is_null())
            .count(&transaction)
            .await?;
        if kept >= MOST_KEYS {
            return Err(StoreError::conflict("api_keys"));
        }
        Entity::insert(row.clone().into_active_model())
            .exec_without_returning(&transaction)
            .await
            .map_err(StoreError::unique("api_key"))?;
        audit::append(&transaction, &[entry.about("api_key", row.id)]).await?;
        transaction.commit().await?;
        Ok(row)
    }

    /// The valid key with this digest and its active owner.
    ///
    /// # Errors
    /// Only the database's; anything unusable is `None`.
    pub async fn by_hash(&self, hash: &str) -> StoreResult<Option<(Model, users::Model)>> {
        let now = Timestamp::now();
        let key = Entity::find()
            .filter(Column::Hash.eq(hash))
            .filter(Column::RevokedAt.is_null())
            .filter(
                Condition::any()
                    .add(Column::ExpiresAt.is_null())
                    .add(Column::ExpiresAt.gt(now)),
            )
            .one(self.0.read())
            .await?;
        let Some(key) = key else { return Ok(None) };
        let user = users::Entity::find_by_id(key.user_id)
            .one(self.0.read())
            .await?;
        Ok(user.filter(|user| user.active).map(|user| (key, user)))
    }

    /// Notes a use, at most once a minute so that busy keys do not write.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn used(&self, key: &Model) -> StoreResult<()> {
        let now = Timestamp::now();
        let minute_ago = now.minus(std::time::Duration::from_secs(60));
        if key.last_used_at.is_some_and(|used| used > minute_ago) {
            return Ok(());
        }
        let transaction = self.0.write().await?;
        Entity::update_many()
            .set(ActiveModel {
                last_used_at: Set(Some(now)),
                ..Default::default()
            })
            .filter(Column::Id.eq(key.id))
            .exec(&transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// A user's keys that were not ended by hand.
    ///
    /// # Errors
    /// `Invalid` for a foreign cursor.
    pub async fn list(&self, user_id: Uuid, request: &PageRequest) -> StoreResult<Page<Model>> {
        let select = Entity::find()
            .filter(Column::UserId.eq(user_id))
            .filter(Column::RevokedAt.is_null());
        page::fetch(self.0.read(), select, request, Column::Id, None, |row| {
            (row.id, String::new())
        })
        .await
    }

    /// Ends a key.
    ///
    /// # Errors
    /// `NotFound` when the user has no such key.
    pub async fn revoke(&self, user_id: Uuid, id: Uuid, entry: AuditEntry) -> StoreResult<()> {
        let transaction = self.0.write().await?;
        let ended = Entity::update_many()
            .set(ActiveModel {
                revoked_at: Set(Some(Timestamp::now())),
                ..Default::default()
            })
            .filter(Column::Id.eq(id))
            .filter(Column::UserId.eq(user_id))
            .filter(Column::RevokedAt.is_null())
            .exec(&transaction)
            .await?;
        if ended.rows_affected == 0 {
            return Err(StoreError::not_found("api_key"));
        }
        audit::append(&transaction, &[entry.about("api_key", id)]).await?;
        transaction.commit().await?;
        Ok(())
    }
}
