//! `cargo xtask check`: everything that keeps the house and is not a test, cheapest first. Each step prints
//! one line; a failed step does not hide the ones after it.

mod client_types;
mod files;
mod imports;
mod licences;
mod mentions;
pub(crate) mod openapi;

use crate::command::{command, show};
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
    ("licences", licences::check),
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
    ("client types", client_types::check),
    ("web app types", npm::typecheck),
];

/// Runs the steps whose name contains one of the words, all of them when there is no word. Error: which failed.
pub(crate) fn run(words: &[&str]) -> Result<(), String> {
    let wanted = |name: &str| words.is_empty() || words.iter().any(|word| name.contains(word));
    let steps: Vec<&Step> = STEPS.iter().filter(|(name, _)| wanted(name)).collect();
    if steps.is_empty() {
        let names: Vec<&str> = STEPS.iter().map(|(name, _)| *name).collect();
        return Err(format!(
            "no step has such a name; there are {}",
            names.join(", ")
        ));
    }
    let mut failed = Vec::new();
    for (name, step) in &steps {
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
    println!("check: {} of {} steps failed", failed.len(), steps.len());
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
