//! Attacks 8 and 25: what is kept between requests. One person's model never answers for another's, and a file that was
//! changed behind the server's back answers nobody.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::app::{Person, TestApp};

async fn trained(app: &TestApp, person: &Person, low: i32, name: &str) -> Value {
    let rows: String = (0..60)
        .map(|row| format!("{},{}\n", row * 37 % 11, low + row % 3))
        .collect();
    let dataset = app
        .upload(person, "t.csv", format!("x,y\n{rows}"))
        .await
        .json();
    let request = json!({ "dataset_id": dataset["id"], "target": "y", "task": "regression", "algorithm": "dummy", "name": name });
    let model = app.train(person, request).await.json();
    assert_eq!(model["status"], "ready", "{model}");
    model
}

/// Two people with models of the same name ask at the same time, over and over: each hears from their own.
#[tokio::test(flavor = "multi_thread")]
async fn attack_08_nothing_is_shared_between_requests_of_different_people() {
    let app = TestApp::start().await;
    let (ana, ben) = (app.register("ana").await, app.register("ben").await);
    trained(&app, &ana, 100, "mine").await;
    trained(&app, &ben, 900, "mine").await;
    let ask = async |person: &Person, near: f64| {
        let call = app.post("/api/v1/models/mine/predictions").by(person);
        let answer = call.json(json!({ "rows": [{ "x": 1 }] })).send().await;
        if answer.status == 402 {
            return;
        }
        let value = answer.json()["predictions"][0]["value"].as_f64().unwrap();
        assert!((value - near).abs() < 3.0, "{value} is not {near}'s");
    };
    for _ in 0..4 {
        tokio::join!(
            ask(&ana, 101.0),
            ask(&ben, 901.0),
            ask(&ana, 101.0),
            ask(&ben, 901.0)
        );
    }
    for person in [&ana, &ben] {
        let me = app.get("/api/v1/me").by(person).send().await.json();
        assert_eq!(me["id"], person.id);
        assert_eq!(
            me["tokens"], 4,
            "14 paid for two predictions, and the rest were 402"
        );
    }
}

/// The files of the store that begin like this.
fn artifacts(app: &TestApp, begin: &[u8]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![app.folder.path().join("artifacts")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if std::fs::read(&path).unwrap().starts_with(begin) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// Two people's tables that changed places on the disk: neither is shown the other's rows, and nothing is learned from them.
#[tokio::test(flavor = "multi_thread")]
async fn attack_25_swapped_tables_are_shown_to_nobody() {
    let app = TestApp::start().await;
    let (ana, ben) = (app.register("ana").await, app.register("ben").await);
    let bring = async |person: &Person, word: &str| {
        let rows = (0..20).map(|row| format!("{word}-{},{row}\n", row % 2));
        let rows: String = rows.collect();
        app.upload(person, "t.csv", format!("a,b\n{rows}"))
            .await
            .json()
    };
    let (hers, his) = (
        bring(&ana, "hers-4c1d").await,
        bring(&ben, "his-99ab").await,
    );
    let tables = artifacts(&app, b"PAR1");
    assert_eq!(tables.len(), 2);
    let bytes: Vec<Vec<u8>> = tables
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect();
    for (path, bytes) in tables.iter().zip(bytes.iter().rev()) {
        std::fs::remove_file(path).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    for (person, dataset, word) in [(&ana, hers, "his-99ab"), (&ben, his, "hers-4c1d")] {
        let path = format!("/api/v1/datasets/{}/rows", dataset["id"].as_str().unwrap());
        let answer = app.get(&path).by(person).send().await;
        answer.problem(500, "internal");
        assert!(!String::from_utf8_lossy(&answer.bytes).contains(word));
        let training = json!({ "dataset_id": dataset["id"], "target": "a", "algorithm": "dummy" });
        let trained = app.train(person, training).await;
        let text = String::from_utf8_lossy(&trained.bytes).into_owned();
        assert_eq!(trained.json()["status"], "failed", "{text}");
        assert!(!text.contains(word), "{text}");
        assert_eq!(app.balance(person).await, 15);
    }
}

/// A model file that was changed, cut or swapped for another whole one is noticed when it is loaded: nobody is answered
/// from it, and nobody pays.
#[tokio::test(flavor = "multi_thread")]
async fn attack_25_a_changed_model_file_answers_nobody() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let model = trained(&app, &ana, 100, "first").await;
    trained(&app, &ana, 900, "second").await;
    let before = app.balance(&ana).await;
    let files = artifacts(&app, b"TRNYARD\n");
    assert_eq!(files.len(), 2, "two model files");
    let whole: Vec<Vec<u8>> = files
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect();
    let id = model["id"].as_str().unwrap();
    let ask = || {
        app.post(&format!("/api/v1/models/{id}/predictions"))
            .by(&ana)
            .json(json!({ "rows": [{}] }))
            .send()
    };
    let write = |place: usize, bytes: &[u8]| {
        // Artifacts are read-only: whoever swaps one replaces it.
        std::fs::remove_file(&files[place]).unwrap();
        std::fs::write(&files[place], bytes).unwrap();
    };
    let mut changed = whole.clone();
    for bytes in &mut changed {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
    }
    let cut: Vec<Vec<u8>> = whole
        .iter()
        .map(|bytes| bytes[..bytes.len() - 1].to_vec())
        .collect();
    let swapped = [whole[1].clone(), whole[0].clone()];
    for (what, versions) in [
        ("changed", &changed[..]),
        ("cut", &cut),
        ("swapped", &swapped),
    ] {
        for (place, bytes) in versions.iter().enumerate() {
            write(place, bytes);
        }
        let answer = ask().await;
        assert!(answer.status.is_server_error(), "{what}: {answer:?}");
        assert!(answer.json().get("predictions").is_none());
    }
    assert_eq!(app.balance(&ana).await, before);
    for (place, bytes) in whole.iter().enumerate() {
        write(place, bytes);
    }
    assert_eq!(ask().await.status, 200, "whole again, it answers");
}
