//! The classifier hub's contract, row by row, and its story.

mod people;
mod refusals;
mod rows;

use serde_json::{Value, json};

use crate::app::{ADMIN, Door, TestApp, Texts, claims, data};

const BASE: &str = "/dialects/autoclassifier";
const IRISES: &[u8] = include_bytes!("../../../platform/samples/iris.csv");

async fn join(door: Door<'_>, name: &str) -> String {
    let body = json!({
        "username": name, "email": format!("{name}@example.com"), "name": name, "password": "secret",
        "confirmPassword": "secret", "role": "admin",
    });
    let message = format!("User '{name}' registered successfully");
    door.post("/register")
        .json(body)
        .gives(201, json!({ "message": message }))
        .await;
    log_in(door, name, "secret").await
}

async fn log_in(door: Door<'_>, name: &str, password: &str) -> String {
    let call = door.post("/login").form(&[
        ("username", name),
        ("password", password),
        ("grant_type", "password"),
    ]);
    let answer = call.send().await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json()["token_type"], "bearer");
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

/// Trains a quick model of this name.
async fn fit(door: Door<'_>, token: &str, name: &str) -> Value {
    let heart = data("heart_disease.csv");
    let texts = [
        ("model_type", "LogisticRegression"),
        ("target", "target"),
        ("file_name", name),
    ];
    let call = door
        .post("/fit")
        .bearer(token)
        .multipart(&texts, &[("file", "heart.csv", &heart)]);
    let answer = call.send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

const HEART: [f64; 13] = [
    71.0, 0.0, 0.0, 112.0, 149.0, 0.0, 1.0, 125.0, 0.0, 1.6, 1.0, 0.0, 2.0,
];

#[tokio::test]
async fn the_story() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let token = join(door, "vera").await;
    let heart = data("heart_disease.csv");
    let row = json!({ "input_data": [HEART] });
    let not_loaded = "Model not trained or loaded yet";
    door.post("/predict")
        .bearer(&token)
        .json(row.clone())
        .refuses(400, not_loaded)
        .await;

    let params = "{\"penalty\":\"l2\",\"solver\":\"liblinear\",\"max_iter\":100,\"C\":1.0}";
    let texts = [
        ("model_type", " LogisticRegression "),
        ("target", "target"),
        ("params", params),
        ("test_size", "0.25"),
    ];
    let call = door
        .post("/fit/")
        .bearer(&token)
        .multipart(&texts, &[("file", "heart.csv", &heart)]);
    let answer = call.send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let accuracy = answer.json()["accuracy"].as_f64().unwrap();
    assert!((0.75..1.0).contains(&accuracy), "{accuracy}");
    let file = answer.json()["file_name"].as_str().unwrap().to_owned();
    assert!(
        file.starts_with("LogisticRegression_") && file.ends_with(".joblib"),
        "{file}"
    );
    let name = file.trim_end_matches(".joblib");

    let answer = json!({ "file_name": name, "predictions": [{ "index": 0, "value": 1 }] });
    door.post("/predict")
        .bearer(&token)
        .json(row)
        .gives(200, answer)
        .await;
    let row = json!({ "input_data": [HEART, HEART], "return_proba": true });
    let answer = door
        .post("/predict/")
        .bearer(&token)
        .json(row)
        .send()
        .await
        .json();
    let scores = answer["probabilities"][1]["scores"].as_array().unwrap();
    assert_eq!(scores.len(), 2);
    let sum: f64 = scores.iter().map(|score| score.as_f64().unwrap()).sum();
    assert!(
        (sum - 1.0).abs() < 1e-9 && scores[1].as_f64().unwrap() > 0.5,
        "{answer}"
    );
    // The placeholder of the old page shows objects, and the columns' order is what counts in a file.
    let text = String::from_utf8(heart.clone()).unwrap();
    let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let object: serde_json::Map<String, Value> = header
        .iter()
        .zip(HEART)
        .map(|(name, value)| ((*name).to_owned(), json!(value)))
        .collect();
    let answer = door
        .post("/predict")
        .bearer(&token)
        .json(json!({ "input_data": [object] }))
        .send()
        .await
        .json();
    assert_eq!(answer["predictions"][0]["value"], 1);
    let cells: Vec<String> = HEART.iter().map(f64::to_string).collect();
    let csv = format!(
        "{}\n{}\n{}\n",
        ["c"; 13].join(","),
        cells.join(","),
        cells.join(",")
    );
    let call = door.post("/predict-file?return_proba=false").bearer(&token);
    let answer = call
        .multipart(&[("name", "x")], &[("file", "rows.csv", csv.as_bytes())])
        .send()
        .await;
    assert_eq!(
        answer.json(),
        json!({
            "file_name": name, "predictions": [{ "index": 0, "value": 1 }, { "index": 1, "value": 1 }], "rows_predicted": 2,
        })
    );

    let listed = door.get("/list-models").bearer(&token).send().await.json();
    let model = listed["models"][0].clone();
    assert_eq!(
        model.as_object().unwrap().keys().collect::<Vec<_>>(),
        [
            "id",
            "user_id",
            "name",
            "model_type",
            "accuracy",
            "file_path",
            "created_at",
        ]
    );
    assert_eq!(model["file_path"], format!("saved_models/{file}"));
    assert_eq!(model["model_type"], "logisticregression");
    assert_eq!(model["accuracy"], json!(accuracy));
    let metadata = door
        .get(&format!("/model-metadata?file_name={name}"))
        .bearer(&token)
        .send()
        .await
        .json();
    assert_eq!(
        metadata["parameters"],
        json!({ "penalty": "l2", "solver": "liblinear", "max_iter": 100, "C": 1.0 })
    );
    assert_eq!(metadata["id"], model["id"]);

    fit(door, &token, "second").await;
    let load = |name: &str| {
        door.post("/load-model")
            .bearer(&token)
            .multipart(&[("file_name", name)], &[])
    };
    load(name)
        .gives(
            200,
            json!({ "message": format!("Model '{name}' loaded successfully.") }),
        )
        .await;
    let answer = door
        .post("/predict")
        .bearer(&token)
        .json(json!({ "input_data": [HEART] }))
        .send()
        .await
        .json();
    assert_eq!(answer["file_name"], name);
    load("nothing")
        .refuses(404, "Model metadata not found in DB")
        .await;
    let rename = |from: &str, to: &str| {
        door.call("PUT", "/rename-model")
            .bearer(&token)
            .form(&[("current_name", from), ("new_name", to)])
    };
    rename("second", name)
        .refuses(
            400,
            "A model with the new name already exists in the database.",
        )
        .await;
    rename("nothing", "x")
        .refuses(404, "Model not found in database.")
        .await;
    rename("second", "../../evil")
        .refuses(400, "Invalid filename.")
        .await;
    rename("second", "my heart")
        .gives(
            200,
            json!({ "message": "Model renamed to 'my heart' successfully." }),
        )
        .await;

    for (path, key) in [
        ("classification-report", "classes"),
        ("confusion-matrix", "matrix"),
        ("roc-curve", "curves"),
        ("feature-importance", "importance"),
    ] {
        let answer = door
            .get(&format!("/{path}?file_name={name}"))
            .bearer(&token)
            .send()
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert!(
            !answer.json()[key].as_array().unwrap().is_empty(),
            "{}",
            answer.text()
        );
    }
    let matrix = door
        .get(&format!("/confusion-matrix?file_name={name}"))
        .bearer(&token)
        .send()
        .await
        .json();
    let counted: i64 = matrix["matrix"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|row| row.as_array().unwrap())
        .map(|cell| cell.as_i64().unwrap())
        .sum();
    assert_eq!(counted, 254, "a quarter of the rows");
    fit(door, &token, "my heart").await;
    let versions = door
        .get("/model-versions?file_name=my%20heart")
        .bearer(&token)
        .send()
        .await
        .json();
    assert_eq!(versions["versions"].as_array().unwrap().len(), 2);
    let answer = door
        .get(&format!("/export-model?file_name={name}"))
        .bearer(&token)
        .send()
        .await;
    assert!(
        answer.header("content-disposition").ends_with(".tym\""),
        "{answer:?}"
    );

    let delete = |file: &str| {
        door.call("DELETE", &format!("/delete-model?file_name={file}"))
            .bearer(&token)
    };
    delete("..%2Fx.joblib")
        .gives(400, json!({ "error": "Invalid filename." }))
        .await;
    delete(name)
        .gives(400, json!({ "error": "Invalid filename." }))
        .await;
    delete("nothing.joblib")
        .gives(404, json!({ "error": "Model metadata not found in DB." }))
        .await;
    delete(&file)
        .gives(
            200,
            json!({ "message": format!("Model file '{file}' deleted successfully.") }),
        )
        .await;
    let all = |query: &str| {
        door.call("DELETE", &format!("/delete-all-models{query}"))
            .bearer(&token)
    };
    all("")
        .gives(
            400,
            json!({ "error": "Confirmation required. Set ?confirm=true to proceed." }),
        )
        .await;
    let answer = json!({ "message": "Deleted 1 model file(s).", "deleted_files": ["my heart.joblib"], "failed": [] });
    all("?confirm=true").gives(200, answer).await;
    door.post("/predict")
        .bearer(&token)
        .json(json!({ "input_data": [HEART] }))
        .refuses(400, not_loaded)
        .await;
    let missing = "Model metadata not found in the database.";
    door.get("/model-metadata?file_name=x")
        .bearer(&token)
        .refuses(404, missing)
        .await;
}

#[tokio::test]
async fn every_kind_and_words_as_targets() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let token = join(door, "vera").await;
    let heart = data("heart_disease.csv");
    let cases: [(Texts<'_>, &[u8], &str, Value); 4] = [
        (
            &[
                ("model_type", "randomforest"),
                ("target", "species"),
                (
                    "params",
                    "{\"n_estimators\":\"20\",\"max_depth\":5,\"min_samples_split\":2,\"min_samples_leaf\":1}",
                ),
            ],
            IRISES,
            ".joblib",
            json!("setosa"),
        ),
        (
            &[
                ("model_type", "logisticregression"),
                ("target", "species"),
                ("k_folds", "5"),
                (
                    "params",
                    "{\"penalty\":\"none\",\"solver\":\"lbfgs\",\"C\":\"\"}",
                ),
            ],
            IRISES,
            ".joblib",
            json!("setosa"),
        ),
        (
            &[
                ("model_type", "neuralnet"),
                ("target", "target"),
                (
                    "params",
                    "{\"hidden_layer_sizes\":[16,8],\"activation\":\"relu\",\"epochs\":5,\"batch_size\":32}",
                ),
            ],
            &heart,
            ".keras",
            Value::Null,
        ),
        (
            &[
                ("model_type", "neuralnet"),
                ("target", "target"),
                ("k_folds", "3"),
                ("params", "{\"hidden_layer_sizes\":[8],\"epochs\":\"3\"}"),
            ],
            &heart,
            ".keras",
            Value::Null,
        ),
    ];
    for (texts, file, ending, value) in cases {
        let call = door
            .post("/fit")
            .bearer(&token)
            .multipart(texts, &[("file", "x.csv", file)]);
        let answer = call.send().await;
        assert_eq!(answer.status, 200, "{texts:?}: {}", answer.text());
        assert!(
            answer.json()["file_name"]
                .as_str()
                .unwrap()
                .ends_with(ending)
        );
        let accuracy = answer.json()["accuracy"].as_f64().unwrap();
        assert!((0.4..=1.0).contains(&accuracy), "{texts:?}: {accuracy}");
        let row = if value.is_null() {
            json!([HEART])
        } else {
            json!([[5.1, 3.5, 1.4, 0.2]])
        };
        let answer = door
            .post("/predict")
            .bearer(&token)
            .json(json!({ "input_data": row }))
            .send()
            .await
            .json();
        if value.is_null() {
            assert!(answer["predictions"][0]["value"].is_i64(), "{answer}");
        } else {
            assert_eq!(answer["predictions"][0]["value"], value);
        }
    }
    // What folds found is what lists show.
    let models = door.get("/list-models").bearer(&token).send().await.json();
    assert!(
        models["models"]
            .as_array()
            .unwrap()
            .iter()
            .all(|model| model["accuracy"].is_f64()),
        "{models}"
    );
}
