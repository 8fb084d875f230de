//! The token platform's contract, row by row, and its story.

mod figures;
mod people;
mod refusals;
mod remembered;
mod rows;

use serde_json::{Value, json};

use crate::app::{ADMIN, Door, TestApp, Texts, claims, data};

const BASE: &str = "/dialects/token-platform";

pub(crate) async fn join(door: Door<'_>, email: &str) -> String {
    let body = json!({ "email": email, "pwd": "secret" });
    let answer = door.post("/user/create").json(body).send().await;
    assert_eq!(answer.status, 200, "{answer:?}");
    log_in(door, email, "secret").await
}

async fn log_in(door: Door<'_>, email: &str, password: &str) -> String {
    let body = json!({ "email": email, "pwd": password });
    let answer = door.post("/user/login").json(body).send().await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

async fn balance(door: Door<'_>, token: &str) -> i64 {
    let answer = door.get("/user/tokens").bearer(token).send().await;
    answer.json()["tokens"].as_i64().unwrap()
}

/// Kind, a parameter and its value, file, features, and a row to ask about.
type Case<'a> = (&'a str, &'a str, &'a str, &'a [u8], &'a str, Value);

const EMPLOYEES: [(&str, &str); 4] = [
    ("model_type", "linear"),
    ("feature_cols", "[\"age\", \"salary\"]"),
    ("label_col", "bonus"),
    ("optional_params", "{\"fit_intercept\": true}"),
];

#[tokio::test]
async fn kinds_of_models() {
    let app = TestApp::start().await;
    let answer = json!({
        "knn": { "params": { "n_neighbors": "int", "weights": "str" } },
        "linear": { "params": { "fit_intercept": "bool" } },
        "logistic": { "params": { "C": "float", "max_iter": "int", "solver": "str" } },
        "random_forest": { "params": {
            "n_estimators": "int", "max_depth": "int", "min_samples_split": "int", "min_samples_leaf": "int",
        } },
    });
    app.door(BASE).get("/models").gives(200, answer).await;
}

#[tokio::test]
async fn the_story_with_the_published_figures() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let token = join(door, "ana@example.com").await;
    let employees = data("employees.csv");
    let call = door.post("/create").bearer(&token);
    let answer = call
        .multipart(&EMPLOYEES, &[("csv_file", "employees.csv", &employees)])
        .send()
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    let name = body["model_name"].as_str().unwrap().to_owned();
    let parts: Vec<&str> = name.split('_').collect();
    assert_eq!(parts[1], "linear");
    assert_eq!(
        (parts[2].len(), parts[3].len(), parts[4].len()),
        (8, 6, 6),
        "{name}"
    );
    let near = |value: &Value, wanted: f64, within: f64| {
        let value = value.as_f64().unwrap();
        assert!((value - wanted).abs() <= within, "{value} is not {wanted}");
    };
    near(&body["metrics"]["r2_score"], 0.96669, 5e-6);
    near(&body["metrics"]["mean_squared_error"], 24_067.23, 5e-3);
    near(&body["metrics"]["mean_absolute_error"], 153.18, 5e-3);
    assert_eq!(body["tokens_deducted"], 1);
    assert_eq!(body["status"], "success");
    assert_eq!(body["file_path"], format!("saved_models/{name}"));
    assert_eq!(body["saved_location"], "server/train_models folder");
    assert_eq!(balance(door, &token).await, 14);

    door.get("/trained")
        .bearer(&token)
        .gives(200, json!([name]))
        .await;
    let answer = door
        .get(&format!("/trained/{name}"))
        .bearer(&token)
        .send()
        .await
        .json();
    assert_eq!(answer["model_name"], json!(name));
    assert_eq!(answer["model_type"], "linear");
    assert_eq!(answer["feature_cols"], json!(["age", "salary"]));
    let created = answer["created_at"].as_str().unwrap();
    assert!(
        created.ends_with("+00:00") && created.as_bytes()[10] == b' ',
        "{created}"
    );

    let ask = |features: Value| {
        door.post(&format!("/predict/{name}"))
            .bearer(&token)
            .json(json!({ "features": features }))
    };
    let answer = ask(json!({ "age": 30, "salary": 52000 }))
        .send()
        .await
        .json();
    near(&answer["prediction"], 4_377.73, 5e-3);
    assert_eq!(answer["tokens_deducted"], 5);
    assert_eq!(answer["status"], "success");
    assert_eq!(balance(door, &token).await, 9);
    // Numbers may be text, and what the model does not know is let alone.
    let answer = ask(json!({ "age": "30", "salary": "52000", "shoe": 44 }))
        .send()
        .await
        .json();
    near(&answer["prediction"], 4_377.73, 5e-3);
    // What fails costs nothing.
    for bad in [
        json!({ "age": 30 }),
        json!({ "age": null, "salary": 1 }),
        json!({ "age": "old", "salary": 1 }),
    ] {
        let answer = ask(bad.clone()).send().await;
        assert_eq!(answer.status, 400, "{bad}: {}", answer.text());
        assert!(
            answer.json()["detail"]
                .as_str()
                .unwrap()
                .starts_with("Prediction failed: ")
        );
    }
    let call = door.post(&format!("/predict/{name}")).bearer(&token);
    call.json(json!({}))
        .refuses(400, "Missing 'features' in request body")
        .await;
    assert_eq!(balance(door, &token).await, 4);
    ask(json!({ "age": 30, "salary": 1 }))
        .refuses(402, "Insufficient tokens. Required: 5, Available: 4")
        .await;

    // The same account signs in to the web app, and finds the model there.
    let login = json!({ "login": "ana@example.com", "password": "secret" });
    let answer = app
        .call("POST", "/api/v1/auth/login")
        .json(login)
        .send()
        .await;
    let session = answer.json()["access_token"].as_str().unwrap().to_owned();
    let answer = app
        .call("GET", "/api/v1/models")
        .bearer(&session)
        .send()
        .await
        .json();
    assert_eq!(answer["items"][0]["name"], json!(name));

    let gone =
        json!({ "status": "success", "message": format!("Model '{name}' deleted successfully") });
    let path = format!("/delete/{name}");
    door.call("DELETE", &path)
        .bearer(&token)
        .gives(200, gone)
        .await;
    let none = format!("Model '{name}' not found or you don't have access to it");
    door.call("DELETE", &path)
        .bearer(&token)
        .refuses(404, &none)
        .await;
    door.get("/trained")
        .bearer(&token)
        .gives(200, json!([]))
        .await;
    let illegal = "Invalid model name: contains illegal characters";
    door.get("/trained/a.b")
        .bearer(&token)
        .refuses(400, illegal)
        .await;
    door.call("DELETE", "/delete/..%2Fx")
        .bearer(&token)
        .refuses(400, illegal)
        .await;
    door.post("/predict/a%20b")
        .bearer(&token)
        .json(json!({ "features": {} }))
        .refuses(400, illegal)
        .await;
}

#[tokio::test]
async fn every_kind_trains_and_answers_with_numbers() {
    let app = TestApp::start().await;
    app.set(json!({ "dialect_token_platform_train": 0, "dialect_token_platform_predict": 0 }))
        .await;
    let door = app.door(BASE);
    let token = join(door, "ana@example.com").await;
    let decisions = data("user_decision.csv");
    let health = data("health_lifestyle.csv");
    let employees = data("employees.csv");
    let cases: [Case<'_>; 5] = [
        (
            "knn",
            "n_neighbors",
            "3",
            &decisions,
            "age,salary,years_experience",
            json!({ "age": 30, "salary": 35000, "years_experience": 5 }),
        ),
        (
            "logistic",
            "C",
            "0.5",
            &decisions,
            "age, salary",
            json!({ "age": 30, "salary": 35000 }),
        ),
        (
            "random_forest",
            "n_estimators",
            "20",
            &health,
            "[\"age\", \"bmi\"]",
            json!({ "age": 30, "bmi": 22.5 }),
        ),
        (
            "linear",
            "fit_intercept",
            "\"true\"",
            &health,
            "age,weekly_exercise_hours,bmi",
            json!({ "age": 30, "bmi": 22.5, "weekly_exercise_hours": 2 }),
        ),
        (
            "linear",
            "fit_intercept",
            "true",
            &employees,
            "age,city,hire_date",
            json!({ "age": 30, "city": "Chicago", "hire_date": 1_500_000_000 }),
        ),
    ];
    for (kind, param, value, file, features, row) in cases {
        let label = match file {
            file if file == decisions => "purchased",
            file if file == health => "healthy_lifestyle",
            _ => "bonus",
        };
        let params = format!("{{\"{param}\": {value}}}");
        let texts = [
            ("model_type", kind),
            ("feature_cols", features),
            ("label_col", label),
            ("optional_params", &params),
            ("train_percentage", "0.75"),
        ];
        let call = door.post("/create").bearer(&token);
        let answer = call
            .multipart(&texts, &[("csv_file", "x.csv", file)])
            .send()
            .await;
        assert_eq!(answer.status, 200, "{kind}: {}", answer.text());
        let body = answer.json();
        for metric in ["r2_score", "mean_squared_error", "mean_absolute_error"] {
            assert!(body["metrics"][metric].is_f64(), "{kind}: {body}");
        }
        let name = body["model_name"].as_str().unwrap();
        let call = door.post(&format!("/predict/{name}")).bearer(&token);
        let answer = call.json(json!({ "features": row })).send().await;
        assert_eq!(answer.status, 200, "{kind}: {}", answer.text());
        assert!(
            answer.json()["prediction"].is_f64(),
            "{kind}: {}",
            answer.text()
        );
        if features.contains("city") {
            let mut unknown = row.clone();
            unknown["city"] = json!("Atlantis");
            let call = door.post(&format!("/predict/{name}")).bearer(&token);
            let answer = call.json(json!({ "features": unknown })).send().await;
            assert_eq!(answer.status, 400, "{}", answer.text());
            let mut text = row;
            text["hire_date"] = json!("2019-05-14");
            let call = door.post(&format!("/predict/{name}")).bearer(&token);
            let answer = call.json(json!({ "features": text })).send().await;
            assert_eq!(answer.status, 400, "{}", answer.text());
        }
    }
}

#[tokio::test]
async fn two_people_do_not_see_each_other() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let ana = join(door, "ana@example.com").await;
    let bob = join(door, "bob@example.com").await;
    let employees = data("employees.csv");
    let call = door.post("/create").bearer(&ana);
    let answer = call
        .multipart(&EMPLOYEES, &[("csv_file", "x.csv", &employees)])
        .send()
        .await;
    let name = answer.json()["model_name"].as_str().unwrap().to_owned();
    door.get("/trained")
        .bearer(&bob)
        .gives(200, json!([]))
        .await;
    let none = format!("Model '{name}' not found or you don't have access to it");
    door.get(&format!("/trained/{name}"))
        .bearer(&bob)
        .refuses(404, &none)
        .await;
    door.call("DELETE", &format!("/delete/{name}"))
        .bearer(&bob)
        .refuses(404, &none)
        .await;
    let row = json!({ "features": { "age": 30, "salary": 52000 } });
    door.post(&format!("/predict/{name}"))
        .bearer(&bob)
        .json(row)
        .refuses(404, &none)
        .await;
    assert_eq!(balance(door, &bob).await, 15);
    door.get("/trained")
        .bearer(&ana)
        .gives(200, json!([name]))
        .await;
}
