//! Accounts, credentials, and what administrators do.

use super::*;

#[tokio::test]
async fn accounts() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let new = json!({ "email": "ana@example.com", "pwd": "secret", "extra": 1 });
    let made = json!({
        "status": "success",
        "message": "User created successfully. Please log in to get an access token.",
        "email": "ana@example.com",
    });
    door.post("/user/create")
        .json(new.clone())
        .gives(200, made)
        .await;
    let taken = "User already exists or error creating user";
    door.post("/user/create")
        .json(new)
        .refuses(400, taken)
        .await;
    let other_case = json!({ "email": "ANA@example.com", "pwd": "secret" });
    door.post("/user/create")
        .json(other_case)
        .refuses(400, taken)
        .await;

    let wrong = json!({ "email": "ana", "pwd": "abc" });
    let answer = json!({ "detail": [
        { "type": "value_error", "loc": ["body", "email"], "input": "ana",
          "msg": "value is not a valid email address: An email address must have an @-sign.",
          "ctx": { "reason": "An email address must have an @-sign." } },
        { "type": "string_too_short", "loc": ["body", "pwd"], "input": "abc",
          "msg": "String should have at least 4 characters", "ctx": { "min_length": 4 } },
    ]});
    door.post("/user/create")
        .json(wrong)
        .gives(422, answer)
        .await;
    let long = "x".repeat(73);
    let answer = json!({ "detail": [
        { "type": "string_too_long", "loc": ["body", "pwd"], "input": long,
          "msg": "String should have at most 72 characters", "ctx": { "max_length": 72 } },
    ]});
    let body = json!({ "email": "b@example.com", "pwd": long });
    door.post("/user/create")
        .json(body)
        .gives(422, answer)
        .await;
    let missing = json!({ "detail": [
        { "type": "missing", "loc": ["body", "pwd"], "msg": "Field required", "input": { "email": "b@example.com" } },
    ]});
    door.post("/user/create")
        .json(json!({ "email": "b@example.com" }))
        .gives(422, missing)
        .await;
    let broken = door
        .post("/user/create")
        .header("content-type", "application/json")
        .body("{\"email\": ");
    let answer = broken.send().await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.json()["detail"][0]["type"], "json_invalid");
    assert_eq!(answer.json()["detail"][0]["loc"][0], "body");
    let answer = door.post("/user/create").json(json!([1])).send().await;
    assert_eq!(answer.json()["detail"][0]["type"], "model_attributes_type");

    let bad = json!({ "email": "ana@example.com", "pwd": "wrong" });
    let answer = door
        .post("/user/login")
        .json(bad)
        .refuses(401, "Invalid email or password")
        .await;
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    let answer = door
        .post("/user/login")
        .json(json!({ "email": "ana@example.com", "pwd": "secret" }))
        .send()
        .await;
    let body = answer.json();
    assert_eq!(
        (&body["status"], &body["token_type"]),
        (&json!("OK"), &json!("bearer"))
    );
    let token = body["access_token"].as_str().unwrap();
    let said = claims(token);
    assert_eq!(said["sub"], "ana@example.com");
    assert_eq!(said["aud"], "token-platform");
    assert_eq!(
        said["exp"].as_i64().unwrap() - said["iat"].as_i64().unwrap(),
        3_600
    );
    let mine = json!({ "username": "ana@example.com", "tokens": 15 });
    door.get("/user/tokens")
        .bearer(token)
        .gives(200, mine.clone())
        .await;
    door.get("/user/tokens/")
        .bearer(token)
        .gives(200, mine)
        .await;

    let other = json!({ "email": "bob@example.com", "new_password": "secret2" });
    let text = "You can only reset your own password. Email must match your account.";
    door.post("/user/reset_password")
        .bearer(token)
        .json(other)
        .refuses(403, text)
        .await;
    let own = json!({ "email": "Ana@example.com", "new_password": "secret2" });
    let answer = json!({ "status": "success", "message": "Password updated successfully. Please log in with your new password." });
    door.post("/user/reset_password")
        .bearer(token)
        .json(own)
        .gives(200, answer)
        .await;
    // The password went, and the sessions that it opened with it.
    door.get("/user/tokens")
        .bearer(token)
        .refuses(401, "Invalid token")
        .await;
    log_in(door, "ana@example.com", "secret2").await;
}

#[tokio::test]
async fn credentials() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let answer = door
        .get("/user/tokens")
        .refuses(401, "Not authenticated")
        .await;
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    door.get("/user/tokens")
        .header("authorization", "Basic x")
        .refuses(401, "Not authenticated")
        .await;
    door.get("/user/tokens")
        .bearer("a.b.c")
        .refuses(401, "Invalid token")
        .await;
    // A token of another door, and a cookie, are nothing here.
    let session = app.administrator().await;
    door.get("/user/tokens")
        .bearer(&session)
        .refuses(401, "Invalid token")
        .await;
    let cookie = format!("trainyard_session={session}");
    door.get("/user/tokens")
        .header("cookie", &cookie)
        .refuses(401, "Not authenticated")
        .await;
    let token = join(door, "ana@example.com").await;
    app.call("GET", "/api/v1/me").bearer(&token).send().await;
    let answer = app.call("GET", "/api/v1/me").bearer(&token).send().await;
    assert_eq!(answer.status, 401);
    let answer = app
        .door("/dialects/lesson-prices")
        .get("/auth/tokens")
        .bearer(&token)
        .send()
        .await;
    assert_eq!(answer.status, 401);
    // Expired.
    let mut said = claims(&token);
    said["exp"] = json!(1_000_000_000);
    let key = jsonwebtoken::EncodingKey::from_secret(&app.secret);
    let header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256);
    let old = jsonwebtoken::encode(&header, &said, &key).unwrap();
    door.get("/user/tokens")
        .bearer(&old)
        .refuses(401, "Token expired")
        .await;
}

#[tokio::test]
async fn addresses_and_methods() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    door.get("/nothing").refuses(404, "Not Found").await;
    let answer = door
        .get("/user/create")
        .refuses(405, "Method Not Allowed")
        .await;
    assert!(answer.header("allow").contains("POST"), "{answer:?}");
    let answer = door
        .get("/models")
        .header("origin", "http://localhost:3000")
        .send()
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), "");
    app.set(json!({ "dialect_token_platform": false })).await;
    door.get("/models").refuses(404, "Not Found").await;
    app.set(json!({ "dialect_token_platform": true, "dialect_token_platform_rate": 2 }))
        .await;
    let token = join(door, "ana@example.com").await;
    for _ in 0..2 {
        assert_eq!(
            door.get("/user/tokens").bearer(&token).send().await.status,
            200
        );
    }
    let answer = door.get("/user/tokens").bearer(&token).send().await;
    assert_eq!(answer.status, 429);
    assert_ne!(answer.header("retry-after"), "");
}

#[tokio::test]
async fn administrators_and_nobody_else() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let ana = join(door, "ana@example.com").await;
    let bob = join(door, "bob@example.com").await;
    let root = log_in(door, ADMIN.0, ADMIN.1).await;
    let answer = door.get("/admin/users").bearer(&root).send().await.json();
    let users = answer["users"].as_array().unwrap().clone();
    assert_eq!(answer["status"], "success");
    assert_eq!(answer["count"], users.len());
    let find = |email: &str| {
        users.iter().find(|user| user["email"] == email).unwrap()["id"]
            .as_i64()
            .unwrap()
    };
    let (root_id, ana_id, bob_id) = (
        find(ADMIN.0),
        find("ana@example.com"),
        find("bob@example.com"),
    );
    let row = users.iter().find(|user| user["id"] == ana_id).unwrap();
    assert_eq!(
        *row,
        json!({ "id": ana_id, "email": "ana@example.com", "tokens": 15, "is_admin": false })
    );
    let answer = door
        .get("/admin/users?min_tokens=16")
        .bearer(&root)
        .send()
        .await
        .json();
    assert_eq!(answer["count"], 0, "{answer}");
    let answer = door
        .get("/admin/users?min_tokens=x")
        .bearer(&root)
        .send()
        .await;
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.json()["detail"][0]["loc"],
        json!(["query", "min_tokens"])
    );

    let denied = "Admin access required";
    door.get("/admin/users")
        .bearer(&ana)
        .refuses(403, denied)
        .await;
    let tokens = |id: i64| format!("/admin/users/{id}/tokens");
    let buy = |email: &str, amount: Value| json!({ "email": email, "credit_card": "1234", "amount": amount });
    door.post(&tokens(bob_id))
        .bearer(&ana)
        .json(buy("bob@example.com", json!(5)))
        .refuses(403, denied)
        .await;
    let added = json!({ "status": "success", "message": "Added 5 tokens to bob@example.com", "email": "bob@example.com", "amount": 5 });
    door.post(&tokens(bob_id))
        .bearer(&root)
        .json(buy("bob@example.com", json!("5")))
        .gives(200, added)
        .await;
    assert_eq!(balance(door, &bob).await, 20);
    let call = door
        .post(&tokens(bob_id))
        .bearer(&root)
        .json(buy("no@example.com", json!(5)));
    call.refuses(404, "User with email no@example.com not found")
        .await;
    let call = door
        .post(&tokens(bob_id))
        .bearer(&root)
        .json(buy("ana@example.com", json!(5)));
    call.refuses(
        400,
        &format!("Email ana@example.com does not match user ID {bob_id}"),
    )
    .await;
    let answer = door
        .post(&tokens(bob_id))
        .bearer(&root)
        .json(buy("bob@example.com", json!(0)))
        .send()
        .await;
    assert_eq!(
        answer.json()["detail"][0],
        json!({
            "type": "greater_than", "loc": ["body", "amount"], "msg": "Input should be greater than 0", "input": 0, "ctx": { "gt": 0 },
        })
    );
    let answer = door
        .post(&tokens(bob_id))
        .bearer(&root)
        .json(buy("bob@example.com", json!(1.5)))
        .send()
        .await;
    assert_eq!(answer.json()["detail"][0]["type"], "int_from_float");

    let path = format!("/admin/users/{bob_id}/reset_password");
    let body = json!({ "email": "bob@example.com", "new_password": "other" });
    door.post(&path)
        .bearer(&ana)
        .json(body.clone())
        .refuses(403, denied)
        .await;
    let done = json!({ "status": "success", "message": "Password reset successfully for bob@example.com" });
    door.post(&path)
        .bearer(&root)
        .json(body)
        .gives(200, done)
        .await;
    door.get("/user/tokens")
        .bearer(&bob)
        .refuses(401, "Invalid token")
        .await;
    let bob = log_in(door, "bob@example.com", "other").await;

    // Nobody deletes others but administrators.
    let remove = |token: &str, id: i64| {
        door.call("DELETE", "/user/remove_user")
            .bearer(token)
            .json(json!({ "user_id": id }))
    };
    remove(&ana, bob_id).refuses(403, denied).await;
    remove(&ana, root_id).refuses(403, denied).await;
    remove(&ana, ana_id)
        .refuses(403, "You cannot delete your own account")
        .await;
    remove(&root, 4_711)
        .refuses(404, "User with ID 4711 not found")
        .await;
    let gone = json!({ "status": "success", "message": format!("User with ID {bob_id} deleted") });
    remove(&root, bob_id).gives(200, gone).await;
    door.get("/user/tokens")
        .bearer(&bob)
        .refuses(404, "User not found")
        .await;
    let path = format!("/admin/users/{ana_id}");
    door.call("DELETE", &path)
        .bearer(&ana)
        .refuses(403, denied)
        .await;
    door.call("DELETE", &format!("/admin/users/{root_id}"))
        .bearer(&root)
        .refuses(403, "You cannot delete your own account")
        .await;
    let gone = json!({ "status": "success", "message": format!("User with ID {ana_id} and all associated models deleted") });
    door.call("DELETE", &path)
        .bearer(&root)
        .gives(200, gone)
        .await;
    door.call("DELETE", &path)
        .bearer(&root)
        .refuses(404, &format!("User with ID {ana_id} not found"))
        .await;
    let answer = door
        .call("DELETE", "/admin/users/x")
        .bearer(&root)
        .send()
        .await;
    assert_eq!(
        answer.json()["detail"][0]["loc"],
        json!(["path", "user_id"])
    );
    // Who comes again under the same address does not get what was deleted.
    door.get("/user/tokens")
        .bearer(&ana)
        .refuses(404, "User not found")
        .await;
    join(door, "ana@example.com").await;
    door.get("/user/tokens")
        .bearer(&ana)
        .refuses(404, "User not found")
        .await;
}
