//! Pictures through the front door: an archive of class folders, a model of it, and files and strokes it is asked about.

use std::io::{Cursor, Write};

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::app::{Answer, Person, TestApp};

/// Brightness, row by row.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) values: Vec<u8>,
}

impl Sheet {
    /// A sheet with a value for each row and column.
    pub(crate) fn of(width: usize, height: usize, value: impl Fn(usize, usize) -> u8) -> Self {
        let values = (0..width * height).map(|pixel| value(pixel / width, pixel % width));
        Self {
            width,
            height,
            values: values.collect(),
        }
    }

    /// The value between pixels; black beyond the edges.
    pub(crate) fn at(&self, row: f32, column: f32) -> f32 {
        let pixel = |row: f32, column: f32| {
            let inside = row >= 0.0
                && column >= 0.0
                && row < self.height as f32
                && column < self.width as f32;
            if inside {
                f32::from(self.values[row as usize * self.width + column as usize])
            } else {
                0.0
            }
        };
        let (top, left) = (row.floor(), column.floor());
        let (down, right) = (row - top, column - left);
        let line = |row: f32| pixel(row, left) * (1.0 - right) + pixel(row, left + 1.0) * right;
        line(top) * (1.0 - down) + line(top + 1.0) * down
    }

    /// At another size.
    pub(crate) fn resized(&self, width: usize, height: usize) -> Self {
        let scale = |place: usize, from: usize, to: usize| {
            (place as f32 + 0.5) * from as f32 / to as f32 - 0.5
        };
        Self::of(width, height, |row, column| {
            self.at(
                scale(row, self.height, height),
                scale(column, self.width, width),
            )
            .round() as u8
        })
    }

    /// Dark where it was bright.
    pub(crate) fn inverted(&self) -> Self {
        let values = self.values.iter().map(|value| 255 - value);
        Self {
            values: values.collect(),
            ..*self
        }
    }

    /// As a PNG, each pixel written by the function.
    pub(crate) fn png_of(
        &self,
        color: png::ColorType,
        depth: png::BitDepth,
        pixel: impl Fn(u8) -> Vec<u8>,
    ) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width as u32, self.height as u32);
        encoder.set_color(color);
        encoder.set_depth(depth);
        let mut writer = encoder.write_header().unwrap();
        let data: Vec<u8> = self.values.iter().flat_map(|value| pixel(*value)).collect();
        writer.write_image_data(&data).unwrap();
        writer.finish().unwrap();
        bytes
    }

    pub(crate) fn png(&self) -> Vec<u8> {
        self.png_of(png::ColorType::Grayscale, png::BitDepth::Eight, |value| {
            vec![value]
        })
    }
}

/// A line that stands or lies, bright on black, somewhere on 20 × 20 pixels.
pub(crate) fn line(lies: bool, number: usize) -> Sheet {
    let (place, begin) = (4 + number % 9, 2 + number % 5);
    Sheet::of(20, 20, |row, column| {
        let (along, across) = if lies { (column, row) } else { (row, column) };
        let lit = (begin..begin + 11 + number % 3).contains(&along)
            && (place..place + 2).contains(&across);
        if lit { 255 } else { 0 }
    })
}

pub(crate) fn archive(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub(crate) fn lines() -> Vec<(String, Vec<u8>)> {
    let of = |lies: bool, name: &str| {
        let name = name.to_owned();
        (0..30).map(move |number| {
            (
                format!("lines/{name}/{number}.png"),
                line(lies, number).png(),
            )
        })
    };
    of(true, "lying").chain(of(false, "standing")).collect()
}

/// A model of lines, trained.
pub(crate) async fn model(app: &TestApp, person: &Person) -> String {
    let dataset = app
        .upload(person, "lines.zip", archive(&lines()))
        .await
        .json();
    assert_eq!(dataset["status"], "ready", "{dataset}");
    assert_eq!(dataset["rows"], 60);
    assert_eq!(dataset["suggested_target"], "label");
    let request = json!({ "dataset_id": dataset["id"], "target": "label", "algorithm": "svm" });
    let model = app.train(person, request).await.json();
    assert_eq!(model["status"], "ready", "{model}");
    model["id"].as_str().unwrap().to_owned()
}

pub(crate) async fn ask(app: &TestApp, person: &Person, model: &str, bytes: Vec<u8>) -> Answer {
    let path = format!("/api/v1/models/{model}/pictures");
    app.post(&path).by(person).body(bytes).send().await
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_are_brought_learned_from_and_asked_about() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let model = model(&app, &ana).await;
    let dataset = app.get("/api/v1/datasets").by(&ana).send().await.json()["items"][0].clone();
    assert_eq!(dataset["format"], "pictures");
    let profile = format!(
        "/api/v1/datasets/{}/profile",
        dataset["id"].as_str().unwrap()
    );
    let profile = app.get(&profile).by(&ana).send().await.json();
    assert_eq!(
        profile["pictures"],
        json!({ "height": 20, "width": 20, "content": "ink" })
    );
    let label = profile["columns"].as_array().unwrap().last().unwrap();
    assert_eq!(label["top"].as_array().unwrap().len(), 2, "{label}");

    // As the body, as a part of a form, in base64 and as strokes; dark on bright and large is the same picture.
    let file = line(true, 3).resized(200, 200).inverted().png();
    let form = [
        b"--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.png\"\r\n\r\n"
            .as_slice(),
        &file,
        b"\r\n--edge--\r\n",
    ];
    let path = format!("/api/v1/models/{model}/pictures");
    let post = || app.post(&path).by(&ana);
    let strokes = json!({ "width": 280, "height": 280, "strokes": [[[60, 150], [220, 148]]] });
    let answers = [
        post().body(file.clone()).send().await,
        post()
            .header("content-type", "multipart/form-data; boundary=edge")
            .body(form.concat())
            .send()
            .await,
        post()
            .json(json!({ "image": STANDARD.encode(&file) }))
            .send()
            .await,
        post()
            .json(json!({ "image": format!("data:image/png;base64,{}", STANDARD.encode(&file)) }))
            .send()
            .await,
        post().json(json!({ "drawing": strokes })).send().await,
    ];
    let mut balance = 15 - 1;
    // Five tokens each: two are paid for, then the account is empty.
    for (number, answer) in answers.iter().enumerate() {
        if balance < 5 {
            answer.problem(402, "insufficient_tokens");
            continue;
        }
        assert_eq!(answer.status, StatusCode::OK, "{number}: {answer:?}");
        let answer = answer.json();
        balance -= 5;
        assert_eq!(
            (&answer["charged"], &answer["balance"]),
            (&json!(5), &json!(balance))
        );
        let prediction = &answer["prediction"];
        assert_eq!(prediction["value"], "lying", "{number}: {prediction}");
        assert_eq!(
            prediction["alternatives"][0]["confidence"],
            prediction["confidence"]
        );
        assert!(
            prediction["confidence"].as_f64().unwrap() > 0.8,
            "{prediction}"
        );
        let sum: f64 = prediction["alternatives"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["confidence"].as_f64().unwrap())
            .sum();
        assert!(
            (sum - 1.0).abs() < 1e-9,
            "two classes, two alternatives: {prediction}"
        );
        let seen = STANDARD
            .decode(prediction["seen"].as_str().unwrap())
            .unwrap();
        let seen =
            trainyard_images::decode(&seen, &trainyard_images::DecodeLimits::default()).unwrap();
        assert_eq!((seen.width(), seen.height()), (20, 20));
    }
    assert_eq!(app.balance(&ana).await, balance);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_parts_that_mattered_are_told_on_request() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let model = model(&app, &ana).await;
    let path = format!("/api/v1/models/{model}/pictures");
    let plain = ask(&app, &ana, &model, line(true, 3).png()).await.json();
    assert_eq!(plain["prediction"].get("explanation"), None, "{plain}");
    let call = app.post(&format!("{path}?explain=true")).by(&ana);
    let told = call.body(line(true, 3).png()).send().await.json();
    let prediction = &told["prediction"];
    assert_eq!(prediction["value"], "lying");
    assert_eq!(
        prediction["confidence"], plain["prediction"]["confidence"],
        "asking why changes nothing"
    );
    let effects = prediction["explanation"]["effects"].as_array().unwrap();
    assert_eq!(effects.len(), 7, "{prediction}");
    let effect = |row: usize, column: usize| effects[row][column].as_f64().unwrap();
    assert!(effects.iter().all(|row| row.as_array().unwrap().len() == 7));
    // The line lies across the middle of what the model sees; the corners are empty, and covering them changes nothing.
    for (row, column) in [(0, 0), (0, 6), (6, 0), (6, 6)] {
        assert_eq!(effect(row, column), 0.0, "{prediction}");
    }
    let middle = (0..7).map(|column| effect(3, column).abs()).sum::<f64>();
    assert!(middle > 0.01, "{prediction}");
}

#[tokio::test(flavor = "multi_thread")]
async fn guests_ask_a_model_of_pictures_by_its_link() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let model = model(&app, &ana).await;
    let path = format!("/api/v1/models/{model}");
    let call = app.call(axum::http::Method::PATCH, &path).by(&ana);
    let shared = call.json(json!({ "visibility": "guest" })).send().await;
    let slug = shared.json()["guest_slug"].as_str().unwrap().to_owned();
    let before = app.balance(&ana).await;
    let ask = |bytes: Vec<u8>| {
        let call = app.post(&format!("/api/v1/g/{slug}/pictures?explain=true"));
        call.body(bytes).send()
    };
    let answer = ask(line(false, 2).png()).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    let answer = answer.json();
    assert_eq!(answer["prediction"]["value"], "standing", "{answer}");
    assert!(answer["prediction"]["explanation"]["effects"].is_array());
    assert_eq!(app.balance(&ana).await, before - 5, "its owner pays");
    ask(b"7".to_vec()).await.problem(422, "unreadable_picture");
    assert_eq!(app.balance(&ana).await, before - 5);
    let missing = app.post("/api/v1/g/nobodys/pictures");
    let missing = missing.body(line(true, 1).png()).send().await;
    missing.problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_charges_a_picture_once() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let model = model(&app, &ana).await;
    let path = format!("/api/v1/models/{model}/pictures");
    let ask = |number| {
        let call = app.post(&path).by(&ana).header("idempotency-key", "one");
        call.body(line(false, number).png()).send()
    };
    let (first, again) = (ask(1).await, ask(1).await);
    assert_eq!(first.json(), again.json());
    assert_eq!(again.headers["idempotency-replayed"], "true");
    ask(2).await.problem(422, "idempotency_key_reused");
    assert_eq!(app.balance(&ana).await, 15 - 1 - 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_answered_costs_nothing() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let model = model(&app, &ana).await;
    let whole = line(true, 1).png();
    let mut claims = whole.clone();
    claims[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    // The header's checksum is that of the claim.
    let mut sum = flate2::Crc::new();
    sum.update(&claims[12..29]);
    claims[29..33].copy_from_slice(&sum.sum().to_be_bytes());
    let polyglot = [whole.clone(), archive(&[("a".to_owned(), b"b".to_vec())])].concat();
    let cases: [(&str, Vec<u8>, &str); 8] = [
        ("0 bytes", Vec::new(), "empty"),
        ("truncated", whole[..whole.len() / 2].to_vec(), "damaged"),
        ("60,000 × 60,000", claims, "too_many_pixels"),
        (
            "SVG",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
            "unknown_format",
        ),
        ("polyglot", polyglot, "two_files"),
        ("blank", Sheet::of(40, 40, |_, _| 200).png(), "blank"),
        ("an archive", archive(&lines()), "unknown_format"),
        ("a text", b"7".to_vec(), "unknown_format"),
    ];
    for (what, bytes, reason) in cases {
        let problem = ask(&app, &ana, &model, bytes)
            .await
            .problem(422, "unreadable_picture");
        assert_eq!(problem["reason"], reason, "{what}: {problem}");
    }
    ask(&app, &ana, &model, vec![0x89; (10 << 20) + 1])
        .await
        .problem(413, "payload_too_large");
    let path = format!("/api/v1/models/{model}/pictures");
    for (body, pointer) in [
        (json!({}), "/image"),
        (json!({ "image": "not base64!" }), "/image"),
        (
            json!({ "image": "aGk=", "drawing": { "width": 9, "height": 9, "strokes": [] } }),
            "/image",
        ),
        (json!({ "picture": "aGk=" }), "/picture"),
        (
            json!({ "drawing": { "width": 9, "strokes": [] } }),
            "/drawing/height",
        ),
    ] {
        let problem = app
            .post(&path)
            .by(&ana)
            .json(body)
            .send()
            .await
            .problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    for drawing in [
        json!({ "width": 0, "height": 9, "strokes": [] }),
        json!({ "width": 280, "height": 280, "strokes": [] }),
        json!({ "width": 280, "height": 280, "pen": 1000, "strokes": [[[1, 2], [3, 4]]] }),
    ] {
        let call = app.post(&path).by(&ana).json(json!({ "drawing": drawing }));
        call.send().await.problem(422, "unreadable_picture");
    }
    // A model of a table is asked with rows.
    let iris = app.sample(&ana, "iris").await;
    let request = json!({ "dataset_id": iris["id"], "target": "species", "algorithm": "knn" });
    let table = app.train(&ana, request).await.json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let problem = ask(&app, &ana, &table, whole)
        .await
        .problem(422, "validation");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("not on pictures"),
        "{problem}"
    );
    assert_eq!(app.balance(&ana).await, 15 - 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn archives_that_are_no_sets_of_pictures_are_said_to_be_none() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let picture = line(true, 1).png();
    let one = |name: &str, bytes: &[u8]| (name.to_owned(), bytes.to_vec());
    let nested = archive(&[one("a/1.png", &picture)]);
    type Files = Vec<(String, Vec<u8>)>;
    let cases: [(&str, Files, &str); 5] = [
        (
            "zip-slip",
            vec![one("a/1.png", &picture), one("../../etc/passwd", b"root")],
            "points outside",
        ),
        (
            "nested",
            vec![one("a/1.png", &picture), one("b/1.zip", &nested)],
            "an archive itself",
        ),
        (
            "bomb",
            vec![one("a/1.png", &picture), one("b/1.png", &vec![0; 40 << 20])],
            "unpacks to more than",
        ),
        (
            "no folders",
            vec![one("1.png", &picture), one("2.png", &picture)],
            "in no folder",
        ),
        (
            "no pictures",
            vec![one("a/1.png", b"x"), one("b/1.png", b"y")],
            "This is a text",
        ),
    ];
    for (what, files, words) in cases {
        let dataset = app.upload(&ana, "set.zip", archive(&files)).await.json();
        assert_eq!(dataset["status"], "failed", "{what}: {dataset}");
        let said = dataset["error"]["detail"].as_str().unwrap();
        assert!(said.contains(words), "{what}: {said}");
    }
    // What its end announces is refused while it is brought.
    let mut many = b"PK\x03\x04".to_vec();
    many.resize(200, 0);
    many.extend(b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff\0\0\0\0\0\0\0\0\0\0");
    let dataset = app.upload(&ana, "set.zip", many).await.json();
    assert_eq!(dataset["status"], "failed", "{dataset}");
    let mut millions = b"PK\x03\x04PK\x06\x06".to_vec();
    millions.extend([0; 28]);
    millions.extend(1_000_000_u64.to_le_bytes());
    millions.extend([0; 16]);
    millions.extend(b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff\0\0\0\0\0\0\0\0\0\0");
    let problem = app
        .upload(&ana, "set.zip", millions)
        .await
        .problem(422, "unreadable_picture");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("1000000 entries"),
        "{problem}"
    );
    app.upload(&ana, "set.zip", b"PK\x03\x04 and then nothing".to_vec())
        .await
        .problem(422, "unreadable_picture");
}

#[tokio::test(flavor = "multi_thread")]
async fn pixels_of_a_table_are_pictures_where_somebody_says_so() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let dataset = app.sample(&ana, "digits_8x8").await;
    let request = |height: usize| {
        json!({ "dataset_id": dataset["id"], "target": "digit", "algorithm": "logistic_regression",
            "pictures": { "height": height, "width": 8 } })
    };
    let problem = app.train(&ana, request(9)).await.problem(422, "validation");
    assert_eq!(problem["errors"][0]["pointer"], "/pictures", "{problem}");
    let model = app.train(&ana, request(8)).await.json();
    assert_eq!(model["status"], "ready", "{model}");
    let ask =
        json!({ "drawing": { "width": 100, "height": 100, "strokes": [[[50, 10], [50, 90]]] } });
    let path = format!("/api/v1/models/{}/pictures", model["id"].as_str().unwrap());
    let answer = app.post(&path).by(&ana).json(ask).send().await.json();
    assert_eq!(
        answer["prediction"]["alternatives"]
            .as_array()
            .map(Vec::len),
        Some(3),
        "{answer}"
    );
    let value = answer["prediction"]["value"].clone();
    assert_ne!(value, Value::Null);
}
