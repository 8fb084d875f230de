//! Archives of pictures, and many pictures at once, answered by jobs: each as it would be alone, the unreadable ones named,
//! what is no picture refused.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{Answer, PASSWORD, Person, TestApp};
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

/// A form of these files.
fn form(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, bytes) in files {
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
        );
        body.extend(head.into_bytes());
        body.extend(bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--edge--\r\n");
    body
}

async fn send_form(
    app: &TestApp,
    person: &Person,
    model: &str,
    files: &[(String, Vec<u8>)],
) -> Answer {
    let path = format!("/api/v1/models/{model}/batch-predictions");
    let call = app.post(&path).by(person).header("prefer", "wait=60");
    let call = call.header("content-type", "multipart/form-data; boundary=edge");
    call.body(form(files)).send().await
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_one_by_one_are_answered_together() {
    let app = TestApp::start().await;
    let ana = rich(&app, "ana").await;
    let model = model(&app, &ana).await;
    let file = |name: &str, lies: bool| (name.to_owned(), line(lies, 3).png());
    let mut cut = line(true, 1).png();
    cut.truncate(60);
    let files = [
        file("a.png", true),
        file("a.png", false),
        file("deep/../b.png", true),
        ("cut.png".to_owned(), cut),
    ];
    let before = app.balance(&ana).await;
    let sent = send_form(&app, &ana, &model, &files).await;
    assert_eq!(sent.status, StatusCode::OK, "{sent:?}");
    let batch = sent.json();
    assert_eq!(
        (&batch["rows"], &batch["file_name"], &batch["charged"]),
        (&json!(4), &json!("pictures.zip"), &json!(5)),
        "{batch}"
    );
    assert_eq!(app.balance(&ana).await, before - 5);
    let text = result(&app, &ana, &batch).await;
    let found: Vec<&str> = text.lines().skip(1).collect();
    assert!(found[0].starts_with("a.png,lying,"), "{text}");
    assert!(found[1].starts_with("a (2).png,standing,"), "{text}");
    assert!(found[2].starts_with("b.png,lying,"), "{text}");
    assert!(found[3].starts_with("cut.png,,,"), "{text}");

    // The answers as an archive are the answers.
    let path = format!(
        "/api/v1/batch-predictions/{}/result?zip=true",
        batch["id"].as_str().unwrap()
    );
    let zipped = app.get(&path).by(&ana).send().await;
    assert_eq!(zipped.headers["content-type"], "application/zip");
    let mut packed = zip::ZipArchive::new(std::io::Cursor::new(zipped.bytes)).unwrap();
    let mut table = packed.by_index(0).unwrap();
    assert_eq!(table.name().unwrap(), "pictures-answers.csv");
    let mut unpacked = String::new();
    std::io::Read::read_to_string(&mut table, &mut unpacked).unwrap();
    assert_eq!(unpacked, text);

    // One alone, as the body, is a batch of one.
    let one = send(&app, &ana, &model, "file_name=1.png", files[0].1.clone()).await;
    assert_eq!(
        (&one.json()["rows"], &one.json()["file_name"]),
        (&json!(1), &json!("1.png"))
    );

    // Administrators see that there were two, and whose.
    let listed = app.get("/api/v1/admin/batch-predictions").by(&ana);
    listed.send().await.problem(403, "forbidden");
    let admin = app.log_in("admin@example.com", PASSWORD).send().await;
    let admin = Person::of(&admin);
    for (query, count) in [("", 2), ("?status=done", 2), ("?status=failed", 0)] {
        let path = format!("/api/v1/admin/batch-predictions{query}");
        let listed = app.get(&path).by(&admin).send().await.json();
        let items = listed["items"].as_array().unwrap();
        assert_eq!(items.len(), count, "{query}: {listed}");
        assert!(items.iter().all(|item| item["owner"]["name"] == "ana"));
    }

    // What is no picture, and archives among pictures, are refused by name before anything is charged.
    let before = app.balance(&ana).await;
    let text = ("notes.txt".to_owned(), b"no picture".to_vec());
    let packed = ("more.zip".to_owned(), archive(&lines()));
    for (files, words) in [
        (vec![files[0].clone(), text], "notes.txt"),
        (vec![files[0].clone(), packed.clone()], "more.zip"),
    ] {
        let problem = send_form(&app, &ana, &model, &files).await;
        let problem = problem.problem(422, "unreadable_picture");
        assert!(
            problem["detail"].as_str().unwrap().contains(words),
            "{problem}"
        );
    }
    let both = send_form(&app, &ana, &model, &[packed, files[0].clone()]).await;
    both.problem(422, "validation");
    assert_eq!(app.balance(&ana).await, before);
}
