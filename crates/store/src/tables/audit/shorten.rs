//! The audit's oldest entries go when they are too old to keep. What goes is looked at first: entries that do not fit
//! stay, since removing them would remove the traces of whoever changed them. What is left begins at a signed anchor.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};

use super::verify::{Link, broken};
use super::{Audit, AuditEntry, Column, Entity};
use crate::clock::Timestamp;
use crate::error::Result as StoreResult;
use crate::tables::audit_anchors::{self, AnchorKey};
use crate::tables::audit_heads;

/// How many entries go in one commit: nobody waits long for their turn to write.
const STEP: u64 = 1_000;

impl Audit<'_> {
    /// Removes entries older than a moment and leaves a signed anchor where each chain begins then; returns how many
    /// went. That they went is an entry itself.
    ///
    /// # Errors
    /// `Corrupt` when what is to go is not as it was written; it stays.
    pub async fn remove_before(&self, moment: Timestamp, key: &AnchorKey) -> StoreResult<u64> {
        let heads = audit_heads::Entity::find().all(self.0.read()).await?;
        let mut removed = 0;
        for head in heads {
            loop {
                let step = self.shorten(&head.writer, moment, key).await?;
                removed += step;
                if step == 0 {
                    break;
                }
            }
        }
        Ok(removed)
    }

    async fn shorten(&self, writer: &str, moment: Timestamp, key: &AnchorKey) -> StoreResult<u64> {
        let transaction = self.0.write().await?;
        let mut link = Link::first(&transaction, writer, key).await?;
        // Times are not sorted where a clock was set back; what follows a younger entry stays with it.
        let kept = Entity::find()
            .filter(Column::Writer.eq(writer))
            .filter(Column::At.gte(moment))
            .order_by_asc(Column::Sequence)
            .one(&transaction)
            .await?;
        let rows = Entity::find()
            .filter(Column::Writer.eq(writer))
            .filter(Column::Sequence.lt(kept.map_or(i64::MAX, |row| row.sequence)))
            .order_by_asc(Column::Sequence)
            .limit(STEP)
            .all(&transaction)
            .await?;
        if rows.is_empty() {
            return Ok(0);
        }
        for row in &rows {
            link.follow(row)?;
        }
        let head = audit_heads::Entity::find_by_id(writer)
            .one(&transaction)
            .await?;
        if head.is_none_or(|head| head.sequence < link.sequence) {
            return Err(broken(format!("the entries of {writer} pass its end")));
        }
        let signature = key.signature(writer, link.sequence, &link.hash);
        let anchor = audit_anchors::ActiveModel {
            writer: Set(writer.to_owned()),
            sequence: Set(link.sequence),
            hash: Set(link.hash),
            signature: Set(Some(signature.to_hex().to_string())),
            created_at: Set(Timestamp::now()),
        };
        audit_anchors::Entity::delete_many()
            .filter(audit_anchors::Column::Writer.eq(writer))
            .exec(&transaction)
            .await?;
        audit_anchors::Entity::insert(anchor)
            .exec_without_returning(&transaction)
            .await?;
        Entity::delete_many()
            .filter(Column::Writer.eq(writer))
            .filter(Column::Sequence.lte(link.sequence))
            .exec(&transaction)
            .await?;
        let count = rows.len() as u64;
        let details =
            serde_json::json!({ "before": moment, "through": link.sequence, "count": count });
        let entry = AuditEntry::new("audit.remove").about("audit", writer);
        super::append(&transaction, &[entry.details(details)]).await?;
        transaction.commit().await?;
        Ok(count)
    }
}

/// Signs the anchors anew, for a copy that lives under another secret.
pub(crate) async fn sign_again(
    database: &impl ConnectionTrait,
    key: &AnchorKey,
) -> StoreResult<()> {
    for anchor in audit_anchors::Entity::find().all(database).await? {
        let signature = key.signature(&anchor.writer, anchor.sequence, &anchor.hash);
        let change = audit_anchors::ActiveModel {
            writer: Set(anchor.writer),
            sequence: Set(anchor.sequence),
            signature: Set(Some(signature.to_hex().to_string())),
            ..Default::default()
        };
        change.update(database).await?;
    }
    Ok(())
}
