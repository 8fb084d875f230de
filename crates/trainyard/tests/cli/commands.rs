//! A folder of its own for each test, the binary to run in it, and two little tables.

use std::fmt::Write as _;
use std::process::Command;
use tempfile::TempDir;

/// A temporary folder in which the binary runs.
pub(crate) struct Folder(TempDir);

/// How a run ended.
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    /// The outcome, unless it is a failure.
    pub(crate) fn succeeded(self) -> Self {
        assert_eq!(self.code, 0, "{}{}", self.stdout, self.stderr);
        self
    }
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub(crate) fn path(&self) -> &std::path::Path {
        self.0.path()
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        let output = Command::new(env!("CARGO_BIN_EXE_trainyard"))
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .unwrap();
        Outcome {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        self.write_bytes(name, text.as_bytes());
    }

    pub(crate) fn write_bytes(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.0.path().join(name), bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.path().join(name)).unwrap()
    }

    pub(crate) fn read_bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.0.path().join(name)).unwrap()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.path().join(name).exists()
    }
}

/// A number in 0..1 that looks random and is the same every time.
fn noise(index: usize, salt: u64) -> f64 {
    let mut x = (index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ^ salt.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 30)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^= x >> 31;
    (x >> 11) as f64 / (1_u64 << 53) as f64
}

/// Three classes that two numbers and a category tell apart; some cells are empty.
pub(crate) fn flowers(rows: usize) -> String {
    let mut text = String::from("stem,petal,colour,species\n");
    for row in 0..rows {
        let (class, centre) = [("lily", 10.0), ("rose", 20.0), ("tulip", 30.0)][row % 3];
        let stem = if row % 11 == 0 {
            String::new()
        } else {
            format!("{:.2}", centre + 4.0 * noise(row, 1))
        };
        let petal = centre * 0.5 + 3.0 * noise(row, 2);
        let colour = ["white", "red", "yellow"][(row % 3 + usize::from(noise(row, 3) > 0.9)) % 3];
        let _ = writeln!(text, "{stem},{petal:.2},{colour},{class}");
    }
    text
}

/// A price that follows size, rooms and district, with some noise.
pub(crate) fn houses(rows: usize) -> String {
    let mut text = String::from("size,rooms,district,price\n");
    for row in 0..rows {
        let size = 40.0 + 160.0 * noise(row, 4);
        let rooms = 1 + (size / 35.0) as usize;
        let (district, worth) = [
            ("north", 20_000.0),
            ("south", 50_000.0),
            ("harbour", 90_000.0),
        ][(noise(row, 5) * 3.0) as usize];
        let price = 1500.0 * size + 8000.0 * rooms as f64 + worth + 6000.0 * (noise(row, 6) - 0.5);
        let _ = writeln!(text, "{size:.1},{rooms},{district},{price:.0}");
    }
    text
}
