//! The binary as it serves: a real process on a real address, asked over the network, and commands run beside it. On
//! PostgreSQL where the tests are told of a server.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops at its first surprise, and says when it killed what"
)]

mod books;
mod process;
mod spending;
