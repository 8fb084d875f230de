//! The binary as it serves: a real process on a real address, asked over the network, and commands run beside it. On
//! PostgreSQL where the tests are told of a server.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test stops at its first surprise, says when it killed what, and looks into files"
)]

mod backup;
mod books;
mod long_jobs;
mod process;
mod spending;
mod upgrades;
