//! The crate through its front door: files in, tables, profiles and errors out. Files are made in the tests.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

mod bombs;
mod files;
mod profiles;
mod properties;
mod reading;
mod rows;
mod selecting;
mod stored;
mod workbooks;
