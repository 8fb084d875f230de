//! The command line through the front door: arguments and files in; files, words and exit codes out.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests stop at the first surprise and touch files"
)]

mod bad_input;
mod commands;
mod exporting;
mod golden_path;
#[cfg(unix)]
mod server;
#[cfg(unix)]
mod serving;
#[path = "../../../api/tests/support/workbook.rs"]
mod workbook;
mod workbooks;
