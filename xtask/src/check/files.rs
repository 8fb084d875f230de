//! Rules for source files that no compiler knows: how long they may grow, and how modules are laid out.

use crate::repository;

const WARN_OVER: usize = 400;
const AT_MOST: usize = 800;
/// Written by `npm run types`, read by nobody.
const GENERATED: &str = "ui/src/api/schema.ts";

/// Declaration tables: one list that everything else derives from, better long than scattered.
const DECLARATION_TABLES: &[&str] = &[];

/// No Rust or TypeScript file over the cap; those on the way there are named.
pub(super) fn length() -> Result<(), String> {
    let mut problems = Vec::new();
    for path in repository::files()? {
        if !is_source(&path) || DECLARATION_TABLES.contains(&path.as_str()) || path == GENERATED {
            continue;
        }
        let lines = repository::text(&path)?.map_or(0, |text| text.lines().count());
        if lines > AT_MOST {
            problems.push(format!(
                "{path}: {lines} lines, at most {AT_MOST}: look for the noun hiding in it"
            ));
        } else if lines > WARN_OVER {
            println!("warning: {path}: {lines} lines, better under {WARN_OVER}");
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems.join("\n"))
    }
}

/// `foo.rs` beside `foo/`, never `foo/mod.rs`.
pub(super) fn modules() -> Result<(), String> {
    let problems: Vec<String> = repository::files()?
        .into_iter()
        .filter(|path| path.ends_with("/mod.rs"))
        .map(|path| format!("{path}: name the module by its file (foo.rs beside foo/)"))
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems.join("\n"))
    }
}

fn is_source(path: &str) -> bool {
    [".rs", ".ts", ".tsx"].iter().any(|end| path.ends_with(end))
}
