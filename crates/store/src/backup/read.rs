//! Restores a backup into an empty place. The whole archive is looked at before anything is written: its members are
//! those of its manifest and no others, their names can only be what a backup has, and each has its size and hash. The
//! members' names never become paths; only hashes do.

#![expect(
    clippy::disallowed_methods,
    reason = "an archive is read from where its owner says"
)]

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use sea_orm::sea_query::{Alias, Query, Table};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement};
use zip::ZipArchive;

use super::{
    FORMAT, KEPT, MANIFEST, Manifest, PASSING, Sum, artifact_member, pieces, rows, table_member,
};
use crate::artifacts::disk::{self, Disk, is_hash};
use crate::clock::Timestamp;
use crate::database::Database;
use crate::error::{Result, StoreError};
use crate::tables::audit::{self, AuditEntry};
use crate::tables::audit_anchors::AnchorKey;
use crate::verify::Findings;
use crate::{DatabasePlace, Presence, Store, StoreOptions, migrations};

/// The largest manifest: some hundred thousand artifacts.
const LARGEST_MANIFEST: u64 = 256 << 20;

/// How to restore.
#[derive(Clone, Debug)]
pub struct Restoration {
    /// Signs the audit's anchors anew: the place has a secret of its own.
    pub key: AnchorKey,
    /// What to remember about it.
    pub audit: AuditEntry,
    /// The BLAKE3 of the manifest, when somebody noted it when the backup was made.
    pub manifest: Option<String>,
    /// Restore although the books in it do not fit.
    pub anyway: bool,
}

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// When the backup was made.
    pub made_at: Timestamp,
    /// The BLAKE3 of its manifest.
    pub hash: String,
    /// How many artifacts.
    pub artifacts: u64,
    /// What going through the restored books found.
    pub findings: Findings,
}

/// Restores a backup into an empty folder and, where the options name one, an empty database on a server. The audit's
/// anchors are signed anew; that a backup was restored is an entry.
///
/// # Errors
/// `Corrupt` for a file that is no backup, was changed or is not whole, or whose books do not fit; `Conflict { what: "place" }` when the database is
/// not empty; `Invalid` for a backup of a later version; `Disk`; the database's. The folder is of no use then.
pub async fn restore(options: StoreOptions, from: &Path, wanted: Restoration) -> Result<Restored> {
    let mut archive = Archive::open(from)?;
    archive.check()?;
    if let Some(expected) = &wanted.manifest
        && *expected != archive.hash
    {
        return Err(rows::damaged(format!(
            "its manifest is {}, not the one that was expected",
            archive.hash
        )));
    }
    let steps = archive.steps()?;
    if let DatabasePlace::File(path) = &options.database {
        drop(disk::close_to_others(path)?);
    }
    let resident = options.presence == Presence::Resident;
    let database = Database::open(&options.database, options.readers, resident).await?;
    let loaded = async {
        prepare(&database, steps).await?;
        archive.load_artifacts(&Disk::open(options.artifacts.clone(), true)?)?;
        load(&database, &mut archive).await
    };
    let loaded = loaded.await;
    database.close().await?;
    loaded?;

    // Opened as usual, which takes the steps of the schema that are newer than the backup.
    let store = Store::open(options).await?;
    let restored = finish(&store, &archive, wanted).await;
    if restored.is_err() {
        // On a server the rows are there already, and would be in the way of another try.
        let transaction = store.write().await?;
        empty(&transaction).await?;
        transaction.commit().await?;
    }
    store.close().await?;
    restored
}

/// Makes the tables the backup's rows were written under; refuses a database that somebody uses. Tables of an empty place,
/// such as an earlier try left on a server, may be of a later step than the backup's: they are made anew.
async fn prepare(database: &Database, steps: usize) -> Result<()> {
    let tables = rows::tables(database.read()).await?;
    if tables.iter().any(|table| table == "users") {
        let question = "SELECT (SELECT count(*) FROM users) + (SELECT count(*) FROM audit)";
        let backend = database.read().get_database_backend();
        let row = database
            .read()
            .query_one_raw(Statement::from_string(backend, question))
            .await?;
        let count: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
        // One account comes with the tables.
        if count > 1 {
            return Err(StoreError::conflict("place"));
        }
        let transaction = database.write().await?;
        let ours = KEPT.iter().chain(PASSING).rev();
        for table in ours.copied().chain([migrations::TABLE]) {
            let mut drop = Table::drop();
            drop.table(table).if_exists();
            if backend == DbBackend::Postgres {
                drop.cascade();
            }
            transaction.execute(&drop).await?;
        }
        transaction.commit().await?;
    } else if tables.iter().any(|table| table != migrations::TABLE) {
        return Err(StoreError::conflict("place"));
    }
    migrations::begin(database.writer(), steps).await
}

async fn load(database: &Database, archive: &mut Archive) -> Result<()> {
    let there = rows::tables(database.read()).await?;
    let transaction = database.write().await?;
    empty(&transaction).await?;
    for table in KEPT.iter().copied() {
        // A later version's table is made, and filled, by its step.
        if there.iter().any(|name| name == table) {
            archive.load_table(&transaction, table).await?;
        }
    }
    transaction.commit().await?;
    Ok(())
}

/// Removes what tables are born with.
async fn empty(transaction: &DatabaseTransaction) -> Result<()> {
    let there = rows::tables(transaction).await?;
    for table in KEPT.iter().rev() {
        if there.iter().any(|name| name == table) {
            let mut delete = Query::delete();
            delete.from_table(*table);
            transaction.execute(&delete).await?;
        }
    }
    Ok(())
}

async fn finish(store: &Store, archive: &Archive, wanted: Restoration) -> Result<Restored> {
    let transaction = store.write().await?;
    audit::shorten::sign_again(&transaction, &wanted.key).await?;
    transaction.commit().await?;
    let findings = store.verify(&wanted.key).await?;
    if let Some(problem) = findings.problems.first()
        && !wanted.anyway
    {
        return Err(rows::damaged(format!("its books do not fit: {problem}")));
    }
    let details =
        serde_json::json!({ "made_at": archive.manifest.made_at, "manifest": archive.hash });
    let entry = wanted.audit.about("backup", "all").details(details);
    store.audit().append(entry).await?;
    Ok(Restored {
        made_at: archive.manifest.made_at,
        hash: archive.hash.clone(),
        artifacts: archive.artifacts().len() as u64,
        findings,
    })
}

struct Archive {
    zip: ZipArchive<BufReader<File>>,
    manifest: Manifest,
    hash: String,
}

impl Archive {
    fn open(from: &Path) -> Result<Self> {
        let file = File::open(from).map_err(StoreError::disk("open the backup"))?;
        let mut zip = ZipArchive::new(BufReader::new(file)).map_err(|error| unreadable(&error))?;
        let member = zip
            .by_name(MANIFEST)
            .map_err(|_| rows::damaged("there is no manifest in it"))?;
        let mut text = String::new();
        member
            .take(LARGEST_MANIFEST)
            .read_to_string(&mut text)
            .map_err(|error| rows::damaged(format!("its manifest cannot be read: {error}")))?;
        let manifest: Manifest = serde_json::from_str(&text)
            .map_err(|error| rows::damaged(format!("its manifest cannot be read: {error}")))?;
        if manifest.format != FORMAT {
            return Err(StoreError::invalid(
                "backup",
                format!(
                    "It has the form {}, this version reads {FORMAT}. Restore it with the version that made it.",
                    manifest.format
                ),
            ));
        }
        Ok(Self {
            zip,
            manifest,
            hash: blake3::hash(text.as_bytes()).to_hex().to_string(),
        })
    }

    /// Whether everything in it is what the manifest says, and nothing else is.
    fn check(&mut self) -> Result<()> {
        let mut names = BTreeSet::new();
        for index in 0..self.zip.len() {
            let member = self
                .zip
                .by_index_raw(index)
                .map_err(|error| unreadable(&error))?;
            let name = member
                .name()
                .map_err(|error| unreadable(&error))?
                .into_owned();
            let expected = name == MANIFEST || self.manifest.members.contains_key(&name);
            if !expected || !is_member(&name) || !member.is_file() {
                return Err(rows::damaged(format!(
                    "it holds '{}', which no backup has",
                    name.escape_default()
                )));
            }
            if !names.insert(name) {
                return Err(rows::damaged("it holds something twice"));
            }
        }
        for (name, member) in self.manifest.members.clone() {
            let source = self.zip.by_name(&name).map_err(|_| missing(&name))?;
            // One byte more than it should have shows that it has more.
            let source = source.take(member.bytes.saturating_add(1));
            let mut sum = Sum::default();
            let wrong = |error| rows::damaged(format!("{name} cannot be read: {error}"));
            pieces(source, wrong, |bytes| {
                sum.add(bytes);
                Ok(())
            })?;
            let found = sum.member();
            let right = name
                .strip_prefix("artifacts/")
                .is_none_or(|hash| hash == found.blake3);
            if found != member || !right {
                return Err(rows::damaged(format!("{name} was changed")));
            }
        }
        Ok(())
    }

    /// How many steps of the schema its rows were written under; they must be the first of ours.
    fn steps(&self) -> Result<usize> {
        let ours = migrations::names();
        let steps = self.manifest.schema.len();
        if ours.get(..steps) == Some(self.manifest.schema.as_slice()) {
            return Ok(steps);
        }
        Err(StoreError::invalid(
            "backup",
            "A later version of Trainyard made it. Restore it with that version.",
        ))
    }

    async fn load_table(
        &mut self,
        transaction: &DatabaseTransaction,
        table: &'static str,
    ) -> Result<()> {
        let known = rows::columns(transaction, table).await?;
        let names = self
            .manifest
            .columns
            .get(table)
            .cloned()
            .unwrap_or_default();
        let columns = names
            .iter()
            .map(|name| {
                let column = known.iter().find(|column| column.name == *name);
                column.cloned().ok_or_else(|| {
                    rows::damaged(format!("{table} has no column '{}'", name.escape_default()))
                })
            })
            .collect::<Result<Vec<_>>>()?;
        let name = table_member(table);
        let member = self.zip.by_name(&name).map_err(|_| missing(&name))?;
        let mut lines = BufReader::new(member).lines();
        loop {
            let mut insert = Query::insert();
            insert
                .into_table(table)
                .columns(columns.iter().map(|column| Alias::new(&column.name)));
            let mut count = 0;
            for line in lines.by_ref().take(rows::BATCH) {
                let line = line.map_err(|error| rows::damaged(format!("{name}: {error}")))?;
                insert.values_panic(rows::values(&line, &columns)?);
                count += 1;
            }
            if count == 0 {
                break;
            }
            transaction.execute(&insert).await?;
        }
        let counts = known
            .iter()
            .any(|column| column.name == "id" && column.kind != rows::Kind::Uuid);
        if counts && transaction.get_database_backend() == DbBackend::Postgres {
            // A server goes on counting where it stopped, which is not where the backup did.
            let on = format!(
                "SELECT setval(pg_get_serial_sequence('{table}', 'id'), GREATEST((SELECT max(id) FROM {table}), 1))"
            );
            transaction.execute_unprepared(&on).await?;
        }
        Ok(())
    }

    /// The hashes of its artifacts.
    fn artifacts(&self) -> Vec<String> {
        let names = self.manifest.members.keys();
        names
            .filter_map(|name| name.strip_prefix("artifacts/").map(str::to_owned))
            .collect()
    }

    fn load_artifacts(&mut self, disk: &Disk) -> Result<()> {
        for hash in self.artifacts() {
            let name = artifact_member(&hash);
            let member = self.zip.by_name(&name).map_err(|_| missing(&name))?;
            let mut incoming = disk.begin()?;
            let wrong = |error| rows::damaged(format!("{name}: {error}"));
            pieces(member, wrong, |bytes| incoming.write(bytes))?;
            let (written, _) = disk.publish(incoming)?;
            if written != hash {
                return Err(rows::damaged(format!("{name} changed while it was read")));
            }
        }
        Ok(())
    }
}

/// Whether a backup may have a member of this name.
fn is_member(name: &str) -> bool {
    let table = |name: &str| KEPT.contains(&name) && !PASSING.contains(&name);
    name == MANIFEST
        || name.strip_prefix("artifacts/").is_some_and(is_hash)
        || name
            .strip_prefix("tables/")
            .and_then(|rest| rest.strip_suffix(".jsonl"))
            .is_some_and(table)
}

fn missing(name: &str) -> StoreError {
    rows::damaged(format!("{name} is not in it"))
}

fn unreadable(error: &zip::result::ZipError) -> StoreError {
    rows::damaged(format!("it is not whole, or no backup: {error}"))
}
