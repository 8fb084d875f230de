//! Which crate may use which: the table in ARCHITECTURE.md against `cargo metadata`. The document is the
//! rule, so it cannot drift from the code. Dev-dependencies are exempt.

use crate::command::command;
use crate::repository::root;
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};
use std::collections::{BTreeMap, BTreeSet};

const EVERYTHING: &str = "everything";

type Imports = BTreeMap<String, BTreeSet<String>>;

pub(super) fn check() -> Result<(), String> {
    let document = std::fs::read_to_string(root().join("ARCHITECTURE.md"))
        .map_err(|error| format!("ARCHITECTURE.md: {error}"))?;
    let allowed = table(&document)?;
    let metadata = MetadataCommand::new()
        .current_dir(root())
        .no_deps()
        .exec()
        .map_err(|error| format!("cargo metadata: {error}"))?;
    let problems = differences(&allowed, &actual(&metadata));
    // The lock file must already say what the manifests say, so that a clone builds what was tested.
    let locked = crate::command::output(&mut command(
        "cargo",
        &["metadata", "--locked", "--format-version=1"],
        &root(),
    ))
    .err()
    .map(|error| format!("Cargo.lock is behind the manifests: {error}"));
    let problems: Vec<String> = problems.into_iter().chain(locked).collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems.join("\n"))
    }
}

/// Rows ``| `crate` | … | a, b |`` below a header whose last cell starts with "may use".
fn table(document: &str) -> Result<Imports, String> {
    let cells = |line: &str| -> Vec<String> {
        line.trim()
            .trim_matches('|')
            .split('|')
            .map(|cell| cell.replace('`', "").trim().to_owned())
            .collect()
    };
    let rows = document
        .lines()
        .skip_while(|line| {
            !(line.starts_with('|')
                && cells(line)
                    .last()
                    .is_some_and(|cell| cell.starts_with("may use")))
        })
        .skip(2) // the header and the line under it
        .take_while(|line| line.starts_with('|'));
    let table: Imports = rows
        .filter_map(|line| {
            let cells = cells(line);
            let uses = cells
                .last()?
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty() && *name != "–");
            Some((cells.first()?.clone(), uses.map(str::to_owned).collect()))
        })
        .collect();
    if table.is_empty() {
        Err("ARCHITECTURE.md has no table with a last column \"may use\"".into())
    } else {
        Ok(table)
    }
}

/// Edges between the workspace's own crates, by folder name.
fn actual(metadata: &Metadata) -> Imports {
    let packages = metadata.workspace_packages();
    let short = |name: &str| name.strip_prefix("trainyard-").unwrap_or(name).to_owned();
    let ours: BTreeSet<String> = packages
        .iter()
        .map(|package| package.name.to_string())
        .collect();
    packages
        .iter()
        .map(|package| {
            let uses = package
                .dependencies
                .iter()
                .filter(|used| {
                    used.kind != DependencyKind::Development && ours.contains(&used.name)
                })
                .map(|used| short(&used.name))
                .collect();
            (short(&package.name), uses)
        })
        .collect()
}

fn differences(allowed: &Imports, actual: &Imports) -> Vec<String> {
    let mut problems = Vec::new();
    for (name, uses) in actual {
        let Some(may_use) = allowed.get(name) else {
            problems.push(format!(
                "{name} is a crate of the workspace and not in ARCHITECTURE.md's import table"
            ));
            continue;
        };
        if may_use.contains(EVERYTHING) {
            continue;
        }
        for used in uses.difference(may_use) {
            problems.push(format!(
                "{name} uses {used}, which ARCHITECTURE.md's import table does not allow"
            ));
        }
    }
    for (name, may_use) in allowed {
        if !actual.contains_key(name) {
            problems.push(format!(
                "ARCHITECTURE.md's import table names {name}, which is not in the workspace"
            ));
        }
        for used in may_use
            .iter()
            .filter(|used| *used != EVERYTHING && !actual.contains_key(*used))
        {
            problems.push(format!(
                "ARCHITECTURE.md lets {name} use {used}, which is not in the workspace"
            ));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "\
# House

| crate | what | may use (ours) |
|---|---|---|
| `table` | columns | – |
| `training` | fits | `table` |
| `trainyard` | binary | everything |

| other | table |
";

    fn imports(rows: &[(&str, &[&str])]) -> Imports {
        rows.iter()
            .map(|(name, uses)| {
                (
                    (*name).into(),
                    uses.iter().map(|used| (*used).into()).collect(),
                )
            })
            .collect()
    }

    #[test]
    fn reads_the_table() {
        let expected = imports(&[
            ("table", &[]),
            ("training", &["table"]),
            ("trainyard", &["everything"]),
        ]);
        assert_eq!(table(DOCUMENT), Ok(expected));
        assert!(table("# no table").is_err());
    }

    #[test]
    fn finds_each_kind_of_difference() {
        let allowed = imports(&[
            ("table", &[]),
            ("training", &["table"]),
            ("gone", &[]),
            ("trainyard", &["everything"]),
        ]);
        let actual = imports(&[
            ("table", &["training"]),
            ("training", &["table"]),
            ("new", &[]),
            ("trainyard", &["new"]),
        ]);
        let problems = differences(&allowed, &actual);
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert!(
            problems
                .iter()
                .any(|text| text.starts_with("table uses training"))
        );
        assert!(
            problems
                .iter()
                .any(|text| text.starts_with("new is a crate"))
        );
        assert!(problems.iter().any(|text| text.contains("names gone")));
    }

    #[test]
    fn what_is_allowed_need_not_be_used() {
        let allowed = imports(&[("table", &[]), ("training", &["table"])]);
        let actual = imports(&[("table", &[]), ("training", &[])]);
        assert!(differences(&allowed, &actual).is_empty());
    }
}
