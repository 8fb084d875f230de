//! The whole place in one file, and back. A backup is a zip archive: `manifest.json`, one JSON-lines file for each table
//! in `tables/`, the bytes in `artifacts/`. Rows are written as values, not as pages of a database, so that a backup
//! of a SQLite file can be restored into a PostgreSQL server and the other way round.
//!
//! What is not in it: the signing secret, and what ends by itself (sessions, links that set a password). Whoever finds a
//! backup can read everything in it, but not sign in with it.
//!
//! Where to go next: `rows` turns rows into lines and lines into rows, `write` makes the archive, `read` looks at
//! all of it before anything is written.

mod read;
mod rows;
mod write;

use std::collections::BTreeMap;
use std::io::{self, Read};

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::error::{Result, StoreError};

pub use read::{Restoration, Restored, restore};
pub use write::Backup;

const MANIFEST: &str = "manifest.json";
/// The archive's form; another one is refused.
const FORMAT: u32 = 1;

/// Every table that is kept, each after those it refers to. A test compares this with the schema.
const KEPT: &[&str] = &[
    "counters",
    "settings",
    "users",
    "login_names",
    "guest_days",
    "api_keys",
    "artifacts",
    "artifact_references",
    "datasets",
    "dataset_revisions",
    "model_names",
    "models",
    "model_reports",
    "model_aliases",
    "model_findings",
    "studies",
    "study_trials",
    "model_contracts",
    "jobs",
    "batches",
    "predictions",
    "ledger",
    "idempotency_keys",
    "audit",
    "audit_heads",
    "audit_anchors",
];
/// Tables of what ends by itself, and must not come to life again: whoever was signed out since stays out.
const PASSING: &[&str] = &["refresh_tokens", "password_resets"];

/// What an archive says about itself.
#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    format: u32,
    made_at: Timestamp,
    /// The steps of the schema the rows were written under.
    schema: Vec<String>,
    /// By table: its columns, in the order of each row's values.
    columns: BTreeMap<String, Vec<String>>,
    /// By name of the member: its size and BLAKE3.
    members: BTreeMap<String, Member>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Member {
    bytes: u64,
    blake3: String,
}

/// Bytes that are read at once.
const CHUNK: usize = 1 << 18;

/// Size and hash of what passes.
#[derive(Default)]
struct Sum {
    hasher: blake3::Hasher,
    bytes: u64,
}

impl Sum {
    fn add(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    fn member(&self) -> Member {
        Member {
            bytes: self.bytes,
            blake3: self.hasher.finalize().to_hex().to_string(),
        }
    }
}

/// Hands over what can be read, piece by piece.
fn pieces(
    mut source: impl Read,
    unreadable: impl Fn(io::Error) -> StoreError,
    mut each: impl FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    let mut buffer = vec![0; CHUNK];
    loop {
        let length = source.read(&mut buffer).map_err(&unreadable)?;
        match buffer.get(..length) {
            Some(bytes) if !bytes.is_empty() => each(bytes)?,
            _ => return Ok(()),
        }
    }
}

fn table_member(table: &str) -> String {
    format!("tables/{table}.jsonl")
}

fn artifact_member(hash: &str) -> String {
    format!("artifacts/{hash}")
}
