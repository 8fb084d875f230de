//! The project's own tasks: `cargo xtask check [STEP…] | openapi | test [--long] | bench NAME`.
//!
//! Lives here: what keeps the house in order and what measures it. It may read the repository and run
//! programs; it uses none of the product's crates, only the binary they make. Go on in `check` (the rules),
//! `test` (the suites) or `bench` (the comparisons).
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a task runner reads its arguments and the repository, and tells people what it sees"
)]

mod bench;
mod check;
mod command;
mod npm;
mod postgres;
mod prerequisites;
mod repository;
mod test;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask check [STEP…]         formatting, lints, the import table, file rules, generated files, docs, UI types
cargo xtask openapi               write crates/api/openapi.json from the routes
cargo xtask test [--long]         every suite; the last line sums them
cargo xtask bench NAME [ARGS…]    fit | seeds | quality | predict | growth | threads | digits | pictures | auto | ingest | batch | grid | estimates | start | serve | dialects, beside their peers
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["check", steps @ ..] => check::run(steps),
        ["openapi"] => check::openapi::write(),
        ["test"] => test::run(test::Depth::Usual),
        ["test", "--long"] => test::run(test::Depth::Long),
        ["bench", name, rest @ ..] => bench::run(name, rest),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}
