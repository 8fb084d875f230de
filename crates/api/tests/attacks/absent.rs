//! Attacks 4, 9 to 13, 29 and 30: what is not here cannot be attacked. No default account or secret; no loader of
//! foreign models; no address, path, command or driver that a request could name; no client that could be sent anywhere;
//! nothing that loads code.

use serde_json::{Value, json};

use super::walk::Walk;
use crate::app::TestApp;

/// Every name in the document: of paths, parameters and fields.
fn names() -> Vec<String> {
    fn collect(value: &Value, names: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                for (key, inner) in map {
                    if key == "properties" || key == "paths" {
                        names.extend(inner.as_object().unwrap().keys().cloned());
                    }
                    if key == "parameters" {
                        let all = inner.as_array().into_iter().flatten();
                        names.extend(all.filter_map(|one| one["name"].as_str().map(str::to_owned)));
                    }
                    collect(inner, names);
                }
            }
            Value::Array(all) => all.iter().for_each(|inner| collect(inner, names)),
            _ => {}
        }
    }
    let document: Value = serde_json::from_str(&trainyard_api::openapi_json()).unwrap();
    let mut names = Vec::new();
    collect(&document, &mut names);
    assert!(names.len() > 100);
    names
}

/// Whether one of the words of a name is this.
fn says(name: &str, word: &str) -> bool {
    name.split(|letter: char| !letter.is_ascii_alphanumeric())
        .any(|part| part.eq_ignore_ascii_case(word))
}

fn nobody_says(words: &[&str]) {
    for name in names() {
        for word in words {
            assert!(
                !says(&name, word),
                "{name} would let a request name a {word}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_04_there_is_no_default_account_or_secret() {
    let app = TestApp::empty().await;
    for (login, password) in [
        ("admin", "admin"),
        ("admin", "password"),
        ("admin", "password1234"),
        ("admin@example.com", "admin"),
        ("root", "root"),
        ("test", "test_1"),
        ("system", "system"),
        ("", ""),
    ] {
        let body = json!({ "login": login, "password": password });
        let answer = app.post("/api/v1/auth/login").json(body).send().await;
        assert!(
            [401, 422].contains(&answer.status.as_u16()),
            "{login}: {answer:?}"
        );
    }
    let other = TestApp::empty().await;
    let secret = |app: &TestApp| std::fs::read(app.folder.path().join("secret")).unwrap();
    assert_ne!(secret(&app), secret(&other), "each server makes its own");
    assert!(secret(&app).len() >= 32);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(app.folder.path().join("secret"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

/// Models of other programs are code: brought as data they are refused by what they contain, whatever they are called.
#[tokio::test(flavor = "multi_thread")]
async fn attack_09_models_that_are_code_are_not_taken() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let files: [(&str, &[u8]); 6] = [
        ("pickle", b"\x80\x04\x95\x1f\0\0\0\0\0\0\0\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x04true\x94\x85\x94R\x94."),
        ("old pickle", b"cposix\nsystem\n(S'touch /tmp/x'\ntR.\0"),
        ("zip as Keras and torch write it", b"PK\x03\x04\x14\0\0\0\0\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x0b\0\0\0config.json{}"),
        ("HDF5", b"\x89HDF\r\n\x1a\n\0\0\0\0\0\x08\x08\0\x04\0\x10\0\0\0\0\0"),
        ("ONNX", b"\x08\x08\x12\x07pytorch:\x10\n\x05input\x12\x06output\x1a\0\0"),
        ("joblib", b"\x80\x03csklearn.linear_model\nLinearRegression\nq\0."),
    ];
    for (what, bytes) in files {
        for name in ["model.pkl", "model.csv", "model.parquet", "model.tym"] {
            let answer = app.upload(&ana, name, bytes).await;
            assert_eq!(answer.status, 422, "{what} as {name}: {answer:?}");
        }
        let import = app.post("/api/v1/models/import").by(&ana).body(bytes);
        let problem = import.send().await.problem(422, "unreadable_file");
        assert_eq!(problem["reason"], "not_a_model", "{what}");
    }
    for list in ["datasets", "models"] {
        let list = app
            .get(&format!("/api/v1/{list}"))
            .by(&ana)
            .send()
            .await
            .json();
        assert_eq!(list["items"], json!([]));
    }
}

#[test]
fn attack_10_there_is_no_loader_of_foreign_models() {
    nobody_says(&["onnx", "pickle", "external", "tensor"]);
    // Our own files come in at one address; what is refused there, `attack_09` says.
    let mut ways: Vec<String> = names()
        .into_iter()
        .filter(|name| says(name, "import"))
        .collect();
    ways.dedup();
    assert_eq!(ways, ["/api/v1/models/import"]);
}

/// No request names an address, and the program has no client that could be sent to one.
#[test]
fn attack_11_no_request_makes_the_server_call_anywhere() {
    nobody_says(&[
        "url", "uri", "href", "endpoint", "webhook", "callback", "host", "redirect", "issuer",
    ]);
    let packages = packages();
    for client in [
        "reqwest",
        "ureq",
        "isahc",
        "surf",
        "curl",
        "attohttpc",
        "awc",
        "minreq",
        "aws-sdk-s3",
        "object_store",
        "lettre",
    ] {
        assert!(
            !packages.contains(&client),
            "{client} could be sent to an address"
        );
    }
}

#[test]
fn attack_12_no_request_names_a_database() {
    nobody_says(&[
        "connection",
        "dsn",
        "jdbc",
        "odbc",
        "driver",
        "database",
        "sql",
        "query",
    ]);
}

#[test]
fn attack_13_no_request_names_a_file_of_the_server() {
    nobody_says(&[
        "path",
        "directory",
        "folder",
        "location",
        "filename",
        "importfiles",
    ]);
}

#[test]
fn attack_29_there_is_no_shell_and_no_notebook() {
    nobody_says(&[
        "command",
        "shell",
        "terminal",
        "exec",
        "eval",
        "script",
        "notebook",
        "code-cell",
        "kernel-gateway",
        "process",
    ]);
}

/// Nothing is loaded while it runs: no plug-in, no interpreter, no update of itself. (Pages are built into the program;
/// `routes/reference.rs` and the browser suite look for foreign addresses in them.)
#[test]
fn attack_30_nothing_loads_code() {
    nobody_says(&["plugin", "plugins", "extension", "update", "module"]);
    let packages = packages();
    for loader in [
        "libloading",
        "dlopen",
        "dlopen2",
        "abi_stable",
        "wasmtime",
        "wasmer",
        "wasmi",
        "mlua",
        "rlua",
        "rhai",
        "pyo3",
        "deno_core",
        "boa_engine",
        "rquickjs",
        "self_update",
    ] {
        assert!(!packages.contains(&loader), "{loader} loads code");
    }
}

/// Every package the program is built from.
fn packages() -> Vec<&'static str> {
    let lock = include_str!("../../../../Cargo.lock");
    let names: Vec<&str> = lock
        .lines()
        .filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))
        .collect();
    assert!(names.contains(&"axum") && names.len() > 200);
    names
}

/// The words are looked for as they stand: a route of that name would be found.
#[test]
fn words_are_found_in_names() {
    assert!(says("/api/v1/models/import", "import") && says("callback_url", "url"));
    assert!(!says("important", "import"));
    assert!(
        Walk::new()
            .operations()
            .iter()
            .any(|operation| says(&operation.path, "predictions"))
    );
}
