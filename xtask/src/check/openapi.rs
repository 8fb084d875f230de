//! The committed OpenAPI document, from which the web app's types are made: compared with what the routes say
//! today, and written again.

use crate::command::{command, output};
use crate::repository::{self, root};

const DOCUMENT: &str = "crates/api/openapi.json";

pub(super) fn check() -> Result<(), String> {
    let committed = std::fs::read_to_string(root().join(DOCUMENT))
        .map_err(|error| format!("{DOCUMENT}: {error}"))?;
    let binary = repository::build()?.trainyard;
    let fresh = output(&mut command(
        &binary.to_string_lossy(),
        &["openapi"],
        &root(),
    ))?;
    if committed.trim_end() == fresh.trim_end() {
        return Ok(());
    }
    let line = committed
        .lines()
        .zip(fresh.lines())
        .position(|(old, new)| old != new);
    Err(format!(
        "{DOCUMENT} is not what the routes say{}; write it again: cargo xtask openapi",
        line.map_or(String::new(), |line| format!(
            " (first difference in line {})",
            line + 1
        )),
    ))
}

/// Writes the document from the routes.
pub(crate) fn write() -> Result<(), String> {
    let fresh = fresh()?;
    std::fs::write(root().join(DOCUMENT), fresh).map_err(|error| format!("{DOCUMENT}: {error}"))
}

fn fresh() -> Result<String, String> {
    let binary = repository::build()?.trainyard;
    output(&mut command(
        &binary.to_string_lossy(),
        &["openapi"],
        &root(),
    ))
}
