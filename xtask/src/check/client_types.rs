//! The web app's client types, made from the committed OpenAPI document: made again and compared with what is
//! committed.

use crate::command::{command, show};
use crate::npm;

pub(super) fn check() -> Result<(), String> {
    npm::install()?;
    show(&mut command(
        "npm",
        &["run", "--silent", "types", "--", "--check"],
        &npm::folder(),
    ))
}
