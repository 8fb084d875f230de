//! Accounts, tokens for oneself, and pages of other sites.

use super::*;

#[tokio::test]
async fn accounts() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    door.get("/health")
        .gives(200, json!({ "status": "ok" }))
        .await;
    let token = join(door, "dana").await;
    let again = json!({ "username": "Dana", "password": "secret" });
    door.post("/auth/signup")
        .json(again)
        .refuses(400, "Could not create user: that name is taken")
        .await;
    let answer = door
        .post("/auth/signup")
        .json(json!({ "username": "x", "password": "" }))
        .send()
        .await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.json()["detail"][0]["type"], "string_too_short");
    let answer = door
        .post("/auth/signup")
        .json(json!({ "username": "a\u{0}b", "password": "secret" }))
        .send()
        .await;
    assert_eq!(answer.status, 400, "{}", answer.text());
    let wrong = json!({ "username": "dana", "password": "wrong" });
    door.post("/auth/login")
        .json(wrong.clone())
        .refuses(401, "Incorrect username or password")
        .await;
    let said = claims(&token);
    assert_eq!(
        (&said["sub"], &said["aud"]),
        (&json!("dana"), &json!("lesson-prices"))
    );
    door.get("/auth/tokens")
        .bearer(&token)
        .gives(200, json!({ "username": "dana", "tokens": 0 }))
        .await;
    door.get("/auth/tokens")
        .refuses(401, "Not authenticated")
        .await;
    door.get("/auth/tokens")
        .bearer("x")
        .refuses(401, "Invalid or expired token")
        .await;

    let add = |amount: Value| {
        door.post("/auth/add_tokens")
            .bearer(&token)
            .json(json!({ "amount": amount }))
    };
    add(json!(10))
        .refuses(
            403,
            "Nobody gives themselves tokens here. Ask an administrator for more.",
        )
        .await;
    add(json!(0)).refuses(400, "Amount must be positive.").await;
    add(json!(-5))
        .refuses(400, "Amount must be positive.")
        .await;
    let answer = add(json!(1.5)).send().await;
    assert_eq!(
        (answer.status, &answer.json()["detail"][0]["type"]),
        (422, &json!("int_from_float"))
    );
    assert_eq!(balance(door, &token).await, 0);
    app.set(json!({ "dialect_lesson_prices_self_service": true }))
        .await;
    add(json!("10"))
        .gives(200, json!({ "username": "dana", "tokens": 10 }))
        .await;

    let remove = |body: Value| door.call("DELETE", "/auth/remove_user").json(body);
    remove(wrong)
        .refuses(401, "Incorrect username or password")
        .await;
    let own = json!({ "username": "dana", "password": "secret" });
    remove(own)
        .gives(
            200,
            json!({ "status": "success", "message": "User 'dana' deleted." }),
        )
        .await;
    door.get("/auth/tokens")
        .bearer(&token)
        .refuses(401, "User not found")
        .await;
}

#[tokio::test]
async fn a_demonstration_lets_people_help_themselves() {
    let app = TestApp::with(DialectOptions { demo: true }, |_| {}).await;
    let door = app.door(BASE);
    let token = join(door, "dana").await;
    let call = door.post("/auth/add_tokens").bearer(&token);
    call.json(json!({ "amount": 3 }))
        .gives(200, json!({ "username": "dana", "tokens": 3 }))
        .await;
}

#[tokio::test]
async fn pages_of_other_sites_may_ask() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let origin = "https://lessons.example";
    let answer = door.get("/health").header("origin", origin).send().await;
    assert_eq!(answer.header("access-control-allow-origin"), origin);
    assert_eq!(answer.header("access-control-allow-credentials"), "true");
    // A change from another site's page is let through: there is no cookie it could ride on.
    let body = json!({ "username": "dana", "password": "secret" });
    let call = door
        .post("/auth/signup")
        .header("origin", origin)
        .header("sec-fetch-site", "cross-site");
    assert_eq!(call.json(body).send().await.status, 200);
    let call = door.call("OPTIONS", "/auth/login").header("origin", origin);
    let call = call.header("access-control-request-method", "POST");
    let answer = call
        .header("access-control-request-headers", "authorization")
        .send()
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("access-control-allow-headers"),
        "authorization"
    );
}
