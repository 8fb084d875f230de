//! Makes a backup while the place is being used. Rows come from one snapshot. The bytes they name are held by second
//! links that are made at the writer's turn: artifacts go only after the commit that removes their rows, which then has to
//! wait; what is swept afterwards stays readable through the link.

#![expect(
    clippy::disallowed_methods,
    reason = "an archive is written where its owner says"
)]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use futures_util::StreamExt;
use sea_orm::{ConnectionTrait, DatabaseTransaction, StreamTrait};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{
    FORMAT, KEPT, MANIFEST, Manifest, Member, PASSING, Sum, artifact_member, pieces, rows,
    table_member,
};
use crate::artifacts::disk;
use crate::clock::Timestamp;
use crate::error::{Result, StoreError};
use crate::tables::audit::AuditEntry;
use crate::{Store, migrations, tables};

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Rows of all tables.
    pub rows: u64,
    /// Uploads, tables and models.
    pub artifacts: u64,
    /// The BLAKE3 of the manifest, which names the BLAKE3 of everything else. Noted elsewhere, it shows that the file is
    /// the one that was written.
    pub hash: String,
}

impl Store {
    /// Writes everything into a new file that only its owner can read. The file is there whole or not at all.
    ///
    /// # Errors
    /// `Conflict { what: "file" }` when there is one already; `Disk`; `Corrupt` for an artifact that is not what it was;
    /// the database's.
    pub async fn backup(&self, to: &Path, entry: AuditEntry) -> Result<Backup> {
        if to.exists() {
            return Err(StoreError::conflict("file"));
        }
        self.audit().append(entry.about("backup", "all")).await?;
        let mut partial = to.as_os_str().to_owned();
        partial.push(format!(".{}.partial", uuid::Uuid::new_v4().simple()));
        let partial = Partial(PathBuf::from(partial));
        let file = disk::private_file(&partial.0)?;
        let made = self.write_archive(file).await?;
        // A link fails where a rename would replace what somebody else wrote meanwhile.
        match fs::hard_link(&partial.0, to) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(StoreError::conflict("file"));
            }
            Err(_) => {
                fs::rename(&partial.0, to).map_err(StoreError::disk("put the backup in place"))?
            }
        }
        if let Some(folder) = to.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            disk::flush_folder(folder)?;
        }
        Ok(made)
    }

    async fn write_archive(&self, file: File) -> Result<Backup> {
        // Until the links are there nobody writes, and so nothing is swept.
        let turn = self.write().await?;
        let snapshot = self.snapshot().await?;
        let hashes: Vec<String> = tables::artifacts::hashes(&snapshot)
            .await?
            .into_iter()
            .collect();
        let held = self.artifacts().hold(&hashes).await?;
        turn.rollback().await?;

        let mut archive = Archive::new(file);
        let (columns, rows) = archive.tables(&snapshot).await?;
        drop(snapshot);
        for (hash, path) in hashes.iter().zip(held.paths()) {
            archive.artifact(hash, path)?;
        }
        let manifest = Manifest {
            format: FORMAT,
            made_at: Timestamp::now(),
            schema: migrations::names(),
            columns,
            members: std::mem::take(&mut archive.members),
        };
        let text = serde_json::to_string_pretty(&manifest)
            .map_err(|error| disk_error("write the manifest", io::Error::other(error)))?;
        let hash = archive.manifest(&text)?;
        Ok(Backup {
            rows,
            artifacts: hashes.len() as u64,
            hash,
        })
    }
}

/// Removed when dropped; what was put in place has another name then.
struct Partial(PathBuf);

impl Drop for Partial {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

struct Archive {
    zip: ZipWriter<File>,
    members: BTreeMap<String, Member>,
}

impl Archive {
    fn new(file: File) -> Self {
        Self {
            zip: ZipWriter::new(file),
            members: BTreeMap::new(),
        }
    }

    fn begin(&mut self, name: &str, method: CompressionMethod) -> Result<()> {
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .unix_permissions(0o600)
            .large_file(true);
        self.zip.start_file(name, options).map_err(zip_error)
    }

    async fn tables(
        &mut self,
        snapshot: &DatabaseTransaction,
    ) -> Result<(BTreeMap<String, Vec<String>>, u64)> {
        for table in rows::tables(snapshot).await? {
            let known = KEPT.iter().chain(PASSING).any(|known| *known == table);
            if !known && table != migrations::TABLE {
                return Err(rows::damaged(format!(
                    "nobody said whether {table} is kept"
                )));
            }
        }
        let (mut columns, mut count) = (BTreeMap::new(), 0);
        for table in KEPT.iter().copied() {
            let kept = rows::columns(snapshot, table).await?;
            let name = table_member(table);
            self.begin(&name, CompressionMethod::Deflated)?;
            let mut sum = Sum::default();
            let backend = ConnectionTrait::get_database_backend(snapshot);
            let statement = rows::select(backend, table, &kept);
            let mut stream = snapshot.stream_raw(statement).await?;
            while let Some(row) = stream.next().await {
                let mut line = rows::line(&row?, &kept)?;
                line.push('\n');
                self.put(&mut sum, line.as_bytes())?;
                count += 1;
            }
            drop(stream);
            self.members.insert(name, sum.member());
            let names = kept.into_iter().map(|column| column.name).collect();
            columns.insert(table.to_owned(), names);
        }
        Ok((columns, count))
    }

    fn artifact(&mut self, hash: &str, path: &Path) -> Result<()> {
        let unreadable = |error| disk_error("read an artifact", error);
        let file = File::open(path).map_err(unreadable)?;
        let name = artifact_member(hash);
        // Tables and models are packed already.
        self.begin(&name, CompressionMethod::Stored)?;
        let mut sum = Sum::default();
        pieces(file, unreadable, |bytes| self.put(&mut sum, bytes))?;
        let member = sum.member();
        if member.blake3 != hash {
            return Err(disk::damaged(hash));
        }
        self.members.insert(name, member);
        Ok(())
    }

    fn put(&mut self, sum: &mut Sum, bytes: &[u8]) -> Result<()> {
        sum.add(bytes);
        self.zip
            .write_all(bytes)
            .map_err(StoreError::disk("write the backup"))
    }

    fn manifest(mut self, text: &str) -> Result<String> {
        self.begin(MANIFEST, CompressionMethod::Deflated)?;
        let mut sum = Sum::default();
        self.put(&mut sum, text.as_bytes())?;
        let file = self.zip.finish().map_err(zip_error)?;
        file.sync_all()
            .map_err(StoreError::disk("write the backup"))?;
        Ok(sum.member().blake3)
    }
}

fn zip_error(error: zip::result::ZipError) -> StoreError {
    disk_error("write the backup", error.into())
}

fn disk_error(what: &'static str, error: io::Error) -> StoreError {
    StoreError::disk(what)(error)
}
