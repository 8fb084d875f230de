//! Rows of the contract that the story passes by.

use super::*;

#[tokio::test]
async fn every_address_asks_who_it_is() {
    let app = demo().await;
    let door = app.door(BASE);
    let mut old = claims(&token(door, TEST).await);
    old["exp"] = json!(1_000_000_000);
    let key = jsonwebtoken::EncodingKey::from_secret(&app.secret);
    let header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256);
    let old = jsonwebtoken::encode(&header, &old, &key).unwrap();
    for (method, path) in [("POST", "/train"), ("POST", "/predict"), ("GET", "/status")] {
        for path in [path.to_owned(), format!("{path}/")] {
            let answer = door
                .call(method, &path)
                .refuses(401, "Not authenticated")
                .await;
            assert_eq!(answer.header("www-authenticate"), "Bearer");
            let call = door.call(method, &path).bearer(&old);
            let answer = call.refuses(401, "Failed to validate").await;
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
    }
}

#[tokio::test]
async fn fields_that_are_missing() {
    let app = demo().await;
    let door = app.door(BASE);
    let mine = token(door, TEST).await;
    for (path, names) in [
        ("/request_token", &["username", "password"][..]),
        ("/train", &["algorithm", "param_grid"]),
        ("/predict", &["input"]),
    ] {
        let issues: Vec<Value> = names
            .iter()
            .map(|name| json!({ "type": "missing", "loc": ["body", name], "msg": "Field required", "input": {} }))
            .collect();
        let call = door.post(path).bearer(&mine).json(json!({}));
        call.gives(422, json!({ "detail": issues })).await;
    }
    let call = door
        .post("/train")
        .bearer(&mine)
        .json(json!({ "algorithm": 1, "param_grid": [] }));
    let answer = call.send().await;
    let kinds = [
        &answer.json()["detail"][0]["type"],
        &answer.json()["detail"][1]["type"],
    ]
    .map(Value::clone);
    assert_eq!(
        (answer.status, kinds),
        (422, [json!("string_type"), json!("dict_type")])
    );
}

#[tokio::test]
async fn grids_of_any_parameter() {
    let app = demo().await;
    let door = app.door(BASE);
    let mine = token(door, TEST).await;
    let train = |algorithm: &str, grid: Value| {
        let body = json!({ "algorithm": algorithm, "param_grid": grid });
        door.post("/train").bearer(&mine).json(body)
    };
    // Without a grid the best is among the usual.
    let answer = train("decision_tree", json!({})).send().await.json();
    let best = &answer["best_params_"];
    assert!(
        [2, 5, 7, 10].contains(&best["max_depth"].as_i64().unwrap()),
        "{best}"
    );
    assert!(
        ["entropy", "gini"].contains(&best["criterion"].as_str().unwrap()),
        "{best}"
    );
    // One value of each is the best of them; none is a value.
    for (algorithm, grid) in [
        (
            "decision_tree",
            json!({ "max_depth": null, "criterion": "log_loss", "max_features": "sqrt" }),
        ),
        (
            "decision_tree",
            json!({ "max_leaf_nodes": 5, "min_samples_split": 0.1, "class_weight": "balanced", "ccp_alpha": 0.0 }),
        ),
        (
            "decision_tree",
            json!({ "splitter": "best", "min_impurity_decrease": 0.0, "min_samples_leaf": 3, "max_depth": 4 }),
        ),
        (
            "random_forest",
            json!({ "n_estimators": 5, "max_features": null, "bootstrap": true, "max_depth": 3, "random_state": 7, "n_jobs": -1 }),
        ),
    ] {
        let lists: Value = grid
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.clone(), json!([value])))
            .collect();
        let answer = train(algorithm, lists).send().await;
        assert_eq!(answer.status, 200, "{grid}: {}", answer.text());
        assert_eq!(answer.json()["best_params_"], grid);
        let score = answer.json()["best_score"].as_f64().unwrap();
        assert!((0.85..=1.0).contains(&score), "{grid}: {score}");
    }
    // A grid that nobody waits for.
    let many: Vec<u32> = (1..=400).collect();
    let answer = train(
        "random_forest",
        json!({ "n_estimators": many, "max_depth": many, "min_samples_leaf": many }),
    )
    .send()
    .await;
    assert_eq!(answer.status, 400, "{}", answer.text());
    assert!(answer.json()["detail"].is_string());
    // What cannot be searched leaves the model that was.
    let status = door.get("/status").bearer(&mine).send().await.json();
    assert_eq!(status["model_algorithm"], "random_forest");
    assert_eq!(status["best_params"]["n_estimators"], 5);
}
