//! Backups made beside a working server, restored elsewhere, and what must not be restored.

use crate::process::{PASSWORD, Place};
use crate::spending::Spender;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// A place with somebody, a model and a few predictions, and its backup. The manifest's hash.
fn backed_up(place: &Place, file: &Path) -> (Spender, Vec<Value>, String) {
    let server = place.serve();
    let spender = Spender::new(&server);
    let answers = (0..3).map(|number| spender.spend(&server.address, number).unwrap().json());
    let answers = answers.collect();
    let outcome = place.run(&["backup", file.to_str().unwrap()]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let hash = outcome
        .stdout
        .lines()
        .find_map(|line| line.strip_prefix("Manifest "));
    (spender, answers, hash.unwrap().to_owned())
}

fn there_and_back(from: &Place, to: &Place) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("place.backup");
    let (old, answers, hash) = backed_up(from, &file);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let files = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, 1, "nothing half written stays");
    let file = file.to_str().unwrap();
    let again = from.run(&["backup", file]);
    assert_eq!(again.code, 2, "{again:?}");
    assert!(
        again
            .stderr
            .contains("There is a file of that name already"),
        "{again:?}"
    );

    let outcome = to.run(&["restore", file, "--manifest", &hash]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert!(outcome.stdout.contains("Everything fits."), "{outcome:?}");
    let server = to.serve();
    let gone = server
        .ask("GET", "/api/v1/me", Some(&old.token), &[], None)
        .unwrap();
    assert_eq!(gone.status, 401, "another secret: everybody signs in anew");
    let login = json!({ "login": "admin@example.com", "password": PASSWORD });
    let session = server
        .ask("POST", "/api/v1/auth/login", None, &[], Some(&login))
        .unwrap()
        .json();
    let spender = Spender {
        token: session["access_token"].as_str().unwrap().to_owned(),
        path: old.path,
    };
    assert_eq!(spender.balance(&server), 1_000 - 15);
    for (number, first) in answers.iter().enumerate() {
        let answer = spender.spend(&server.address, number).unwrap();
        assert!(answer.has_header("idempotency-replayed"), "{answer:?}");
        assert_eq!(answer.json()["predictions"], first["predictions"]);
    }
    let fresh = spender.spend(&server.address, 99).unwrap();
    assert_eq!(
        (fresh.status, fresh.json()["balance"].as_i64()),
        (200, Some(1_000 - 20))
    );
    let outcome = to.run(&["admin", "verify"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert!(
        outcome.stdout.contains("4 for predictions, 1 for jobs"),
        "{outcome:?}"
    );

    let full = to.run(&["restore", file]);
    assert_eq!(full.code, 2, "{full:?}");
    assert!(full.stderr.contains("is not empty"), "{full:?}");
}

#[test]
fn what_was_backed_up_comes_back() {
    there_and_back(&Place::new(), &Place::empty());
}

/// From a file to a server and from a server to a file, where there is a server.
#[test]
fn a_backup_moves_between_databases() {
    there_and_back(&Place::in_a_file(), &Place::empty());
    there_and_back(&Place::new(), &Place::empty_in_a_file());
}

/// The books fit at every moment, also while others are spending.
#[test]
fn a_backup_is_of_one_moment() {
    let place = Place::new();
    let server = place.serve();
    let spender = Spender::new(&server);
    let (next, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    let folder = tempfile::tempdir().unwrap();
    let file = |number: usize| folder.path().join(format!("{number}.backup"));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let answer = spender.spend(&server.address, number).unwrap();
                    assert!([200, 402].contains(&answer.status), "{answer:?}");
                }
            });
        }
        for number in 0..3 {
            let outcome = place.run(&["backup", file(number).to_str().unwrap()]);
            assert_eq!(outcome.code, 0, "{outcome:?}");
        }
        done.store(true, Ordering::Relaxed);
    });
    for number in 0..3 {
        let to = Place::empty();
        let outcome = to.run(&["restore", file(number).to_str().unwrap()]);
        assert_eq!(outcome.code, 0, "{outcome:?}");
    }
}

/// Rewrites an archive: each member goes through `change`, which may drop it, and others are added.
pub(crate) fn rewritten(
    file: &Path,
    change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>,
    add: &[(&str, &[u8])],
) -> PathBuf {
    let mut archive = ZipArchive::new(std::fs::File::open(file).unwrap()).unwrap();
    let path = file.with_extension("changed");
    let mut writer = ZipWriter::new(std::fs::File::create(&path).unwrap());
    let options = SimpleFileOptions::default();
    for index in 0..archive.len() {
        let mut member = archive.by_index(index).unwrap();
        let name = member.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        member.read_to_end(&mut bytes).unwrap();
        if let Some(bytes) = change(&name, bytes) {
            writer.start_file(name, options).unwrap();
            writer.write_all(&bytes).unwrap();
        }
    }
    for (name, bytes) in add {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap();
    path
}

pub(crate) fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1).into_bytes()
}

/// Attack 28: nothing that was changed, cut short or points elsewhere is restored, and nothing is left of the attempt.
#[test]
fn attack_28_what_is_no_whole_unchanged_backup_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("place.backup");
    let (spender, ..) = backed_up(&Place::new(), &file);
    let bytes = std::fs::read(&file).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    assert!(!text.contains(&spender.token) && !text.contains("refresh_tokens"));

    let refused = |file: &Path, words: &[&str], reason: &str| {
        let to = Place::empty();
        let outcome = to.run(&[&["restore", file.to_str().unwrap()], words].concat());
        assert_eq!(outcome.code, 2, "{reason}: {outcome:?}");
        assert!(outcome.stderr.contains(reason), "{reason}: {outcome:?}");
        assert!(!to.path().exists(), "{reason}");
        let partial = format!("{}.restoring", to.path().display());
        assert!(!Path::new(&partial).exists(), "{reason}");
    };
    let with = |bytes: &[u8]| {
        let path = folder.path().join("bytes");
        std::fs::write(&path, bytes).unwrap();
        path
    };
    refused(&folder.path().join("none"), &[], "No such file");
    refused(&with(b"no archive"), &[], "not whole, or no backup");
    for length in [bytes.len() - 1, bytes.len() / 2, 100] {
        refused(&with(&bytes[..length]), &[], "not whole, or no backup");
    }
    refused(
        &file,
        &["--manifest", &"0".repeat(64)],
        "not the one that was expected",
    );
    // One flipped bit anywhere: in what is packed, or in what says where it is.
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 2] ^= 1;
    refused(&with(&flipped), &[], "Nothing was restored");

    let keep = |_: &str, bytes: Vec<u8>| Some(bytes);
    for name in [
        "../escaped",
        "artifacts/../../escaped",
        "/tmp/escaped",
        "..\\escaped",
        "secret",
        "tables/refresh_tokens.jsonl",
    ] {
        refused(
            &rewritten(&file, keep, &[(name, b"x")]),
            &[],
            "which no backup has",
        );
        // Also when the manifest knows it.
        let known = rewritten(
            &file,
            |member, bytes| {
                let escaped = json!(name).to_string();
                let entry = format!(
                    "\"members\": {{ {escaped}: {{\"bytes\": 1, \"blake3\": \"{}\"}},",
                    blake3::hash(b"x").to_hex()
                );
                Some(if member == "manifest.json" {
                    replaced(&bytes, "\"members\": {", &entry)
                } else {
                    bytes
                })
            },
            &[(name, b"x")],
        );
        refused(&known, &[], "which no backup has");
    }
    let without = |gone: &'static str| {
        rewritten(
            &file,
            |name, bytes| (!name.starts_with(gone)).then_some(bytes),
            &[],
        )
    };
    refused(&without("manifest.json"), &[], "there is no manifest");
    refused(
        &without("tables/ledger"),
        &[],
        "tables/ledger.jsonl is not in it",
    );
    refused(&without("artifacts/"), &[], "is not in it");
    let richer = |name: &str, bytes: Vec<u8>| {
        Some(if name == "tables/users.jsonl" {
            replaced(&bytes, ",985,", ",999,")
        } else {
            bytes
        })
    };
    refused(
        &rewritten(&file, richer, &[]),
        &[],
        "tables/users.jsonl was changed",
    );
    let unlike = |name: &str, mut bytes: Vec<u8>| {
        if name.starts_with("artifacts/") {
            bytes[0] ^= 1;
        }
        Some(bytes)
    };
    refused(&rewritten(&file, unlike, &[]), &[], "was changed");

    // Whoever writes the hashes anew too is found by the books.
    let mut archive = ZipArchive::new(std::fs::File::open(&file).unwrap()).unwrap();
    let mut users = Vec::new();
    archive
        .by_name("tables/users.jsonl")
        .unwrap()
        .read_to_end(&mut users)
        .unwrap();
    let (before, after) = (
        blake3::hash(&users),
        blake3::hash(&richer("tables/users.jsonl", users.clone()).unwrap()),
    );
    let consistent = rewritten(
        &file,
        |name, bytes| match name {
            "manifest.json" => Some(replaced(
                &bytes,
                before.to_hex().as_str(),
                after.to_hex().as_str(),
            )),
            _ => richer(name, bytes),
        },
        &[],
    );
    refused(&consistent, &[], "its books do not fit: Balance: account 1");
    // Where it is all there is, it can be had all the same.
    let to = Place::empty();
    let outcome = to.run(&["restore", consistent.to_str().unwrap(), "--anyway"]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(
        to.path().exists() && outcome.stdout.contains("Balance: account 1"),
        "{outcome:?}"
    );
    let newer = rewritten(
        &file,
        |name, bytes| {
            Some(if name == "manifest.json" {
                replaced(&bytes, "\"schema\": [", "\"schema\": [\"2099_later\",")
            } else {
                bytes
            })
        },
        &[],
    );
    refused(&newer, &[], "A later version of Trainyard made it");
}
