//! Artifacts on the local disk: `<folder>/<first two digits>/<hash>`, and `<folder>/incoming/` for what is
//! being written. Nothing a caller names becomes a path: only 64 hexadecimal digits do.

#![expect(
    clippy::disallowed_methods,
    reason = "this is where artifacts' files are opened"
)]

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use uuid::Uuid;

use crate::error::{Result, StoreError};

const INCOMING: &str = "incoming";

/// The folder.
#[derive(Debug)]
pub(crate) struct Disk {
    folder: PathBuf,
}

/// A file being written. Dropped before it is published, it is removed.
#[derive(Debug)]
pub(crate) struct Incoming {
    file: File,
    hasher: blake3::Hasher,
    path: TemporaryPath,
    size: u64,
}

/// Second links to artifacts, gone when dropped.
#[derive(Debug, Default)]
pub(crate) struct Held(Vec<TemporaryPath>);

impl Held {
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.0.iter().map(|path| path.0.as_path())
    }
}

/// Removes its file when dropped, unless the file was moved away.
#[derive(Debug)]
struct TemporaryPath(PathBuf);

impl Drop for TemporaryPath {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.0)
            && error.kind() != ErrorKind::NotFound
        {
            tracing::warn!(%error, "a temporary file could not be removed");
        }
    }
}

impl Incoming {
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.hasher.update(bytes);
        self.file
            .write_all(bytes)
            .map_err(StoreError::disk("write an artifact"))?;
        self.size += bytes.len() as u64;
        Ok(())
    }
}

impl Disk {
    /// Opens the folder, making it if need be. `clean` removes what was being written when its process died;
    /// it must not be asked for while another process writes.
    pub(crate) fn open(folder: PathBuf, clean: bool) -> Result<Self> {
        private_folder(&folder)?;
        let incoming = folder.join(INCOMING);
        private_folder(&incoming)?;
        if clean {
            let entries =
                fs::read_dir(&incoming).map_err(StoreError::disk("read the artifact folder"))?;
            for entry in entries {
                let entry = entry.map_err(StoreError::disk("read the artifact folder"))?;
                fs::remove_file(entry.path())
                    .map_err(StoreError::disk("remove a temporary file"))?;
            }
        }
        Ok(Self { folder })
    }

    pub(crate) fn begin(&self) -> Result<Incoming> {
        let path = self
            .folder
            .join(INCOMING)
            .join(Uuid::new_v4().simple().to_string());
        let file = private_file(&path)?;
        Ok(Incoming {
            file,
            hasher: blake3::Hasher::new(),
            path: TemporaryPath(path),
            size: 0,
        })
    }

    /// Puts a file in place under its hash. A file that is there already is replaced: it holds the same bytes,
    /// or it was damaged.
    pub(crate) fn publish(&self, incoming: Incoming) -> Result<(String, u64)> {
        let Incoming {
            file,
            hasher,
            path,
            size,
        } = incoming;
        file.sync_all()
            .map_err(StoreError::disk("flush an artifact"))?;
        drop(file);
        let hash = hasher.finalize().to_hex().to_string();
        let target = self.path(&hash)?;
        if let Some(shard) = target.parent()
            && !shard.is_dir()
        {
            private_folder(shard)?;
            flush_folder(&self.folder)?;
        }
        fs::rename(&path.0, &target).map_err(StoreError::disk("put an artifact in place"))?;
        if let Some(shard) = target.parent() {
            flush_folder(shard)?;
        }
        Ok((hash, size))
    }

    pub(crate) fn read(&self, hash: &str) -> Result<Bytes> {
        let mut file = self.open_file(hash)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)
            .map_err(StoreError::disk("read an artifact"))?;
        if blake3::hash(&bytes).to_hex().as_str() != hash {
            return Err(damaged(hash));
        }
        Ok(Bytes::from(bytes))
    }

    pub(crate) fn open_checked(&self, hash: &str) -> Result<File> {
        let mut file = self.open_file(hash)?;
        let mut hasher = blake3::Hasher::new();
        hasher
            .update_reader(&file)
            .map_err(StoreError::disk("read an artifact"))?;
        if hasher.finalize().to_hex().as_str() != hash {
            return Err(damaged(hash));
        }
        file.seek(SeekFrom::Start(0))
            .map_err(StoreError::disk("read an artifact"))?;
        Ok(file)
    }

    /// Links artifacts a second time; copies them where the file system has no links.
    pub(crate) fn hold(&self, hashes: &[String]) -> Result<Held> {
        let mut held = Held::default();
        for hash in hashes {
            let (from, name) = (self.path(hash)?, Uuid::new_v4().simple().to_string());
            let to = TemporaryPath(self.folder.join(INCOMING).join(name));
            match fs::hard_link(&from, &to.0) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    return Err(StoreError::Corrupt {
                        what: "artifact",
                        detail: format!("there are no bytes under {hash}"),
                    });
                }
                Err(_) => {
                    fs::copy(&from, &to.0).map_err(StoreError::disk("hold an artifact"))?;
                }
            }
            held.0.push(to);
        }
        Ok(held)
    }

    fn open_file(&self, hash: &str) -> Result<File> {
        match File::open(self.path(hash)?) {
            Ok(file) => Ok(file),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Err(StoreError::not_found("artifact"))
            }
            Err(error) => Err(StoreError::disk("open an artifact")(error)),
        }
    }

    pub(crate) fn remove(&self, hash: &str) -> Result<()> {
        match fs::remove_file(self.path(hash)?) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(StoreError::disk("remove an artifact")(error))
            }
            _ => Ok(()),
        }
    }

    /// Every hash that has a file.
    pub(crate) fn hashes(&self) -> Result<Vec<String>> {
        let reading = "read the artifact folder";
        let mut hashes = Vec::new();
        for shard in fs::read_dir(&self.folder).map_err(StoreError::disk(reading))? {
            let shard = shard.map_err(StoreError::disk(reading))?;
            if shard.file_name().len() != 2 || !shard.path().is_dir() {
                continue;
            }
            for entry in fs::read_dir(shard.path()).map_err(StoreError::disk(reading))? {
                let name = entry.map_err(StoreError::disk(reading))?.file_name();
                hashes.extend(
                    name.to_str()
                        .filter(|name| is_hash(name))
                        .map(str::to_owned),
                );
            }
        }
        hashes.sort();
        Ok(hashes)
    }

    fn path(&self, hash: &str) -> Result<PathBuf> {
        match hash.get(..2) {
            Some(shard) if is_hash(hash) => Ok(self.folder.join(shard).join(hash)),
            _ => Err(StoreError::not_found("artifact")),
        }
    }
}

pub(crate) fn is_hash(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

pub(crate) fn damaged(hash: &str) -> StoreError {
    StoreError::Corrupt {
        what: "artifact",
        detail: format!("the bytes under {hash} have another hash"),
    }
}

/// Makes a folder only its owner can enter; one that exists is left as it is, but closed to others.
pub(crate) fn private_folder(folder: &Path) -> Result<()> {
    let making = "make a folder";
    fs::create_dir_all(folder).map_err(StoreError::disk(making))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
            .map_err(StoreError::disk(making))?;
    }
    Ok(())
}

/// Makes a new file only its owner can read.
pub(crate) fn private_file(path: &Path) -> Result<File> {
    owner_only()
        .write(true)
        .create_new(true)
        .open(path)
        .map_err(StoreError::disk("make a file"))
}

/// Makes sure that a file exists and only its owner can read it, before something else opens it.
pub(crate) fn close_to_others(path: &Path) -> Result<File> {
    let file = owner_only().read(true).append(true).create(true).open(path);
    let file = file.map_err(StoreError::disk("make a file"))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(fs::Permissions::from_mode(0o600))
            .map_err(StoreError::disk("make a file"))?;
    }
    Ok(file)
}

fn owner_only() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

/// Makes a rename durable. Windows has no such call; there the rename itself is all there is.
pub(crate) fn flush_folder(folder: &Path) -> Result<()> {
    #[cfg(unix)]
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(StoreError::disk("flush a folder"))?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
