//! Tables kept in memory for a while after somebody looked at their rows, so that paging does not read the whole
//! file again. Keyed by the hash of the stored bytes: what is kept never goes stale.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use trainyard_table::{Table, TableError, read_parquet};

use crate::Platform;
use crate::error::{PlatformError, Result};

/// How long a table stays after its last use.
const IDLE: Duration = Duration::from_secs(120);

/// The kept tables.
#[derive(Debug)]
pub(crate) struct Tables(Cache<String, Arc<Table>>);

impl Tables {
    pub(crate) fn new(bytes: u64) -> Self {
        let weigh = |_: &String, table: &Arc<Table>| {
            let cells = table.rows().saturating_mul(table.columns().len());
            u32::try_from(cells.saturating_mul(8)).unwrap_or(u32::MAX)
        };
        Self(
            Cache::builder()
                .max_capacity(bytes)
                .weigher(weigh)
                .time_to_idle(IDLE)
                .build(),
        )
    }
}

impl Platform {
    /// The table under this hash; simultaneous callers read it once.
    pub(crate) async fn table(&self, hash: &str) -> Result<Arc<Table>> {
        let load = async {
            let bytes = self.store().artifacts().read(hash).await?;
            let table = self
                .compute("read a stored table", move || read_parquet(bytes))
                .await?;
            table
                .map(Arc::new)
                .map_err(|error: TableError| PlatformError::internal("read a stored table", error))
        };
        self.0
            .tables
            .0
            .try_get_with(hash.to_owned(), load)
            .await
            .map_err(|error: Arc<PlatformError>| PlatformError::clone(&error))
    }
}
