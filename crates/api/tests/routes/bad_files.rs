//! Files that are no tables: each refused with what is wrong and where, nothing kept.

use std::path::Path;

use axum::body::Body;
use bytes::Bytes;
use serde_json::json;
use trainyard_store::{AuditEntry, Store, settings};

use crate::app::{Person, TestApp, store_options};

/// Files under the artifacts' folder.
fn stored(folder: &Path) -> usize {
    let mut count = 0;
    let mut folders = vec![folder.join("artifacts")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path)
            } else {
                count += 1
            }
        }
    }
    count
}

async fn nothing_kept(app: &TestApp, ana: &Person) {
    let list = app.get("/api/v1/datasets").by(ana).send().await.json();
    assert_eq!(list["items"], json!([]), "nothing is listed");
    let jobs = app.get("/api/v1/jobs").by(ana).send().await.json();
    assert_eq!(jobs["items"], json!([]), "nothing is queued");
    assert_eq!(stored(app.folder.path()), 0, "no bytes stay");
    assert_eq!(app.balance(ana).await, 15);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_table_is_refused_and_not_kept() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let junk: Vec<u8> = (0..4096_u32)
        .map(|index| (index.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    let cases: [(&str, Vec<u8>, &str, &str); 7] = [
        ("empty.csv", Vec::new(), "empty", "empty"),
        ("blank.csv", b"\n\n  \n".to_vec(), "empty", "empty"),
        ("header.csv", b"a,b,c\n".to_vec(), "header_only", "header"),
        ("junk.csv", junk, "binary", "table"),
        (
            "picture.csv",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01".to_vec(),
            "binary",
            "table",
        ),
        (
            "ragged.csv",
            b"a,b,c\n1,2,3\n4,5\n6,7,8\n".to_vec(),
            "ragged",
            "ine 3",
        ),
        (
            "quote.csv",
            b"a,b\n1,\"open\n2,3\n".to_vec(),
            "open_quote",
            "ine 2",
        ),
    ];
    for (name, bytes, reason, says) in cases {
        let problem = app
            .upload(&ana, name, bytes)
            .await
            .problem(422, "unreadable_file");
        assert_eq!(problem["reason"], reason, "{name}: {problem}");
        assert!(
            problem["detail"].as_str().unwrap().contains(says),
            "{name}: {problem}"
        );
        nothing_kept(&app, &ana).await;
    }
}

/// Attack 17: one line of 100 MB.
#[tokio::test(flavor = "multi_thread")]
async fn attack_17_a_line_without_end_is_refused_on_the_way() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let piece = Bytes::from(vec![b'x'; 1 << 20]);
    let head = Bytes::from_static(b"a,b\n1,2\n");
    let pieces = std::iter::once(head).chain(std::iter::repeat_n(piece, 100));
    let body = Body::from_stream(futures_util::stream::iter(
        pieces.map(Ok::<_, std::io::Error>),
    ));
    let answer = app
        .post("/api/v1/datasets?file_name=long.csv")
        .by(&ana)
        .stream(body)
        .send()
        .await;
    let problem = answer.problem(422, "unreadable_file");
    assert_eq!(problem["reason"], "line_too_long");
    assert!(
        problem["detail"].as_str().unwrap().contains("ine 3"),
        "{problem}"
    );
    nothing_kept(&app, &ana).await;
}

/// A server that takes at most 2,000 bytes.
async fn small() -> TestApp {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(store_options(folder.path())).await.unwrap();
    let change = [(settings::UPLOAD_BYTES.key.to_owned(), json!(2_000))].into();
    store
        .settings()
        .set(&change, AuditEntry::new("test"))
        .await
        .unwrap();
    store.close().await.unwrap();
    drop(store);
    let app = TestApp::on(folder, |_| {}).await;
    app.set_up().await;
    app
}

#[tokio::test(flavor = "multi_thread")]
async fn too_large_is_refused_announced_or_not() {
    let app = small().await;
    let ana = app.register("ana").await;
    let table = format!("a,b\n{}", "1,2\n".repeat(1_000));
    let problem = app
        .upload(&ana, "a.csv", table.clone())
        .await
        .problem(413, "payload_too_large");
    assert_eq!(problem["limit"], 2_000);
    let announced = app
        .post("/api/v1/datasets")
        .by(&ana)
        .header("content-length", &table.len().to_string());
    announced
        .body(table.clone())
        .send()
        .await
        .problem(413, "payload_too_large");
    let pieces = table
        .into_bytes()
        .chunks(100)
        .map(Bytes::copy_from_slice)
        .map(Ok::<_, std::io::Error>)
        .collect::<Vec<_>>();
    let body = Body::from_stream(futures_util::stream::iter(pieces));
    app.post("/api/v1/datasets")
        .by(&ana)
        .stream(body)
        .send()
        .await
        .problem(413, "payload_too_large");
    nothing_kept(&app, &ana).await;
    let fits = app.upload(&ana, "a.csv", "a,b\n1,2\n3,4\n").await.json();
    assert_eq!(fits["status"], "ready", "{fits}");
}

/// An upload that breaks off leaves nothing.
#[tokio::test(flavor = "multi_thread")]
async fn half_a_file_is_no_file() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let pieces = [
        Ok(Bytes::from_static(b"a,b\n1,2\n3,")),
        Err(std::io::Error::other("gone")),
    ];
    let body = Body::from_stream(futures_util::stream::iter(pieces));
    app.post("/api/v1/datasets")
        .by(&ana)
        .stream(body)
        .send()
        .await
        .problem(400, "bad_request");
    nothing_kept(&app, &ana).await;
}

/// A Parquet file is only known to be damaged when it is read: a data set that failed, with its reason.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_parquet_file_fails_with_its_reason() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let mut bytes = b"PAR1".to_vec();
    bytes.extend([7_u8; 500]);
    bytes.extend(b"PAR1");
    let answer = app.upload(&ana, "a.parquet", bytes).await;
    if answer.status.is_success() {
        let dataset = answer.json();
        assert_eq!(dataset["status"], "failed", "{dataset}");
        assert_eq!(dataset["error"]["code"], "unreadable_file");
        let path = format!(
            "/api/v1/datasets/{}/profile",
            dataset["id"].as_str().unwrap()
        );
        app.get(&path)
            .by(&ana)
            .send()
            .await
            .problem(409, "not_ready");
        let request = json!({ "dataset_id": dataset["id"], "target": "a" });
        app.train(&ana, request).await.problem(409, "not_ready");
    } else {
        answer.problem(422, "unreadable_file");
    }
    assert_eq!(app.balance(&ana).await, 15);
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_are_read_with_care() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let form = |boundary: &str, body: String| {
        let kind = format!("multipart/form-data; boundary={boundary}");
        app.post("/api/v1/datasets")
            .by(&ana)
            .header("content-type", &kind)
            .body(body)
            .send()
    };
    let part = |name: &str| {
        format!(
            "--B\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"../x/a.csv\"\r\n\r\na,b\n1,2\n3,4\n\r\n--B--\r\n"
        )
    };
    form("B", part("other")).await.problem(400, "bad_request");
    form("B", "nonsense".to_owned())
        .await
        .problem(400, "bad_request");
    form(&"B".repeat(1_000_000), part("file"))
        .await
        .problem(400, "bad_request");
    nothing_kept(&app, &ana).await;
    let dataset = form("B", part("file")).await.json();
    assert_eq!(
        (&dataset["name"], &dataset["file_name"]),
        (&json!("a"), &json!("a.csv"))
    );
}
