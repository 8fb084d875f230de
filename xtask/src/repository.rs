//! The repository itself: where it is, which files it tracks, and the one build that every step shares.

use crate::command::{command, output};
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// The repository's top folder: where cargo was asked to run this, not where it was once compiled, since several clones may
/// share a folder for what they build.
pub(crate) fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.parent()
        .map_or_else(|| here.clone(), Path::to_path_buf)
}

/// Files that git tracks or would track, by path from the top; deleted ones are left out.
pub(crate) fn files() -> Result<Vec<String>, String> {
    let root = root();
    let list = output(&mut command(
        "git",
        &[
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "-z",
        ],
        &root,
    ))?;
    let mut files: Vec<String> = list
        .split('\0')
        .filter(|path| !path.is_empty() && root.join(path).is_file())
        .map(str::to_owned)
        .collect();
    files.sort();
    files.dedup();
    Ok(files)
}

/// The text of a tracked file; `None` for binary content.
pub(crate) fn text(path: &str) -> Result<Option<String>, String> {
    let bytes = std::fs::read(root().join(path)).map_err(|error| format!("{path}: {error}"))?;
    Ok(if bytes.contains(&0) {
        None
    } else {
        String::from_utf8(bytes).ok()
    })
}

/// What the shared build made.
pub(crate) struct Built {
    /// The product's binary.
    pub(crate) trainyard: PathBuf,
    /// The example that writes ONNX models with what they answer.
    pub(crate) onnx_cases: PathBuf,
}

/// Builds all tests and binaries once, in the profile and with the features that the test run uses, so that
/// running the tests, the binary and the generators afterwards compiles nothing more.
pub(crate) fn build() -> Result<Built, String> {
    let root = root();
    let mut cargo = command(
        "cargo",
        &[
            "test",
            "--workspace",
            "--no-run",
            "--message-format=json-render-diagnostics",
        ],
        &root,
    );
    let built = cargo
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo could not be started: {error}"))?;
    if !built.status.success() {
        return Err("the workspace does not build: see above".into());
    }
    let said = String::from_utf8_lossy(&built.stdout);
    let messages: Vec<serde_json::Value> = said
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let program = |name: &str| {
        let mut programs = messages.iter().filter(|message| {
            message["profile"]["test"] == false && message["target"]["name"] == name
        });
        programs
            .find_map(|message| message["executable"].as_str().map(PathBuf::from))
            .ok_or_else(|| {
                format!(
                    "building the tests did not build `{name}`: its package needs at least one file in tests/"
                )
            })
    };
    Ok(Built {
        trainyard: program("trainyard")?,
        onnx_cases: program("onnx_cases")?,
    })
}
