//! The PostgreSQL server that `cargo xtask test` starts, when it asks for the tests to run there.

use std::path::Path;

/// The address of a database there that belongs to a test's folder, empty at first; nothing when the tests run on SQLite
/// files.
pub(crate) fn database_for(folder: &Path) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the tests' own setting")]
    let server = std::env::var("TRAINYARD_TEST_POSTGRES").ok()?;
    // Folders are told apart by case; schemas should not need to be.
    let name = folder.file_name()?.as_encoded_bytes();
    let schema: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
    Some(format!("{server}?options=-csearch_path%3Dtest_{schema}"))
}
