//! Attack 5: no door takes an empty password or one that is guessed in an afternoon.

use serde_json::json;

use crate::app::{PASSWORD, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn attack_05_no_door_takes_an_empty_or_short_password() {
    let app = TestApp::empty().await;
    let short = ["", "a", "abcd", "1234567", "ääääääa", "   "];
    for password in short {
        let body = json!({ "email": "admin@example.com", "password": password });
        let answer = app.post("/api/v1/setup").json(body).send().await;
        answer.problem(422, "validation");
    }
    let admin = app.set_up().await;
    let ana = app.register("ana").await;
    let path = format!("/api/v1/admin/users/{}/password", ana.id);
    let link = app.post(&path).by(&admin).json(json!({ "way": "link" }));
    let token = link.send().await.json()["token"].clone();
    for password in short {
        for (path, body) in [
            (
                "auth/register",
                json!({ "user_name": "eve", "password": password }),
            ),
            (
                "auth/reset",
                json!({ "token": token, "new_password": password }),
            ),
            (
                "me/password",
                json!({ "current_password": PASSWORD, "new_password": password }),
            ),
        ] {
            let call = app.post(&format!("/api/v1/{path}")).by(&ana).json(body);
            let problem = call.send().await.problem(422, "validation");
            let pointer = problem["errors"][0]["pointer"].as_str().unwrap();
            assert!(
                pointer.ends_with("password"),
                "{path} {password:?}: {problem}"
            );
        }
    }
    assert_eq!(
        app.log_in("ana", PASSWORD).send().await.status,
        200,
        "the one she has"
    );
    app.log_in("eve", "")
        .send()
        .await
        .problem(401, "wrong_credentials");
    // An administrator may ask for more, and never for less.
    for (length, status) in [(12, 200), (4, 422), (0, 422)] {
        let call = app
            .call(axum::http::Method::PATCH, "/api/v1/admin/settings")
            .by(&admin);
        let set = call.json(json!({ "password_length": length })).send().await;
        assert_eq!(set.status, status, "{length}");
    }
    let body = json!({ "user_name": "eve", "password": "elevenchars" });
    let answer = app.post("/api/v1/auth/register").json(body).send().await;
    answer.problem(422, "validation");
}
