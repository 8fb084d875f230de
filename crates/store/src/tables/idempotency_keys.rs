//! Requests that may come twice. A key names one request of one user: the same request under it gets the
//! earlier resource, another request under it is refused.

use sea_orm::IntoActiveModel;
use sea_orm::entity::prelude::*;

use crate::clock::Timestamp;
use crate::error::{Result as StoreResult, StoreError};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub resource_kind: String,
    pub resource_id: Uuid,
    pub request_digest: String,
    pub created_at: Timestamp,
}

no_relations!();

/// A key a caller sent with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// The caller's key.
    pub key: String,
    /// A digest of the request, so that a key used for another request is noticed.
    pub request_digest: String,
}

pub(crate) const MAX_KEY: usize = 255;

impl Idempotency {
    pub(crate) fn check(&self) -> StoreResult<()> {
        if self.key.is_empty() || self.key.len() > MAX_KEY {
            return Err(StoreError::invalid(
                "idempotency_key",
                format!("Use 1 to {MAX_KEY} characters."),
            ));
        }
        Ok(())
    }

    /// Whether an earlier row is of the same request for the same kind of thing.
    pub(crate) fn matches(&self, earlier: &Model, kind: &str) -> StoreResult<()> {
        if earlier.request_digest == self.request_digest && earlier.resource_kind == kind {
            Ok(())
        } else {
            Err(StoreError::conflict("idempotency_key"))
        }
    }
}

/// The resource an earlier request under this key made.
pub(crate) async fn earlier(
    database: &impl ConnectionTrait,
    user_id: Uuid,
    kind: &'static str,
    idempotency: Option<&Idempotency>,
) -> StoreResult<Option<Uuid>> {
    let Some(idempotency) = idempotency else {
        return Ok(None);
    };
    idempotency.check()?;
    let Some(row) = Entity::find_by_id((user_id, idempotency.key.clone()))
        .one(database)
        .await?
    else {
        return Ok(None);
    };
    idempotency.matches(&row, kind)?;
    Ok(Some(row.resource_id))
}

/// Ties the key to the resource made.
pub(crate) async fn keep(
    database: &impl ConnectionTrait,
    user_id: Uuid,
    kind: &'static str,
    resource_id: Uuid,
    idempotency: Option<&Idempotency>,
) -> StoreResult<()> {
    let Some(idempotency) = idempotency else {
        return Ok(());
    };
    let row = row(user_id, kind, resource_id, idempotency, Timestamp::now());
    Entity::insert(row.into_active_model())
        .exec_without_returning(database)
        .await
        .map_err(StoreError::unique("idempotency_key"))?;
    Ok(())
}

/// Forgets keys older than a moment: a request that comes again after so long is a new one.
pub(crate) async fn forget_before(
    database: &impl ConnectionTrait,
    moment: Timestamp,
) -> StoreResult<()> {
    Entity::delete_many()
        .filter(Column::CreatedAt.lt(moment))
        .exec(database)
        .await?;
    Ok(())
}

pub(crate) fn row(
    user_id: Uuid,
    kind: &'static str,
    resource_id: Uuid,
    idempotency: &Idempotency,
    created_at: Timestamp,
) -> Model {
    Model {
        user_id,
        key: idempotency.key.clone(),
        resource_kind: kind.to_owned(),
        resource_id,
        request_digest: idempotency.request_digest.clone(),
        created_at,
    }
}
