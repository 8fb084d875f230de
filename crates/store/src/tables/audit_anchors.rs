//! Where an audit chain begins after retention removed its oldest entries: the last removed entry's place and hash,
//! signed with a key that is not in the database. Whoever can write rows but does not hold the key cannot cut a chain.

use sea_orm::entity::prelude::*;

use crate::clock::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_anchors")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub writer: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    pub hash: String,
    pub signature: Option<String>,
    pub created_at: Timestamp,
}

no_relations!();

/// The key anchors are signed with: derived from the server's secret, of which it says nothing.
#[derive(Clone)]
pub struct AnchorKey([u8; blake3::KEY_LEN]);

impl std::fmt::Debug for AnchorKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("AnchorKey").finish_non_exhaustive()
    }
}

impl AnchorKey {
    /// The key that belongs to this secret.
    #[must_use]
    pub fn of(secret: &[u8]) -> Self {
        Self(blake3::derive_key("trainyard audit anchor 1", secret))
    }

    pub(crate) fn signature(&self, writer: &str, sequence: i64, hash: &str) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        for field in [writer, &sequence.to_string(), hash] {
            hasher.update(&(field.len() as u64).to_le_bytes());
            hasher.update(field.as_bytes());
        }
        hasher.finalize()
    }

    /// Whether this key signed the anchor as it is. Hashes are compared in constant time.
    pub(crate) fn signed(&self, anchor: &Model) -> bool {
        let said = anchor.signature.as_deref();
        said.and_then(|text| blake3::Hash::from_hex(text).ok())
            .is_some_and(|said| {
                said == self.signature(&anchor.writer, anchor.sequence, &anchor.hash)
            })
    }
}
