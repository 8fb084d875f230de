//! Programs the suites need: found, or installed where this process may, or named in the error. Nothing is
//! ever left out because a program is missing.

use crate::command::{command, find, output, show};
use crate::repository::root;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

const NODE: (u32, u32) = (20, 19);

/// Node.js of a sufficient version, with npm.
pub(crate) fn node() -> Result<(), String> {
    if node_is_sufficient() {
        return Ok(());
    }
    install(&["nodejs", "npm"])?;
    if node_is_sufficient() {
        return Ok(());
    }
    Err(format!(
        "the web app needs Node.js {}.{} or newer with npm; {}. Debian 13 and Ubuntu 25.04 carry it as nodejs and npm.",
        NODE.0,
        NODE.1,
        node_version().map_or("none was found".into(), |version| format!(
            "found {version}"
        )),
    ))
}

fn node_is_sufficient() -> bool {
    find("npm").is_some() && node_version().is_some_and(|version| at_least(&version, NODE))
}

fn node_version() -> Option<String> {
    find("node")?;
    output(&mut command("node", &["--version"], &root()))
        .ok()
        .map(|version| version.trim().to_owned())
}

fn at_least(version: &str, (major, minor): (u32, u32)) -> bool {
    let mut parts = version
        .trim_start_matches('v')
        .split('.')
        .map_while(|part| part.parse::<u32>().ok());
    match (parts.next(), parts.next()) {
        (Some(found_major), Some(found_minor)) => (found_major, found_minor) >= (major, minor),
        _ => false,
    }
}

/// A Chromium for the browser suite.
pub(crate) fn chromium() -> Result<PathBuf, String> {
    const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
    let there = || NAMES.iter().find_map(|name| find(name));
    if let Some(path) = there() {
        return Ok(path);
    }
    install(&["chromium", "fonts-liberation"])?;
    there()
        .ok_or_else(|| "the package chromium was installed, but no chromium is on the PATH".into())
}

/// Programs that come in Debian packages of their own names.
pub(crate) fn programs(names: &[&str]) -> Result<(), String> {
    let missing: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| find(name).is_none())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    install(&missing)
}

/// The folder of a PostgreSQL server's programs.
pub(crate) fn postgres() -> Result<PathBuf, String> {
    if let Some(folder) = newest_postgres() {
        return Ok(folder);
    }
    install(&["postgresql"])?;
    newest_postgres()
        .ok_or_else(|| "the package postgresql was installed, but no initdb is where Debian puts it, nor on the PATH".into())
}

/// Debian keeps them off the PATH, by version.
fn newest_postgres() -> Option<PathBuf> {
    let version = |folder: &PathBuf| {
        let name = folder.file_name()?.to_str()?;
        name.parse::<u32>().ok()
    };
    let mut installed: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    installed.sort_by_key(version);
    let newest = installed
        .into_iter()
        .rev()
        .map(|folder| folder.join("bin"))
        .find(|folder| folder.join("initdb").is_file());
    newest.or_else(|| Some(find("initdb")?.parent()?.to_owned()))
}

/// Installs Debian packages as root; anywhere else the error names them.
fn install(packages: &[&str]) -> Result<(), String> {
    let names = packages.join(" ");
    if !may_install() {
        return Err(format!(
            "missing: {names}. On Debian or Ubuntu: sudo apt-get install {names}"
        ));
    }
    static LISTS: OnceLock<Result<(), String>> = OnceLock::new();
    LISTS
        .get_or_init(|| show(&mut command("apt-get", &["update", "-qq"], &root())))
        .clone()?;
    let mut arguments = vec!["install", "-y", "-qq", "--no-install-recommends"];
    arguments.extend(packages);
    show(command("apt-get", &arguments, &root()).env("DEBIAN_FRONTEND", "noninteractive"))
        .map_err(|error| format!("missing: {names}. {error}"))
}

fn may_install() -> bool {
    is_root() && find("apt-get").is_some()
}

/// Whether this process may do everything.
pub(crate) fn is_root() -> bool {
    output(&mut command("id", &["-u"], Path::new("/"))).is_ok_and(|id| id.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::at_least;

    #[test]
    fn versions_compare_by_number() {
        assert!(at_least("v20.19.0", (20, 19)));
        assert!(at_least("v22.1.0", (20, 19)));
        assert!(!at_least("v20.9.4", (20, 19)));
        assert!(!at_least("v18.20.4", (20, 19)));
        assert!(!at_least("", (20, 19)));
    }
}
