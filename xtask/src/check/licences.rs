//! Every package that could end up in the binary is under a licence that `deny.toml` allows. cargo-deny, where
//! it is installed, also compares versions and sources.

use crate::command::{command, find, show};
use crate::repository::root;
use cargo_metadata::MetadataCommand;
use std::collections::BTreeSet;

pub(super) fn check() -> Result<(), String> {
    let settings = std::fs::read_to_string(root().join("deny.toml"))
        .map_err(|error| format!("deny.toml: {error}"))?;
    let allowed = allow_list(&settings);
    let metadata = MetadataCommand::new()
        .current_dir(root())
        .exec()
        .map_err(|error| format!("cargo metadata: {error}"))?;
    let problems: Vec<String> = metadata
        .packages
        .iter()
        .filter(|package| package.source.is_some())
        .filter(|package| {
            !package
                .license
                .as_deref()
                .is_some_and(|text| is_allowed(text, &allowed))
        })
        .map(|package| {
            let licence = package.license.as_deref().unwrap_or("no licence named");
            format!(
                "{} {}: {licence}, which deny.toml does not allow",
                package.name, package.version
            )
        })
        .collect();
    if !problems.is_empty() {
        return Err(problems.join("\n"));
    }
    match find("cargo-deny") {
        Some(_) => show(&mut command(
            "cargo",
            &["deny", "--offline", "check", "licenses", "bans", "sources"],
            &root(),
        )),
        None => Ok(()),
    }
}

/// The quoted words of the array `allow = [ … ]`.
fn allow_list(settings: &str) -> BTreeSet<String> {
    let array = settings
        .split_once("allow = [")
        .map_or("", |(_, after)| after);
    let array = array.split_once(']').map_or("", |(array, _)| array);
    array
        .split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// An SPDX expression (with the old `/` for `OR`) in which the allowed licences suffice. `AND` binds tighter.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    any(&mut rest, allowed) && rest.is_empty()
}

fn any(words: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    let mut holds = all(words, allowed);
    while let ["OR", rest @ ..] = *words {
        *words = rest;
        holds |= all(words, allowed);
    }
    holds
}

fn all(words: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    let mut holds = one(words, allowed);
    while let ["AND", rest @ ..] = *words {
        *words = rest;
        holds &= one(words, allowed);
    }
    holds
}

fn one(words: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    match *words {
        ["(", rest @ ..] => {
            *words = rest;
            let holds = any(words, allowed);
            if let [")", rest @ ..] = *words {
                *words = rest;
                return holds;
            }
            false
        }
        [licence, "WITH", exception, rest @ ..] => {
            *words = rest;
            allowed.contains(&format!("{licence} WITH {exception}"))
        }
        [licence, rest @ ..] => {
            *words = rest;
            allowed.contains(*licence)
        }
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_mean_what_they_say() {
        let allowed = allow_list(
            "allow = [\n \"MIT\",\n \"Apache-2.0\", \"Unicode-3.0\"]\nprivate = { x = [\"GPL-3.0\"] }",
        );
        assert_eq!(allowed.len(), 3);
        for good in [
            "MIT",
            "MIT OR GPL-3.0",
            "GPL-3.0/MIT",
            "(MIT OR GPL-3.0) AND Unicode-3.0",
            "MIT OR GPL-3.0 AND GPL-3.0",
        ] {
            assert!(is_allowed(good, &allowed), "{good}");
        }
        for bad in [
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "(MIT AND GPL-3.0) OR GPL-3.0",
            "Apache-2.0 WITH LLVM-exception",
            "(MIT",
            "",
        ] {
            assert!(!is_allowed(bad, &allowed), "{bad}");
        }
    }
}
