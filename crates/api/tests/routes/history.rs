//! How the loss fell while a model learned: told with the report, the same every time.

use serde_json::{Value, json};

use crate::app::{Person, TestApp};

async fn trained(app: &TestApp, ana: &Person, dataset: &Value, request: Value) -> (String, Value) {
    let mut whole = json!({ "dataset_id": dataset["id"] });
    let fields = request.as_object().unwrap().clone();
    whole.as_object_mut().unwrap().extend(fields);
    let model = app.train(ana, whole).await.json();
    assert_eq!(model["status"], "ready", "{model}");
    let path = format!("/api/v1/models/{}", model["id"].as_str().unwrap());
    let report = app.get(&format!("{path}/report")).by(ana).send().await;
    (path, report.json())
}

fn points(history: &Value) -> Vec<(u64, f64, Option<f64>)> {
    let points = history["points"].as_array().unwrap().iter();
    let one = |point: &Value| {
        let training = point["training"].as_f64().unwrap();
        (
            point["step"].as_u64().unwrap(),
            training,
            point["validation"].as_f64(),
        )
    };
    points.map(one).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn boosting_tells_its_loss_after_each_round() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let iris = app.sample(&ana, "iris").await;
    let request = json!({ "target": "species", "algorithm": "gradient_boosting", "params": { "n_estimators": 30 } });
    let (path, report) = trained(&app, &ana, &iris, request.clone()).await;
    let histories = &report["training_history"];
    assert_eq!(histories.as_array().unwrap().len(), 1, "{histories}");
    let history = &histories[0];
    for (field, expected) in [
        ("algorithm", json!("gradient_boosting")),
        ("title", json!("Gradient boosting")),
        ("step", json!("round")),
        ("loss", json!("log_loss")),
        ("steps", json!(30)),
        ("kept", json!(30)),
        ("training_rows", report["rows"]["train"].clone()),
        ("validation_rows", json!(0)),
    ] {
        assert_eq!(history[field], expected, "{field}: {history}");
    }
    let told = points(history);
    assert_eq!(told.len(), 30);
    assert!(
        told.windows(2).all(|pair| pair[1].1 < pair[0].1),
        "{told:?}"
    );
    assert!(told.iter().all(|(.., validation)| validation.is_none()));
    // Three classes of equal size begin near ln 3.
    assert!((0.5..3.0_f64.ln()).contains(&told[0].1), "{told:?}");

    let part = app.get(&format!("{path}/training-history")).by(&ana);
    assert_eq!(part.send().await.json()["training_history"], *histories);
    let (_, again) = trained(&app, &ana, &iris, request).await;
    assert_eq!(again["training_history"], *histories);
    let (path, report) = trained(&app, &ana, &iris, json!({ "target": "species", "algorithm": "random_forest", "params": { "n_estimators": 5 } })).await;
    assert!(report.get("training_history").is_none(), "{report}");
    let part = app.get(&format!("{path}/training-history")).by(&ana);
    part.send().await.problem(409, "not_ready");
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_held_back_have_a_loss_of_their_own() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let mut text = "x,noise,y\n".to_owned();
    for row in 0..600_u32 {
        let noise = row.wrapping_mul(2_654_435_761) >> 22;
        text.push_str(&format!(
            "{},{noise},{}\n",
            row % 30,
            (row % 30) * 7 + noise / 20
        ));
    }
    let table = app.upload(&ana, "noisy.csv", text).await.json();
    let request = json!({ "target": "y", "algorithm": "gradient_boosting", "params": {
        "n_estimators": 3000, "learning_rate": 0.02, "early_stopping": true, "n_iter_no_change": 20, "max_leaf_nodes": 4,
    } });
    let (_, report) = trained(&app, &ana, &table, request).await;
    let history = &report["training_history"][0];
    let told = points(history);
    let (steps, kept) = (
        history["steps"].as_u64().unwrap(),
        history["kept"].as_u64().unwrap(),
    );
    assert!(kept < steps && steps < 3000, "{history}");
    assert!((100..=200).contains(&told.len()), "{}", told.len());
    assert_eq!((told[0].0, told[told.len() - 1].0), (1, steps));
    assert!(told.windows(2).all(|pair| pair[0].0 < pair[1].0));
    assert_eq!(history["loss"], "mean_squared_error");
    let whole =
        history["training_rows"].as_u64().unwrap() + history["validation_rows"].as_u64().unwrap();
    assert_eq!(json!(whole), report["rows"]["train"]);
    // In the target's unit: the first round explains next to nothing of 30 steps of 7.
    assert!((2_000.0..6_000.0).contains(&told[0].1), "{told:?}");
    let best = told
        .iter()
        .filter_map(|point| point.2)
        .fold(f64::MAX, f64::min);
    assert!(
        told.iter().all(|point| point.2.is_some()) && best < 100.0,
        "{best}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn networks_tell_their_loss_after_each_epoch() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let iris = app.sample(&ana, "iris").await;
    for (target, loss) in [
        ("species", "log_loss"),
        ("petal_length_cm", "mean_squared_error"),
    ] {
        let request = json!({ "target": target, "algorithm": "neural_net", "params": { "epochs": 12, "early_stopping": true } });
        let (_, report) = trained(&app, &ana, &iris, request).await;
        let history = &report["training_history"][0];
        assert_eq!(
            (&history["step"], &history["loss"]),
            (&json!("epoch"), &json!(loss))
        );
        let told = points(history);
        assert_eq!(json!(told.len()), history["steps"], "{history}");
        let (first, last) = (told[0], told[told.len() - 1]);
        assert!(
            last.1 < first.1 && last.2.unwrap() < first.2.unwrap(),
            "{told:?}"
        );
    }
}
