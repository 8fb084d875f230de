//! The web app's packages and scripts.

use crate::command::{command, show};
use crate::prerequisites;
use crate::repository::root;
use std::path::{Path, PathBuf};

/// The web app's folder.
pub(crate) fn folder() -> PathBuf {
    root().join("ui")
}

/// Installs exactly what the lock file says, unless that is what is there.
pub(crate) fn install() -> Result<(), String> {
    prerequisites::node()?;
    if installed(&folder()) {
        return Ok(());
    }
    show(&mut command(
        "npm",
        &["ci", "--no-audit", "--no-fund", "--ignore-scripts"],
        &folder(),
    ))
}

/// npm writes its own lock file beside the packages when it has finished; an older one is of an older list.
fn installed(folder: &Path) -> bool {
    let changed = |path: &str| {
        std::fs::metadata(folder.join(path))
            .and_then(|data| data.modified())
            .ok()
    };
    match (
        changed("package-lock.json"),
        changed("node_modules/.package-lock.json"),
    ) {
        (Some(wanted), Some(there)) => there >= wanted,
        _ => false,
    }
}

/// `tsc` over the web app, with the client types made fresh from the OpenAPI document.
pub(crate) fn typecheck() -> Result<(), String> {
    install()?;
    show(&mut command(
        "npm",
        &["run", "--silent", "typecheck"],
        &folder(),
    ))
}
