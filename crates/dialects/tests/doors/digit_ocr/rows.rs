//! Rows of the contract that the story passes by; none of them needs a model.

use super::*;

/// Programs read digits with a key of the house's own, when there is a model.
pub(super) async fn keys(app: &TestApp, door: Door<'_>) {
    let key = key(app).await;
    let call = door.post("/api/predict").header("x-api-key", &key);
    let answer = call
        .multipart(&[], &[("file", "x.png", &picture(4))])
        .send()
        .await;
    assert_eq!(data(&answer)["digit"], 4);
}

/// An API key of the administrator's.
async fn key(app: &TestApp) -> String {
    let root = app.administrator().await;
    let body = json!({ "name": "reader", "scopes": ["read", "predict"] });
    let call = app.call("POST", "/api/v1/me/api-keys").bearer(&root);
    let answer = call.json(body).send().await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["key"].as_str().unwrap().to_owned()
}

/// Signs somebody of this role up.
async fn colleague(door: Door<'_>, admin: &str, role: &str) -> String {
    let email = format!("{role}@example.org");
    let body = json!({ "email": email, "name": role, "role": role, "password": "secret" });
    let answer = door
        .post("/api/admin/users")
        .bearer(admin)
        .json(body)
        .send()
        .await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    token(door, &email, "secret").await
}

#[tokio::test]
async fn who_may_ask_what() {
    let app = TestApp::with(DEMO, |_| {}).await;
    let door = app.door(BASE);
    let admin = token(door, ADMIN, "password123").await;
    let scientist = token(door, SCIENTIST, "password123").await;
    let scientists = [
        ("POST", "/api/predict/train"),
        ("POST", "/api/models/train"),
        ("POST", "/api/models/1/tune"),
        ("GET", "/api/models/1/tune/x"),
        ("GET", "/api/models/1/export"),
    ];
    let admins = [
        ("GET", "/api/admin/stats"),
        ("GET", "/api/admin/users"),
        ("POST", "/api/admin/users"),
        ("PUT", "/api/admin/users/1"),
        ("DELETE", "/api/admin/users/1"),
        ("GET", "/api/admin/api-config"),
        ("GET", "/api/admin/audit-logs"),
        ("GET", "/api/admin/audit-logs/export"),
        ("GET", "/api/admin/batch-jobs"),
        ("GET", "/api/admin/batch-jobs/x"),
    ];
    let ask = |method: &str, path: &str, who: &str| {
        let call = door.call(method, path).bearer(who);
        let body = json!({ "hyperparameters": {}, "model_type": "x", "email": "x@example.com", "name": "x", "role": "guest" });
        call.json(body)
    };
    let own = [("GET", "/api/auth/me"), ("POST", "/api/auth/logout")];
    for (method, path) in scientists.into_iter().chain(admins).chain(own) {
        let answer = door.call(method, path).json(json!({})).send().await;
        error(&answer, 401, "HTTP_ERROR", "Not authenticated");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        let answer = ask(method, path, "x").send().await;
        error(&answer, 401, "HTTP_ERROR", "Invalid or expired token");
    }
    for role in ["guest", "ml-engineer", "analyst"] {
        let who = colleague(door, &admin, role).await;
        for (method, path) in scientists {
            let answer = ask(method, path, &who).send().await;
            let text = "Access denied. Required role: data-scientist or admin";
            error(&answer, 403, "AUTHORIZATION_ERROR", text);
        }
    }
    for (method, path) in admins {
        let answer = ask(method, path, &scientist).send().await;
        error(
            &answer,
            403,
            "AUTHORIZATION_ERROR",
            "Access denied. Required role: admin",
        );
    }
    for path in ["/api/batch", "/api/batch/x", "/api/batch/x/results"] {
        let method = if path.ends_with("batch") {
            "POST"
        } else {
            "GET"
        };
        let answer = door.call(method, path).send().await;
        let text = "Authentication required for batch processing";
        error(&answer, 401, "AUTHENTICATION_ERROR", text);
    }
    // A key opens what people and programs may ask, and nothing that is for people.
    let key = key(&app).await;
    let with = |method: &str, path: &str| door.call(method, path).header("x-api-key", &key);
    error(
        &with("GET", "/api/batch/7").send().await,
        404,
        "NOT_FOUND",
        "Batch job 7 not found",
    );
    error(
        &with("GET", "/api/auth/me").send().await,
        401,
        "HTTP_ERROR",
        "Not authenticated",
    );
    let config = data(
        &door
            .get("/api/admin/api-config")
            .bearer(&admin)
            .send()
            .await,
    );
    assert_eq!(config["endpoints"].as_array().unwrap().len(), 14);
    assert!(
        config["rate_limit"].is_string() && config["api_base_url"].is_string(),
        "{config}"
    );
}

#[tokio::test]
async fn numbers_pages_and_dates() {
    let app = TestApp::with(DEMO, |_| {}).await;
    let door = app.door(BASE);
    let admin = token(door, ADMIN, "password123").await;
    let get = |path: &str| door.get(path).bearer(&admin);
    for rest in [
        "",
        "/metrics",
        "/confusion-matrix",
        "/roc-curve",
        "/export",
        "/tune/x",
    ] {
        let unknown = "Model with id 4711 not found";
        let answer = get(&format!("/api/models/4711{rest}")).send().await;
        error(&answer, 404, "NOT_FOUND", unknown);
        let answer = get(&format!("/api/models/first{rest}")).send().await;
        error(&answer, 422, "VALIDATION_ERROR", "Validation error");
        let issue = json!({
            "type": "int_parsing", "loc": ["path", "model_id"], "input": "first",
            "msg": "Input should be a valid integer, unable to parse string as an integer",
        });
        assert_eq!(answer.json()["error"]["details"], json!([issue]));
    }
    let tune = |body: Value| door.post("/api/models/4711/tune").bearer(&admin).json(body);
    let text = "Invalid optimization_method. Must be one of: grid_search, bayesian";
    let odd = json!({ "hyperparameters": {}, "optimization_method": "luck" });
    error(&tune(odd).send().await, 400, "VALIDATION_ERROR", text);
    let bayesian = json!({ "hyperparameters": {}, "optimization_method": "bayesian" });
    error(
        &tune(bayesian).send().await,
        404,
        "NOT_FOUND",
        "Model with id 4711 not found",
    );
    for list in ["audit-logs", "batch-jobs"] {
        for (query, kind) in [
            ("page=0", "greater_than_equal"),
            ("page_size=0", "greater_than_equal"),
            ("page_size=101", "less_than_equal"),
            ("page=x", "int_parsing"),
        ] {
            let answer = get(&format!("/api/admin/{list}?{query}")).send().await;
            let issue = &answer.json()["error"]["details"][0];
            assert_eq!(
                (answer.status, &issue["type"]),
                (422, &json!(kind)),
                "{list} {query}"
            );
        }
    }
    for (path, message) in [
        ("audit-logs?start_date=soon", "'soon' is no date"),
        (
            "audit-logs/export?end_date=32.13.2026",
            "'32.13.2026' is no date",
        ),
        (
            "users?role=king",
            "Invalid role. Must be one of: guest, data-scientist, admin, ml-engineer, analyst",
        ),
        (
            "batch-jobs?status=odd",
            "Invalid status. Must be one of: queued, processing, completed, failed, cancelled",
        ),
    ] {
        let answer = get(&format!("/api/admin/{path}")).send().await;
        error(&answer, 400, "VALIDATION_ERROR", message);
    }
    error(
        &get("/api/admin/batch-jobs/7").send().await,
        404,
        "NOT_FOUND",
        "Batch job 7 not found",
    );
    assert_eq!(data(&get("/api/admin/batch-jobs").send().await), json!([]));
}

#[tokio::test]
async fn the_audit_says_what_was_changed_and_is_searched() {
    let app = TestApp::with(DEMO, |_| {}).await;
    let door = app.door(BASE);
    let admin = token(door, ADMIN, "password123").await;
    let body = json!({ "email": "eng@example.com", "name": "Eng", "role": "analyst", "password": "secret" });
    let answer = door
        .post("/api/admin/users")
        .bearer(&admin)
        .json(body)
        .send()
        .await;
    let id = data(&answer)["id"].as_i64().unwrap();
    let change = |body: Value| {
        door.call("PUT", &format!("/api/admin/users/{id}"))
            .bearer(&admin)
            .json(body)
    };
    data(
        &change(json!({ "name": "Engineer", "role": "ml-engineer", "email": null }))
            .send()
            .await,
    );
    data(
        &change(json!({ "email": "engineer@example.com", "is_active": true }))
            .send()
            .await,
    );
    let path = format!("/api/admin/users/{id}");
    assert_eq!(
        door.call("DELETE", &path)
            .bearer(&admin)
            .send()
            .await
            .status,
        200
    );
    let logs = door
        .get("/api/admin/audit-logs?event_type=user")
        .bearer(&admin);
    let all = data(&logs.send().await);
    let told: Vec<(String, Value)> = all["logs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|log| {
            let details: Value = serde_json::from_str(log["details"].as_str().unwrap()).unwrap();
            (log["action"].as_str().unwrap().to_owned(), details)
        })
        .filter(|(_, details)| details["target_user_id"] == id)
        .collect();
    let told: Vec<(&str, &Value)> = told
        .iter()
        .map(|(action, details)| (action.as_str(), details))
        .collect();
    assert_eq!(
        told[..3],
        [
            (
                "user.deactivated",
                &json!({ "is_active_changed": true, "target_user_id": id })
            ),
            (
                "user.updated",
                &json!({ "email_changed": true, "is_active_changed": true, "target_user_id": id })
            ),
            (
                "user.updated",
                &json!({ "name_changed": true, "role_changed": true, "target_user_id": id })
            ),
        ]
    );
    assert_eq!(told[3].0, "user.created");
    let keys: Vec<&String> = all["logs"][0].as_object().unwrap().keys().collect();
    let wanted = [
        "id",
        "user_id",
        "user_email",
        "event_type",
        "action",
        "details",
        "ip_address",
        "created_at",
        "timestamp",
    ];
    assert_eq!(keys, wanted);
    let count = |query: String| {
        let call = door
            .get(&format!("/api/admin/audit-logs?{query}"))
            .bearer(&admin);
        async move { data(&call.send().await)["total"].as_u64().unwrap() }
    };
    let total = count(String::new()).await;
    assert!(total > 4, "{total}");
    // All of it was done today, and not by the one it was done to.
    let day: String = all["logs"][0]["created_at"]
        .as_str()
        .unwrap()
        .chars()
        .take(10)
        .collect();
    assert_eq!(count(format!("start_date={day}")).await, total);
    assert_eq!(count(format!("end_date={day}")).await, total);
    assert_eq!(count("end_date=2001-01-01".to_owned()).await, 0);
    assert_eq!(count("start_date=2100-01-01T00:00:00".to_owned()).await, 0);
    assert_eq!(count(format!("user_id={id}")).await, 0);
    assert_eq!(count("user_id=4711".to_owned()).await, 0);
    assert_eq!(count("event_type=api".to_owned()).await, 0);
    assert!(count("search=user.create".to_owned()).await < total);
    assert_eq!(count("search=nothing-like-it".to_owned()).await, 0);
}

#[tokio::test]
async fn guests_are_counted_by_their_address() {
    let app = TestApp::with(DEMO, |_| {}).await;
    app.set(json!({ "dialect_digit_ocr_guest_rate": 2, "dialect_digit_ocr_rate": 3 }))
        .await;
    let door = app.door(BASE);
    for status in [200, 200, 429] {
        let answer = door.get("/api/models").from([203, 0, 113, 7]).send().await;
        assert_eq!(answer.status, status, "{}", answer.text());
        if status == 429 {
            assert_eq!(answer.json()["error"]["code"], "HTTP_ERROR");
            assert_ne!(answer.header("retry-after"), "");
        }
    }
    assert_eq!(
        door.get("/api/models")
            .from([203, 0, 113, 8])
            .send()
            .await
            .status,
        200
    );
    // Who is signed in has an allowance of their own.
    let mine = token(door, SCIENTIST, "password123").await;
    for status in [200, 200, 200, 429] {
        let answer = door
            .get("/api/auth/me")
            .bearer(&mine)
            .from([203, 0, 113, 7])
            .send()
            .await;
        assert_eq!(answer.status, status, "{}", answer.text());
    }
}
