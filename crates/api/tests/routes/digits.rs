//! Handwritten digits out of the box: a first start, the wait for its model, and who may ask it what.

use std::io::Read;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use png::{BitDepth, ColorType};
use serde_json::{Value, json};

use crate::app::{Person, TestApp};
use crate::pictures::Sheet;

/// The files of an archive of this crate or of the samples.
fn unpacked(path: &str) -> impl FnMut(&str) -> Vec<u8> + use<> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    move |name| {
        let mut bytes = Vec::new();
        zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    }
}

/// Digits of the set that comes with the program, one of each.
fn digits() -> Vec<(String, Sheet)> {
    let mut read = unpacked("../platform/samples/digits.zip");
    let (pictures, labels) = (read("pictures-idx3-ubyte"), read("labels-idx1-ubyte"));
    let of = |digit: u8| {
        let place = labels[8..]
            .iter()
            .position(|label| *label == digit)
            .unwrap();
        let sheet = Sheet {
            width: 28,
            height: 28,
            values: pictures[16 + place * 784..][..784].to_vec(),
        };
        (digit.to_string(), sheet)
    };
    (0..10).map(of).collect()
}

/// On a larger black ground, from here.
fn placed(sheet: &Sheet, width: usize, height: usize, left: usize, top: usize) -> Sheet {
    Sheet::of(width, height, |row, column| {
        let inside = row.checked_sub(top).zip(column.checked_sub(left));
        let inside = inside.filter(|(row, column)| *row < sheet.height && *column < sheet.width);
        inside.map_or(0, |(row, column)| sheet.values[row * sheet.width + column])
    })
}

/// Turned about its middle, by degrees, four times as large.
fn turned(sheet: &Sheet, degrees: f32) -> Sheet {
    let (sine, cosine) = degrees.to_radians().sin_cos();
    let large = sheet.resized(112, 112);
    Sheet::of(112, 112, |row, column| {
        let (x, y) = (column as f32 - 55.5, row as f32 - 55.5);
        large.at(cosine * y - sine * x + 55.5, cosine * x + sine * y + 55.5) as u8
    })
}

/// Every pixel the brightest or darkest around it, four times as large.
fn spread(sheet: &Sheet, reach: isize, brightest: bool) -> Sheet {
    let large = sheet.resized(112, 112);
    Sheet::of(112, 112, |row, column| {
        let around =
            (-reach..=reach).flat_map(|down| (-reach..=reach).map(move |right| (down, right)));
        let near = around.filter(|(down, right)| down * down + right * right <= reach * reach);
        let values = near.map(|(down, right)| {
            let row = row.checked_add_signed(down).filter(|row| *row < 112);
            let column = column
                .checked_add_signed(right)
                .filter(|column| *column < 112);
            row.zip(column)
                .map_or(0, |(row, column)| large.values[row * 112 + column])
        });
        if brightest {
            values.max()
        } else {
            values.min()
        }
        .unwrap()
    })
}

/// A photograph of 2,000 pixels: dark ink on paper in uneven light, with grain, and wide margins.
fn photograph(sheet: &Sheet) -> Sheet {
    let large = placed(&sheet.resized(700, 700), 2000, 1500, 900, 300);
    Sheet::of(2000, 1500, |row, column| {
        let light = 150.0 + 60.0 * column as f32 / 2000.0 + 30.0 * row as f32 / 1500.0;
        let grain =
            ((column as u32).wrapping_mul(2_654_435_761) ^ (row as u32).wrapping_mul(40_503)) >> 7;
        let ink = f32::from(large.values[row * 2000 + column]) / 255.0;
        (light * (1.0 - 0.7 * ink) + (grain % 11) as f32 - 5.0) as u8
    })
}

/// The same digit in twelve disguises.
fn disguises(sheet: &Sheet, poor: Vec<u8>) -> Vec<(&'static str, Vec<u8>)> {
    let dark = sheet.inverted();
    vec![
        ("as it is", sheet.png()),
        ("JPEG of quality 30", poor),
        ("inverted", dark.png()),
        (
            "16 bits",
            sheet.png_of(ColorType::Grayscale, BitDepth::Sixteen, |value| {
                vec![value; 2]
            }),
        ),
        (
            "in colour",
            dark.png_of(ColorType::Rgb, BitDepth::Eight, |value| {
                vec![value, value / 2 + 60, 128]
            }),
        ),
        ("a photograph", photograph(sheet).png()),
        ("turned right", turned(sheet, 10.0).png()),
        ("turned left", turned(sheet, -10.0).png()),
        ("thin", spread(sheet, 3, false).png()),
        ("thick", spread(sheet, 4, true).png()),
        ("off its centre", placed(sheet, 90, 60, 55, 2).png()),
        ("small", placed(&sheet.resized(20, 20), 40, 40, 3, 15).png()),
    ]
}

async fn status(app: &TestApp) -> Value {
    let answer = app.get("/api/v1/digits").send().await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.json()
}

async fn ready(app: &TestApp) -> Value {
    for _ in 0..3_000 {
        let status = status(app).await;
        match status["status"].as_str().unwrap() {
            "preparing" => tokio::time::sleep(Duration::from_millis(100)).await,
            "ready" => return status,
            _ => panic!("{status}"),
        }
    }
    panic!("the model of digits does not become ready");
}

async fn set(app: &TestApp, admin: &Person, settings: Value) {
    let call = app.call(Method::PATCH, "/api/v1/admin/settings").by(admin);
    assert_eq!(call.json(settings).send().await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_model_of_digits_the_answer_says_so() {
    let app = TestApp::empty().await;
    app.set_up().await;
    assert_eq!(status(&app).await["status"], "off");
    let ana = app.register("ana").await;
    for call in [
        app.post("/api/v1/digits/predictions").by(&ana),
        app.post("/api/v1/digits/guest-predictions"),
    ] {
        let problem = call
            .body(digits()[0].1.png())
            .send()
            .await
            .problem(409, "not_ready");
        assert!(
            problem["detail"]
                .as_str()
                .unwrap()
                .contains("without a model of digits"),
            "{problem}"
        );
    }
    assert_eq!(app.balance(&ana).await, 15);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_trains_a_model_that_reads_any_hand() {
    let app = TestApp::with(|options| {
        options.digits = true;
        options.threads = 2;
    })
    .await;
    let admin = app.set_up().await;
    let ana = app.register("ana").await;
    set(
        &app,
        &admin,
        json!({ "price_predict": 1, "rate_guests": 0 }),
    )
    .await;

    // Everything else answers at once; digits say how far they are.
    let digits = digits();
    let seven = digits[7].1.png();
    let early = app
        .post("/api/v1/digits/predictions")
        .by(&ana)
        .body(seven.clone())
        .send()
        .await;
    let problem = early.problem(503, "unavailable");
    assert!(problem["progress"].is_object(), "{problem}");
    assert_eq!(early.headers["retry-after"], "5");
    assert_eq!(status(&app).await["status"], "preparing");

    let ready = ready(&app).await;
    assert_eq!(ready["model"]["algorithm"], "svm", "{ready}");
    assert_eq!(ready["guests"], true);
    assert_eq!(
        app.balance(&ana).await,
        15,
        "nothing was charged while it was trained"
    );

    // A picture, charged and recorded; by strokes as well.
    let read = async |body: Vec<u8>| {
        app.post("/api/v1/digits/predictions")
            .by(&ana)
            .body(body)
            .send()
            .await
    };
    let answer = read(seven.clone()).await.json();
    assert_eq!(
        (
            &answer["prediction"]["value"],
            &answer["charged"],
            &answer["balance"]
        ),
        (&json!("7"), &json!(1), &json!(14))
    );
    assert_eq!(
        answer["prediction"]["alternatives"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
    let strokes = json!({ "drawing": { "width": 280, "height": 280, "strokes": [
        [[90, 60], [190, 60], [130, 220]]
    ] } });
    let drawn = app
        .post("/api/v1/digits/predictions")
        .by(&ana)
        .json(strokes)
        .send()
        .await
        .json();
    assert_eq!(drawn["prediction"]["value"], "7", "{drawn}");

    // The same digit in twelve disguises is the same digit.
    let mut wrong = Vec::new();
    let mut asked = 0;
    let mut poor = unpacked("tests/fixtures/digits_jpeg_30.zip");
    for (digit, picture) in &digits {
        for (disguise, bytes) in disguises(picture, poor(&format!("{digit}.jpg"))) {
            let answer = app
                .post("/api/v1/digits/guest-predictions")
                .body(bytes)
                .send()
                .await;
            assert_eq!(
                answer.status,
                StatusCode::OK,
                "{digit} {disguise}: {answer:?}"
            );
            let prediction = answer.json()["prediction"].clone();
            asked += 1;
            if prediction["value"] != json!(digit) {
                wrong.push(format!(
                    "{digit} {disguise}: {} {}",
                    prediction["value"], prediction["confidence"]
                ));
            }
        }
    }
    assert_eq!(asked, 120);
    assert!(wrong.is_empty(), "{wrong:#?}");

    // Guests: as many a day as an administrator says, and nobody pays.
    let guest = || {
        app.post("/api/v1/digits/guest-predictions")
            .body(seven.clone())
    };
    set(&app, &admin, json!({ "digits_guest_calls": 121 })).await;
    assert_eq!(guest().send().await.status, StatusCode::OK);
    guest().send().await.problem(429, "too_many_requests");
    set(&app, &admin, json!({ "digits_guest_calls": 0 })).await;
    guest().send().await.problem(401, "unauthenticated");
    assert_eq!(status(&app).await["guests"], false);
    set(
        &app,
        &admin,
        json!({ "digits_guest_calls": 1000, "guest_access": false }),
    )
    .await;
    guest().send().await.problem(401, "unauthenticated");

    // Another model beside it, chosen by the administrator and by nobody else.
    app.get("/api/v1/admin/digits/models")
        .by(&ana)
        .send()
        .await
        .problem(403, "forbidden");
    let train = |who: &Person, algorithm: &str| {
        app.post("/api/v1/admin/digits/models")
            .by(who)
            .json(json!({ "algorithm": algorithm }))
            .send()
    };
    train(&ana, "svm").await.problem(403, "forbidden");
    train(&admin, "gradient_boosting")
        .await
        .problem(422, "validation");
    let odd = app
        .post("/api/v1/admin/digits/models")
        .by(&admin)
        .json(json!({ "algorithm": "knn", "params": { "n_neighbors": 0 } }))
        .send()
        .await
        .problem(422, "validation");
    assert_eq!(odd["errors"][0]["pointer"], "/params/n_neighbors", "{odd}");
    let other = train(&admin, "knn").await;
    assert_eq!(other.status, StatusCode::ACCEPTED, "{other:?}");
    let other = other.json();
    train(&admin, "knn").await.problem(409, "not_ready");
    let choose = |who: &Person, id: &Value| {
        app.call(Method::PATCH, "/api/v1/admin/digits")
            .by(who)
            .json(json!({ "model_id": id }))
            .send()
    };
    choose(&admin, &other["id"]).await.problem(409, "not_ready");
    let mut models = Value::Null;
    for _ in 0..1_200 {
        models = app
            .get("/api/v1/admin/digits/models")
            .by(&admin)
            .send()
            .await
            .json();
        if models["items"][0]["status"] == "ready" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(models["items"].as_array().unwrap().len(), 2, "{models}");
    assert_eq!(models["items"][0]["id"], other["id"], "{models}");
    assert_eq!(
        status(&app).await["model"]["algorithm"],
        "svm",
        "the first one goes on answering"
    );
    choose(&ana, &other["id"]).await.problem(403, "forbidden");
    choose(&admin, &json!(uuid::Uuid::nil()))
        .await
        .problem(404, "not_found");
    // Of two who choose, whoever saw the one that answered before is told.
    let seen = app.get("/api/v1/digits").send().await;
    let seen = seen.headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(
        choose(&admin, &other["id"]).await.json()["model"]["algorithm"],
        "knn"
    );
    let late = app.call(Method::PATCH, "/api/v1/admin/digits").by(&admin);
    let late = late.header("if-match", &seen);
    let late = late.json(json!({ "model_id": models["items"][1]["id"] }));
    late.send().await.problem(412, "precondition_failed");
    assert_eq!(read(seven).await.json()["prediction"]["value"], "7");

    // Whoever has an account sees the models among those shared; nobody may change them.
    let shared = app
        .get("/api/v1/models?whose=shared")
        .by(&ana)
        .send()
        .await
        .json();
    assert!(
        shared["items"]
            .as_array()
            .unwrap()
            .iter()
            .any(|model| model["name"] == "digits"),
        "{shared}"
    );
    let path = format!("/api/v1/models/{}", other["id"].as_str().unwrap());
    app.call(Method::DELETE, &path)
        .by(&ana)
        .send()
        .await
        .problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_was_interrupted_goes_on() {
    let app = TestApp::with(|options| options.digits = true).await;
    // The set is on its way, its model not yet.
    assert_eq!(status(&app).await["status"], "preparing");
    app.platform.stop().await;
    let folder = std::sync::Arc::into_inner(app.into_folder()).unwrap();
    let app = TestApp::on(folder, |options| {
        options.digits = true;
        options.threads = 2;
    })
    .await;
    let ready = ready(&app).await;
    assert_eq!(ready["model"]["version"], 1, "{ready}");
}
