//! Running other programs: shown as they run, or captured. Knows nothing of what they mean.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

/// A program to run in `folder`, without what cargo told this process about the package xtask: build
/// scripts that look at such variables would otherwise run again for every caller.
pub(crate) fn command(program: &str, arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_")
            || text.starts_with("CARGO_MANIFEST_")
            || text.starts_with("CARGO_BIN_")
        {
            command.env_remove(&name);
        }
    }
    command
}

/// Runs to the end with output going straight to the terminal. Errors: could not start, or a non-zero exit.
pub(crate) fn show(command: &mut Command) -> Result<(), String> {
    let name = name(command);
    let status = command
        .stdin(Stdio::null())
        .status()
        .map_err(|error| cannot_start(&name, &error))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{name}` ended with {status}"))
    }
}

/// What a finished program said.
pub(crate) struct Said {
    /// Exit code 0.
    pub(crate) success: bool,
    /// Standard output and error, in the order of arrival.
    pub(crate) text: String,
}

/// Runs to the end, showing every line and keeping it as well.
pub(crate) fn show_and_keep(command: &mut Command) -> Result<Said, String> {
    let name = name(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| cannot_start(&name, &error))?;
    let text = Mutex::new(String::new());
    let (out, err) = (child.stdout.take(), child.stderr.take());
    std::thread::scope(|scope| {
        scope.spawn(|| keep_lines(out, &text));
        scope.spawn(|| keep_lines(err, &text));
    });
    let status = child.wait().map_err(|error| cannot_start(&name, &error))?;
    let text = text
        .into_inner()
        .map_err(|_| format!("`{name}`: its output was lost"))?;
    Ok(Said {
        success: status.success(),
        text,
    })
}

fn keep_lines(source: Option<impl Read>, text: &Mutex<String>) {
    let Some(source) = source else { return };
    let mut source = BufReader::new(source);
    let mut line = Vec::new();
    while source
        .read_until(b'\n', &mut line)
        .is_ok_and(|count| count > 0)
    {
        let words = String::from_utf8_lossy(&line).into_owned();
        print!("{words}");
        if let Ok(mut text) = text.lock() {
            text.push_str(&words);
        }
        line.clear();
    }
}

/// Runs to the end and gives standard output; on failure the error carries what the program said.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let name = name(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| cannot_start(&name, &error))?;
    if output.status.success() {
        return String::from_utf8(output.stdout)
            .map_err(|_| format!("`{name}` printed something that is not UTF-8"));
    }
    Err(format!(
        "`{name}` ended with {}:\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    ))
}

/// Where `program` is on the PATH.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

fn name(command: &Command) -> String {
    let words: Vec<_> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .collect();
    words
        .iter()
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

fn cannot_start(name: &str, error: &std::io::Error) -> String {
    format!("`{name}` could not be started: {error}")
}
