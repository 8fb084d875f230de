//! The binary: reads flags and environment (here and nowhere else), wires the rooms together, prints for people.
//!
//! `trainyard` alone serves. `train`, `predict` and `export` work on files without a server. Exit codes: 0, 2 for a mistake the
//! user can mend, 1 for ours.

mod admin;
mod arguments;
mod backup;
mod export;
mod failure;
mod files;
mod memory;
mod predict;
mod serve;
mod terminal;
mod train;

use arguments::{Arguments, Command};
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        None => serve::serve(&arguments.serve),
        Some(Command::Serve(options)) => serve::serve(&options),
        Some(Command::Train(options)) => train::train(&options),
        Some(Command::Predict(options)) => predict::predict(&options),
        Some(Command::Export(options)) => export::export(&options),
        Some(Command::Admin(options)) => admin::admin(&options),
        Some(Command::Backup(options)) => backup::backup(&options),
        Some(Command::Restore(options)) => backup::restore(&options),
        Some(Command::Openapi) => terminal::write_stdout(trainyard_api::openapi_json().as_bytes()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
