//! Archives of pictures answered by jobs: each as it would be alone, the unreadable ones named, what is no archive refused.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{Answer, Person, TestApp};
use crate::asking::rich;
use crate::pictures::{archive, ask, line, lines, model};

async fn send(app: &TestApp, person: &Person, model: &str, query: &str, bytes: Vec<u8>) -> Answer {
    let path = format!("/api/v1/models/{model}/batch-predictions?{query}");
    let call = app.post(&path).by(person).header("prefer", "wait=60");
    call.body(bytes).send().await
}

async fn result(app: &TestApp, person: &Person, batch: &Value) -> String {
    let id = batch["id"].as_str().unwrap();
    let path = format!("/api/v1/batch-predictions/{id}/result");
    String::from_utf8(app.get(&path).by(person).send().await.bytes).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_is_answered_as_its_pictures_are() {
    let app = TestApp::start().await;
    let ana = rich(&app, "ana").await;
    let model = model(&app, &ana).await;
    let mut files = lines();
    files.truncate(40);
    let names = ["=odd, name.png", "deep/er/é.png"];
    for (number, name) in names.into_iter().enumerate() {
        files.push((name.to_owned(), line(true, number).png()));
    }
    files.push(("notes.txt".to_owned(), b"no picture".to_vec()));
    files.push(("__MACOSX/._1.png".to_owned(), b"clutter".to_vec()));
    let before = app.balance(&ana).await;
    let sent = send(
        &app,
        &ana,
        &model,
        "file_name=some.zip&proba=true",
        archive(&files),
    )
    .await;
    assert_eq!(sent.status, StatusCode::OK, "{sent:?}");
    let batch = sent.json();
    assert_eq!(
        (&batch["status"], &batch["rows"], &batch["format"]),
        (&json!("done"), &json!(43), &json!("pictures")),
        "{batch}"
    );
    assert_eq!(
        batch["warnings"][0]["code"], "unreadable_picture",
        "{batch}"
    );
    assert_eq!(batch["warnings"][0]["rows"], 1);
    assert!(app.balance(&ana).await < before);
    let text = result(&app, &ana, &batch).await;
    let found: Vec<&str> = text.lines().collect();
    assert_eq!(
        found[0],
        "file,prediction,confidence,probability:lying,probability:standing,error"
    );
    assert_eq!(found.len(), 44);
    for place in [0, 17, 35] {
        let alone = ask(&app, &ana, &model, files[place].1.clone()).await.json();
        let cells: Vec<&str> = found[place + 1].split(',').collect();
        assert_eq!(cells[0], files[place].0);
        let alone = &alone["prediction"];
        assert_eq!(alone["value"], cells[1], "{alone}");
        let confidence: f64 = cells[2].parse().unwrap();
        let alone = alone["confidence"].as_f64().unwrap();
        assert!((confidence - alone).abs() < 1e-12, "{confidence} {alone}");
    }
    assert!(
        found[41].starts_with("\"'=odd, name.png\",lying,"),
        "{}",
        found[41]
    );
    assert!(
        found[42].starts_with("deep/er/é.png,lying,"),
        "{}",
        found[42]
    );
    assert!(found[43].starts_with("notes.txt,,,,,"), "{}", found[43]);
    assert!(found[43].contains("text"), "{}", found[43]);

    let parquet = send(&app, &ana, &model, "format=parquet", archive(&files))
        .await
        .json();
    let path = format!(
        "/api/v1/batch-predictions/{}/result",
        parquet["id"].as_str().unwrap()
    );
    let bytes = app.get(&path).by(&ana).send().await.bytes;
    assert!(bytes.starts_with(b"PAR1"), "{parquet}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_archive_of_pictures_costs_nothing() {
    let app = TestApp::start().await;
    let ana = rich(&app, "ana").await;
    let model = model(&app, &ana).await;
    let before = app.balance(&ana).await;
    let whole = archive(&lines());
    let outside = archive(&[("../../etc/passwd".to_owned(), b"root".to_vec())]);
    for (what, bytes, words) in [
        ("a table", b"a,b\n1,2\n".to_vec(), "zip"),
        ("nothing", Vec::new(), "zip"),
        (
            "half of one",
            whole[..whole.len() / 2].to_vec(),
            "cut short",
        ),
        ("an empty one", archive(&[]), "no files"),
        ("one that reaches outside", outside, "points outside"),
    ] {
        let sent = send(&app, &ana, &model, "", bytes).await;
        let problem = sent.problem(422, "unreadable_picture");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(words), "{what}: {detail}");
    }
    // What shows only inside stands in the line of its file.
    let picture = line(true, 1).png();
    let odd = archive(&[
        ("good.png".to_owned(), picture.clone()),
        (
            "nested.zip".to_owned(),
            archive(&[("a.png".to_owned(), picture)]),
        ),
        ("bomb.png".to_owned(), vec![0; 40 << 20]),
    ]);
    assert_eq!(app.balance(&ana).await, before);
    let batch = send(&app, &ana, &model, "", odd).await.json();
    assert_eq!(batch["warnings"][0]["rows"], 2, "{batch}");
    let text = result(&app, &ana, &batch).await;
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[1].starts_with("good.png,lying,"), "{text}");
    assert!(lines[2].contains("archive itself"), "{text}");
    assert!(lines[3].contains("unpacks to more than"), "{text}");
    // A table's model takes no archive, and somebody else's model is not there.
    let ben = rich(&app, "ben").await;
    send(&app, &ben, &model, "", whole)
        .await
        .problem(404, "not_found");
    app.call(
        Method::DELETE,
        &format!(
            "/api/v1/batch-predictions/{}",
            batch["id"].as_str().unwrap()
        ),
    )
    .by(&ana)
    .send()
    .await;
}
