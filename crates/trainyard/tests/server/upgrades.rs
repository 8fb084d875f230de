//! Data of earlier versions. `fixtures/second_schema.backup` was made by the program when its schema had two steps: an
//! administrator, Ana with a data set, a model, three predictions, a guest's one, an API key and 19 tokens left; kept for a
//! hundred years.

use crate::backup::{replaced, rewritten};
use crate::process::{PASSWORD, Place, Server};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const STEPS: &str = "\"schema\": [\n    \"2026_11_21_first\",\n    \"2026_11_22_accounts\"\n  ]";

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/server/fixtures/second_schema.backup")
}

fn login(server: &Server, name: &str) -> String {
    let body = json!({ "login": name, "password": PASSWORD });
    let answer = server.ask("POST", "/api/v1/auth/login", None, &[], Some(&body));
    let answer = answer.unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

/// What was there is there, and the place goes on with it.
fn works(place: &Place) {
    let server = place.serve();
    let ana = login(&server, "ana");
    let get = |path: &str, token: &str| -> Value {
        let answer = server.ask("GET", path, Some(token), &[], None).unwrap();
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.json()
    };
    let me = get("/api/v1/me", &ana);
    assert_eq!(me["display_name"], "Ana ‘quoted’, \"twice\"");
    assert_eq!(me["tokens"], 19);
    let rows = |number: usize| json!({ "rows": [{ "petal_length_cm": 1.4 + number as f64, "petal_width_cm": 0.2 + number as f64 / 2.0 }] });
    let predict = |key: &str, body: &Value| {
        let key = [("idempotency-key", key)];
        let path = "/api/v1/models/flowers/predictions";
        let answer = server.ask("POST", path, Some(&ana), &key, Some(body));
        answer.unwrap()
    };
    for (number, value) in ["setosa", "setosa", "versicolor"].iter().enumerate() {
        let answer = predict(&format!("key-{number}"), &rows(number));
        assert!(answer.has_header("idempotency-replayed"), "{answer:?}");
        assert_eq!(answer.json()["predictions"][0]["value"], *value);
    }
    // At the price that was set there.
    let fresh = predict("another", &rows(0));
    assert_eq!(
        (fresh.status, fresh.json()["balance"].as_i64()),
        (200, Some(15)),
        "{fresh:?}"
    );
    let models = get("/api/v1/models", &ana);
    let guests = format!(
        "/api/v1/g/{}/predictions",
        models["items"][0]["guest_slug"].as_str().unwrap()
    );
    let guest = server
        .ask("POST", &guests, None, &[], Some(&rows(0)))
        .unwrap();
    assert_eq!(guest.status, 200, "{guest:?}");
    let admin = login(&server, "admin@example.com");
    let chain = get("/api/v1/admin/audit-events/verify", &admin);
    assert_eq!(chain["sound"], true, "{chain}");
    let subject = models["items"][0]["id"].as_str().unwrap();
    let about = get(
        &format!("/api/v1/admin/audit-events?subject_id={subject}"),
        &admin,
    );
    assert!(about["items"].as_array().unwrap().len() >= 6, "{about}");
    let outcome = place.run(&["admin", "verify"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
}

#[test]
fn a_backup_of_an_earlier_version_is_brought_up_to_date() {
    let to = Place::empty();
    let outcome = to.run(&["restore", fixture().to_str().unwrap()]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    works(&to);
}

/// Of the first step: a table that came later is made, and nothing is missed.
#[test]
fn a_backup_of_the_first_version_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("first.backup");
    std::fs::copy(fixture(), &copy).unwrap();
    let first = rewritten(
        &copy,
        |name, bytes| match name {
            "tables/guest_days.jsonl" => None,
            "manifest.json" => {
                let bytes = replaced(&bytes, STEPS, "\"schema\": [\"2026_11_21_first\"]");
                let mut manifest: Value = serde_json::from_slice(&bytes).unwrap();
                for (part, name) in [
                    ("columns", "guest_days"),
                    ("members", "tables/guest_days.jsonl"),
                ] {
                    assert!(
                        manifest[part]
                            .as_object_mut()
                            .unwrap()
                            .remove(name)
                            .is_some()
                    );
                }
                Some(manifest.to_string().into_bytes())
            }
            _ => Some(bytes),
        },
        &[],
    );
    let to = Place::empty();
    let outcome = to.run(&["restore", first.to_str().unwrap()]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    works(&to);
}

/// On a server a try that failed leaves tables of today behind; the next one begins anew all the same.
#[test]
fn a_try_that_failed_is_not_in_the_way_of_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("richer.backup");
    std::fs::copy(fixture(), &copy).unwrap();
    let hashes = std::cell::RefCell::new((String::new(), String::new()));
    let change = |name: &str, bytes: Vec<u8>| {
        if name != "tables/users.jsonl" {
            return Some(bytes);
        }
        let richer = replaced(&bytes, ",19,", ",99,");
        let hash = |bytes: &[u8]| blake3::hash(bytes).to_hex().to_string();
        *hashes.borrow_mut() = (hash(&bytes), hash(&richer));
        Some(richer)
    };
    let half = folder.path().join("half.backup");
    std::fs::rename(rewritten(&copy, change, &[]), &half).unwrap();
    let changed = rewritten(
        &half,
        |name, bytes| {
            let (before, after) = &*hashes.borrow();
            Some(if name == "manifest.json" {
                replaced(&bytes, before, after)
            } else {
                bytes
            })
        },
        &[],
    );
    let to = Place::empty();
    let outcome = to.run(&["restore", changed.to_str().unwrap()]);
    assert_eq!(outcome.code, 2, "{outcome:?}");
    assert!(
        outcome.stderr.contains("its books do not fit"),
        "{outcome:?}"
    );
    let outcome = to.run(&["restore", fixture().to_str().unwrap()]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    works(&to);
}
