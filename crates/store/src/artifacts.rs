//! Bytes under their BLAKE3 hash: uploads, tables, model files. An artifact is written to a temporary file,
//! flushed, renamed to its final name and the folder flushed, so that a name in place is a complete file even
//! after a power loss; it is hashed again when it is read. References are rows (`artifact_references`); bytes
//! nothing refers to and nobody is just storing are swept.
//!
//! This module and `artifacts::disk` are the only places outside the command line that open files.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use bytes::{Bytes, BytesMut};

use crate::Store;
use crate::error::{Result, StoreError};
use crate::tables;

pub(crate) mod disk;

use disk::{Disk, Held, Incoming};

/// How many bytes are gathered before a write and its hashing go to the blocking pool together.
const CHUNK: usize = 1 << 20;
/// How many unreferenced artifacts one sweep looks at.
const SWEEP: u64 = 1_000;

/// A stored artifact.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ArtifactRef {
    /// BLAKE3 of the bytes, 64 lower-case hexadecimal digits.
    pub hash: String,
    /// How many bytes.
    pub size: u64,
}

/// The state all handles share.
#[derive(Debug)]
pub(crate) struct Shelf {
    disk: Arc<Disk>,
    /// Artifacts that were stored and whose reference is not written yet, with how many stores wait for it.
    /// They are not swept.
    pending: Mutex<BTreeMap<String, usize>>,
    /// Held shared while a file is put in place, alone while files are removed, so that a sweep cannot remove
    /// what was just put back.
    sweeping: tokio::sync::RwLock<()>,
}

impl Shelf {
    /// Opens the folder and removes what a dead process left half written.
    pub(crate) async fn open(folder: PathBuf, clean: bool) -> Result<Self> {
        let disk = blocking(move || Disk::open(folder, clean)).await?;
        let sweeping = tokio::sync::RwLock::new(());
        Ok(Self {
            disk: Arc::new(disk),
            pending: Mutex::new(BTreeMap::new()),
            sweeping,
        })
    }
}

/// Storing and reading bytes; from [`Store::artifacts`].
#[derive(Clone, Copy, Debug)]
pub struct Artifacts<'a>(pub(crate) &'a Store);

impl Artifacts<'_> {
    /// Begins to store bytes that come in pieces. Dropped unfinished, nothing stays.
    ///
    /// # Errors
    /// `Disk`.
    pub async fn begin_upload(&self) -> Result<ArtifactWriter> {
        let disk = Arc::clone(&self.0.shelf().disk);
        let incoming = blocking(move || disk.begin()).await?;
        Ok(ArtifactWriter {
            store: self.0.clone(),
            incoming: Some(incoming),
            buffer: BytesMut::new(),
            size: 0,
        })
    }

    /// Stores these bytes.
    ///
    /// # Errors
    /// `Disk`.
    pub async fn put(&self, bytes: impl Into<Bytes>) -> Result<ArtifactRef> {
        let mut writer = self.begin_upload().await?;
        writer.write(bytes.into()).await?;
        writer.finish().await
    }

    /// Whether there are bytes under this hash.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn exists(&self, hash: &str) -> Result<bool> {
        tables::artifacts::exists(self.0.read(), hash).await
    }

    /// Bytes that a user's things refer to; what several of them share counts once.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn used_by(&self, user: uuid::Uuid) -> Result<u64> {
        tables::artifacts::used_by(self.0.read(), user).await
    }

    /// The bytes under this hash, checked.
    ///
    /// # Errors
    /// `NotFound`; `Corrupt` when the bytes are not those that were stored.
    pub async fn read(&self, hash: &str) -> Result<Bytes> {
        let (disk, hash) = (Arc::clone(&self.0.shelf().disk), hash.to_owned());
        blocking(move || disk.read(&hash)).await
    }

    /// The file under this hash, checked, at its beginning. What is read from it is what was checked: an
    /// artifact's file is never written again.
    ///
    /// # Errors
    /// `NotFound`; `Corrupt` when the bytes are not those that were stored.
    pub async fn open(&self, hash: &str) -> Result<File> {
        let (disk, hash) = (Arc::clone(&self.0.shelf().disk), hash.to_owned());
        blocking(move || disk.open_checked(&hash)).await
    }

    /// Holds the files under these hashes: they stay readable at the paths given, in the same order, whatever is swept.
    ///
    /// # Errors
    /// `Corrupt` when there is no such file; `Disk`.
    pub(crate) async fn hold(&self, hashes: &[String]) -> Result<Held> {
        let (disk, hashes) = (Arc::clone(&self.0.shelf().disk), hashes.to_vec());
        blocking(move || disk.hold(&hashes)).await
    }

    /// Says that stored bytes will not be referred to: the upload was refused.
    ///
    /// # Errors
    /// `Disk` or the database's.
    pub async fn discard(&self, artifact: &ArtifactRef) -> Result<()> {
        self.settled(artifact);
        self.sweep_these(std::slice::from_ref(&artifact.hash)).await
    }

    /// Removes every artifact nothing refers to; returns how many.
    ///
    /// # Errors
    /// `Disk` or the database's.
    pub async fn sweep_unreferenced(&self) -> Result<u64> {
        let hashes = tables::artifacts::unreferenced(self.0.read(), SWEEP).await?;
        self.sweep(&hashes).await
    }

    /// What a resident sweeps when it opens: rows nothing refers to, and files without a row, which a crash
    /// between removing the row and the file leaves.
    pub(crate) async fn sweep_at_start(&self) -> Result<u64> {
        let swept = self.sweep_unreferenced().await?;
        let disk = Arc::clone(&self.0.shelf().disk);
        let on_disk = blocking(move || disk.hashes()).await?;
        let known = tables::artifacts::hashes(self.0.read()).await?;
        let strays: Vec<String> = on_disk
            .into_iter()
            .filter(|hash| !known.contains(hash))
            .collect();
        let count = strays.len() as u64;
        let disk = Arc::clone(&self.0.shelf().disk);
        blocking(move || strays.iter().try_for_each(|hash| disk.remove(hash))).await?;
        Ok(swept + count)
    }

    /// A reference to these bytes is now written.
    pub(crate) fn settled(&self, artifact: &ArtifactRef) {
        let mut pending = crate::lock(&self.0.shelf().pending);
        if let Some(count) = pending.get_mut(&artifact.hash) {
            *count -= 1;
            if *count == 0 {
                pending.remove(&artifact.hash);
            }
        }
    }

    /// Removes those of `hashes` that nothing refers to any more.
    pub(crate) async fn sweep_these(&self, hashes: &[String]) -> Result<()> {
        self.sweep(hashes).await.map(drop)
    }

    async fn sweep(&self, hashes: &[String]) -> Result<u64> {
        if hashes.is_empty() {
            return Ok(0);
        }
        let shelf = self.0.shelf();
        let _alone = shelf.sweeping.write().await;
        let candidates: Vec<&String> = {
            let pending = crate::lock(&shelf.pending);
            hashes
                .iter()
                .filter(|hash| !pending.contains_key(*hash))
                .collect()
        };
        let mut removed = Vec::new();
        let transaction = self.0.write().await?;
        for hash in candidates {
            if tables::artifacts::remove_unreferenced(&transaction, hash).await? {
                removed.push(hash.clone());
            }
        }
        transaction.commit().await?;
        // Rows first: a crash between leaves a file without a row, which the next put of its bytes replaces
        // and the next start removes.
        let count = removed.len() as u64;
        let disk = Arc::clone(&shelf.disk);
        blocking(move || removed.iter().try_for_each(|hash| disk.remove(hash))).await?;
        Ok(count)
    }
}

/// Takes an artifact's bytes as they come.
#[derive(Debug)]
pub struct ArtifactWriter {
    store: Store,
    incoming: Option<Incoming>,
    buffer: BytesMut,
    size: u64,
}

impl ArtifactWriter {
    /// How many bytes came so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// `Disk`; the writer is then of no more use.
    pub async fn write(&mut self, bytes: Bytes) -> Result<()> {
        self.size += bytes.len() as u64;
        if self.buffer.is_empty() && bytes.len() >= CHUNK {
            return self.flush(bytes).await;
        }
        self.buffer.extend_from_slice(&bytes);
        if self.buffer.len() >= CHUNK {
            let full = self.buffer.split().freeze();
            self.flush(full).await?;
        }
        Ok(())
    }

    async fn flush(&mut self, bytes: Bytes) -> Result<()> {
        let mut incoming = self.incoming.take().ok_or(StoreError::Closed)?;
        let incoming = blocking(move || {
            incoming.write(&bytes)?;
            Ok(incoming)
        })
        .await?;
        self.incoming = Some(incoming);
        Ok(())
    }

    /// Makes the bytes durable under their hash. Follow with whatever writes a reference to them, or with
    /// [`Artifacts::discard`].
    ///
    /// # Errors
    /// `Disk` or the database's.
    pub async fn finish(mut self) -> Result<ArtifactRef> {
        let last = self.buffer.split().freeze();
        if !last.is_empty() {
            self.flush(last).await?;
        }
        let incoming = self.incoming.take().ok_or(StoreError::Closed)?;
        let shelf = self.store.shelf();
        let _shared = shelf.sweeping.read().await;
        let disk = Arc::clone(&shelf.disk);
        let (hash, size) = blocking(move || disk.publish(incoming)).await?;
        let transaction = self.store.write().await?;
        tables::artifacts::insert(&transaction, &hash, size).await?;
        transaction.commit().await?;
        *crate::lock(&shelf.pending).entry(hash.clone()).or_insert(0) += 1;
        Ok(ArtifactRef { hash, size })
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(StoreError::disk("run a file operation")(
            std::io::Error::other(error),
        )),
    }
}
