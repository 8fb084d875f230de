//! Backups, for whoever has the data folder; nobody is asked who they are. A restored place is put together beside its
//! place and moved there whole.

#![expect(
    clippy::disallowed_methods,
    reason = "a restored folder is put in place whole"
)]

use std::fs;
use std::path::{Path, PathBuf};

use trainyard_store::{
    AnchorKey, Backup, Restoration, Restored, StoreError, StoreOptions, restore,
};

use crate::caller::Origin;
use crate::error::{PlatformError, Result, sentence};
use crate::{Platform, PlatformOptions, secret};

/// Which backup to restore, and how sure to be of it.
#[derive(Clone, Debug)]
pub struct RestoreRequest {
    /// The backup.
    pub file: PathBuf,
    /// The hash that was printed when it was made.
    pub manifest: Option<String>,
    /// Restore although the books in it do not fit.
    pub anyway: bool,
}

impl Platform {
    /// Writes everything into a new file, also beside a running server.
    ///
    /// # Errors
    /// `Conflict` when there is such a file; `Unavailable` when it cannot be written; `UnreadableFile` when what is kept
    /// is damaged.
    pub async fn backup(&self, to: &Path) -> Result<Backup> {
        let entry = Origin::command_line().entry("backup.make");
        self.store().backup(to, entry).await.map_err(told)
    }

    /// Restores a backup into an empty place, which has a signing secret of its own then.
    ///
    /// # Errors
    /// `Conflict` when the place is not empty; `UnreadableFile` for a file that is no whole, unchanged backup;
    /// `Unavailable` when something cannot be read or written. The folder is then as it was.
    pub async fn restore(options: &PlatformOptions, request: RestoreRequest) -> Result<Restored> {
        let folder = &options.data_dir;
        let empty = match fs::read_dir(folder) {
            Ok(mut entries) => entries.next().is_none(),
            Err(_) => !folder.exists(),
        };
        if !empty {
            return Err(PlatformError::Conflict {
                what: "place",
                detail: format!(
                    "{} is not empty. Restore into a folder that is, or does not exist.",
                    folder.display()
                ),
            });
        }
        let mut name = folder.as_os_str().to_owned();
        name.push(".restoring");
        let partial = Partial(PathBuf::from(name));
        if let Some(parent) = folder.parent() {
            fs::create_dir_all(parent).map_err(|error| unwritable(parent, &error))?;
        }
        private_folder(&partial.0)?;
        let secret = match &options.secret {
            Some(secret) => secret.clone(),
            None => secret::read_or_make(&partial.0)?,
        };
        let mut places = StoreOptions::in_folder(&partial.0);
        if let Some(url) = &options.database_url {
            places = places.at_server(url);
        }
        let wanted = Restoration {
            key: AnchorKey::of(&secret),
            audit: Origin::command_line().entry("backup.restore"),
            manifest: request.manifest,
            anyway: request.anyway,
        };
        let restored = restore(places, &request.file, wanted).await.map_err(told)?;
        if folder.exists() {
            fs::remove_dir(folder).map_err(|error| unwritable(folder, &error))?;
        }
        fs::rename(&partial.0, folder).map_err(|error| unwritable(folder, &error))?;
        Ok(restored)
    }
}

/// A folder in the making; what was moved into place is no longer under this name.
struct Partial(PathBuf);

impl Drop for Partial {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn private_folder(folder: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder
        .create(folder)
        .map_err(|error| unwritable(folder, &error))
}

fn unwritable(path: &Path, error: &std::io::Error) -> PlatformError {
    PlatformError::Unavailable(format!("{} cannot be written: {error}", path.display()))
}

/// For whoever runs the command, who can mend most of it.
fn told(error: StoreError) -> PlatformError {
    match error {
        StoreError::Corrupt {
            what: "backup",
            detail,
        } => PlatformError::UnreadableFile {
            reason: "backup",
            detail: format!(
                "This is no backup that can be restored: {detail}. Nothing was restored."
            ),
        },
        StoreError::Corrupt { .. } => PlatformError::UnreadableFile {
            reason: "damaged",
            detail: format!("{} No backup was made.", sentence(&error.to_string())),
        },
        StoreError::Conflict { what: "file" } => PlatformError::Conflict {
            what: "file",
            detail: "There is a file of that name already. Name another one.".to_owned(),
        },
        StoreError::Conflict { what: "place" } => PlatformError::Conflict {
            what: "place",
            detail: "There is something in the database already. Restore into an empty one."
                .to_owned(),
        },
        StoreError::Disk { .. } | StoreError::Locked | StoreError::Unreachable(_) => {
            PlatformError::Unavailable(error.to_string())
        }
        other => other.into(),
    }
}
