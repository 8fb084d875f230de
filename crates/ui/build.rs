//! Builds the web pages of `ui/` and writes a Rust table of them into `OUT_DIR`, so that `cargo run`
//! is the only command. `TRAINYARD_UI=off` leaves the pages out; `TRAINYARD_UI=/folder` takes a
//! ready-made one. A missing Node.js is a loud error with both ways out, never a silent binary without pages.

#![expect(
    clippy::disallowed_methods,
    reason = "a build script is told by its environment and writes files into OUT_DIR"
)]

use std::collections::hash_map::DefaultHasher;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// The oldest Node.js that the build tools accept.
const OLDEST_NODE: (u32, u32) = (20, 19);
const WAYS_OUT: &str = "Either install Node.js (for example `apt install nodejs npm` on Debian 13 or Ubuntu 25.10 and newer; \
     others: https://nodejs.org), or build the API only: TRAINYARD_UI=off cargo build";
/// What the build reads, below `ui/`. Each of these always exists: watching a missing path would rebuild every time.
const SOURCES: [&str; 9] = [
    "src",
    "public",
    "scripts",
    "index.html",
    "redoc.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "tsconfig.json",
];

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            for line in message.lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), String> {
    println!("cargo::rerun-if-env-changed=TRAINYARD_UI");
    println!("cargo::rerun-if-changed=build.rs");
    let crate_folder = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(variable("OUT_DIR")?);
    let table = out.join("pages.rs");

    let choice = env::var("TRAINYARD_UI").unwrap_or_default();
    let packaged = crate_folder.join("ui-dist");
    let pages = match choice.as_str() {
        "off" => return write_table(None, &table),
        "" | "build" if packaged.is_dir() => packaged,
        "" | "build" => build_pages(&crate_folder.join("../../ui"), &out)?,
        folder => PathBuf::from(folder),
    };
    if !pages.join("index.html").is_file() {
        return Err(format!(
            "trainyard-ui: {} has no index.html. TRAINYARD_UI takes `off`, `build` or the absolute path of a built folder.",
            pages.display()
        ));
    }
    // What this script wrote itself is newer than its start: watching it would rebuild every time.
    if !pages.starts_with(&out) {
        println!("cargo::rerun-if-changed={}", pages.display());
    }
    write_table(Some(&pages), &table)
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("trainyard-ui: cargo did not set {name}"))
}

/// Installs what the lock file names, where it changed, and runs Vite. Answers with the built folder.
fn build_pages(sources: &Path, out: &Path) -> Result<PathBuf, String> {
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", sources.join(source).display());
    }
    check_node()?;
    let lock = fs::read(sources.join("package-lock.json"))
        .map_err(|error| format!("trainyard-ui: package-lock.json: {error}"))?;
    let wanted = digest(&lock);
    let stamp = sources.join("node_modules/.trainyard-stamp");
    if fs::read_to_string(&stamp).unwrap_or_default() != wanted {
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        run(Command::new(npm)
            .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"])
            .current_dir(sources))?;
        fs::write(&stamp, &wanted)
            .map_err(|error| format!("trainyard-ui: {}: {error}", stamp.display()))?;
    }
    let dist = out.join("dist");
    run(Command::new("node")
        .args([
            "node_modules/vite/bin/vite.js",
            "build",
            "--emptyOutDir",
            "--outDir",
        ])
        .arg(&dist)
        .current_dir(sources))?;
    run(Command::new("node")
        .arg("scripts/compress.mjs")
        .arg(&dist)
        .current_dir(sources))?;
    Ok(dist)
}

fn check_node() -> Result<(), String> {
    let Ok(output) = Command::new("node").arg("--version").output() else {
        return Err(format!(
            "trainyard-ui: building the web pages needs Node.js 20.19 or newer with npm; found none on PATH.\n{WAYS_OUT}"
        ));
    };
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let mut numbers = version
        .trim_start_matches('v')
        .split('.')
        .map(|part| part.parse::<u32>().unwrap_or(0));
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if found < OLDEST_NODE {
        return Err(format!(
            "trainyard-ui: building the web pages needs Node.js 20.19 or newer with npm; found {version}.\n{WAYS_OUT}"
        ));
    }
    Ok(())
}

/// Runs a command to its end; a failure names it, its exit code and the last lines it wrote.
fn run(command: &mut Command) -> Result<(), String> {
    let shown = format!("{command:?}");
    let output = command
        .output()
        .map_err(|error| format!("trainyard-ui: {shown} did not start: {error}\n{WAYS_OUT}"))?;
    if output.status.success() {
        return Ok(());
    }
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    let lines: Vec<&str> = text.lines().collect();
    let last = lines[lines.len().saturating_sub(30)..].join("\n");
    let status = output.status;
    Err(format!(
        "trainyard-ui: {shown} ended with {status}\n{last}\nNo network? Build without the pages: TRAINYARD_UI=off cargo build"
    ))
}

fn digest(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Writes `UI` and `PAGES`, one entry for each file with the compressed copies that lie beside it.
fn write_table(pages: Option<&Path>, target: &Path) -> Result<(), String> {
    let mut files = Vec::new();
    if let Some(pages) = pages {
        collect(pages, &mut files)
            .map_err(|error| format!("trainyard-ui: {}: {error}", pages.display()))?;
        files.sort();
    }
    let state = if pages.is_some() { "on" } else { "off" };
    let mut text = format!(
        "/// Whether this build carries the web pages: `on` or `off`.\npub const UI: &str = \"{state}\";\npub(crate) static PAGES: &[Page] = &[\n"
    );
    for file in files.iter().filter(|file| !is_copy(file)) {
        let relative = pages
            .and_then(|pages| file.strip_prefix(pages).ok())
            .unwrap_or(file);
        let path = format!("/{}", relative.to_string_lossy().replace('\\', "/"));
        let bytes =
            fs::read(file).map_err(|error| format!("trainyard-ui: {}: {error}", file.display()))?;
        let copy = |extension: &str| {
            let beside = PathBuf::from(format!("{}.{extension}", file.display()));
            if beside.is_file() {
                format!("Some(include_bytes!({beside:?}))")
            } else {
                "None".to_owned()
            }
        };
        let _ = writeln!(
            text,
            "    Page {{ path: {path:?}, content_type: {:?}, etag: \"\\\"{}\\\"\", bytes: include_bytes!({file:?}), brotli: {}, gzip: {} }},",
            content_type(&path),
            digest(&bytes),
            copy("br"),
            copy("gz"),
        );
    }
    text.push_str("];\n");
    fs::write(target, text).map_err(|error| format!("trainyard-ui: {}: {error}", target.display()))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?
        } else {
            files.push(path)
        }
    }
    Ok(())
}

fn is_copy(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "br" || extension == "gz")
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" | "webmanifest" => "application/json",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
