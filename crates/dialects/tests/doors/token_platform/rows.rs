//! Rows of the contract that the story passes by.

use super::*;

/// The texts of a good form with others in place of some.
fn changed<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut texts: Vec<(&str, &str)> = EMPLOYEES.to_vec();
    texts.retain(|(known, _)| *known != "optional_params");
    for (name, value) in changes {
        texts.retain(|(known, _)| known != name);
        texts.push((name, value));
    }
    texts
}

#[tokio::test]
async fn every_address_asks_who_it_is() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    for (method, path) in [
        ("GET", "/user/tokens"),
        ("POST", "/user/reset_password"),
        ("DELETE", "/user/remove_user"),
        ("GET", "/trained"),
        ("GET", "/trained/x"),
        ("POST", "/create"),
        ("POST", "/predict/x"),
        ("DELETE", "/delete/x"),
        ("GET", "/admin/users"),
        ("POST", "/admin/users/1/tokens"),
        ("POST", "/admin/users/1/reset_password"),
        ("DELETE", "/admin/users/1"),
    ] {
        for path in [path.to_owned(), format!("{path}/")] {
            let call = door.call(method, &path);
            let answer = call.refuses(401, "Not authenticated").await;
            assert_eq!(answer.header("www-authenticate"), "Bearer", "{path}");
            let call = door.call(method, &path).bearer("a.b.c");
            call.refuses(401, "Invalid token").await;
        }
    }
}

#[tokio::test]
async fn forms_and_their_defaults() {
    let app = TestApp::start().await;
    app.set(json!({ "dialect_token_platform_train": 0 })).await;
    let door = app.door(BASE);
    let token = join(door, "ana@example.com").await;
    let employees = data("employees.csv");
    let create = |texts: Vec<(&'static str, &'static str)>, file: &'static str| {
        let call = door.post("/create").bearer(&token);
        call.multipart(&texts, &[("csv_file", file, &employees)])
    };
    // Empty fields of a form are fields that were not filled in.
    let left = [
        ("train_percentage", ""),
        ("optional_params", ""),
        ("model_filename", ""),
    ];
    for texts in [changed(&[]), changed(&left)] {
        let answer = create(texts, "employees.csv").send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let mae = answer.json()["metrics"]["mean_absolute_error"].as_f64();
        assert!((mae.unwrap() - 153.180_914_513).abs() < 1e-6);
    }
    let answer = create(changed(&[("label_col", "")]), "x.csv").send().await;
    assert_eq!(answer.status, 422, "{}", answer.text());
    assert_eq!(
        answer.json()["detail"][0]["loc"],
        json!(["body", "label_col"])
    );
    // A field without a file is no file.
    create(changed(&[]), "")
        .refuses(400, "CSV file missing")
        .await;
    let call = door
        .post("/create")
        .bearer(&token)
        .multipart(&changed(&[("csv_file", "a,b")]), &[]);
    call.refuses(400, "CSV file missing").await;
    let answer = create(changed(&[("train_percentage", "most")]), "x.csv")
        .send()
        .await;
    assert_eq!(answer.json()["detail"][0]["type"], "float_parsing");
    // A depth of 0 is no limit, and the file's name does not matter.
    let forest = [
        ("model_type", "random_forest"),
        (
            "optional_params",
            "{\"n_estimators\": \"5\", \"max_depth\": 0, \"min_samples_leaf\": 1.0}",
        ),
    ];
    let answer = create(changed(&forest), "../../evil\u{1f980}.exe")
        .send()
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let large = vec![b'1'; (50 << 20) + 1];
    let call = door.post("/create").bearer(&token);
    let call = call.multipart(&changed(&[]), &[("csv_file", "x.csv", &large)]);
    call.refuses(400, "CSV file too large. Maximum size is 50MB")
        .await;
}

#[tokio::test]
async fn what_cannot_be_scored_is_neither_kept_nor_paid() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let token = join(door, "ana@example.com").await;
    let employees = data("employees.csv");
    let mut yes_no = String::from("age,salary,bonus,city\n");
    for row in 0..30 {
        yes_no.push_str(&format!(
            "{row},{},{},{}\n",
            row * 7 % 5,
            row % 3,
            if row % 4 < 2 { "yes" } else { "no" }
        ));
    }
    let cases: [(Texts<'_>, &[u8]); 5] = [
        // Classes that are words were trained, paid and kept, and then refused.
        (
            &[
                ("model_type", "logistic"),
                ("label_col", "city"),
                ("feature_cols", "age"),
            ],
            &employees,
        ),
        (
            &[
                ("model_type", "logistic"),
                ("label_col", "city"),
                ("feature_cols", "age"),
            ],
            yes_no.as_bytes(),
        ),
        (
            &[
                ("model_type", "linear"),
                ("label_col", "city"),
                ("feature_cols", "age"),
            ],
            yes_no.as_bytes(),
        ),
        (&[("train_percentage", "0.0001")], &employees),
        (
            &[
                ("model_type", "knn"),
                ("optional_params", "{\"n_neighbors\": 500}"),
            ],
            &employees,
        ),
    ];
    for (changes, file) in cases {
        let call = door.post("/create").bearer(&token);
        let call = call.multipart(&changed(changes), &[("csv_file", "x.csv", file)]);
        let answer = call.send().await;
        assert_eq!(answer.status, 400, "{changes:?}: {}", answer.text());
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        let start = ["Training failed: ", "Invalid model parameter: "];
        assert!(
            start.iter().any(|start| detail.starts_with(start)),
            "{detail}"
        );
    }
    door.get("/trained")
        .bearer(&token)
        .gives(200, json!([]))
        .await;
    assert_eq!(balance(door, &token).await, 15);
}

#[tokio::test]
async fn what_is_asked_with_odd_values_is_paid_only_when_answered() {
    let app = TestApp::start().await;
    app.set(json!({ "dialect_token_platform_predict": 1 }))
        .await;
    let door = app.door(BASE);
    let token = join(door, "ana@example.com").await;
    let root = log_in(door, ADMIN.0, ADMIN.1).await;
    let users = door.get("/admin/users").bearer(&root).send().await.json();
    let ana = users["users"]
        .as_array()
        .unwrap()
        .iter()
        .find(|user| user["is_admin"] == false);
    let path = format!("/admin/users/{}/tokens", ana.unwrap()["id"]);
    let body = json!({ "email": "ana@example.com", "credit_card": "", "amount": 985 });
    assert_eq!(
        door.post(&path)
            .bearer(&root)
            .json(body)
            .send()
            .await
            .status,
        200
    );
    let employees = data("employees.csv");
    let call = door.post("/create").bearer(&token);
    let texts = changed(&[("feature_cols", "age,city")]);
    let call = call.multipart(&texts, &[("csv_file", "x.csv", &employees)]);
    let name = call.send().await.json()["model_name"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut left = 999;
    let odd = [
        json!(1e308),
        json!(-1e308),
        json!(i64::MIN),
        json!(u64::MAX),
        json!("1e999"),
        json!("nan"),
        json!("inf"),
        json!(true),
        json!([1]),
        json!({ "a": 1 }),
        json!(""),
        json!(" 30 "),
        json!("0x10"),
        json!("2019-05-14"),
        json!("a\u{0}"),
        Value::Null,
    ];
    for value in &odd {
        for row in [
            json!({ "age": value, "city": "Chicago" }),
            json!({ "age": 30, "city": value }),
        ] {
            let call = door.post(&format!("/predict/{name}")).bearer(&token);
            let answer = call.json(json!({ "features": row })).send().await;
            if answer.status == 200 {
                assert!(
                    answer.json()["prediction"].is_f64(),
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
    for features in [json!([]), json!("age"), json!(1), json!({})] {
        let call = door.post(&format!("/predict/{name}")).bearer(&token);
        let answer = call.json(json!({ "features": features })).send().await;
        assert_eq!(answer.status, 400, "{}", answer.text());
    }
    let call = door.post(&format!("/predict/{name}")).bearer(&token);
    let answer = call
        .header("content-type", "application/json")
        .body("{\"features\": {")
        .send()
        .await;
    assert_eq!(
        (answer.status, &answer.json()["detail"][0]["type"]),
        (422, &json!("json_invalid"))
    );
    assert_eq!(balance(door, &token).await, left);
}

#[tokio::test]
async fn accounts_by_the_rows() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let token = join(door, "ana@example.com").await;
    let root = log_in(door, ADMIN.0, ADMIN.1).await;
    let short = json!({ "email": "ana@example.com", "new_password": "abc" });
    let call = door.post("/user/reset_password").bearer(&token).json(short);
    let answer = call.send().await;
    assert_eq!(
        (answer.status, &answer.json()["detail"][0]["type"]),
        (422, &json!("string_too_short"))
    );
    let remove = |body: Value| {
        door.call("DELETE", "/user/remove_user")
            .bearer(&root)
            .json(body)
    };
    let answer = remove(json!({})).send().await;
    assert_eq!(
        (answer.status, &answer.json()["detail"][0]["type"]),
        (422, &json!("missing"))
    );
    let answer = remove(json!({ "user_id": "two" })).send().await;
    assert_eq!(
        (answer.status, &answer.json()["detail"][0]["type"]),
        (422, &json!("int_parsing"))
    );
    remove(json!({ "user_id": 9_000_000_000_i64 }))
        .refuses(404, "User with ID 9000000000 not found")
        .await;
    // What administrators do for others names both, number and address.
    for path in [
        "/admin/users/4711/reset_password",
        "/admin/users/4711/tokens",
    ] {
        let body = |email: &str| json!({ "email": email, "new_password": "secret", "credit_card": "1", "amount": 1 });
        let call = door.post(path).bearer(&root).json(body("no@example.com"));
        call.refuses(404, "User with email no@example.com not found")
            .await;
        let call = door.post(path).bearer(&root).json(body("ana@example.com"));
        call.refuses(400, "Email ana@example.com does not match user ID 4711")
            .await;
        let answer = door
            .post(path)
            .bearer(&root)
            .json(json!({ "email": "ana" }))
            .send()
            .await;
        assert_eq!(
            (answer.status, &answer.json()["detail"][0]["loc"]),
            (422, &json!(["body", "email"]))
        );
    }
    let all = door
        .get("/admin/users?min_tokens=15")
        .bearer(&root)
        .send()
        .await
        .json();
    assert_eq!(all["count"], 2, "{all}");
    let users = all["users"].as_array().unwrap();
    assert!(
        users.is_sorted_by_key(|user| user["id"].as_i64().unwrap()),
        "{all}"
    );
}

#[tokio::test]
async fn who_goes_away_finds_the_model_later() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let token = join(door, "ana@example.com").await;
    let employees = data("employees.csv");
    let call = door.post("/create").bearer(&token);
    let texts = changed(&[
        ("model_type", "random_forest"),
        ("model_filename", "slow"),
        ("optional_params", "{\"n_estimators\": 2000}"),
    ]);
    let call = call.multipart(&texts, &[("csv_file", "x.csv", &employees)]);
    // The client hangs up once it has paid, before there is a model.
    let hung_up = async {
        while balance(door, &token).await == 15 {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        answer = call.send() => panic!("too quick to hang up: {}", answer.text()),
        () = hung_up => {}
    }
    let trained = || async { door.get("/trained").bearer(&token).send().await.json() };
    for _ in 0..600 {
        if trained().await != json!([]) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let names = trained().await;
    let name = names[0].as_str().expect("the model is listed");
    assert!(name.ends_with("_slow"), "{names}");
    assert_eq!(balance(door, &token).await, 14);
}
