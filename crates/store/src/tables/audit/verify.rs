//! Whether the audit is as it was written: every link of every chain is computed again, from the chain's beginning or
//! from the signed anchor that retention left there.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};

use super::{Audit, Column, Entity, GENESIS, Model, digest};
use crate::error::{Result as StoreResult, StoreError};
use crate::tables::audit_anchors::{self, AnchorKey};
use crate::tables::audit_heads;

/// How many entries a verification holds in memory at once.
const STEP: u64 = 1_000;

/// What following the chains found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// How many entries there are, or the first that does not fit.
    pub entries: Result<u64, String>,
    /// Where the chains end: writer, place, hash.
    pub heads: Vec<(String, i64, String)>,
}

impl Audit<'_> {
    /// Recomputes every link of every chain.
    ///
    /// # Errors
    /// Only the database's: what does not fit is in the answer.
    pub async fn chain(&self, key: &AnchorKey) -> StoreResult<Chain> {
        let snapshot = self.0.snapshot().await?;
        chain(&snapshot, key).await
    }

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

pub(crate) async fn chain(database: &impl ConnectionTrait, key: &AnchorKey) -> StoreResult<Chain> {
    let entries = match verify_chains(database, key).await {
        Ok(entries) => Ok(entries),
        Err(StoreError::Corrupt { detail, .. }) => Err(detail),
        Err(other) => return Err(other),
    };
    let heads = audit_heads::Entity::find()
        .order_by_asc(audit_heads::Column::Writer)
        .all(database)
        .await?
        .into_iter()
        .map(|head| (head.writer, head.sequence, head.hash))
        .collect();
    Ok(Chain { entries, heads })
}

/// Recomputes every link of every chain as `database` sees them.
async fn verify_chains(database: &impl ConnectionTrait, key: &AnchorKey) -> StoreResult<u64> {
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

/// How far a chain was followed.
pub(super) struct Link {
    writer: String,
    /// The place of the last entry that fits.
    pub(super) sequence: i64,
    /// Its hash, which the next one holds.
    pub(super) hash: String,
}

impl Link {
    /// Where a chain begins: at its first entry, or after its signed anchor.
    pub(super) async fn first(
        database: &impl ConnectionTrait,
        writer: &str,
        key: &AnchorKey,
    ) -> StoreResult<Self> {
        let anchor = audit_anchors::Entity::find()
            .filter(audit_anchors::Column::Writer.eq(writer))
            .order_by_desc(audit_anchors::Column::Sequence)
            .one(database)
            .await?;
        let (sequence, hash) = match anchor {
            Some(anchor) if !key.signed(&anchor) => {
                return Err(broken(format!(
                    "the anchor of {writer} at entry {} was not signed with this server's secret",
                    anchor.sequence
                )));
            }
            Some(anchor) => (anchor.sequence, anchor.hash),
            None => (0, GENESIS.to_owned()),
        };
        Ok(Self {
            writer: writer.to_owned(),
            sequence,
            hash,
        })
    }

    /// Goes on to the next entry.
    pub(super) fn follow(&mut self, row: &Model) -> StoreResult<()> {
        let expected = self.sequence + 1;
        if row.sequence < expected {
            return Err(broken(format!(
                "entry {} of {} stands before the chain's beginning",
                row.sequence, self.writer
            )));
        }
        if row.sequence > expected {
            return Err(broken(format!(
                "entry {expected} of {} is missing",
                self.writer
            )));
        }
        if row.previous_hash != self.hash || row.hash != digest(row) {
            return Err(broken(format!(
                "entry {expected} of {} was changed",
                self.writer
            )));
        }
        self.sequence = expected;
        self.hash.clone_from(&row.hash);
        Ok(())
    }
}

pub(super) async fn verify_chain(
    database: &impl ConnectionTrait,
    head: &audit_heads::Model,
    key: &AnchorKey,
) -> StoreResult<u64> {
    let mut link = Link::first(database, &head.writer, key).await?;
    let start = link.sequence;
    let mut last = i64::MIN;
    loop {
        let rows = Entity::find()
            .filter(Column::Writer.eq(&head.writer))
            .filter(Column::Sequence.gt(last))
            .order_by_asc(Column::Sequence)
            .limit(STEP)
            .all(database)
            .await?;
        for row in &rows {
            link.follow(row)?;
        }
        match rows.last() {
            Some(row) => last = row.sequence,
            None => break,
        }
    }
    if link.sequence > head.sequence {
        return Err(broken(format!(
            "the entries of {} after {} are not of its chain",
            head.writer, head.sequence
        )));
    }
    if (link.sequence, &link.hash) != (head.sequence, &head.hash) {
        return Err(broken(format!(
            "the entries of {} after {} are missing",
            head.writer, link.sequence
        )));
    }
    Ok(u64::try_from(link.sequence - start).unwrap_or_default())
}
