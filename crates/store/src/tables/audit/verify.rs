//! Whether the audit is as it was written: every link of every chain is computed again, from the chain's beginning or
//! from the signed anchor that retention left there.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};

use super::{Audit, Column, Entity, GENESIS, digest};
use crate::error::{Result as StoreResult, StoreError};
use crate::tables::audit_anchors::{self, AnchorKey};
use crate::tables::audit_heads;

/// How many entries a verification holds in memory at once.
const STEP: u64 = 1_000;

impl Audit<'_> {
    /// Recomputes every link of every chain; returns how many entries there are.
    ///
    /// # Errors
    /// `Corrupt` naming the first entry that does not fit (changed, missing, moved or cut off), or an anchor that was
    /// not signed with this key.
    pub async fn verify(&self, key: &AnchorKey) -> StoreResult<u64> {
        let snapshot = self.0.snapshot().await?;
        verify_chains(&snapshot, key).await
    }
}

/// Recomputes every link of every chain as `database` sees them.
pub(crate) async fn verify_chains(
    database: &impl ConnectionTrait,
    key: &AnchorKey,
) -> StoreResult<u64> {
    let heads = audit_heads::Entity::find()
        .order_by_asc(audit_heads::Column::Writer)
        .all(database)
        .await?;
    let writers = heads.iter().map(|head| head.writer.as_str());
    let stray = Entity::find()
        .filter(Column::Writer.is_not_in(writers))
        .one(database)
        .await?;
    if stray.is_some() {
        return Err(broken("entries without the head of their chain"));
    }
    let mut checked = 0;
    for head in heads {
        checked += verify_chain(database, &head, key).await?;
    }
    Ok(checked)
}

pub(super) fn broken(detail: impl Into<String>) -> StoreError {
    StoreError::Corrupt {
        what: "audit",
        detail: detail.into(),
    }
}

pub(super) async fn verify_chain(
    database: &impl ConnectionTrait,
    head: &audit_heads::Model,
    key: &AnchorKey,
) -> StoreResult<u64> {
    let anchor = audit_anchors::Entity::find()
        .filter(audit_anchors::Column::Writer.eq(&head.writer))
        .order_by_desc(audit_anchors::Column::Sequence)
        .one(database)
        .await?;
    if let Some(anchor) = &anchor
        && !key.signed(anchor)
    {
        return Err(broken(format!(
            "the anchor of {} at entry {} was not signed with this server's secret",
            head.writer, anchor.sequence
        )));
    }
    let (mut sequence, mut hash) = anchor.map_or((0, GENESIS.to_owned()), |anchor| {
        (anchor.sequence, anchor.hash)
    });
    let start = sequence;
    let older = Entity::find()
        .filter(Column::Writer.eq(&head.writer))
        .filter(Column::Sequence.lte(start))
        .one(database)
        .await?;
    if let Some(older) = older {
        return Err(broken(format!(
            "entry {} of {} stands before the chain's beginning",
            older.sequence, head.writer
        )));
    }
    loop {
        let rows = Entity::find()
            .filter(Column::Writer.eq(&head.writer))
            .filter(Column::Sequence.gt(sequence))
            .order_by_asc(Column::Sequence)
            .limit(STEP)
            .all(database)
            .await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            if row.sequence != sequence + 1 {
                return Err(broken(format!(
                    "entry {} of {} is missing",
                    sequence + 1,
                    head.writer
                )));
            }
            if row.previous_hash != hash || row.hash != digest(&row) {
                return Err(broken(format!(
                    "entry {} of {} was changed",
                    row.sequence, head.writer
                )));
            }
            sequence = row.sequence;
            hash = row.hash;
        }
    }
    if sequence > head.sequence {
        return Err(broken(format!(
            "the entries of {} after {} are not of its chain",
            head.writer, head.sequence
        )));
    }
    if (sequence, &hash) != (head.sequence, &head.hash) {
        return Err(broken(format!(
            "the entries of {} after {sequence} are missing",
            head.writer
        )));
    }
    Ok(u64::try_from(sequence - start).unwrap_or_default())
}
