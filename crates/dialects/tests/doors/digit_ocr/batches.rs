//! Many pictures at once: by whom, how far, and what was read.

use std::io::{Cursor, Read, Write};
use std::time::Duration;

use serde_json::{Value, json};

use super::{data, error, picture};
use crate::app::Door;

/// With a model that is ready.
pub(super) async fn the_story(door: Door<'_>, scientist: &str, admin: &str) {
    let pictures: Vec<Vec<u8>> = (0..10).map(picture).collect();
    let parts = [
        ("files", "0.png", &pictures[0][..]),
        ("files", "one.png", &pictures[1][..]),
        ("files", "0.png", &pictures[2][..]),
    ];
    // Guests may not.
    error(
        &door.post("/api/batch").multipart(&[], &parts).send().await,
        401,
        "AUTHENTICATION_ERROR",
        "Authentication required for batch processing",
    );
    let send = |parts: Vec<(&'static str, &'static str, Vec<u8>)>| async move {
        let parts: Vec<(&str, &str, &[u8])> = parts
            .iter()
            .map(|(field, name, bytes)| (*field, *name, &bytes[..]))
            .collect();
        let call = door.post("/api/batch").bearer(scientist);
        call.multipart(&[], &parts).send().await
    };
    // What is no picture is refused, by name, and nothing is begun.
    let answer = send(vec![
        ("files", "0.png", pictures[0].clone()),
        ("files", "notes.txt", b"no picture".to_vec()),
    ])
    .await;
    assert_eq!(answer.status, 400, "{}", answer.text());
    assert!(answer.text().contains("notes.txt"), "{}", answer.text());
    let answer = send(Vec::new()).await;
    assert_eq!(
        answer.json()["error"]["details"][0]["loc"],
        json!(["body", "files"])
    );

    let answer = send(
        parts
            .map(|(field, name, bytes)| (field, name, bytes.to_vec()))
            .to_vec(),
    );
    let answer = answer.await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    let begun = data(&answer);
    assert_eq!(
        (&begun["status"], &begun["total_images"]),
        (&json!("queued"), &json!(3))
    );
    let single = begun["job_id"].as_str().unwrap().to_owned();
    let done = completed(door, scientist, &single).await;
    assert_eq!(
        done,
        json!({
            "job_id": single, "status": "completed", "total_images": 3, "processed_images": 3,
            "progress_percentage": 100.0,
        })
    );
    let path = format!("/api/batch/{single}/results");
    let answer = door.get(&path).bearer(scientist).send().await;
    assert_eq!(answer.header("content-type"), "application/zip");
    let mut lines = table(&answer.bytes);
    lines.sort();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[0].starts_with("0 (3).png,2,"), "{lines:?}");
    assert!(lines[1].starts_with("0.png,0,"), "{lines:?}");
    assert!(lines[2].starts_with("one.png,1,"), "{lines:?}");

    // An archive counts as its pictures.
    let answer = send(vec![("files", "all.zip", archive(&pictures))]).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    let begun = data(&answer);
    assert_eq!(begun["total_images"], 10);
    let archived = begun["job_id"].as_str().unwrap().to_owned();
    completed(door, scientist, &archived).await;

    // Nobody else sees it, but administrators see that it was.
    let unknown = format!("Batch job {single} not found");
    let path = format!("/api/batch/{single}");
    error(
        &door.get(&path).bearer(admin).send().await,
        404,
        "NOT_FOUND",
        &unknown,
    );
    error(
        &door.get("/api/batch/7").bearer(scientist).send().await,
        404,
        "NOT_FOUND",
        "Batch job 7 not found",
    );
    let list = |query: &str| {
        door.get(&format!("/api/admin/batch-jobs{query}"))
            .bearer(admin)
    };
    let jobs = data(&list("").send().await);
    let ids: Vec<&Value> = jobs
        .as_array()
        .unwrap()
        .iter()
        .map(|job| &job["job_id"])
        .collect();
    assert_eq!(ids, [&json!(archived), &json!(single)]);
    assert_eq!(jobs[1]["processed_images"], 3);
    assert!(jobs[1]["completed_at"].is_string());
    let second = data(&list("?status=completed&page=2&page_size=1").send().await);
    assert_eq!(second, json!([jobs[1]]));
    assert_eq!(data(&list("?status=failed").send().await), json!([]));
    let answer = list("?status=odd").send().await;
    assert_eq!(answer.status, 400, "{}", answer.text());
    let one = list(&format!("/{single}")).send().await;
    assert_eq!(data(&one), jobs[1]);
    let call = door.get("/api/admin/batch-jobs").bearer(scientist);
    assert_eq!(call.send().await.status, 403);
}

async fn completed(door: Door<'_>, who: &str, id: &str) -> Value {
    let path = format!("/api/batch/{id}");
    for _ in 0..600 {
        let shown = data(&door.get(&path).bearer(who).send().await);
        match shown["status"].as_str() {
            Some("queued" | "processing") => {}
            Some("completed") => return shown,
            _ => panic!("{shown}"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the batch did not end");
}

/// The lines of the one table in an archive, without its header.
fn table(bytes: &[u8]) -> Vec<String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    assert_eq!(archive.len(), 1);
    let mut text = String::new();
    let mut file = archive.by_index(0).unwrap();
    file.read_to_string(&mut text).unwrap();
    text.lines().skip(1).map(str::to_owned).collect()
}

fn archive(pictures: &[Vec<u8>]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (digit, bytes) in pictures.iter().enumerate() {
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file(format!("{digit}.png"), options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}
