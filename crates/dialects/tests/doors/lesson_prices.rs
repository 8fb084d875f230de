//! The lesson prices' contract, row by row, and its story.

mod people;
mod rows;

use serde_json::{Value, json};
use trainyard_dialects::DialectOptions;

use crate::app::{ADMIN, Door, TestApp, Texts, claims, data};

const BASE: &str = "/dialects/lesson-prices";

async fn join(door: Door<'_>, name: &str) -> String {
    let body = json!({ "username": name, "password": "secret" });
    door.post("/auth/signup")
        .json(body)
        .gives(200, json!({ "username": name, "tokens": 0 }))
        .await;
    log_in(door, name, "secret").await
}

async fn log_in(door: Door<'_>, name: &str, password: &str) -> String {
    let body = json!({ "username": name, "password": password });
    let answer = door.post("/auth/login").json(body).send().await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json()["token_type"], "bearer");
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

async fn balance(door: Door<'_>, token: &str) -> i64 {
    let answer = door.get("/auth/tokens").bearer(token).send().await;
    answer.json()["tokens"].as_i64().unwrap()
}

/// An administrator gives tokens, as the canonical API does it.
async fn give(app: &TestApp, name: &str, tokens: i64) {
    let root = app.administrator().await;
    let call = app.call("GET", "/api/v1/admin/users").bearer(&root);
    let users = call.send().await.json();
    let items = users["items"].as_array().unwrap();
    let user = items.iter().find(|user| user["user_name"] == name).unwrap();
    let path = format!(
        "/api/v1/admin/users/{}/tokens",
        user["id"].as_str().unwrap()
    );
    let body = json!({ "tokens": tokens, "reason": "lessons" });
    let answer = app
        .call("POST", &path)
        .bearer(&root)
        .json(body)
        .send()
        .await;
    assert!(answer.status < 300, "{}", answer.text());
}

fn lesson() -> Value {
    json!({
        "subject": "math", "student_level": "high_school", "lesson_minutes": 60,
        "teacher_experience_years": 5, "is_online": "yes", "city": "Tel Aviv",
    })
}

#[tokio::test]
async fn the_story_with_the_published_figures() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let token = join(door, "dana").await;
    let lessons = data("private_lessons.csv");
    let train = |name: &str, params: &str| {
        let call = door.post("/training/train").bearer(&token);
        let mut texts = vec![("model_name", name)];
        if !params.is_empty() {
            texts.push(("model_params", params));
        }
        call.multipart(&texts, &[("file", "private_lessons.csv", &lessons)])
    };
    train("linear", "")
        .refuses(403, "Not enough tokens for this action.")
        .await;
    give(&app, "dana", 20).await;
    let answer = train("linear", "").send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    assert_eq!(body["status"], "success");
    assert_eq!(
        body["message"],
        "Model was trained successfully and is ready for predictions."
    );
    let info = &body["model_info"];
    assert_eq!(
        info["metrics"],
        json!({ "r2": 0.96, "mae": 5.17, "mse": 52.83, "rmse": 7.27 })
    );
    assert_eq!(info["model_name"], "linear");
    assert_eq!(info["model_type"], "LinearRegression");
    assert_eq!(info["n_samples"], 100);
    assert_eq!(info["label_column"], "lesson_price");
    assert_eq!(
        info["features_used"],
        json!([
            "subject",
            "student_level",
            "lesson_minutes",
            "teacher_experience_years",
            "is_online",
            "city",
        ])
    );
    assert_eq!(
        info["numerical_columns"],
        json!(["lesson_minutes", "teacher_experience_years"])
    );
    assert_eq!(
        info["categorical_columns"],
        json!(["subject", "student_level", "is_online", "city"])
    );
    let id = info["model_id"].as_i64().unwrap();
    assert_eq!(info["model_path"], format!("saved_models/linear_{id}"));
    let trained_at = info["trained_at"].as_str().unwrap();
    assert!(
        trained_at.as_bytes()[10] == b'T' && !trained_at.contains('+'),
        "{trained_at}"
    );
    assert_eq!(balance(door, &token).await, 19);

    let ask = |name: &str, row: Value| {
        let call = door.post(&format!("/models/predict/{name}")).bearer(&token);
        call.json(json!({ "data": row }))
    };
    let answer = json!({ "model_name": "linear", "model_id": id, "prediction": 163.04 });
    ask("linear", lesson()).gives(200, answer.clone()).await;
    let mut texts = lesson();
    texts["lesson_minutes"] = json!("60");
    ask("linear", texts).gives(200, answer).await;
    assert_eq!(balance(door, &token).await, 9);
    // What fails costs nothing.
    ask("forest", lesson())
        .refuses(404, "No model found for name 'forest'")
        .await;
    let mut less = lesson();
    less.as_object_mut().unwrap().remove("city");
    let answer = ask("linear", less).send().await;
    assert_eq!(answer.status, 400);
    assert!(
        answer.json()["detail"]
            .as_str()
            .unwrap()
            .starts_with("Prediction failed: ")
    );
    let answer = door
        .post("/models/predict/linear")
        .bearer(&token)
        .json(json!({}))
        .send()
        .await;
    assert_eq!(answer.status, 422);
    assert_eq!(balance(door, &token).await, 9);
    // A town nobody knows is no reason to fail.
    let mut elsewhere = lesson();
    elsewhere["city"] = json!("Atlantis");
    let answer = ask("linear", elsewhere).send().await;
    assert!(answer.json()["prediction"].is_f64(), "{}", answer.text());
    ask("linear", lesson())
        .refuses(403, "Not enough tokens for this action.")
        .await;

    for (name, params, class) in [
        (
            " Decision_Tree ",
            "{\"max_depth\": 4, \"random_state\": 1}",
            "DecisionTreeRegressor",
        ),
        (
            "random_forest",
            "{\"n_estimators\": 20, \"n_jobs\": -1}",
            "RandomForestRegressor",
        ),
    ] {
        let answer = train(name, params).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.json()["model_info"]["model_type"], class);
    }
    assert_eq!(balance(door, &token).await, 2);
    for path in ["/models", "/models/"] {
        let answer = door.get(path).bearer(&token).send().await.json();
        let models = answer["models"].as_array().unwrap();
        let names: Vec<&str> = models
            .iter()
            .map(|model| model["model_name"].as_str().unwrap())
            .collect();
        assert_eq!(names, ["linear", "Decision_Tree", "random_forest"]);
        assert_eq!(
            (&models[0]["r2"], &models[0]["mae"], &models[0]["mse"]),
            (&json!(0.96), &json!(5.17), &json!(52.83))
        );
        assert_eq!(models[0]["model_type"], "LinearRegression");
    }
}

#[tokio::test]
async fn several_for_one_price() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let token = join(door, "dana").await;
    give(&app, "dana", 2).await;
    let lessons = data("private_lessons.csv");
    let train = |names: &str| {
        let call = door.post("/training/train_multi").bearer(&token);
        call.multipart(&[("model_names", names)], &[("file", "x.csv", &lessons)])
    };
    train("linear")
        .refuses(400, "model_names must be a JSON list of strings")
        .await;
    train("[1]")
        .refuses(400, "model_names must be a JSON list of strings")
        .await;
    let answer = train("[\"nothing\"]").send().await;
    assert_eq!(
        answer.json(),
        json!({ "status": "success", "trained_models": [], "best_model": null })
    );
    assert_eq!(balance(door, &token).await, 2);
    let answer = train("[\"linear\", \"nothing\", \"decision_tree\"]")
        .send()
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    assert_eq!(
        body["trained_models"][0],
        json!({
            "model_name": "linear", "metrics": { "r2": 0.96, "mae": 5.17, "mse": 52.83, "rmse": 7.27 },
        })
    );
    assert_eq!(body["trained_models"].as_array().unwrap().len(), 2);
    let tree = body["trained_models"][1]["metrics"]["r2"].as_f64().unwrap();
    assert_eq!(
        body["best_model"],
        if tree > 0.96 {
            "decision_tree"
        } else {
            "linear"
        }
    );
    assert_eq!(balance(door, &token).await, 1);
}

#[tokio::test]
async fn what_train_refuses_in_its_words_and_for_nothing() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let token = join(door, "dana").await;
    give(&app, "dana", 5).await;
    let lessons = data("private_lessons.csv");
    let cases: &[(Texts<'_>, &[u8], &str)] = &[
        (
            &[("model_name", "linear")],
            b"",
            "Could not read CSV file: ",
        ),
        (
            &[("model_name", "linear")],
            b"\x00\x01\x02",
            "Could not read CSV file: ",
        ),
        (
            &[("model_name", "linear"), ("model_params", "{")],
            &lessons,
            "model_params must be valid JSON",
        ),
        (
            &[("model_name", "linear"), ("model_params", "[1]")],
            &lessons,
            "model_params must be valid JSON",
        ),
        (
            &[("model_name", "xgboost")],
            &lessons,
            "Unknown model name: xgboost",
        ),
        (
            &[("model_name", "linear")],
            b"a,b\n1,2\n3,4\n",
            "Missing required columns in dataset: ['subject', 'student_level', ",
        ),
        (
            &[
                ("model_name", "random_forest"),
                ("model_params", "{\"n_estimators\": -1}"),
            ],
            &lessons,
            "",
        ),
        (
            &[("model_name", "linear"), ("model_params", "{\"shoe\": 1}")],
            &lessons,
            "",
        ),
    ];
    for (texts, file, start) in cases {
        let call = door.post("/training/train").bearer(&token);
        let answer = call
            .multipart(texts, &[("file", "x.csv", file)])
            .send()
            .await;
        assert_eq!(answer.status, 400, "{texts:?}: {}", answer.text());
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.starts_with(start), "{detail}");
    }
    let call = door.post("/training/train").bearer(&token);
    let answer = call
        .multipart(&[("model_name", "linear")], &[])
        .send()
        .await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.json()["detail"][0]["loc"], json!(["body", "file"]));
    assert_eq!(balance(door, &token).await, 5);
}

#[tokio::test]
async fn two_people_and_an_administrator() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let dana = join(door, "dana").await;
    let eli = join(door, "eli").await;
    give(&app, "dana", 5).await;
    give(&app, "eli", 5).await;
    let lessons = data("private_lessons.csv");
    let call = door.post("/training/train").bearer(&dana);
    call.multipart(&[("model_name", "linear")], &[("file", "x.csv", &lessons)])
        .send()
        .await;
    door.get("/models/")
        .bearer(&eli)
        .gives(200, json!({ "models": [] }))
        .await;
    let call = door
        .post("/models/predict/linear")
        .bearer(&eli)
        .json(json!({ "data": lesson() }));
    call.refuses(404, "No model found for name 'linear'").await;
    assert_eq!(balance(door, &eli).await, 5);
    let root = log_in(door, ADMIN.0, ADMIN.1).await;
    let answer = door.get("/models/").bearer(&root).send().await.json();
    assert_eq!(answer["models"].as_array().unwrap().len(), 1);
}
