//! `cargo xtask check`: everything that keeps the house and is not a test, cheapest first. Each step prints
//! one line; a failed step does not hide the ones after it.

mod files;
mod imports;
mod mentions;
mod openapi;

use crate::command::{command, find, show};
use crate::repository::root;
use crate::{npm, prerequisites};
use std::time::Instant;

type Step = (&'static str, fn() -> Result<(), String>);

const STEPS: &[Step] = &[
    ("formatting", || cargo(&["fmt", "--all", "--check"])),
    ("import table", imports::check),
    ("file length", files::length),
    ("module files", files::modules),
    ("paths and hosts of one machine", mentions::check),
    ("licences and bans", deny),
    ("Node.js", prerequisites::node),
    ("lints", || {
        cargo(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--quiet",
            "--",
            "-D",
            "warnings",
        ])
    }),
    ("documentation", documentation),
    ("OpenAPI document", openapi::check),
    ("web app types", npm::typecheck),
];

/// Runs all steps. Error: how many failed.
pub(crate) fn run() -> Result<(), String> {
    let mut failed = Vec::new();
    for (name, step) in STEPS {
        let start = Instant::now();
        let result = step();
        let seconds = start.elapsed().as_secs_f64();
        match result {
            Ok(()) => println!("check {name}: ok ({seconds:.1} s)"),
            Err(reason) => {
                println!("{reason}\ncheck {name}: FAILED ({seconds:.1} s)");
                failed.push(*name);
            }
        }
    }
    println!("check: {} of {} steps failed", failed.len(), STEPS.len());
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!("check failed: {}", failed.join(", ")))
    }
}

fn cargo(arguments: &[&str]) -> Result<(), String> {
    show(&mut command("cargo", arguments, &root()))
}

fn documentation() -> Result<(), String> {
    let mut cargo = command(
        "cargo",
        &["doc", "--workspace", "--no-deps", "--quiet"],
        &root(),
    );
    show(cargo.env("RUSTDOCFLAGS", "-D warnings"))
}

/// cargo-deny is an extra: where it is installed it counts, and its absence is said.
fn deny() -> Result<(), String> {
    if find("cargo-deny").is_none() {
        println!(
            "cargo-deny is not installed; licences are not compared here (cargo install cargo-deny)"
        );
        return Ok(());
    }
    cargo(&["deny", "--offline", "check", "licenses", "bans"])
}
