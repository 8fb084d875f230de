//! `cargo xtask test`: every suite, its counts, and one closing line.
//!
//! A suite that cannot run counts as a failure; none is left out. Long runs add ignored Rust tests (kill
//! loops, deep fuzzing) and set `TRAINYARD_LONG=1` for the browser suite. Whatever touches the database runs twice:
//! on SQLite files, and on a PostgreSQL server that is started for it.

mod counts;

use crate::bench::python_with_peers;
use crate::command::{command, find, show, show_and_keep};
use crate::postgres::Server;
use crate::repository::{self, Built, root};
use crate::{npm, prerequisites};
use counts::Counts;
use std::path::PathBuf;

/// How much to run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// What every change must pass.
    Usual,
    /// All of it, by hand.
    Long,
}

/// Runs all suites. Error: at least one test or suite failed.
pub(crate) fn run(depth: Depth) -> Result<(), String> {
    // Found or installed first: a missing program is known in seconds, not after the Rust suites.
    let node = prerequisites::node();
    let chromium = prerequisites::chromium();
    // The build installs the web app's packages on its way; only then is there something to look at.
    let built = node.and_then(|()| repository::build());
    let web = npm::install();

    let mut results: Vec<(&str, Counts)> = Vec::new();
    let mut add = |name, result: Result<Counts, String>| {
        let counts = result.unwrap_or_else(|reason| {
            println!("{name}: {reason}");
            Counts::one_failure()
        });
        println!("suite {name}: {counts}");
        results.push((name, counts));
    };
    let after = |reason: &String| format!("not run: {reason}");
    add(
        "rust",
        built
            .as_ref()
            .map_err(after)
            .and_then(|_| rust(depth, Where::Files)),
    );
    add(
        "rust on postgresql",
        built.as_ref().map_err(after).and_then(|_| {
            let server = Server::start()?;
            rust(depth, Where::Server(&server.url()))
        }),
    );
    add(
        "documentation examples",
        built.as_ref().map_err(after).and_then(|_| documentation()),
    );
    add(
        "web app types",
        web.clone()
            .and_then(|()| npm::typecheck())
            .map(|()| Counts::one_pass()),
    );
    add("onnx", built.as_ref().map_err(after).and_then(onnx));
    add("web app", web.and_then(|()| web_app()));
    if depth == Depth::Long {
        add("onnx in tract", onnx_in_tract());
        add("contract", built.as_ref().map_err(after).and_then(contract));
    }
    add(
        "browser",
        built.and_then(|built| browser(&built, &chromium?.to_string_lossy(), depth)),
    );

    println!();
    for (name, counts) in &results {
        println!("{name:<24}{counts}");
    }
    let sum = results
        .iter()
        .fold(Counts::default(), |sum, (_, counts)| sum + *counts);
    println!("{} passed, {} failed", sum.passed, sum.failed);
    if sum.failed == 0 {
        Ok(())
    } else {
        Err("some tests failed".into())
    }
}

/// Where the tests keep their databases.
#[derive(Clone, Copy)]
enum Where<'a> {
    /// In SQLite files.
    Files,
    /// On the PostgreSQL server at this address; only the crates that use a database.
    Server(&'a str),
}

/// The crates whose tests use a database.
const ON_A_DATABASE: [&str; 5] = [
    "trainyard-store",
    "trainyard-platform",
    "trainyard-api",
    "trainyard-dialects",
    "trainyard",
];

/// Unit, property, conformance, HTTP and command-line tests.
fn rust(depth: Depth, place: Where<'_>) -> Result<Counts, String> {
    let long = depth == Depth::Long;
    let nextest = find("cargo-nextest").is_some();
    let mut arguments = if nextest {
        vec!["nextest", "run"]
    } else {
        vec!["test"]
    };
    // Examples are no tests: the lints see them, and the one that tests need was built.
    arguments.extend(["--no-fail-fast", "--lib", "--bins", "--tests"]);
    // Where it can, the workspace is built whole and filtered: parts of it would be built with other features again.
    let only = ON_A_DATABASE
        .map(|name| format!("package(={name})"))
        .join(" | ");
    match (place, nextest) {
        (Where::Files, _) => arguments.push("--workspace"),
        (Where::Server(_), true) => arguments.extend(["--workspace", "-E", &only]),
        (Where::Server(_), false) => {
            arguments.extend(ON_A_DATABASE.iter().flat_map(|name| ["--package", *name]));
        }
    }
    match (long, nextest) {
        (true, true) => arguments.extend(["--run-ignored", "all"]),
        (true, false) => arguments.extend(["--", "--include-ignored"]),
        _ => {}
    }
    let mut run = command("cargo", &arguments, &root());
    match place {
        Where::Files => run.env_remove("TRAINYARD_TEST_POSTGRES"),
        Where::Server(url) => run.env("TRAINYARD_TEST_POSTGRES", url),
    };
    let said = show_and_keep(&mut run)?;
    if nextest {
        counts::of_nextest(&said)
    } else {
        counts::of_cargo_test(&said)
    }
}

fn documentation() -> Result<Counts, String> {
    let said = show_and_keep(&mut command(
        "cargo",
        &["test", "--workspace", "--doc", "--no-fail-fast"],
        &root(),
    ))?;
    counts::of_cargo_test(&said)
}

fn web_app() -> Result<Counts, String> {
    let report = root().join("target/xtask-vitest.json");
    let _ = std::fs::remove_file(&report); // an older report must not be counted
    let file = format!("--outputFile={}", report.display());
    let arguments = [
        "exec",
        "--",
        "vitest",
        "run",
        "--reporter=default",
        "--reporter=json",
        &file,
    ];
    let said = show_and_keep(&mut command("npm", &arguments, &npm::folder()))?;
    let json = std::fs::read_to_string(&report)
        .map_err(|error| format!("vitest left no report: {error}"))?;
    counts::of_vitest(&said, &json)
}

/// Models of every algorithm, written by an example, against ONNX Runtime.
fn onnx(built: &Built) -> Result<Counts, String> {
    let folder = root().join("xtask/onnx");
    let python = python_with_peers(&folder, &root().join("target/onnx-venv"))?;
    let cases = onnx_cases();
    let _ = std::fs::remove_dir_all(&cases); // older cases must not be counted
    let cases = cases.to_string_lossy();
    let writer = built.onnx_cases.to_string_lossy();
    show(&mut command(&writer, &[&cases], &root()))?;
    let mut script = command(&python.to_string_lossy(), &["parity.py", &cases], &folder);
    counts::of_closing_line(&show_and_keep(&mut script)?)
}

/// The same models in tract, as far as it registers their operators; its build is too heavy for each change.
fn onnx_in_tract() -> Result<Counts, String> {
    let cases = onnx_cases();
    if !cases.is_dir() {
        return Err("the suite onnx left no cases".into());
    }
    let manifest = root().join("xtask/onnx/tract/Cargo.toml");
    let (manifest, cases) = (manifest.to_string_lossy(), cases.to_string_lossy());
    let target = root().join("target/tract");
    let target = target.to_string_lossy();
    let place = ["--manifest-path", &manifest, "--target-dir", &target];
    let arguments = [&["run", "--quiet", "--locked"][..], &place, &["--", &cases]].concat();
    counts::of_closing_line(&show_and_keep(&mut command("cargo", &arguments, &root()))?)
}

/// Where models lie with what they answer.
fn onnx_cases() -> PathBuf {
    root().join("target/onnx-cases")
}

/// Requests that schemathesis makes from the API's own document, against the real binary.
fn contract(built: &Built) -> Result<Counts, String> {
    let folder = root().join("xtask/contract");
    let python = python_with_peers(&folder, &root().join("target/contract-venv"))?;
    let binary = built.trainyard.to_string_lossy();
    // Examples for each operation, and seconds for all of them, each of two times.
    let arguments = ["contract.py", &binary, "50", "600"];
    let mut script = command(&python.to_string_lossy(), &arguments, &folder);
    counts::of_closing_line(&show_and_keep(&mut script)?)
}

/// The real binary in a real browser.
fn browser(built: &Built, chromium: &str, depth: Depth) -> Result<Counts, String> {
    let mut script = command("node", &["ui/e2e/run.mjs"], &root());
    script
        .env("TRAINYARD_BIN", &built.trainyard)
        .env("CHROMIUM", chromium);
    if depth == Depth::Long {
        script.env("TRAINYARD_LONG", "1");
    }
    counts::of_closing_line(&show_and_keep(&mut script)?)
}
