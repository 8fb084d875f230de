//! Rows of the contract that the story passes by.

use super::*;

#[tokio::test]
async fn every_address_asks_who_it_is() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let token = join(door, "dana").await;
    let mut old = claims(&token);
    old["exp"] = json!(1_000_000_000);
    let key = jsonwebtoken::EncodingKey::from_secret(&app.secret);
    let header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256);
    let old = jsonwebtoken::encode(&header, &old, &key).unwrap();
    for (method, path) in [
        ("GET", "/auth/tokens"),
        ("POST", "/auth/add_tokens"),
        ("POST", "/training/train"),
        ("POST", "/training/train_multi"),
        ("GET", "/models"),
        ("POST", "/models/predict/linear"),
    ] {
        for path in [path.to_owned(), format!("{path}/")] {
            let answer = door
                .call(method, &path)
                .refuses(401, "Not authenticated")
                .await;
            assert_eq!(answer.header("www-authenticate"), "Bearer", "{path}");
            let call = door.call(method, &path).bearer(&old);
            call.refuses(401, "Invalid or expired token").await;
        }
    }
}

#[tokio::test]
async fn fields_that_are_missing() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let token = join(door, "dana").await;
    give(&app, "dana", 1).await;
    let missing = |name: &str, input: Value| json!({ "type": "missing", "loc": ["body", name], "msg": "Field required", "input": input });
    let empty = json!({});
    for (method, path, names) in [
        ("POST", "/auth/signup", &["username", "password"][..]),
        ("POST", "/auth/login", &["username", "password"]),
        ("DELETE", "/auth/remove_user", &["username", "password"]),
        ("POST", "/auth/add_tokens", &["amount"]),
        ("POST", "/models/predict/linear", &["data"]),
    ] {
        let issues: Vec<Value> = names
            .iter()
            .map(|name| missing(name, empty.clone()))
            .collect();
        let call = door.call(method, path).bearer(&token).json(empty.clone());
        call.gives(422, json!({ "detail": issues })).await;
    }
    for (path, name) in [
        ("/training/train", "model_name"),
        ("/training/train_multi", "model_names"),
    ] {
        let issues = [missing("file", Value::Null), missing(name, Value::Null)];
        let call = door.post(path).bearer(&token).multipart(&[(name, "")], &[]);
        call.gives(422, json!({ "detail": issues })).await;
    }
    assert_eq!(balance(door, &token).await, 1);
}

#[tokio::test]
async fn who_has_no_tokens_is_told_before_anything_else() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let token = join(door, "dana").await;
    let short = "Not enough tokens for this action.";
    for (path, texts) in [
        ("/training/train", [("model_name", "nothing")]),
        ("/training/train_multi", [("model_names", "no list")]),
    ] {
        let call = door.post(path).bearer(&token);
        call.multipart(&texts, &[("file", "x.csv", b"")])
            .refuses(403, short)
            .await;
    }
}

#[tokio::test]
async fn prices_of_other_lessons_as_scikit_learn_has_them() {
    let app = TestApp::start().await;
    app.set(json!({ "dialect_lesson_prices_train": 0, "dialect_lesson_prices_predict": 0 }))
        .await;
    let door = app.door(BASE);
    let token = join(door, "dana").await;
    let lessons = data("private_lessons.csv");
    // Made with scikit-learn 1.9.1: `train_test_split(test_size=0.2, random_state=42)`, `OneHotEncoder(handle_unknown="ignore")`
    // on the four columns of words, the two numbers as they are, `LinearRegression`. What a word is worth that nobody knows
    // is what the solution of least norm leaves to the constant.
    let rows = [
        (json!({}), 163.04),
        (json!({ "city": "Haifa", "is_online": "no" }), 154.14),
        (
            json!({ "lesson_minutes": 90, "subject": "english" }),
            187.69,
        ),
        (json!({ "city": "Atlantis" }), 142.20),
        (json!({ "subject": "alchemy", "city": "Atlantis" }), 145.14),
    ];
    let train = |name: &str, params: &str| {
        let call = door.post("/training/train").bearer(&token);
        let texts = [("model_name", name), ("model_params", params)];
        call.multipart(&texts, &[("file", "x.csv", &lessons)])
    };
    // Nothing in the parameters is nothing.
    for params in [
        "",
        "null",
        "{}",
        "{\"fit_intercept\": true, \"copy_X\": true, \"n_jobs\": null}",
    ] {
        let answer = train("linear", params).send().await;
        assert_eq!(answer.status, 200, "{params}: {}", answer.text());
        let metrics = &answer.json()["model_info"]["metrics"];
        assert_eq!(
            *metrics,
            json!({ "r2": 0.96, "mae": 5.17, "mse": 52.83, "rmse": 7.27 })
        );
    }
    for (changes, wanted) in rows {
        let mut row = lesson();
        for (name, value) in changes.as_object().unwrap() {
            row[name] = value.clone();
        }
        let call = door.post("/models/predict/linear").bearer(&token);
        let answer = call.json(json!({ "data": row })).send().await.json();
        let given = answer["prediction"].as_f64().unwrap_or(f64::NAN);
        assert!((given - wanted).abs() < 0.000_1, "{changes}: {answer}");
    }
    // The newest of a name answers, and lists show it once.
    let first = door.get("/models").bearer(&token).send().await.json();
    let again = train("linear", "{\"fit_intercept\": false}")
        .send()
        .await
        .json();
    let call = door.post("/models/predict/linear").bearer(&token);
    let answer = call.json(json!({ "data": lesson() })).send().await.json();
    assert_eq!(answer["model_id"], again["model_info"]["model_id"]);
    assert_eq!(answer["prediction"], 163.04);
    let second = door.get("/models").bearer(&token).send().await.json();
    assert_eq!(
        first["models"].as_array().unwrap().len(),
        second["models"].as_array().unwrap().len()
    );
    let models = second["models"].as_array().unwrap();
    assert!(models.is_sorted_by_key(|model| model["model_id"].as_i64().unwrap()));
    let keys: Vec<&String> = models[0].as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "model_id",
            "model_name",
            "model_type",
            "trained_at",
            "r2",
            "mae",
            "mse"
        ]
    );
    // Names are kept as they were given, but for the space around them.
    let answer = train(" LINEAR ", "").send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let call = door.post("/models/predict/LINEAR").bearer(&token);
    let answer = call.json(json!({ "data": lesson() })).send().await;
    assert_eq!(
        (answer.status, &answer.json()["prediction"]),
        (200, &json!(163.04)),
        "{}",
        answer.text()
    );
    // Other columns on request.
    let call = door.post("/training/train").bearer(&token);
    let texts = [
        ("model_name", "linear"),
        ("features", "[\"lesson_minutes\", \"city\"]"),
    ];
    let answer = call
        .multipart(&texts, &[("file", "x.csv", &lessons)])
        .send()
        .await
        .json();
    assert_eq!(
        answer["model_info"]["features_used"],
        json!(["lesson_minutes", "city"])
    );
    for wanted in ["[]", "[1]", "{}", "[\"lesson_price\"]", "[\"nothing\"]"] {
        let call = door.post("/training/train").bearer(&token);
        let texts = [("model_name", "linear"), ("features", wanted)];
        let answer = call
            .multipart(&texts, &[("file", "x.csv", &lessons)])
            .send()
            .await;
        assert_eq!(answer.status, 400, "{wanted}: {}", answer.text());
    }
}

#[tokio::test]
async fn what_is_asked_with_odd_values_is_paid_only_when_answered() {
    let app = TestApp::start().await;
    app.set(json!({ "dialect_lesson_prices_predict": 1 })).await;
    let door = app.door(BASE);
    let token = join(door, "dana").await;
    give(&app, "dana", 1_001).await;
    let lessons = data("private_lessons.csv");
    let call = door.post("/training/train").bearer(&token);
    let call = call.multipart(&[("model_name", "linear")], &[("file", "x.csv", &lessons)]);
    assert_eq!(call.send().await.status, 200);
    let mut left = 1_000;
    let odd = [
        json!(1e308),
        json!(-1e308),
        json!(u64::MAX),
        json!("1e999"),
        json!("nan"),
        json!(true),
        json!([1]),
        json!({ "a": 1 }),
        json!(""),
        json!("a\u{0}"),
        Value::Null,
    ];
    for value in &odd {
        for name in ["lesson_minutes", "city", "is_online"] {
            let mut row = lesson();
            row[name] = value.clone();
            let call = door.post("/models/predict/linear").bearer(&token);
            let answer = call.json(json!({ "data": row })).send().await;
            if answer.status == 200 {
                assert!(
                    answer.json()["prediction"].is_number(),
                    "{row}: {}",
                    answer.text()
                );
                left -= 1;
            } else {
                assert_eq!(answer.status, 400, "{row}: {}", answer.text());
                let detail = answer.json()["detail"].as_str().unwrap().to_owned();
                assert!(detail.starts_with("Prediction failed: "), "{detail}");
            }
            assert_eq!(
                balance(door, &token).await,
                left,
                "{row}: {}",
                answer.text()
            );
        }
    }
}
