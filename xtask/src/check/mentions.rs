//! What works on one machine only: absolute paths of this machine, relative paths that leave the repository,
//! and package hosts other than the registries' own defaults.

use crate::repository::{self, root};
use std::path::Path;

/// Variables by which people point package clients at a mirror of theirs.
const MIRROR_VARIABLES: &[&str] = &[
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS",
    "NPM_CONFIG_REGISTRY",
    "npm_config_registry",
];

/// Settings that do the same from a file.
const MIRROR_SETTINGS: &[&str] = &[
    "index-url",
    "find-links",
    "trusted-host",
    "[source.",
    "replace-with",
    "registry=",
];

pub(super) fn check() -> Result<(), String> {
    let machine = machine_paths(&root(), std::env::var_os("HOME").as_deref().map(Path::new));
    let mirrors = mirrors();
    let mut problems = Vec::new();
    for path in repository::files()? {
        let Some(text) = repository::text(&path)? else {
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            let mut found = |what: &str| problems.push(format!("{path}:{}: {what}", number + 1));
            if machine.iter().any(|prefix| line.contains(prefix.as_str())) {
                found("a path of this machine");
            }
            if names_a_path(&path, line) && leaves_the_repository(&path, line) {
                found("a relative path that leaves the repository");
            }
            if mirrors.iter().any(|host| line.contains(host.as_str())) {
                found("a package host of this machine");
            }
            if let Some(what) = mirror(&path, line) {
                found(what);
            }
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems.join("\n"))
    }
}

/// The checkout, the folder it lies in (unless that is a folder every system has) and the user's home.
fn machine_paths(root: &Path, home: Option<&Path>) -> Vec<String> {
    const EVERYWHERE: &[&str] = &["/", "/tmp", "/var/tmp", "/home", "/opt", "/srv", "/usr/src"];
    [Some(root), root.parent(), home]
        .into_iter()
        .flatten()
        .map(|path| path.to_string_lossy().into_owned())
        .filter(|path| !EVERYWHERE.contains(&path.as_str()))
        .map(|path| format!("{path}/"))
        .collect()
}

/// Documents, settings and scripts name real paths; in Rust sources only includes do (tests of path
/// traversal hold such text on purpose).
fn names_a_path(path: &str, line: &str) -> bool {
    const NAMING: &[&str] = &[
        ".md", ".toml", ".json", ".yml", ".yaml", ".sh", ".py", ".mjs", ".html", ".ci/run",
    ];
    NAMING.iter().any(|end| path.ends_with(end))
        || (path.ends_with(".rs") && (line.contains("include_") || line.contains("#[path")))
}

fn leaves_the_repository(path: &str, line: &str) -> bool {
    let depth = path.matches('/').count();
    let mut rest = line;
    while let Some(at) = rest.find("../") {
        let tail = rest.get(at..).unwrap_or_default();
        let ups = tail.split('/').take_while(|part| *part == "..").count();
        if ups > depth {
            return true;
        }
        rest = tail.get(ups * 3..).unwrap_or_default();
    }
    false
}

fn mirrors() -> Vec<String> {
    MIRROR_VARIABLES
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .flat_map(|value| {
            value
                .split_whitespace()
                .filter_map(host)
                .collect::<Vec<_>>()
        })
        .collect()
}

fn host(url: &str) -> Option<String> {
    let after = url.split_once("://")?.1;
    let host = after.split(['/', ':']).next()?.rsplit('@').next()?;
    (!host.is_empty()).then(|| host.to_owned())
}

fn mirror(path: &str, line: &str) -> Option<&'static str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name {
        "package-lock.json" if line.contains("\"resolved\":") => {
            Some("a download address in a lock file (set omit-lockfile-registry-resolved)")
        }
        "Cargo.lock"
            if line.starts_with("source = ")
                && !line.contains("registry+https://github.com/rust-lang/crates.io-index") =>
        {
            Some("a package from somewhere else than the default registry")
        }
        ".npmrc" | "pip.conf" | "config.toml" | "requirements.txt"
            if MIRROR_SETTINGS.iter().any(|key| line.contains(key)) =>
        {
            Some("a package host set for everybody")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_climb_out_are_found_by_depth() {
        assert!(leaves_the_repository("README.md", "see ../elsewhere/x.md"));
        assert!(!leaves_the_repository(
            "docs/guide/a.md",
            "see ../../README.md"
        ));
        assert!(leaves_the_repository(
            "docs/guide/a.md",
            "see ../a.md and ../../../x"
        ));
        assert!(!leaves_the_repository("README.md", "see docs/a.md"));
    }

    #[test]
    fn common_folders_are_no_machine() {
        let paths = machine_paths(Path::new("/tmp/any-clone"), Some(Path::new("/home/ana")));
        assert_eq!(paths, ["/tmp/any-clone/", "/home/ana/"]);
        let paths = machine_paths(Path::new("/data/projects/any-clone"), None);
        assert_eq!(paths, ["/data/projects/any-clone/", "/data/projects/"]);
    }

    #[test]
    fn hosts_of_addresses() {
        assert_eq!(
            host("https://user@mirror.example:8443/simple").as_deref(),
            Some("mirror.example")
        );
        assert_eq!(host("plain"), None);
    }

    #[test]
    fn lock_files_name_no_other_source() {
        assert!(
            mirror(
                "ui/package-lock.json",
                "  \"resolved\": \"https://mirror.example/x.tgz\","
            )
            .is_some()
        );
        assert!(mirror("Cargo.lock", "source = \"git+https://host.example/x\"").is_some());
        assert!(
            mirror(
                "Cargo.lock",
                "source = \"registry+https://github.com/rust-lang/crates.io-index\""
            )
            .is_none()
        );
        assert!(
            mirror(
                "benches/requirements.txt",
                "--index-url https://mirror.example"
            )
            .is_some()
        );
        assert!(mirror("benches/requirements.txt", "numpy==2.0.0").is_none());
    }
}
