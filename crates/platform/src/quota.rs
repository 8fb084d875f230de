//! How much of the disk one account may fill: uploads, the tables made of them, and models. Bytes that several of one
//! account's things share count once.

use uuid::Uuid;

use trainyard_store::settings;

use crate::Platform;
use crate::accounts::Accounts;
use crate::caller::{Action, Caller};
use crate::error::{PlatformError, Result};

/// What an account's things take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Storage {
    /// Bytes taken.
    pub used: u64,
    /// Bytes allowed; nothing is no limit.
    pub limit: Option<u64>,
}

impl Accounts<'_> {
    /// What the caller's things take.
    ///
    /// # Errors
    /// Only our own.
    pub async fn storage(&self, caller: &Caller) -> Result<Storage> {
        caller.may(Action::SeeAccount)?;
        self.0.storage_of(caller.id).await
    }
}

impl Platform {
    async fn storage_of(&self, owner: Uuid) -> Result<Storage> {
        let current = self.store().settings().current();
        let limit = u64::try_from(current.integer(&settings::STORAGE_BYTES)).unwrap_or_default();
        Ok(Storage {
            used: self.store().artifacts().used_by(owner).await?,
            limit: (limit > 0).then_some(limit),
        })
    }

    /// Bytes that this account may still bring, when at least so many are left.
    pub(crate) async fn room_for(&self, owner: Uuid, wanted: u64) -> Result<u64> {
        let current = self.store().settings().current();
        if current.integer(&settings::STORAGE_BYTES) == 0 {
            return Ok(u64::MAX);
        }
        let storage = self.storage_of(owner).await?;
        let limit = storage.limit.unwrap_or(u64::MAX);
        let left = limit.saturating_sub(storage.used);
        if left == 0 || wanted > left {
            return Err(PlatformError::QuotaExceeded {
                used: storage.used,
                limit,
            });
        }
        Ok(left)
    }
}
