//! How many calls of guests each model's owner has paid today. The count decides inside the commit that charges, so that
//! of many guests at once no more than the day's number come in.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{DbBackend, IntoActiveModel, QueryTrait, Statement};

use crate::clock::Timestamp;
use crate::error::{Result as StoreResult, StoreError};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "guest_days")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: Uuid,
    /// Days since 1970, in UTC.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: i64,
    pub calls: i64,
}

no_relations!();

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// The counts of one day, and which of them moved.
pub(crate) struct Today {
    now: Timestamp,
    calls: BTreeMap<Uuid, i64>,
    moved: BTreeSet<Uuid>,
}

impl Today {
    /// The counts of these owners, on the day of this moment.
    pub(crate) async fn read(
        database: &impl ConnectionTrait,
        owners: impl IntoIterator<Item = Uuid>,
        now: Timestamp,
    ) -> StoreResult<Self> {
        let owners: BTreeSet<Uuid> = owners.into_iter().collect();
        let mut today = Self {
            now,
            calls: BTreeMap::new(),
            moved: BTreeSet::new(),
        };
        if !owners.is_empty() {
            let rows = Entity::find()
                .filter(Column::OwnerId.is_in(owners))
                .filter(Column::Day.eq(today.day()))
                .all(database)
                .await?;
            today.calls = rows
                .into_iter()
                .map(|row| (row.owner_id, row.calls))
                .collect();
        }
        Ok(today)
    }

    fn day(&self) -> i64 {
        self.now.unix_timestamp().div_euclid(DAY)
    }

    /// Counts one more call that this owner pays, unless they have paid for `most` today.
    pub(crate) fn count(&mut self, owner: Uuid, most: i64) -> StoreResult<()> {
        let calls = self.calls.entry(owner).or_default();
        if *calls >= most {
            let into_the_day = self.now.unix_timestamp().rem_euclid(DAY);
            return Err(StoreError::SpentForToday {
                seconds: u64::try_from(DAY - into_the_day).unwrap_or_default(),
            });
        }
        *calls += 1;
        self.moved.insert(owner);
        Ok(())
    }

    /// What writes what moved, if anything did.
    pub(crate) fn statement(&self, backend: DbBackend) -> Option<Statement> {
        let day = self.day();
        let rows = self.moved.iter().filter_map(|owner| {
            let calls = *self.calls.get(owner)?;
            let row = Model {
                owner_id: *owner,
                day,
                calls,
            };
            Some(row.into_active_model())
        });
        let rows: Vec<_> = rows.collect();
        if rows.is_empty() {
            return None;
        }
        let replace = OnConflict::columns([Column::OwnerId, Column::Day])
            .update_column(Column::Calls)
            .to_owned();
        let written = Entity::insert_many(rows).on_conflict(replace);
        Some(written.build(backend))
    }
}
