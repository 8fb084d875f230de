//! Accounts, envelopes, and what administrators do.

use super::*;

#[tokio::test]
async fn accounts_and_envelopes() {
    let app = TestApp::with(DEMO, |_| {}).await;
    let door = app.door(BASE);
    door.get("/health")
        .gives(200, json!({ "status": "ok", "service": "digit-ocr-api" }))
        .await;
    error(
        &door.get("/api/nothing").send().await,
        404,
        "HTTP_ERROR",
        "Not Found",
    );
    error(
        &door.get("/api/auth/login").send().await,
        405,
        "HTTP_ERROR",
        "Method Not Allowed",
    );
    error(
        &door.get("/api/auth/me").send().await,
        401,
        "HTTP_ERROR",
        "Not authenticated",
    );
    error(
        &door.get("/api/auth/me").bearer("x").send().await,
        401,
        "HTTP_ERROR",
        "Invalid or expired token",
    );
    let bad = json!({ "email": ADMIN, "password": "wrong" });
    let answer = door.post("/api/auth/login").json(bad).send().await;
    error(
        &answer,
        401,
        "AUTHENTICATION_ERROR",
        "Invalid email or password",
    );
    let answer = door
        .post("/api/auth/login")
        .json(json!({ "email": ADMIN }))
        .send()
        .await;
    assert_eq!(answer.status, 422);
    let body = answer.json();
    assert_eq!(body["error"]["code"], "VALIDATION_ERROR");
    assert_eq!(
        body["error"]["details"][0]["loc"],
        json!(["body", "password"])
    );

    let mine = token(door, SCIENTIST, "password123").await;
    let said = claims(&mine);
    assert_eq!(
        (&said["email"], &said["role"], &said["aud"]),
        (
            &json!(SCIENTIST),
            &json!("data-scientist"),
            &json!("digit-ocr")
        )
    );
    assert!(said["sub"].as_str().unwrap().parse::<i64>().is_ok());
    assert_eq!(
        said["exp"].as_i64().unwrap() - said["iat"].as_i64().unwrap(),
        86_400
    );
    let me = data(&door.get("/api/auth/me").bearer(&mine).send().await);
    assert_eq!(
        me.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["id", "email", "name", "role", "is_active", "created_at"]
    );
    let answer = door
        .post("/api/auth/refresh")
        .json(json!({ "refresh_token": mine }))
        .send()
        .await;
    let renewed = data(&answer)["token"].as_str().unwrap().to_owned();
    let answer = door
        .post("/api/auth/refresh")
        .json(json!({ "refresh_token": "x" }))
        .send()
        .await;
    error(
        &answer,
        401,
        "AUTHENTICATION_ERROR",
        "Invalid refresh token",
    );
    let answer = door
        .post("/api/auth/logout")
        .bearer(&renewed)
        .send()
        .await
        .json();
    assert_eq!(
        (&answer["success"], &answer["message"]),
        (&json!(true), &json!("Logout successful"))
    );
    assert!(answer.get("data").is_none());
    // Signing out ends what was signed before.
    for old in [&mine, &renewed] {
        error(
            &door.get("/api/auth/me").bearer(old).send().await,
            401,
            "HTTP_ERROR",
            "Invalid or expired token",
        );
    }
    // Without a demonstration nobody knows these accounts.
    let plain = TestApp::start().await;
    let body = json!({ "email": ADMIN, "password": "password123" });
    let answer = plain
        .door(BASE)
        .post("/api/auth/login")
        .json(body)
        .send()
        .await;
    error(
        &answer,
        401,
        "AUTHENTICATION_ERROR",
        "Invalid email or password",
    );
}

#[tokio::test]
async fn administrators_see_to_accounts() {
    let app = TestApp::with(DEMO, |_| {}).await;
    let door = app.door(BASE);
    let scientist = token(door, SCIENTIST, "password123").await;
    let admin = token(door, ADMIN, "password123").await;
    for path in [
        "users",
        "stats",
        "api-config",
        "audit-logs",
        "audit-logs/export",
    ] {
        let path = format!("/api/admin/{path}");
        error(
            &door.get(&path).send().await,
            401,
            "HTTP_ERROR",
            "Not authenticated",
        );
        let answer = door.get(&path).bearer(&scientist).send().await;
        error(
            &answer,
            403,
            "AUTHORIZATION_ERROR",
            "Access denied. Required role: admin",
        );
    }
    let create = |body: Value| door.post("/api/admin/users").bearer(&admin).json(body);
    let new = json!({ "email": "eng@example.com", "name": "Eng", "role": "ml-engineer", "password": "pass1" });
    let answer = create(new.clone()).send().await;
    assert_eq!(answer.status, 201);
    let user = data(&answer);
    assert_eq!(
        user.as_object().unwrap().keys().collect::<Vec<_>>(),
        [
            "id",
            "email",
            "name",
            "role",
            "is_active",
            "created_at",
            "updated_at",
        ]
    );
    let id = user["id"].as_i64().unwrap();
    error(
        &create(new).send().await,
        400,
        "VALIDATION_ERROR",
        "User with email eng@example.com already exists",
    );
    let wrong = json!({ "email": "x@example.com", "name": "X", "role": "king" });
    let text = "Invalid role. Must be one of: guest, data-scientist, admin, ml-engineer, analyst";
    error(&create(wrong).send().await, 400, "VALIDATION_ERROR", text);
    let answer = create(json!({ "email": "guest@example.com", "name": "G", "role": "guest" }))
        .send()
        .await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert!(!answer.text().contains("password"));

    let list = data(&door.get("/api/admin/users").bearer(&admin).send().await);
    let emails: Vec<&str> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["email"].as_str().unwrap())
        .collect();
    assert_eq!(emails[..2], ["guest@example.com", "eng@example.com"]);
    let list = data(
        &door
            .get("/api/admin/users?role=ml-engineer&search=eng")
            .bearer(&admin)
            .send()
            .await,
    );
    assert_eq!(list.as_array().unwrap().len(), 1);

    let eng = token(door, "eng@example.com", "pass1").await;
    let answer = door.post("/api/predict/train").bearer(&eng).send().await;
    error(
        &answer,
        403,
        "AUTHORIZATION_ERROR",
        "Access denied. Required role: data-scientist or admin",
    );
    let path = format!("/api/admin/users/{id}");
    let change = |body: Value| door.call("PUT", &path).bearer(&admin).json(body);
    let changed = data(
        &change(json!({ "name": "Engineer", "role": "analyst" }))
            .send()
            .await,
    );
    assert_eq!(
        (&changed["name"], &changed["role"]),
        (&json!("Engineer"), &json!("analyst"))
    );
    let answer = door
        .call("PUT", "/api/admin/users/4711")
        .bearer(&admin)
        .json(json!({}))
        .send()
        .await;
    error(&answer, 404, "NOT_FOUND", "User with id 4711 not found");
    let answer = door
        .call("DELETE", &path)
        .bearer(&admin)
        .send()
        .await
        .json();
    assert_eq!(answer["message"], format!("User {id} deactivated"));
    let answer = door
        .post("/api/auth/login")
        .json(json!({ "email": "eng@example.com", "password": "pass1" }))
        .send()
        .await;
    error(
        &answer,
        401,
        "AUTHENTICATION_ERROR",
        "User account is inactive",
    );
    data(
        &change(json!({ "is_active": true, "password": "pass2" }))
            .send()
            .await,
    );
    token(door, "eng@example.com", "pass2").await;
    let own = claims(&admin)["sub"].as_str().unwrap().to_owned();
    let answer = door
        .call("DELETE", &format!("/api/admin/users/{own}"))
        .bearer(&admin)
        .send()
        .await;
    error(
        &answer,
        400,
        "VALIDATION_ERROR",
        "You cannot deactivate your own account",
    );

    let stats = data(&door.get("/api/admin/stats").bearer(&admin).send().await);
    assert_eq!(stats["images_processed_today"], 0);
    assert!(
        stats["success_rate"].is_f64() && stats["active_users"].as_i64().unwrap() >= 4,
        "{stats}"
    );
    let config = data(
        &door
            .get("/api/admin/api-config")
            .bearer(&admin)
            .send()
            .await,
    );
    assert_eq!(config["api_key_configured"], false);
    assert_eq!(config["endpoints"][0]["path"], "/api/predict");

    let logs = data(
        &door
            .get("/api/admin/audit-logs?event_type=user&page_size=2")
            .bearer(&admin)
            .send()
            .await,
    );
    assert_eq!((&logs["page"], &logs["page_size"]), (&json!(1), &json!(2)));
    assert_eq!(logs["logs"].as_array().unwrap().len(), 2);
    assert_eq!(
        logs["total_pages"],
        logs["total"].as_i64().unwrap().div_euclid(2) + logs["total"].as_i64().unwrap() % 2
    );
    let all = data(
        &door
            .get("/api/admin/audit-logs?page_size=100")
            .bearer(&admin)
            .send()
            .await,
    );
    let all = all["logs"].as_array().unwrap();
    for action in ["user.created", "user.updated", "user.deactivated"] {
        let found = all
            .iter()
            .find(|log| log["action"] == action)
            .expect(action);
        let details: Value = serde_json::from_str(found["details"].as_str().unwrap()).unwrap();
        assert!(details["target_user_id"].is_i64(), "{found}");
        assert_eq!(found["user_email"], ADMIN);
    }
    let answer = door
        .get("/api/admin/audit-logs?page_size=101")
        .bearer(&admin)
        .send()
        .await;
    assert_eq!(
        answer.json()["error"]["details"][0]["type"],
        "less_than_equal"
    );
    let none = data(
        &door
            .get("/api/admin/audit-logs?end_date=2001-01-01")
            .bearer(&admin)
            .send()
            .await,
    );
    assert_eq!(none["total"], 0);
    let answer = door
        .get("/api/admin/audit-logs/export")
        .bearer(&admin)
        .send()
        .await;
    assert!(
        answer
            .text()
            .starts_with("timestamp,user_email,event_type,action,details,ip_address,user_agent\n")
    );
    assert!(
        answer
            .header("content-disposition")
            .starts_with("attachment; filename=audit_logs_")
    );
    assert_eq!(answer.header("content-type"), "text/csv");
}
