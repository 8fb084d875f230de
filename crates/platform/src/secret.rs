//! The signing secret's file: made once with random bytes, readable by its owner only, never logged and never a
//! default. Whoever holds it can sign in as anybody.

#![expect(
    clippy::disallowed_methods,
    reason = "the secret is the one file that must not pass through the artifact store"
)]

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::{PlatformError, Result};

const FILE: &str = "secret";
const BYTES: usize = 32;

/// The secret of this data folder.
pub(crate) fn read_or_make(folder: &Path) -> Result<Vec<u8>> {
    let path = folder.join(FILE);
    match fs::read_to_string(&path) {
        Ok(text) => decode(&text),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            make(&path)?;
            decode(&fs::read_to_string(&path).map_err(unusable)?)
        }
        Err(error) => Err(unusable(error)),
    }
}

/// Writes a new secret beside its place and links it there, so that of two processes one wins and no half
/// written secret is ever read.
fn make(path: &Path) -> Result<()> {
    let secret: [u8; BYTES] = rand::random();
    let name: u64 = rand::random();
    let draft = path.with_extension(format!("{name:016x}"));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(&draft).map_err(unusable)?;
    file.write_all(URL_SAFE_NO_PAD.encode(secret).as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(unusable)?;
    drop(file);
    let linked = match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        // A file system without links: nobody else starts on this folder, its lock is held.
        Err(_) => fs::copy(&draft, path).map(drop).map_err(unusable),
        Ok(()) => Ok(()),
    };
    fs::remove_file(&draft).map_err(unusable)?;
    linked
}

fn decode(text: &str) -> Result<Vec<u8>> {
    let secret = URL_SAFE_NO_PAD
        .decode(text.trim())
        .map_err(|error| PlatformError::internal("read the signing secret", error))?;
    if secret.len() < BYTES {
        return Err(PlatformError::Internal(
            "the signing secret's file is damaged; remove it and start again: everybody signs in anew"
                .to_owned(),
        ));
    }
    Ok(secret)
}

fn unusable(error: std::io::Error) -> PlatformError {
    PlatformError::internal("use the signing secret's file", error)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
    use super::*;

    #[test]
    fn a_secret_is_made_once_and_closed_to_others() {
        let folder = tempfile::tempdir().unwrap();
        let first = read_or_make(folder.path()).unwrap();
        assert_eq!(first.len(), BYTES);
        assert_eq!(read_or_make(folder.path()).unwrap(), first);
        let other = tempfile::tempdir().unwrap();
        assert_ne!(read_or_make(other.path()).unwrap(), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.path().join(FILE))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "the draft is gone"
        );
    }

    #[test]
    fn a_short_secret_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "c2hvcnQ").unwrap();
        assert!(read_or_make(folder.path()).is_err());
    }
}
