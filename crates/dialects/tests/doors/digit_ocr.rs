//! The digit reader's contract, row by row, and its story.

mod batches;
mod people;
mod rows;

use std::io::Read;
use std::time::Duration;

use serde_json::{Value, json};
use trainyard_dialects::DialectOptions;

use crate::app::{Answer, Door, TestApp, claims};

const BASE: &str = "/dialects/digit-ocr";
const DEMO: DialectOptions = DialectOptions { demo: true };
const SCIENTIST: &str = "datascientist@example.com";
const ADMIN: &str = "admin@example.com";

async fn token(door: Door<'_>, email: &str, password: &str) -> String {
    let body = json!({ "email": email, "password": password });
    let answer = door.post("/api/auth/login").json(body).send().await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let body = answer.json();
    assert_eq!(body["message"], "Login successful");
    data(&answer)["token"].as_str().unwrap().to_owned()
}

/// What is in the envelope of a success.
fn data(answer: &Answer) -> Value {
    let body = answer.json();
    assert!(answer.status < 300, "{body}");
    assert_eq!(body["success"], true, "{body}");
    let timestamp = body["timestamp"].as_str().unwrap();
    assert!(
        timestamp.as_bytes()[10] == b'T' && !timestamp.contains(['Z', '+']),
        "{timestamp}"
    );
    body["data"].clone()
}

/// Asserts an error in its envelope; details are its own business.
#[track_caller]
fn error(answer: &Answer, status: u16, code: &str, message: &str) {
    let body = answer.json();
    assert_eq!(answer.status, status, "{body}");
    assert_eq!(body["success"], false);
    assert_eq!(body["error"]["code"], code, "{body}");
    assert_eq!(body["error"]["message"], message, "{body}");
    assert_eq!(
        body["error"].get("details").is_some(),
        code != "HTTP_ERROR" && code != "INTERNAL_ERROR",
        "{body}"
    );
}

/// A picture of this digit, of those that come with the program.
fn picture(digit: u8) -> Vec<u8> {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../platform/samples/digits.zip");
    #[expect(clippy::disallowed_methods, reason = "a test reads its own fixture")]
    let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut read = |name: &str| {
        let mut bytes = Vec::new();
        zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    };
    let (pictures, labels) = (read("pictures-idx3-ubyte"), read("labels-idx1-ubyte"));
    let place = labels[8..]
        .iter()
        .position(|label| *label == digit)
        .unwrap();
    png(28, &pictures[16 + place * 784..][..784])
}

fn png(width: u32, values: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, width);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(values).unwrap();
    writer.finish().unwrap();
    bytes
}

#[tokio::test]
async fn before_there_is_a_model() {
    let app = TestApp::with(DEMO, |_| {}).await;
    let door = app.door(BASE);
    let status = door.get("/api/predict/status").send().await.json();
    assert_eq!(
        status,
        json!({
            "status": "not_started", "message": "Model training has not been started", "ready": false, "info": null,
        })
    );
    assert_eq!(data(&door.get("/api/models").send().await), json!([]));
    error(
        &door.get("/api/models/1").send().await,
        404,
        "NOT_FOUND",
        "Model with id 1 not found",
    );
    let read = || door.post("/api/predict");
    let seven = picture(7);
    let answer = read()
        .multipart(&[], &[("file", "7.png", &seven)])
        .send()
        .await;
    assert_eq!(answer.status, 503);
    assert!(
        answer.json()["error"]["message"]
            .as_str()
            .unwrap()
            .contains("training")
    );
    error(
        &door.post("/api/predict/train").send().await,
        401,
        "HTTP_ERROR",
        "Not authenticated",
    );
    let answer = read()
        .header("x-api-key", "wrong")
        .multipart(&[], &[("file", "7.png", &seven)])
        .send()
        .await;
    error(&answer, 401, "HTTP_ERROR", "Invalid API key");
    // Bad uploads are the client's, whatever there is to read them.
    let large = vec![0; (5 << 20) + 1];
    for (file, bytes, message) in [
        ("a.csv", &b"1,2"[..], "File must be an image"),
        ("a.png", &b""[..], "File is empty"),
        ("a.png", &large[..], "File size exceeds 5MB limit"),
    ] {
        let answer = read().multipart(&[], &[("file", file, bytes)]).send().await;
        error(&answer, 400, "VALIDATION_ERROR", message);
    }
    let answer = read().multipart(&[], &[]).send().await;
    assert_eq!(
        (answer.status, &answer.json()["error"]["code"]),
        (422, &json!("VALIDATION_ERROR"))
    );
}

#[tokio::test]
async fn the_story_with_a_model() {
    let app = TestApp::with(DEMO, |options| options.digits = true).await;
    let door = app.door(BASE);
    for _ in 0..1_800 {
        let status = door.get("/api/predict/status").send().await.json();
        if status["ready"] == true {
            assert_eq!(status["status"], "completed");
            break;
        }
        assert_eq!(status["status"], "in_progress", "{status}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let scientist = token(door, SCIENTIST, "password123").await;
    let admin = token(door, ADMIN, "password123").await;
    let mut right = 0;
    for digit in 0..10 {
        let call = door.post("/api/predict?save_debug=true");
        let answer = call
            .multipart(&[], &[("file", "x.png", &picture(digit))])
            .send()
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.json()["message"], Value::Null);
        let data = data(&answer);
        right += u8::from(data["digit"] == digit);
        let alternatives = data["alternatives"].as_array().unwrap();
        assert_eq!(alternatives.len(), 3);
        assert_eq!(alternatives[0]["digit"], data["digit"]);
        assert_eq!(alternatives[0]["confidence"], data["confidence"]);
        assert!((0.0..=100.0).contains(&data["confidence"].as_f64().unwrap()));
        assert!(data["processing_time_ms"].is_u64());
    }
    assert!(right >= 9, "{right} of 10");
    let call = door.post("/api/predict").bearer(&scientist);
    data(
        &call
            .multipart(&[], &[("file", "x.png", &picture(3))])
            .send()
            .await,
    );
    let blank = png(28, &[0; 784]);
    for bad in [&blank[..], b"no picture at all"] {
        let answer = door
            .post("/api/predict")
            .multipart(&[], &[("file", "x.png", bad)])
            .send()
            .await;
        assert_eq!(answer.status, 400, "{}", answer.text());
        assert_eq!(answer.json()["error"]["code"], "VALIDATION_ERROR");
    }

    audited(door, &admin).await;
    rows::keys(&app, door).await;
    batches::the_story(door, &scientist, &admin).await;

    let models = data(&door.get("/api/models").send().await);
    let model = models[0].clone();
    assert_eq!(
        model.as_object().unwrap().keys().collect::<Vec<_>>(),
        [
            "id",
            "model_type",
            "accuracy",
            "precision",
            "recall",
            "f1_score",
            "trained_at",
            "is_active",
        ]
    );
    assert_eq!(
        (&model["model_type"], &model["is_active"]),
        (&json!("svm"), &json!(true))
    );
    let id = model["id"].as_i64().unwrap();
    let path = |rest: &str| format!("/api/models/{id}{rest}");
    let shown = data(&door.get(&path("")).send().await);
    assert_eq!(shown["hyperparameters"]["C"], 5.0);
    let metrics = data(&door.get(&path("/metrics")).send().await);
    for name in ["accuracy", "precision", "recall", "f1_score"] {
        assert!(
            (0.9..=1.0).contains(&metrics[name].as_f64().unwrap()),
            "{metrics}"
        );
        assert_eq!(metrics[name], model[name]);
    }
    let matrix = data(&door.get(&path("/confusion-matrix")).send().await);
    assert_eq!(matrix["labels"], json!([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    let counted: i64 = matrix["matrix"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|row| row.as_array().unwrap())
        .map(|cell| cell.as_i64().unwrap())
        .sum();
    assert_eq!(counted, 1_000);
    let roc = data(&door.get(&path("/roc-curve")).send().await);
    assert_eq!(roc["curves"].as_array().unwrap().len(), 10);
    for place in [
        "/curves/0/fpr",
        "/curves/9/tpr",
        "/micro_avg/fpr",
        "/micro_avg/tpr",
        "/macro_avg/tpr",
    ] {
        assert_eq!(
            roc.pointer(place).unwrap().as_array().unwrap().len(),
            100,
            "{place}"
        );
    }
    assert!(
        roc["micro_avg"]["auc"].as_f64().unwrap() > 0.98,
        "{}",
        roc["micro_avg"]["auc"]
    );
    error(
        &door.get("/api/models/4711/metrics").send().await,
        404,
        "NOT_FOUND",
        "Model with id 4711 not found",
    );
    let answer = door.get(&path("/export")).bearer(&scientist).send().await;
    assert_eq!(answer.header("content-type"), "application/octet-stream");
    assert_eq!(
        answer.header("content-disposition"),
        format!("attachment; filename=\"svm_model_{id}.tym\"")
    );
    error(
        &door.get(&path("/export")).send().await,
        401,
        "HTTP_ERROR",
        "Not authenticated",
    );

    // Another kind of model, which lists grow by.
    let train = |kind: &str| {
        door.post("/api/models/train")
            .bearer(&scientist)
            .json(json!({ "model_type": kind }))
    };
    let text = "Invalid model_type. Must be one of: svm, random_forest, neural_network";
    error(&train("tree").send().await, 400, "VALIDATION_ERROR", text);
    let train_with = |params: Value| {
        door.post("/api/models/train")
            .bearer(&scientist)
            .json(json!({ "model_type": "random_forest", "hyperparameters": params }))
    };
    assert_eq!(train_with(json!(5)).send().await.status, 422);
    for odd in [json!({ "trees": 5 }), json!({ "n_estimators": 0 })] {
        let answer = train_with(odd.clone()).send().await;
        assert_eq!(answer.status, 400, "{odd}: {}", answer.text());
        assert_eq!(answer.json()["error"]["code"], "VALIDATION_ERROR");
    }
    let few = json!({ "n_estimators": 12, "max_depth": 9 });
    let answer = train_with(few.clone()).send().await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    assert_eq!(data(&answer)["status"], "queued");
    let answer = door
        .post("/api/predict/train")
        .bearer(&scientist)
        .send()
        .await;
    assert_eq!(answer.status, 202);
    assert_eq!(answer.json()["success"], false);
    let mut grown = Value::Null;
    for _ in 0..1_800 {
        grown = data(&door.get("/api/models").send().await);
        if grown.as_array().unwrap().len() == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(grown[1]["model_type"], "random_forest");
    let forest = grown[1]["id"].as_i64().unwrap();
    let shown = data(&door.get(&format!("/api/models/{forest}")).send().await);
    for (name, value) in few.as_object().unwrap() {
        assert_eq!(&shown["hyperparameters"][name], value, "{shown}");
    }

    // Tuning: every setting is judged on real folds.
    let tune = |body: Value| {
        door.post(&format!("/api/models/{forest}/tune"))
            .bearer(&scientist)
            .json(body)
    };
    let answer = tune(json!({})).send().await;
    assert_eq!(
        answer.json()["error"]["details"][0]["loc"],
        json!(["body", "hyperparameters"])
    );
    let wanted = json!({ "hyperparameters": { "n_estimators": [5, 10], "max_depth": 6 }, "optimization_method": "grid_search" });
    let answer = tune(wanted).send().await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    let begun = data(&answer);
    assert_eq!(
        (&begun["status"], &begun["model_id"]),
        (&json!("queued"), &json!(forest))
    );
    let path = format!(
        "/api/models/{forest}/tune/{}",
        begun["tune_id"].as_str().unwrap()
    );
    let mut tuned = Value::Null;
    for _ in 0..1_800 {
        tuned = data(&door.get(&path).bearer(&scientist).send().await);
        if tuned["status"] == "completed" || tuned["status"] == "failed" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(tuned["status"], "completed", "{tuned}");
    assert_eq!(
        tuned["best_hyperparameters"],
        json!({ "n_estimators": 10, "max_depth": 6 })
    );
    assert!(
        (0.5..1.0).contains(&tuned["best_score"].as_f64().unwrap()),
        "{tuned}"
    );
    // It is nobody else's.
    error(
        &door.get(&path).bearer(&admin).send().await,
        404,
        "NOT_FOUND",
        &format!(
            "Tuning job {} not found",
            begun["tune_id"].as_str().unwrap()
        ),
    );
    let stats = data(&door.get("/api/admin/stats").bearer(&admin).send().await);
    assert_eq!(stats["images_processed_today"], 12);
}

/// Each reading is in the audit with what was read, and each refused file with why.
async fn audited(door: Door<'_>, admin: &str) {
    let call = door
        .get("/api/admin/audit-logs?event_type=api")
        .bearer(admin);
    let logs = data(&call.send().await)["logs"].clone();
    let details: Vec<Value> = logs
        .as_array()
        .unwrap()
        .iter()
        .map(|log| {
            assert_eq!(log["action"], "predict");
            serde_json::from_str(log["details"].as_str().unwrap()).unwrap()
        })
        .collect();
    assert_eq!(details.len(), 13);
    for refused in &details[..2] {
        assert_eq!(refused["filename"], "x.png");
        assert!(refused["error"].is_string(), "{refused}");
    }
    let read = &details[2];
    assert_eq!(
        (&read["digit"], &read["filename"]),
        (&json!(3), &json!("x.png"))
    );
    assert!((0.0..=100.0).contains(&read["confidence"].as_f64().unwrap()));
    assert!(read["processing_time_ms"].is_u64());
    assert_eq!(logs[2]["user_email"], SCIENTIST);
}
