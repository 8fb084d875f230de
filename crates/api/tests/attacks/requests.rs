//! Attack 15: requests made to exhaust whoever reads them. (Heads, and readers that stop reading, are the binary's:
//! `crates/trainyard/src/serve/connections.rs`.)

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use serde_json::json;
use trainyard_api::Patience;

use crate::app::{PASSWORD, TestApp};

fn pieces(bytes: Vec<u8>, of: usize) -> Body {
    let pieces: Vec<_> = bytes
        .chunks(of)
        .map(Bytes::copy_from_slice)
        .map(Ok::<_, std::io::Error>)
        .collect();
    Body::from_stream(stream::iter(pieces))
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_15_floods_of_tiny_chunks_are_read_like_any_body() {
    let app = TestApp::start().await;
    let login = json!({ "login": "admin@example.com", "password": PASSWORD });
    let padded = format!("{}{}", " ".repeat(500_000), login);
    let call = app
        .post("/api/v1/auth/login")
        .header("content-type", "application/json");
    let answer = call.stream(pieces(padded.into_bytes(), 1)).send().await;
    assert_eq!(answer.status, 200);
    let call = app
        .post("/api/v1/auth/login")
        .header("content-type", "application/json");
    let answer = call.stream(pieces(vec![b' '; 3 << 20], 7)).send().await;
    answer.problem(413, "payload_too_large");
    // A file in pieces of one byte is the same file.
    let ana = app.register("ana").await;
    let rows = "a,b\n".to_owned() + &"1,2\n3,4\n".repeat(5_000);
    let call = app
        .post("/api/v1/datasets?name=t")
        .by(&ana)
        .header("prefer", "wait=60");
    let answer = call.stream(pieces(rows.into_bytes(), 1)).send().await;
    assert_eq!(answer.json()["rows"], 10_000, "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_15_depth_and_width_are_bounded() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for depth in [200, 100_000] {
            let value = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            for body in [
                format!("{{\"rows\":[{value}]}}"),
                value.clone(),
                open.repeat(depth),
            ] {
                let call = app.post("/api/v1/models/none/predictions").by(&ana);
                let answer = call
                    .header("content-type", "application/json")
                    .body(body)
                    .send()
                    .await;
                assert!(
                    [400, 413, 422].contains(&answer.status.as_u16()),
                    "{answer:?}"
                );
            }
        }
    }
    // A million keys, and one key a million times.
    for key in ["k", "a"] {
        let members: Vec<String> = (0..100_000)
            .map(|n| {
                if key == "k" {
                    format!("\"k{n}\":1")
                } else {
                    "\"a\":1".to_owned()
                }
            })
            .collect();
        let body = format!("{{\"rows\":[{{{}}}]}}", members.join(","));
        let call = app.post("/api/v1/models/none/predictions").by(&ana);
        let answer = call
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await;
        answer.problem(404, "not_found");
    }
    let query = "x=1&".repeat(10_000);
    let answer = app
        .get(&format!("/api/v1/models?{query}"))
        .by(&ana)
        .send()
        .await;
    assert!(!answer.status.is_server_error(), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_15_boundaries_and_parts_without_end_are_refused() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let form = |kind: String, body: Body| {
        app.post("/api/v1/datasets")
            .by(&ana)
            .header("content-type", &kind)
            .stream(body)
            .send()
    };
    let part = "--B\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n";
    for (boundary, body) in [
        ("B".repeat(71), Body::empty()),
        ("B".repeat(1_000_000), Body::empty()),
        (String::new(), Body::empty()),
        ("B".to_owned(), Body::from(part.repeat(10_000))),
        (
            "B".to_owned(),
            Body::from(format!(
                "--B\r\n{}\r\n\r\n1",
                "X-Many: 1\r\n".repeat(100_000)
            )),
        ),
        (
            "B".to_owned(),
            Body::from(format!("--B\r\nX-Long: {}", "x".repeat(4 << 20))),
        ),
        ("B".to_owned(), Body::from("-".repeat(4 << 20))),
    ] {
        let answer = form(format!("multipart/form-data; boundary={boundary}"), body).await;
        answer.problem(400, "bad_request");
    }
}

/// A body that comes a letter now and then ends after a while, whatever it still means to send.
#[tokio::test(flavor = "multi_thread")]
async fn attack_15_bodies_that_dawdle_are_given_up() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let impatient = app.waiting(Patience {
        request: Duration::from_millis(400),
        piece: Duration::from_millis(200),
    });
    let dripping = || {
        Body::from_stream(stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            Some((Ok::<_, std::io::Error>(Bytes::from_static(b" ")), ()))
        }))
    };
    let silent = || Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
    let begun = || {
        let first = Bytes::from_static(
            b"--B\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\na,b\n1",
        );
        let first = stream::iter([Ok::<_, std::io::Error>(first)]);
        Body::from_stream(first.chain(stream::pending()))
    };
    let json = "application/json";
    let form = "multipart/form-data; boundary=B";
    for (path, kind, body) in [
        ("/api/v1/auth/login", json, dripping()),
        ("/api/v1/auth/login", json, silent()),
        ("/api/v1/models/none/predictions", json, dripping()),
        ("/api/v1/datasets", "text/csv", silent()),
        ("/api/v1/datasets", form, silent()),
        ("/api/v1/datasets", form, begun()),
        ("/api/v1/datasets/preview", "text/csv", silent()),
    ] {
        let call = impatient.post(path).by(&ana).header("content-type", kind);
        call.stream(body).send().await.problem(408, "timeout");
    }
    let list = app.get("/api/v1/datasets").by(&ana).send().await.json();
    assert_eq!(list["items"], json!([]), "nothing half is kept");
}
